import { lookups, zeroGuid } from '../creatio/lookups.ts'
import type { Random } from '../random.ts'
import { localDay, midnightOf, plusDays } from './calendar.ts'
import type { Buyer, Company, Ware } from './company.ts'
import { decimalText, type Exact, pennyText, percentOfPennies, timesInPennies } from './decimals.ts'
import type { CreatioRow, SeedInvoice } from './seed.ts'

export interface OrderPlan {
  number: string
  invoiceNumber: string
  createdAt: number
  buyer: Buyer
  discounted?: boolean
  unknownCustomer?: boolean
  cancelled?: boolean
  empty?: boolean
  zeroQuantity?: boolean
  hasLogRow: boolean
  quickBooksId?: string
}

export interface MadeOrder {
  order: CreatioRow
  lines: CreatioRow[]
  earners: CreatioRow[]
  /** The invoice that QuickBooks would hold for it, equal to the penny. */
  invoice: Omit<SeedInvoice, 'id'>
  totalPennies: bigint
}

const taxPercent: Exact = { units: 825n, scale: 2 }

/** Makes one order with lines and earners: Amount = Σ gross − Σ discount + shipping + tax, each rounded half up to pennies. */
export function makeOrder({ company, plan }: { company: Company; plan: OrderPlan }): MadeOrder {
  const { random } = company
  const orderId = random.uuid()
  const created = stamp({ milliseconds: plan.createdAt, random })
  const taxed = random.chance(0.6)
  const made = Array.from({ length: plan.empty ? 0 : random.int(1, 4) }, (_, position) =>
    makeLine({ company, plan, orderId, created, taxed, position: position + 1 }),
  )
  const chargesNothing = plan.empty || plan.zeroQuantity
  const shipping = !chargesNothing && random.chance(0.3) ? BigInt(random.int(500, 4500)) : 0n
  const tax = made.reduce((sum, line) => sum + line.tax, 0n)
  const total = made.reduce((sum, line) => sum + line.gross - line.discount, shipping + tax)
  const day = localDay(plan.createdAt)
  const dueDay = plusDays({ day, days: random.pick([0, 15, 30]) })
  const order = orderRow({ company, plan, id: orderId, created, day, dueDay, taxed, money: { shipping, tax, total } })
  const invoice: Omit<SeedInvoice, 'id'> = {
    docNumber: plan.invoiceNumber,
    customerName: plan.buyer.quickBooksName,
    txnDate: day,
    dueDate: dueDay,
    privateNote: plan.number,
    createdAt: isoSeconds(plan.createdAt + 3_600_000),
    lines: made.map(({ invoiceLine }) => invoiceLine),
  }
  if (shipping > 0n) invoice.shipping = { amount: pennyText(shipping) }
  if (tax > 0n) invoice.totalTax = pennyText(tax)
  const lines = made.map(({ row }) => row)
  return { order, lines, earners: earnersOf({ company, orderId, created }), invoice, totalPennies: total }
}

/** An instant as Creatio stores it, with 0, 6 or 7 digits of a second. */
export function stamp({ milliseconds, random }: { milliseconds: number; random: Random }): string {
  const seconds = new Date(milliseconds).toISOString().slice(0, 19)
  const digits = random.pick([0, 6, 7])
  return digits === 0 ? `${seconds}Z` : `${seconds}.${String(random.int(1, 10 ** digits - 1)).padStart(digits, '0')}Z`
}

export function isoSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`
}

function orderRow({
  company: { random, currencyId },
  plan,
  id,
  created,
  day,
  dueDay,
  taxed,
  money,
}: {
  company: Company
  plan: OrderPlan
  id: string
  created: string
  day: string
  dueDay: string
  taxed: boolean
  money: { shipping: bigint; tax: bigint; total: bigint }
}): CreatioRow {
  const { Canceled, Completed, Confirmed } = lookups.OrderStatus
  return {
    Id: id,
    CreatedOn: created,
    ModifiedOn: created,
    Number: plan.number,
    Date: midnightOf(day),
    DueDate: midnightOf(dueDay),
    AccountId: plan.unknownCustomer ? zeroGuid : plan.buyer.accountId,
    ContactId: plan.unknownCustomer ? zeroGuid : plan.buyer.contactId,
    StatusId: plan.cancelled ? Canceled : random.pick([Completed, Confirmed]),
    PaymentStatusId: lookups.OrderPaymentStatus['Not paid'],
    DeliveryStatusId: lookups.OrderDeliveryStatus.Shipped,
    CurrencyId: currencyId,
    CurrencyRate: '1',
    Amount: pennyText(money.total),
    BGQuickBooksId: plan.quickBooksId ?? '',
    BGHasQuickBooksLog: plan.hasLogRow,
    BGHasInvoice: true,
    BGNumberInvoice: plan.invoiceNumber,
    BGInvoiceDate: midnightOf(day),
    BGInvoiceDueDate: midnightOf(dueDay),
    BGShipDate: midnightOf(plusDays({ day, days: random.int(0, 6) })),
    BGShippingCharge: pennyText(money.shipping),
    BGTaxCheckbox: taxed,
    BGTaxAmount: pennyText(money.tax),
    BGPONumber: random.chance(0.5) ? `PO-${random.int(10_000, 99_999)}` : '',
    BGSalesGroupId: random.pick(Object.values(lookups.BGSalesGroup)),
    BGTransactionTypeId: lookups.BGTransactionType.Sales,
    CardNumber: `0000 0000 0000 ${random.int(1000, 9999)}`,
    BankAccount: `SANDBOX-ACCOUNT-${random.int(100_000, 999_999)}`,
  }
}

interface MadeLine {
  row: CreatioRow
  invoiceLine: SeedInvoice['lines'][number]
  gross: bigint
  discount: bigint
  tax: bigint
}

function makeLine({
  company: { random, wares, unitId },
  plan,
  orderId,
  created,
  taxed,
  position,
}: {
  company: Company
  plan: OrderPlan
  orderId: string
  created: string
  taxed: boolean
  position: number
}): MadeLine {
  const ware: Ware = random.pick(wares)
  const quantity = quantityOf({ plan, random })
  const gross = timesInPennies(ware.price, quantity)
  const percent: Exact = { units: plan.discounted && position === 1 ? 125n : 0n, scale: 1 }
  const discount = percentOfPennies({ pennies: gross, percent })
  const taxable = taxed && random.chance(0.8)
  const tax = taxable ? percentOfPennies({ pennies: gross - discount, percent: taxPercent }) : 0n
  const [price, count] = [decimalText(ware.price, 2), decimalText(quantity)]
  // Lines are entered one after another: their creation is the order in which a reader finds them.
  const enteredAt = isoSeconds(Date.parse(created) + position * 1000)
  const row: CreatioRow = {
    Id: random.uuid(),
    CreatedOn: enteredAt,
    ModifiedOn: enteredAt,
    OrderId: orderId,
    ProductId: ware.productId,
    UnitId: unitId,
    Name: ware.name,
    Quantity: count,
    Price: pennyText(timesInPennies(ware.price, { units: 1n, scale: 0 })),
    Amount: pennyText(gross),
    DiscountPercent: decimalText(percent),
    DiscountAmount: pennyText(discount),
    TaxAmount: pennyText(tax),
    TotalAmount: pennyText(gross - discount + tax),
    BGItemPrice: price,
    BGItemQuantity: count,
    BGItemDiscount: decimalText(percent),
    BGTaxable: taxable,
    Position: position,
  }
  const invoiceLine = {
    itemName: ware.code,
    description: ware.name,
    quantity: count,
    unitPrice: price,
    amount: pennyText(gross),
    taxable,
  }
  return { row, invoiceLine, gross, discount, tax }
}

/** Whole numbers mostly, every tenth with up to three places, never below one unless the order is to have none. */
function quantityOf({ plan, random }: { plan: OrderPlan; random: Random }): Exact {
  if (plan.zeroQuantity) return { units: 0n, scale: 0 }
  if (random.chance(0.1)) return { units: BigInt(random.int(1001, 9999)), scale: 3 }
  return { units: BigInt(random.int(1, 12)), scale: 0 }
}

function earnersOf({
  company,
  orderId,
  created,
}: {
  company: Company
  orderId: string
  created: string
}): CreatioRow[] {
  const { random, salesReps } = company
  const first = random.int(0, salesReps.length - 1)
  const rates = random.chance(0.1) ? ['6', '4'] : [random.pick(['10', '12.5', '20'])]
  return rates.map((rate, at) => ({
    Id: random.uuid(),
    CreatedOn: created,
    ModifiedOn: created,
    BGOrderId: orderId,
    BGSalesRepId: salesReps[(first + at) % salesReps.length] ?? zeroGuid,
    BGCommissionRate: rate,
  }))
}
