import { expect, test } from '@jest/globals'
import { shownDocument } from '../../src/domain/shown-document.ts'
import { aCreditMemo, aCustomer, anInvoice, aPayment, aVoid } from '../contract/documents.ts'

const of = { number: '61000', records: { customerId: '11', itemIds: ['21', '22'] as [string, string], charges: {} } }
const NOTHING = {
  ...{ customer: null, date: null, dueDate: null, purchaseOrderNumber: null, currency: null },
  ...{ discount: null, shipping: null, tax: null, total: null, lines: [] },
}

test('an invoice is shown with all that it says, its lines with the names of their items', () => {
  expect({ ...shownDocument(anInvoice(of).document) }).toEqual({
    ...{ kind: 'INVOICE', number: '61000', customer: 'Alder Interiors', date: '2026-11-02', dueDate: '2026-12-02' },
    ...{ purchaseOrderNumber: '4711', currency: 'USD' },
    ...{ discount: '34.55', shipping: '25.00', tax: '80.25', total: '1305.25' },
    lines: [
      expect.objectContaining({ position: 1, item: 'TABLE-OAK', quantity: '3', unitPrice: '411.5', amount: '1234.50' }),
      expect.objectContaining({ position: 2, item: 'CUT', taxable: false, amount: '0.05' }),
    ],
  })
})

test('what a kind does not say is null: a credit memo is due on no day, a payment has no lines, a void is only a number', () => {
  expect(shownDocument(aCreditMemo(of).document)).toMatchObject({
    kind: 'CREDIT_MEMO',
    dueDate: null,
    total: '1305.25',
  })
  const applications = [{ invoiceId: '1', amount: '5.00' }]
  const payment = aPayment({ ...of, number: 'CHQ-1', amount: '5.00', applications } as Parameters<typeof aPayment>[0])
  expect({ ...shownDocument(payment.document) }).toEqual({
    ...NOTHING,
    ...{
      kind: 'PAYMENT',
      number: 'CHQ-1',
      customer: 'Alder Interiors',
      date: '2026-11-12',
      currency: 'USD',
      total: '5.00',
    },
  })
  const voided = aVoid({ kind: 'INVOICE', number: '61000', targetId: '7', revision: '1' })
  expect({ ...shownDocument(voided.document) }).toEqual({ ...NOTHING, kind: 'VOID', number: '61000' })
})

test('a customer is no document that is shown', () => {
  expect(() => shownDocument(aCustomer('Alder Interiors').document)).toThrow(TypeError)
})
