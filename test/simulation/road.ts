// A road inside the test's own process: production code, the real sandbox process, a real database, and a clock that the
// test moves. So two minutes of waiting for QuickBooks cost nothing, and two workers can take turns as a test wants it.
import { pino } from 'pino'
import { openCreatio } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { Environment, LedgerKind } from '../../src/domain/kinds.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { openQuickBooksOnline } from '../../src/ledgers/quickbooks-online/ledger.ts'
import { ensureOnlineConnection } from '../../src/storage/connections.ts'
import type { Database } from '../../src/storage/database.ts'
import { sealWith } from '../../src/storage/seal.ts'
import { importRefreshToken, tokensOf } from '../../src/storage/tokens.ts'
import { ownerName } from '../../src/sync/lane.ts'
import { ROAD_LIMITS, type Road } from '../../src/sync/road.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'
import { SANDBOX_APP, SANDBOX_CRM } from './companies.ts'

/** The time of all roads of a test, and of its sandbox. */
export class MovedClock {
  #aheadMs = 0
  readonly #sandbox: RunningSandbox

  constructor(sandbox: RunningSandbox) {
    this.#sandbox = sandbox
  }

  now = (): Date => new Date(Date.now() + this.#aheadMs)

  async advance({ seconds }: { seconds: number }): Promise<void> {
    this.#aheadMs += seconds * 1000
    await this.#sandbox.fetchControl('/clock', { method: 'POST', body: { seconds } })
  }
}

const seal = sealWith('a key of the simulation, long enough for everyone')

/** One worker's road. Its ledger can be replaced by one that stops in the middle, to play a frozen process. */
export async function openRoad(args: {
  database: Database
  sandbox: RunningSandbox
  clock: MovedClock
  instance: string
  around?: (ledger: Ledger) => Ledger
  answerTimeoutSeconds?: number
}): Promise<{ road: Road; connection: Connection }> {
  const { database, sandbox, clock, instance } = args
  const now = clock.now
  const connection = await ensureOnlineConnection(database, {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    name: `QuickBooks Online ${sandbox.realmId}`,
    environment: Environment.SANDBOX,
    realmId: sandbox.realmId,
    now: now(),
  })
  const { refreshToken, ...client } = SANDBOX_APP
  await importRefreshToken(database, { connectionId: connection.id, seal, refreshToken, now: now() })
  const owner = ownerName({ instance })
  const sleep = (ms: number) => clock.advance({ seconds: ms / 1000 })
  const url = sandbox.quickBooksOnline
  const ledger = openQuickBooksOnline({
    realmId: sandbox.realmId,
    apiUrl: url,
    oauth: {
      ...client,
      tokenUrl: `${url}/oauth2/v1/tokens/bearer`,
      authorizeUrl: `${url}/connect/oauth2`,
      revokeUrl: `${url}/v2/oauth2/tokens/revoke`,
      redirectUri: 'http://127.0.0.1/callback',
    },
    vault: tokensOf(database, { connectionId: connection.id, seal, now }),
    now,
    random: () => 0.5,
    sleep,
    workerName: instance,
    answerTimeoutSeconds: args.answerTimeoutSeconds ?? 0.5,
  })
  const spoken = args.around?.(ledger) ?? ledger
  const road: Road = {
    database,
    crm: openCreatio({
      siteUrl: sandbox.creatio,
      signIn: { kind: 'forms', ...SANDBOX_CRM },
      profile: parseProfile({}),
      timeZone: 'UTC',
      workerName: instance,
      now,
    }),
    ledgerOf: () => spoken,
    now,
    random: () => 0.5,
    sleep,
    log: pino({ level: process.env.SIMULATION_LOG ?? 'silent' }),
    watch: { delivery: () => undefined, poll: () => undefined },
    owner,
    limits: ROAD_LIMITS,
    wake: () => undefined,
    signal: new AbortController().signal,
  }
  return { road, connection }
}
