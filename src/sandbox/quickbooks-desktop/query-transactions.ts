import { type BookRecord, type Books, fieldsOf, type TxnName, textOf, textsOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { pageOf, spanOf } from './paging.ts'
import { withBalances } from './payments.ts'
import { foundByKey, matches } from './query-lists.ts'
import { Refusal } from './status.ts'
import { type Fields, ret } from './write-xml.ts'

const lineNames = ['InvoiceLineRet', 'CreditMemoLineRet', 'AppliedToTxnRet']

/** Answers a query of transactions by TxnID, by RefNumber (which several may share) or by filters. */
export function queryTransactions({ call, txn }: { call: Call; txn: TxnName }): Answered {
  const { books, fields, only } = call
  const write = (record: BookRecord) => ret({ kind: record.kind, fields: presented({ books, record, fields }), only })
  const ids = textsOf(fields.TxnID)
  const anyCase = textsOf(fields.RefNumber)
  const exact = textsOf(fields.RefNumberCaseSensitive)
  if (ids.length + anyCase.length + exact.length === 0) {
    const passes = filterOf({ books, fields })
    return pageOf({ call, write, find: () => candidates({ books, txn, fields }).filter(passes) })
  }
  const found = new Map<string, BookRecord>()
  const missing: string[] = []
  for (const key of [...ids, ...anyCase, ...exact]) {
    const records = ids.length > 0 ? [books.transactions(txn).get(key)] : books.byRefNumber(txn).get(key.toLowerCase())
    const fitting = records.filter((record) => record && (exact.length === 0 || record.RefNumber === key))
    for (const record of fitting) if (record) found.set(record.Id, record)
    if (fitting.length === 0 || fitting[0] === undefined) missing.push(key)
  }
  const written = [...found.values()].map(write)
  if (ids.length > 0 || written.length > 0) return foundByKey({ found: written, missing })
  const message = 'A query request did not find a matching object in QuickBooks'
  return { statusCode: 1, message, attributes: { retCount: 0 }, body: '' }
}

/** Lines and links are answered only when they are asked for. */
function presented({ books, record, fields }: { books: Books; record: BookRecord; fields: Fields }): Fields {
  const shown: Fields = record.AppliedToTxnRet ? withBalances({ books, record }) : { ...record }
  if (fields.IncludeLineItems !== 'true' && fields.IncludeLineItems !== '1')
    for (const name of lineNames) delete shown[name]
  if (fields.IncludeLinkedTxns !== 'true' && fields.IncludeLinkedTxns !== '1') delete shown.LinkedTxn
  return shown
}

/** All of the table, or those of the customers that an EntityFilter names. */
function candidates({ books, txn, fields }: { books: Books; txn: TxnName; fields: Fields }): BookRecord[] {
  const entity = fieldsOf(fields.EntityFilter)
  if (!entity) return [...books.transactions(txn).all()]
  const key = (name: string) => [...textsOf(entity[name]), textOf(entity[name]) ?? ''].filter(Boolean)
  const ids = [...key('ListID'), ...key('ListIDWithChildren')]
  for (const name of [...key('FullName'), ...key('FullNameWithChildren')]) {
    const customer = books.byFullName('Customer').get(name.toLowerCase())[0]
    if (customer) ids.push(customer.Id)
  }
  return ids.flatMap((id) => books.byCustomer(txn).get(id))
}

function filterOf({ books, fields }: { books: Books; fields: Fields }): (record: BookRecord) => boolean {
  const modified = fieldsOf(fields.ModifiedDateRangeFilter)
  const span = spanOf({ from: modified?.FromModifiedDate, to: modified?.ToModifiedDate })
  const [firstDay, lastDay] = daysOf({ books, dates: fieldsOf(fields.TxnDateRangeFilter) })
  const number = fieldsOf(fields.RefNumberFilter)
  const numbers = fieldsOf(fields.RefNumberRangeFilter)
  const { PaidStatus = 'All' } = fields
  return (record) => {
    const day = String(record.TxnDate)
    const refNumber = textOf(record.RefNumber) ?? ''
    if (!span(Number(record.modifiedSecond)) || day < firstDay || day > lastDay) return false
    if (
      number &&
      !matches({ text: refNumber, criterion: number.MatchCriterion, wanted: textOf(number.RefNumber) ?? '' })
    ) {
      return false
    }
    if (
      numbers &&
      !isWithin({ text: refNumber, from: textOf(numbers.FromRefNumber), to: textOf(numbers.ToRefNumber) })
    ) {
      return false
    }
    return PaidStatus === 'All' || (record.IsPaid === 'true') === (PaidStatus === 'PaidOnly')
  }
}

/** Numbers are compared as numbers when all of them are, else as texts. */
function isWithin({ text, from, to }: { text: string; from: string | undefined; to: string | undefined }): boolean {
  const order = (left: string, right: string): number =>
    /^\d+$/.test(left) && /^\d+$/.test(right) ? Number(left) - Number(right) : left < right ? -1 : left > right ? 1 : 0
  return (!from || order(text, from) >= 0) && (!to || order(text, to) <= 0)
}

const always: [string, string] = ['0000-00-00', '9999-99-99']

function daysOf({ books, dates }: { books: Books; dates: Fields | undefined }): [string, string] {
  if (!dates) return always
  if (dates.DateMacro !== undefined) return macroDays({ today: books.today(), macro: String(dates.DateMacro) })
  const [from = always[0], to = always[1]] = [textOf(dates.FromTxnDate), textOf(dates.ToTxnDate)]
  if (from > to) {
    throw new Refusal({ statusCode: 3030, message: 'Invalid date range: From date is greater than To date.' })
  }
  return [from, to]
}

/** The first and the last day that a date macro means. */
export function macroDays({ today, macro }: { today: string; macro: string }): [string, string] {
  const [year, month] = [today.slice(0, 4), today.slice(0, 7)]
  const monthBefore = new Date(Date.parse(`${month}-01T00:00:00Z`) - 1).toISOString().slice(0, 7)
  const spans: Record<string, [string, string]> = {
    Today: [today, today],
    ThisMonth: [`${month}-01`, `${month}-31`],
    ThisMonthToDate: [`${month}-01`, today],
    LastMonth: [`${monthBefore}-01`, `${monthBefore}-31`],
    ThisYear: [`${year}-01-01`, `${year}-12-31`],
    ThisYearToDate: [`${year}-01-01`, today],
    ThisCalendarYear: [`${year}-01-01`, `${year}-12-31`],
    ThisCalendarYearToDate: [`${year}-01-01`, today],
    LastYear: [`${Number(year) - 1}-01-01`, `${Number(year) - 1}-12-31`],
    All: always,
  }
  const span = spans[macro]
  if (!span) throw new Refusal({ statusCode: 3250, message: `The date macro "${macro}" is not played here.` })
  return span
}
