import { type Money, money } from '../domain/money.ts'
import { isDay } from '../domain/payment-application.ts'
import type { CrmTables } from './crm-tables.ts'
import { type KeyCursor, keyedPage } from './keyed-page.ts'
import type { Profile } from './profile.ts'
import { dayIn, isObject, type Row, readGuid, readInstant, readNumber, readText } from './values.ts'

/** A row of the CRM's own table of commission as it stands there, whoever wrote it; what is missing or cannot be read is null. */
export interface CommissionRow {
  id: string
  /** The order. */
  sourceId: string | null
  orderNumber: string | null
  /** By name; of one who is no longer among the employees, by id. */
  rep: string | null
  invoiceNumber: string | null
  paymentId: string | null
  /** YYYY-MM-DD: of the payment; without one, that on which the row was made. */
  day: string
  amount: Money | null
  commission: Money | null
}

const FIRST_DAY = '1900-01-01'

/** One page of that table, by CreatedOn and Id; `next` is null when nothing came. Throws CreatioError. */
export async function commissionRows(args: {
  tables: CrmTables
  profile: Profile
  timeZone: string
  after: KeyCursor | null
  limit: number
}): Promise<{ rows: CommissionRow[]; next: KeyCursor | null }> {
  const { tables, profile, timeZone, after, limit } = args
  const { set, order, rep, invoiceNumber, paymentId, paidOn, amount, commission, employeeName } =
    profile.commissionDownload
  if (set === null) return { rows: [], next: null }
  const query = {
    set,
    select: ['Id', 'CreatedOn', `${order}Id`, `${rep}Id`, invoiceNumber, paymentId, paidOn, amount, commission],
    expand: [
      { navigation: order, select: ['Id', profile.order.number] },
      { navigation: rep, select: ['Id', employeeName] },
    ],
  }
  const page = await keyedPage({ tables, query, after, rowsMax: Math.min(limit, profile.limits.pageRowsMax) })
  return { rows: page.rows.flatMap((row) => readRow({ row, profile, timeZone }) ?? []), next: page.next }
}

function readRow(args: { row: Row; profile: Profile; timeZone: string }): CommissionRow | null {
  const { row, profile, timeZone } = args
  const { order, rep, invoiceNumber, paymentId, paidOn, amount, commission, employeeName } = profile.commissionDownload
  const id = readGuid(row.Id)
  if (id === null) return null
  const repId = readGuid(row[`${rep}Id`])
  return {
    id,
    sourceId: readGuid(row[`${order}Id`]),
    orderNumber: textWithin(row[order], profile.order.number),
    rep: textWithin(row[rep], employeeName) ?? (repId === null ? null : `employee ${repId}`),
    invoiceNumber: readText(row[invoiceNumber]),
    paymentId: readText(row[paymentId]),
    day: readDay(row[paidOn], timeZone) ?? readDay(row.CreatedOn, timeZone) ?? FIRST_DAY,
    amount: readAmount(row[amount]),
    commission: readAmount(row[commission]),
  }
}

function textWithin(lookup: unknown, column: string): string | null {
  return isObject(lookup) ? readText(lookup[column]) : null
}

function readDay(value: unknown, timeZone: string): string | null {
  const read = readInstant(value)
  if (!read.readable || read.value === null) return null
  const day = dayIn({ instant: read.value, timeZone })
  return isDay(day) ? day : null
}

/** Null too for an amount beyond what our own table holds. */
function readAmount(value: unknown): Money | null {
  const read = readNumber(value)
  return read.readable && read.value !== null && /^-?\d{1,15}(\.\d+)?$/.test(read.value) ? money(read.value) : null
}
