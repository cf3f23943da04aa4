import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { openCreatio } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import { ensureOnlineConnection } from '../../src/storage/connections.ts'
import type { Database } from '../../src/storage/database.ts'
import { sealWith } from '../../src/storage/seal.ts'
import { importRefreshToken } from '../../src/storage/tokens.ts'
import { ownerName } from '../../src/sync/lane.ts'
import { poll } from '../../src/sync/poll.ts'
import { ROAD_LIMITS, type Road } from '../../src/sync/road.ts'
import { tell, work } from '../../src/sync/work.ts'
import { freshDatabase } from '../database.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { onlineLedger } from './story-ledgers.ts'

export type Fields = Record<string, unknown> & { Id: string }

/** An installation to look at: a sandbox, a database, and the road between them, with anything that may be wrong with it. */
export interface Clinic {
  sandbox: RunningSandbox
  database: Database
  connection: Connection
  road: Road
  /** What was logged, oldest first. */
  logged: Record<string, unknown>[]
  /** One poll, and all that follows from it. */
  day(): Promise<void>
  records(table: string): Promise<Fields[]>
  change(table: string, id: string, fields: Record<string, unknown>): Promise<void>
  settings(changes: Record<string, string | number | boolean>): Promise<void>
  fault(rule: Record<string, unknown>): Promise<void>
  mend(): Promise<void>
  close(): Promise<void>
}

export interface ClinicOptions {
  world?: 'incident' | 'empty'
  counts?: Record<string, number>
  password?: string
  refreshToken?: string
  /** What the profile says instead of its defaults. */
  profile?: object
  environment?: Environment
  /** How far our clock runs ahead. */
  aheadSeconds?: number
  /** Where the CRM is said to be, instead of where it is. */
  siteUrl?: string
}

const key = 'a master key of the clinic, forty characters long'

export async function openClinic(options: ClinicOptions = {}): Promise<Clinic> {
  const [sandbox, store] = await Promise.all([
    startSandbox({ world: options.world ?? 'incident', ...(options.counts ? { counts: options.counts } : {}) }),
    freshDatabase(),
  ])
  const now = () => new Date(Date.now() + (options.aheadSeconds ?? 0) * 1000)
  const seal = sealWith(key)
  const { database } = store
  const connection = await ensureOnlineConnection(database, {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    name: 'The company of the clinic',
    environment: options.environment ?? Environment.SANDBOX,
    realmId: sandbox.realmId,
    now: now(),
  })
  const refreshToken = options.refreshToken ?? 'sandbox-refresh-token'
  await importRefreshToken(database, { connectionId: connection.id, seal, refreshToken, now: now() })
  const sleep = async (ms: number) => {
    await wait(Math.min(ms, 1_500))
  }
  const ledger = onlineLedger({ database, connection, sandbox, seal, clock: { now, sleep }, options: {} })
  const logged: Clinic['logged'] = []
  const road: Road = {
    ...unchanging,
    database,
    crm: openCreatio({
      siteUrl: options.siteUrl ?? sandbox.creatio,
      signIn: { kind: 'forms', userName: 'Supervisor', password: options.password ?? 'sandbox-password' },
      profile: parseProfile(options.profile ?? {}),
      timeZone: 'America/New_York',
      requestTimeoutSeconds: 10,
    }),
    ledgerOf: () => ledger,
    now,
    log: pino({ level: 'warn' }, { write: (line: string) => logged.push(JSON.parse(line)) }),
    owner: ownerName({ instance: randomUUID() }),
  }
  const control = <T>(path: string, method: string, body?: unknown) =>
    sandbox.fetchControl<T>(path, { method, ...(body === undefined ? {} : { body }) })
  return {
    sandbox,
    database,
    connection,
    road,
    logged,
    async day() {
      const run = await poll(road)
      if (run.error !== null) throw new Error(run.error)
      await work(road)
      await tell(road)
    },
    records: (table) => control<Fields[]>(`/records/${table}`, 'GET'),
    async change(table, id, fields) {
      await control(`/records/${table}/${id}`, 'PATCH', fields)
    },
    async settings(changes) {
      await control('/settings', 'PATCH', changes)
    },
    async fault(rule) {
      await control('/faults', 'POST', rule)
    },
    async mend() {
      await control('/faults', 'DELETE')
    },
    async close() {
      await sandbox.stop()
      await store.close()
    },
  }
}

const unchanging = {
  random: () => 0.5,
  sleep: async (ms: number) => {
    await wait(Math.min(ms, 50))
  },
  watch: { delivery: () => {}, poll: () => {} },
  limits: ROAD_LIMITS,
  wake: () => {},
  signal: new AbortController().signal,
}
