import { LinkKind } from '../../domain/link.ts'
import type { Answer, Envelope, LedgerRecord } from '../ledger.ts'
import { meaningOf } from './faults.ts'
import { messageSet } from './message-set.ts'
import { type Response, readAnswer, textAt } from './read-xml.ts'
import { readRecord } from './records.ts'
import type { RequestName } from './schema/requests.ts'
import type { Reading } from './txn-records.ts'
import type { Values } from './values.ts'
import { attributesOf, type Iteration, iteratesSince, writeRequest } from './write-xml.ts'

/** A question for all records of one kind, or for those that were changed since a watermark. */
export interface Listing {
  entity: LinkKind.INVOICE | LinkKind.CUSTOMER | LinkKind.ITEM
  /** What an earlier listing gave; null for everything. QuickBooks' own local time, without an offset. */
  since: string | null
  pageRowsMax?: number
}

/** `broken`: the watermark stays where it was, and the listing begins anew. */
export type Listed = { kind: 'listed'; watermark: string | null } | { kind: 'broken'; detail: string }

const NAMES = {
  [LinkKind.INVOICE]: 'InvoiceQuery',
  [LinkKind.CUSTOMER]: 'CustomerQuery',
  [LinkKind.ITEM]: 'ItemQuery',
} as const satisfies Record<Listing['entity'], RequestName>

/** No company file is that large; whoever goes on is being led in circles. */
const pagesMax = 10_000

/**
 * Lists records page by page, within one conversation, and hands each page to `take`. The watermark is given only when the
 * last page has been taken: QuickBooks promises no order, so that a part of a listing says nothing about the rest.
 */
export async function listPages({
  listing,
  version,
  reading,
  send,
  take,
}: {
  listing: Listing
  version: number
  reading: Reading
  send: (envelope: Envelope) => Promise<Answer>
  take: (records: LedgerRecord[]) => Promise<void>
}): Promise<Listed> {
  let iteration: Iteration = { iterator: 'Start' }
  let watermark = listing.since
  for (let page = 1; page <= pagesMax; page += 1) {
    const answer = await send(envelopeOf({ listing, version, iteration, requestId: `page-${page}` }))
    const read = pageOf({ answer, reading, requestId: `page-${page}` })
    if ('broken' in read) return { kind: 'broken', detail: read.broken }
    await take(read.rows.map(({ record }) => record))
    for (const { changedAt } of read.rows) if (changedAt > (watermark ?? '')) watermark = changedAt
    if (read.remaining === 0) return { kind: 'listed', watermark }
    if (read.rows.length === 0 || !read.iteratorID)
      return { kind: 'broken', detail: 'more is left, and none of it comes' }
    iteration = { iterator: 'Continue', iteratorID: read.iteratorID }
  }
  return { kind: 'broken', detail: `more than ${pagesMax} pages` }
}

function envelopeOf({
  listing: { entity, since, pageRowsMax = 100 },
  version,
  iteration,
  requestId,
}: {
  listing: Listing
  version: number
  iteration: Iteration
  requestId: string
}): Envelope {
  const FromModifiedDate = since === null ? undefined : aMinuteBefore(since)
  // Where there are no pages a limit would cut off the rest.
  const MaxReturned = version >= iteratesSince ? String(pageRowsMax) : undefined
  const changed: Values = FromModifiedDate === undefined ? {} : { FromModifiedDate }
  const values: Values =
    entity === LinkKind.INVOICE
      ? {
          MaxReturned,
          ModifiedDateRangeFilter: FromModifiedDate === undefined ? undefined : changed,
          IncludeLineItems: 'true',
        }
      : { MaxReturned, ActiveStatus: 'All', ...changed }
  const request = writeRequest({ name: NAMES[entity], values, version, iteration })
  const requests = [request.replace(/^<\w+/, (tag) => tag + attributesOf({ requestID: requestId }))]
  const body = messageSet({ requests, version })
  return { method: 'QBXML', path: 'message-set', contentType: 'application/qbxml', body, exchanges: [] }
}

/** Their clock is local and jumps twice a year; what is asked for twice harms nothing. */
function aMinuteBefore(local: string): string {
  return new Date(Date.parse(`${local}Z`) - 60_000).toISOString().slice(0, 19)
}

interface Row {
  record: LedgerRecord
  /** Local, without an offset. */
  changedAt: string
}

type Page = { broken: string } | { rows: Row[]; remaining: number; iteratorID: string | undefined }

const ASKED = { writes: false, about: { documentNumber: null, customerName: null, date: null } }

function pageOf({ answer, reading, requestId }: { answer: Answer; reading: Reading; requestId: string }): Page {
  if (answer.kind !== 'answered') return { broken: answer.detail }
  if (answer.status !== 200) return { broken: answer.body }
  const read = readAnswer<Row | null>({
    body: answer.body,
    read(element) {
      const record = readRecord(element, reading)
      return record && { record, changedAt: (textAt(element, 'TimeModified') ?? '').slice(0, 19) }
    },
  })
  if (read.kind === 'unreadable') return { broken: read.detail }
  const response = read.responses.find((one) => one.requestId === requestId)
  return response ? rowsOf(response) : { broken: 'no answer to the page' }
}

function rowsOf({ statusCode, statusMessage, found, attributes }: Response<Row | null>): Page {
  const meaning = meaningOf({ code: statusCode, message: statusMessage }, ASKED)
  if (meaning !== 'fine') return { broken: `${statusCode} ${statusMessage}` }
  const rows = found.filter((row) => row !== null)
  if (rows.length < found.length) return { broken: 'a record that cannot be read' }
  const remaining = Number(attributes.iteratorRemainingCount ?? '0')
  return { rows, remaining, iteratorID: attributes.iteratorID }
}
