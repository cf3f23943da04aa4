import type { CrmOrder } from '../creatio/creatio.ts'
import { midnightOf } from '../creatio/values.ts'
import type { Connection } from '../domain/connection.ts'
import { contentHash } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LogStatus } from '../domain/log-row.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import { sum } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { DiscrepancyDraft } from '../storage/discrepancies.ts'
import { findPostings } from '../storage/postings.ts'
import { idsElsewhere } from '../storage/three-sides.ts'
import { linksOf, mappedInvoice } from './evidence.ts'
import { type Finding, inWords } from './invoice-findings.ts'
import { numbered } from './read-documents.ts'
import { type Read, readingOf, readOrders } from './read-orders.ts'
import { type OurOrder, orderFindings } from './reconcile-classify.ts'
import { withLikely } from './reconcile-likely.ts'
import type { BulkRoad } from './road.ts'
import { NOTHING_SWEPT, type Sweep, type Sweeping } from './sweep-page.ts'
import { sidesOf } from './their-sides.ts'

const PAGE_ROWS_MAX = 500
const DAY_MS = 86_400_000

/** The orders of the CRM that were created in the period, each against its posting and against QuickBooks. */
export const ordersSweep: Sweep<ReadOrders> = {
  read: readPeriod,
  async judge(road, { connection }, read) {
    const ids = [...read.dayOf.keys()]
    if (ids.length === 0) return NOTHING_SWEPT
    const all = await factsOf(road, { connection, ids, read })
    const judged = await judge(road, { connection, all })
    const found = judged.flatMap(({ facts, findings }) =>
      findings.map((finding) => orderDraft({ facts, finding, day: read.dayOf.get(facts.order.id) ?? null })),
    )
    const documents = new Map(all.map(({ order, document }) => [order.id, document]))
    return {
      drafts: await withLikely(road, { connection, drafts: found, documents }),
      subjects: ids.map((id) => `order:${id}`),
      matchedIds: judged.flatMap(({ matchedId }) => matchedId ?? []),
      visited: ids.length,
      orders: all.filter(({ document }) => document !== null).length,
      ordersTotal: sum(all.flatMap(({ document }) => document?.total ?? [])),
    }
  },
}

interface ReadOrders {
  beganAt: Date
  orders: Read<CrmOrder>
  /** The day of its creation, by the id of the order. */
  dayOf: Map<string, string>
  next: Sweeping['after']
}

async function readPeriod(road: BulkRoad, { reconciliation, after }: Sweeping): Promise<ReadOrders> {
  const { timeZone } = road.crm
  const beganAt = road.now()
  const afterLast = new Date(Date.parse(reconciliation.lastDay) + DAY_MS).toISOString().slice(0, 10)
  const page = await road.crm.orderKeys({
    since: midnightOf({ day: reconciliation.firstDay, timeZone }),
    before: midnightOf({ day: afterLast, timeZone }),
    after,
    limit: PAGE_ROWS_MAX,
  })
  const dayOf = new Map(page.orders.map(({ id, createdOn }) => [id, createdOn.slice(0, 10)]))
  return { beganAt, dayOf, orders: await readOrders(road, [...dayOf.keys()]), next: page.next }
}

async function factsOf(
  road: BulkRoad,
  { connection, ids, read }: { connection: Connection; ids: string[]; read: ReadOrders },
): Promise<Facts[]> {
  const { orders, beganAt } = read
  const postings = await findPostings(road.database, { kind: PostingKind.INVOICE, sourceIds: ids })
  const postingOf = new Map(postings.map((posting) => [posting.sourceId, posting]))
  return [...orders.found.values()].flatMap((order): Facts[] => {
    const posting = postingOf.get(order.id) ?? null
    const isForeign =
      posting !== null && posting.connectionId !== connection.id && posting.quickBooksId !== order.quickBooksId
    // The order may have been read before the CRM was told, and the posting after it.
    const isJustPosted = posting?.processedAt != null && posting.processedAt >= beganAt
    if (isForeign || isJustPosted) return []
    const reading = readingOf(road, { orders, id: order.id, orderNumber: order.number })
    const said = reading?.kind === 'document' && reading.document.kind === 'INVOICE' ? reading.document : null
    const document = said && posting ? numbered(said, posting) : said
    const isInvalid = reading?.kind === 'invalid' && (reading.sale ?? 'INVOICE') === 'INVOICE'
    return [{ order, document, isInvalid, posting: posting?.connectionId === connection.id ? posting : null }]
  })
}

interface Facts {
  order: CrmOrder
  document: Extract<Posting['document'], { kind: 'INVOICE' }> | null
  /** It should be invoiced, and no document can be made of it. */
  isInvalid: boolean
  posting: Posting | null
}

interface Judged {
  facts: Facts
  findings: Finding[]
  matchedId: string | null
}

async function judge(road: BulkRoad, args: { connection: Connection; all: Facts[] }): Promise<Judged[]> {
  const { connection } = args
  const connectionId = connection.id
  // An order that shows the id that its posting proves, and is as it was posted, is judged by its posting: nothing of it is read.
  const [settled, all] = [args.all.filter(isSettled), args.all.filter((facts) => !isSettled(facts))]
  const shown = all.flatMap(({ order }) => order.quickBooksId ?? [])
  const sides = await sidesOf(road, {
    connection,
    ids: [...shown, ...all.flatMap(({ posting }) => posting?.quickBooksId ?? [])],
    numbers: all.flatMap(({ document, posting }) => (posting ? [] : (document?.number ?? []))),
  })
  const linkedOf = ({ order, posting, document }: Facts) =>
    sides.of({ quickBooksId: posting?.quickBooksId ?? order.quickBooksId, number: document?.number ?? null })
  const strange = shown.filter((quickBooksId) => !sides.knows(quickBooksId))
  const elsewhere = await idsElsewhere(road.database, { connectionId, ids: strange })
  const links = await linksOf(road.database, { connectionId, postings: all })
  const logs = await logStatuses(road, all)
  const judged = all.map((facts): Judged => {
    const { order, posting, document } = facts
    const theirs = linkedOf(facts)
    const record = theirs.linked?.record ?? theirs.alike[0]?.record ?? null
    const statuses = logs.get(order.id) ?? []
    const ours: OurOrder = {
      quickBooksId: order.quickBooksId,
      mapped: mappedInvoice({ document, choices: posting?.mapping ?? null, record, links }),
      isInvalid: facts.isInvalid,
      total: document?.total ?? null,
      claimsProcessed: statuses.includes(LogStatus.PROCESSED),
      isUnderWay: statuses.some((status) => status !== null && UNDER_WAY.includes(status)),
      isElsewhere: elsewhere.has(order.quickBooksId ?? ''),
      hasChanged: hasChanged(facts),
    }
    const findings = orderFindings({ order: ours, posting, theirs })
    const matched = posting ? null : (theirs.linked ?? theirs.alike[0] ?? null)
    return { facts, findings, matchedId: matched?.quickBooksId ?? null }
  })
  return [...settled.map((facts) => ({ facts, findings: [], matchedId: null })), ...judged]
}

function isSettled(facts: Facts): boolean {
  const { order, posting } = facts
  const isProven = posting?.state === PostingState.PROCESSED && posting.quickBooksId === order.quickBooksId
  return isProven && !hasChanged(facts)
}

function hasChanged({ posting, document }: Facts): boolean {
  return posting !== null && document !== null && contentHash(document) !== posting.contentHash
}

const UNDER_WAY: LogStatus[] = [LogStatus.PENDING, LogStatus.PROCESSING, LogStatus.RE_PROCESS]

/** What the order log says of orders that nothing proves; of the others it need not be asked. */
async function logStatuses(road: BulkRoad, all: Facts[]): Promise<Map<string, (LogStatus | null)[]>> {
  const open = all.filter(({ order, posting }) => !posting?.quickBooksId && !order.quickBooksId)
  if (open.length === 0) return new Map()
  const rows = await road.crm.logRowsOfRecords(open.map(({ order }) => order.id))
  const ofOrders = rows.filter(({ type }) => type === 'CUSTOMER_ORDER')
  return new Map(
    [...Map.groupBy(ofOrders, ({ recordId }) => recordId ?? '')].map(([id, found]) => [
      id,
      found.map(({ status }) => status),
    ]),
  )
}

function orderDraft({ facts, finding, day }: { facts: Facts; finding: Finding; day: string | null }): DiscrepancyDraft {
  const { order, document, posting } = facts
  const { kind, lines, proposal, quickBooksId, theirTotal } = finding
  return {
    ...{ kind, lines, proposal, quickBooksId, theirTotal, entity: MirrorEntity.INVOICE },
    subject: `order:${order.id}`,
    postingId: posting?.id ?? null,
    sourceId: order.id,
    orderNumber: order.number,
    documentNumber: document?.number ?? posting?.documentNumber ?? order.invoiceNumber,
    date: day,
    ourTotal: document?.total ?? posting?.total ?? null,
    differences: lines.map(inWords),
  }
}
