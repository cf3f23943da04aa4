// What payments earn, derived from the ledger of payment applications, the invoices, the splits and the rates: one SELECT,
// whoever asks. A recompute stores its rows; a report as of another time, or under another plan, adds them up unstored.
//
// Money is whole cents here (`_c`), and every rounding is of a sum from the beginning: what is due after the nth payment,
// less what was due before it. So the last payment lands exact, a full refund leaves nothing, and nothing depends on the
// order in which events came. Halves go away from zero, as `domain/money.ts` rounds.
import { type RawBuilder, sql } from 'kysely'
import { type DerivationScope, rateResolution } from './commission-rules.ts'
import type { Database } from './database.ts'

/** Cents, rounded with halves away from zero, of a quotient of whole numbers of which none is negative. */
function rounded(numerator: RawBuilder<unknown>, divisor: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`div(2 * (${numerator}) + (${divisor}), 2 * (${divisor}))`
}

/**
 * The applications, numbered (`a`) in the order in which they count, and what of each is commissionable, in all and by line.
 * Invoices have a number here too (`k`): a million rows are sorted many times, and numbers are sorted sooner than texts.
 */
function allocation(scope: DerivationScope): RawBuilder<unknown> {
  const { connectionId, invoiceIds, recordedUntil, effectiveUntil } = scope
  const known = recordedUntil === null ? sql`` : sql`and recorded_at <= ${recordedUntil}`
  const wanted = invoiceIds === null ? sql`` : sql`and invoice_id = any(${invoiceIds}::text[])`
  return sql`
    applied as (
      select invoice_id, kind as record_kind, record_id, effective_on, currency, sum(amount) * 100 as cash_c
      from payment_application
      where connection_id = ${connectionId} and invoice_id is not null and part in ('CASH', 'REFUND') ${known} ${wanted}
        ${effectiveUntil === null ? sql`` : sql`and effective_on <= ${effectiveUntil}`}
      group by invoice_id, kind, record_id, effective_on, currency having sum(amount) <> 0
    ), invoice as materialized (
      select row_number() over () as k, invoice_id, order_number, customer_id, invoice_on, currency, total * 100 as total_c,
        base * 100 as base_c
      from commission_invoice where connection_id = ${connectionId} ${known} ${wanted}
    ), line as materialized (
      select i.k, l.position, l.item_id, l.net * 100 as net_c, count(*) over (partition by i.k) as lines
      from commission_line l join invoice i on i.invoice_id = l.invoice_id where l.connection_id = ${connectionId}
    ), matched as materialized (
      select a.*, i.k, i.total_c, i.base_c, i.currency as invoice_currency from applied a left join invoice i using (invoice_id)
    ), running as (
      select *, row_number() over (order by k, effective_on, record_kind, record_id) as a,
        least(greatest(sum(cash_c) over (partition by k order by effective_on, record_kind, record_id), 0), total_c) as paid_c
      from matched where invoice_currency = currency
    ), due as materialized (
      select *, case when total_c > 0 then ${rounded(sql`base_c * paid_c`, sql`total_c`)} else 0 end as due_c from running
    ), placed as (
      -- Largest remainder: each line its whole cents, and the cents that are left to those that lost most.
      select d.a, d.k, l.position, div(d.due_c * l.net_c, nullif(d.base_c, 0)) as whole_c,
        d.due_c - sum(div(d.due_c * l.net_c, nullif(d.base_c, 0))) over (partition by d.a) as left_c,
        row_number() over (partition by d.a order by mod(d.due_c * l.net_c, nullif(d.base_c, 0)) desc, l.position) as place
      from due d join line l using (k) where l.lines > 1
    ), allocated as (
      select a, k, position, coalesce(whole_c + case when place <= left_c then 1 when place <= -left_c then -1 else 0 end, 0) as line_c
      from placed
      union all
      select d.a, d.k, l.position, case when d.base_c = 0 then 0 else d.due_c end from due d join line l using (k) where l.lines = 1
    )`
}

/** What each rep's part of each application comes to, by rule, before tiers. */
const CLAIMED = sql`
    grouped as (
      -- Shared out by line: reps may have rules for different lines, and what is shared out must come to what there was.
      select a.a, a.k, r.seat, r.rule_id, sum(a.line_c) as group_c, sum(case when r.overrides then round(a.line_c * r.share_percent * 0.01)
          else round(a.line_c * (r.before_percent + r.share_percent) * 0.01) - round(a.line_c * r.before_percent * 0.01)
        end) as share_c
      from allocated a join ruled r using (k, position) group by a.a, a.k, r.seat, r.rule_id
    ), claimed as (
      select g.a, g.k, g.seat, g.rule_id, g.group_c, e.base_c, e.rep, e.split_id, e.own_percent, e.own_amount, u.mode, u.holdback_days,
        u.percent, case when e.overrides then 0 else g.share_c end as credited_c,
        case when e.own_rule_id is not null then g.group_c else g.share_c end as rep_c
      from grouped g join earner e using (k, seat) left join rule u on u.id = g.rule_id
    ), owed as (
      select *, case
          when own_amount is not null then
            case when base_c > 0 then ${rounded(sql`own_amount * 100 * group_c`, sql`base_c`)} else 0 end
          when own_percent is not null then round(rep_c * own_percent * 0.01)
          when mode = 'FLAT' then round(rep_c * percent * 0.01)
          else 0
        end as owed_c
      from claimed
    ), moved as materialized (
      select a, k, seat, rule_id, rep, split_id, mode, holdback_days, rep_c - lag(rep_c, 1, 0::numeric) over earlier as moved_c,
        credited_c - lag(credited_c, 1, 0::numeric) over earlier as credit_c, owed_c - lag(owed_c, 1, 0::numeric) over earlier as flat_c
      from owed window earlier as (partition by k, seat, rule_id order by a)
    )`

/**
 * Tiers count the cash of a month, whatever its order: the base that came in of one rep under one rule. What goes back later
 * takes back the part of what was earned that it is of the base, and counts in no month.
 */
const TIERED = sql`
    volumes as (
      select m.*, greatest(moved_c, 0) as in_c, greatest(-moved_c, 0) as out_c, sum(greatest(moved_c, 0)) over month as reached_c,
        sum(greatest(moved_c, 0)) over (month order by effective_on, record_kind, record_id, invoice_id, seat, a) as volume_c
      from moved m join due using (a) where mode in ('MARGINAL', 'RETROACTIVE')
      window month as (partition by rep, rule_id, date_trunc('month', effective_on))
    ), gross as (
      select v.*, case when v.mode = 'MARGINAL' then
          (select round(sum(greatest(v.volume_c - from_c, 0) * step)) - round(sum(greatest(v.volume_c - v.in_c - from_c, 0) * step))
            from tier where tier.id = v.rule_id)
        else (select round(v.volume_c * sum(step)) - round((v.volume_c - v.in_c) * sum(step))
            from tier where tier.id = v.rule_id and from_c <= v.reached_c)
        end as gross_c
      from volumes v
    ), kept as (
      select *, sum(gross_c) over earlier as earned_c, sum(in_c) over earlier as all_in_c, sum(out_c) over earlier as all_out_c
      from gross window earlier as (partition by k, seat, rule_id order by a)
    ), net as (
      select *, case when all_in_c > 0 then earned_c - ${rounded(sql`earned_c * all_out_c`, sql`all_in_c`)} else 0 end as net_c from kept
    ), settled as (
      select a, rep, rule_id, split_id, holdback_days, moved_c, credit_c, flat_c as amount_c from moved where mode is null or mode = 'FLAT'
      union all
      select a, rep, rule_id, split_id, holdback_days, moved_c, credit_c,
        net_c - lag(net_c, 1, 0::numeric) over (partition by k, seat, rule_id order by a)
      from net
    )`

/** Cash that earns nothing, and why. */
const EXCLUDED = sql`
    excluded as (
      select invoice_id, record_kind, record_id, effective_on, cash_c,
        case when invoice_currency is null then 'INVOICE_NOT_POSTED' else 'CURRENCY' end as reason
      from matched where invoice_currency is distinct from currency
      union all
      select invoice_id, record_kind, record_id, effective_on, cash_c - (paid_c - lag(paid_c, 1, 0::numeric) over earlier), 'OVERPAYMENT'
      from due window earlier as (partition by k order by a)
      union all
      select invoice_id, record_kind, record_id, effective_on,
        paid_c - due_c - lag(paid_c - due_c, 1, 0::numeric) over earlier, 'TAX_AND_SHIPPING'
      from due window earlier as (partition by k order by a)
    )`

/** What locked periods showed, against what is true now: the difference belongs to the first day after them. */
function late(scope: DerivationScope): RawBuilder<unknown> {
  const { connectionId, invoiceIds, recordedUntil, effectiveUntil } = scope
  const then = recordedUntil === null ? sql`` : sql`and locked_at <= ${recordedUntil}`
  return sql`
    locked as (
      select max(ends_on) + 1 as open_from from commission_period where connection_id = ${connectionId} ${then}
    ), shown as (
      select invoice_id, record_kind, record_id, effective_on, coalesce(origin_on, payable_on) as payable_on, rep, rule_id, split_id,
        base, credited, amount
      from commission_locked_entry
      where connection_id = ${connectionId} and kind <> 'ADJUSTMENT'
        and period_id in (select id from commission_period where connection_id = ${connectionId} ${then})
        ${effectiveUntil === null ? sql`` : sql`and effective_on <= ${effectiveUntil}`}
        ${invoiceIds === null ? sql`` : sql`and invoice_id = any(${invoiceIds}::text[])`}
    ), late as (
      select invoice_id, record_kind, record_id, effective_on, min(payable_on) as origin_on, rep, rule_id,
        min(split_id::text)::uuid as split_id, sum(base) as base, sum(credited) as credited, sum(amount) as amount
      from (
        select invoice_id, record_kind, record_id, effective_on, payable_on, rep, rule_id, split_id, base, credited, amount
        from earned where payable_on < (select open_from from locked)
        union all
        select invoice_id, record_kind, record_id, effective_on, payable_on, rep, rule_id, split_id, -base, -credited, -amount from shown
      ) as both_sides
      group by invoice_id, record_kind, record_id, effective_on, rep, rule_id
      having sum(base) <> 0 or sum(amount) <> 0
    )`
}

/**
 * Runs a derivation, in a transaction, as what it is: set-based. The planner has no figures of what stands in a CTE, takes it
 * for few rows, and would walk through it again for each row of another.
 */
export async function setBased<T>(transaction: Database, work: () => Promise<T>): Promise<T> {
  await transaction.rows(sql`select set_config('enable_nestloop', 'off', true), set_config('work_mem', '128MB', true)`)
  const done = await work()
  await transaction.rows(sql`select set_config('enable_nestloop', 'on', true), set_config('work_mem', '4MB', true)`)
  return done
}

/** The columns that a derivation gives, in their order. */
export const ENTRY_COLUMNS = sql`connection_id, kind, invoice_id, record_kind, record_id, effective_on, payable_on, origin_on, rep, rule_id,
  split_id, base, credited, amount, reason`

/** Everything that the applications earn, what of it is late, and what earns nothing. */
export function derivation(scope: DerivationScope): RawBuilder<Record<string, unknown>> {
  const { connectionId } = scope
  return sql`
    with ${allocation(scope)}, ${rateResolution(scope)}, ${CLAIMED}, ${TIERED}, ${EXCLUDED},
    earned as (
      select d.invoice_id, d.record_kind, d.record_id, d.effective_on,
        d.effective_on + case when moved_c > 0 then coalesce(holdback_days, 0) else 0 end as payable_on, rep, rule_id, split_id,
        round(moved_c * 0.01, 2) as base, round(credit_c * 0.01, 2) as credited, round(amount_c * 0.01, 2) as amount
      from settled join due d using (a) where moved_c <> 0 or amount_c <> 0 or credit_c <> 0
    ), ${late(scope)}
    select ${connectionId}::uuid as connection_id, 'EARNED' as kind, invoice_id, record_kind, record_id, effective_on, payable_on,
      null::date as origin_on, rep, rule_id, split_id, base, credited, amount, null as reason
    from earned
    union all
    select ${connectionId}::uuid, 'LATE', invoice_id, record_kind, record_id, effective_on, (select open_from from locked), origin_on, rep,
      rule_id, split_id, base, credited, amount, null
    from late
    union all
    select ${connectionId}::uuid, 'EXCLUDED', invoice_id, record_kind, record_id, effective_on, effective_on, null, null, null, null,
      round(cash_c * 0.01, 2), 0, 0, reason
    from excluded where cash_c <> 0`
}
