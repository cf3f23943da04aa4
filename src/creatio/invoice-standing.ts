import type { InvoiceStatus } from '../domain/invoice-standing.ts'
import type { Money } from '../domain/money.ts'
import { amountColumn, type Column, dayColumn, textColumn } from './kept-column.ts'
import { guidLiteral } from './odata.ts'
import { type Change, type WriteResult, type Writing, writeAndReadBack } from './order-status.ts'
import type { Profile } from './profile.ts'
import { type Row, readGuid } from './values.ts'

/** How an invoice stands, to be told to its order. */
export interface StandingWrite {
  /** The order. */
  sourceId: string
  status: InvoiceStatus
  paid: Money
  due: Money
  /** YYYY-MM-DD. */
  paidOn: string | null
  method: string | null
}

/** Whether the profile names a column to tell. */
export function tellsStandings({ standing }: Profile): boolean {
  const { status, paid, due, paidOn, method } = standing
  return [status, paid, due, paidOn, method].some((column) => column !== null)
}

/** Whether it names a column for the status, and a value for what QuickBooks does not have yet: of a lookup, one of its ids. */
export function tellsDrafts({ standing }: Profile): boolean {
  const { status, statusKind, statuses } = standing
  return status !== null && statuses.DRAFT !== null && (statusKind === 'text' || readGuid(statuses.DRAFT) !== null)
}

/** Writes how invoices stand to their orders, and reads each of them back. Keyed by sourceId. Throws CreatioError. */
export function writeInvoiceStandings(
  args: Writing & { timeZone: string; writes: StandingWrite[] },
): Promise<Map<string, WriteResult>> {
  const { tables, profile, timeZone, writes } = args
  const changes = writes.flatMap((write): Change[] => {
    const columns = columnsOf({ write, profile, timeZone })
    if (columns.length === 0) return []
    const body = Object.fromEntries(columns.map(({ column, value }) => [column, value]))
    const kept = (row: Row) => {
      const other = columns.find(({ column, isKept }) => !isKept(row[column]))
      return other ? `${other.column} reads "${String(row[other.column]).slice(0, 80)}"` : null
    }
    const select = columns.map(({ column }) => column)
    return [{ set: profile.order.set, id: guidLiteral(write.sourceId), body, select, kept }]
  })
  return writeAndReadBack({ tables, profile, changes })
}

function columnsOf(args: { write: StandingWrite; profile: Profile; timeZone: string }): Column[] {
  const { write, profile, timeZone } = args
  const { status, statusKind, statuses, paid, due, paidOn, method } = profile.standing
  const word = statuses[write.status]
  const amount = (column: string | null, value: Money): Column[] =>
    column === null ? [] : [amountColumn(column, value)]
  return [
    ...(status === null || word === null ? [] : [statusColumn({ status, word, isLookup: statusKind === 'lookup' })]),
    ...amount(paid, write.paid),
    ...amount(due, write.due),
    ...(paidOn === null ? [] : [dayColumn({ column: paidOn, day: write.paidOn, timeZone })]),
    ...(method === null ? [] : [textColumn(method, write.method ?? '')]),
  ]
}

function statusColumn({ status, word, isLookup }: { status: string; word: string; isLookup: boolean }): Column {
  if (!isLookup) return textColumn(status, word)
  return { column: `${status}Id`, value: word.toLowerCase(), isKept: (found) => readGuid(found) === word.toLowerCase() }
}
