// Where the truth is kept: PostgreSQL, reached through MikroORM's own pool. The files beside this one are the only SQL
// of the house; each speaks of one noun and takes a Database, which may be a transaction. Changes of state are guarded,
// set-based statements here, never a flush of entities.
import { resolve } from 'node:path'
import type { EntityDictionary } from '@mikro-orm/core'
import { Migrator } from '@mikro-orm/migrations'
import { defineConfig, type EntityManager, MikroORM, type Options } from '@mikro-orm/postgresql'
import { type RawBuilder, sql } from 'kysely'
import { ApiKey, AuditEntry } from '../domain/access.ts'
import { AccountMapping } from '../domain/account-mapping.ts'
import { Alert } from '../domain/alert.ts'
import { AlertNotice } from '../domain/alert-notice.ts'
import { BulkOperation, BulkOperationItem } from '../domain/bulk-operation.ts'
import { CommissionAdjustment, CommissionDispute, CommissionDisputeNote } from '../domain/commission-case.ts'
import { CommissionDownload } from '../domain/commission-download.ts'
import { CommissionEntry, CommissionLockedEntry, CommissionPeriod } from '../domain/commission-entry.ts'
import { CommissionInvoice, CommissionLine } from '../domain/commission-invoice.ts'
import { CommissionRate, CommissionSplit } from '../domain/commission-plan.ts'
import { CommissionRowOfOthers } from '../domain/commission-row-of-others.ts'
import { Connection } from '../domain/connection.ts'
import { Correction } from '../domain/correction.ts'
import { Delivery } from '../domain/delivery.ts'
import { Discrepancy } from '../domain/discrepancy.ts'
import { Exchange } from '../domain/exchange.ts'
import { InvoiceStanding } from '../domain/invoice-standing.ts'
import { LedgerMetric, MetricAnswer, MetricPull, MetricStatement } from '../domain/ledger-metric.ts'
import { Link } from '../domain/link.ts'
import { LogRow } from '../domain/log-row.ts'
import { MirrorRecord } from '../domain/mirror.ts'
import { NameLookUp } from '../domain/name-look-up.ts'
import { PaymentApplication, StoredPaymentEvent } from '../domain/payment-application.ts'
import { Posting } from '../domain/posting.ts'
import { Reconciliation, ReconciliationItem, ReconciliationMatch } from '../domain/reconciliation.ts'
import { ResetPlan, ResetPlanRow } from '../domain/reset-plan.ts'
import { ShadowDifference, ShadowPrediction } from '../domain/shadow.ts'
import { ConnectionToken, SealingKey, SignInAttempt, TokenRefresh } from '../domain/sign-in.ts'
import { ReadMeter, SyncCursor, SyncPortion } from '../domain/sync-cursor.ts'
import { Cursor, SyncRun } from '../domain/sync-run.ts'
import { UnloggedOrder } from '../domain/unlogged-order.ts'
import { WebConnectorSession, WebConnectorUser } from '../domain/web-connector.ts'
import { WebhookEvent, WebhookRefusal } from '../domain/webhook-event.ts'
import { lettingGoOfLost } from './lost-connections.ts'

export const ENTITIES = [
  AccountMapping,
  Alert,
  AlertNotice,
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
  CommissionRowOfOthers,
  CommissionSplit,
  Connection,
  ConnectionToken,
  Correction,
  Cursor,
  Delivery,
  Discrepancy,
  Exchange,
  Link,
  LogRow,
  CommissionDownload,
  InvoiceStanding,
  LedgerMetric,
  MetricAnswer,
  MetricPull,
  MetricStatement,
  MirrorRecord,
  NameLookUp,
  PaymentApplication,
  Posting,
  StoredPaymentEvent,
  ReadMeter,
  Reconciliation,
  ReconciliationItem,
  ReconciliationMatch,
  ResetPlan,
  ResetPlanRow,
  SyncCursor,
  SyncPortion,
  SealingKey,
  ShadowDifference,
  ShadowPrediction,
  SignInAttempt,
  SyncRun,
  TokenRefresh,
  UnloggedOrder,
  WebConnectorSession,
  WebConnectorUser,
  WebhookEvent,
  WebhookRefusal,
]

/** Held on a connection of its own while migrations run on another, so that processes that start together apply them once. */
const MIGRATION_LOCK = 7_130_460

function ormOptions(args: { url: string; poolMax?: number }): Options {
  const migrations = resolve(import.meta.dirname, '../../migrations')
  return defineConfig({
    entities: ENTITIES,
    clientUrl: args.url,
    pool: { min: 0, max: args.poolMax ?? 10 },
    driverOptions: {
      connectionTimeoutMillis: 10_000,
      application_name: 'countersign',
      onPoolCreated: lettingGoOfLost,
    },
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

  /**
   * Runs a query that returns whole rows of one entity, and gives entities. MikroORM says what a row means; it does not track
   * them, for nothing here is changed by flushing: a copy of each and an accessor for each property were most of a long reading.
   */
  async entities<E extends object>(entity: new () => E, query: RawBuilder<unknown>): Promise<E[]> {
    const rows = await this.rows(query as RawBuilder<EntityDictionary<E>>)
    const meta = this.em.getMetadata().get<E>(entity)
    const driver = this.em.getDriver()
    const platform = this.em.getPlatform()
    const converted = meta.props.flatMap(({ name, customType: type }) => (type ? [{ name, type }] : []))
    return rows.map((row) => {
      const read = driver.mapResult(row, meta) as Record<string, unknown>
      for (const { name, type } of converted) {
        const value = read[name]
        if (value !== null && value !== undefined) read[name] = type.convertToJSValue(value, platform)
      }
      return Object.setPrototypeOf(read, entity.prototype) as E
    })
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

/** NUL characters and halves of surrogate pairs, as JSON writes them; it may also match what only looks so. */
const UNSTORABLE = /\\u(0000|d[89a-f])/

/**
 * Rows for `jsonb_to_recordset`. PostgreSQL keeps no NUL character and no half of a pair, such as a text that was cut
 * within an emoji ends with; one in a foreign text must not stop its whole page.
 */
export function recordset(rows: object[]): string {
  const json = JSON.stringify(rows)
  // Nearly no text has any escape of this kind, which is found out much faster than which one it is.
  if (!json.includes('\\u') || !UNSTORABLE.test(json)) return json
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? withoutNul(value).toWellFormed() : value,
  )
}

export function withoutNul(text: string): string {
  return text.replaceAll('\u0000', '')
}

/**
 * Read by a statement of its own transaction, lets that one commit without waiting for the disk. Its changes are seen at once
 * and never half; a crash of PostgreSQL within the next second may undo them, and nothing that waited for the disk after them.
 */
export const COMMIT_WITHOUT_WAITING = sql`select set_config('synchronous_commit', 'off', true)`

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
