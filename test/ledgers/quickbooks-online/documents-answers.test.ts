import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { LinkKind } from '../../../src/domain/link.ts'
import { MirrorEntity } from '../../../src/domain/mirror.ts'
import { decimal, money, sum } from '../../../src/domain/money.ts'
import type { Answer, Outcome, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { fromAnswer } from '../../../src/ledgers/quickbooks-online/from-answer.ts'
import { recordOf } from '../../../src/ledgers/quickbooks-online/mirror-records.ts'
import { packInto } from '../../../src/ledgers/quickbooks-online/pack.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-online/to-request.ts'
import { aCreditMemo, aCustomer, aPayment, aRefund, aVoid, stored } from '../../contract/documents.ts'
import { answer, answered } from './answers.ts'

const records = {
  customerId: '501',
  itemIds: ['41', '42'] as [string, string],
  charges: { DISCOUNT: { id: '77' }, REFUND: { id: '4' } },
}
const exchangeOf = (what: Parameters<typeof toRequest>[0], key = 'k'): StoredExchange =>
  stored([{ request: toRequest(what), key }])[0]!
const voidOf = (kind: 'INVOICE' | 'PAYMENT' | 'CREDIT_MEMO') =>
  exchangeOf(aVoid({ kind, number: 'INV-15001', targetId: '8812', revision: '0' }), kind)
const createCredit = exchangeOf(aCreditMemo({ number: 'INV-15001-C1', records }), 'credit')
const createPayment = exchangeOf(
  aPayment({ number: 'CHQ-771', records, amount: '500.00', applications: [] }),
  'payment',
)
const update = exchangeOf({ ...aCustomer('Alder Interiors'), update: { quickBooksId: '501', revision: '3' } }, 'update')

function outcomeOf(exchange: StoredExchange, given: Answer): Outcome {
  return fromAnswer({ exchanges: [exchange], answer: given }).get(exchange.id)!.outcome
}

describe('the answer to a credit memo', () => {
  test('is posted: what is left of it is its remaining credit, and its tax code is that of the document', () => {
    expect(outcomeOf(createCredit, answer('credit-memo-created-200.json'))).toEqual({
      kind: 'posted',
      record: {
        entity: 'CREDIT_MEMO',
        quickBooksId: '8840',
        name: null,
        active: true,
        revision: '1',
        createdAt: '2026-11-12T18:00:00.000Z',
        sale: {
          number: 'INV-15001-C1',
          date: '2026-11-12',
          dueDate: null,
          customerId: '501',
          total: '438.25',
          tax: '26.75',
          discount: '0.00',
          shipping: '0.00',
          balance: '38.25',
          voided: false,
          note: 'Order ORD-15001, for invoice INV-15001',
          termsId: null,
          lines: [{ itemId: '41', quantity: '1', unitPrice: '411.5', amount: '411.50', taxable: true, taxCodeId: '4' }],
        },
      },
    })
  })

  test('that holds an invoice instead is unknown, never posted', () => {
    expect(outcomeOf(createCredit, answer('invoice-created-200.json'))).toMatchObject({ kind: 'unknown' })
  })
})

test('a refund receipt is posted, and no balance is told of it', () => {
  const refund = exchangeOf(aRefund({ number: 'R-15001', records }))
  expect(outcomeOf(refund, answer('refund-receipt-created-200.json'))).toMatchObject({
    kind: 'posted',
    record: { entity: 'REFUND', quickBooksId: '8841', sale: { number: 'R-15001', total: '50.00', balance: null } },
  })
})

describe('the answer to a payment', () => {
  test('is posted with the invoices that it pays, and with nothing else that it pays', () => {
    expect(outcomeOf(createPayment, answer('payment-created-200.json'))).toEqual({
      kind: 'posted',
      record: {
        entity: 'PAYMENT',
        quickBooksId: '8850',
        name: null,
        active: true,
        revision: '0',
        payment: {
          number: 'CHQ-771',
          date: '2026-11-12',
          customerId: '501',
          amount: '500.00',
          unapplied: '20.00',
          voided: false,
          note: 'Order ORD-15001',
          applications: [
            { invoiceId: '8812', amount: '400.00', creditId: null },
            { invoiceId: '8813', amount: '80.00', creditId: null },
          ],
        },
      },
    })
  })

  test('of nothing shows which credit pays which invoice, in whatever order its lines come', () => {
    expect(outcomeOf(createPayment, answer('payment-of-credit-200.json'))).toMatchObject({
      record: {
        payment: { amount: '0.00', applications: [{ invoiceId: '8812', amount: '400.00', creditId: '8840' }] },
      },
    })
  })

  test('that money and several credits share shows each part', () => {
    const line = (Amount: number, TxnId: string, TxnType: string) => ({ Amount, LinkedTxn: [{ TxnId, TxnType }] })
    const Payment = {
      ...{ Id: '1', TxnDate: '2026-11-12', CustomerRef: { value: '501' }, TotalAmt: 20 },
      Line: [
        line(30, 'a', 'Invoice'),
        line(25, 'b', 'Invoice'),
        line(20, 'x', 'CreditMemo'),
        line(15, 'y', 'CreditMemo'),
      ],
    }
    expect(outcomeOf(createPayment, answered({ status: 200, body: JSON.stringify({ Payment }) }))).toMatchObject({
      record: {
        payment: {
          number: '',
          applications: [
            { invoiceId: 'a', amount: '20.00', creditId: 'x' },
            { invoiceId: 'a', amount: '10.00', creditId: 'y' },
            { invoiceId: 'b', amount: '5.00', creditId: 'y' },
            { invoiceId: 'b', amount: '20.00', creditId: null },
          ],
        },
      },
    })
  })

  test.each([
    ['an amount below the cent', { TotalAmt: 1.005 }],
    ['no customer', { CustomerRef: undefined }],
    ['no id', { Id: '' }],
  ])('with %s is unknown', (_name, more) => {
    const Payment = { Id: '1', TxnDate: '2026-11-12', CustomerRef: { value: '501' }, TotalAmt: 20, ...more }
    const given = answered({ status: 200, body: JSON.stringify({ Payment }) })
    expect(outcomeOf(createPayment, given)).toMatchObject({ kind: 'unknown', reason: 'ANSWER_NOT_UNDERSTOOD' })
  })
})

describe('whatever becomes of an answer', () => {
  test.each([
    ['a credit memo', createCredit, 'credit-memo-created-200.json'],
    ['a payment', createPayment, 'payment-created-200.json'],
    ['a void', voidOf('INVOICE'), 'invoice-void-200.json'],
    ['a change of a customer', update, 'customer-updated-200.json'],
  ] as const)('to %s: cut off anywhere it is unknown', (_name, exchange, fixture) => {
    const whole = answer(fixture)
    const body = whole.kind === 'answered' ? whole.body.trimEnd() : ''
    const kinds = Array.from({ length: body.length }, (_, length) =>
      outcomeOf(exchange, answered({ status: 200, body: body.slice(0, length) })),
    ).map(({ kind }) => kind)
    expect(kinds.length).toBeGreaterThan(300)
    expect([...new Set(kinds)]).toEqual(['unknown'])
  })

  test('every penny of a payment stands with its invoice and its credit, in whatever order and parts the lines come', () => {
    const pennies = fc.integer({ min: 1, max: 100_000 })
    const links = (type: string) =>
      fc.array(pennies, { maxLength: 5 }).map((all) => all.map((amount, at) => ({ type, id: `${type} ${at}`, amount })))
    fc.assert(
      fc.property(links('Invoice'), links('CreditMemo'), fc.nat(), (invoices, credits, seed) => {
        const mixed = [...invoices, ...credits].sort(
          (a, b) => ((a.amount * 31 + seed) % 97) - ((b.amount * 31 + seed) % 97),
        )
        const written = (amount: number) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
        const lines = mixed.map(
          ({ type, id, amount }) => `{"Amount":${written(amount)},"LinkedTxn":[{"TxnId":"${id}","TxnType":"${type}"}]}`,
        )
        const body = `{"Payment":{"Id":"1","TxnDate":"2026-11-12","CustomerRef":{"value":"1"},"TotalAmt":0,"Line":[${lines}]}}`
        const outcome = outcomeOf(createPayment, answered({ status: 200, body }))
        const applications = outcome.kind === 'posted' ? (outcome.record.payment?.applications ?? []) : []
        const sumOf = (key: 'invoiceId' | 'creditId', id: string) =>
          sum(applications.filter((one) => one[key] === id).map(({ amount }) => amount))
        for (const { id, amount } of invoices) expect(sumOf('invoiceId', id)).toBe(money(written(amount)))
        const owed = invoices.reduce((all, { amount }) => all + amount, 0)
        const given = credits.reduce((all, { amount }) => all + amount, 0)
        const credited = sum(applications.filter(({ creditId }) => creditId !== null).map(({ amount }) => amount))
        expect(credited).toBe(money(written(Math.min(owed, given))))
        for (const { id, amount } of credits)
          expect(decimal(sumOf('creditId', id)).lessThanOrEqualTo(written(amount))).toBe(true)
      }),
    )
  })
})

describe('the answer to a void', () => {
  test('is posted, with the record that is nothing now', () => {
    expect(outcomeOf(voidOf('INVOICE'), answer('invoice-void-200.json'))).toMatchObject({
      kind: 'posted',
      record: { quickBooksId: '8812', revision: '1', sale: { voided: true, total: '0.00', number: 'INV-15001' } },
    })
    expect(outcomeOf(voidOf('PAYMENT'), answer('payment-voided-200.json'))).toMatchObject({
      kind: 'posted',
      record: { payment: { voided: true, amount: '0.00', applications: [] } },
    })
  })

  test('that is a deletion is done when the answer says that this very record is gone, and not understood otherwise', () => {
    const gone = (said: object) =>
      ({ kind: 'answered', status: 200, body: JSON.stringify({ CreditMemo: said }) }) as const
    const outcome = (said: object) =>
      outcomeOf(voidOf('CREDIT_MEMO'), {
        ...gone(said),
        contentType: 'application/json',
        intuitTid: null,
        durationMs: 1,
      }).kind
    const { Id } = JSON.parse(voidOf('CREDIT_MEMO').request) as { Id: string }
    expect(outcome({ domain: 'QBO', status: 'Deleted', Id })).toBe('done')
    expect(outcome({ domain: 'QBO', status: 'Deleted', Id: '1' })).toBe('unknown')
    expect(outcome({ Id, SyncToken: '2', TotalAmt: 10 })).toBe('unknown')
  })

  test('of what has payments on it is refused; another business rule is looked into', () => {
    expect(outcomeOf(voidOf('INVOICE'), answer('fault-6000-void-400.json'))).toMatchObject({
      kind: 'rejected',
      reason: 'VOID_REFUSED',
      detail: { code: '6000', detail: expect.stringContaining('payments applied') },
    })
    expect(outcomeOf(voidOf('INVOICE'), answer('fault-6000-400.json'))).toMatchObject({ kind: 'unknown' })
    expect(outcomeOf(createPayment, answer('fault-6000-void-400.json'))).toMatchObject({ kind: 'unknown' })
  })

  test('of what was changed meanwhile is put off until it was read again', () => {
    expect(outcomeOf(voidOf('INVOICE'), answer('fault-5010-400.json'))).toMatchObject({
      kind: 'deferred',
      reason: 'STALE_REVISION',
      afterSeconds: 0,
      scope: 'posting',
    })
  })
})

describe('the answer to a change of a customer', () => {
  test('is posted with what QuickBooks knows of it, under the name that it had when it was active', () => {
    expect(outcomeOf(update, answer('customer-updated-200.json'))).toEqual({
      kind: 'posted',
      record: {
        entity: 'CUSTOMER',
        quickBooksId: '501',
        name: 'Alder Interiors',
        active: false,
        revision: '4',
        customer: {
          email: 'billing@alder.example',
          phone: '555-0199',
          companyName: 'Alder Interiors',
          billing: { lines: ['1 New Lane'], city: 'Salem', postalCode: '97301' },
        },
      },
    })
  })

  test('whose new name is taken is refused: nobody is adopted', () => {
    expect(outcomeOf(update, answer('fault-6240-400.json'))).toMatchObject({
      kind: 'rejected',
      reason: 'NAME_TAKEN',
      detail: { customerName: 'Alder Interiors' },
    })
  })
})

describe('packing changes and voids', () => {
  const pack = (exchanges: StoredExchange[]) => packInto({ exchanges, realmId: '9130', batchItemsMax: 30 })

  test.each([
    ['an invoice', voidOf('INVOICE'), 'invoice', '&operation=void'],
    ['a payment', voidOf('PAYMENT'), 'payment', '&operation=update&include=void'],
    ['a customer', update, 'customer', ''],
  ])('%s alone goes to its own address, under a request id', (_name, exchange, resource, more) => {
    const [envelope] = pack([exchange])
    const path = new RegExp(`^/v3/company/9130/${resource}\\?requestid=[0-9a-f]{32}&minorversion=75${more}$`)
    expect(envelope?.path).toMatch(path)
    expect(envelope?.body).toBe(exchange.request)
  })

  test('in a batch each item says what is to be done', () => {
    const exchanges = [voidOf('INVOICE'), voidOf('PAYMENT'), update, createCredit]
    expect(pack(exchanges)[0]?.body).toBe(
      '{"BatchItemRequest":[' +
        `{"bId":"0","operation":"void","Invoice":${exchanges[0]?.request}},` +
        `{"bId":"1","operation":"update","optionsData":"void","Payment":${exchanges[1]?.request}},` +
        `{"bId":"2","operation":"update","Customer":${exchanges[2]?.request}},` +
        `{"bId":"3","operation":"create","CreditMemo":${exchanges[3]?.request}}]}`,
    )
  })
})

test.each([
  ['CREDIT_MEMO', 'credit-memo-created-200.json', 'CreditMemo', LinkKind.CREDIT_MEMO],
  ['REFUND_RECEIPT', 'refund-receipt-created-200.json', 'RefundReceipt', LinkKind.REFUND],
  ['PAYMENT', 'payment-created-200.json', 'Payment', LinkKind.PAYMENT],
] as const)('the mirror reads a %s in canonical words', (entity, fixture, name, kind) => {
  const given = answer(fixture)
  const raw = given.kind === 'answered' ? JSON.stringify(JSON.parse(given.body)[name]) : ''
  expect(recordOf({ entity: MirrorEntity[entity], raw })).toMatchObject({ entity: kind })
})
