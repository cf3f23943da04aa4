import { MissingReason } from '../domain/commission-case.ts'
import { DiscrepancyKind } from '../domain/discrepancy.ts'
import {
  type Funnel,
  type FunnelDrop,
  type FunnelFilter,
  FunnelList,
  type FunnelRow,
  FunnelStep,
} from '../domain/funnel.ts'
import { decimal, ZERO } from '../domain/money.ts'
import { isReasonCode, reasonOf } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Database } from '../storage/database.ts'
import { type FunnelFigure, funnelFigures, funnelRows } from '../storage/funnel.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { connectionMeant } from './books.ts'
import { daysFrom } from './months.ts'

const ROWS_MAX = 200

/** Which orders: those of one connection, or of the only one, that are dated within these days. */
export interface FunnelRequest {
  connectionId: string | null
  from: string
  to: string
}

/** How far the orders of some days came, from the CRM to what reps earn, and what was lost where. Throws InvalidRequest. */
export async function funnel(database: Database, request: FunnelRequest): Promise<Funnel> {
  const asked = await daysMeant(database, request)
  const { figures, commission } = await funnelFigures(database, asked)
  const stages = Object.values(FunnelStep).map((step) => {
    const reached = figures.find((one) => one.step === step && one.reason === null)
    const drops = figures.flatMap((one) => (one.step === step && one.reason !== null ? dropOf(one, one.reason) : []))
    return {
      step,
      count: reached?.count ?? 0,
      amount: reached?.amount ?? ZERO,
      drops: drops.toSorted((a, b) => decimal(b.amount).comparedTo(a.amount) || b.count - a.count),
    }
  })
  return { ...asked, stages, commission }
}

/** The orders or invoices behind one drop, the largest amount first. Throws InvalidRequest. */
export async function behindDrop(
  database: Database,
  args: { request: FunnelRequest; step: FunnelStep; reason: string; first: number; after: number },
): Promise<FunnelRow[]> {
  const { request, step, reason, first, after } = args
  if (!Number.isInteger(first) || first < 1 || first > ROWS_MAX || !Number.isInteger(after) || after < 0)
    throw new InvalidRequest(`"first" is ${first}: ask for 1 to ${ROWS_MAX} rows, "after" as many as you have.`)
  return funnelRows(database, { ...(await daysMeant(database, request)), step, reason, first, after })
}

async function daysMeant(database: Database, { connectionId, from, to }: FunnelRequest) {
  return { connectionId: await connectionMeant(database, connectionId), ...daysFrom({ from, to }) }
}

function dropOf({ step, count, amount }: FunnelFigure, reason: string): FunnelDrop {
  const [meaning, filter] = KNOWN[reason] ?? orderDrop(reason)
  return { step, reason, meaning, count, amount, filter: filter ? { ...NOTHING, ...filter } : null }
}

const NOTHING = { states: null, reasonCode: null, discrepancyKinds: null, missingReasons: null }
type Known = [meaning: string, filter: (Partial<FunnelFilter> & Pick<FunnelFilter, 'list'>) | null]

const missing = (reason: MissingReason) => ({ list: FunnelList.MISSING_COMMISSION, missingReasons: [reason] })
const differing = (kind: DiscrepancyKind) => ({ list: FunnelList.DISCREPANCIES, discrepancyKinds: [kind] })

const KNOWN: Record<string, Known> = {
  VOIDED: ['The invoice was voided in QuickBooks.', differing(DiscrepancyKind.VOIDED)],
  DELETED: ['The invoice was deleted in QuickBooks.', differing(DiscrepancyKind.DELETED)],
  UNPAID: ['No money came in for the invoice.', missing(MissingReason.POSTED_UNPAID)],
  PARTLY_PAID: [
    'Of an invoice that was paid in part: the rest. What was paid goes on.',
    missing(MissingReason.PARTLY_PAID),
  ],
  CREDITED: [
    'Settled by credits, discounts and write-offs instead of money; counted where nothing else came in.',
    null,
  ],
  OVERPAID: ['More was applied to the invoice than it is for: a negative amount.', null],
  NO_EARNER: ['Nobody is named who earns on it: it goes to the house account.', missing(MissingReason.NO_EARNER)],
  NO_RATE: ['Somebody earns on it, and no rate is in force.', missing(MissingReason.NO_RATE)],
  TAX_AND_SHIPPING: ['Tax, shipping and overpayments earn nothing.', null],
  NOT_DERIVED: ['The next run of the commission derives what it earns.', null],
  NOTHING_PAID: ['The invoice is of nothing.', null],
}

/** Of an order that was not posted: the state of its posting, and the code of its reason. */
function orderDrop(reason: string): Known {
  const [state = '', code = null] = reason.split(' ')
  const because =
    code !== null && isReasonCode(code)
      ? reasonOf(code).cause
      : state === PostingState.PENDING
        ? 'It waits for its turn.'
        : 'It is on its way.'
  if (state === 'NO_LOG_ROW') return [because, { list: FunnelList.UNLOGGED_ORDERS, reasonCode: code }]
  return [because, { list: FunnelList.POSTINGS, states: [PostingState[state as PostingState]], reasonCode: code }]
}
