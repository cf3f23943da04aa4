import { type RawBuilder, sql } from 'kysely'
import { LinkKind } from '../domain/link.ts'
import { MirrorEntity, MirrorRecord } from '../domain/mirror.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Database } from './database.ts'
import { idFrom, type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

/** How a record stands on both sides. */
export type BothSides = 'SYNCED' | 'PENDING' | 'FAILED' | 'NOT_SYNCED'

/** What is left out filters nothing. */
export interface MirrorSelection {
  connectionId?: string | null
  /** The beginning of the name, in any case. */
  name?: string | null
  active?: boolean | null
  status?: BothSides | null
}

/** A record of one side or of both. */
export interface Side
  extends Pick<
    MirrorRecord,
    'id' | 'connectionId' | 'name' | 'number' | 'active' | 'total' | 'balance' | 'deletedAt' | 'changedAt'
  > {
  /** Null while QuickBooks does not have it. */
  quickBooksId: string | null
  mergedIntoId: string | null
  status: BothSides
  /** What the CRM calls it; null when nothing there is linked to it. */
  sourceId: string | null
  /** The posting that is to make it. */
  postingId: string | null
}

type SidedEntity = MirrorEntity.CUSTOMER | MirrorEntity.ITEM

const UNDER_WAY = [PostingState.PENDING, PostingState.CLAIMED, PostingState.SENT, PostingState.UNKNOWN]
const GIVEN_UP = [PostingState.FAILED, PostingState.MISMATCHED, PostingState.CANCELLED]

/**
 * Customers or items of both sides, newest first: those of the mirror, and those that are on their way to QuickBooks. Each
 * is one row of one list, and its status decides where it is looked for, so that a page of FAILED ones costs a page.
 */
export async function sidesPage(
  database: Database,
  args: {
    entity: SidedEntity
    selection: MirrorSelection
    request: PageRequest
  },
): Promise<KeysetPage<Side>> {
  const { entity, selection, request } = args
  const { connectionId, name, active, status } = selection
  const conditions: RawBuilder<unknown>[] = [
    ...(connectionId ? [sql`connection_id = ${idFrom({ id: connectionId, what: 'connection' })}`] : []),
    ...(name ? [sql`lower(name) like ${`${likeText(name.toLowerCase())}%`}`] : []),
    ...(active === null || active === undefined ? [] : [sql`active = ${active}`]),
  ]
  const table = tablesOf({ entity, status: status ?? null })
  if (table.length === 0) return EMPTY
  const page = await keysetPage(database, { entity: MirrorRecord, table, columns: COLUMNS, conditions, request })
  const ids = page.nodes.map(({ id }) => id)
  // How the records of a page stand needs no search: whatever was asked for, they are looked up by their ids.
  const everywhere = tablesOf({ entity, status: null })
  const rows = await database.rows(sql<Pick<Side, 'id' | 'status' | 'sourceId' | 'postingId'>>`
    select id, side as status, source_id as "sourceId", posting_id as "postingId"
    from (${sql.join(
      everywhere.map((one) => sql`select * from ${one} where id = any(${ids}::uuid[])`),
      sql` union all `,
    )}) as sides`)
  const more = new Map(rows.map((row) => [row.id, row]))
  const nodes = page.nodes.map(
    (node): Side => ({
      ...node,
      quickBooksId: node.quickBooksId === '' ? null : node.quickBooksId,
      status: 'NOT_SYNCED',
      sourceId: null,
      postingId: null,
      ...more.get(node.id),
    }),
  )
  return { ...page, nodes }
}

const COLUMNS = sql`id, connection_id, entity, quick_books_id, sync_token, active, deleted_at, merged_into_id, number, name,
  party_id, date, total, balance, raw, changed_at, seen_at, updated_at`

const EMPTY: KeysetPage<Side> = {
  nodes: [],
  endCursor: null,
  hasNextPage: false,
  count: async () => ({ total: 0, capped: false }),
}

/** Where records of this status are: in the mirror, and, of customers, on their way to QuickBooks. */
function tablesOf({ entity, status }: { entity: SidedEntity; status: BothSides | null }): RawBuilder<unknown>[] {
  if (entity === MirrorEntity.ITEM) return itemsOf(status)
  return [...customersOf(status).map(customers), ...underWay(status)]
}

function linksOf(kind: LinkKind): RawBuilder<unknown> {
  return sql`from link where link.connection_id = mirror_record.connection_id
    and link.kind = ${kind} and link.quick_books_id = mirror_record.quick_books_id`
}

/** What was deleted or made inactive in QuickBooks; the index of that name holds it. */
const GONE = sql`(not active or deleted_at is not null)`

/** A linked item that was deleted or made inactive in QuickBooks can no longer be posted with. */
function itemsOf(status: BothSides | null): RawBuilder<unknown>[] {
  if (status === 'PENDING') return []
  const links = linksOf(LinkKind.ITEM)
  const condition = {
    SYNCED: sql`not ${GONE} and exists (select ${links})`,
    FAILED: sql`${GONE} and exists (select ${links})`,
    NOT_SYNCED: sql`deleted_at is null and not exists (select ${links})`,
  }
  return [
    sql`(
    select ${COLUMNS}, (select min(link.source_id) ${links}) as source_id, null::uuid as posting_id,
      case when not exists (select ${links}) then 'NOT_SYNCED' when ${GONE} then 'FAILED' else 'SYNCED' end as side
    from mirror_record
    where entity = 'ITEM' and ${status ? condition[status] : sql`(deleted_at is null or exists (select ${links}))`}) as sides`,
  ]
}

/** The literals of an index: a parameter in their place would hide from PostgreSQL that the index holds the rows. */
const NOT_AS_TOLD = sql`posting.kind = 'CUSTOMER' and (posting.state in (${sql.join([...UNDER_WAY, ...GIVEN_UP].map((state) => sql.lit(state)))})
  or posting.document ->> 'active' = 'false')`

/** Customers of the mirror of which a posting tells something else than the mirror does: few, and found from the postings. */
const TOLD_OTHERWISE = sql`id = any(array(
  select told.id from posting
  join link on link.connection_id = posting.connection_id and link.kind = 'CUSTOMER' and link.source_id = posting.source_id::text
  join mirror_record as told on told.connection_id = link.connection_id and told.entity = 'CUSTOMER'
    and told.quick_books_id = link.quick_books_id
  where ${NOT_AS_TOLD}))`

/**
 * What a linked customer's newest posting says of it: one that was changed in the CRM is on its way again. One that was deleted
 * or made inactive in QuickBooks can no longer be posted with, unless the CRM itself made it inactive.
 */
const CUSTOMER = (() => {
  const links = linksOf(LinkKind.CUSTOMER)
  // Subqueries of single values, so that they are worked out for the rows of a page alone.
  const source = sql`(select min(link.source_id) ${links})`
  const newest = (what: RawBuilder<unknown>) => sql`(select ${what} from posting where posting.kind = 'CUSTOMER'
    and posting.source_id = case when ${source} ~ '^[0-9a-f-]{36}$' then ${source}::uuid end order by generation desc limit 1)`
  const posted = newest(sql`case when posting.state = any(${UNDER_WAY}::text[]) then 'PENDING'
    when posting.state = any(${GIVEN_UP}::text[]) or mirror_record.deleted_at is not null then 'FAILED'
    when mirror_record.active = coalesce((posting.document ->> 'active')::boolean, true) then 'SYNCED' else 'FAILED' end`)
  const isLinked = sql`exists (select ${links})`
  const standing = sql`coalesce(${posted}, case when ${GONE} then 'FAILED' else 'SYNCED' end)`
  return { source, postingId: newest(sql`posting.id`), isLinked, standing }
})()

/** For each way in which customers of a status are found, what must be true of them. */
function customersOf(status: BothSides | null): RawBuilder<unknown>[] {
  const { isLinked, standing } = CUSTOMER
  const stands = sql`${isLinked} and ${standing} = ${status}`
  if (status === null) return [sql`(deleted_at is null or ${isLinked})`]
  if (status === 'NOT_SYNCED') return [sql`deleted_at is null and not ${isLinked}`]
  if (status === 'PENDING') return [sql`${TOLD_OTHERWISE} and ${stands}`]
  if (status === 'FAILED') return [sql`${GONE} and ${stands}`, sql`not ${GONE} and ${TOLD_OTHERWISE} and ${stands}`]
  return [stands]
}

function customers(condition: RawBuilder<unknown>): RawBuilder<unknown> {
  const { source, postingId, isLinked, standing } = CUSTOMER
  return sql`(
    select ${COLUMNS}, ${source} as source_id, ${postingId} as posting_id,
      case when ${isLinked} then ${standing} else 'NOT_SYNCED' end as side
    from mirror_record where entity = 'CUSTOMER' and ${condition}) as sides`
}

/** Customers that QuickBooks does not have yet. */
function underWay(status: BothSides | null): RawBuilder<unknown>[] {
  const states = { PENDING: UNDER_WAY, FAILED: GIVEN_UP, SYNCED: [], NOT_SYNCED: [] } as const
  const wanted = status ? states[status] : [...UNDER_WAY, ...GIVEN_UP]
  if (wanted.length === 0) return []
  // A single value again: the postings stay in the order of their index.
  const isLinked = sql`coalesce((select true from link join mirror_record on mirror_record.connection_id = link.connection_id
    and mirror_record.entity = 'CUSTOMER' and mirror_record.quick_books_id = link.quick_books_id
    where link.connection_id = posting.connection_id and link.kind = 'CUSTOMER' and link.source_id = posting.source_id::text limit 1), false)`
  return [
    sql`(
    select id, connection_id, 'CUSTOMER' as entity, '' as quick_books_id, null::int as sync_token, true as active,
      null::timestamptz as deleted_at, null::text as merged_into_id, null::text as number, document_number as name,
      null::text as party_id, null::text as date, null::numeric as total, null::numeric as balance, '{}'::jsonb as raw,
      null::timestamptz as changed_at, updated_at as seen_at, updated_at, source_id::text as source_id, id as posting_id,
      case when state = any(${UNDER_WAY}::text[]) then 'PENDING' else 'FAILED' end as side
    from posting where kind = 'CUSTOMER' and quick_books_id is null and state = any(${wanted}::text[]) and not ${isLinked}) as sides`,
  ]
}

/** What is left out filters nothing. */
export interface PaymentSelection {
  connectionId?: string | null
  /** The customer's id in QuickBooks. */
  customerId?: string | null
  /** Dated at or after, YYYY-MM-DD. */
  from?: string | null
  /** Dated before, YYYY-MM-DD. */
  to?: string | null
}

export function paymentPage(
  database: Database,
  { selection, request }: { selection: PaymentSelection; request: PageRequest },
): Promise<KeysetPage<MirrorRecord>> {
  const { connectionId, customerId, from, to } = selection
  const conditions: RawBuilder<unknown>[] = [
    sql`entity = 'PAYMENT' and deleted_at is null`,
    ...(connectionId ? [sql`connection_id = ${idFrom({ id: connectionId, what: 'connection' })}`] : []),
    ...(customerId ? [sql`party_id = ${customerId}`] : []),
    ...(from ? [sql`date >= ${from}`] : []),
    ...(to ? [sql`date < ${to}`] : []),
  ]
  return keysetPage(database, { entity: MirrorRecord, table: sql`mirror_record`, columns: sql`*`, conditions, request })
}

function likeText(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}
