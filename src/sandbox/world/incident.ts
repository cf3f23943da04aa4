import { lookups } from '../creatio/lookups.ts'
import { type Company, makeCompany } from './company.ts'
import { decimalText, exactOf, pennyText, timesInPennies } from './decimals.ts'
import { type IncidentCounts, unpostedDeletes } from './incident-counts.ts'
import { isoSeconds, type MadeOrder, makeOrder, type OrderPlan, stamp } from './order.ts'
import type { CreatioRow, SeedInvoice, SeedPayment, WorldHalves } from './seed.ts'

type Group = keyof IncidentCounts
type StatusName = keyof typeof lookups.BGQuickBooksIntegrationStatus

const hour = 3_600_000
/** When the old orders begin, unless it is said. */
const firstOldOrder = '2023-08-14T14:00:00Z'
const lastOldOrder = Date.parse('2026-01-16T21:00:00Z')
const customers = 120
const customersInQuickBooks = 90

/** What each group of orders is like: the status of its log row, how long ago it began at most, and what is odd about it. */
const groups: Partial<Record<Group, GroupOfOrders>> = {
  falselyProcessed: { status: 'Processed' },
  processed: { status: 'Processed', books: 'linked' },
  stuckAbsent: { status: 'Processing', agoHoursMax: 120 },
  stuckInQuickBooks: { status: 'Processing', agoHoursMax: 120, books: 'equal' },
  timedOutAbsent: { status: 'Error', agoHoursMax: 120 },
  timedOutInQuickBooks: { status: 'Error', agoHoursMax: 120, books: 'equal' },
  pending: { status: 'Pending', agoHoursMax: 72 },
  adoptable: { status: 'Pending', agoHoursMax: 72, books: 'equal' },
  mismatched: { status: 'Pending', agoHoursMax: 72, books: 'different' },
  discounted: { status: 'Pending', agoHoursMax: 72, odd: { discounted: true } },
  unknownCustomer: { status: 'Pending', agoHoursMax: 72, odd: { unknownCustomer: true } },
  cancelled: { status: 'Pending', agoHoursMax: 72, odd: { cancelled: true } },
  empty: { status: 'Pending', agoHoursMax: 72, odd: { empty: true } },
  zeroQuantity: { status: 'Pending', agoHoursMax: 72, odd: { zeroQuantity: true } },
  severalRows: { status: 'Pending', agoHoursMax: 72 },
  deleteRows: { status: 'Pending', agoHoursMax: 72, odd: { cancelled: true } },
  withoutLogRow: { agoHoursMax: 30 * 24 },
}

interface GroupOfOrders {
  status?: StatusName
  /** Absent for the old orders, which lie between August 2023 and January 2026. */
  agoHoursMax?: number
  /** What QuickBooks holds: nothing, an equal invoice, one that differs, or an equal one whose id the order knows. */
  books?: 'equal' | 'different' | 'linked'
  odd?: Partial<OrderPlan>
}

interface IncidentOptions {
  seed: number
  counts: IncidentCounts
  now: string
  /** When the old orders begin; they end in January 2026. */
  since?: string | undefined
}

interface Planned {
  group: Group
  /** The how-manieth of its group, from 0. */
  nth: number
  createdAt: number
}

/** Makes the world after the incident: fast enough for some hundred thousand orders. */
export function incident({ seed, counts, now, since = firstOldOrder }: IncidentOptions): WorldHalves {
  const company = makeCompany({ seed, customers, customersInQuickBooks, items: 60, withDiscountAccount: false })
  const maker = new IncidentMaker({ company, now: Date.parse(now) })
  const planned = planOrders({ counts, company, now: Date.parse(now), oldSince: Date.parse(since) })
  for (const [at, plan] of planned.entries()) maker.addOrder({ planned: plan, at })
  maker.addRowsWithoutOrder(counts)
  return company.world
}

/** All orders in the order of their creation, so that their numbers rise with time: the old ones first. */
function planOrders(args: { counts: IncidentCounts; company: Company; now: number; oldSince: number }): Planned[] {
  const { counts, company, now, oldSince } = args
  const old: Planned[] = []
  const recent: Planned[] = []
  for (const [group, { agoHoursMax }] of Object.entries(groups) as [Group, GroupOfOrders][]) {
    const count = group === 'deleteRows' ? unpostedDeletes(counts) : counts[group]
    for (let nth = 0; nth < count; nth += 1) {
      const since = agoHoursMax === undefined ? oldSince : now - agoHoursMax * hour
      // Nothing recent is newer than ten hours: what is stuck has been stuck since the night.
      const until = agoHoursMax === undefined ? lastOldOrder : now - 10 * hour
      const createdAt = since + Math.floor(company.random.next() * (until - since))
      ;(agoHoursMax === undefined ? old : recent).push({ group, nth, createdAt })
    }
  }
  const byTime = (left: Planned, right: Planned) => left.createdAt - right.createdAt
  return [...old.sort(byTime), ...recent.sort(byTime)]
}

class IncidentMaker {
  readonly #company: Company
  readonly #tables: Record<
    'Order' | 'OrderProduct' | 'BGCommissionEarner' | 'BGQuickBooksIntegrationLogDetail',
    CreatioRow[]
  >
  readonly #now: number
  #nextQuickBooksId = 1001

  constructor({ company, now }: { company: Company; now: number }) {
    this.#company = company
    this.#now = now
    this.#tables = { Order: [], OrderProduct: [], BGCommissionEarner: [], BGQuickBooksIntegrationLogDetail: [] }
    Object.assign(company.world.creatio.tables, this.#tables)
  }

  addOrder({ planned: { group, nth, createdAt }, at }: { planned: Planned; at: number }): void {
    const { random, buyers } = this.#company
    const { status, books, odd } = groups[group] as GroupOfOrders
    const plan: OrderPlan = {
      number: `ORD-${14_900 + at}`,
      invoiceNumber: String(61_000 + at),
      createdAt,
      // Only a customer that QuickBooks has can have an invoice there.
      buyer: random.pick(books ? buyers.slice(0, customersInQuickBooks) : buyers),
      hasLogRow: status !== undefined,
      ...odd,
    }
    const id = books ? String(this.#nextQuickBooksId++) : undefined
    if (id && books === 'linked') plan.quickBooksId = id
    const made = makeOrder({ company: this.#company, plan })
    this.#tables.Order.push(made.order)
    this.#tables.OrderProduct.push(...made.lines)
    this.#tables.BGCommissionEarner.push(...made.earners)
    if (id) this.#addInvoice({ invoice: { id, ...made.invoice }, different: books === 'different' ? nth : undefined })
    // What is about to be adopted was written by hand, and some of it is paid by now.
    const paidAt = group === 'adoptable' ? (createdAt + this.#now) / 2 : createdAt + 20 * 24 * hour
    if (books === 'linked' || group === 'adoptable') this.#addPayment({ made, nth, paidAt })
    const rows = group === 'severalRows' ? 2 + (nth % 2) : status ? 1 : 0
    for (let row = 0; row < rows; row += 1) this.#addLogRow({ plan, made, status: status ?? 'Pending', group, row })
  }

  /** Rows whose record is not an order, or no order any more. */
  addRowsWithoutOrder(counts: IncidentCounts): void {
    const types = lookups.BGQuickBooksIntegrationType
    const { Delete, Insert } = lookups.BGQuickBooksIntegrationAction
    const kinds = [
      { count: counts.deleteRows - unpostedDeletes(counts), name: 'ORD-', type: types.CustomerOrder, action: Delete },
      { count: counts.factoryRows, name: 'FO-', type: types.FactoryOrder, action: Insert },
      { count: counts.inventoryRows, name: 'IA-', type: types.InventoryAdjustment, action: Insert },
      { count: counts.commissionRows, name: 'Commission ', type: types.Commission, action: Insert },
    ]
    for (const { count, name, type, action } of kinds) {
      for (let nth = 0; nth < count; nth += 1) {
        const values = {
          BGName: `${name}${9000 + nth}`,
          BGTypeId: type,
          BGActionId: action,
          BGRecordId: this.#company.random.uuid(),
        }
        this.#putLogRow({ values, status: 'Pending', createdAt: this.#now - (11 + nth) * hour })
      }
    }
  }

  #addLogRow({ plan, made, status, group, row }: LogRowOf): void {
    const actions = lookups.BGQuickBooksIntegrationAction
    const action = group === 'deleteRows' ? actions.Delete : row === 0 ? actions.Insert : actions.Update
    const values: Record<string, string> = {
      BGName: plan.number,
      BGTypeId: lookups.BGQuickBooksIntegrationType.CustomerOrder,
      BGActionId: action,
      BGRecordId: made.order.Id,
    }
    if (status === 'Error') values.BGErrorMessage = 'Connection timeout'
    this.#putLogRow({ values, status, createdAt: plan.createdAt + 2_000 + row * hour })
  }

  #putLogRow({
    values,
    status,
    createdAt,
  }: {
    values: Record<string, string>
    status: StatusName
    createdAt: number
  }): void {
    const { random, logId } = this.#company
    const CreatedOn = stamp({ milliseconds: createdAt, random })
    // A row that is stuck was taken up some hours ago; one that waits has not been touched since it was written.
    const touched = status === 'Processing' || status === 'Error' ? this.#now - random.int(2, 9) * hour : createdAt
    const ModifiedOn = status === 'Pending' ? CreatedOn : stamp({ milliseconds: touched, random })
    this.#tables.BGQuickBooksIntegrationLogDetail.push({
      Id: random.uuid(),
      CreatedOn,
      ModifiedOn,
      ...values,
      BGDate: isoSeconds(createdAt),
      BGStatusId: lookups.BGQuickBooksIntegrationStatus[status],
      BGQuickBooksIntegrationLogId: logId,
    })
  }

  #addInvoice({ invoice, different }: { invoice: SeedInvoice; different: number | undefined }): void {
    const [line] = invoice.lines
    if (different !== undefined && different % 2 === 0 && line) {
      // A unit costs a cent more there: with quantities of one and more the total differs by a cent at least.
      const price = exactOf(line.unitPrice)
      price.units += 10n ** BigInt(price.scale - 2)
      line.unitPrice = decimalText(price, 2)
      line.amount = pennyText(timesInPennies(price, exactOf(line.quantity)))
    }
    if (different !== undefined && different % 2 === 1) {
      const other = this.#company.buyers.find(({ quickBooksName }) => quickBooksName !== invoice.customerName)
      invoice.customerName = other?.quickBooksName ?? invoice.customerName
    }
    this.#company.world.quickBooksOnline.invoices.push(invoice)
  }

  /** Of eight invoices five are paid in full, one by half, two not at all. */
  #addPayment({ made, nth, paidAt }: { made: MadeOrder; nth: number; paidAt: number }): void {
    if (nth % 8 >= 6) return
    const amount = pennyText(nth % 8 === 5 ? made.totalPennies / 2n : made.totalPennies)
    const payment: SeedPayment = {
      id: String(this.#nextQuickBooksId++),
      customerName: made.invoice.customerName,
      txnDate: isoSeconds(paidAt).slice(0, 10),
      totalAmount: amount,
      paymentRefNum: `CHK-${5000 + nth}`,
      createdAt: isoSeconds(paidAt),
      applications: [{ docNumber: made.invoice.docNumber, amount }],
    }
    this.#company.world.quickBooksOnline.payments?.push(payment)
  }
}

interface LogRowOf {
  plan: OrderPlan
  made: MadeOrder
  status: StatusName
  group: Group
  row: number
}
