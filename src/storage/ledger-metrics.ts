import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { LedgerMetric, type MetricAccount, MetricCause, MetricStatement } from '../domain/ledger-metric.ts'
import type { Money } from '../domain/money.ts'
import type { AccountFigure, MonthStatement } from '../domain/profit-and-loss.ts'
import { type Database, recordset } from './database.ts'

/** A figure as it was counted, ready to be a version of its own. */
export interface MetricDraft {
  month: string
  category: string
  amount: Money
  accounts: MetricAccount[]
  answerId: string
}

interface Counting {
  connectionId: string
  now: Date
}

/**
 * Keeps figures: each that says something else than its open version ends that one and takes its place; all others stay as they
 * are. Belongs in a transaction that holds the lock of the company. Gives how many versions were added.
 */
export async function saveMetrics(
  transaction: Database,
  { connectionId, drafts, cause, now }: Counting & { drafts: MetricDraft[]; cause: MetricCause },
): Promise<number> {
  const months = [...new Set(drafts.map(({ month }) => month))]
  const open = await transaction.entities(
    LedgerMetric,
    sql`select * from ledger_metric where connection_id = ${connectionId} and month = any(${months}::text[]) and known_until is null`,
  )
  const before = new Map(open.map((metric) => [`${metric.month} ${metric.category}`, metric]))
  const changed = drafts.flatMap((draft) => {
    const metric = before.get(`${draft.month} ${draft.category}`)
    if (metric && contentOf(metric) === contentOf(draft)) return []
    return [{ draft, version: (metric?.version ?? 0) + 1, ends: metric?.id, cause: metric ? cause : MetricCause.FIRST }]
  })
  if (changed.length === 0) return 0
  const ended = changed.flatMap(({ ends }) => ends ?? [])
  await transaction.run(sql`update ledger_metric set known_until = ${now} where id = any(${ended}::uuid[])`)
  const rows = changed.map(({ draft: { answerId, ...draft }, version, cause: why }) => ({
    ...{ id: uuidv7(), version, cause: why, answer_id: answerId },
    ...draft,
  }))
  await transaction.run(sql`
    insert into ledger_metric (id, connection_id, month, category, version, amount, cause, accounts, answer_id, known_from)
    select id, ${connectionId}, month, category, version, amount, cause, accounts, answer_id, ${now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, month text, category text, version int, amount numeric,
      cause text, accounts jsonb, answer_id uuid)`)
  return rows.length
}

/** What two versions must differ in. The names of rules are for people, and change nothing. */
function contentOf({ amount, accounts }: Pick<MetricDraft, 'amount' | 'accounts'>): string {
  return JSON.stringify([
    amount,
    accounts.map(({ path, section, amount: part, ruleId, ruleVersion }) => [path, section, part, ruleId, ruleVersion]),
  ])
}

/** Keeps what QuickBooks told of a month, unless it says the same as before. Gives whether it was something new. */
export async function saveStatement(
  transaction: Database,
  args: Counting & { statement: MonthStatement; basis: MetricStatement['basis']; answerId: string },
): Promise<boolean> {
  const { connectionId, statement, basis, answerId, now } = args
  const { month, accounts, netIncome } = statement
  const [open] = await transaction.entities(
    MetricStatement,
    sql`select * from metric_statement where connection_id = ${connectionId} and month = ${month} and known_until is null`,
  )
  if (open && toldBy(open) === toldBy({ accounts, netIncome, basis })) return false
  await transaction.run(sql`update metric_statement set known_until = ${now} where id = ${open?.id ?? null}`)
  await transaction.run(sql`
    insert into metric_statement (id, connection_id, month, version, basis, accounts, net_income, answer_id, known_from)
    values (${uuidv7()}, ${connectionId}, ${month}, ${(open?.version ?? 0) + 1}, ${basis}, ${JSON.stringify(accounts)}::jsonb,
        ${netIncome}, ${answerId}, ${now})`)
  return true
}

function toldBy(told: { accounts: AccountFigure[]; netIncome: Money; basis: string }): string {
  return JSON.stringify([
    told.basis,
    told.netIncome,
    told.accounts.map(({ path, section, amount }) => [path, section, amount]),
  ])
}

/** What QuickBooks last told of each month, oldest first; of some months, or of all. */
export function openStatements(
  database: Database,
  { connectionId, months }: { connectionId: string; months: string[] | null },
): Promise<MetricStatement[]> {
  return database.entities(
    MetricStatement,
    sql`select * from metric_statement where connection_id = ${connectionId} and known_until is null
          and (${months}::text[] is null or month = any(${months}::text[])) order by month`,
  )
}

/** Which figures: of the months from one to another, as they were known at a moment, or in every version. */
export interface MetricSelection {
  connectionId: string
  from: string
  to: string
  /** Null: now. */
  knownAt: Date | null
  everyVersion: boolean
}

/** By month, in the order of the categories that is given, by version; figures of other categories are left out. */
export function metricsBetween(
  database: Database,
  { connectionId, from, to, knownAt, everyVersion, categories }: MetricSelection & { categories: readonly string[] },
): Promise<LedgerMetric[]> {
  const names = [...categories]
  return database.entities(
    LedgerMetric,
    sql`select * from ledger_metric
        where connection_id = ${connectionId} and month between ${from} and ${to} and category = any(${names}::text[])
          and ${everyVersion ? sql`true` : heldAt(knownAt)}
        order by month, array_position(${names}::text[], category), version`,
  )
}

export function statementsBetween(
  database: Database,
  { connectionId, from, to, knownAt }: Omit<MetricSelection, 'everyVersion'>,
): Promise<MetricStatement[]> {
  return database.entities(
    MetricStatement,
    sql`select * from metric_statement
        where connection_id = ${connectionId} and month between ${from} and ${to} and ${heldAt(knownAt)} order by month`,
  )
}

function heldAt(knownAt: Date | null) {
  return knownAt === null
    ? sql`known_until is null`
    : sql`known_from <= ${knownAt} and (known_until is null or known_until > ${knownAt})`
}
