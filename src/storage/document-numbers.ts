import { type RawBuilder, sql } from 'kysely'
import type { NumberHolder } from '../domain/number-sequence.ts'
import type { Database } from './database.ts'

const SEQUENCES_MAX = 20
const GAPS_MAX = 100
const COLLISIONS_MAX = 100
/** What shares one pool of numbers. */
const SALES = ['INVOICE', 'CREDIT_MEMO', 'REFUND']
const SALES_RECORDS = ['INVOICE', 'CREDIT_MEMO', 'REFUND_RECEIPT']

/** From which number on; only its own sequence is then looked at. */
export interface NumbersFrom {
  prefix: string
  digits: string
}

interface Asked {
  connectionId: string
  from: NumbersFrom | null
}

export interface SequenceRow {
  prefix: string
  first: string
  last: string
  count: number
  width: number
}

/** What bears a number: our postings, in their newest generation, and records of QuickBooks that none of ours made. */
function holders(connectionId: string): RawBuilder<unknown> {
  return sql`
    ours as (
      select distinct on (source_id, kind) id, kind, document_number as number, number_suffix, quick_books_id, order_number, state, total
      from posting where connection_id = ${connectionId} and kind = any(${SALES}::text[]) and document_number <> ''
        and state not in ('SKIPPED', 'CANCELLED')
      order by source_id, kind, generation desc),
    theirs as (
      select entity as kind, number, quick_books_id, total from mirror_record
      where connection_id = ${connectionId} and entity = any(${SALES_RECORDS}::text[]) and number <> '' and deleted_at is null
        and not exists (select from posting made where made.connection_id = ${connectionId} and made.kind = any(${SALES}::text[])
          and made.quick_books_id = mirror_record.quick_books_id and made.document_number = mirror_record.number))`
}

/** The digits at the end of each number; a suffix of our own is no part of the sequence. */
function counted({ connectionId, from }: Asked): RawBuilder<unknown> {
  const narrowed = from === null ? sql`true` : sql`prefix = ${from.prefix} and value >= ${from.digits}::numeric`
  return sql`with ${holders(connectionId)},
    numbers as (
      select left(number, length(number) - coalesce(length(number_suffix), 0)) as number from ours
      union select number from theirs),
    parted as (
      select regexp_replace(number, '[0-9]+$', '') as prefix, substring(number from '[0-9]+$') as digits
      from numbers where number ~ '(^|[^0-9])[0-9]{1,15}$'),
    counted as (
      select prefix, digits::numeric as value, min(length(digits)) as width from parted group by 1, 2),
    wanted as (select * from counted where ${narrowed})`
}

/** The sequences of a connection's document numbers, the one with the most numbers first. */
export function numberSequences(database: Database, asked: Asked): Promise<SequenceRow[]> {
  return database.rows(sql<SequenceRow>`${counted(asked)}
    select prefix, min(value)::text as first, max(value)::text as last, count(*)::int as count, min(width)::int as width
    from wanted group by prefix order by count(*) desc, prefix limit ${SEQUENCES_MAX}`)
}

/** The gaps of one sequence, lowest first. */
export function numberGaps(
  database: Database,
  { prefix, ...asked }: Asked & { prefix: string },
): Promise<{ from: string; to: string; count: string }[]> {
  return database.rows(sql<{ from: string; to: string; count: string }>`${counted(asked)}
    select (value + 1)::text as "from", (next - 1)::text as "to", (next - value - 1)::text as count
    from (select value, lead(value) over (order by value) as next from wanted where prefix = ${prefix}) as pairs
    where next > value + 1 order by value limit ${GAPS_MAX}`)
}

/** Numbers that several documents bear, each with all that bear it. */
export async function numberCollisions(
  database: Database,
  { connectionId, from }: Asked,
): Promise<(NumberHolder & { number: string })[]> {
  const narrowed =
    from === null
      ? sql`true`
      : sql`number ~ '(^|[^0-9])[0-9]{1,15}$' and regexp_replace(number, '[0-9]+$', '') = ${from.prefix}
          and substring(number from '[0-9]+$')::numeric >= ${from.digits}::numeric`
  return database.rows(sql<NumberHolder & { number: string }>`with ${holders(connectionId)},
    every_one as (
      select number, 'POSTING' as side, kind, id, quick_books_id, order_number, state, total from ours
      union all
      select number, 'QUICKBOOKS', kind, null, quick_books_id, null, null, total from theirs),
    colliding as (
      select number from every_one where ${narrowed} group by number having count(*) > 1 order by number limit ${COLLISIONS_MAX})
    select number, side, kind, id as "postingId", quick_books_id as "quickBooksId", order_number as "orderNumber", state, total::text as total
    from every_one where number in (select number from colliding)
    order by number, side, id, quick_books_id`)
}
