import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { type CommissionBalance, CommissionPeriod } from '../domain/commission-entry.ts'
import { decimal, type Money, money, sum } from '../domain/money.ts'
import { type Database, recordset } from './database.ts'

/** A calendar month: its days are `yyyy-mm-dd`, in the business's time zone. */
export interface Month {
  month: string
  startsOn: string
  endsOn: string
}

/** The locked months of a company, oldest first. */
export function lockedPeriods(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<CommissionPeriod[]> {
  return database.entities(
    CommissionPeriod,
    sql`select * from commission_period where connection_id = ${connectionId} order by starts_on`,
  )
}

/** The first day that is not locked, as of now or of an earlier time; null when nothing is. */
export async function openFrom(
  database: Database,
  { connectionId, knownAt }: { connectionId: string; knownAt?: Date | null },
): Promise<string | null> {
  const [row] = await database.rows(sql<{ day: string | null }>`
    select (max(ends_on) + 1)::text as day from commission_period
    where connection_id = ${connectionId} ${knownAt ? sql`and locked_at <= ${knownAt}` : sql``}`)
  return row?.day ?? null
}

/** The first open day, before the given one, on which something is payable; null when there is none. */
export async function firstOpenDay(
  database: Database,
  args: { connectionId: string; openFrom: string | null; before: string },
): Promise<string | null> {
  const from = args.openFrom ?? '0001-01-01'
  const [row] = await database.rows(sql<{ day: string | null }>`
    select min(day)::text as day from (
      select min(payable_on) as day from commission_entry
      where connection_id = ${args.connectionId} and kind in ('EARNED', 'LATE') and payable_on >= ${from}::date and payable_on < ${args.before}::date
      union all
      select min(effective_on) from commission_adjustment
      where connection_id = ${args.connectionId} and effective_on >= ${from}::date and effective_on < ${args.before}::date
    ) as days`)
  return row?.day ?? null
}

/** The rows of a snapshot as text: what the fingerprint is made of. */
const WRITTEN_OUT = sql`concat_ws('|', place, kind, coalesce(invoice_id, ''), coalesce(record_kind, ''), coalesce(record_id, ''),
  effective_on, payable_on, coalesce(origin_on::text, ''), coalesce(rep, ''), coalesce(rule_id::text, ''), coalesce(split_id::text, ''),
  base, credited, amount)`

/**
 * Copies what the month shows into its snapshot, and writes down what each rep is owed. Belongs in a transaction that
 * holds the lock of the company; what it may lock is decided before.
 */
export async function lockPeriod(
  transaction: Database,
  args: Month & { connectionId: string; author: string; now: Date },
): Promise<CommissionPeriod> {
  const { connectionId, month, startsOn, endsOn, author, now } = args
  const id = uuidv7()
  const balances = await balancesOf(transaction, args)
  const amount = sum(balances.map(({ earned }) => earned))
  const [saved] = await transaction.entities(
    CommissionPeriod,
    sql`with shown as (
          select row_number() over (order by kind, rep, payable_on, record_kind, record_id, invoice_id, rule_id, effective_on, origin_on,
              split_id, amount, base)::int as place, *
          from (
            select kind, invoice_id, record_kind, record_id, effective_on, payable_on, origin_on, rep, rule_id, split_id, base, credited, amount
            from commission_entry
            where connection_id = ${connectionId} and kind in ('EARNED', 'LATE') and payable_on between ${startsOn} and ${endsOn}
            union all
            select 'ADJUSTMENT', null, null, null, effective_on, effective_on, null, rep, id, null, 0, 0, amount
            from commission_adjustment where connection_id = ${connectionId} and effective_on between ${startsOn} and ${endsOn}
          ) as entries
        ), copied as (
          insert into commission_locked_entry (period_id, place, connection_id, kind, invoice_id, record_kind, record_id, effective_on,
            payable_on, origin_on, rep, rule_id, split_id, base, credited, amount)
          select ${id}::uuid, place, ${connectionId}::uuid, kind, invoice_id, record_kind, record_id, effective_on, payable_on, origin_on,
            rep, rule_id, split_id, base::numeric(18, 2), credited::numeric(18, 2), amount from shown
          returning place, ${WRITTEN_OUT} as text
        )
        insert into commission_period (id, connection_id, month, starts_on, ends_on, locked_at, locked_by, entries, amount, fingerprint, balances)
        select ${id}::uuid, ${connectionId}::uuid, ${month}, ${startsOn}, ${endsOn}, ${now}, ${author}, count(*)::int, ${amount}::numeric,
          encode(sha256(convert_to(coalesce(string_agg(text, E'\n' order by place), ''), 'UTF8')), 'hex'), ${recordset(balances)}::jsonb
        from copied returning *`,
  )
  if (!saved) throw new Error('A period was locked and not returned.')
  await transaction.run(sql`
    delete from commission_entry where connection_id = ${connectionId} and kind = 'LATE' and payable_on between ${startsOn} and ${endsOn}`)
  return saved
}

/** The fingerprint of a snapshot as its rows give it now: that of the period, or something reached past the triggers. */
export async function fingerprintNow(database: Database, { periodId }: { periodId: string }): Promise<string> {
  const [row] = await database.rows(sql<{ fingerprint: string }>`
    select encode(sha256(convert_to(coalesce(string_agg(${WRITTEN_OUT}, E'\n' order by place), ''), 'UTF8')), 'hex') as fingerprint
    from commission_locked_entry where period_id = ${periodId}::uuid`)
  return row?.fingerprint ?? ''
}

/** What each rep brings from the month before, earned, is to be paid, and carries on: a negative sum is not collected. */
export async function balancesOf(
  database: Database,
  { connectionId, startsOn, endsOn }: Month & { connectionId: string },
): Promise<CommissionBalance[]> {
  const before = (await lockedPeriods(database, { connectionId })).filter((one) => one.endsOn < startsOn).at(-1)
  const openings = new Map((before?.balances ?? []).map(({ rep, closing }) => [rep, closing]))
  const rows = await database.rows(sql<{ rep: string | null; earned: string }>`
    select rep, sum(amount)::text as earned from (
      select rep, amount from commission_entry
      where connection_id = ${connectionId} and kind in ('EARNED', 'LATE') and payable_on between ${startsOn} and ${endsOn}
      union all
      select rep, amount from commission_adjustment where connection_id = ${connectionId} and effective_on between ${startsOn} and ${endsOn}
    ) as amounts group by rep`)
  const earned = new Map(rows.map((row) => [row.rep, money(row.earned)]))
  const reps = [...new Set([...openings.keys(), ...earned.keys()])].sort((a, b) => ((a ?? '') < (b ?? '') ? -1 : 1))
  return reps.map((rep) => balanceOf({ rep, opening: openings.get(rep) ?? '0.00', earned: earned.get(rep) ?? '0.00' }))
}

function balanceOf({ rep, opening, earned }: { rep: string | null; opening: Money; earned: Money }): CommissionBalance {
  const owed = sum([opening, earned])
  const isOwed = decimal(owed).greaterThan(0)
  return { rep, opening, earned, payable: isOwed ? owed : '0.00', closing: isOwed ? '0.00' : owed }
}
