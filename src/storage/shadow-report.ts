import { type RawBuilder, sql } from 'kysely'
import { ShadowReport } from '../domain/shadow.ts'
import type { Database } from './database.ts'
import type { ShadowSelection } from './shadow.ts'

const UNKNOWN_SHOWN_MAX = 100
const SALES_RECORDS = ['INVOICE', 'CREDIT_MEMO', 'REFUND_RECEIPT']

type Days = Pick<ShadowSelection, 'connectionId' | 'from' | 'to'>
type Sums = Omit<ShadowReport, 'unknownHere' | 'byField' | 'unknown'>

/** What shadow mode found of the documents between two days, in sum. */
export async function shadowReport(database: Database, days: Days): Promise<ShadowReport> {
  const [sums] = await database.rows(sql<Sums>`
    select count(*)::int as predicted,
      (count(*) filter (where state = 'WAITING'))::int as waiting,
      (count(*) filter (where state = 'EQUAL'))::int as equal,
      (count(*) filter (where state = 'DIFFERING'))::int as differing,
      (count(*) filter (where state = 'MISSING'))::int as "missingThere",
      coalesce(sum(total) filter (where state <> 'WAITING'), 0.00)::text as "ourTotal",
      coalesce(sum(their_total) filter (where state <> 'WAITING'), 0.00)::text as "theirTotal",
      coalesce(sum(abs(their_total - total)) filter (where state = 'DIFFERING'), 0.00)::text as "differenceTotal",
      coalesce(sum(total) filter (where state = 'MISSING'), 0.00)::text as "missingTotal"
    from shadow_prediction where ${within(days)}`)
  const byField = await database.rows(sql<ShadowReport['byField'][number]>`
    select field, count(distinct prediction_id)::int as documents from shadow_difference
    where ${within(days)} group by field order by 2 desc, 1`)
  const isMirrored = await salesAreMirrored(database, days)
  const unknown = isMirrored ? await unknownRecords(database, days) : []
  const unknownHere = isMirrored ? await countUnknown(database, days) : null
  return Object.assign(new ShadowReport(), { ...sums, byField, unknownHere, unknown })
}

function within({ connectionId, from, to }: Days): RawBuilder<unknown> {
  return sql`connection_id = ${connectionId} and ${from ? sql`date >= ${from}` : sql`true`} and ${to ? sql`date <= ${to}` : sql`true`}`
}

/** Whether every kind of sale that this company mirrors was read in full: not each QuickBooks has refund receipts. */
async function salesAreMirrored(database: Database, { connectionId }: Days): Promise<boolean> {
  const [row] = await database.rows(sql<{ read: boolean }>`
    select coalesce(bool_and(last_full_at is not null) and bool_or(entity = 'INVOICE'), false) as read from sync_cursor
    where connection_id = ${connectionId} and entity = any(${SALES_RECORDS}::text[])`)
  return row?.read ?? false
}

/** Records of the mirror that were compared with no prediction, and whose number none bears either. */
function unknownTo({ connectionId, from, to }: Days): RawBuilder<unknown> {
  return sql`from mirror_record record
    where record.connection_id = ${connectionId} and record.entity = any(${SALES_RECORDS}::text[]) and record.deleted_at is null
      and ${from ? sql`record.date >= ${from}` : sql`true`} and ${to ? sql`record.date <= ${to}` : sql`true`}
      and not exists (select from shadow_prediction made where made.connection_id = record.connection_id
        and made.kind = case record.entity when 'REFUND_RECEIPT' then 'REFUND' else record.entity end
        and (made.quick_books_id = record.quick_books_id or made.document_number = record.number))`
}

async function countUnknown(database: Database, days: Days): Promise<number> {
  const [row] = await database.rows(sql<{ count: number }>`select count(*)::int as count ${unknownTo(days)}`)
  return row?.count ?? 0
}

function unknownRecords(database: Database, days: Days): Promise<ShadowReport['unknown']> {
  return database.rows(sql<ShadowReport['unknown'][number]>`
    select record.entity, record.quick_books_id as "quickBooksId", record.number, record.date::text as date, record.total::text as total
    ${unknownTo(days)} order by record.id limit ${UNKNOWN_SHOWN_MAX}`)
}
