import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import type { Fields } from '../scenario/books.ts'
import { openStory, type Story } from '../scenario/road.ts'
import { amountText, read, toCents } from '../simulation/exact-rational.ts'
import { type LedgerName, type RandomOrder, randomOrders } from '../simulation/random-orders.ts'
import { lineColumns, orderColumns } from '../simulation/random-orders-crm.ts'
import { type Figure, say } from './figures.ts'

const EUR_AND_USD = ['USD', 'EUR'] as const
const REFUNDED = 'Refunded'
const WRITES_AT_ONCE = 24
const ROUNDS_MAX = 400

/**
 * Random orders go from the CRM's tables through the whole road into one kind of QuickBooks. What QuickBooks itself then
 * holds, and what the refused ones were told, is compared with what the exact oracle knows.
 */
export async function measureRandomOrders(args: {
  kind: LedgerKind
  orders: number
  seed: number
}): Promise<{ figures: Figure[]; wrong: string[] }> {
  const { kind, orders: count, seed } = args
  const name: LedgerName = kind === LedgerKind.QUICKBOOKS_DESKTOP ? 'desktop' : 'online'
  const orders = randomOrders({ seed, count })
  const story = await openStory({ kind, counts: { pending: count }, profile: { order: { amount: 'Amount' } } })
  try {
    const from = Date.now()
    await openDiscounts(story)
    const ids = await enter(story, orders)
    say(`${count} random orders entered in the CRM (seed ${seed}) in ${Math.round((Date.now() - from) / 1000)} s`)
    const posting = Date.now()
    // A poll reads a part of a long log, and the next one goes on from there.
    for (let round = 0; round < ROUNDS_MAX && (await settled(story)) < count; round += 1) {
      await story.pass(60)
      await story.poll()
    }
    say(`all at rest in ${name} after ${Math.round((Date.now() - posting) / 1000)} s`)
    const wrong = await judge({ story, orders, ids, name })
    const consistent = orders.filter(({ refused }) => refused[name] === null).length
    return {
      wrong,
      figures: [
        {
          name: `random orders that do not stand in ${name} as the oracle says, or were refused wrongly`,
          measured: wrong.length,
          unit: `of ${count}`,
          goal: { atMost: 0 },
        },
        {
          name: `consistent ones among them, posted to the penny in ${name}`,
          measured: consistent - wrong.filter((words) => words.startsWith('consistent')).length,
          unit: `of ${count}`,
          goal: { atLeast: consistent },
        },
      ],
    }
  } finally {
    await story.end()
  }
}

/** The incident's world lacks what discounts are booked to, in both kinds of QuickBooks: the accountant makes it. */
async function openDiscounts({ books }: Story): Promise<void> {
  const [account] = (await books.records('qbo.Account')).filter(({ AccountType }) => AccountType === 'Income')
  const called = { Name: 'Discount', FullyQualifiedName: 'Discount', AccountSubType: 'DiscountsRefundsGiven' }
  if (account) await books.put('qbo.Account', { ...account, ...called, Id: '900' })
  const [item] = (await books.records('quickbooksDesktop.items')).filter(({ Name }) => Name === 'Shipping')
  if (!item) return
  const { SalesOrPurchase, ...rest } = item
  const { AccountRef } = SalesOrPurchase as Part
  const taxable = (await books.records('quickbooksDesktop.salesTaxCodes')).find(({ Name }) => Name === 'Tax')
  const id = '8000FFFF-1665653526'
  await books.put('quickbooksDesktop.items', {
    ...rest,
    ...{ Id: id, ListID: id, kind: 'ItemDiscountRet', Name: 'Discount', FullName: 'Discount' },
    ...{ SalesTaxCodeRef: { ListID: taxable?.ListID, FullName: 'Tax' }, DiscountRate: '0.00', AccountRef },
  })
}

/**
 * Puts the figures of random orders in the place of the world's own: the tables are written to as by direct SQL. Gives the
 * CRM's id of each.
 */
async function enter(story: Story, orders: RandomOrder[]): Promise<string[]> {
  const { books } = story
  const [crmOrders, lines] = [await books.orders(), await books.records('creatio.OrderProduct')]
  const account = await books.giveTo([], 'known')
  const productIds = [...new Set(lines.map(({ ProductId }) => String(ProductId)))]
  const pattern = lines[0]!
  const currencies = await books.records('creatio.Currency')
  const [usd, eur] = EUR_AND_USD.map((name) => currencies.find(({ ShortName }) => ShortName === name)?.Id)
  const refunded = await statusOfRefunds(story)
  await sideBySide(lines, ({ Id }) => books.remove('creatio.OrderProduct', Id))
  const paired = orders.map((order, at) => ({ order, crm: crmOrders[at]!, at }))
  await sideBySide(paired, async ({ order, crm, at }) => {
    await books.change('creatio.Order', crm.Id, {
      ...orderColumns(order),
      AccountId: account.Id,
      CurrencyId: order.currency === 'EUR' ? eur : usd,
      ...(order.kind === 'REFUND' ? { PaymentStatusId: refunded } : {}),
    })
    for (const [place, line] of order.lines.entries()) {
      await books.put('creatio.OrderProduct', {
        ...pattern,
        Id: randomUUID(),
        ...lineColumns(line),
        OrderId: crm.Id,
        ProductId: productIds[(at + place) % productIds.length],
        Position: place + 1,
        CreatedOn: new Date(Date.UTC(2026, 2, 2, 0, 0, place)).toISOString(),
      })
    }
  })
  return paired.map(({ crm }) => crm.Id)
}

/** A status of the site's own, if it has none of this name yet. */
async function statusOfRefunds({ books }: Story): Promise<string> {
  const statuses = await books.records('creatio.OrderPaymentStatus')
  const known = statuses.find(({ Name }) => Name === REFUNDED)?.Id
  const id = known ?? randomUUID()
  if (!known) await books.put('creatio.OrderPaymentStatus', { ...statuses[0], Id: id, Name: REFUNDED })
  return id
}

async function sideBySide<T>(all: T[], work: (one: T) => Promise<unknown>): Promise<void> {
  let at = 0
  const worker = async () => {
    for (let one = all[at++]; one !== undefined; one = all[at++]) await work(one)
  }
  await Promise.all(Array.from({ length: WRITES_AT_ONCE }, worker))
}

const RESTING = ['PROCESSED', 'FAILED', 'SKIPPED', 'MISMATCHED', 'CANCELLED']

async function settled({ database }: Story): Promise<number> {
  const [row] = await database.rows(sql<{ count: number }>`
    select count(*)::int as count from posting where kind <> 'CUSTOMER' and state = any(${RESTING}::text[])`)
  return row?.count ?? 0
}

interface Booked {
  total: bigint
  tax: bigint
}

/** Each order that is not as the oracle says, in words. */
async function judge(args: {
  story: Story
  orders: RandomOrder[]
  ids: string[]
  name: LedgerName
}): Promise<string[]> {
  const { story, orders, ids, name } = args
  const postings = new Map(
    (await story.books.postings()).filter(({ kind }) => kind !== 'CUSTOMER').map((one) => [one.sourceId, one]),
  )
  const booked = name === 'online' ? await bookedOnline(story) : await bookedDesktop(story)
  return orders.flatMap((order, at) => {
    // The played CRM itself cannot give a number that is none: such an order is set aside by its name alone.
    const expected = order.fault === 'unreadable price' ? [/cannot be read/] : order.refused[name]
    const found = booked.get(order.invoiceNumber) ?? []
    const posting = postings.get(ids[at] ?? '')
    const fault = expected === null ? notEqual({ order, posting, found }) : notRefused({ expected, posting, found })
    const kind = expected === null ? 'consistent' : 'inconsistent'
    return fault === null ? [] : [`${kind} ${order.number} (${order.kind}, ${order.fault ?? 'no fault'}): ${fault}`]
  })
}

function notEqual(args: { order: RandomOrder; posting: Posting | undefined; found: Booked[] }): string | null {
  const { order, posting, found } = args
  if (posting?.state !== 'PROCESSED') return `its posting is ${posting?.state}: ${posting?.reason?.sentence}`
  const [one] = found
  if (one === undefined || found.length > 1) return `QuickBooks has ${found.length} records of it`
  const { total, tax } = order.sums
  const [theirTotal, theirTax] = [amountText(one.total), amountText(one.tax)]
  return theirTotal === total && theirTax === tax
    ? null
    : `QuickBooks has ${theirTotal} with a tax of ${theirTax}, the oracle ${total} with ${tax}`
}

function notRefused(args: { expected: RegExp[]; posting: Posting | undefined; found: Booked[] }): string | null {
  const { expected, posting, found } = args
  if (found.length > 0) return 'QuickBooks has it'
  if (posting?.state !== 'FAILED' && posting?.state !== 'SKIPPED') return `its posting is ${posting?.state}`
  const sentence = posting.reason?.sentence ?? ''
  return expected.every((words) => words.test(sentence)) ? null : `it was told "${sentence}"`
}

type Part = Record<string, unknown>

async function bookedOnline({ books }: Story): Promise<Map<string, Booked[]>> {
  const tables = ['qbo.Invoice', 'qbo.CreditMemo', 'qbo.RefundReceipt']
  const records = (await Promise.all(tables.map((table) => books.records(table)))).flat()
  return byNumber(records, (record) => ({
    number: String(record.DocNumber),
    total: cents(record.TotalAmt),
    tax: cents((record.TxnTaxDetail as Part | undefined)?.TotalTax),
  }))
}

/** What QuickBooks' own tax differs by stands in a line of an item of its own, which is tax as well. */
async function bookedDesktop({ books }: Story): Promise<Map<string, Booked[]>> {
  const tables = ['quickbooksDesktop.invoices', 'quickbooksDesktop.creditMemos']
  const records = (await Promise.all(tables.map((table) => books.records(table)))).flat()
  return byNumber(records, (record) => {
    const lines = [record.InvoiceLineRet, record.CreditMemoLineRet].flatMap((of) => (of ?? []) as Part[])
    const rounding = lines.filter(({ ItemRef }) => (ItemRef as Part | undefined)?.FullName === 'Sales tax rounding')
    const tax = cents(record.SalesTaxTotal)
    return {
      number: String(record.RefNumber),
      total: cents(record.Subtotal) + tax,
      tax: rounding.reduce((sum, { Amount }) => sum + cents(Amount), tax),
    }
  })
}

function byNumber(records: Fields[], read: (record: Fields) => Booked & { number: string }): Map<string, Booked[]> {
  const made = records.map(read)
  return Map.groupBy(made, ({ number }) => number) as Map<string, Booked[]>
}

/** A number as the sandbox keeps it: text, or a literal that JSON must not touch. */
function cents(value: unknown): bigint {
  const isLiteral = typeof value === 'object' && value !== null && 'rawJSON' in value
  return toCents(read(String((isLiteral ? value.rawJSON : value) ?? '0')))
}
