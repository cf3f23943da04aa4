import { v5 as uuidv5 } from 'uuid'
import type { DownloadRow, WriteResult } from '../creatio/creatio.ts'
import { CreatioError } from '../creatio/creatio-error.ts'
import type { CommissionDownload } from '../domain/commission-download.ts'
import { isShadow } from '../domain/connection.ts'
import {
  claimDownloads,
  type EarnedRow,
  earnedRows,
  keepDownloads,
  noteDownloaded,
  noteWriting,
  type ToldDownload,
} from '../storage/commission-downloads.ts'
import { defaultConnection } from '../storage/connections.ts'
import { isOutage } from './crm-outage.ts'
import { later, type Road } from './road.ts'

const INVOICES_MAX = 100
const LEASE_SECONDS = 600
const RETRY_SECONDS_MAX = 3_600
/** Row ids are drawn from it and from what they are about. */
const NAMESPACE = '5f0a2f3e-6d0b-5a1c-9f57-2f1d9a6c4b10'

/**
 * Keeps the CRM's own table of what payments earned, where the profile names it: amounts up to date, and nothing of what was voided.
 * Gives how many invoices the CRM was seen to know.
 */
export async function tellDownloads(road: Road): Promise<number> {
  const isKept = road.crm.profile.commissionDownload.set !== null
  await keepDownloads(road.database, { isKept, now: road.now() })
  if (!isKept) return 0
  // Another system tells the CRM: beside it, nothing at all is written there.
  const connection = await defaultConnection(road.database)
  if (connection && isShadow(connection)) return 0
  let known = 0
  while (!road.signal.aborted) {
    const claim = { limit: INVOICES_MAX, leaseSeconds: LEASE_SECONDS, now: road.now() }
    const claimed = await claimDownloads(road.database, claim)
    if (claimed.length === 0) break
    const told = await tell(road, claimed)
    await noteDownloaded(road.database, told)
    known += told.filter(({ until }) => until === null).length
    if (told.every(({ until }) => until !== null)) break
  }
  return known
}

async function tell(road: Road, claimed: CommissionDownload[]): Promise<ToldDownload[]> {
  const rows = Map.groupBy(await earnedRows(road.database, claimed), ({ connectionId, invoiceId }) =>
    [connectionId, invoiceId].join(),
  )
  const plans = claimed.map((download) => {
    const wanted = (rows.get([download.connectionId, download.invoiceId].join()) ?? []).map(rowOf)
    const ids = wanted.map(({ id }) => id)
    return { download, wanted, ids, unwanted: download.written.filter((id) => !ids.includes(id)) }
  })
  // Written down first: a row that is added just before we die must be known when it is wanted no more.
  await noteWriting(
    road.database,
    plans.map(({ download, ids, unwanted }) => ({ id: download.id, written: [...ids, ...unwanted] })),
  )
  const results = await write(road, {
    wanted: plans.flatMap(({ wanted }) => wanted),
    unwanted: plans.flatMap(({ unwanted }) => unwanted),
  })
  return plans.map(({ download: { id, revision, attempts }, ids, unwanted }) => {
    const all = [...ids, ...unwanted]
    const isTold = results !== null && all.every((one) => results.get(one)?.kind === 'confirmed')
    const bad = all.map((one) => results?.get(one)).find((result) => result && 'detail' in result)
    const seconds = Math.min(road.limits.writeBackRetrySeconds * 2 ** attempts, RETRY_SECONDS_MAX)
    return {
      id,
      revision,
      written: isTold ? ids : all,
      until: isTold ? null : later(road.now(), seconds),
      trouble: isTold ? null : bad && 'detail' in bad ? bad.detail : 'The CRM did not answer.',
    }
  })
}

async function write(
  road: Road,
  args: { wanted: DownloadRow[]; unwanted: string[] },
): Promise<Map<string, WriteResult> | null> {
  try {
    return await road.crm.writeDownloads(args)
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    if (!isOutage(error)) road.log.warn({ error: error.message }, 'the CRM could not be told what payments earned')
    return null
  }
}

function rowOf(row: EarnedRow): DownloadRow {
  const { connectionId, invoiceId, recordKind, recordId, rep, documentNumber, sourceId, effectiveOn, base, amount } =
    row
  return {
    id: uuidv5(JSON.stringify([connectionId, invoiceId, recordKind, recordId, rep]), NAMESPACE),
    name: `${documentNumber}, ${recordKind.toLowerCase().replace('_', ' ')} ${recordId}`,
    sourceId,
    rep,
    invoiceNumber: documentNumber,
    paymentId: recordId,
    paidOn: effectiveOn,
    amount: base,
    commission: amount,
  }
}
