// The wiring: configuration in, a running Countersign out. Every room is opened here and handed to those that need it.
import { fork } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { v4 as uuidv4 } from 'uuid'
import { type Config, ConfigError, type CreatioConfig, type QuickBooksConfig } from './config.ts'
import { openCreatio } from './creatio/creatio.ts'
import { parseProfile } from './creatio/profile.ts'
import type { Connection } from './domain/connection.ts'
import { Environment, LedgerKind } from './domain/kinds.ts'
import type { SyncRun } from './domain/sync-run.ts'
import { type Metrics, openMetrics } from './http/metrics.ts'
import type { JobStore } from './jobs/jobs.ts'
import type { Ledger } from './ledgers/ledger.ts'
import { openQuickBooksOnline } from './ledgers/quickbooks-online/ledger.ts'
import { ensureOnlineConnection } from './storage/connections.ts'
import { type Database, openDatabase } from './storage/database.ts'
import { startEmbeddedPostgres } from './storage/embedded-postgres.ts'
import { ensureJobSchema, JOB_SCHEMA } from './storage/job-store.ts'
import { keptMasterKey } from './storage/master-key.ts'
import { countPostings } from './storage/posting-pages.ts'
import { type Seal, sealWith } from './storage/seal.ts'
import { importRefreshToken, tokensOf } from './storage/tokens.ts'
import { ownerName } from './sync/lane.ts'
import { poll } from './sync/poll.ts'
import { ROAD_LIMITS, type Road, type RoadWatch } from './sync/road.ts'
import { startWorker, type Worker } from './sync/worker.ts'

const SANDBOX_START_TIMEOUT_SECONDS = 30
const SANDBOX_SIGN_IN = { kind: 'forms', userName: 'Supervisor', password: 'sandbox-password' } as const
const SANDBOX_CLIENT = {
  clientId: 'sandbox-qbo-client',
  clientSecret: 'sandbox-qbo-secret',
  refreshToken: 'sandbox-refresh-token',
}

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

/** How the CRM answered when it was last asked. */
export interface CrmHealth {
  state: 'UP' | 'DOWN' | 'UNKNOWN'
  checkedAt: Date | null
  detail: string | null
}

export async function openApp({ config, log }: { config: Config; log: Logger }): Promise<App> {
  const store = await openStore(config)
  const { database } = store
  await ensureJobSchema(database)
  const played =
    config.creatio && config.quickBooks ? null : await playSandbox({ directory: join(config.dataDirectory, 'sandbox') })
  const metrics = openMetrics({ postingsByState: () => countPostings(database, { selection: {}, by: 'STATE' }), now })
  const stopping = new AbortController()
  const opening = openRoad({ config, log, database, played, watch: metrics, signal: stopping.signal })
  // What is open would keep the process alive, which is to end with the error.
  const road = await opening.catch(async (error: unknown) => {
    played?.stop()
    await store.close()
    throw error
  })
  const worker = startWorker(road)
  road.wake = () => {
    worker.wake().catch((error: unknown) => log.error({ error: errorText(error) }, 'a round of work failed'))
  }
  const crm: CrmHealth = { state: 'UNKNOWN', checkedAt: null, detail: null }
  return {
    store,
    road,
    worker,
    metrics,
    crm,
    poll: shared(async () => {
      const run = await poll(road)
      Object.assign(crm, { state: run.error ? 'DOWN' : 'UP', checkedAt: run.finishedAt, detail: run.error })
      return run
    }),
    jobStore: config.mongodbUrl
      ? { kind: 'mongodb', url: config.mongodbUrl }
      : { kind: 'postgresql', url: store.url, schema: JOB_SCHEMA },
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
  watch: RoadWatch
  signal: AbortSignal
}): Promise<Road> {
  const { config, log, database, played } = args
  const creatio = config.creatio ?? { siteUrl: played?.creatio ?? '', signIn: SANDBOX_SIGN_IN, profilePath: null }
  const quickBooks = config.quickBooks ?? quickBooksOfSandbox(played)
  const seal = sealWith(await masterKeyOf(config))
  const connection = await connect({ database, quickBooks, seal, now: now() })
  const owner = ownerName({ instance: uuidv4() })
  log.info({ connection: connection.name, environment: connection.environment }, 'ready to post')
  return {
    database,
    crm: openCreatio({
      siteUrl: creatio.siteUrl,
      signIn: creatio.signIn,
      profile: await profileOf(creatio),
      timeZone: config.timeZone,
      workerName: owner,
      now,
    }),
    ledgerOf: ledgers({ database, quickBooks, seal, owner }),
    now,
    random: Math.random,
    sleep: (ms) => sleep(ms),
    log,
    watch: args.watch,
    owner,
    limits: ROAD_LIMITS,
    wake: () => undefined,
    signal: args.signal,
  }
}

/** Where the stand-ins of Creatio and QuickBooks are to be reached. */
export interface PlayedSandbox {
  creatio: string
  quickBooksOnline: string
  realmId: string
  control: string
  stop: () => void
}

/** Starts the sandbox as a process of its own, which ends when this one does. */
function playSandbox({ directory }: { directory: string }): Promise<PlayedSandbox> {
  const child = fork(join(import.meta.dirname, 'sandbox', 'main.js'), ['--data', directory], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // In a group of its own: what tells us to end, Ctrl-C for one, must not end it before us.
    detached: true,
  })
  return new Promise((done, failed) => {
    const timer = setTimeout(
      () => failed(new Error('The sandbox did not start in time.')),
      SANDBOX_START_TIMEOUT_SECONDS * 1000,
    )
    child.once('exit', (code) => failed(new Error(`The sandbox ended at its start (exit code ${code}).`)))
    child.once('message', (message) => {
      clearTimeout(timer)
      const ready = message as Omit<PlayedSandbox, 'stop'>
      done({ ...ready, stop: () => child.connected && child.disconnect() })
    })
  })
}

function quickBooksOfSandbox(sandbox: PlayedSandbox | null): QuickBooksConfig {
  if (!sandbox) throw new ConfigError('Neither QuickBooks nor the sandbox is configured.')
  return {
    ...SANDBOX_CLIENT,
    environment: 'sandbox',
    realmId: sandbox.realmId,
    apiUrl: sandbox.quickBooksOnline,
    tokenUrl: `${sandbox.quickBooksOnline}/oauth2/v1/tokens/bearer`,
    redirectUri: 'http://localhost/oauth/quickbooks/callback',
  }
}

async function masterKeyOf(config: Config): Promise<string> {
  if (config.encryptionKey) return config.encryptionKey
  if (!config.databaseUrl) return keptMasterKey({ directory: config.dataDirectory })
  throw new ConfigError(
    'DATABASE_URL needs an ENCRYPTION_KEY of at least 32 characters: QuickBooks tokens are sealed with it.',
  )
}

async function profileOf({ profilePath }: Pick<CreatioConfig, 'profilePath'>) {
  return parseProfile(profilePath === null ? {} : JSON.parse(await readFile(profilePath, 'utf8')))
}

async function connect(args: {
  database: Database
  quickBooks: QuickBooksConfig
  seal: Seal
  now: Date
}): Promise<Connection> {
  const { database, quickBooks, seal, now } = args
  const environment = quickBooks.environment === 'production' ? Environment.PRODUCTION : Environment.SANDBOX
  const connection = await ensureOnlineConnection(database, {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    name: `QuickBooks Online ${quickBooks.realmId}`,
    environment,
    realmId: quickBooks.realmId,
    now,
  })
  if (quickBooks.refreshToken) {
    await importRefreshToken(database, {
      connectionId: connection.id,
      seal,
      refreshToken: quickBooks.refreshToken,
      now,
    })
  }
  return connection
}

/** One ledger for each connection, opened when it is first needed. A new kind of QuickBooks is one more line here. */
function ledgers(args: {
  database: Database
  quickBooks: QuickBooksConfig
  seal: Seal
  owner: string
}): (connection: Connection) => Ledger {
  const openers = {
    [LedgerKind.QUICKBOOKS_ONLINE]: (connection: Connection) =>
      openQuickBooksOnline({
        realmId: connection.realmId ?? '',
        apiUrl: args.quickBooks.apiUrl,
        oauth: {
          ...args.quickBooks,
          authorizeUrl: 'https://appcenter.intuit.com/connect/oauth2',
          revokeUrl: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
        },
        vault: tokensOf(args.database, { connectionId: connection.id, seal: args.seal, now }),
        now,
        random: Math.random,
        sleep: (ms) => sleep(ms),
        workerName: args.owner,
      }),
  } satisfies Record<LedgerKind, (connection: Connection) => Ledger>
  const opened = new Map<string, Ledger>()
  return (connection) => {
    const ledger = opened.get(connection.id) ?? openers[connection.kind](connection)
    opened.set(connection.id, ledger)
    return ledger
  }
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
