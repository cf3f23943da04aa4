import { type RawBuilder, sql } from 'kysely'
import type { CommissionShare } from '../domain/commission-plan.ts'
import { recordset } from './database.ts'

/** Which history, under which plan. */
export interface DerivationScope {
  connectionId: string
  /** Only these invoices; null means all. They must be closed under the tiers that they share. */
  invoiceIds: string[] | null
  /** What was known then; null means now. */
  recordedUntil: Date | null
  /** What had happened until the end of that day; null means everything. */
  effectiveUntil: string | null
  /** At most one for a scope: on its days it takes the place of what that scope has, and of nothing else. */
  whatIf: (WhatIfRate | WhatIfSplit)[]
}

export interface WhatIfRate {
  id: string
  scopeKey: string
  mode: string
  percent: string | null
  tiers: { from: string; percent: string }[] | null
  holdbackDays: number
  effectiveFrom: string
  /** Null ends never. */
  effectiveUntil: string | null
}

export interface WhatIfSplit {
  id: string
  scopeKey: string
  shares: CommissionShare[]
  effectiveFrom: string
  effectiveUntil: string | null
}

/** From the narrowest scope to the widest: the first rate that is in force on the day of the invoice applies. */
const SCOPES: RawBuilder<unknown>[] = [
  sql`'item ' || l.item_id || ' rep ' || e.rep`,
  sql`'item ' || l.item_id`,
  sql`'customer ' || e.customer_id || ' rep ' || e.rep`,
  sql`'customer ' || e.customer_id`,
  sql`'all rep ' || e.rep`,
  sql`'all'`,
]

/** Until when a version is in force: what is assumed ends those before it, as saving it would; those after it stay. */
const UNTIL = sql`case when a.id is null or r.effective_from > a.effective_until then coalesce(r.effective_until, 'infinity')
        else least(coalesce(r.effective_until, 'infinity'), a.effective_from - 1) end`

/** The versions of a plan that were in force at that time of knowledge. */
function versions(recordedUntil: Date | null): RawBuilder<unknown> {
  if (recordedUntil === null) return sql`superseded_at is null`
  return sql`recorded_at <= ${recordedUntil} and (superseded_at is null or superseded_at > ${recordedUntil})`
}

/** Who earns on each invoice, and by which rule each line pays each of them: the CTEs `rule`, `tier`, `earner` and `ruled`. */
export function rateResolution(scope: DerivationScope): RawBuilder<unknown> {
  const { connectionId, recordedUntil } = scope
  const joins = SCOPES.map(
    (key, index) => sql`
      left join ${sql.ref(index === SCOPES.length - 1 ? 'rule_of_all' : 'rule')} ${alias(index)} on e.own_rule_id is null and ${alias(index)}.scope_key = ${key}
        and e.invoice_on between ${alias(index)}.effective_from and ${alias(index)}.effective_until`,
  )
  const rules = sql.join(SCOPES.map((_, index) => sql`${alias(index)}.id`))
  return sql`
    assumed as (
      select id, scope_key, mode, percent, tiers, holdback_days, shares, effective_from, coalesce(effective_until, 'infinity') as effective_until
      from jsonb_to_recordset(${recordset(scope.whatIf.map(toRow))}::jsonb) as assumed (id uuid, scope_key text, mode text,
        percent numeric, tiers jsonb, holdback_days int, shares jsonb, effective_from date, effective_until date)
    ), rule as materialized (
      select r.id, r.scope_key, r.mode, r.percent, r.tiers, r.holdback_days, r.effective_from, ${UNTIL} as effective_until
      from commission_rate r left join assumed a on a.scope_key = r.scope_key and a.mode is not null
      where connection_id = ${connectionId} and ${versions(recordedUntil)}
      union all
      select id, scope_key, mode, percent, tiers, holdback_days, effective_from, effective_until from assumed where mode is not null
    ), rule_of_all as materialized (
      -- Apart, because nothing but the day joins it: each invoice would look through all rules.
      select * from rule where scope_key = 'all'
    ), tier as materialized (
      select id, from_c, step from (
        select rule.id, (one ->> 'from')::numeric * 100 as from_c,
          ((one ->> 'percent')::numeric - lag((one ->> 'percent')::numeric, 1, 0::numeric)
            over (partition by rule.id order by (one ->> 'from')::numeric)) * 0.01 as step
        from rule cross join lateral jsonb_array_elements(rule.tiers) as one where rule.mode <> 'FLAT'
      ) as steps
    ), split as materialized (
      select r.id, r.scope_key, r.effective_from, ${UNTIL} as effective_until, r.shares
      from commission_split r left join assumed a on a.scope_key = r.scope_key and a.shares is not null
      where connection_id = ${connectionId} and ${versions(recordedUntil)}
      union all
      select id, scope_key, effective_from, effective_until, shares from assumed where shares is not null
    ), split_of_all as materialized (
      select * from split where scope_key = 'all'
    ), shared as (
      select i.k, i.base_c, i.customer_id, i.invoice_on, coalesce(o.id, c.id, d.id) as split_id,
        coalesce(o.shares, c.shares, d.shares, '[{"sharePercent": "100", "beforePercent": "0"}]'::jsonb) as shares
      from (select distinct k from due) as wanted join invoice i using (k)
      left join split o on o.scope_key = 'order ' || i.order_number and i.invoice_on between o.effective_from and o.effective_until
      left join split c on c.scope_key = 'customer ' || i.customer_id and i.invoice_on between c.effective_from and c.effective_until
      left join split_of_all d on i.invoice_on between d.effective_from and d.effective_until
    ), earner as materialized (
      select s.k, s.base_c, s.customer_id, s.invoice_on, s.split_id, seat, share ->> 'rep' as rep,
        (share ->> 'sharePercent')::numeric as share_percent, (share ->> 'beforePercent')::numeric as before_percent,
        (share ->> 'ratePercent')::numeric as own_percent, (share ->> 'amount')::numeric as own_amount,
        coalesce((share ->> 'overrides')::boolean, false) as overrides,
        case when share ->> 'ratePercent' is not null or share ->> 'amount' is not null then s.split_id end as own_rule_id
      from shared s cross join lateral jsonb_array_elements(s.shares) with ordinality as shares (share, seat)
    ), ruled as (
      select e.k, l.position, e.seat, e.share_percent, e.before_percent, e.overrides, coalesce(e.own_rule_id, ${rules}) as rule_id
      from earner e join line l using (k)
      ${sql.join(joins, sql` `)}
    )`
}

function alias(index: number): RawBuilder<unknown> {
  return sql.ref(`rule${index}`)
}

function toRow(assumed: DerivationScope['whatIf'][number]) {
  const { id, scopeKey: scope_key, effectiveFrom: effective_from, effectiveUntil: effective_until } = assumed
  const row = { id, scope_key, effective_from, effective_until }
  if ('shares' in assumed) return { ...row, shares: assumed.shares }
  const { mode, percent, tiers, holdbackDays } = assumed
  return { ...row, mode, percent, tiers, holdback_days: holdbackDays }
}
