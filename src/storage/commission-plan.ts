import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import {
  CommissionRate,
  type CommissionShare,
  CommissionSplit,
  type CommissionTier,
  type RateMode,
  rateScope,
  splitScope,
} from '../domain/commission-plan.ts'
import type { Quantity } from '../domain/money.ts'
import { type Database, recordset } from './database.ts'
import { InvalidRequest } from './pages.ts'

/** A version of a rate, checked by `commission/rates.ts`. Days are `yyyy-mm-dd`; null ends never. */
export interface RateDraft {
  connectionId: string
  rep: string | null
  itemId: string | null
  customerId: string | null
  mode: RateMode
  percent: Quantity | null
  tiers: CommissionTier[] | null
  holdbackDays: number
  effectiveFrom: string
  effectiveUntil: string | null
  note: string
}

export interface SplitDraft {
  connectionId: string
  orderNumber: string | null
  customerId: string | null
  shares: CommissionShare[]
  effectiveFrom: string
  effectiveUntil: string | null
  note: string
}

interface Saving {
  /** The version that it takes the place of, from its first day on. */
  replacesId: string | null
  author: string
  now: Date
}

type Table = 'commission_rate' | 'commission_split'

/** Saves a version. Throws InvalidRequest when its days overlap those of another of the same scope that it does not replace. */
export async function saveRate(transaction: Database, draft: RateDraft & Saving): Promise<CommissionRate> {
  const scopeKey = rateScope(draft)
  const version = await makeRoom(transaction, { ...draft, table: 'commission_rate', scopeKey })
  const [saved] = await transaction.entities(
    CommissionRate,
    sql`insert into commission_rate (id, connection_id, scope_key, rep, item_id, customer_id, mode, percent, tiers, holdback_days,
          effective_from, effective_until, version, author, note, recorded_at)
        values (${uuidv7()}, ${draft.connectionId}, ${scopeKey}, ${draft.rep}, ${draft.itemId}, ${draft.customerId}, ${draft.mode},
          ${draft.percent}::numeric, ${draft.tiers === null ? null : recordset(draft.tiers)}::jsonb, ${draft.holdbackDays},
          ${draft.effectiveFrom}, ${draft.effectiveUntil}, ${version}, ${draft.author}, ${draft.note}, ${draft.now})
        returning *`,
  )
  if (!saved) throw new Error('A rate was saved and not returned.')
  return saved
}

/** As `saveRate`, of a split. */
export async function saveSplit(transaction: Database, draft: SplitDraft & Saving): Promise<CommissionSplit> {
  const scopeKey = splitScope(draft)
  const version = await makeRoom(transaction, { ...draft, table: 'commission_split', scopeKey })
  const [saved] = await transaction.entities(
    CommissionSplit,
    sql`insert into commission_split (id, connection_id, scope_key, order_number, customer_id, shares, effective_from, effective_until,
          version, author, note, recorded_at)
        values (${uuidv7()}, ${draft.connectionId}, ${scopeKey}, ${draft.orderNumber}, ${draft.customerId},
          ${recordset(draft.shares)}::jsonb, ${draft.effectiveFrom}, ${draft.effectiveUntil}, ${version}, ${draft.author}, ${draft.note},
          ${draft.now})
        returning *`,
  )
  if (!saved) throw new Error('A split was saved and not returned.')
  return saved
}

/**
 * Ends a split in full, with nothing in its place: who earns is then what the customer's split, or the one for all, says. It stays in
 * the history, and in reports as of the time when it was known. Throws InvalidRequest when it is in force no more.
 */
export async function closeSplit(
  transaction: Database,
  { connectionId, id, now }: { connectionId: string; id: string; now: Date },
): Promise<void> {
  const closed = await transaction.run(sql`
    update commission_split set superseded_at = ${now}
    where id = ${id}::uuid and connection_id = ${connectionId} and superseded_at is null`)
  if (closed === 0) throw new InvalidRequest(`The split ${id} is in force no more.`)
}

interface Room extends Saving {
  table: Table
  connectionId: string
  scopeKey: string
  effectiveFrom: string
  effectiveUntil: string | null
}

/** Ends what is replaced the day before, refuses what would overlap, and gives the number of the next version. */
async function makeRoom(transaction: Database, room: Room): Promise<number> {
  const { table, connectionId, scopeKey, effectiveFrom, effectiveUntil, replacesId, now } = room
  if (replacesId !== null) await endBefore(transaction, room)
  const [overlap] = await transaction.rows(sql<{ id: string; from: string; until: string | null }>`
    select id, effective_from::text as from, effective_until::text as until from ${sql.table(table)}
    where connection_id = ${connectionId} and scope_key = ${scopeKey} and superseded_at is null
      and daterange(effective_from, effective_until, '[]') && daterange(${effectiveFrom}::date, ${effectiveUntil}::date, '[]')
    order by effective_from limit 1`)
  if (overlap) {
    throw new InvalidRequest(
      `From ${effectiveFrom} on it would overlap ${overlap.id}, in force from ${overlap.from} until ${overlap.until ?? 'further notice'}: ` +
        `give other days, or "replaces": "${overlap.id}" to end that one the day before.`,
    )
  }
  const [row] = await transaction.rows(sql<{ version: number }>`
    select coalesce(max(version), 0)::int + 1 as version from ${sql.table(table)}
    where connection_id = ${connectionId} and scope_key = ${scopeKey} and recorded_at <= ${now}`)
  return row?.version ?? 1
}

/** The replaced version stays as it was known; another one of it ends the day before the new one begins. */
async function endBefore(transaction: Database, room: Room): Promise<void> {
  const { table, connectionId, scopeKey, effectiveFrom, replacesId, now } = room
  const ended = await transaction.run(sql`
    update ${sql.table(table)} set superseded_at = ${now}
    where id = ${replacesId}::uuid and connection_id = ${connectionId} and scope_key = ${scopeKey} and superseded_at is null`)
  if (ended === 0) {
    throw new InvalidRequest(
      `"replaces" names nothing that is in force for the same rep, product, customer or order: ${replacesId}.`,
    )
  }
  const kept =
    table === 'commission_rate'
      ? sql`rep, item_id, customer_id, mode, percent, tiers, holdback_days`
      : sql`order_number, customer_id, shares`
  await transaction.run(sql`
    insert into ${sql.table(table)} (id, connection_id, scope_key, ${kept}, effective_from, effective_until, version, author, note, recorded_at)
    select ${uuidv7()}::uuid, connection_id, scope_key, ${kept}, effective_from, ${effectiveFrom}::date - 1, version + 1, author, note, ${now}
    from ${sql.table(table)} where id = ${replacesId}::uuid and effective_from < ${effectiveFrom}::date`)
}

/** All versions, or those in force, newest first within each scope. */
export function listRates(
  database: Database,
  args: { connectionId: string; history: boolean },
): Promise<CommissionRate[]> {
  return database.entities(
    CommissionRate,
    sql`select * from commission_rate where connection_id = ${args.connectionId} ${args.history ? sql`` : sql`and superseded_at is null`}
        order by scope_key, effective_from desc, version desc limit ${PLAN_ROWS_MAX}`,
  )
}

export function listSplits(
  database: Database,
  args: { connectionId: string; orderNumber: string | null; history: boolean },
): Promise<CommissionSplit[]> {
  return database.entities(
    CommissionSplit,
    sql`select * from commission_split where connection_id = ${args.connectionId} ${args.history ? sql`` : sql`and superseded_at is null`}
          ${args.orderNumber === null ? sql`` : sql`and scope_key = ${splitScope({ orderNumber: args.orderNumber, customerId: null })}`}
        order by scope_key, effective_from desc, version desc limit ${PLAN_ROWS_MAX}`,
  )
}

const PLAN_ROWS_MAX = 2_000

/** The invoices that a change of the plan may touch: those of that day and after, of the order or customer when it names one. */
export async function invoicesUnderPlan(
  database: Database,
  args: { connectionId: string; effectiveFrom: string; orderNumber?: string | null; customerId?: string | null },
): Promise<string[]> {
  const rows = await database.rows(sql<{ invoice_id: string }>`
    select invoice_id from commission_invoice
    where connection_id = ${args.connectionId} and invoice_on >= ${args.effectiveFrom}::date
      ${args.orderNumber ? sql`and order_number = ${args.orderNumber}` : sql``}
      ${args.customerId ? sql`and customer_id = ${args.customerId}` : sql``}`)
  return rows.map((row) => row.invoice_id)
}

/** The invoices of these orders. */
export async function invoicesOfOrders(
  database: Database,
  { connectionId, orderNumbers }: { connectionId: string; orderNumbers: string[] },
): Promise<string[]> {
  const rows = await database.rows(sql<{ invoice_id: string }>`
    select invoice_id from commission_invoice where connection_id = ${connectionId} and order_number = any(${orderNumbers}::text[])`)
  return rows.map((row) => row.invoice_id)
}
