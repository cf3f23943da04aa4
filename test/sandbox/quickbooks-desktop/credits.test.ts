import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, allAt, customer, line, OpenFile, setOf, statusOf, textAt } from './company-file.ts'

let file: OpenFile
beforeEach(() => {
  file = new OpenFile()
})

const northwind = '<CustomerRef><FullName>Northwind Rooms</FullName></CustomerRef>'
const credited = (amount: string) =>
  line({ quantity: '1', rate: amount, code: 'Non' }).replaceAll('InvoiceLineAdd', 'CreditMemoLineAdd')

/** An invoice of 100.00 without tax. */
const invoice = (): string => textAt(file.addInvoice('', line({ code: 'Non' })), 'InvoiceRet/TxnID') ?? ''
function creditMemo(amount = '40.00', of = customer): string {
  const answer = file.askOne(
    `<CreditMemoAddRq><CreditMemoAdd>${of}${credited(amount)}</CreditMemoAdd></CreditMemoAddRq>`,
  )
  return textAt(answer, 'CreditMemoRet/TxnID') ?? ''
}
const setCredit = (id: string, amount: string) =>
  `<SetCredit><CreditTxnID>${id}</CreditTxnID><AppliedAmount>${amount}</AppliedAmount></SetCredit>`
const part = (id: string, paid: string, credits = '') =>
  `<AppliedToTxnAdd><TxnID>${id}</TxnID><PaymentAmount>${paid}</PaymentAmount>${credits}</AppliedToTxnAdd>`
const payment = (total: string, ...parts: string[]) =>
  `<ReceivePaymentAddRq><ReceivePaymentAdd>${customer}<TotalAmount>${total}</TotalAmount>${parts.join('')}</ReceivePaymentAdd></ReceivePaymentAddRq>`
const pay = (total: string, ...parts: string[]) => file.askOne(payment(total, ...parts))
const linked = '<IncludeLinkedTxns>true</IncludeLinkedTxns>'
const readInvoice = (id: string) => file.askOne(`<InvoiceQueryRq><TxnID>${id}</TxnID>${linked}</InvoiceQueryRq>`)
const readCredit = (id: string) => file.askOne(`<CreditMemoQueryRq><TxnID>${id}</TxnID>${linked}</CreditMemoQueryRq>`)
const linksOf = (answer: Answer, ret: string) =>
  allAt(answer, `${ret}/LinkedTxn`).map((link) => ['TxnID', 'TxnType', 'Amount'].map((name) => textAt(link, name)))
const payments = () => allAt(file.askOne('<ReceivePaymentQueryRq/>'), 'ReceivePaymentRet')

describe('a credit memo in QuickBooks Desktop', () => {
  test('that is set against an invoice makes a link, and no payment', () => {
    const [sold, credit] = [invoice(), creditMemo()]
    const answer = pay('0.00', part(sold, '0.00', setCredit(credit, '30.00')))
    expect([statusOf(answer), answer.children]).toEqual([0, []])
    expect(payments()).toEqual([])
    const [owed, left] = [readInvoice(sold), readCredit(credit)]
    expect([textAt(owed, 'InvoiceRet/BalanceRemaining'), textAt(owed, 'InvoiceRet/AppliedAmount')]).toEqual([
      '70.00',
      '-30.00',
    ])
    expect(textAt(left, 'CreditMemoRet/CreditRemaining')).toBe('10.00')
    expect(linksOf(owed, 'InvoiceRet')).toEqual([[credit, 'CreditMemo', '-30.00']])
    expect(linksOf(left, 'CreditMemoRet')).toEqual([[sold, 'Invoice', '30.00']])
  })

  test('may be answered with a record that has no id, where a switch says so', () => {
    file.set({ quickBooksDesktopCreditOnlyAnswer: 'thin' })
    const answer = pay('0.00', part(invoice(), '0.00', setCredit(creditMemo(), '30.00')))
    expect([textAt(answer, 'ReceivePaymentRet/TotalAmount'), textAt(answer, 'ReceivePaymentRet/TxnID')]).toEqual([
      '0.00',
      undefined,
    ])
  })

  test('and money pay one invoice together, and that is a payment', () => {
    const [sold, credit] = [invoice(), creditMemo()]
    const paid = pay('60.00', part(sold, '60.00', setCredit(credit, '40.00')))
    expect(textAt(paid, 'ReceivePaymentRet/UnusedPayment')).toBe('0.00')
    expect(textAt(readInvoice(sold), 'InvoiceRet/IsPaid')).toBe('true')
    expect(payments()).toHaveLength(1)
  })

  test('gives no more than it has, pays no more than is owed, and nothing of another customer', () => {
    const [sold, credit, large] = [invoice(), creditMemo(), creditMemo('500.00')]
    const theirs = creditMemo('40.00', northwind)
    const both = `${setCredit(credit, '30.00')}${setCredit(credit, '30.00')}`
    expect(
      [
        pay('0.00', part(sold, '0.00', setCredit(credit, '40.01'))),
        pay('0.00', part(sold, '0.00', both)),
        pay('0.00', part(sold, '0.00', setCredit(large, '100.01'))),
        pay('0.00', part(sold, '0.00', setCredit(theirs, '1.00'))),
        pay('0.00', part(sold, '0.00', setCredit('1-1', '1.00'))),
        pay('2.00', part(sold, '1.00'), part(sold, '1.00')),
      ].map(statusOf),
    ).toEqual([3210, 3210, 3210, 3210, 3120, 3210])
    expect(textAt(readInvoice(sold), 'InvoiceRet/BalanceRemaining')).toBe('100.00')
    expect(textAt(readCredit(credit), 'CreditMemoRet/CreditRemaining')).toBe('40.00')
  })

  test('and its invoice cannot be voided once they are linked', () => {
    const [sold, credit] = [invoice(), creditMemo()]
    pay('0.00', part(sold, '0.00', setCredit(credit, '30.00')))
    const remove = (type: string, id: string) =>
      file.askOne(`<TxnVoidRq><TxnVoidType>${type}</TxnVoidType><TxnID>${id}</TxnID></TxnVoidRq>`)
    expect([remove('Invoice', sold), remove('CreditMemo', credit)].map(statusOf)).toEqual([3210, 3210])
    expect(statusOf(remove('CreditMemo', creditMemo()))).toBe(0)
  })
})

describe('a request that is done and whose answer is spoilt', () => {
  test.each([
    [
      'CreditMemoAdd',
      () => `<CreditMemoAddRq><CreditMemoAdd>${customer}${credited('5.00')}</CreditMemoAdd></CreditMemoAddRq>`,
    ],
    ['ReceivePaymentAdd', () => payment('100.00', part(invoice(), '100.00'))],
    ['TxnVoid', () => `<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>${invoice()}</TxnID></TxnVoidRq>`],
    [
      'CustomerMod',
      () => {
        const found = file.askOne('<CustomerQueryRq><FullName>Northwind Rooms</FullName></CustomerQueryRq>')
        const [id, sequence] = ['ListID', 'EditSequence'].map((name) => textAt(found, `CustomerRet/${name}`))
        return `<CustomerModRq><CustomerMod><ListID>${id}</ListID><EditSequence>${sequence}</EditSequence><Phone>1</Phone></CustomerMod></CustomerModRq>`
      },
    ],
  ])('%s is in the books, whether QuickBooks breaks down after it or says that it is locked', (operation, request) => {
    const state = () =>
      JSON.stringify(
        ['invoices', 'creditMemos', 'payments', 'customers'].map((name) => [
          ...file.sandbox.store.table(`quickbooksDesktop.${name}`).all(),
        ]),
      )
    for (const fault of [
      { kind: 'crash', when: 'after' },
      { kind: 'status', status: 3175, when: 'after' },
    ] as const) {
      const asked = request()
      const before = state()
      file.sandbox.faults.add({ system: 'quickbooks-desktop', operation, times: 1, fault })
      const done = file.process(setOf(asked))
      expect('hresult' in done || done.response.includes('statusCode="3175"')).toBe(true)
      expect(state()).not.toBe(before)
    }
  })
})
