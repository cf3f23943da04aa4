import { CreatioError, type CrmLogRow, type CrmOrder, type Search } from '../creatio/creatio.ts'
import { type OrderReading, toDocument } from '../creatio/to-document.ts'
import type { Connection } from '../domain/connection.ts'
import type { Delivery } from '../domain/delivery.ts'
import type { Exchange } from '../domain/exchange.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { LogRow } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { defaultConnection, listConnections } from '../storage/connections.ts'
import { deliveriesById, exchangesOfPostings } from '../storage/exchange-pages.ts'
import { logRowsById, newestPostingOfOrder, waitingBehind } from '../storage/inspection.ts'
import { findLinks } from '../storage/links.ts'
import { findOrderPostings, findPostings, findPostingsById } from '../storage/postings.ts'
import type { Road } from './road.ts'

/** What is known of a posting, whatever it posts. */
export interface PostingFacts {
  connection: Connection | null
  posting: Posting | null
  /** The posting that it waits for. */
  blocker: Posting | null
  /** Newest first. */
  exchanges: { exchange: Exchange; delivery: Delivery | null }[]
  now: Date
}

export interface OrderFacts extends PostingFacts {
  number: string
  /** Why the CRM could not be asked; null when it answered. */
  crmTrouble: CreatioError | null
  search: Search
  /** Null when there is none, or nobody could be asked. */
  order: CrmOrder | null
  reading: OrderReading | null
  rows: CrmLogRow[]
  /** What was decided about the rows that were read before, by their ids. */
  seenRows: Map<string, LogRow>
  customerId: string | null
  customerPosting: Posting | null
  linkedItems: Set<string>
  discountAccountLinked: boolean
  limits: LedgerLimits | null
  profileStatuses: string[]
}

export interface CustomerFacts extends PostingFacts {
  number: string
  crmTrouble: CreatioError | null
  search: Search
  /** The account that bears the name; null when there is none. */
  account: Search['found'][number] | null
  customerId: string | null
  waiting: { count: number; orderNumbers: string[] }
  limits: LedgerLimits | null
}

const NOTHING: Search = { found: [], near: [] }

export async function gatherOrder(road: Road, number: string): Promise<OrderFacts> {
  const asked = await crmOrder(road, number)
  const { order, rows } = asked
  const [own] = order
    ? await findOrderPostings(road.database, [order.id])
    : [await newestPostingOfOrder(road.database, number)]
  const facts = await postingFacts(road, own ?? null)
  const reading = order && toDocument(order, { profile: road.crm.profile, timeZone: road.crm.timeZone })
  const document = reading?.kind === 'document' ? reading.document : null
  const links = (kind: LinkKind, sourceIds: string[]) =>
    facts.connection
      ? findLinks(road.database, { connectionId: facts.connection.id, kind, sourceIds })
      : Promise.resolve(new Map<string, string>())
  const accountId = order?.account?.id ?? document?.customer.sourceId ?? null
  const customers = await links(LinkKind.CUSTOMER, accountId ? [accountId] : [])
  const items = await links(
    LinkKind.ITEM,
    (order?.lines ?? []).flatMap(({ product }) => product?.id ?? []),
  )
  const accounts = await links(LinkKind.ACCOUNT, facts.connection ? [facts.connection.discountAccountName] : [])
  const [customerPosting] = accountId
    ? await findPostings(road.database, { kind: PostingKind.CUSTOMER, sourceIds: [accountId] })
    : []
  const seen = await logRowsById(
    road.database,
    rows.map(({ id }) => id),
  )
  return {
    ...facts,
    ...asked,
    number,
    reading,
    seenRows: new Map(seen.map((row) => [row.id, row])),
    customerId: customers.get(accountId ?? '') ?? null,
    customerPosting: customerPosting ?? null,
    linkedItems: new Set(items.keys()),
    discountAccountLinked: accounts.size > 0,
    limits: limitsOf(road, facts.connection),
    profileStatuses: Object.keys(road.crm.profile.orderLog.statuses),
  }
}

/** What the CRM says of the order; what it could not be asked is missing, and `crmTrouble` says why. */
async function crmOrder(
  road: Road,
  number: string,
): Promise<Pick<OrderFacts, 'crmTrouble' | 'search' | 'order' | 'rows'>> {
  const known: Pick<OrderFacts, 'crmTrouble' | 'search' | 'order' | 'rows'> = {
    crmTrouble: null,
    search: NOTHING,
    order: null,
    rows: [],
  }
  try {
    known.search = await road.crm.searchOrders(number)
    const { found } = known.search
    // An order number comes before the same text as another order's invoice number.
    const one = found.find(({ name }) => name === number) ?? found[0]
    known.order = one ? ((await road.crm.orders([one.id])).get(one.id) ?? null) : null
    known.rows = known.order ? await road.crm.logRowsOfRecords([known.order.id]) : await road.crm.logRowsNamed(number)
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    known.crmTrouble = error
  }
  return known
}

export async function gatherCustomer(road: Road, name: string): Promise<CustomerFacts> {
  let search = NOTHING
  let crmTrouble: CreatioError | null = null
  try {
    search = await road.crm.searchAccounts(name)
  } catch (error) {
    if (!(error instanceof CreatioError)) throw error
    crmTrouble = error
  }
  const account = search.found.find(({ otherName }) => otherName === name) ?? search.found[0] ?? null
  const [posting] = account
    ? await findPostings(road.database, { kind: PostingKind.CUSTOMER, sourceIds: [account.id] })
    : []
  const facts = await postingFacts(road, posting ?? null)
  const links =
    account && facts.connection
      ? await findLinks(road.database, {
          connectionId: facts.connection.id,
          kind: LinkKind.CUSTOMER,
          sourceIds: [account.id],
        })
      : new Map<string, string>()
  return {
    ...facts,
    number: name,
    crmTrouble,
    search,
    account,
    customerId: links.get(account?.id ?? '') ?? null,
    waiting: posting ? await waitingBehind(road.database, posting.id) : { count: 0, orderNumbers: [] },
    limits: limitsOf(road, facts.connection),
  }
}

async function postingFacts(road: Road, posting: Posting | null): Promise<PostingFacts> {
  const now = road.now()
  const connections = await listConnections(road.database)
  const connection = posting
    ? (connections.find(({ id }) => id === posting.connectionId) ?? null)
    : await defaultConnection(road.database)
  if (!posting) return { connection, posting: null, blocker: null, exchanges: [], now }
  const [blocker] = posting.blockedById ? await findPostingsById(road.database, [posting.blockedById]) : []
  const exchanges = await exchangesOfPostings(road.database, [posting.id])
  const deliveries = await deliveriesById(
    road.database,
    exchanges.map(({ deliveryId }) => deliveryId),
  )
  const deliveryOf = new Map(deliveries.map((delivery) => [delivery.id, delivery]))
  return {
    connection,
    posting,
    blocker: blocker ?? null,
    exchanges: exchanges.map((exchange) => ({ exchange, delivery: deliveryOf.get(exchange.deliveryId) ?? null })),
    now,
  }
}

/** The limits of the ledger; to open one touches no network. */
function limitsOf(road: Road, connection: Connection | null): LedgerLimits | null {
  return connection && road.ledgerOf(connection).limits
}
