import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { CrmOrder } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { toDocument } from '../../src/creatio/to-document.ts'
import { contentHash, type InvoiceDocument } from '../../src/domain/document.ts'
import { crmLine, crmOrder } from './crm-order.ts'

const at = { profile: parseProfile(), timeZone: 'America/New_York' }

function documentOf(order: CrmOrder, args = at): InvoiceDocument {
  const reading = toDocument(order, args)
  if (reading.kind !== 'document' || reading.document.kind !== 'INVOICE')
    throw new Error(`No document: ${JSON.stringify(reading)}`)
  return reading.document
}

describe('eligibility', () => {
  const zero = crmLine({ quantity: '0' })
  test.each<[string, Partial<CrmOrder>, string, string]>([
    [
      'a cancelled order',
      { status: { id: '33333333-3333-4333-8333-333333333333', name: 'CANCELED' } },
      'not-eligible',
      'ORDER_CANCELLED',
    ],
    ['an order without lines', { lines: [] }, 'not-eligible', 'ORDER_EMPTY'],
    ['an order whose lines all have quantity 0', { lines: [zero, zero] }, 'not-eligible', 'ORDER_ALL_ZERO'],
    [
      'a credit memo without an account',
      { transactionTypeId: 'c26d3478-7ac1-49e9-97f9-1c0809552f1f', account: null },
      'invalid',
      'CUSTOMER_NOT_FOUND',
    ],
    [
      'an unknown transaction type',
      { transactionTypeId: '99999999-9999-4999-8999-999999999999' },
      'invalid',
      'TRANSACTION_TYPE_UNSUPPORTED',
    ],
    ['an order without an account', { account: null }, 'invalid', 'CUSTOMER_NOT_FOUND'],
    ['an order without a date', { date: null, invoiceDate: null }, 'invalid', 'DOCUMENT_INVALID'],
    ['an order without a currency', { currency: null }, 'invalid', 'DOCUMENT_INVALID'],
    ['an order without a number', { number: null }, 'invalid', 'DOCUMENT_INVALID'],
    [
      'a price that no ledger keeps',
      { lines: [crmLine({ price: '99999999999999999999' })] },
      'invalid',
      'DOCUMENT_INVALID',
    ],
    ['a line without a quantity', { lines: [crmLine({ quantity: null })] }, 'invalid', 'DOCUMENT_INVALID'],
  ])('%s makes no invoice', (_, order, kind, reason) => {
    expect(toDocument(crmOrder(order), at)).toMatchObject({ kind, reason })
  })

  test('the status that means cancelled is configuration, by id or by name', () => {
    const order = crmOrder({ status: { id: '33333333-3333-4333-8333-333333333333', name: 'Storniert' } })
    expect(toDocument(order, at).kind).toBe('document')
    for (const rule of [
      { cancelledStatusNames: ['storniert'] },
      { cancelledStatusIds: ['33333333-3333-4333-8333-333333333333'] },
    ]) {
      const profile = parseProfile({ order: rule })
      expect(toDocument(order, { ...at, profile })).toMatchObject({
        reason: 'ORDER_CANCELLED',
        detail: { orderNumber: 'ORD-1' },
      })
    }
  })

  test('everything that is wrong is named in one sentence', () => {
    const lines = [
      crmLine({ quantity: '0' }),
      crmLine({ price: null, product: null }),
      crmLine({ product: { id: 'x', code: null } }),
    ]
    const reading = toDocument(
      crmOrder({ lines, currency: null, unreadable: [{ what: 'the tax amount', given: '12,50' }] }),
      at,
    )
    expect(reading).toEqual({
      kind: 'invalid',
      sale: 'INVOICE',
      reason: 'DOCUMENT_INVALID',
      detail: {
        orderNumber: 'ORD-1',
        problems:
          'the tax amount cannot be read ("12,50"); the currency is missing; the price of line 2 is missing; the product of line 2 is missing; the product code of line 3 is missing.',
        problemList: [
          {
            field: 'tax amount',
            value: '12,50',
            problem: 'the tax amount cannot be read ("12,50")',
            remedy: 'Correct the tax amount in the CRM.',
          },
          expect.objectContaining({ field: 'currency', value: null, remedy: 'Fill in the currency in the CRM.' }),
          expect.objectContaining({ field: 'price of line 2' }),
          expect.objectContaining({ field: 'product of line 2' }),
          expect.objectContaining({ field: 'product code of line 3' }),
        ],
      },
    })
  })

  test('the amount that the CRM itself states is carried along only where it contradicts the lines', () => {
    const stated = (amount: string | null) => {
      const reading = toDocument(crmOrder({ amount }), at)
      return reading.kind === 'document' ? reading.document : null
    }
    const total = stated(null)?.total ?? ''
    expect(stated(total)).toEqual(stated(null))
    expect(stated(`${total}499`)).toEqual(stated(null))
    expect(stated('0.01')).toEqual({ ...stated(null), statedTotal: '0.01' })
  })
})

describe('the invoice', () => {
  test('carries what the CRM says, once each', () => {
    const document = documentOf(
      crmOrder({
        dueDate: '2026-02-14T05:00:00Z',
        shipDate: '2026-01-16T05:00:00Z',
        purchaseOrderNumber: 'PO 77',
        taxed: true,
        tax: '8.25',
        shipping: '12.5',
        contact: { id: 'c', email: 'orders@juniper.example', phone: '555-0100' },
        lines: [
          crmLine({ price: '100', quantity: '2', discountPercent: '10' }),
          crmLine({ quantity: '0' }),
          crmLine({ taxable: false }),
        ],
      }),
    )
    expect(document).toMatchObject({
      orderNumber: 'ORD-1',
      number: '62046',
      date: '2026-01-15',
      dueDate: '2026-02-14',
      shipDate: '2026-01-16',
      purchaseOrderNumber: 'PO 77',
      currency: 'USD',
      discount: '20.00',
      shipping: '12.50',
      tax: '8.25',
      total: '210.75',
    })
    expect(
      document.lines.map(({ position, amount, discountAmount, taxable }) => [
        position,
        amount,
        discountAmount,
        taxable,
      ]),
    ).toEqual([
      [1, '200.00', '20.00', true],
      [2, '10.00', '0.00', false],
    ])
    expect(document.customer).toMatchObject({
      name: 'Juniper & Sons',
      email: 'orders@juniper.example',
      phone: '555-0100',
    })
  })

  test('bears the invoice number, else the order number, unless the profile rules otherwise', () => {
    const plain = crmOrder({ invoiceNumber: null })
    expect(documentOf(plain).number).toBe('ORD-1')
    const only = { ...at, profile: parseProfile({ order: { documentNumber: 'invoice-number' } }) }
    expect(toDocument(plain, only)).toMatchObject({ reason: 'DOCUMENT_INVALID' })
    const byOrder = { ...at, profile: parseProfile({ order: { documentNumber: 'order-number' } }) }
    expect(documentOf(crmOrder(), byOrder).number).toBe('ORD-1')
  })

  test('has the order date where no invoice date is set', () => {
    expect(documentOf(crmOrder({ invoiceDate: null })).date).toBe('2026-01-01')
  })

  test('has no tax, and no taxed line, when the tax box of the order is not ticked', () => {
    const document = documentOf(crmOrder({ taxed: false, tax: '8.25' }))
    expect(document).toMatchObject({ tax: '0.00', total: '10.00' })
    expect(document.lines[0]?.taxable).toBe(false)
  })

  test('takes the discount at full precision: pennies do not drift', () => {
    const document = documentOf(crmOrder({ lines: [crmLine({ price: '20000', discountPercent: '33.3333' })] }))
    expect(document.lines[0]).toMatchObject({ discountPercent: '33.3333', discountAmount: '6666.66' })
    expect(document.total).toBe('13333.34')
  })

  test('rounds halves away from zero and keeps the sign of a return', () => {
    const lines = [crmLine({ price: '0.05', quantity: '0.5' }), crmLine({ price: '0.05', quantity: '-0.5' })]
    const document = documentOf(crmOrder({ lines }))
    expect(document.lines.map(({ amount }) => amount)).toEqual(['0.03', '-0.03'])
    expect(document.total).toBe('0.00')
  })

  test('lists the customer under its QuickBooks name where the CRM has one', () => {
    const account = {
      ...crmOrder().account!,
      quickBooksName: 'Juniper:East',
      street: '1 Elm St\r\n\r\nSuite 2',
      city: 'Troy',
    }
    expect(documentOf(crmOrder({ account })).customer).toMatchObject({
      name: 'Juniper:East',
      companyName: 'Juniper & Sons',
      billing: { lines: ['1 Elm St', 'Suite 2'], city: 'Troy' },
    })
  })

  test('is the same content for the same order, and other content when a penny changes', () => {
    const changed = crmOrder({ lines: [crmLine({ price: '10.01' })] })
    expect(contentHash(documentOf(crmOrder()))).toBe(contentHash(documentOf(crmOrder())))
    expect(contentHash(documentOf(changed))).not.toBe(contentHash(documentOf(crmOrder())))
  })
})

describe('sums', () => {
  const scaled = (args: { min: bigint; max: bigint; places: number }) =>
    fc.bigInt({ min: args.min, max: args.max }).map((units) => ({ units, places: args.places }))
  const line = fc.record({
    price: scaled({ min: 0n, max: 10n ** 9n, places: 4 }),
    quantity: scaled({ min: -(10n ** 6n), max: 10n ** 7n, places: 3 }).filter(({ units }) => units !== 0n),
    percent: scaled({ min: 0n, max: 1_000_000n, places: 4 }),
  })

  test('equal those of whole-number arithmetic, to the penny, for any order', () => {
    const orders = fc.record({
      lines: fc.array(line, { minLength: 1, maxLength: 20 }),
      shipping: scaled({ min: 0n, max: 10n ** 6n, places: 2 }),
      tax: scaled({ min: 0n, max: 10n ** 6n, places: 2 }),
      taxed: fc.boolean(),
    })
    fc.assert(
      fc.property(orders, ({ lines, shipping, tax, taxed }) => {
        const document = documentOf(
          crmOrder({
            lines: lines.map((each) =>
              crmLine({ price: text(each.price), quantity: text(each.quantity), discountPercent: text(each.percent) }),
            ),
            shipping: text(shipping),
            tax: text(tax),
            taxed,
          }),
        )
        let cents = shipping.units + (taxed ? tax.units : 0n)
        for (const [index, { price, quantity, percent }] of lines.entries()) {
          const amount = halfUp(price.units * quantity.units, 10n ** 5n)
          const discount = halfUp(amount * percent.units, 10n ** 6n)
          expect(document.lines[index]).toMatchObject({
            amount: centsText(amount),
            discountAmount: centsText(discount),
          })
          cents += amount - discount
        }
        expect(document.total).toBe(centsText(cents))
      }),
      { numRuns: 300 },
    )
  })
})

/** Divides and rounds halves away from zero, in whole numbers. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator
  const rounded = (2n * size + denominator) / (2n * denominator)
  return numerator < 0n ? -rounded : rounded
}

function text({ units, places }: { units: bigint; places: number }): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`
}

function centsText(cents: bigint): string {
  return text({ units: cents, places: 2 })
}

describe('what takes an invoice back', () => {
  const transactionTypeId = 'c26d3478-7ac1-49e9-97f9-1c0809552f1f'
  const corrected = { id: '55555555-5555-4555-8555-555555555555', number: '62001' }
  const given = (order: Partial<CrmOrder>) => toDocument(crmOrder({ transactionTypeId, ...order }), at)

  test('is a credit memo that names the invoice of the order it corrects', () => {
    expect(given({ corrected })).toMatchObject({
      kind: 'document',
      document: {
        kind: 'CREDIT_MEMO',
        number: '62046',
        total: '10.00',
        corrects: { kind: 'INVOICE', sourceId: corrected.id, number: '62001' },
      },
    })
    expect(given({})).toMatchObject({ document: { kind: 'CREDIT_MEMO', corrects: null } })
  })

  test('is a refund when its payment status says that the money went back', () => {
    const status = (name: string) => ({ paymentStatus: { id: corrected.id, name } })
    expect(given(status('REFUNDED'))).toMatchObject({ document: { kind: 'REFUND' } })
    expect(given(status('Paid'))).toMatchObject({ document: { kind: 'CREDIT_MEMO' } })
  })

  test.each([
    ['negative quantities', { quantity: '-2', price: '5' }],
    ['negative prices', { quantity: '2', price: '-5' }],
    ['no sign at all', { quantity: '2', price: '5' }],
  ])('says how much is credited without a sign, entered with %s', (_, line) => {
    const reading = given({ lines: [crmLine(line)], taxed: true, tax: '-0.83', shipping: '-3' })
    const tax = line.quantity === '2' && line.price === '5' ? '-0.83' : '0.83'
    expect(reading).toMatchObject({ document: { lines: [{ quantity: '2', unitPrice: '5', amount: '10.00' }], tax } })
  })

  test('with mixed signs keeps them, so that it is refused and not guessed at', () => {
    const reading = given({ lines: [crmLine({ quantity: '-1' }), crmLine({ quantity: '2' })] })
    expect(reading).toMatchObject({ document: { lines: [{ quantity: '-1' }, { quantity: '2' }] } })
  })

  test('does not have the due date or the terms of an invoice', () => {
    const reading = given({ dueDate: '2026-02-01T05:00:00Z' })
    expect(reading.kind === 'document' && Object.keys(reading.document)).not.toContain('dueDate')
  })
})
