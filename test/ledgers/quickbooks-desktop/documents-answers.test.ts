import { describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../../src/domain/link.ts'
import type { LookUp, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { packInto, requestsOf } from '../../../src/ledgers/quickbooks-desktop/pack.ts'
import { openSetSizes } from '../../../src/ledgers/quickbooks-desktop/set-sizes.ts'
import {
  answered,
  applied,
  creditMemo,
  creditMemoRet,
  customerChange,
  customerRet,
  exchangeOf,
  invoiceRet,
  linkedInvoiceRet,
  outcomeOf,
  payment,
  paymentRet,
  refund,
  responseTo,
  setOf,
  voidOf,
  voidRs,
} from './answers.ts'

const asked = (entity: LinkKind, by: LookUp['by'], values: string[]) =>
  exchangeOf({ kind: 'LOOK_UP', entity, by, values }, `${entity} ${by}`)
const said = (exchange: StoredExchange, args: Parameters<typeof responseTo>[1]) =>
  outcomeOf(exchange, answered(setOf([responseTo(exchange, args)])))

describe('the answer to a credit memo', () => {
  test('is posted: what is left of it is its balance', () => {
    expect(said(exchangeOf(creditMemo, 'c'), { inner: creditMemoRet() })).toMatchObject({
      kind: 'posted',
      record: {
        entity: 'CREDIT_MEMO',
        quickBooksId: '42BF70-1768878999',
        revision: '1768878999',
        sale: {
          number: 'C-15001',
          total: '1305.25',
          tax: '80.25',
          discount: '34.55',
          shipping: '25.00',
          balance: '905.25',
          voided: false,
          note: 'Order ORD-C-15001, for invoice INV-1',
          lines: [{ itemId: '80000041-1', amount: '1234.50', taxable: true }, { itemId: '80000042-1' }],
        },
      },
    })
  })

  test('that was meant as a refund is read as one, written or looked up', () => {
    expect(said(exchangeOf(refund, 'r'), { inner: creditMemoRet() })).toMatchObject({ record: { entity: 'REFUND' } })
    const lookUp = asked(LinkKind.REFUND, 'NUMBER', ['C-15001'])
    expect(said(lookUp, { inner: creditMemoRet() })).toMatchObject({ records: [{ entity: 'REFUND' }] })
  })

  test('that is voided says so in its memo, and every amount is zero', () => {
    const zero = creditMemoRet()
      .replace('<Memo>', '<Memo>VOID: ')
      .replace(/<(Amount|Subtotal|SalesTaxTotal|TotalAmount|CreditRemaining|Rate)>[^<]*/g, '<$1>0.00')
    const lookUp = asked(LinkKind.CREDIT_MEMO, 'ID', ['42BF70-1768878999'])
    expect(said(lookUp, { inner: zero })).toMatchObject({ records: [{ sale: { voided: true, balance: '0.00' } }] })
  })
})

describe('the answer to a payment', () => {
  const exchange = exchangeOf(payment, 'p')

  test('is posted with the invoices that it pays', () => {
    expect(said(exchange, { inner: paymentRet() })).toEqual({
      kind: 'posted',
      record: {
        entity: 'PAYMENT',
        quickBooksId: '42BF80-1768879000',
        name: null,
        active: true,
        revision: '1768879000',
        payment: {
          number: 'CHQ-771',
          date: '2026-11-12',
          customerId: '80000001-1',
          amount: '500.00',
          unapplied: '100.00',
          voided: false,
          note: 'Order ORD-CHQ-771',
          applications: [{ invoiceId: '42BF65-1768878026', amount: '400.00', creditId: null }],
        },
      },
    })
  })

  test.each([
    ['a record without an id', paymentRet({ id: '' })],
    ['no record', ''],
    ['an amount that is none', paymentRet().replace('<TotalAmount>500.00', '<TotalAmount>500,00')],
    ['an invoice', invoiceRet()],
  ])('with %s is not believed', (_name, inner) => {
    expect(said(exchange, { inner })).toMatchObject({ kind: 'unknown', reason: 'ANSWER_NOT_UNDERSTOOD' })
  })

  test.each([
    ['nothing', ''],
    ['a record without an id', paymentRet({ id: '' })],
  ])('that only set a credit is done, and tells %s: it has to be read', (_name, inner) => {
    expect(said(exchangeOf(applied, 'a'), { inner })).toEqual({ kind: 'done' })
  })

  test('that only set a credit, and was refused, is refused', () => {
    expect(said(exchangeOf(applied, 'a'), { code: '3210', message: 'more than is left' })).toMatchObject({
      kind: 'rejected',
      reason: 'QUICKBOOKS_REJECTED',
    })
  })
})

describe('a credit that was applied', () => {
  const lookUp = asked(LinkKind.PAYMENT, 'ID', ['42BF70-1768878999>42BF65-1768878026'])
  const link = {
    entity: 'PAYMENT',
    quickBooksId: '42BF70-1768878999>42BF65-1768878026',
    name: null,
    active: true,
    revision: null,
    payment: {
      number: null,
      date: null,
      customerId: '80000001-1',
      amount: '0.00',
      unapplied: '0.00',
      voided: false,
      note: null,
      applications: [{ invoiceId: '42BF65-1768878026', amount: '400.00', creditId: '42BF70-1768878999' }],
    },
  }

  test('is found as a payment of nothing, its parts together', () => {
    expect(said(lookUp, { inner: linkedInvoiceRet() })).toEqual({ kind: 'found', records: [link] })
  })

  test('is not found where the invoice has no such link', () => {
    expect(said(lookUp, { inner: invoiceRet() })).toEqual({ kind: 'found', records: [] })
  })

  test('and a payment are found by one look-up of two requests, and an answer to one of them alone is none', () => {
    const both = exchangeOf(
      { kind: 'LOOK_UP', entity: LinkKind.PAYMENT, by: 'ID', values: ['42BF80-1768879000', 'x>42BF65-1768878026'] },
      'both',
    )
    const requests = requestsOf(both)
    expect(requests.map(({ name }) => name)).toEqual(['ReceivePaymentQuery', 'InvoiceQuery'])
    expect(packInto({ exchanges: [both], sizes: openSetSizes(), version: 13 })[0]?.body).toContain(
      `</ReceivePaymentQueryRq><InvoiceQueryRq requestID="${requests[1]?.requestId}">`,
    )
    const responses = [paymentRet(), linkedInvoiceRet()].map((inner, index) => {
      const { name, requestId } = requests[index]!
      return `<${name}Rs requestID="${requestId}" statusCode="0" statusSeverity="Info" statusMessage="Status OK">${inner}</${name}Rs>`
    })
    const found = outcomeOf(both, answered(setOf(responses)))
    expect(found).toMatchObject({ kind: 'found', records: [{ quickBooksId: '42BF80-1768879000' }, link] })
    for (const one of responses) {
      expect(outcomeOf(both, answered(setOf([one])))).toMatchObject({
        kind: 'unknown',
        reason: 'ANSWER_NOT_UNDERSTOOD',
      })
    }
  })
})

test.each([
  ['a credit memo', exchangeOf(creditMemo, 'c'), creditMemoRet()],
  ['a payment', exchangeOf(payment, 'p'), paymentRet()],
  ['a credit that is applied', exchangeOf(applied, 'a'), ''],
  ['a void', exchangeOf(voidOf('INVOICE'), 'v'), voidRs],
  ['a change of a customer', exchangeOf(customerChange, 'u'), customerRet()],
])('an answer to %s that is cut off anywhere is unknown', (_name, exchange, inner) => {
  const body = setOf([responseTo(exchange, { inner })])
  const kinds = Array.from({ length: body.length }, (_, length) => outcomeOf(exchange, answered(body.slice(0, length))))
  expect([...new Set(kinds.map(({ kind }) => kind))]).toEqual(['unknown'])
})

describe('the answer to a void', () => {
  const exchange = exchangeOf(voidOf('INVOICE'), 'v')

  test('is done, and tells no record', () => {
    expect(said(exchange, { inner: voidRs })).toEqual({ kind: 'done' })
  })

  test('of what something is applied to is refused', () => {
    expect(said(exchange, { code: '3210', message: 'payments are applied to it' })).toMatchObject({
      kind: 'rejected',
      reason: 'VOID_REFUSED',
      detail: { detail: 'payments are applied to it' },
    })
  })

  test('that was lost is unknown', () => {
    expect(outcomeOf(exchange, { kind: 'lost', detail: 'gone', durationMs: 1 })).toMatchObject({ kind: 'unknown' })
  })
})

describe('the answer to a change of a customer', () => {
  const exchange = exchangeOf(customerChange, 'u')

  test('is posted with what QuickBooks knows of it', () => {
    const inner = customerRet().replace(
      '</CustomerRet>',
      '<CompanyName>Alder Ltd</CompanyName><BillAddress><Addr1>1 New Lane</Addr1><Addr2></Addr2><City>Salem</City></BillAddress>' +
        '<Phone>555-0199</Phone><Email>a@alder.example</Email></CustomerRet>',
    )
    expect(said(exchange, { inner })).toMatchObject({
      kind: 'posted',
      record: {
        revision: '1',
        customer: {
          email: 'a@alder.example',
          phone: '555-0199',
          companyName: 'Alder Ltd',
          billing: { lines: ['1 New Lane'], city: 'Salem' },
        },
      },
    })
  })

  test('that somebody else changed meanwhile is put off until it was read again', () => {
    const stale = { code: '3200', message: 'The provided edit sequence is out-of-date.', inner: customerRet() }
    expect(said(exchange, stale)).toMatchObject({
      kind: 'deferred',
      reason: 'STALE_REVISION',
      afterSeconds: 0,
      scope: 'posting',
    })
  })

  test('whose new name is taken is refused: nobody is adopted', () => {
    expect(said(exchange, { code: '3100', message: 'in use' })).toMatchObject({
      kind: 'rejected',
      reason: 'NAME_TAKEN',
      detail: { customerName: 'Alder Interiors' },
    })
  })
})
