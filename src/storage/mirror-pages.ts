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
const FAILED = [PostingState.FAILED, PostingState.MISMATCHED, PostingState.CANCELLED]
const NOT_POSTED = [...UNDER_WAY, ...FAILED]

/**
 * Customers or items of both sides, newest first: those of the mirror, and those that are on their way to QuickBooks. Each
 * is one row of one list, and its status is part of the question, so that a page of FAILED ones costs a page.
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
    ...(status ? [sql`side = ${status}`] : []),
  ]
  const table = sidesOf(entity)
  const page = await keysetPage(database, { entity: MirrorRecord, table, columns: COLUMNS, conditions, request })
  const ids = page.nodes.map(({ id }) => id)
  const rows = await database.rows(sql<Pick<Side, 'id' | 'status' | 'sourceId' | 'postingId'>>`
    select id, side as status, source_id as "sourceId", posting_id as "postingId" from ${table} where id = any(${ids}::uuid[])`)
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

/**
 * A linked record that was deleted or made inactive in QuickBooks can no longer be posted with, unless the CRM itself made it
 * inactive. A customer that is linked and changed in the CRM is on its way again: its newest posting says how it stands.
 */
function sidesOf(entity: SidedEntity): RawBuilder<unknown> {
  const isCustomer = entity === MirrorEntity.CUSTOMER
  const kind = isCustomer ? LinkKind.CUSTOMER : LinkKind.ITEM
  // Subqueries of single values, so that they are worked out for the rows of a page alone.
  const source = sql`(select min(link.source_id) from link where link.connection_id = mirror_record.connection_id
    and link.kind = ${kind} and link.quick_books_id = mirror_record.quick_books_id)`
  const unposted = sql`case when active and deleted_at is null then 'SYNCED' else 'FAILED' end`
  const newest = (what: RawBuilder<unknown>) => sql`(select ${what} from posting where posting.kind = 'CUSTOMER'
    and posting.source_id = case when ${source} ~ '^[0-9a-f-]{36}$' then ${source}::uuid end order by generation desc limit 1)`
  const posted = newest(sql`case when posting.state = any(${UNDER_WAY}::text[]) then 'PENDING'
    when posting.state = any(${FAILED}::text[]) or mirror_record.deleted_at is not null then 'FAILED'
    when mirror_record.active = coalesce((posting.document ->> 'active')::boolean, true) then 'SYNCED' else 'FAILED' end`)
  const mirrored = sql`select ${COLUMNS}, ${source} as source_id, ${isCustomer ? newest(sql`posting.id`) : sql`null::uuid`} as posting_id,
      case when ${source} is null then 'NOT_SYNCED' else ${isCustomer ? sql`coalesce(${posted}, ${unposted})` : unposted} end as side
    from mirror_record where entity = ${entity} and (deleted_at is null or ${source} is not null)`
  if (!isCustomer) return sql`(${mirrored}) as sides`
  const isLinked = sql`coalesce((select true from link join mirror_record on mirror_record.connection_id = link.connection_id
    and mirror_record.entity = 'CUSTOMER' and mirror_record.quick_books_id = link.quick_books_id
    where link.connection_id = posting.connection_id and link.kind = 'CUSTOMER' and link.source_id = posting.source_id::text limit 1), false)`
  return sql`(${mirrored} union all
    select id, connection_id, 'CUSTOMER' as entity, '' as quick_books_id, null::int as sync_token, true as active,
      null::timestamptz as deleted_at, null as merged_into_id, null as number, document_number as name, null as party_id,
      null as date, null::numeric as total, null::numeric as balance, '{}'::jsonb as raw, null::timestamptz as changed_at,
      updated_at as seen_at, updated_at, source_id::text as source_id, id as posting_id,
      case when state = any(${UNDER_WAY}::text[]) then 'PENDING' else 'FAILED' end as side
    from posting where kind = 'CUSTOMER' and state = any(${NOT_POSTED}::text[]) and quick_books_id is null and not ${isLinked}) as sides`
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
