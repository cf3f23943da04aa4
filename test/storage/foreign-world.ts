import { sql } from 'kysely'
import type { Database } from '../../src/storage/database.ts'
import { connectionRow, exchangeRows, idAt, insertRows, postingRow, type Row } from './rows.ts'

/** Stands in the texts of all foreign rows. */
const MARKER = 'FOREIGN'
const AT = '2026-03-01T12:30:00Z'

export interface World {
  marker: string
  mine: { connection: string; posting: string; exchange: string; bulkOperation: string }
  foreign: { connection: string; posting: string; exchange: string; bulkOperation: string; key: string }
  /** The ids of all rows that the owner of the one connection must not see. */
  foreignIds: string[]
  /** The tables that have rows, and those of them whose foreign row is known by its ids alone. */
  tables: string[]
  markedById: string[]
}

/** Two connections, each with a row in every table that can hold one; the second one is foreign to a key for the first. */
export async function foreignWorld(database: Database): Promise<World> {
  const sides = [sideOf('mine'), sideOf(MARKER)] as const
  for (const [table] of Object.entries(sides[0])) {
    await insertRows(
      database,
      table,
      sides.map((side) => side[table as keyof typeof side]),
    )
  }
  await insertRows(database, 'sync_run', [
    { id: idAt(AT), started_at: AT, finished_at: AT, read: 9, error: `${MARKER} order 5` },
  ])
  for (const { bulk_operation, posting } of sides) {
    await database.run(sql`
      insert into bulk_operation_item (operation_id, posting_id, result)
      values (${bulk_operation.id}::uuid, ${posting.id}::uuid, 'SET_GOING')`)
  }
  const [mine, foreign] = sides
  return {
    marker: MARKER,
    mine: idsOf(mine),
    foreign: { ...idsOf(foreign), key: foreign.api_key.id },
    foreignIds: Object.values(foreign).map(({ id }) => id),
    tables: [...Object.keys(foreign), 'bulk_operation_item'],
    markedById: ['bulk_operation_item'],
  }
}

function idsOf(side: ReturnType<typeof sideOf>) {
  return {
    connection: side.connection.id,
    posting: side.posting.id,
    exchange: side.exchange.id,
    bulkOperation: side.bulk_operation.id,
  }
}

function sideOf(name: string) {
  const connection = connectionRow({ name, realm_id: `realm of ${name}`, is_default: name === MARKER })
  const common = { connection_id: connection.id }
  const posting = postingRow({
    ...common,
    order_number: `${name}-1`,
    document_number: `${name}-1`,
    state: 'FAILED',
    reason_code: 'ITEM_NOT_FOUND',
    reason_detail: { items: name },
  })
  const { delivery, exchange } = exchangeRows({ ...common, posting_id: posting.id })
  const operation = bulkOperationOf({ name, connectionId: connection.id })
  return {
    connection,
    posting,
    delivery: { ...delivery, path: `/${name}`, sent_at: AT },
    exchange: { ...exchange, request: `{"name":"${name}"}`, operation: `create ${name}` },
    link: { id: idAt(AT), ...common, kind: 'INVOICE', source_id: posting.id, quick_books_id: name, updated_at: AT },
    log_row: logRowOf({ name, postingId: posting.id }),
    api_key: {
      id: idAt(AT),
      name,
      role: 'VIEWER',
      hash: `hash of ${name}`,
      connection_ids: [connection.id],
      created_at: AT,
    },
    audit_entry: {
      id: idAt(AT),
      at: AT,
      author: name,
      action: 'retryPostings',
      subject: name,
      result: 'OK',
      connection_ids: [connection.id],
    },
    alert: {
      id: idAt(AT),
      ...common,
      code: 'MISMATCHES',
      severity: 'WARNING',
      subject: name,
      detail: { count: 1 },
      count: 1,
      raised_at: AT,
      seen_at: AT,
    },
    token_refresh: { id: idAt(AT), ...common, at: AT, cause: 'CALL', result: 'UNREACHABLE', detail: name },
    bulk_operation: operation,
    commission_rate: commissionRow({ ...common, scope_key: name, rep: name, mode: 'FLAT', percent: 1 }),
    commission_split: commissionRow({ ...common, scope_key: name, order_number: name, shares: [] }),
    commission_dispute: { id: idAt(AT), ...common, rep: name, order_number: name, author: name, opened_at: AT },
    commission_adjustment: adjustmentOf({ ...common, name }),
    commission_period: periodOf({ ...common, name }),
    invoice_standing: standingOf({ ...common, name, id: posting.id }),
    ...mirrorOf({ name, connectionId: connection.id, postingId: posting.id }),
  } satisfies Record<string, Row>
}

/** What the mirror, its cursors, webhooks and evidence hold of a company. */
function mirrorOf({ name, connectionId, postingId }: { name: string; connectionId: string; postingId: string }) {
  const common = { connection_id: connectionId, entity: 'CUSTOMER', quick_books_id: name }
  return {
    mirror_record: {
      id: idAt(AT),
      ...common,
      name,
      active: true,
      raw: { DisplayName: name },
      seen_at: AT,
      updated_at: AT,
    },
    sync_cursor: { id: idAt(AT), connection_id: connectionId, entity: 'CUSTOMER', count_due: false, error: name },
    webhook_event: {
      id: idAt(AT),
      ...common,
      key: name,
      realm_id: `realm of ${name}`,
      entity_name: 'Customer',
      operation: 'UPDATED',
      state: 'PENDING',
      received_at: AT,
    },
    discrepancy: {
      id: idAt(AT),
      ...common,
      posting_id: postingId,
      kind: 'EDITED',
      state: 'OPEN',
      document_number: name,
      differences: [name],
      subject: `posting:${postingId}`,
      lines: [],
      found_at: AT,
      seen_at: AT,
    },
  } satisfies Record<string, Row>
}

function standingOf({ name, connection_id, id }: { name: string; connection_id: string; id: string }): Row {
  const amounts = { total: 1, paid: 0, credited: 0, due: 1, revision: 1, attempts: 0 }
  return { id, connection_id, invoice_id: name, source_id: id, order_number: name, status: 'SENT', ...amounts }
}

function commissionRow(row: Record<string, unknown>): Row {
  return { id: idAt(AT), effective_from: '2026-01-01', author: 'somebody', recorded_at: AT, ...row }
}

function adjustmentOf({ name, connection_id }: { name: string; connection_id: string }): Row {
  const texts = { rep: name, order_number: name, note: name, approver: name, author: name }
  return {
    id: idAt(AT),
    connection_id,
    kind: 'BONUS',
    amount: 1,
    effective_on: '2026-02-01',
    recorded_at: AT,
    ...texts,
  }
}

function periodOf({ name, connection_id }: { name: string; connection_id: string }): Row {
  const days = { month: '2026-01', starts_on: '2026-01-01', ends_on: '2026-01-31' }
  const shown = { entries: 0, amount: 0, fingerprint: name, balances: [] }
  return { id: idAt(AT), connection_id, locked_at: AT, locked_by: name, ...days, ...shown }
}

function bulkOperationOf({ name, connectionId }: { name: string; connectionId: string }): Row {
  return {
    id: idAt(AT),
    kind: 'RETRY_FAILED',
    state: 'PAUSED',
    filter: { orderNumber: name },
    fingerprint: name,
    author: name,
    connection_ids: [connectionId],
    summary: [name],
    total: 1,
    created_at: AT,
  }
}

function logRowOf({ name, postingId }: { name: string; postingId: string }): Row {
  return {
    id: idAt(AT),
    posting_id: postingId,
    type: 'CUSTOMER_ORDER',
    action: name,
    status: 'ERROR',
    created_on: AT,
    modified_on: AT,
    seen_at: AT,
  }
}
