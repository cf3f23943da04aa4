import { describe, expect, test } from '@jest/globals'
import { parseProfile } from '../../src/creatio/profile.ts'
import { readOrder } from '../../src/creatio/read-order.ts'
import { toDocument } from '../../src/creatio/to-document.ts'
import type { Charge, ChargeRole, MappedSale, SalesDocument } from '../../src/domain/document.ts'
import { reasonOf } from '../../src/domain/reason.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { openQuickBooksDesktop } from '../../src/ledgers/quickbooks-desktop/ledger.ts'
import { openQuickBooksOnline } from '../../src/ledgers/quickbooks-online/ledger.ts'
import { refusalOf } from '../../src/sync/validate.ts'
import { amountText, exact, percentOf, read, times, toCents } from './exact-rational.ts'
import { FAULT_NAMES, type LedgerName, type RandomOrder, randomOrders, TAX_PERCENT } from './random-orders.ts'
import { answeredRows } from './random-orders-crm.ts'

const ORDERS = 600
const SEED = 20_261_121
const profile = parseProfile({ order: { amount: 'Amount' } })
const at = { profile, timeZone: 'America/New_York' }

const nobody = () => Promise.reject(new Error('nobody is asked'))
const client = { clientId: '', clientSecret: '', redirectUri: '', tokenUrl: '', authorizeUrl: '', revokeUrl: '' }
const now = () => new Date('2026-03-02T12:00:00Z')
const LEDGERS: Record<LedgerName, Ledger> = {
  online: openQuickBooksOnline({
    ...{ realmId: '', apiUrl: '', oauth: client, vault: { read: nobody, renew: nobody }, now },
    ...{ random: () => 0.5, sleep: nobody },
  }),
  desktop: openQuickBooksDesktop({ expected: nobody, now }),
}

/** With every name found, and the rate that the oracle used. */
function mappedFor(document: SalesDocument, ledger: Ledger): MappedSale {
  const charges: Partial<Record<ChargeRole, Charge>> = {}
  for (const need of ledger.needs(document)) {
    if ('charge' in need) charges[need.role] = need.charge
    else if ('name' in need)
      charges[need.role] = { id: need.name, ...(need.role === 'SALES_TAX' ? { ratePercent: '8.25' } : {}) }
  }
  const itemIds = document.lines.map(({ item }) => item.name)
  return { kind: document.kind, document, customerId: 'Alder', itemIds, charges } as MappedSale
}

/** What the program makes of an order: its document, or the sentence of its refusal. */
function judged(order: RandomOrder, ledger: Ledger): { document: SalesDocument } | { refusal: string } {
  const reading = toDocument(readOrder({ ...answeredRows(order), profile }), at)
  if (reading.kind !== 'document') return { refusal: reasonOf(reading.reason, reading.detail).sentence }
  const { document } = reading
  const rules = { connection: { currency: 'USD' }, limits: ledger.limits, problems: ledger.problems }
  const mapped = mappedFor(document, ledger)
  const refusal = refusalOf(document, { rules, mapped })
  if (refusal) return { refusal: reasonOf(refusal.code, refusal.detail).sentence }
  // What is in order can be written.
  ledger.encode(mapped)
  return { document }
}

describe('random orders, of which an exact oracle knows the sums', () => {
  const orders = randomOrders({ seed: SEED, count: ORDERS })

  test('hold every kind of document and every fault', () => {
    expect(new Set(orders.map(({ kind }) => kind))).toEqual(new Set(['INVOICE', 'CREDIT_MEMO', 'REFUND']))
    expect(new Set(orders.map(({ fault }) => fault))).toEqual(new Set([null, ...FAULT_NAMES]))
  })

  test.each(['online', 'desktop'] as const)(
    'the consistent ones are made into documents equal to the penny for QuickBooks %s, and the others are refused with the right reason',
    (name) => {
      for (const order of orders) {
        const found = judged(order, LEDGERS[name])
        const expected = order.refused[name]
        if (expected === null) {
          expect({ order, found }).toEqual({ order, found: { document: expect.objectContaining(documentOf(order)) } })
        } else {
          const sentence = 'refusal' in found ? found.refusal : 'it was not refused'
          for (const words of expected) expect(`${order.fault}: ${sentence}`).toMatch(words)
        }
      }
    },
  )
})

function documentOf({ kind, invoiceNumber, sums, lines }: RandomOrder): Partial<SalesDocument> {
  const { total, tax, discount, shipping, amounts } = sums
  const parts = lines.map((_, index) => expect.objectContaining({ amount: amounts[index] }))
  return {
    kind,
    number: invoiceNumber,
    total,
    tax,
    discount,
    shipping,
    lines: parts as unknown as SalesDocument['lines'],
  }
}

describe('the oracle', () => {
  test.each([
    ['1.005', '1.01'],
    ['-1.005', '-1.01'],
    ['1.00499999', '1.00'],
    ['0.004', '0.00'],
  ])('rounds %s to %s', (value, cents) => {
    expect(amountText(toCents(read(value)))).toBe(cents)
  })

  test('multiplies and takes percentages without losing anything', () => {
    expect(toCents(times(read('1.23455'), read('1.001')))).toBe(124n)
    expect(percentOf(10_001n, TAX_PERCENT)).toBe(825n)
    expect(percentOf(20_000n, exact(25_125, 4))).toBe(503n)
  })

  test('gives the same orders for the same seed', () => {
    expect(randomOrders({ seed: 7, count: 20 })).toEqual(randomOrders({ seed: 7, count: 20 }))
    expect(randomOrders({ seed: 7, count: 20 })).not.toEqual(randomOrders({ seed: 8, count: 20 }))
  })
})
