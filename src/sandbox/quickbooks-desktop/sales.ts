import { amountText, penniesOf } from './amounts.ts'
import { type BookRecord, checkSequence, fieldsOf, listOf, notFound, textOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { completeSale, truth } from './sale.ts'
import { Refusal } from './status.ts'
import { type Fields, ret } from './write-xml.ts'

export function addInvoice(call: Call): Answered {
  const { books } = call
  const sent = fieldsOf(call.fields.InvoiceAdd) ?? {}
  const record = invoiceFrom({
    call,
    sent,
    lines: listOf(sent.InvoiceLineAdd),
    head: (second) => books.txnHead(second),
  })
  books.transactions('Invoice').put(record)
  return written({ call, record, sent })
}

/** Makes the record of an invoice, with nothing applied to it; `head` is made last, when nothing can be refused any more. */
export function invoiceFrom({ call, sent, lines, head, second }: InvoiceWork): BookRecord {
  const { books } = call
  const sale = completeSale({ books, sent, lines, within: 'Invoice' })
  books.takeGuid(sent.ExternalGUID)
  return {
    ...head(second),
    kind: 'InvoiceRet',
    ...sale.fields,
    IsFinanceCharge: truth(sent.IsFinanceCharge, 'false'),
    AppliedAmount: '0.00',
    BalanceRemaining: amountText(sale.total),
    IsPaid: String(sale.total === 0n),
    InvoiceLineRet: sale.lines,
  }
}

interface InvoiceWork {
  call: Pick<Call, 'books'>
  sent: Fields
  lines: Fields[]
  head: (second?: number) => { Id: string } & Fields
  second?: number
}

/** Changes an invoice: fields that are not sent stay; once a line is sent, the lines that are not sent are gone. */
export function modifyInvoice(call: Call): Answered {
  const { books } = call
  const sent = fieldsOf(call.fields.InvoiceMod) ?? {}
  const id = textOf(sent.TxnID) ?? ''
  const before = books.transactions('Invoice').get(id)
  if (!before) throw notFound(id)
  checkSequence({ record: before, sequence: sent.EditSequence })
  books.checkOpen({ day: textOf(before.TxnDate) ?? '', object: 'Invoice' })
  const lines = sent.InvoiceLineMod === undefined ? listOf(before.InvoiceLineRet) : changedLines({ before, sent })
  const merged: Fields = { ...before, ...sent, TemplateRef: sent.TemplateRef, SetCredit: sent.SetCredit }
  // What follows from another field is worked out anew when that field was sent.
  if (sent.CustomerRef) for (const name of ['BillAddress', 'ShipAddress']) merged[name] = sent[name]
  if (sent.TermsRef && !sent.DueDate) merged.DueDate = undefined
  const sale = completeSale({ books, sent: merged, lines, within: 'Invoice' })
  const applied = -penniesOf(textOf(before.AppliedAmount))
  if (applied > sale.total) {
    const message = 'The total of the Invoice cannot be less than what has been applied to it.'
    throw new Refusal({ statusCode: 3210, message })
  }
  const record: BookRecord = {
    ...before,
    ...sale.fields,
    ...books.modified(before),
    BalanceRemaining: amountText(sale.total - applied),
    IsPaid: String(sale.total === applied),
    InvoiceLineRet: sale.lines,
  }
  books.transactions('Invoice').put(record)
  return written({ call, record, sent })
}

/** The lines after a change: a known TxnLineID keeps what was not sent, -1 is a new line. */
function changedLines({ before, sent }: { before: BookRecord; sent: Fields }): Fields[] {
  const known = new Map(listOf(before.InvoiceLineRet).map((line) => [line.TxnLineID, line]))
  return listOf(sent.InvoiceLineMod).map((line) => {
    if (line.TxnLineID === '-1') return { ...line, TxnLineID: undefined }
    const old = known.get(line.TxnLineID)
    if (!old) throw notFound(textOf(line.TxnLineID) ?? '')
    const isPriced = Boolean(line.ItemRef || line.Quantity || line.Rate || line.RatePercent)
    const isReplaced = Boolean(line.ItemRef)
    return {
      ...old,
      ...(isPriced && !line.Amount ? { Amount: undefined } : {}),
      ...(isReplaced || line.Amount ? { Rate: undefined, RatePercent: undefined } : {}),
      ...(isReplaced ? { Desc: undefined, SalesTaxCodeRef: undefined } : {}),
      ...line,
    }
  })
}

export function addCreditMemo(call: Call): Answered {
  const { books } = call
  const sent = fieldsOf(call.fields.CreditMemoAdd) ?? {}
  const sale = completeSale({ books, sent, lines: listOf(sent.CreditMemoLineAdd), within: 'CreditMemo' })
  books.takeGuid(sent.ExternalGUID)
  const record: BookRecord = {
    ...books.txnHead(),
    kind: 'CreditMemoRet',
    ...sale.fields,
    TotalAmount: amountText(sale.total),
    CreditRemaining: amountText(sale.total),
    CreditMemoLineRet: sale.lines,
  }
  books.transactions('CreditMemo').put(record)
  return written({ call, record, sent })
}

/** The answer to a write: the record as it is now, with its lines. */
function written({ call: { books, only }, record, sent }: { call: Call; record: BookRecord; sent: Fields }): Answered {
  return { ...books.warningOf(sent), body: ret({ kind: record.kind, fields: record, only }) }
}
