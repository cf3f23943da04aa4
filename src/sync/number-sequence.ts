import { DocumentNumbers, numberOf, partsOfNumber } from '../domain/number-sequence.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { numberCollisions, numberGaps, numberSequences, type SequenceRow } from '../storage/document-numbers.ts'
import { InvalidRequest } from '../storage/pages.ts'
import type { Road } from './road.ts'

/**
 * Where the document numbers of a connection have gaps, which of them several documents bear, and which is the next free one:
 * from our postings and from the mirror. With `from` only its own sequence is looked at, from that number on. Throws
 * InvalidRequest.
 */
export async function documentNumbers(
  road: Pick<Road, 'ledgerOf'>,
  args: { database: Database; connectionId: string; from: string | null },
): Promise<DocumentNumbers> {
  const { database, connectionId } = args
  const connection = await findConnection(database, { id: connectionId })
  if (!connection) throw new InvalidRequest(`There is no connection ${connectionId}.`)
  const from = args.from === null ? null : partsOfNumber(args.from.trim())
  if (args.from !== null && from === null)
    throw new InvalidRequest('"from" is a document number that ends in digits, such as 61000 or INV-0045.')
  const { documentNumberLengthMax } = road.ledgerOf(connection).limits
  const asked = { connectionId, from }
  const sequences = []
  for (const row of await numberSequences(database, asked)) {
    const { prefix, width } = row
    const numbered = (value: string) => numberOf({ prefix, value: BigInt(value), width })
    const gaps = await numberGaps(database, { ...asked, prefix })
    const nextFree = numbered(String(BigInt(row.last) + 1n))
    sequences.push({
      prefix,
      first: numbered(row.first),
      last: numbered(row.last),
      count: row.count,
      missing: missingIn(row),
      gaps: gaps.map((gap) => ({ from: numbered(gap.from), to: numbered(gap.to), count: gap.count })),
      nextFree,
      nextFreeFits: nextFree.length <= documentNumberLengthMax,
    })
  }
  const collisions = Map.groupBy(await numberCollisions(database, asked), ({ number }) => number)
  return Object.assign(new DocumentNumbers(), {
    sequences,
    collisions: [...collisions].map(([number, holders]) => ({ number, holders })),
    nextFree: sequences[0]?.nextFree ?? null,
  })
}

function missingIn({ first, last, count }: SequenceRow): string {
  return String(BigInt(last) - BigInt(first) + 1n - BigInt(count))
}
