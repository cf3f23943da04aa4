import type { InvoiceDocument } from '../../src/domain/document.ts'
import { LinkKind } from '../../src/domain/link.ts'
import type { LedgerRecord } from '../../src/ledgers/ledger.ts'

/** An order as it is looked for, and the invoice of QuickBooks that it really became; null when it became none. */
export interface LabelledOrder {
  id: string
  story: string
  document: InvoiceDocument
  customerId: string
  itemIds: string[]
  workedOnAt: string[]
  truth: string | null
}

/** A year of a company whose old system numbered as it pleased. */
export interface LabelledWorld {
  orders: LabelledOrder[]
  records: LedgerRecord[]
}

/** How many orders of each story there are in a hundred. */
const STORIES: [story: string, share: number][] = [
  ['as it was posted', 46],
  ['never posted', 12],
  ['never posted, and the shop sold the same that day', 6],
  ['posted, and dated otherwise', 8],
  ['posted, and its lines edited', 6],
  ['posted, and split otherwise at the same total', 4],
  ['one of twins, both posted', 6],
  ['one of twins, the other posted', 4],
  ['entered by hand later', 4],
  ['posted, and its time of work is not known', 4],
]

type Line = { item: number; quantity: number; cents: number }

/** Makes a world of a seed: the same seed, the same world. Amounts are whole cents, written without a float. */
export function labelledWorld({ seed, orders: count }: { seed: number; orders: number }): LabelledWorld {
  const draw = sequence(seed)
  const world: LabelledWorld = { orders: [], records: [] }
  const told = STORIES.flatMap(([story, share]) => Array.from({ length: share }, () => story))
  const regulars = Array.from({ length: 40 }, () => ({ customer: draw(400), lines: someLines(draw) }))
  for (let made = 0; made < count; ) {
    const story = told[draw(told.length)] ?? ''
    // Every third sale is what a regular customer orders each month.
    const regular = draw(3) === 0 ? regulars[draw(regulars.length)] : undefined
    const sale = {
      customer: regular?.customer ?? draw(400),
      lines: regular?.lines ?? someLines(draw),
      day: draw(365),
      second: 30_000 + draw(30_000),
    }
    made += tell({ world, draw, story, sale })
  }
  return world
}

interface Telling {
  world: LabelledWorld
  draw: (below: number) => number
  story: string
  sale: { customer: number; lines: Line[]; day: number; second: number }
}

/** Adds what a story is about to the world; gives how many orders that were. */
function tell({ world, draw, story, sale }: Telling): number {
  const { day, second } = sale
  const created = { day, second: second + draw(400) }
  const post = (how: Partial<Telling['sale']> & { created: typeof created }) => addRecord(world, { ...sale, ...how })
  const order = (truth: string | null, how: Partial<Telling['sale']> = {}) =>
    addOrder(world, { story, sale: { ...sale, ...how }, truth })
  switch (story) {
    case 'never posted':
      return order(null)
    case 'never posted, and the shop sold the same that day':
      // The shop posts in the night, under its own numbers.
      post({ created: { day: day + 3, second: 7_000 + draw(900) } })
      return order(null)
    case 'posted, and dated otherwise':
      return order(post({ created, day: day + 1 + draw(20) }))
    case 'posted, and its lines edited':
      return order(post({ created, lines: edited(sale.lines, draw) }))
    case 'posted, and split otherwise at the same total':
      return order(post({ created, lines: splitOtherwise(sale.lines) }))
    case 'one of twins, both posted': {
      const first = order(post({ created }))
      const later = second + 10_800 + draw(9_000)
      return first + order(post({ created: { day, second: later + draw(400) } }), { second: later })
    }
    case 'one of twins, the other posted': {
      const later = second + 10_800 + draw(9_000)
      return order(post({ created })) + order(null, { second: later })
    }
    case 'entered by hand later':
      return order(post({ created: { day: day + 5 + draw(60), second } }))
    case 'posted, and its time of work is not known': {
      const added = order(post({ created }))
      const last = world.orders.at(-1)
      if (last) last.workedOnAt = []
      return added
    }
    default:
      return order(post({ created }))
  }
}

function addOrder(
  { orders }: LabelledWorld,
  { story, sale, truth }: { story: string; sale: Telling['sale']; truth: string | null },
): number {
  const number = 50_000 + orders.length
  const date = dayText(sale.day)
  const total = centsText(sale.lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0))
  const document: InvoiceDocument = {
    kind: 'INVOICE',
    sourceId: `order-${number}`,
    orderNumber: `ORD-${number}`,
    number: String(number),
    customer: { kind: 'CUSTOMER', sourceId: `account-${sale.customer}`, name: `Customer ${sale.customer}` },
    date,
    currency: 'USD',
    lines: sale.lines.map(({ item, quantity, cents }, index) => ({
      position: index + 1,
      item: { sourceId: `product-${item}`, name: `ITEM-${item}` },
      description: '',
      quantity: String(quantity),
      unitPrice: centsText(cents),
      amount: centsText(quantity * cents),
      discountPercent: '0',
      discountAmount: '0.00',
      taxable: false,
    })),
    ...{ discount: '0.00', shipping: '0.00', tax: '0.00', total },
  }
  const workedOnAt = [`${date}T${clock(sale.second)}Z`]
  const itemIds = sale.lines.map(({ item }) => `I${item}`)
  const customerId = `C${sale.customer}`
  orders.push({ id: document.sourceId, story, document, customerId, itemIds, workedOnAt, truth })
  return 1
}

function addRecord(
  { records }: LabelledWorld,
  sale: Telling['sale'] & { created: { day: number; second: number } },
): string {
  const quickBooksId = `Q${records.length}`
  const total = centsText(sale.lines.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0))
  records.push({
    entity: LinkKind.INVOICE,
    quickBooksId,
    ...{ name: null, active: true, revision: '0' },
    createdAt: `${dayText(sale.created.day)}T${clock(sale.created.second)}Z`,
    sale: {
      number: `S-${records.length}`,
      date: dayText(sale.day),
      customerId: `C${sale.customer}`,
      ...{ dueDate: null, balance: null, voided: false, note: null, termsId: null },
      ...{ total, tax: '0.00', discount: '0.00', shipping: '0.00' },
      lines: sale.lines.map(({ item, quantity, cents }) => ({
        itemId: `I${item}`,
        quantity: String(quantity),
        unitPrice: centsText(cents),
        amount: centsText(quantity * cents),
        taxable: false,
      })),
    },
  })
  return quickBooksId
}

function someLines(draw: (below: number) => number): Line[] {
  return Array.from({ length: 1 + draw(4) }, () => ({
    item: draw(60),
    quantity: 1 + draw(9),
    cents: 500 + draw(40_000),
  }))
}

/** One more of the first line, or one line less. */
function edited(lines: Line[], draw: (below: number) => number): Line[] {
  if (lines.length > 1 && draw(2) === 0) return lines.slice(1)
  return lines.map((line, index) => (index === 0 ? { ...line, quantity: line.quantity + 1 } : line))
}

/** The first line becomes two of the same item, a cent apart from it. */
function splitOtherwise([first, ...others]: Line[]): Line[] {
  if (!first) return []
  const whole = first.quantity * first.cents
  return [{ ...first, quantity: 1, cents: whole - 1 }, { ...first, quantity: 1, cents: 1 }, ...others]
}

function dayText(day: number): string {
  return new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10)
}

function clock(second: number): string {
  return new Date(second * 1000).toISOString().slice(11, 19)
}

function centsText(cents: number): string {
  const text = String(cents).padStart(3, '0')
  return `${text.slice(0, -2)}.${text.slice(-2)}`
}

/** Whole numbers below a bound, by a linear congruence of 48 bits in whole numbers. */
function sequence(seed: number): (below: number) => number {
  let state = (BigInt(seed) * 2_862_933_555_777_941_757n + 3_037_000_493n) & ((1n << 48n) - 1n)
  return (below) => {
    state = (state * 25_214_903_917n + 11n) & ((1n << 48n) - 1n)
    return Number((state >> 17n) % BigInt(below))
  }
}
