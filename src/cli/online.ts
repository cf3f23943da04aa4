import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, ConfigError } from '../config.ts'
import type { Connection } from '../domain/connection.ts'
import { Environment } from '../domain/kinds.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { openGrants } from '../ledgers/quickbooks-online/grants.ts'
import { openQuickBooksOnline } from '../ledgers/quickbooks-online/ledger.ts'
import { INTUIT_LIMITS, type OnlinePace, openPace } from '../ledgers/quickbooks-online/pace.ts'
import { type Access, openAccess } from '../ledgers/quickbooks-online/tokens.ts'
import type { Database } from '../storage/database.ts'
import { keptMasterKey } from '../storage/master-key.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { type Seal, sealWith } from '../storage/seal.ts'
import { tokensOf } from '../storage/tokens.ts'
import type { Intuit } from '../sync/connect.ts'
import type { QuickBooksConfig, QuickBooksOnlineConfig } from './quickbooks-settings.ts'
import type { Waits } from './settings.ts'

/** QuickBooks Online as this installation may speak to it: one client at Intuit, for one environment. */
export interface Online {
  environment: Environment
  openLedger: (connection: Connection) => Ledger
  intuit: Intuit
}

interface OnlineArguments {
  database: Database
  quickBooks: QuickBooksConfig
  waits: Waits
  seal: Seal
  /** The name under which this process owns lanes. */
  owner: string
  now: () => Date
}

/** Opens what is configured of QuickBooks Online; without it, what says so to whoever asks. */
export function openOnline(args: OnlineArguments): Online {
  const { quickBooks } = args
  return quickBooks.kind === 'online'
    ? openConfigured({ ...args, quickBooks })
    : notConfigured(environmentOf(quickBooks))
}

/** Without a client at Intuit no company of QuickBooks Online can be spoken to; those that were connected wait. */
function notConfigured(environment: Environment): Online {
  const detail =
    'QuickBooks Online is not configured here: set QUICKBOOKS_KIND to online, with QUICKBOOKS_CLIENT_ID and QUICKBOOKS_CLIENT_SECRET.'
  const none = () => {
    throw new InvalidRequest(detail)
  }
  const renew = () => Promise.resolve({ kind: 'refused' as const, reason: 'CLIENT_CONFIGURATION' as const, detail })
  const intuit = { environment, authorizeUrl: none, take: none, adopt: none, check: none, revoke: none, renew }
  return { environment, openLedger: none, intuit }
}

function openConfigured(args: OnlineArguments & { quickBooks: QuickBooksOnlineConfig }): Online {
  const { database, quickBooks, waits, seal, owner, now } = args
  const environment = environmentOf(quickBooks)
  const every = {
    apiUrl: quickBooks.apiUrl,
    oauth: quickBooks,
    now,
    random: Math.random,
    sleep: (ms: number) => sleep(ms),
    workerName: owner,
    answerTimeoutSeconds: waits.answerTimeoutSeconds,
    settleSeconds: waits.settleSeconds,
  }
  const own = (connection: Connection) => ({
    vault: tokensOf(database, { connectionId: connection.id, seal, now }),
    locked: lockOf({ connection, environment }),
  })
  const paces = new Map<string, OnlinePace>()
  const paceOf = (realmId: string) => {
    const pace = paces.get(realmId) ?? openPace({ limits: INTUIT_LIMITS, now, sleep: every.sleep })
    paces.set(realmId, pace)
    return pace
  }
  const accesses = new Map<string, Access>()
  return {
    environment,
    openLedger(connection) {
      const realmId = connection.realmId ?? ''
      const { discountAccountName, refundAccountName } = connection
      const accounts = { discountAccountName, refundAccountName }
      return openQuickBooksOnline({ ...every, ...own(connection), ...accounts, realmId, pace: paceOf(realmId) })
    },
    intuit: {
      environment,
      ...openGrants({ ...every, paceOf }),
      renew(connection, asked) {
        const access = accesses.get(connection.id) ?? openAccess({ ...every, ...own(connection), app: quickBooks })
        accesses.set(connection.id, access)
        return access.renew(asked)
      },
    },
  }
}

/** A connection of the other environment is never spoken to: neither its tokens nor its documents are ours to send there. */
function lockOf({ connection, environment }: { connection: Connection; environment: Environment }): string | null {
  if (connection.environment === environment) return null
  return `the connection is ${connection.environment.toLowerCase()}, and QUICKBOOKS_ENVIRONMENT is ${environment.toLowerCase()}`
}

export function environmentOf({ environment }: QuickBooksConfig): Environment {
  return environment === 'production' ? Environment.PRODUCTION : Environment.SANDBOX
}

/** What tokens are sealed with. Throws ConfigError when nothing is configured and the database is not our own. */
export async function sealOf(config: Config): Promise<Seal> {
  const previous = config.encryptionKeyPrevious ? [config.encryptionKeyPrevious] : []
  if (config.encryptionKey) return sealWith(config.encryptionKey, ...previous)
  if (!config.databaseUrl) return sealWith(await keptMasterKey({ directory: config.dataDirectory }))
  throw new ConfigError(
    'DATABASE_URL needs an ENCRYPTION_KEY of at least 32 characters: QuickBooks tokens are sealed with it.',
  )
}
