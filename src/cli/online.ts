import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, ConfigError, callbackOf, type QuickBooksConfig } from '../config.ts'
import type { Connection } from '../domain/connection.ts'
import { Environment } from '../domain/kinds.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { openGrants } from '../ledgers/quickbooks-online/grants.ts'
import { openQuickBooksOnline } from '../ledgers/quickbooks-online/ledger.ts'
import { INTUIT_LIMITS, type OnlinePace, openPace } from '../ledgers/quickbooks-online/pace.ts'
import { type Access, openAccess } from '../ledgers/quickbooks-online/tokens.ts'
import type { Database } from '../storage/database.ts'
import { keptMasterKey } from '../storage/master-key.ts'
import { type Seal, sealWith } from '../storage/seal.ts'
import { tokensOf } from '../storage/tokens.ts'
import type { Intuit } from '../sync/connect.ts'
import type { PlayedSandbox } from './played-sandbox.ts'
import type { Waits } from './settings.ts'

const SANDBOX_CLIENT = {
  clientId: 'sandbox-qbo-client',
  clientSecret: 'sandbox-qbo-secret',
  refreshToken: 'sandbox-refresh-token',
}

/** QuickBooks Online as this installation may speak to it: one client at Intuit, for one environment. */
export interface Online {
  environment: Environment
  openLedger: (connection: Connection) => Ledger
  intuit: Intuit
}

export function openOnline(args: {
  database: Database
  quickBooks: QuickBooksConfig
  waits: Waits
  seal: Seal
  owner: string
  now: () => Date
}): Online {
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
      return openQuickBooksOnline({ ...every, ...own(connection), realmId, pace: paceOf(realmId) })
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

/** The settings that lead to the played QuickBooks. */
export function quickBooksOfSandbox(
  sandbox: PlayedSandbox | null,
  { publicUrl }: Pick<Config, 'publicUrl'>,
): QuickBooksConfig {
  if (!sandbox) throw new ConfigError('Neither QuickBooks nor the sandbox is configured.')
  const url = sandbox.quickBooksOnline
  return {
    ...SANDBOX_CLIENT,
    environment: 'sandbox',
    realmId: sandbox.realmId,
    apiUrl: url,
    tokenUrl: `${url}/oauth2/v1/tokens/bearer`,
    authorizeUrl: `${url}/connect/oauth2`,
    revokeUrl: `${url}/v2/oauth2/tokens/revoke`,
    redirectUri: callbackOf(publicUrl),
  }
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
