import type { CrmOrder } from '../creatio/creatio.ts'
import { toDocument } from '../creatio/to-document.ts'
import type { Connection } from '../domain/connection.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { VerificationSource, type VerifiedOrder } from '../domain/verified-order.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import { defaultConnection, listConnections } from '../storage/connections.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { findPostings } from '../storage/postings.ts'
import { mirroredInvoices } from '../storage/three-sides.ts'
import { ask, NotAnswered } from './ask.ts'
import { linksOf, mappedInvoice } from './evidence.ts'
import { invoiceFindings, inWords } from './invoice-findings.ts'
import { withLane } from './lane.ts'
import { numbered } from './read-documents.ts'
import type { Road } from './road.ts'
import { theirInvoice } from './sweep-page.ts'

const NUMBERS_MAX = 50
const LANE_TRIES_MAX = 20
const LANE_WAIT_MS = 500

interface Case {
  number: string
  order: CrmOrder | null
  posting: Posting | null
}

/**
 * Checks named orders on the spot: CRM, posting, and what QuickBooks says now. Where QuickBooks calls and is not called, or
 * does not answer, the mirror speaks, and each order says so. Throws InvalidRequest, CreatioError.
 */
export async function verifyOrders(road: Road, { numbers }: { numbers: string[] }): Promise<VerifiedOrder[]> {
  const wanted = [...new Set(numbers.map((number) => number.trim()).filter((number) => number !== ''))]
  if (wanted.length === 0 || wanted.length > NUMBERS_MAX)
    throw new InvalidRequest(`Name 1 to ${NUMBERS_MAX} order numbers.`)
  const cases = await readCases(road, wanted)
  const connections = await listConnections(road.database)
  const fallback = await defaultConnection(road.database)
  const connectionOf = ({ posting }: Case) =>
    connections.find(({ id }) => id === (posting?.connectionId ?? fallback?.id))
  const verified = new Map<string, VerifiedOrder>()
  for (const [connection, all] of Map.groupBy(cases, connectionOf)) {
    if (!connection) throw new InvalidRequest('There is no QuickBooks connection yet.')
    for (const one of await verifyWith(road, { connection, cases: all })) verified.set(one.number, one)
  }
  return wanted.flatMap((number) => verified.get(number) ?? [])
}

async function readCases(road: Road, numbers: string[]): Promise<Case[]> {
  const ids = new Map<string, string>()
  for (const number of numbers) {
    const { found } = await road.crm.searchOrders(number)
    if (found[0]) ids.set(number, found[0].id)
  }
  const sourceIds = [...ids.values()]
  const orders = sourceIds.length > 0 ? await road.crm.orders(sourceIds) : new Map<string, CrmOrder>()
  const postings = await findPostings(road.database, { kind: PostingKind.INVOICE, sourceIds })
  const postingOf = new Map(postings.map((posting) => [posting.sourceId, posting]))
  return numbers.map((number) => {
    const id = ids.get(number) ?? ''
    return { number, order: orders.get(id) ?? null, posting: postingOf.get(id) ?? null }
  })
}

async function verifyWith(
  road: Road,
  { connection, cases }: { connection: Connection; cases: Case[] },
): Promise<VerifiedOrder[]> {
  const described = cases.map((one) => ({ ...one, document: documentOf(road, one) }))
  const numbers = described.flatMap(({ document }) => document?.number ?? [])
  const live = await askLive(road, { connection, numbers })
  const records = live ?? (await mirrored(road, { connection, cases, numbers }))
  const source = live ? VerificationSource.QUICKBOOKS : VerificationSource.MIRROR
  const byNumber = Map.groupBy(records, ({ sale }) => sale?.number ?? '')
  const links = await linksOf(road.database, { connectionId: connection.id, postings: described })
  return described.map(({ number, order, posting, document }) => {
    const alike = byNumber.get(document?.number ?? '') ?? []
    const record = alike.find(({ quickBooksId }) => quickBooksId === posting?.quickBooksId) ?? alike[0] ?? null
    const mapped = mappedInvoice({ document, choices: posting?.mapping ?? null, record, links })
    const findings = mapped && record ? invoiceFindings(mapped, record) : []
    const differences = [
      ...troubles({ order, posting, record, alike }),
      ...findings.flatMap(({ lines }) => lines.map(inWords)),
    ]
    return {
      number,
      connectionId: connection.id,
      inCrm: order !== null,
      crmTotal: document?.total ?? null,
      crmQuickBooksId: order?.quickBooksId ?? null,
      postingId: posting?.id ?? null,
      postingState: posting?.state ?? null,
      quickBooksId: record?.quickBooksId ?? null,
      quickBooksTotal: record?.sale?.total ?? null,
      source,
      isEqual: order !== null && record !== null && differences.length === 0,
      differences,
    }
  })
}

function documentOf(road: Road, { order, posting }: Case) {
  if (!order) return null
  const reading = toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  if (reading.kind !== 'document') return null
  return posting ? numbered(reading.document, posting) : reading.document
}

/** What is wrong beside the contents of the invoice. */
function troubles(args: {
  order: CrmOrder | null
  posting: Posting | null
  record: LedgerRecord | null
  alike: LedgerRecord[]
}): string[] {
  const { order, posting, record, alike } = args
  if (!order) return ['the CRM has no such order']
  const linked = posting?.quickBooksId ?? null
  return [
    ...(record ? [] : ['QuickBooks has no invoice of its number']),
    ...(alike.length > 1 ? [`QuickBooks has ${alike.length} invoices of its number`] : []),
    ...(posting && posting.state !== 'PROCESSED' ? [`its posting is ${posting.state}`] : []),
    ...(record && linked !== record.quickBooksId
      ? [`the posting names ${linked ?? 'no invoice'}, and QuickBooks has ${record.quickBooksId}`]
      : []),
    ...(record && order.quickBooksId !== record.quickBooksId
      ? [`the CRM names ${order.quickBooksId ?? 'no invoice'}, and QuickBooks has ${record.quickBooksId}`]
      : []),
  ]
}

/** Asks QuickBooks now; null where it calls us, does not answer, or the lane is not to be had within some seconds. */
async function askLive(
  road: Road,
  { connection, numbers }: { connection: Connection; numbers: string[] },
): Promise<LedgerRecord[] | null> {
  if (road.ledgerOf(connection).mailbox || numbers.length === 0) return null
  for (let tries = 0; tries < LANE_TRIES_MAX && !road.signal.aborted; tries += 1) {
    try {
      const records = await withLane(road, { connection }, ({ road: held, lane }) =>
        ask(held, { connection, lane, questions: [{ entity: LinkKind.INVOICE, by: 'NUMBER', values: numbers }] }),
      )
      if (records) return records
    } catch (error) {
      if (!(error instanceof NotAnswered)) throw error
      road.log.warn({ connection: connection.name, error: error.message }, 'orders were verified by the mirror')
      return null
    }
    await road.sleep(LANE_WAIT_MS)
  }
  return null
}

async function mirrored(
  road: Road,
  { connection, cases, numbers }: { connection: Connection; cases: Case[]; numbers: string[] },
): Promise<LedgerRecord[]> {
  const reader = road.ledgerOf(connection).mirror
  const ids = cases.flatMap(({ posting }) => posting?.quickBooksId ?? [])
  const { byId, byNumber } = await mirroredInvoices(road.database, { connectionId: connection.id, ids, numbers })
  const all = new Map([...byId.values(), ...[...byNumber.values()].flat()].map((one) => [one.quickBooksId, one]))
  return [...all.values()].flatMap((one) => theirInvoice(one, reader).record ?? [])
}

/** As lines for a person. */
export function verifiedLines(verified: VerifiedOrder[]): string[] {
  return verified.flatMap((one) => {
    const side = one.source === VerificationSource.MIRROR ? 'QuickBooks (as of the mirror)' : 'QuickBooks'
    return [
      `${one.number}: ${verdictOf(one)}`,
      `  CRM ${one.crmTotal ?? '-'} ${one.crmQuickBooksId ?? 'no id'} · posting ${one.postingState ?? 'none'} · ${side} ${one.quickBooksTotal ?? '-'} ${one.quickBooksId ?? 'no invoice'}`,
      ...one.differences.map((difference) => `  - ${difference}`),
    ]
  })
}

function verdictOf({ isEqual, inCrm, quickBooksId }: VerifiedOrder): string {
  if (isEqual) return 'equal'
  if (!inCrm) return 'UNKNOWN'
  return quickBooksId === null ? 'MISSING' : 'DIFFERS'
}
