import type { LogStatus } from '../domain/log-row.ts'
import type { CrmTables, Patch, PatchRefusal } from './crm-tables.ts'
import { anyOf, guidLiteral, portions } from './odata.ts'
import type { Profile } from './profile.ts'
import { type Row, readGuid, readText } from './values.ts'

/**
 * What became of one change: seen in the CRM by reading it back, its record does not exist, it was not kept; or it was
 * lost with others, and nothing is known against this one.
 */
export type WriteResult =
  | { kind: 'confirmed' }
  | { kind: 'gone' }
  | { kind: 'refused'; detail: string }
  | { kind: 'lost'; detail: string }

export interface QuickBooksIdWrite {
  kind: 'ORDER' | 'ACCOUNT' | 'PAYMENT' | 'PRODUCT'
  sourceId: string
  quickBooksId: string
}

export interface LogRowWrite {
  id: string
  status: LogStatus
  message: string
}

export type Writing = { tables: CrmTables; profile: Profile }

/** Writes the ids that QuickBooks gave to orders, accounts, payments and products, and reads each of them back. Keyed by sourceId. Throws CreatioError. */
export function writeQuickBooksIds({ tables, profile, writes }: Writing & { writes: QuickBooksIdWrite[] }) {
  const { order, account, payment, product } = profile
  const { quickBooksId: ofProduct } = product.fromQuickBooks
  const places = {
    ...{ ORDER: order, ACCOUNT: account, PAYMENT: payment },
    PRODUCT: { set: product.set, quickBooksId: ofProduct },
  }
  const changes = writes.map(({ kind, sourceId, quickBooksId }): Change => {
    const { set, quickBooksId: column } = places[kind]
    if (column === null) throw new RangeError(`The profile names no column for the QuickBooks id of a ${kind}`)
    const kept = (row: Row) => {
      const found = readText(row[column])
      return found === quickBooksId ? null : `the QuickBooks id ${found === null ? 'is empty' : `reads "${found}"`}`
    }
    return { set, id: guidLiteral(sourceId), body: { [column]: quickBooksId }, select: [column], kept }
  })
  return writeAndReadBack({ tables, profile, changes })
}

/** Writes status and message of log rows, and reads each of them back. A Processed row has no message. Keyed by id. Throws CreatioError. */
export function writeLogRows({ tables, profile, writes }: Writing & { writes: LogRowWrite[] }) {
  const { set, status, message, statuses, messageCharactersMax } = profile.orderLog
  const changes = writes.map((write): Change => {
    const statusId = statuses[write.status]
    const words = write.status === 'PROCESSED' ? '' : shortened(write.message.trim(), messageCharactersMax)
    const kept = (row: Row) => {
      const foundStatus = readGuid(row[`${status}Id`])
      const foundWords = readText(row[message]) ?? ''
      if (foundStatus !== statusId) return `the status reads ${foundStatus ?? 'empty'}`
      // A site whose column is shorter than the profile says keeps the beginning, which is what matters.
      const begins = foundWords !== '' && words.startsWith(foundWords)
      return foundWords === words || begins ? null : `the message reads "${foundWords.slice(0, 80)}"`
    }
    const body = { [`${status}Id`]: statusId, [message]: words }
    return { set, id: guidLiteral(write.id), body, select: [`${status}Id`, message], kept }
  })
  return writeAndReadBack({ tables, profile, changes })
}

/** A change of one record, and how it is told whether the CRM kept it. */
export interface Change extends Patch {
  select: string[]
  /** Null when the record holds what was written; else how it differs, in words. */
  kept(row: Row): string | null
}

/**
 * The CRM's answer to a write proves nothing in either direction: a change of a missing record may answer 204, and a handler may
 * throw after the record was kept. So every record is read back, and what stands there decides.
 */
export async function writeAndReadBack(args: Writing & { changes: Change[] }): Promise<Map<string, WriteResult>> {
  const { tables, profile } = args
  // Of several changes to one record the last one counts, as if they had been sent in turn.
  const changes = [...new Map(args.changes.map((change) => [change.id, change])).values()]
  const results = new Map<string, WriteResult>()
  // A batch that was lost as a whole says nothing of its single records: what it did not keep is sent again in halves,
  // so that one record that the CRM chokes on does not speak for the others.
  let patience = HALVES_MAX
  const waiting = [changes]
  for (let part = waiting.shift(); part; part = waiting.shift()) {
    if (part.length === 0) continue
    const written = await writeOnce({ tables, profile, changes: part })
    const lost = written.filter(({ result, ofBatch }) => result.kind === 'refused' && ofBatch)
    for (const { change, result } of written) results.set(change.id, result)
    if (lost.length === 0 || part.length === 1) continue
    for (const { change, result } of lost) results.set(change.id, asLost(result))
    patience -= lost.some(({ ofBatch }) => ofBatch === 'timeout') ? HALVES_MAX / 2 : 1
    if (patience <= 0) continue
    const again = lost.map(({ change }) => change)
    const middle = Math.ceil(again.length / 2)
    waiting.unshift(again.slice(0, middle), again.slice(middle))
  }
  return results
}

/** Batches that one call may send again in halves; silence takes so long that it counts for half of them. */
const HALVES_MAX = 16

interface Written {
  change: Change
  result: WriteResult
  ofBatch: PatchRefusal['ofBatch']
}

async function writeOnce({ tables, profile, changes }: Writing & { changes: Change[] }): Promise<Written[]> {
  const refusals = await tables.patch(changes.map(({ set, id, body }) => ({ set, id, body })))
  const found = await readBack({ tables, profile, changes })
  return changes.map((change, index) => {
    const refusal = refusals[index] ?? null
    return { change, result: verdict({ change, row: found.get(change.id), refusal }), ofBatch: refusal?.ofBatch }
  })
}

function asLost(result: WriteResult): WriteResult {
  return result.kind === 'refused' ? { kind: 'lost', detail: result.detail } : result
}

function verdict({
  change,
  row,
  refusal,
}: {
  change: Change
  row: Row | undefined
  refusal: PatchRefusal | null
}): WriteResult {
  if (!row) return { kind: 'gone' }
  const difference = change.kept(row)
  if (difference === null) return { kind: 'confirmed' }
  const detail = refusal ? refusal.detail : `the CRM answered that it was written, but read back, ${difference}`
  return { kind: 'refused', detail }
}

async function readBack({ tables, profile, changes }: Writing & { changes: Change[] }): Promise<Map<string, Row>> {
  const queries = [...Map.groupBy(changes, ({ set }) => set)].flatMap(([set, ofSet]) =>
    portions(
      ofSet.map(({ id }) => id),
      profile.limits,
    ).map((ids) => ({
      set,
      select: ['Id', ...ofSet[0]!.select],
      filter: anyOf('Id', ids),
      orderBy: ['Id'],
      top: profile.limits.pageRowsMax,
    })),
  )
  const rows = (await tables.all(queries)).flat()
  return new Map(rows.map((row) => [readGuid(row.Id) ?? '', row]))
}

/** Cuts without splitting a character that takes two code units. */
function shortened(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text
  const cut = text.slice(0, charactersMax - 1).replace(/[\uD800-\uDBFF]$/, '')
  return `${cut}…`
}
