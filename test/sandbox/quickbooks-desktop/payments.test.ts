import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, allAt, customer, line, OpenFile, statusOf, textAt } from './company-file.ts'

let file: OpenFile
beforeEach(() => {
  file = new OpenFile()
})

/** An invoice of 100.00 without tax. */
function invoice(head = ''): string {
  return textAt(file.addInvoice(head, line({ code: 'Non' })), 'InvoiceRet/TxnID') ?? ''
}
const pay = (elements: string, payer = customer) =>
  file.askOne(`<ReceivePaymentAddRq><ReceivePaymentAdd>${payer}${elements}</ReceivePaymentAdd></ReceivePaymentAddRq>`)
const applied = (id: string, amount: string) =>
  `<AppliedToTxnAdd><TxnID>${id}</TxnID><PaymentAmount>${amount}</PaymentAmount></AppliedToTxnAdd>`
const read = (id: string) =>
  file.askOne(`<InvoiceQueryRq><TxnID>${id}</TxnID><IncludeLinkedTxns>true</IncludeLinkedTxns></InvoiceQueryRq>`)
const state = (answer: Answer) =>
  ['AppliedAmount', 'BalanceRemaining', 'IsPaid', 'LinkedTxn/Amount'].map((name) =>
    textAt(answer, `InvoiceRet/${name}`),
  )
const remove = (kind: 'Void' | 'Del', type: string, id: string) =>
  file.askOne(`<Txn${kind}Rq><Txn${kind}Type>${type}</Txn${kind}Type><TxnID>${id}</TxnID></Txn${kind}Rq>`)

describe('a payment in QuickBooks Desktop', () => {
  test('is applied to the invoices it names: what is applied is negative there, and what is left over is unused', () => {
    const [first, second] = [invoice(), invoice()]
    const paid = pay(`<TotalAmount>150.00</TotalAmount>${applied(first, '100.00')}${applied(second, '30.00')}`)
    expect(textAt(paid, 'ReceivePaymentRet/UnusedPayment')).toBe('20.00')
    expect([state(read(first)), state(read(second))]).toEqual([
      ['-100.00', '0.00', 'true', '-100.00'],
      ['-30.00', '70.00', 'false', '-30.00'],
    ])
    const found = file.askOne(
      '<ReceivePaymentQueryRq><IncludeLineItems>true</IncludeLineItems></ReceivePaymentQueryRq>',
    )
    const parts = allAt(found, 'ReceivePaymentRet/AppliedToTxnRet')
    expect(
      parts.map((part) => [textAt(part, 'TxnID'), textAt(part, 'Amount'), textAt(part, 'BalanceRemaining')]),
    ).toEqual([
      [first, '100.00', '0.00'],
      [second, '30.00', '70.00'],
    ])
    const plain = file.askOne('<ReceivePaymentQueryRq/>')
    expect(allAt(plain, 'ReceivePaymentRet/AppliedToTxnRet')).toEqual([])
    const listed = file.askOne(`<CustomerQueryRq><FullName>Ida's Interiors</FullName></CustomerQueryRq>`)
    expect(textAt(listed, 'CustomerRet/Balance')).toBe('50.00')
  })

  test('applies itself to the oldest invoices when it is told to', () => {
    const [young, old] = [invoice('<TxnDate>2026-02-01</TxnDate>'), invoice('<TxnDate>2026-01-01</TxnDate>')]
    pay('<TotalAmount>120.00</TotalAmount><IsAutoApply>true</IsAutoApply>')
    expect([state(read(old))[1], state(read(young))[1]]).toEqual(['0.00', '80.00'])
  })

  test('is refused when it applies more than there is, more than it brings, or to another customer’s invoice', () => {
    const id = invoice()
    const northwind = '<CustomerRef><FullName>Northwind Rooms</FullName></CustomerRef>'
    expect(
      [
        pay(`<TotalAmount>200.00</TotalAmount>${applied(id, '100.01')}`),
        pay(`<TotalAmount>50.00</TotalAmount>${applied(id, '60.00')}`),
        pay(`<TotalAmount>50.00</TotalAmount>${applied(id, '50.00')}`, northwind),
        pay(`<TotalAmount>50.00</TotalAmount>${applied('1-1', '50.00')}`),
      ].map(statusOf),
    ).toEqual([3210, 3210, 3210, 3120])
    expect(state(read(id))).toEqual(['0.00', '100.00', 'false', undefined])
  })

  test('a paid invoice cannot be voided or deleted until its payment is deleted', () => {
    const id = invoice()
    const payment =
      textAt(pay(`<TotalAmount>100.00</TotalAmount>${applied(id, '100.00')}`), 'ReceivePaymentRet/TxnID') ?? ''
    expect([remove('Void', 'Invoice', id), remove('Del', 'Invoice', id)].map(statusOf)).toEqual([3210, 3210])
    expect(statusOf(remove('Del', 'ReceivePayment', payment))).toBe(0)
    expect(state(read(id))).toEqual(['0.00', '100.00', 'false', undefined])
    expect(statusOf(remove('Void', 'Invoice', id))).toBe(0)
    const voided = read(id)
    expect([state(voided)[1], textAt(voided, 'InvoiceRet/Subtotal'), textAt(voided, 'InvoiceRet/Memo')]).toEqual([
      '0.00',
      '0.00',
      'VOID:',
    ])
  })

  test('what was deleted is known to the query of deletions alone, by kind and time', () => {
    const id = invoice('<RefNumber>61000</RefNumber>')
    remove('Del', 'Invoice', id)
    expect(statusOf(read(id))).toBe(500)
    const asked = (type: string, from: string) =>
      file.askOne(
        `<TxnDeletedQueryRq><TxnDelType>${type}</TxnDelType><DeletedDateRangeFilter><FromDeletedDate>${from}</FromDeletedDate></DeletedDateRangeFilter></TxnDeletedQueryRq>`,
      )
    const found = asked('Invoice', '2026-01-01')
    expect([textAt(found, 'TxnDeletedRet/TxnID'), textAt(found, 'TxnDeletedRet/RefNumber')]).toEqual([id, '61000'])
    expect([asked('CreditMemo', '2026-01-01'), asked('Invoice', '2999-01-01')].map(statusOf)).toEqual([1, 1])
  })

  test('a credit memo has its own sums, and lowers what the customer owes', () => {
    invoice()
    const lines = line({ quantity: '1', rate: '40.00', code: 'Tax' }).replaceAll('InvoiceLineAdd', 'CreditMemoLineAdd')
    const memo = file.askOne(`<CreditMemoAddRq><CreditMemoAdd>${customer}${lines}</CreditMemoAdd></CreditMemoAddRq>`)
    const names = ['Subtotal', 'SalesTaxTotal', 'TotalAmount', 'CreditRemaining']
    expect(names.map((name) => textAt(memo, `CreditMemoRet/${name}`))).toEqual(['40.00', '3.30', '43.30', '43.30'])
    const listed = file.askOne(`<CustomerQueryRq><FullName>Ida's Interiors</FullName></CustomerQueryRq>`)
    expect(textAt(listed, 'CustomerRet/Balance')).toBe('56.70')
  })

  test('a payment sets a credit against an invoice: both sides carry the link, and the credit is used up', () => {
    const id = invoice()
    const lines = line({ quantity: '1', rate: '40.00', code: 'Non' }).replaceAll('InvoiceLineAdd', 'CreditMemoLineAdd')
    const memo = file.askOne(`<CreditMemoAddRq><CreditMemoAdd>${customer}${lines}</CreditMemoAdd></CreditMemoAddRq>`)
    const memoId = textAt(memo, 'CreditMemoRet/TxnID') ?? ''
    const setting = (amount: string) =>
      `<AppliedToTxnAdd><TxnID>${id}</TxnID><PaymentAmount>60.00</PaymentAmount><SetCredit><CreditTxnID>${memoId}</CreditTxnID>` +
      `<AppliedAmount>${amount}</AppliedAmount></SetCredit></AppliedToTxnAdd>`
    expect(statusOf(pay(`<TotalAmount>60.00</TotalAmount>${setting('40.01')}`))).toBe(3210)
    expect(statusOf(pay(`<TotalAmount>60.00</TotalAmount>${setting('40.00')}`))).toBe(0)
    expect(state(read(id)).slice(0, 3)).toEqual(['-100.00', '0.00', 'true'])
    const asked = `<CreditMemoQueryRq><TxnID>${memoId}</TxnID><IncludeLinkedTxns>true</IncludeLinkedTxns></CreditMemoQueryRq>`
    const used = file.askOne(asked)
    expect(
      ['CreditRemaining', 'LinkedTxn/TxnID', 'LinkedTxn/Amount'].map((at) => textAt(used, `CreditMemoRet/${at}`)),
    ).toEqual(['0.00', id, '40.00'])
  })
})
