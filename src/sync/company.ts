import type { Connection } from '../domain/connection.ts'
import { ConnectionState } from '../domain/kinds.ts'
import type { CompanyCheck } from '../ledgers/ledger.ts'
import { saveCompany, stopConnection } from '../storage/connections.ts'
import { later, type Road } from './road.ts'
import { readRecorded, type Sending } from './send.ts'

/** What QuickBooks said of its company; all else of a connection is as the database has it now. */
const checked = new WeakMap<object, Pick<Connection, 'name' | 'currency'>>()

/** Ledgers whose company was fit once in this process. */
const known = new WeakSet<object>()

/** How often in a row a company was not fit to post to, and when it is asked again. */
const unfitUntil = new WeakMap<object, { times: number; until: Date }>()

/** The waits before a stopped company is asked again, one after the other; the last one stays: each asking costs reads. */
const STOPPED_SECONDS = [0, 15, 60, 300] as const

/** A company that was fit a moment ago is not stopped for these: nothing is sent, and it is asked again. */
const MAY_PASS = new Set<string>(['THROTTLED', 'TOKEN_EXPIRED', 'QUICKBOOKS_UNREACHABLE', 'ANSWER_NOT_UNDERSTOOD'])

/** What a renewed sign-in must not be followed by; all else may pass by itself. */
const MUST_STOP = new Set<string>(['WRONG_COMPANY', 'RECONNECT', 'CLIENT_CONFIGURATION'])

/** A person waits for the check; what was not sent until then is sent no more. */
const CHECK_SECONDS_MAX = 90

/**
 * Asks once of whoever is at the other end, and once after each renewal of the sign-in, whether this is the right company and
 * fit to post to, before anything is written to it. A company that must not be written to stops its connection; it is asked
 * again, ever more rarely, until it is fit or a person resumes it. Gives null when nothing may be posted.
 */
export async function checkCompany(road: Road, connection: Connection): Promise<Connection | null> {
  const ledger = road.ledgerOf(connection)
  const reached = ledger.reach()
  if (!reached) return null
  const company = checked.get(reached)
  const isActive = connection.state === ConnectionState.ACTIVE
  if (company && isActive) return Object.assign(connection, company)
  const unfit = unfitUntil.get(reached)
  if (unfit && !isActive && road.now() < unfit.until) return null
  // Asked while the lane is freshly ours: the answer comes, or is given up, before the lease ends.
  const before = later(road.now(), road.limits.laneLeaseSeconds - ledger.limits.answerTimeoutSeconds)
  const found = await checkRecorded(road, { connection, before })
  // A sign-in that was renewed on the way was checked with it.
  const asked = ledger.reach() ?? reached
  const stop = found.stop ?? unfitnessOf(found)
  if (stop) {
    if (isActive && known.has(ledger) && MAY_PASS.has(stop.reason)) {
      road.log.warn(
        { connection: connection.name, ...stop },
        'the company could not be asked; nothing is posted until it can',
      )
      return null
    }
    const times = unfit?.times ?? 0
    const seconds = STOPPED_SECONDS[Math.min(times, STOPPED_SECONDS.length - 1)] ?? 0
    unfitUntil.set(asked, { times: times + 1, until: later(road.now(), seconds) })
    await stopConnection(road.database, { id: connection.id, ...stop, now: road.now() })
    road.log.error({ connection: connection.name, ...stop }, 'the connection was stopped')
    return null
  }
  const { companyName: name, currency } = found
  await saveCompany(road.database, { id: connection.id, name, currency, now: road.now() })
  checked.set(asked, { name, currency })
  known.add(ledger)
  return Object.assign(connection, { name, currency, state: ConnectionState.ACTIVE })
}

/** Without numbers of our own an invoice whose answer was lost could never be found again, and might be sent twice. */
function unfitnessOf(company: CompanyCheck): CompanyCheck['stop'] {
  return company.customTransactionNumbers ? null : { reason: 'CUSTOM_NUMBERS_OFF', detail: {} }
}

/** Why a renewed sign-in may not be used: it does not reach its own company. Whatever else there is may pass by itself. */
export async function misfitOf(sending: Sending, args: { connection: Connection }): Promise<CompanyCheck['stop']> {
  const { stop } = await checkRecorded(sending, args)
  return stop && MUST_STOP.has(stop.reason) ? stop : null
}

/**
 * Asks the company who it is and whether it is fit to post to. Its questions need no lane, for they write nothing, and are
 * asked of a stopped connection too; they are recorded, counted and paced as every other. Nothing leaves after `before`.
 */
export function checkRecorded(
  sending: Sending,
  { connection, before }: { connection: Connection; before?: Date },
): Promise<CompanyCheck> {
  const right = { before: before ?? later(sending.now(), CHECK_SECONDS_MAX) }
  return sending.ledgerOf(connection).check({
    ...right,
    carry: (envelope, meaning) => readRecorded(sending, { connection, envelope, meaning, right }),
  })
}
