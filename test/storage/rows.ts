import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { Environment, ExchangePurpose, LedgerKind, PostingKind } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import type { Database } from '../../src/storage/database.ts'

/** Columns of a row as PostgreSQL names them; what is left out is the column's default. */
export type Row = Record<string, unknown> & { id: string }

/** An id of the given time: ids order rows by their creation. */
export function idAt(time: Date | string): string {
  return uuidv7({ msecs: new Date(time).getTime() })
}

/** Inserts rows; a column that a row leaves out gets its default. */
export async function insertRows(database: Database, table: string, rows: Row[]): Promise<void> {
  for (const alike of Map.groupBy(rows, (row) => Object.keys(row).sort().join()).values()) {
    const columns = sql.join(Object.keys(alike[0] ?? {}).map((name) => sql.ref(name)))
    await database.run(sql`
      insert into ${sql.table(table)} (${columns})
      select ${columns} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(alike)}::jsonb)`)
  }
}

export function connectionRow(row: Partial<Row> = {}): Row {
  const id = idAt('2026-01-01T00:00:00Z')
  return {
    id,
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    name: `Company ${id.slice(-6)}`,
    environment: Environment.SANDBOX,
    created_at: '2026-01-01T00:00:00Z',
    ...row,
  }
}

export function postingRow(row: Record<string, unknown> & { connection_id: string }): Row {
  const createdAt = (row.created_at as string | undefined) ?? '2026-03-01T12:00:00Z'
  return {
    id: idAt(createdAt),
    kind: PostingKind.INVOICE,
    source_id: idAt(createdAt),
    state: PostingState.PENDING,
    created_at: createdAt,
    updated_at: createdAt,
    ...row,
  }
}

/** What a posting must have to be PROCESSED. */
export function processed(at: string): Record<string, unknown> {
  return {
    state: PostingState.PROCESSED,
    quick_books_id: '145',
    verification: 'EQUAL',
    verified_at: at,
    written_back_at: at,
    processed_at: at,
  }
}

/** A delivery with one exchange in it. */
export function exchangeRows(row: { connection_id: string; posting_id: string | null } & Record<string, unknown>): {
  delivery: Row
  exchange: Row
} {
  const time = '2026-03-01T12:00:01Z'
  const delivery = {
    id: idAt(time),
    connection_id: row.connection_id,
    lane_epoch: 1,
    method: 'POST',
    path: '/batch',
    body_hash: 'ab',
    size: 1,
    carries: row.purpose ?? ExchangePurpose.POST,
    sent_at: time,
    answered_at: '2026-03-01T12:00:02Z',
    status: 200,
    duration_ms: 950,
    intuit_tid: 'tid-1',
    created_at: time,
  }
  const exchange = {
    id: idAt(time),
    delivery_id: delivery.id,
    position: 0,
    purpose: ExchangePurpose.POST,
    operation: 'create Invoice',
    idempotency_key: 'key-1',
    request: '{"DocNumber":"1001"}',
    response: '{"Id":"145"}',
    outcome: 'posted',
    created_at: time,
    ...row,
  }
  return { delivery, exchange }
}
