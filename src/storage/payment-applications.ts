import { createHash } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { faultOf, isDay, type PaymentEvent, settledParts } from '../domain/payment-application.ts'
import { type Database, recordset } from './database.ts'

/** An event that is not believed: kept, listed, and without effect. */
export interface RefusedEvent {
  kind: string
  recordId: string
  version: string
  reason: string
}

/** One at a time for each company: what is added depends on what is there. Held until the transaction ends. */
export async function lockCommission(transaction: Database, { connectionId }: { connectionId: string }): Promise<void> {
  await transaction.rows(sql`select pg_advisory_xact_lock(hashtextextended(${`commission ${connectionId}`}, 0))`)
}

/**
 * Adds events, and to the ledger the rows that make it add up to the newest version of each record: reversals and what
 * takes their place. Whatever the order of arrival, and however often an event comes, the sums are the same. Belongs in a
 * transaction that holds the lock of the company. Gives the invoices whose sums changed.
 */
export async function addPaymentEvents(
  transaction: Database,
  args: { connectionId: string; events: PaymentEvent[]; now: Date },
): Promise<{ rows: number; invoiceIds: string[]; refused: RefusedEvent[] }> {
  const { connectionId, events, now } = args
  if (events.length === 0) return { rows: 0, invoiceIds: [], refused: [] }
  const stored = events.map((event) => toRow({ event, connectionId, now }))
  await transaction.run(sql`
    insert into payment_event (id, connection_id, kind, record_id, version, changed_at, date, state, currency, total, method, parts,
        content_hash, fault, recorded_at)
    select id, connection_id, kind, record_id, version, changed_at, date, state, currency, total, method, parts, content_hash, fault,
        recorded_at
    from jsonb_to_recordset(${recordset(stored)}::jsonb) as came (id uuid, connection_id uuid, kind text, record_id text,
        version numeric, changed_at timestamptz, date date, state text, currency text, total numeric, method text, parts jsonb,
        content_hash text, fault text, recorded_at timestamptz)
    on conflict do nothing`)
  const lacking = await transaction.rows(lackingRows({ connectionId, events }))
  const rows = lacking.map((row) => ({ ...row, id: uuidv7(), connection_id: connectionId, recorded_at: now }))
  await transaction.run(sql`
    insert into payment_application (id, connection_id, event_id, kind, record_id, invoice_id, part, amount, currency, effective_on, recorded_at)
    select id, connection_id, event_id, kind, record_id, invoice_id, part, amount, currency, effective_on, recorded_at
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as lacking (id uuid, connection_id uuid, event_id uuid, kind text,
        record_id text, invoice_id text, part text, amount numeric, currency text, effective_on date, recorded_at timestamptz)`)
  const refused = stored.flatMap(({ kind, record_id, version, fault }) =>
    fault === null ? [] : [{ kind, recordId: record_id, version, reason: fault }],
  )
  const invoiceIds = [...new Set(lacking.flatMap(({ invoice_id }) => invoice_id ?? []))]
  return { rows: rows.length, invoiceIds, refused }
}

interface LackingRow {
  event_id: string
  invoice_id: string | null
}

/** What the ledger lacks to add up to the newest version of each record that came; a deleted record stays deleted. */
function lackingRows(args: { connectionId: string; events: PaymentEvent[] }): RawBuilder<LackingRow> {
  const { connectionId, events } = args
  const came = recordset(events.map(({ kind, recordId }) => ({ kind, record_id: recordId })))
  return sql<LackingRow>`
    with touched as materialized (
      select distinct kind, record_id from jsonb_to_recordset(${came}::jsonb) as came (kind text, record_id text)
    ), newest as materialized (
      select distinct on (e.kind, e.record_id) e.id, e.kind, e.record_id, e.date, e.currency, e.parts
      from touched t join payment_event e on e.connection_id = ${connectionId} and e.kind = t.kind and e.record_id = t.record_id
      where e.fault is null
      order by e.kind, e.record_id, (e.state = 'DELETED') desc, e.version desc, e.changed_at desc, e.content_hash desc
    ), both_sides as (
      select n.id as event_id, n.kind, n.record_id, p."invoiceId" as invoice_id, p.part, n.currency, coalesce(p."on", n.date) as effective_on, p.amount
      from newest n cross join lateral jsonb_to_recordset(n.parts) as p (part text, "invoiceId" text, amount numeric, "on" date)
      union all
      select n.id, a.kind, a.record_id, a.invoice_id, a.part, a.currency, a.effective_on, -a.amount
      from newest n join payment_application a
        on a.connection_id = ${connectionId} and a.kind = n.kind and a.record_id = n.record_id
    )
    select event_id, kind, record_id, invoice_id, part, sum(amount)::text as amount, currency, effective_on::text
    from both_sides group by event_id, kind, record_id, invoice_id, part, currency, effective_on having sum(amount) <> 0
    order by kind, record_id, effective_on, invoice_id, part`
}

function toRow(args: { event: PaymentEvent; connectionId: string; now: Date }) {
  const { event, connectionId, now } = args
  const fault = faultOf(event)
  const isNumber = /^\d{1,15}(\.\d{1,2})?$/.test(event.total)
  const { kind, recordId, date, state, currency, total, method, changedAt } = event
  const version = /^\d{1,20}$/.test(event.version) ? event.version : '0'
  const parts = fault === null ? settledParts(event) : event.parts
  const content = JSON.stringify([date, state, currency, total, event.version, parts, method])
  return {
    id: uuidv7(),
    connection_id: connectionId,
    kind,
    record_id: recordId,
    version,
    changed_at: changedAt,
    date: isDay(date) ? date : null,
    state,
    currency,
    total: isNumber ? total : null,
    method,
    parts,
    content_hash: createHash('sha256').update(content).digest('hex'),
    fault,
    recorded_at: now,
  }
}
