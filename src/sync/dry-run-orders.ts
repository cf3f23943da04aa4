import type { KeyCursor } from '../creatio/keyed-page.ts'
import type { Posting } from '../domain/posting.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { type PostingSelection, postingPage } from '../storage/posting-pages.ts'
import type { Road } from './road.ts'

const ORDERS_MAX = 100
const NUMBERS_MAX = 1_000

/** Which orders: by their numbers; else those of a selection of postings; else those that were created between two instants. */
export interface DryRunFilter {
  orderNumbers?: string[] | null
  postings?: PostingSelection | null
  from?: Date | null
  /** Not included. */
  to?: Date | null
}

export interface OrderRequest {
  connectionId: string
  filter: DryRunFilter
  /** 1 to 100. */
  first: number
  /** The `endCursor` of the page before. */
  after: string | null
}

export interface OrdersToRun {
  /** `id` is null where the CRM has no order of this number. */
  orders: { id: string | null; number: string | null }[]
  endCursor: string | null
  hasNextPage: boolean
}

/** One page of the orders that a filter names. Throws InvalidRequest and CreatioError. */
export function ordersToRun(road: Road, request: OrderRequest): Promise<OrdersToRun> {
  const { first, filter } = request
  if (!Number.isInteger(first) || first < 1 || first > ORDERS_MAX)
    throw new InvalidRequest(
      `"first" is ${first}: ask for 1 to ${ORDERS_MAX} orders, and for the next page with "after".`,
    )
  if (filter.orderNumbers) return byNumber(road, { ...request, numbers: filter.orderNumbers })
  return filter.postings ? ofPostings(road, { ...request, selection: filter.postings }) : byCreation(road, request)
}

async function byNumber(
  road: Road,
  { numbers, first, after }: OrderRequest & { numbers: string[] },
): Promise<OrdersToRun> {
  const wanted = [...new Set(numbers.map((number) => number.trim()))].filter((number) => number !== '')
  if (wanted.length > NUMBERS_MAX) throw new InvalidRequest(`${NUMBERS_MAX} orders can be named at once.`)
  const start = after === null ? 0 : Number(cursorParts(after, 'number', 1)[0])
  if (!Number.isInteger(start) || start < 0) throw notACursor()
  const orders = []
  for (const number of wanted.slice(start, start + first))
    orders.push({ id: await road.crm.orderIdByNumber(number), number })
  const end = start + orders.length
  return pageOf(orders, { kind: 'number', parts: [String(end)], more: end < wanted.length })
}

/** Postings of one order are one order: the documents are made of what the CRM says now. */
async function ofPostings(
  road: Road,
  { connectionId, selection, first, after }: OrderRequest & { selection: PostingSelection },
): Promise<OrdersToRun> {
  const page = await postingPage(road.database, {
    selection: { ...selection, connectionId },
    request: { first, after: after === null ? null : (cursorParts(after, 'posting', 1)[0] ?? null) },
  })
  const orders = new Map(page.nodes.filter(isOfOrder).map(({ sourceId, orderNumber }) => [sourceId, orderNumber]))
  return pageOf(
    [...orders].map(([id, number]) => ({ id, number })),
    { kind: 'posting', parts: [page.endCursor ?? ''], more: page.hasNextPage },
  )
}

/** Customers and payments are records of their own, and what corrects an invoice is shown with its correction. */
function isOfOrder({ kind, correctionId }: Posting): boolean {
  return ['INVOICE', 'CREDIT_MEMO', 'REFUND'].includes(kind) && correctionId === null
}

async function byCreation(road: Road, { filter, first, after }: OrderRequest): Promise<OrdersToRun> {
  const since = filter.from?.toISOString() ?? road.crm.profile.difference.ordersSince
  const before = (filter.to ?? road.now()).toISOString()
  const { orders, next } = await road.crm.orderKeys({ since, before, after: keyFrom(after), limit: first })
  return pageOf(orders, { kind: 'order', parts: next ? [next.createdOn, next.id] : [], more: next !== null })
}

function keyFrom(after: string | null): KeyCursor | null {
  if (after === null) return null
  const [createdOn = '', id = ''] = cursorParts(after, 'order', 2)
  if (Number.isNaN(Date.parse(createdOn)) || !/^[0-9a-f-]{36}$/i.test(id)) throw notACursor()
  return { createdOn, id }
}

function pageOf(
  orders: OrdersToRun['orders'],
  { kind, parts, more }: { kind: string; parts: string[]; more: boolean },
): OrdersToRun {
  const endCursor = more ? Buffer.from([kind, ...parts].join('|')).toString('base64url') : null
  return { orders, endCursor, hasNextPage: more }
}

function cursorParts(cursor: string, kind: string, count: number): string[] {
  const [found, ...parts] = Buffer.from(cursor.slice(0, 200), 'base64url').toString().split('|')
  if (found !== kind || parts.length !== count) throw notACursor()
  return parts
}

function notACursor(): InvalidRequest {
  return new InvalidRequest('"after" is not a cursor of this list: pass the endCursor of the page before, unchanged.')
}
