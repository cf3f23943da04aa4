// The wiring: configuration in, a running Countersign out. Every room is opened here and handed to those that need it.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { v4 as uuidv4 } from 'uuid'
import { connect, openLedgers, quickBooksOf } from './cli/companies.ts'
import { type Online, openOnline, sealOf } from './cli/online.ts'
import { type PlayedSandbox, playSandbox } from './cli/played-sandbox.ts'
import type { Waits } from './cli/settings.ts'
import type { Config } from './config.ts'
import { openCreatio } from './creatio/creatio.ts'
import { readProfileFile } from './creatio/profile-file.ts'
import type { SyncRun } from './domain/sync-run.ts'
import { type Metrics, openMetrics } from './http/metrics.ts'
import type { JobStore } from './jobs/job-store.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { startEmbeddedPostgres } from './storage/embedded-postgres.ts'
import { ensureJobSchema, JOB_SCHEMA } from './storage/job-store.ts'
import { countPostings } from './storage/posting-pages.ts'
import type { Seal } from './storage/seal.ts'
import { type CrmHealth, notePoll, unknownHealth, watchCrm } from './sync/crm-outage.ts'
import { ownerName } from './sync/lane.ts'
import { poll } from './sync/poll.ts'
import { ROAD_LIMITS, type Road, type RoadLimits, type RoadWatch } from './sync/road.ts'
import type { Tending } from './sync/tend-connection.ts'
import { startWorker, type Worker } from './sync/worker.ts'

const SANDBOX_SIGN_IN = { kind: 'forms', userName: 'Supervisor', password: 'sandbox-password' } as const

/** An open database, whoever runs it. */
export interface Store {
  database: Database
  url: string
  isCurrent: () => Promise<boolean>
  createMigration: (name: string) => Promise<string | null>
  close: () => Promise<void>
}

/** Opens the configured database, or starts the embedded one, and brings its tables up to date. */
export async function openStore(config: Config): Promise<Store> {
  const embedded = config.databaseUrl
    ? null
    : await startEmbeddedPostgres({ directory: join(config.dataDirectory, 'postgres') })
  const url = config.databaseUrl ?? embedded?.url ?? ''
  const opened = await openDatabase({ url })
  await opened.migrate()
  return {
    database: opened.database,
    url,
    isCurrent: opened.isCurrent,
    createMigration: opened.createMigration,
    async close() {
      await opened.close()
      await embedded?.stop()
    },
  }
}

/** A Countersign that can poll and post. */
export interface App {
  store: Store
  road: Road
  /** How companies are connected, and how the connected ones are tended. */
  tending: Tending
  worker: Worker
  metrics: Metrics
  crm: CrmHealth
  /** Reads the order log; those who ask while it is being read share the answer. */
  poll: () => Promise<SyncRun>
  jobStore: JobStore
  /** The addresses of the sandbox, when it plays Creatio and QuickBooks. */
  sandbox: PlayedSandbox | null
  close: () => Promise<void>
}

export async function openApp(args: { config: Config; log: Logger; store?: Store }): Promise<App> {
  const { config, log, store = await openStore(args.config) } = args
  const { database } = store
  await ensureJobSchema(database)
  const played =
    config.creatio && config.quickBooks ? null : await playSandbox({ directory: join(config.dataDirectory, 'sandbox') })
  const metrics = openMetrics({ postingsByState: () => countPostings(database, { selection: {}, by: 'STATE' }), now })
  const stopping = new AbortController()
  const health = unknownHealth()
  const opening = openRoad({ config, log, database, played, health, watch: metrics, signal: stopping.signal })
  // What is open would keep the process alive, which is to end with the error.
  const { road, seal, online } = await opening.catch(async (error: unknown) => {
    played?.stop()
    await store.close()
    throw error
  })
  const worker = startWorker(road)
  road.wake = () => {
    worker.wake().catch((error: unknown) => log.error({ error: errorText(error) }, 'a round of work failed'))
  }
  return {
    store,
    road,
    tending: { database, seal, intuit: online.intuit, ledgerOf: road.ledgerOf, now, wake: () => road.wake() },
    worker,
    metrics,
    crm: health,
    poll: shared(async () => notePoll(health, await poll(road))),
    jobStore: jobStoreOf(config, store),
    sandbox: played,
    async close() {
      stopping.abort()
      await worker.idle()
      played?.stop()
      await store.close()
    },
  }
}

function now(): Date {
  return new Date()
}

async function openRoad(args: {
  config: Config
  log: Logger
  database: Database
  played: PlayedSandbox | null
  health: CrmHealth
  watch: RoadWatch
  signal: AbortSignal
}): Promise<{ road: Road; seal: Seal; online: Online }> {
  const { config, log, database, played } = args
  const creatio = config.creatio ?? { siteUrl: played?.creatio ?? '', signIn: SANDBOX_SIGN_IN, profilePath: null }
  const quickBooks = quickBooksOf({ config, played })
  const seal = await sealOf(config)
  await seal.check(database, { now: now() })
  const connection = await connect({ database, quickBooks, seal, now: now() })
  const owner = ownerName({ instance: uuidv4() })
  const crm = openCreatio({
    siteUrl: creatio.siteUrl,
    signIn: creatio.signIn,
    profile: await readProfileFile(creatio.profilePath),
    timeZone: config.timeZone,
    workerName: owner,
    now,
  })
  const online = openOnline({ database, quickBooks, waits: config.waits, seal, owner, now })
  log.info({ connection: connection.name, environment: connection.environment }, 'ready to post')
  const road: Road = {
    database,
    crm: watchCrm(crm, { health: args.health, now, log }),
    ledgerOf: openLedgers({ database, online, waits: config.waits, now }),
    now,
    random: Math.random,
    sleep: (ms) => sleep(ms),
    log,
    watch: args.watch,
    owner,
    limits: { ...limitsFor(config.waits), readsPerMonthMax: config.readsPerMonthMax },
    wake: () => undefined,
    signal: args.signal,
  }
  return { road, seal, online }
}

function jobStoreOf({ mongodbUrl }: Config, { url, database }: Store): JobStore {
  if (mongodbUrl) return { kind: 'mongodb', url: mongodbUrl }
  return { kind: 'postgresql', url, schema: JOB_SCHEMA, ensureSchema: () => ensureJobSchema(database) }
}

/** A write-back is kept from others for two leases: long enough for its reading and writing, and told again soon after a crash. */
function limitsFor({ laneLeaseSeconds }: Waits): RoadLimits {
  return { ...ROAD_LIMITS, laneLeaseSeconds, writeBackLeaseSeconds: 2 * laneLeaseSeconds }
}

function shared<T>(task: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= task().finally(() => {
      running = null
    })
    return running
  }
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
