import { expect, test } from '@jest/globals'
import type { MappedSale } from '../../src/domain/document.ts'
import type { LedgerSale } from '../../src/ledgers/ledger.ts'
import { chargesApart } from '../../src/sync/charges-apart.ts'
import { saleOf } from '../domain/rules.ts'

const line = (itemId: string, amount: string): LedgerSale['lines'][number] => ({
  ...{ itemId, amount },
  ...{ quantity: null, unitPrice: null, taxable: false },
})
const sale: LedgerSale = {
  ...{ number: '62001', date: '2026-03-01', dueDate: null, customerId: '1', total: '23.74' },
  ...{ tax: '0.73', discount: '0.00', shipping: '0.00', balance: null, voided: false, note: null, termsId: null },
  lines: [
    line('A', '10.00'),
    line('D', '-1.00'),
    line('B', '10.00'),
    line('D', '-1.00'),
    line('S', '5.00'),
    line('R', '0.01'),
  ],
}
const mapped = (charges: MappedSale['charges'], itemIds = ['A', 'B']): MappedSale =>
  ({ kind: 'INVOICE', document: saleOf(), customerId: '1', itemIds, charges }) as MappedSale
const chosen = { DISCOUNT: { id: 'D' }, SHIPPING: { id: 'S' }, TAX_ROUNDING: { id: 'R' } }

test('lines of chosen charge items are taken for what they are', () => {
  expect(chargesApart(sale, mapped(chosen))).toMatchObject({
    ...{ discount: '2.00', shipping: '5.00', tax: '0.74', total: '23.74' },
    lines: [{ itemId: 'A' }, { itemId: 'B' }],
  })
})

test('an item that is sold on the same document stays a line, and what nobody chose does too', () => {
  expect(chargesApart(sale, mapped({ SHIPPING: { id: 'S' } }, ['A', 'S']))).toBe(sale)
  expect(chargesApart(sale, mapped({}))).toBe(sale)
})
