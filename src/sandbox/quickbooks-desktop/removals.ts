import {
  type BookRecord,
  fieldsOf,
  fullNameOf,
  isTxnName,
  type ListName,
  listOf,
  notFound,
  textOf,
  textsOf,
} from './books.ts'
import type { Answered, Call } from './call.ts'
import { spanOf } from './paging.ts'
import { takeBack } from './payments.ts'
import { takeRefundBack } from './refunds.ts'
import { Refusal } from './status.ts'
import { stampOf } from './time.ts'
import { elements, type Fields, ret } from './write-xml.ts'

const zeroSums = [
  'Subtotal',
  'SalesTaxTotal',
  'AppliedAmount',
  'BalanceRemaining',
  'TotalAmount',
  'CreditRemaining',
] as const

/** Voids an invoice or a credit memo: all its amounts become nothing, its memo says so. One that is paid cannot be voided. */
export function voidTransaction({ books, fields }: Call): Answered {
  const type = textOf(fields.TxnVoidType) ?? ''
  const record = transactionOf({ books, type, id: textOf(fields.TxnID) ?? '' })
  const zero = Object.fromEntries(zeroSums.filter((name) => record[name] !== undefined).map((name) => [name, '0.00']))
  const empty = (line: Fields): Fields => ({ ...line, Quantity: undefined, Rate: undefined, Amount: '0.00' })
  const memo = textOf(record.Memo) ?? ''
  const voided: BookRecord = {
    ...record,
    ...books.modified(record),
    ...zero,
    Memo: memo.startsWith('VOID:') ? memo : `VOID: ${memo}`.trim(),
    ...(record.InvoiceLineRet ? { InvoiceLineRet: listOf(record.InvoiceLineRet).map(empty), IsPaid: 'true' } : {}),
    ...(record.CreditMemoLineRet ? { CreditMemoLineRet: listOf(record.CreditMemoLineRet).map(empty) } : {}),
  }
  if (isTxnName(type)) books.transactions(type).put(voided)
  const { TimeCreated, TimeModified, RefNumber } = voided
  return { body: elements({ TxnVoidType: type, TxnID: record.Id, TimeCreated, TimeModified, RefNumber }) }
}

/** Deletes a transaction; only TxnDeletedQuery knows of it afterwards. A payment is taken back from its invoices. */
export function deleteTransaction({ books, fields }: Call): Answered {
  const type = textOf(fields.TxnDelType) ?? ''
  const record = transactionOf({ books, type, id: textOf(fields.TxnID) ?? '' })
  if (type === 'ReceivePayment') takeBack({ books, payment: record })
  if (type === 'Check' || type === 'ARRefundCreditCard') takeRefundBack({ books, refund: record })
  if (isTxnName(type)) books.transactions(type).delete(record.Id)
  const second = books.now()
  const { TimeCreated, RefNumber } = record
  const TimeDeleted = stampOf(second)
  books.table('deletedTransactions').put({
    Id: record.Id,
    kind: 'TxnDeletedRet',
    TxnDelType: type,
    TxnID: record.Id,
    TimeCreated,
    TimeDeleted,
    RefNumber,
    deletedSecond: String(second),
  })
  return { body: elements({ TxnDelType: type, TxnID: record.Id, TimeDeleted, RefNumber }) }
}

function transactionOf({ books, type, id }: { books: Call['books']; type: string; id: string }): BookRecord {
  const record = isTxnName(type) ? books.transactions(type).get(id) : undefined
  if (!record) throw notFound(id)
  books.checkOpen({ day: textOf(record.TxnDate) ?? '', object: type })
  if (listOf(record.LinkedTxn).length > 0) {
    const message = `The transaction "${id}" has payments applied to it; they have to be removed first.`
    throw new Refusal({ statusCode: 3210, message })
  }
  return record
}

const deletableLists: Record<string, ListName> = {
  Customer: 'Customer',
  Employee: 'Employee',
  Vendor: 'Vendor',
  Account: 'Account',
}

/** Deletes a record of a list that no transaction names. */
export function deleteListed({ books, fields }: Call): Answered {
  const type = textOf(fields.ListDelType) ?? ''
  const list = type.startsWith('Item') ? 'Item' : deletableLists[type]
  const id = textOf(fields.ListID) ?? ''
  const record = list && books.list(list).get(id)
  if (!list || !record) throw notFound(id)
  const isUsed = (['Invoice', 'CreditMemo', 'ReceivePayment'] as const).some(
    (txn) => books.byCustomer(txn).get(id).length > 0,
  )
  if (isUsed) {
    throw new Refusal({
      statusCode: 3210,
      message: `"${fullNameOf(record)}" is used by transactions and cannot be deleted.`,
    })
  }
  books.list(list).delete(id)
  const second = books.now()
  const deleted = { ListDelType: type, ListID: id, TimeDeleted: stampOf(second), FullName: fullNameOf(record) }
  books.table('deletedLists').put({
    Id: id,
    kind: 'ListDeletedRet',
    ...deleted,
    TimeCreated: record.TimeCreated,
    deletedSecond: String(second),
  })
  return { body: elements(deleted) }
}

/** What has been deleted, by kind and by the time of its deletion. */
export function queryDeleted({ call, table }: { call: Call; table: 'deletedTransactions' | 'deletedLists' }): Answered {
  const { books, fields, only } = call
  const types = [...textsOf(fields.TxnDelType), ...textsOf(fields.ListDelType)]
  const range = fieldsOf(fields.DeletedDateRangeFilter)
  const span = spanOf({ from: range?.FromDeletedDate, to: range?.ToDeletedDate })
  const found = [...books.table(table).all()].filter(
    (record) => types.includes(String(record.TxnDelType ?? record.ListDelType)) && span(Number(record.deletedSecond)),
  )
  const attributes = { retCount: found.length }
  if (found.length > 0) {
    return { attributes, body: found.map((record) => ret({ kind: record.kind, fields: record, only })).join('') }
  }
  return {
    statusCode: 1,
    message: 'A query request did not find a matching object in QuickBooks',
    attributes,
    body: '',
  }
}
