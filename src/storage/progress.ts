import { sql } from 'kysely'
import { type Money, money, sum, ZERO } from '../domain/money.ts'
import { type ReasonCode, type ReasonDetail, reasonOf } from '../domain/reason.ts'
import type { Database } from './database.ts'

export interface Progress {
  total: number
  /** PROCESSED, and of these the ones that QuickBooks already had. */
  processed: number
  adopted: number
  /** Still on their way: they wait for nothing but their turn, or for an answer. */
  underWay: number
  /** `total` is what they amount to, as far as their documents could be made. */
  atRest: { state: string; reason: ReasonCode; count: number; total: Money }[]
  rowsWithoutPosting: { reason: ReasonCode; count: number }[]
}

/** Where all invoices stand. */
export async function readProgress(database: Database): Promise<Progress> {
  const states = await database.rows(sql<{
    state: string
    reason_code: ReasonCode | null
    adopted: boolean
    count: number
    total: string
  }>`
    select state, case when state in ('FAILED', 'MISMATCHED', 'SKIPPED', 'CANCELLED') then reason_code end as reason_code, adopted, count(*)::int as count,
        coalesce(sum(total), 0)::text as total
    from posting where kind = 'INVOICE' group by 1, 2, 3 order by 4 desc`)
  const rows = await database.rows(sql<{ reason: ReasonCode; count: number }>`
    select reason_code as reason, count(*)::int as count from log_row
    where posting_id is null and reason_code is not null group by 1 order by 2 desc`)
  const count = (which: (row: (typeof states)[number]) => boolean) =>
    states.filter(which).reduce((total, row) => total + row.count, 0)
  return {
    total: count(() => true),
    processed: count(({ state }) => state === 'PROCESSED'),
    adopted: count(({ state, adopted }) => state === 'PROCESSED' && adopted),
    underWay: count(({ state }) => ['PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED'].includes(state)),
    atRest: amountsAtRest(states),
    rowsWithoutPosting: rows,
  }
}

/** One figure for each state and reason, whether QuickBooks already had some of them or not. */
function amountsAtRest(
  states: { state: string; reason_code: ReasonCode | null; count: number; total: string }[],
): Progress['atRest'] {
  const figures = new Map<string, Progress['atRest'][number]>()
  for (const { state, reason_code: reason, count, total } of states) {
    if (!reason) continue
    const before = figures.get(`${state} ${reason}`) ?? { state, reason, count: 0, total: ZERO }
    figures.set(`${state} ${reason}`, {
      ...before,
      count: before.count + count,
      total: sum([before.total, money(total)]),
    })
  }
  return [...figures.values()]
}

/** One sentence for each reason that keeps an invoice from being posted: an example of what the CRM and the API say. */
export async function readExamples(
  database: Database,
): Promise<{ state: string; code: ReasonCode; sentence: string }[]> {
  const rows = await database.rows(sql<{ state: string; reason_code: ReasonCode; reason_detail: ReasonDetail | null }>`
    select distinct on (state, reason_code) state, reason_code, reason_detail from posting
    where kind = 'INVOICE' and state in ('FAILED', 'MISMATCHED') and reason_code is not null order by state, reason_code, id`)
  return rows.map((row) => ({
    state: row.state,
    code: row.reason_code,
    sentence: reasonOf(row.reason_code, row.reason_detail ?? {}).sentence,
  }))
}
