import { amountText, type Exact, exact, percentOf, text, times, toCents } from './exact-rational.ts'

export type Kind = 'INVOICE' | 'CREDIT_MEMO' | 'REFUND'
export type LedgerName = 'online' | 'desktop'

/** A line as the CRM's table has it. */
export interface RandomLine {
  name: string
  price: string
  quantity: string
  discountPercent: string
  taxable: boolean
}

/** An order as the CRM's tables have it; every number is a text, with all its decimals. */
export interface RandomOrder {
  kind: Kind
  number: string
  invoiceNumber: string
  purchaseOrderNumber: string
  date: string
  dueDate: string
  currency: 'USD' | 'EUR'
  shipping: string
  taxed: boolean
  tax: string
  amount: string
  lines: RandomLine[]
  /** What was made wrong on purpose; null for a consistent order. */
  fault: FaultName | null
  /** What the exact oracle says that it comes to. */
  sums: { total: string; tax: string; discount: string; shipping: string; amounts: string[] }
  /** Per kind of QuickBooks: null when it must be posted, else what its reason must say. */
  refused: Record<LedgerName, RegExp[] | null>
}

/** The rate of the played company files. */
export const TAX_PERCENT = exact(825, 2)

/** Makes orders of which the generator knows whether they are consistent. The same seed gives the same orders. */
export function randomOrders({ seed, count }: { seed: number; count: number }): RandomOrder[] {
  const random = mulberry(seed)
  return Array.from({ length: count }, (_, at) => randomOrder({ random, at }))
}

type Random = () => number
type Draft = Omit<RandomOrder, 'sums' | 'refused' | 'fault' | 'amount' | 'tax'> & { tax: bigint | null }

function randomOrder({ random, at }: { random: Random; at: number }): RandomOrder {
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const kind: Kind = random() < 0.85 ? 'INVOICE' : random() < 0.6 ? 'CREDIT_MEMO' : 'REFUND'
  const taxed = random() < 0.6
  const draft: Draft = {
    kind,
    number: `RND-${100_000 + at}`,
    invoiceNumber: `R${700_000 + at}`,
    purchaseOrderNumber: random() < 0.3 ? `PO-${upTo(99_999)}` : '',
    date: '2026-03-02',
    dueDate: random() < 0.5 ? '2026-04-01' : '2026-03-02',
    currency: 'USD',
    shipping: random() < 0.4 ? amountText(BigInt(upTo(9_999))) : '0.00',
    taxed,
    tax: null,
    lines: Array.from({ length: 1 + upTo(5) }, () => randomLine(random)),
  }
  const fault = random() < 0.3 ? FAULT_NAMES[upTo(FAULT_NAMES.length - 1)]! : null
  if (fault === null) return finished(draft, { fault: null, amount: 0n, refused: { online: null, desktop: null } })
  const { spoil, amount = 0n, refused }: Fault = FAULTS[fault]
  const spoilt = spoil?.(draft) ?? draft
  const both = Array.isArray(refused) ? { online: refused, desktop: refused } : refused
  return finished(spoilt, { fault, amount, refused: both })
}

function randomLine(random: Random): RandomLine {
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const places = upTo(5)
  const price = exact(1 + upTo(10 ** (places + 3)), places)
  const quantity = random() < 0.5 ? exact(1 + upTo(11)) : exact(1 + upTo(9_998), 3)
  const percentPlaces = upTo(4)
  const discount = random() < 0.3 ? exact(upTo(25 * 10 ** percentPlaces), percentPlaces) : exact(0)
  return {
    name: `Ware ${upTo(999)}`,
    price: text(price),
    quantity: text(quantity),
    discountPercent: text(discount),
    taxable: random() < 0.7,
  }
}

/** Works the sums out exactly, line by line, as the CRM does: the tax of each taxable line is rounded for itself. */
function finished(
  draft: Draft,
  { fault, amount, refused }: { fault: FaultName | null; amount: bigint; refused: RandomOrder['refused'] },
): RandomOrder {
  const worked = draft.lines.map(({ price, quantity, discountPercent, taxable }) => {
    const gross = toCents(times(parsed(price), parsed(quantity)))
    const discount = percentOf(gross, parsed(discountPercent))
    return { gross, discount, tax: draft.taxed && taxable ? percentOf(gross - discount, TAX_PERCENT) : 0n }
  })
  const tax = draft.tax ?? worked.reduce((sum, line) => sum + line.tax, 0n)
  const discount = worked.reduce((sum, line) => sum + line.discount, 0n)
  const shipping = toCents(parsed(draft.shipping))
  const total = worked.reduce((sum, line) => sum + line.gross, 0n) - discount + shipping + tax
  return {
    ...draft,
    tax: amountText(tax),
    amount: amountText(total + amount),
    fault,
    refused,
    sums: {
      total: amountText(total),
      tax: amountText(tax),
      discount: amountText(discount),
      shipping: amountText(shipping),
      amounts: worked.map(({ gross }) => amountText(gross)),
    },
  }
}

/** What nobody can read counts as nothing: such an order is refused in any case. */
function parsed(value: string): Exact {
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? []
  return whole === undefined ? exact(0) : { units: BigInt(sign + whole + fraction), scale: fraction.length }
}

interface Fault {
  spoil?: (draft: Draft) => Draft
  /** By how many cents the CRM's own amount is off. */
  amount?: bigint
  refused: RegExp[] | Record<LedgerName, RegExp[] | null>
}

const untaxed = (draft: Draft): Draft => ({ ...draft, taxed: false })
const sale = (draft: Draft): Draft => ({ ...draft, kind: 'INVOICE' })
const firstLine = (draft: Draft, given: Partial<RandomLine>): Draft => ({
  ...draft,
  lines: draft.lines.map((line, at) => (at === 0 ? { ...line, ...given } : line)),
})
/** One good line besides, so that what is wrong with the first is not wrong with all. */
const beside = (draft: Draft): Draft => ({ ...draft, lines: [...draft.lines, { ...PLAIN_LINE }] })
const PLAIN_LINE: RandomLine = { name: 'Plain', price: '10', quantity: '1', discountPercent: '0', taxable: true }
const FINE_BASE = 10_000_000n
const BELL = String.fromCharCode(7)

const FAULTS = {
  'amount off by a cent': { amount: 1n, refused: [/the CRM says that the order comes to -?[\d.]+, and its lines/] },
  'amount off': { amount: -1_234n, refused: [/the CRM says that the order comes to -?[\d.]+, and its lines/] },
  'due before its date': {
    spoil: (draft) => ({ ...sale(draft), dueDate: '2026-03-01' }),
    refused: [/the due date 2026-03-01 is before the invoice date 2026-03-02/],
  },
  'number of 22 characters': {
    spoil: (draft) => ({ ...draft, invoiceNumber: draft.invoiceNumber.padEnd(22, '0') }),
    refused: [/number has 22 characters, (11|21) are allowed/],
  },
  'number of 12 characters': {
    spoil: (draft) => ({ ...draft, invoiceNumber: draft.invoiceNumber.padEnd(12, '0') }),
    refused: { online: null, desktop: [/number has 12 characters, 11 are allowed/] },
  },
  'control character in a name': {
    spoil: (draft) => firstLine(draft, { name: `Oak${BELL}table` }),
    refused: [/description of line 1 has the control character U\+0007/],
  },
  'control character in the memo': {
    spoil: (draft) => ({ ...draft, purchaseOrderNumber: `PO${BELL}1` }),
    refused: [/purchase order number has the control character U\+0007/],
  },
  'negative quantity': {
    spoil: (draft) => beside(firstLine(untaxed(sale(draft)), { quantity: '-2.5' })),
    refused: [/line 1 has the negative quantity -2\.5/],
  },
  'negative price': {
    spoil: (draft) => beside(firstLine(untaxed(sale(draft)), { price: '-10.125' })),
    refused: [/line 1 has the negative price -10\.125/],
  },
  'discount above 100 %': {
    spoil: (draft) => beside(firstLine(untaxed(draft), { discountPercent: '100.01' })),
    refused: [/line 1: its discount of 100\.01 % is not between 0 and 100/],
  },
  'tax and no taxable line': {
    spoil: (draft) => ({
      ...draft,
      taxed: true,
      tax: 825n,
      lines: draft.lines.map((line) => ({ ...line, taxable: false })),
    }),
    refused: [/it has a sales tax of 8\.25, and no line of it is taxable/],
  },
  'tax above what is taxed': {
    spoil: (draft) => ({ ...beside(draft), taxed: true, tax: FINE_BASE * 100n }),
    refused: [/its sales tax 10000000\.00 is more than the [\d.]+ that is taxed/],
  },
  'tax off the rate': {
    // Online takes whatever tax the order has; Desktop computes its own, by the rate of the company.
    spoil: (draft) => ({ ...draft, taxed: true, tax: 4_700n, lines: [{ ...PLAIN_LINE, quantity: '50' }] }),
    refused: { online: null, desktop: [/QuickBooks computes a sales tax of 41\.25 .* the order has 47\.00/] },
  },
  'no lines': { spoil: (draft) => ({ ...untaxed(draft), lines: [] }), refused: [/has no product lines/] },
  'all quantities zero': {
    spoil: (draft) => ({ ...untaxed(draft), lines: draft.lines.map((line) => ({ ...line, quantity: '0' })) }),
    refused: [/have quantity 0/],
  },
  'foreign currency': { spoil: (draft) => ({ ...draft, currency: 'EUR' }), refused: [/EUR.*USD/] },
  'unreadable price': {
    spoil: (draft) => firstLine(untaxed(draft), { price: '12,5x' }),
    refused: [/the price of line 1 cannot be read \("12,5x"\)/],
  },
  'price of six decimals': {
    spoil: (draft) => firstLine(untaxed(draft), { price: '1.234565', quantity: '1000' }),
    refused: { online: null, desktop: [/line 1, price "1\.234565" is not a price of at most five decimals/] },
  },
  'letters beyond Latin-1': {
    spoil: (draft) => firstLine(draft, { name: 'Стол' }),
    refused: { online: null, desktop: [/line 1, description has characters that QuickBooks Desktop cannot store/] },
  },
  'purchase order number of 26 characters': {
    spoil: (draft) => ({ ...draft, purchaseOrderNumber: 'P'.repeat(26) }),
    refused: { online: null, desktop: [/purchase order number has 26 characters, 25 are allowed/] },
  },
  'three faults at once': {
    spoil: (draft) => ({ ...firstLine(sale(draft), { name: `Oak${BELL}` }), dueDate: '2026-03-01' }),
    amount: 7n,
    refused: [
      /the CRM says that the order comes to/,
      /the due date 2026-03-01 is before/,
      /description of line 1 has the control character/,
    ],
  },
} as const satisfies Record<string, Fault>

export type FaultName = keyof typeof FAULTS
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]

/** A small generator of chance, the same on every machine. */
function mulberry(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
