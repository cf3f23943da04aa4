import type { KeyCursor } from '../creatio/keyed-page.ts'
import { toDocument } from '../creatio/to-document.ts'
import { dayIn } from '../creatio/values.ts'
import {
  claimDifference,
  finishDifference,
  knownOrders,
  resolveUnseen,
  saveUnloggedOrders,
  type UnloggedDraft,
  unloggedTotals,
} from '../storage/differences.ts'
import { readOrders } from './read-orders.ts'
import { later, type Road } from './road.ts'

const PAGE_ROWS_MAX = 500
const DAY_SECONDS = 86_400
/** An order younger than this may be waiting for its log row. */
const YOUNG_SECONDS = 15 * 60
/** A difference whose process died is begun again after this long. */
const LEASE_SECONDS = 30 * 60

/** What a difference counted; each order is in one of the figures after `orders`. */
export interface DifferenceCount {
  /** The first instant of creation that was looked at; null: ever. */
  since: string | null
  orders: number
  logged: number
  /** Without a log row, and rightly so: cancelled, empty, or not yet released. */
  notEligible: number
  /** Without a log row, but the CRM has a QuickBooks id for them. */
  posted: number
  unlogged: number
  /** Found earlier, and in order since. */
  resolved: number
}

/**
 * Finds the orders that could be invoiced and that no row of the order log asks for, and records them with the reason.
 * Nothing is posted: a person decides. All orders since the floor of the profile are swept, or, without one, since the
 * order log began: what is older cannot have been logged. `report` is called after each page. Throws CreatioError.
 */
export async function findUnloggedOrders(
  road: Road,
  { report }: { report?: (count: DifferenceCount) => void } = {},
): Promise<DifferenceCount> {
  const began = road.now()
  const since = road.crm.profile.difference.ordersSince ?? (await beginningOfLog(road))
  const before = later(began, -YOUNG_SECONDS).toISOString()
  const count: DifferenceCount = { since, orders: 0, logged: 0, notEligible: 0, posted: 0, unlogged: 0, resolved: 0 }
  let after: KeyCursor | null = null
  do {
    road.signal.throwIfAborted()
    const page = await road.crm.orderKeys({ since, before, after, limit: PAGE_ROWS_MAX })
    await takeOrders(road, { ids: page.orders.map(({ id }) => id), count })
    after = page.next
    if (after !== null) report?.(count)
  } while (after !== null)
  count.resolved = await resolveUnseen(road.database, { seenBefore: began, now: road.now() })
  await finishDifference(road.database, { day: localDay(road), now: road.now() })
  road.log.info({ ...count }, 'orders were compared with the order log')
  return count
}

/** Runs the difference once a day, from the given hour of the business's time zone on. Null when it is not due, or another process has it. */
export async function findUnloggedIfDue(road: Road, { hour }: { hour: number }): Promise<DifferenceCount | null> {
  const now = road.now()
  if (localHour(road) < hour) return null
  const mine = await claimDifference(road.database, { day: localDay(road), leaseSeconds: LEASE_SECONDS, now })
  return mine ? findUnloggedOrders(road) : null
}

/** Compares the orders with the order log now, and says how far it is and what it found. */
export async function compareOrders(road: Road, { say }: { say: (line: string) => void }): Promise<void> {
  const count = await findUnloggedOrders(road, {
    report: ({ orders, unlogged }) => say(`${orders} orders compared, ${unlogged} without a log row`),
  })
  const { since, orders, logged, notEligible, posted, unlogged, resolved } = count
  const totals = await unloggedTotals(road.database)
  const amounts = totals.map(({ currency, total }) => `${total} ${currency ?? 'of no currency'}`).join(' and ')
  const line = (number: number, words: string) => say(`  ${String(number).padStart(6)}   ${words}`)
  say(`${orders} orders since ${since?.slice(0, 10) ?? 'ever'} were compared with the order log.`)
  line(logged, 'have a log row, or a posting')
  line(notEligible, 'have none, and are not to be invoiced: cancelled, empty or not released')
  line(posted, 'have none, but have a QuickBooks id')
  line(unlogged, `have none and could be invoiced${amounts === '' ? '' : `: ${amounts}`}`)
  line(resolved, 'were found earlier and are in order since')
  if (unlogged > 0) say('`unloggedOrders` lists them; `syncOrder` posts one. Nothing is posted by itself.')
}

async function takeOrders(road: Road, { ids, count }: { ids: string[]; count: DifferenceCount }): Promise<void> {
  count.orders += ids.length
  const known = await knownOrders(road.database, ids)
  const unknown = ids.filter((id) => !known.has(id))
  const logged = await loggedInCrm(road, unknown)
  const unlogged = unknown.filter((id) => !logged.has(id))
  count.logged += ids.length - unlogged.length
  if (unlogged.length === 0) return
  const orders = await readOrders(road, unlogged)
  const found: UnloggedDraft[] = []
  for (const id of unlogged) {
    const order = orders.found.get(id)
    const refusal = orders.refused.get(id)
    if (refusal) found.push(unreadable(id, refusal.message))
    else if (order?.quickBooksId) count.posted += 1
    else {
      const draft = order && !isUnreleased(road, order.status?.name ?? null) ? draftOf(road, order) : null
      if (draft) found.push(draft)
      else count.notEligible += 1
    }
  }
  count.unlogged += found.length
  await saveUnloggedOrders(road.database, { orders: found, now: road.now() })
}

/** An order that the CRM will not give: a person must look at it, and the sweep goes on. */
function unreadable(id: string, detail: string): UnloggedDraft {
  const reason = { code: 'ORDER_UNREADABLE' as const, detail: { orderNumber: id, detail } }
  return { sourceId: id, orderNumber: null, date: null, total: null, currency: null, reason }
}

/** A day before the oldest log row, as an order is there before its row; null for an empty log. */
async function beginningOfLog(road: Road): Promise<string | null> {
  const oldest = await road.crm.edgeOfLog('oldest')
  const at = Date.parse(oldest?.createdOn ?? '')
  return Number.isNaN(at) ? null : new Date(at - DAY_SECONDS * 1000).toISOString()
}

/** The flag on the order may be wrong in both directions: only the log itself says whether a row is there. */
async function loggedInCrm(road: Road, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await road.crm.logRowsOfRecords(ids)
  return new Set(rows.flatMap(({ type, recordId }) => (type === 'CUSTOMER_ORDER' && recordId ? [recordId] : [])))
}

function isUnreleased(road: Road, status: string | null): boolean {
  const names = road.crm.profile.difference.unreleasedStatusNames
  return names.some((name) => name.toLowerCase() === status?.toLowerCase())
}

type Order = Parameters<typeof toDocument>[0]

/** Null for an order that is not to be invoiced. One that cannot be invoiced as it is says what a person must correct. */
function draftOf(road: Road, order: Order): UnloggedDraft | null {
  const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  const common = { sourceId: order.id, orderNumber: order.number }
  if (reading.kind === 'not-eligible') return null
  if (reading.kind === 'invalid') {
    const reason = { code: reading.reason, detail: reading.detail }
    return { ...common, date: null, total: null, currency: order.currency, reason }
  }
  const { date, total, currency } = reading.document
  return {
    ...common,
    date,
    total,
    currency,
    reason: { code: 'ORDER_NOT_LOGGED', detail: { orderNumber: order.number } },
  }
}

function localDay(road: Road): string {
  return dayIn({ instant: road.now().toISOString(), timeZone: road.crm.timeZone })
}

function localHour(road: Road): number {
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: road.crm.timeZone, hour: '2-digit', hourCycle: 'h23' })
  return Number(clock.format(road.now()))
}
