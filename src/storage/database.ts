// Where the truth is kept: PostgreSQL, reached through MikroORM's own pool. The files beside this one are the only SQL
// of the house; each speaks of one noun and takes a Database, which may be a transaction. Changes of state are guarded,
// set-based statements here, never a flush of entities.
import { resolve } from 'node:path'
import { Migrator } from '@mikro-orm/migrations'
import { defineConfig, type EntityManager, MikroORM, type Options } from '@mikro-orm/postgresql'
import { type RawBuilder, sql } from 'kysely'
import { ApiKey, AuditEntry, ConnectionToken } from '../domain/access.ts'
import { Alert } from '../domain/alert.ts'
import { BulkOperation, BulkOperationItem } from '../domain/bulk-operation.ts'
import { CommissionAdjustment, CommissionDispute, CommissionDisputeNote } from '../domain/commission-case.ts'
import { CommissionEntry, CommissionLockedEntry, CommissionPeriod } from '../domain/commission-entry.ts'
import { CommissionInvoice, CommissionLine } from '../domain/commission-invoice.ts'
import { CommissionRate, CommissionSplit } from '../domain/commission-plan.ts'
import { Connection } from '../domain/connection.ts'
import { Delivery } from '../domain/delivery.ts'
import { Exchange } from '../domain/exchange.ts'
import { Link } from '../domain/link.ts'
import { LogRow } from '../domain/log-row.ts'
import { PaymentApplication, StoredPaymentEvent } from '../domain/payment-application.ts'
import { Posting } from '../domain/posting.ts'
import { Cursor, SyncRun } from '../domain/sync-run.ts'
import { UnloggedOrder } from '../domain/unlogged-order.ts'

export const ENTITIES = [
  Alert,
  ApiKey,
  AuditEntry,
  BulkOperation,
  BulkOperationItem,
  CommissionAdjustment,
  CommissionDispute,
  CommissionDisputeNote,
  CommissionEntry,
  CommissionInvoice,
  CommissionLine,
  CommissionLockedEntry,
  CommissionPeriod,
  CommissionRate,
  CommissionSplit,
  Connection,
  ConnectionToken,
  Cursor,
  Delivery,
  Exchange,
  Link,
  LogRow,
  PaymentApplication,
  Posting,
  StoredPaymentEvent,
  SyncRun,
  UnloggedOrder,
]

/** Held on a connection of its own while migrations run on another, so that processes that start together apply them once. */
const MIGRATION_LOCK = 7_130_460

function ormOptions(args: { url: string; poolMax?: number }): Options {
  const migrations = resolve(import.meta.dirname, '../../migrations')
  return defineConfig({
    entities: ENTITIES,
    clientUrl: args.url,
    pool: { min: 0, max: args.poolMax ?? 10 },
    driverOptions: { connectionTimeoutMillis: 10_000, application_name: 'countersign' },
    extensions: [Migrator],
    migrations: { path: migrations, pathTs: migrations, silent: true, snapshot: false },
    discovery: { warnWhenNoEntities: false },
  })
}

/** A connection to PostgreSQL, or one transaction on it. */
export class Database {
  private readonly em: EntityManager

  constructor(em: EntityManager) {
    this.em = em
  }

  /** Runs a query and gives its rows as they come: snake_case columns, times as text. */
  async rows<T>(query: RawBuilder<T>): Promise<T[]> {
    return (await query.execute(this.em.getKysely())).rows
  }

  /** Runs a query that returns whole rows of one entity, and gives entities. */
  async entities<E extends object>(entity: new () => E, query: RawBuilder<unknown>): Promise<E[]> {
    const rows = await this.rows(query as RawBuilder<Record<string, unknown>>)
    const fresh = this.em.fork()
    return rows.map((row) => fresh.map(entity, row) as E)
  }

  /** Runs a statement and says how many rows it changed. */
  async run(statement: RawBuilder<unknown>): Promise<number> {
    const result = await statement.execute(this.em.getKysely())
    return Number(result.numAffectedRows ?? 0n)
  }

  /** All or nothing. A nested call joins as a savepoint. */
  transaction<T>(work: (database: Database) => Promise<T>): Promise<T> {
    return this.em.fork({ keepTransactionContext: true }).transactional((em) => work(new Database(em as EntityManager)))
  }
}

/** Rows for `jsonb_to_recordset`. PostgreSQL keeps no NUL character, and one in a foreign text must not stop its whole page. */
export function recordset(rows: object[]): string {
  return JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'string' ? withoutNul(value) : value))
}

export function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '')
}

export interface OpenDatabase {
  database: Database
  /** Applies the migrations that are missing; several processes may call it at once. Gives the names of those it applied. */
  migrate(): Promise<string[]>
  /** Writes a migration for what the entities say and the tables do not; gives its file, or null when they agree. */
  createMigration(name: string): Promise<string | null>
  /** True when the tables are exactly what the entities say. */
  isCurrent(): Promise<boolean>
  close(): Promise<void>
}

export async function openDatabase(args: { url: string; poolMax?: number }): Promise<OpenDatabase> {
  const orm = await MikroORM.init(ormOptions(args))
  const database = new Database(orm.em.fork())
  return {
    database,
    migrate: () =>
      database.transaction(async (transaction) => {
        await transaction.rows(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
        return (await orm.migrator.up()).map(({ name }) => name)
      }),
    async createMigration(name) {
      const { fileName, diff } = await orm.migrator.create(undefined, false, false, name)
      return diff.up.length > 0 ? fileName : null
    },
    isCurrent: async () => (await orm.schema.getUpdateSchemaSQL({ wrap: false })).trim() === '',
    close: () => orm.close(true),
  }
}
