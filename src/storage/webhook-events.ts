import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { WebhookEvent, type WebhookNotice } from '../domain/webhook-event.ts'
import { type Database, recordset } from './database.ts'
import { type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

/** Stores what was told, before it is acknowledged. What was told before is counted, and stays as it is. */
export async function saveWebhookNotices(
  database: Database,
  args: { notices: WebhookNotice[]; now: Date },
): Promise<void> {
  const rows = new Map<string, object>()
  for (const notice of args.notices) {
    const key = keyOf(notice)
    rows.set(key, {
      id: uuidv7(),
      key,
      realm_id: notice.realmId,
      entity_name: notice.entityName,
      entity: notice.entity,
      quick_books_id: notice.quickBooksId,
      operation: notice.operation,
      merged_id: notice.mergedId,
      occurred_at: notice.occurredAt,
    })
  }
  if (rows.size === 0) return
  // In one order for all: two requests that tell of the same changes must not wait for each other in a ring.
  const ordered = [...rows].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row)
  await database.run(sql`
    insert into webhook_event (id, key, connection_id, realm_id, entity_name, entity, quick_books_id, operation, merged_id, occurred_at,
        received_at, state)
    select told.id, key, connection.id, told.realm_id, entity_name, entity, quick_books_id, operation, merged_id, occurred_at,
        ${args.now}::timestamptz, case when connection.id is null or entity is null then 'IGNORED' else 'PENDING' end
    from jsonb_to_recordset(${recordset(ordered)}::jsonb) as told (id uuid, key text, realm_id text, entity_name text,
        entity text, quick_books_id text, operation text, merged_id text, occurred_at timestamptz)
      left join connection on connection.realm_id = told.realm_id
    on conflict (key) do update set repeats = webhook_event.repeats + 1`)
}

function keyOf({ realmId, entityName, quickBooksId, operation, occurredAt }: WebhookNotice): string {
  const parts = [realmId, entityName.toLowerCase(), quickBooksId, operation, occurredAt]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}

/** The oldest events that wait, once the first of them has waited long enough for others to gather. */
export function pendingWebhookEvents(
  database: Database,
  args: { connectionId: string; gatheredBefore: Date; limit: number; now: Date },
): Promise<WebhookEvent[]> {
  return database.entities(
    WebhookEvent,
    sql`select * from webhook_event
        where connection_id = ${args.connectionId} and state = 'PENDING' and (not_before is null or not_before <= ${args.now})
          and (select min(received_at) from webhook_event where connection_id = ${args.connectionId} and state = 'PENDING')
            <= ${args.gatheredBefore}
        order by id limit ${args.limit}`,
  )
}

export async function finishWebhookEvents(database: Database, args: { ids: string[]; now: Date }): Promise<void> {
  await database.run(sql`
    update webhook_event set state = 'PROCESSED', processed_at = coalesce(processed_at, ${args.now}), not_before = null
    where id = any(${args.ids}::uuid[]) and state = 'PENDING'`)
}

export async function postponeWebhookEvents(database: Database, args: { ids: string[]; until: Date }): Promise<void> {
  await database.run(sql`update webhook_event set not_before = ${args.until} where id = any(${args.ids}::uuid[])`)
}

/** Lets what an event names be read once more; null when there is no such event, or nobody here mirrors what it is about. */
export async function replayWebhookEvent(database: Database, id: string): Promise<WebhookEvent | null> {
  const [event] = await database.entities(
    WebhookEvent,
    sql`update webhook_event set state = 'PENDING', not_before = null
        where id = ${id} and connection_id is not null and entity is not null returning *`,
  )
  return event ?? null
}

export async function findWebhookEvent(database: Database, id: string): Promise<WebhookEvent | null> {
  const [event] = await database.entities(WebhookEvent, sql`select * from webhook_event where id = ${id}`)
  return event ?? null
}

export function webhookEventPage(
  database: Database,
  { request }: { request: PageRequest },
): Promise<KeysetPage<WebhookEvent>> {
  return keysetPage(database, {
    entity: WebhookEvent,
    table: sql`webhook_event`,
    columns: sql`*`,
    conditions: [],
    request,
  })
}

/** Somebody claimed to be QuickBooks: of what he sent the hash is kept. */
export async function noteRefusal(database: Database, args: { hash: string; now: Date }): Promise<void> {
  await database.run(sql`
    insert into webhook_refusal (hash, times, first_at, last_at) values (${args.hash}, 1, ${args.now}, ${args.now})
    on conflict (hash) do update set times = webhook_refusal.times + 1, last_at = excluded.last_at`)
}
