import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { pino } from 'pino'
import { openCreatio } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import type { SyncRun } from '../../src/domain/sync-run.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { ensureOnlineConnection } from '../../src/storage/connections.ts'
import type { Database } from '../../src/storage/database.ts'
import { type Seal, sealWith } from '../../src/storage/seal.ts'
import { importRefreshToken, replaceTokens } from '../../src/storage/tokens.ts'
import { ensureDesktopConnection } from '../../src/storage/web-connector.ts'
import { ownerName } from '../../src/sync/lane.ts'
import { poll } from '../../src/sync/poll.ts'
import { ROAD_LIMITS, type Road, type RoadLimits } from '../../src/sync/road.ts'
import { tell, work } from '../../src/sync/work.ts'
import { startWorker, type Worker } from '../../src/sync/worker.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { NO_ORDERS, type RunningSandbox, type SandboxOptions, startSandbox } from '../sandbox/spawn.ts'
import { Books } from './books.ts'
import { type Office, openOffice } from './office.ts'
import { ledgersOf, onlineLedger } from './story-ledgers.ts'

const REFRESH_TOKEN = 'sandbox-refresh-token'
const masterKey = 'a master key of the stories, forty characters'
/** A wait that is longer than this passes on the story's clock alone. */
const realWaitMsMax = 1_500

/** A road between a played CRM and a played QuickBooks, with a clock that the story moves. */
export interface Story {
  road: Road
  database: Database
  sandbox: RunningSandbox
  connection: Connection
  /** The Web Connector's, in a story of QuickBooks Desktop. */
  office: Office | null
  /** What both played systems hold, asked of the control port. */
  books: Books
  /** One poll, and then all the work that it made. */
  poll(): Promise<SyncRun>
  /** One round of everything that can move now: posts, then tells. */
  work(): Promise<void>
  /** Only posts: the CRM is not told. */
  post(): Promise<void>
  /** Only tells the CRM. */
  tell(): Promise<void>
  /** Lets time pass, here and in the sandbox. */
  pass(seconds: number): Promise<void>
  fault(rule: { system: string; fault: Record<string, unknown> } & Record<string, unknown>): Promise<void>
  /** Ends every fault. */
  mend(): Promise<void>
  /** Another QuickBooks Online company beside the first: of the same sandbox, or of another one. */
  joinOnline(args: { sandbox: RunningSandbox; environment: Environment }): Promise<Connection>
  /** An admin connects the company again: its sign-in is handed in anew. */
  reconnect(): Promise<void>
  settings(changes: Record<string, string | number | boolean>): Promise<void>
  end(): Promise<void>
}

export interface StoryOptions {
  /** Which QuickBooks plays: Online unless it is said. */
  kind?: LedgerKind
  /** The orders of the incident's world; a kind that is not named has none. */
  counts?: Record<string, number>
  sandbox?: SandboxOptions
  /** What the CRM's profile says instead of its defaults. */
  profile?: object
  limits?: Partial<RoadLimits>
  answerTimeoutSeconds?: number
  /** False: Intuit sets no limits, so that a story of thousands of orders need not wait for the next minute. */
  limited?: boolean
  /** Posting and telling run side by side, as in the running system; else one follows the other, step by step. */
  sideBySide?: boolean
}

/** Opens a story: a sandbox process, a database of its own, and the production road between them. */
export async function openStory(options: StoryOptions = {}): Promise<Story> {
  const [sandbox, store] = await Promise.all([
    startSandbox({
      ...{ world: 'incident', counts: { ...NO_ORDERS, ...options.counts } },
      ...options.sandbox,
      settings: { quickBooksLimits: options.limited ?? true, ...options.sandbox?.settings },
    }),
    freshDatabase(),
  ])
  const clock = new StoryClock(sandbox)
  const joined = new Map<string, Ledger>()
  const seal = sealWith(masterKey)
  const { kind = LedgerKind.QUICKBOOKS_ONLINE } = options
  const connection = await connect({ kind, store, sandbox, seal, now: clock.now() })
  const own = ledgersOf({ store, sandbox, seal, clock, options })
  const stopping = new AbortController()
  const troubles: unknown[] = []
  let worker: Worker | null = null
  const owner = ownerName({ instance: randomUUID() })
  const road: Road = {
    database: store.database,
    crm: openCreatio({
      siteUrl: sandbox.creatio,
      signIn: { kind: 'forms', userName: 'Supervisor', password: 'sandbox-password' },
      profile: parseProfile(options.profile ?? {}),
      timeZone: 'America/New_York',
      requestTimeoutSeconds: 5,
    }),
    ledgerOf: (one) => joined.get(one.id) ?? own(one),
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    log: pino({ level: process.env.STORY_LOG_LEVEL ?? 'silent' }),
    watch: { delivery: () => {}, poll: () => {} },
    owner,
    // The lease outlasts what a story lets pass within one round.
    limits: { ...ROAD_LIMITS, laneLeaseSeconds: 7_200, ...options.limits },
    wake: () => {
      worker?.wake().catch((error: unknown) => troubles.push(error))
    },
    signal: stopping.signal,
  }
  if (options.sideBySide) worker = startWorker(road)
  const office = kind === LedgerKind.QUICKBOOKS_DESKTOP ? await openOffice({ road, connection, sandbox }) : null
  const post = async () => {
    await work(road)
    await office?.call()
  }
  const round = async () => {
    if (worker) {
      await worker.wake()
      await office?.call()
      await worker.wake()
    } else {
      await post()
      await tell(road)
    }
    if (troubles.length > 0) throw troubles[0]
  }
  return {
    road,
    database: store.database,
    sandbox,
    connection,
    office,
    books: new Books({ database: store.database, sandbox }),
    async poll() {
      const run = await poll(road)
      if (run.error !== null) throw new Error(run.error)
      await round()
      return run
    },
    work: round,
    post,
    tell: () => tell(road),
    pass: clock.pass,
    async fault(rule) {
      await sandbox.fetchControl('/faults', { method: 'POST', body: rule })
    },
    async mend() {
      await sandbox.fetchControl('/faults', { method: 'DELETE' })
    },
    async joinOnline({ sandbox: other, environment }) {
      const now = clock.now()
      const company = await connectOnline({ store, sandbox: other, seal, now, environment })
      const database = store.database
      joined.set(company.id, onlineLedger({ database, connection: company, sandbox: other, seal, clock, options }))
      return company
    },
    async reconnect() {
      const tokens = {
        accessToken: '',
        refreshToken: REFRESH_TOKEN,
        accessTokenExpiresAt: new Date(0),
        refreshTokenExpiresAt: new Date(clock.now().getTime() + 86_400_000),
        refreshTokenHardExpiresAt: null,
      }
      await store.database.transaction((transaction) =>
        replaceTokens(transaction, {
          connectionId: connection.id,
          seal,
          tokens,
          cause: 'IMPORT',
          now: clock.now(),
        }),
      )
    },
    async settings(changes) {
      await sandbox.fetchControl('/settings', { method: 'PATCH', body: changes })
    },
    async end() {
      stopping.abort()
      await office?.end()
      await worker?.idle()
      await sandbox.stop()
      await store.close()
    },
  }
}

/** Real time plus what the story lets pass; the sandbox's clock goes along. */
class StoryClock {
  #offsetMs = 0
  readonly #sandbox: RunningSandbox

  constructor(sandbox: RunningSandbox) {
    this.#sandbox = sandbox
  }

  now = () => new Date(Date.now() + this.#offsetMs)

  pass = async (seconds: number) => {
    this.#offsetMs += seconds * 1000
    await this.#sandbox.fetchControl('/clock', { method: 'POST', body: { seconds } })
  }

  sleep = async (ms: number) => {
    if (ms > realWaitMsMax) await this.pass(ms / 1000)
    else await wait(ms)
  }
}

async function connect(args: {
  kind: LedgerKind
  store: FreshDatabase
  sandbox: RunningSandbox
  seal: Seal
  now: Date
}): Promise<Connection> {
  const { kind, store, sandbox, seal, now } = args
  if (kind === LedgerKind.QUICKBOOKS_DESKTOP)
    return ensureDesktopConnection(store.database, { environment: Environment.SANDBOX, companyFile: '', now })
  return connectOnline({ store, sandbox, seal, now, environment: Environment.SANDBOX })
}

async function connectOnline(args: {
  store: FreshDatabase
  sandbox: RunningSandbox
  seal: Seal
  now: Date
  environment: Environment
}): Promise<Connection> {
  const { store, sandbox, seal, now, environment } = args
  const connection = await ensureOnlineConnection(store.database, {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    name: 'The company of this story',
    environment,
    realmId: sandbox.realmId,
    now,
  })
  const refreshToken = REFRESH_TOKEN
  await importRefreshToken(store.database, { connectionId: connection.id, seal, refreshToken, now })
  return connection
}
