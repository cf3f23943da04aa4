import { v7 as uuidv7 } from 'uuid'
import type { Connection } from '../domain/connection.ts'
import { ExchangePurpose } from '../domain/kinds.ts'
import type { LedgerRecord, LookUp, StoredExchange } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { carry } from './deliver.ts'
import type { Road } from './road.ts'

export type Question = Omit<LookUp, 'kind'>

/** QuickBooks could not be asked just now: nothing was written, and the round is begun again later. */
export class NotAnswered extends Error {}

/** Asks QuickBooks for records by name or number, many questions in few deliveries, and gives what it has. */
export async function ask(
  road: Road,
  args: { connection: Connection; lane: Lane; questions: Question[] },
): Promise<LedgerRecord[]> {
  const ledger = road.ledgerOf(args.connection)
  const exchanges = args.questions
    .flatMap((question) => portions(question, ledger.limits.lookUpValuesMax))
    .map((question, position): StoredExchange => {
      const id = uuidv7()
      return {
        ...ledger.encode({ kind: 'LOOK_UP', ...question }),
        id,
        position,
        idempotencyKey: id,
        purpose: ExchangePurpose.LOOK_UP,
      }
    })
  const outcomes = await carry(road, { ...args, envelopes: ledger.pack(exchanges), postingOf: new Map() })
  return exchanges.flatMap((exchange) => {
    const outcome = outcomes.get(exchange.id)
    if (outcome?.kind === 'found') return outcome.records
    throw new NotAnswered(
      `QuickBooks did not answer ${exchange.operation}: ${JSON.stringify(outcome ?? 'nothing was sent')}`,
    )
  })
}

function portions(question: Question, sizeMax: number): Question[] {
  const values = [...new Set(question.values)]
  return Array.from({ length: Math.ceil(values.length / sizeMax) }, (_, index) => ({
    ...question,
    values: values.slice(index * sizeMax, (index + 1) * sizeMax),
  }))
}
