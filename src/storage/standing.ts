import { sql } from 'kysely'
import { gaugeNumber } from '../domain/money.ts'
import type { Database } from './database.ts'
import { moneyAtRisk as atRisk } from './money-at-risk.ts'
import { countPostings } from './posting-pages.ts'

/** What whoever measures us wants to know of this moment. */
export async function standing(database: Database, { now }: { now: Date }) {
  const postingsByState = await countPostings(database, { selection: {}, by: 'STATE' })
  const [webhooks = { pending: 0, lagSeconds: 0 }] = await database.rows(sql<{ pending: number; lagSeconds: number }>`
    select count(*)::int as pending,
      greatest(0, coalesce(extract(epoch from ${now}::timestamptz - min(received_at)), 0))::float8 as "lagSeconds"
    from webhook_event where state = 'PENDING'`)
  const signIns = await database.rows(sql<{ connection: string; endsInSeconds: number }>`
    select connection_id as connection,
      extract(epoch from least(refresh_token_expires_at, refresh_token_hard_expires_at) - ${now}::timestamptz)::float8 as "endsInSeconds"
    from connection_token where sealed_refresh_token is not null and refused_at is null`)
  const moneyAtRisk = (await atRisk(database, { now })).map(({ risk, count, amount, dollarDays, oldest }) => ({
    ...{ risk, count, dollars: gaugeNumber(amount), dollarDays: gaugeNumber(dollarDays) },
    oldestSeconds: oldest === null ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest)) / 1000),
  }))
  return { postingsByState, webhooks, signIns, moneyAtRisk }
}
