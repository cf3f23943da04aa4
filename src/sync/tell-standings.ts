import { type StandingWrite, tellsDrafts, tellsStandings, type WriteResult } from '../creatio/creatio.ts'
import { CreatioError } from '../creatio/creatio-error.ts'
import { isShadow } from '../domain/connection.ts'
import type { InvoiceStanding } from '../domain/invoice-standing.ts'
import { defaultConnection } from '../storage/connections.ts'
import { claimStandings, noteTold, refreshDrafts, type ToldStanding } from '../storage/invoice-standings.ts'
import { isOutage } from './crm-outage.ts'
import { later, type Road } from './road.ts'

const OUTAGE_SECONDS = 15
const RETRY_SECONDS_MAX = 3_600
/** Most orders are in QuickBooks sooner: telling the CRM of each that it is a draft would double the writes. */
const DRAFT_AFTER_SECONDS = 300

/**
 * Tells the CRM how invoices stand, where its profile names the columns; each write is read back. What could not be told is told
 * again, ever more seldom, and never dropped. Gives how many the CRM was seen to know.
 */
export async function tellStandings(road: Road): Promise<number> {
  if (!tellsStandings(road.crm.profile)) return 0
  // Another system tells the CRM: beside it, nothing at all is written there.
  const connection = await defaultConnection(road.database)
  if (connection && isShadow(connection)) return 0
  if (tellsDrafts(road.crm.profile)) {
    const now = road.now()
    await refreshDrafts(road.database, { waitingSince: later(now, -DRAFT_AFTER_SECONDS), now })
  }
  const { writeBackMax: limit, writeBackLeaseSeconds: leaseSeconds } = road.limits
  let known = 0
  while (!road.signal.aborted) {
    const claimed = await claimStandings(road.database, { limit, leaseSeconds, now: road.now() })
    if (claimed.length === 0) break
    const results = await write(road, claimed)
    const told = claimed.map((standing) => toldOf(road, standing, results?.get(standing.sourceId)))
    await noteTold(road.database, { told, now: road.now() })
    known += told.filter(({ until, trouble }) => until === null && trouble === null).length
    if (results === null) break
  }
  return known
}

/** Null when the CRM could not be spoken to at all. */
async function write(road: Road, standings: InvoiceStanding[]): Promise<Map<string, WriteResult> | null> {
  const writes = standings.map(({ sourceId, status, paid, due, paidOn, method }): StandingWrite => {
    return { sourceId, status, paid, due, paidOn, method }
  })
  try {
    return await road.crm.writeInvoiceStandings(writes)
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    if (!isOutage(error)) road.log.warn({ error: error.message }, 'the CRM could not be told how invoices stand')
    return null
  }
}

function toldOf(
  road: Road,
  { id, revision, attempts }: InvoiceStanding,
  result: WriteResult | undefined,
): ToldStanding {
  switch (result?.kind) {
    case 'confirmed':
      return { id, revision, until: null, trouble: null }
    case 'gone':
      return { id, revision, until: null, trouble: 'The order no longer exists in the CRM.' }
    case 'refused':
    case 'lost': {
      const seconds = Math.min(road.limits.writeBackRetrySeconds * 2 ** attempts, RETRY_SECONDS_MAX)
      return { id, revision, until: later(road.now(), seconds), trouble: result.detail }
    }
    case undefined:
      return { id, revision, until: later(road.now(), OUTAGE_SECONDS), trouble: 'The CRM did not answer.' }
  }
}
