import type { CrmEarner } from '../creatio/creatio.ts'
import { CreatioError } from '../creatio/creatio-error.ts'
import { decimal, plain } from '../domain/money.ts'
import { type EarnersDue, earnersDue, noteEarnersRead } from '../storage/commission-earners.ts'
import { isOutage } from './crm-outage.ts'
import { later, type Road } from './road.ts'

const ORDERS_MAX = 500
const DAY_SECONDS = 86_400
/** Earners of older invoices are not looked at again: their months are paid. */
const YOUNG_DAYS = 400

/** An order with those who earn on it. */
export interface EarnersOfOrder {
  orderNumber: string
  earners: { rep: string; ratePercent: string | null }[]
}

/** Takes over the earners of orders of one company; gives why some are not believed, by order number. */
type Take = (args: { connectionId: string; orders: EarnersOfOrder[] }) => Promise<Map<string, string>>

/**
 * Asks the CRM who earns on orders that were newly invoiced, and once a day on all young ones, for earners change; hands them
 * to `take`. Gives of how many orders it was asked.
 */
export async function readEarners(road: Road, { take }: { take: Take }): Promise<number> {
  if (road.crm.profile.commissionEarner.set === null) return 0
  let asked = 0
  while (!road.signal.aborted) {
    const readBefore = later(road.now(), -DAY_SECONDS)
    const due = await earnersDue(road.database, { readBefore, limit: ORDERS_MAX })
    if (due.length === 0) break
    const found = await ask(road, due)
    if (found === null) break
    await handOver(road, { due, found, take })
    asked += due.length
  }
  return asked
}

/** Null when the CRM cannot be asked now. */
async function ask(road: Road, due: EarnersDue[]): Promise<Map<string, CrmEarner[]> | null> {
  try {
    return await road.crm.earnersOfOrders([...new Set(due.map(({ sourceId }) => sourceId))])
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    if (!isOutage(error)) road.log.warn({ error: error.message }, 'the CRM did not say who earns on orders')
    return null
  }
}

async function handOver(
  road: Road,
  { due, found, take }: { due: EarnersDue[]; found: Map<string, CrmEarner[]>; take: Take },
): Promise<void> {
  const now = road.now()
  const lastDay = later(now, -YOUNG_DAYS * DAY_SECONDS)
    .toISOString()
    .slice(0, 10)
  for (const [connectionId, ofCompany] of Map.groupBy(due, (one) => one.connectionId)) {
    const orders = ofCompany.map(({ orderNumber, sourceId }) => ({
      orderNumber,
      earners: merged(found.get(sourceId) ?? []),
    }))
    const troubles = await take({ connectionId, orders })
    const read = ofCompany.map((one) => ({ ...one, trouble: troubles.get(one.orderNumber) ?? null }))
    await noteEarnersRead(road.database, { read, lastDay, now })
  }
}

/** Several rows of one rep are one share of their rates together. */
function merged(earners: CrmEarner[]): EarnersOfOrder['earners'] {
  return [...Map.groupBy(earners, ({ rep }) => rep)].map(([rep, rows]) => {
    const [first, ...others] = rows
    return others.length === 0 || rows.some(({ ratePercent }) => ratePercent === null || !isNumber(ratePercent))
      ? { rep, ratePercent: first?.ratePercent ?? null }
      : { rep, ratePercent: plain(rows.reduce((sum, { ratePercent }) => sum.plus(ratePercent ?? 0), decimal(0))) }
  })
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text)
}
