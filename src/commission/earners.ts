import type { CommissionShare, CommissionSplit } from '../domain/commission-plan.ts'
import { writeAudit } from '../storage/audit.ts'
import { recomputeEntries } from '../storage/commission-entries.ts'
import { closeSplit, invoicesOfOrders, listSplits, saveSplit } from '../storage/commission-plan.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { lockCommission } from '../storage/payment-applications.ts'
import type { Books } from './books.ts'
import { sharesFrom } from './splits.ts'

const ORDERS_MAX = 2_000
/** Before any invoice: an order's own earners earn on it whenever it is invoiced. */
const ALWAYS = '1900-01-01'

/** Who earns on an order, and at what rate of its base, as the CRM has it. */
export interface OrderEarners {
  orderNumber: string
  /** Without a rate of his own an earner has the plan's. */
  earners: { rep: string; ratePercent: string | null }[]
}

export interface CollectedEarners {
  /** The numbers of the orders that changed. */
  changed: string[]
  /** Orders whose earners cannot be believed: they stay as they were. */
  refused: { orderNumber: string; reason: string }[]
}

/**
 * Takes over the earners of orders from the CRM: a split of that order alone, a new version when it has changed. Where the CRM
 * has removed all of them, the split that was theirs is closed. Left as they are, unless `overrides`, are orders to which somebody
 * else has given a split here.
 */
export async function collectEarners(
  { database, now }: Books,
  args: { connectionId: string; orders: OrderEarners[]; author: string; overrides: boolean },
): Promise<CollectedEarners> {
  const { connectionId, orders, author, overrides } = args
  if (orders.length > ORDERS_MAX)
    throw new InvalidRequest(`${orders.length} orders at once: bring up to ${ORDERS_MAX}.`)
  return database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    const changed: string[] = []
    const refused: CollectedEarners['refused'] = []
    for (const { orderNumber, earners } of orders) {
      const shares = earners.length === 0 ? null : sharesOrReason(earners)
      if (typeof shares === 'string') {
        refused.push({ orderNumber, reason: shares })
        continue
      }
      const [current] = await listSplits(transaction, { connectionId, orderNumber, history: false })
      if (current && current.author !== author && !overrides) continue
      if (shares === null) {
        // Only what was taken over from the CRM ends with it: a split that a person gave stands for itself.
        if (current?.author !== author) continue
        await close(transaction, { split: current, orderNumber, author, now: now() })
        changed.push(orderNumber)
        continue
      }
      if (current && JSON.stringify(current.shares.map(comparable)) === JSON.stringify(shares.map(comparable))) continue
      await saveSplit(transaction, {
        connectionId,
        orderNumber,
        customerId: null,
        shares,
        effectiveFrom: ALWAYS,
        effectiveUntil: null,
        note: 'as the CRM has it',
        replacesId: current?.id ?? null,
        author,
        now: now(),
      })
      changed.push(orderNumber)
    }
    const invoiceIds = await invoicesOfOrders(transaction, { connectionId, orderNumbers: changed })
    await recomputeEntries(transaction, { connectionId, invoiceIds })
    return { changed, refused }
  })
}

/** Whose split ends, and when, stands in the audit trail: no version is left that could say it. */
async function close(
  transaction: Database,
  args: { split: CommissionSplit; orderNumber: string; author: string; now: Date },
): Promise<void> {
  const { split, orderNumber, author, now } = args
  const { id, connectionId } = split
  await closeSplit(transaction, { connectionId, id, now })
  await writeAudit(transaction, {
    ...{ author, keyId: null, connectionIds: [connectionId], action: 'closeSplit', result: 'OK', now },
    subject: `order ${orderNumber}: ${split.shares.map(({ rep }) => rep).join(', ')} removed`,
  })
}

function sharesOrReason(earners: OrderEarners['earners']): CommissionShare[] | string {
  try {
    return sharesFrom(evenly(earners))
  } catch (error) {
    if (error instanceof InvalidRequest) return error.message
    throw error
  }
}

/** The columns of jsonb come back in no order of ours. */
function comparable({ rep, sharePercent, ratePercent }: CommissionShare): unknown[] {
  return [rep, sharePercent, ratePercent]
}

/** The CRM gives each earner a rate of the whole order; whose cash it is, is shared evenly among them. */
function evenly(earners: OrderEarners['earners']): Parameters<typeof sharesFrom>[0] {
  const parts = 1_000_000
  return earners.map(({ rep, ratePercent }, index) => {
    const units = Math.floor(((index + 1) * parts) / earners.length) - Math.floor((index * parts) / earners.length)
    return {
      rep,
      sharePercent: `${Math.floor(units / 10_000)}.${String(units % 10_000).padStart(4, '0')}`,
      ratePercent,
    }
  })
}
