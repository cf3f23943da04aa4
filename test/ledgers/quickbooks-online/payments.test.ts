import { describe, expect, test } from '@jest/globals'
import { MirrorEntity, type MirroredEntity } from '../../../src/domain/mirror.ts'
import { faultOf, type PaymentEvent } from '../../../src/domain/payment-application.ts'
import { settlementOf } from '../../../src/ledgers/quickbooks-online/payments.ts'

const link = (TxnType: string, TxnId: string, Amount: string) =>
  `{"Amount":${Amount},"LinkedTxn":[{"TxnId":"${TxnId}","TxnType":"${TxnType}"}]}`

function read(fields: Record<string, string>, entity: MirroredEntity = MirrorEntity.PAYMENT) {
  const all = { Id: '"7"', SyncToken: '"2"', TxnDate: '"2026-03-10"', TotalAmt: '100.00', ...fields }
  const raw = `{${Object.entries(all)
    .map(([name, value]) => `"${name}":${value}`)
    .join()}}`
  return settlementOf({ entity, quickBooksId: '7', raw, deletedAt: null, changedAt: null, currency: 'USD' })
}

const partsOf = (event: PaymentEvent | null) =>
  event?.parts.map(({ part, invoiceId, amount }) => `${part} ${invoiceId} ${amount}`)

describe('a Payment in canonical words', () => {
  test('cash goes to the invoices that it is linked to, and the rest to none', () => {
    const event = read({ UnappliedAmt: '15', Line: `[${link('Invoice', '1', '60')},${link('Invoice', '2', '25')}]` })
    expect(partsOf(event)).toEqual(['CASH 1 60.00', 'CASH 2 25.00'])
    expect(event).toMatchObject({ total: '100.00', version: '2', date: '2026-03-10', state: 'LIVE', currency: 'USD' })
  })

  test('what is not cash is shared out over the invoices to the cent', () => {
    const lines = [link('Invoice', '1', '50'), link('Invoice', '2', '50'), link('Invoice', '3', '0.05')]
    const event = read({ TotalAmt: '66.72', UnappliedAmt: '0', Line: `[${lines},${link('CreditMemo', '9', '33.33')}]` })
    expect(partsOf(event)).toEqual([
      'CASH 1 33.34',
      'CREDIT 1 16.66',
      'CASH 2 33.35',
      'CREDIT 2 16.65',
      'CASH 3 0.03',
      'CREDIT 3 0.02',
    ])
  })

  test('a payment of nothing that sets a credit against an invoice is no cash', () => {
    const event = read({
      TotalAmt: '0',
      UnappliedAmt: '0',
      Line: `[${link('Invoice', '1', '80')},${link('CreditMemo', '9', '80')}]`,
    })
    expect(partsOf(event)).toEqual(['CREDIT 1 80.00'])
    expect(event?.state).toBe('LIVE')
  })

  test('a journal entry never makes more cash of it than came in', () => {
    const charge = read({
      UnappliedAmt: '0',
      Line: `[${link('Invoice', '1', '70')},${link('JournalEntry', '5', '30')}]`,
    })
    expect(partsOf(charge)).toEqual(['CASH 1 70.00'])
    const credit = read({
      UnappliedAmt: '0',
      Line: `[${link('Invoice', '1', '130')},${link('JournalEntry', '5', '30')}]`,
    })
    expect(partsOf(credit)).toEqual(['CASH 1 100.00', 'CREDIT 1 30.00'])
  })

  test('it is voided when its note says so and nothing is left of it', () => {
    expect(read({ TotalAmt: '0', PrivateNote: '"Voided - by mistake"', Line: '[]' })?.state).toBe('VOIDED')
    expect(read({ PrivateNote: '"Voided the other one"', Line: '[]' })?.state).toBe('LIVE')
  })

  test('its currency and its method are those that it names', () => {
    const event = read({ CurrencyRef: '{"value":"CAD"}', PaymentMethodRef: '{"value":"3","name":"Check"}' })
    expect(event).toMatchObject({ currency: 'CAD', method: 'Check' })
  })

  test('what is gone is deleted, whatever else is known of it', () => {
    const deletedAt = new Date('2026-03-11T00:00:00Z')
    const event = settlementOf({
      entity: MirrorEntity.PAYMENT,
      quickBooksId: '7',
      raw: '{}',
      deletedAt,
      changedAt: null,
      currency: 'USD',
    })
    expect(event).toMatchObject({ state: 'DELETED', changedAt: deletedAt })
    expect(event && faultOf(event)).toBeNull()
  })

  test.each([
    ['no amount', { TotalAmt: '"much"' }],
    ['no day', { TxnDate: '"soon"' }],
    ['no version', { SyncToken: 'null' }],
    ['fractions of a cent', { TotalAmt: '1.005' }],
  ])('one that has %s is handed on, and not believed', (_, fields) => {
    const event = read(fields)
    expect(event && faultOf(event)).toEqual(expect.any(String))
  })
})

describe('what else settles invoices', () => {
  test('a RefundReceipt gives cash back, of the one invoice that it names', () => {
    const linked = { LinkedTxn: '[{"TxnId":"4","TxnType":"Invoice"}]' }
    expect(partsOf(read(linked, MirrorEntity.REFUND_RECEIPT))).toEqual(['REFUND 4 100.00'])
    expect(partsOf(read({}, MirrorEntity.REFUND_RECEIPT))).toEqual(['REFUND null 100.00'])
  })

  test('a CreditMemo settles nothing by itself, and an invoice is none of it', () => {
    expect(read({}, MirrorEntity.CREDIT_MEMO)).toMatchObject({ kind: 'CREDIT_MEMO', parts: [] })
    expect(read({}, MirrorEntity.INVOICE)).toBeNull()
  })
})
