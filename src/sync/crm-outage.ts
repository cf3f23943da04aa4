import type { Logger } from 'pino'
import type { Creatio } from '../creatio/creatio.ts'
import { CreatioError, type CreatioErrorKind } from '../creatio/creatio-error.ts'
import type { SyncRun } from '../domain/sync-run.ts'

/** While the CRM is out, one call in so many seconds asks whether it is back; the others fail at once. */
const PROBE_SECONDS = 10
const OUTAGE_KINDS: readonly CreatioErrorKind[] = ['unreachable', 'timeout', 'session', 'password-refused']

/** How the CRM answered when it was last asked. */
export interface CrmHealth {
  state: 'UP' | 'DOWN' | 'UNKNOWN'
  /** The last answer, or the last failure to get one. */
  checkedAt: Date | null
  detail: string | null
  /** When the order log was last read, with or without success. */
  polledAt: Date | null
  /** Set while an outage lasts. */
  outSince: Date | null
}

/** Whether an error says that the CRM is out, rather than something about what was asked. */
export function isOutage(error: unknown): boolean {
  return error instanceof CreatioError && OUTAGE_KINDS.includes(error.kind)
}

export function unknownHealth(): CrmHealth {
  return { state: 'UNKNOWN', checkedAt: null, detail: null, polledAt: null, outSince: null }
}

/** A poll ended. An outage was noted with its beginning; what else went wrong is the poll's own to tell. */
export function notePoll(health: CrmHealth, run: SyncRun): SyncRun {
  health.polledAt = run.finishedAt
  if (health.outSince === null) {
    Object.assign(health, { state: run.error ? 'DOWN' : 'UP', checkedAt: run.finishedAt, detail: run.error })
  }
  return run
}

/**
 * The CRM as the road uses it, watched: an outage is logged once when it begins and once when it ends, stands in
 * `health` while it lasts, and keeps the CRM from being asked in vain by everything that waits for it.
 */
export function watchCrm(
  crm: Creatio,
  { health, now, log }: { health: CrmHealth; now: () => Date; log: Logger },
): Creatio {
  let outage: { since: Date; triedAt: Date; error: CreatioError } | null = null
  const answered = () => {
    const at = now()
    if (outage) {
      const seconds = Math.round((at.getTime() - outage.since.getTime()) / 1000)
      log.info({ seconds }, 'the CRM answers again')
      Object.assign(health, { state: 'UP', checkedAt: at, detail: null, outSince: null })
    }
    outage = null
  }
  const failed = (error: CreatioError) => {
    const at = now()
    if (!outage) log.warn({ error: error.message }, 'the CRM is out; what waits for it waits, and nothing is lost')
    outage = { since: outage?.since ?? at, triedAt: at, error }
    const detail = `out since ${outage.since.toISOString()}: ${error.message}`
    Object.assign(health, { state: 'DOWN', checkedAt: at, detail, outSince: outage.since })
  }
  const watched =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (outage && now().getTime() - outage.triedAt.getTime() < PROBE_SECONDS * 1000) throw outage.error
      if (outage) outage.triedAt = now()
      try {
        const result = await call(...args)
        answered()
        return result
      } catch (error) {
        if (error instanceof CreatioError) {
          if (isOutage(error)) failed(error)
          else answered()
        }
        throw error
      }
    }
  return {
    ...crm,
    logRows: watched(crm.logRows),
    edgeOfLog: watched(crm.edgeOfLog),
    logRowsOfRecords: watched(crm.logRowsOfRecords),
    orders: watched(crm.orders),
    accounts: watched(crm.accounts),
    orderIdByNumber: watched(crm.orderIdByNumber),
    orderKeys: watched(crm.orderKeys),
    products: watched(crm.products),
    writeProducts: watched(crm.writeProducts),
    writeQuickBooksIds: watched(crm.writeQuickBooksIds),
    writeLogRows: watched(crm.writeLogRows),
    writeDownloads: watched(crm.writeDownloads),
    earnersOfOrders: watched(crm.earnersOfOrders),
    writeInvoiceStandings: watched(crm.writeInvoiceStandings),
  }
}
