import { type RawBuilder, sql } from 'kysely'
import type { EntryKind } from '../domain/commission-entry.ts'
import { type Money, money } from '../domain/money.ts'
import { derivation, setBased } from './commission-derivation.ts'
import type { DerivationScope } from './commission-rules.ts'
import type { Database } from './database.ts'

export type ReportKey = 'REP' | 'ORDER' | 'PERIOD'

/** Which entries: of whole days in the business's time zone, both included. */
export interface ReportSelection {
  connectionId: string
  from: string
  to: string
  /** The first day that is not locked; null when nothing is. */
  openFrom: string | null
  /** Undefined is everybody; null is the house account. */
  rep?: string | null
  /** As it was known then. */
  recordedUntil: Date | null
  /** As if nothing had happened after that day. */
  effectiveUntil: string | null
  whatIf: DerivationScope['whatIf']
}

export interface ReportRow {
  /** The rep, the order number or the month; null is the house account, or what has no order. */
  key: string | null
  entries: number
  base: Money
  earned: Money
  late: Money
  adjusted: Money
  amount: Money
}

const COLUMNS = sql`kind, invoice_id, record_kind, record_id, effective_on, payable_on, origin_on, rep, rule_id, split_id, base, amount`

function isPresent({ recordedUntil, effectiveUntil, whatIf }: ReportSelection): boolean {
  return recordedUntil === null && effectiveUntil === null && whatIf.length === 0
}

/** What is not stored must be derived, which wants plans of its own. */
function read<T>(database: Database, selection: ReportSelection, query: RawBuilder<T>): Promise<T[]> {
  if (isPresent(selection)) return database.rows(query)
  return database.transaction((transaction) => setBased(transaction, () => transaction.rows(query)))
}

/** The entries of a selection, part by part: of locked months what was locked, of the rest what is true, and what people added. */
function partsOf(selection: ReportSelection): RawBuilder<unknown>[] {
  const { connectionId, from, to, openFrom, recordedUntil, effectiveUntil, rep } = selection
  const open = openFrom !== null && openFrom > from ? openFrom : from
  const ofRep = rep === undefined ? sql`` : rep === null ? sql`and rep is null` : sql`and rep = ${rep}`
  const happened = effectiveUntil === null ? sql`` : sql`and effective_on <= ${effectiveUntil}`
  const known = recordedUntil === null ? sql`` : sql`and recorded_at <= ${recordedUntil}`
  const source = isPresent(selection)
    ? sql`commission_entry where connection_id = ${connectionId} and kind <> 'EXCLUDED'`
    : sql`(${derivation({ ...selection, invoiceIds: null })}) as derived where kind <> 'EXCLUDED'`
  return [
    ...(open <= to
      ? [sql`select ${COLUMNS} from ${source} and payable_on between ${open}::date and ${to}::date ${ofRep}`]
      : []),
    ...(openFrom !== null && openFrom > from
      ? [
          sql`select ${COLUMNS} from commission_locked_entry
              where connection_id = ${connectionId} and payable_on between ${from}::date and ${to}::date and payable_on < ${openFrom}::date
                ${ofRep} ${happened}`,
        ]
      : []),
    sql`select 'ADJUSTMENT', null, null, null, effective_on, effective_on, null, rep, id, null, 0, amount
        from commission_adjustment
        where connection_id = ${connectionId} and effective_on between ${open}::date and ${to}::date ${ofRep} ${happened} ${known}`,
  ]
}

const KEYS: Record<ReportKey, RawBuilder<unknown>> = {
  REP: sql`e.rep`,
  ORDER: sql`coalesce(i.order_number, a.order_number)`,
  PERIOD: sql`to_char(e.payable_on, 'YYYY-MM')`,
}

/** Sums by rep, order or month, in the order of their keys; the house account comes last. */
export async function reportRows(
  database: Database,
  { selection, by }: { selection: ReportSelection; by: ReportKey },
): Promise<ReportRow[]> {
  const joins =
    by === 'ORDER'
      ? sql`left join commission_invoice i on i.connection_id = ${selection.connectionId} and i.invoice_id = e.invoice_id
            left join commission_adjustment a on e.kind = 'ADJUSTMENT' and a.id = e.rule_id`
      : sql``
  // Each part is added up by itself: the large one then reads an index alone, and the database may do it in parallel.
  const sums = partsOf(selection).map(
    (part) => sql`
      select ${KEYS[by]} as key, count(*) as entries, sum(e.base) as base, sum(e.amount) filter (where e.kind = 'EARNED') as earned,
        sum(e.amount) filter (where e.kind = 'LATE') as late, sum(e.amount) as amount
      from (${part}) as e (${COLUMNS}) ${joins} group by 1`,
  )
  type Sums = Record<keyof ReportRow, string> & { entries: number; key: string | null }
  const query = sql<Sums>`
    select key, sum(entries)::int as entries, sum(base)::text as base, coalesce(sum(earned), 0)::text as earned,
      coalesce(sum(late), 0)::text as late, (sum(amount) - coalesce(sum(earned), 0) - coalesce(sum(late), 0))::text as adjusted,
      sum(amount)::text as amount
    from (${sql.join(sums, sql` union all `)}) as sums group by key order by key nulls last`
  const rows = await read(database, selection, query)
  return rows.map(({ key, entries, base, earned, late, adjusted, amount }) => ({
    key,
    entries,
    base: money(base),
    earned: money(earned),
    late: money(late),
    adjusted: money(adjusted),
    amount: money(amount),
  }))
}

/** One line of a statement: which cent comes from which payment, of which invoice and order, by which rule. */
export interface StatementLine {
  place: number
  kind: EntryKind
  rep: string | null
  payableOn: string
  effectiveOn: string
  originOn: string | null
  recordKind: string | null
  recordId: string | null
  invoiceId: string | null
  documentNumber: string | null
  orderNumber: string | null
  customerName: string | null
  ruleId: string | null
  rule: string | null
  splitId: string | null
  base: Money
  amount: Money
}

/** The lines of a selection with all that they come from, in one query. `after` is the place of the last line that is known. */
export async function statementLines(
  database: Database,
  { selection, first, after }: { selection: ReportSelection; first: number; after: number },
): Promise<StatementLine[]> {
  const { connectionId } = selection
  return read(
    database,
    selection,
    sql<StatementLine>`
    with line as (
      select row_number() over (order by rep, payable_on, effective_on, record_kind, record_id, invoice_id, kind, rule_id, origin_on,
          split_id, amount, base)::int as place, *
      from (${sql.join(partsOf(selection), sql` union all `)}) as e (${COLUMNS})
    ), page as (select * from line where place > ${after} order by place limit ${first})
    select p.place, p.kind, p.rep, p.payable_on::text as "payableOn", p.effective_on::text as "effectiveOn",
      p.origin_on::text as "originOn", p.record_kind as "recordKind", p.record_id as "recordId", p.invoice_id as "invoiceId",
      i.document_number as "documentNumber", coalesce(i.order_number, a.order_number) as "orderNumber",
      i.customer_name as "customerName", p.rule_id as "ruleId", p.split_id as "splitId", p.base::numeric(18, 2)::text as base,
      p.amount::numeric(18, 2)::text as amount, ${RULE} as rule
    from page p
    left join commission_invoice i on i.connection_id = ${connectionId} and i.invoice_id = p.invoice_id
    left join commission_rate r on r.id = p.rule_id
    left join commission_split s on s.id = p.rule_id
    left join commission_adjustment a on p.kind = 'ADJUSTMENT' and a.id = p.rule_id
    order by p.place`,
  )
}

/** The rule in words. */
const RULE = sql`case
  when a.id is not null then a.kind || ', approved by ' || a.approver || ': ' || a.note
  when r.mode = 'FLAT' then trim_scale(r.percent) || ' % (' || r.scope_key || ')'
  when r.id is not null then lower(r.mode) || ' tiers (' || r.scope_key || ')'
  when s.id is not null then (
    select string_agg(coalesce((share ->> 'ratePercent') || ' % of the order', (share ->> 'amount') || ' for the order'), ', ')
    from jsonb_array_elements(s.shares) as share
    where share ->> 'rep' = p.rep and (share ->> 'ratePercent' is not null or share ->> 'amount' is not null))
  end`
