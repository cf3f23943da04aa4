import { MetricCause } from '../domain/ledger-metric.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { type MetricDraft, openStatements, saveMetrics } from '../storage/ledger-metrics.ts'
import { countedConnections, lockMetrics, noteRules } from '../storage/metric-answers.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { type MetricBooks, type MetricRules, metricRules } from './books.ts'
import { countMonth } from './count.ts'

/** Counts the months anew that QuickBooks told of, all of them or some; gives how many figures changed. */
export async function countStatements(
  transaction: Database,
  args: { connectionId: string; months: string[] | null; rules: MetricRules; cause: MetricCause; now: Date },
): Promise<number> {
  const { connectionId, months, rules, cause, now } = args
  const statements = await openStatements(transaction, { connectionId, months })
  const drafts = statements.flatMap(({ month, accounts, answerId }): MetricDraft[] =>
    countMonth({ month, accounts, rules: rules.compiled }).map((counted) => ({ ...counted, month, answerId })),
  )
  return saveMetrics(transaction, { connectionId, drafts, cause, now })
}

/** In a transaction that holds the lock: counts everything anew if the rules are others than the last time, or if asked to. */
export async function followRules(
  transaction: Database,
  args: { connectionId: string; before: string | null; rules: MetricRules; anyway: boolean; now: Date },
): Promise<number> {
  const { connectionId, before, rules, anyway, now } = args
  if (before === rules.fingerprint && !anyway) return 0
  const changed = await countStatements(transaction, {
    ...{ connectionId, rules, now },
    months: null,
    cause: MetricCause.REMAPPED,
  })
  await noteRules(transaction, { connectionId, rules: rules.fingerprint })
  return changed
}

/** Counts the figures of one company anew from what QuickBooks has told; gives how many changed. Throws InvalidRequest. */
export async function recountMetrics(
  { database, now }: Pick<MetricBooks, 'database' | 'now'>,
  { connectionId }: { connectionId: string },
): Promise<number> {
  if (!(await listConnections(database)).some(({ id }) => id === connectionId))
    throw new InvalidRequest(`There is no connection ${connectionId}: the query "connections" lists them.`)
  return recount(database, { connectionId, anyway: true, now: now() })
}

/** Counts anew the figures of every company whose rules have changed. QuickBooks is not asked. */
export async function followAllRules({ database, now }: Pick<MetricBooks, 'database' | 'now'>): Promise<void> {
  for (const connectionId of await countedConnections(database)) {
    await recount(database, { connectionId, anyway: false, now: now() })
  }
}

function recount(
  database: Database,
  { connectionId, anyway, now }: { connectionId: string; anyway: boolean; now: Date },
): Promise<number> {
  return database.transaction(async (transaction) => {
    const pull = await lockMetrics(transaction, { connectionId })
    if (!pull) return 0
    const rules = await metricRules(transaction, { connectionId })
    return followRules(transaction, { connectionId, before: pull.rules, rules, anyway, now })
  })
}
