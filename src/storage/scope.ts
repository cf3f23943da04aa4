import { MetadataStorage } from '@mikro-orm/core'
import { type RawBuilder, sql } from 'kysely'
import { Database, ENTITIES } from './database.ts'

/**
 * Whose rows a table holds, where its `connection_id` does not say it. Null in `connection_ids` means every connection,
 * so that such a row is nobody's in particular, and hidden.
 */
const WHOSE: Record<string, (ids: RawBuilder<unknown>) => RawBuilder<unknown>> = {
  connection: (ids) => sql`id in (${ids})`,
  // A rule for all connections is a rule for this one.
  account_mapping: (ids) => sql`connection_id is null or connection_id in (${ids})`,
  // What concerns every connection, such as a CRM that is down, concerns this one too.
  alert: (ids) => sql`connection_id is null or connection_id in (${ids})`,
  api_key: (ids) => sql`connection_ids <@ array[${ids}]::uuid[]`,
  audit_entry: (ids) => sql`connection_ids <@ array[${ids}]::uuid[]`,
  bulk_operation: (ids) => sql`connection_ids <@ array[${ids}]::uuid[]`,
  bulk_operation_item: (ids) => sql`posting_id in (select id from posting where connection_id in (${ids}))`,
  log_row: (ids) => sql`posting_id in (select id from posting where connection_id in (${ids}))`,
}

/** Every table of the house, and which of its rows belong to the given connections. A table that does not say hides all its rows. */
function tablesWithin(connectionIds: string[]): { table: string; condition: RawBuilder<unknown> }[] {
  const ids = sql.join(connectionIds.map((id) => sql`${id}::uuid`))
  const entities = Object.values(MetadataStorage.getMetadata()).filter((one) =>
    ENTITIES.some((entity) => entity === one.class),
  )
  return entities.map(({ tableName: table, properties }) => {
    const named = WHOSE[table]
    if (named) return { table, condition: named(ids) }
    return { table, condition: 'connectionId' in properties ? sql`connection_id in (${ids})` : sql`false` }
  })
}

/**
 * The same database, seen through a key that is scoped to connections: each question finds in each table the rows of
 * these connections alone, whoever wrote the question. A `with` clause puts a narrower table of the same name before the
 * real one, so that no resolver and no query can forget the scope; a statement that changes anything does not parse
 * behind it and is refused by PostgreSQL, except a new audit entry.
 */
export function scopedTo(database: Database, { connectionIds }: { connectionIds: string[] }): Database {
  const tables = tablesWithin(connectionIds).map(
    ({ table, condition }) =>
      sql`${sql.ref(table)} as not materialized (select * from ${sql.ref(table)} where ${condition})`,
  )
  const within = <T>(query: RawBuilder<T>): RawBuilder<T> => {
    const text = fragmentsOf(query)
    // A name with its schema would reach past the narrower table.
    if (text.some((part) => /\bpublic\s*\./i.test(part))) throw new Error('A scoped query names a schema.')
    const hasOwnTables = /^\s*with\b/i.test(text[0] ?? '')
    return sql<T>`with ${sql.join(tables)} ${hasOwnTables ? sql`select * from (${query}) as asked` : sql`(${query})`}`
  }
  const seen: Pick<Database, 'rows' | 'entities' | 'run' | 'transaction'> = {
    rows: async (query) => database.rows(within(query)),
    entities: async (entity, query) => database.entities(entity, within(query)),
    run: async (statement) => database.run(isAuditEntry(statement) ? statement : within(statement)),
    transaction: (work) => database.transaction((transaction) => work(scopedTo(transaction, { connectionIds }))),
  }
  return Object.assign(Object.create(Database.prototype) as Database, seen)
}

function isAuditEntry(statement: RawBuilder<unknown>): boolean {
  return /^\s*insert into audit_entry\b/.test(fragmentsOf(statement)[0] ?? '')
}

/** The text of a statement between its parameters, outermost part only: the parts are statements of the same files. */
function fragmentsOf(statement: RawBuilder<unknown>): readonly string[] {
  const node = statement.toOperationNode()
  return 'sqlFragments' in node ? (node.sqlFragments as readonly string[]) : []
}
