import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, ConfigError, type QuickBooksConfig, type QuickBooksOnlineConfig, type Waits } from '../config.ts'
import type { Connection } from '../domain/connection.ts'
import { Environment, LedgerKind } from '../domain/kinds.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { openQuickBooksDesktop } from '../ledgers/quickbooks-desktop/ledger.ts'
import { openQuickBooksOnline } from '../ledgers/quickbooks-online/ledger.ts'
import { ensureOnlineConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import type { Seal } from '../storage/seal.ts'
import { importRefreshToken, tokensOf } from '../storage/tokens.ts'
import { ensureDesktopConnection, findWebConnectorUsers } from '../storage/web-connector.ts'
import type { PlayedSandbox } from './played-sandbox.ts'

const SANDBOX_CLIENT = {
  clientId: 'sandbox-qbo-client',
  clientSecret: 'sandbox-qbo-secret',
  refreshToken: 'sandbox-refresh-token',
}

/** The QuickBooks that is configured, or the one that the sandbox plays. */
export function quickBooksOf({ config, played }: { config: Config; played: PlayedSandbox | null }): QuickBooksConfig {
  if (config.quickBooks) return config.quickBooks
  if (!played) throw new ConfigError('Neither QuickBooks nor the sandbox is configured.')
  if (config.quickBooksKind === 'desktop') return { kind: 'desktop', environment: 'sandbox', companyFile: '' }
  return {
    ...SANDBOX_CLIENT,
    kind: 'online',
    environment: 'sandbox',
    realmId: played.realmId,
    apiUrl: played.quickBooksOnline,
    tokenUrl: `${played.quickBooksOnline}/oauth2/v1/tokens/bearer`,
    redirectUri: 'http://localhost/oauth/quickbooks/callback',
  }
}

/** The connection of the configured company, made when it is not there yet. */
export async function connect(args: {
  database: Database
  quickBooks: QuickBooksConfig
  seal: Seal
  now: Date
}): Promise<Connection> {
  const { database, quickBooks, seal, now } = args
  const environment = quickBooks.environment === 'production' ? Environment.PRODUCTION : Environment.SANDBOX
  if (quickBooks.kind === 'desktop') {
    return ensureDesktopConnection(database, { environment, companyFile: quickBooks.companyFile, now })
  }
  const { realmId, refreshToken } = quickBooks
  const connection = await ensureOnlineConnection(database, {
    kind: LedgerKind.QUICKBOOKS_ONLINE,
    name: `QuickBooks Online ${realmId}`,
    environment,
    realmId,
    now,
  })
  if (refreshToken) await importRefreshToken(database, { connectionId: connection.id, seal, refreshToken, now })
  return connection
}

interface LedgerOptions {
  database: Database
  quickBooks: QuickBooksConfig
  waits: Waits
  seal: Seal
  /** The name under which this process owns lanes. */
  owner: string
  now: () => Date
}

/** One ledger for each connection, opened when it is first needed. A new kind of QuickBooks is one more line here. */
export function openLedgers(options: LedgerOptions): (connection: Connection) => Ledger {
  const openers = {
    [LedgerKind.QUICKBOOKS_ONLINE]: onlineLedger,
    [LedgerKind.QUICKBOOKS_DESKTOP]: desktopLedger,
  } satisfies Record<LedgerKind, (connection: Connection, options: LedgerOptions) => Ledger>
  const opened = new Map<string, Ledger>()
  return (connection) => {
    const ledger = opened.get(connection.id) ?? openers[connection.kind](connection, options)
    opened.set(connection.id, ledger)
    return ledger
  }
}

function onlineLedger(connection: Connection, options: LedgerOptions): Ledger {
  const { database, seal, now, waits } = options
  const quickBooks = onlineOf(options.quickBooks, connection)
  return openQuickBooksOnline({
    realmId: connection.realmId ?? '',
    discountAccountName: connection.discountAccountName,
    apiUrl: quickBooks.apiUrl,
    oauth: {
      ...quickBooks,
      authorizeUrl: 'https://appcenter.intuit.com/connect/oauth2',
      revokeUrl: 'https://developer.api.intuit.com/v2/oauth2/tokens/revoke',
    },
    vault: tokensOf(database, { connectionId: connection.id, seal, now }),
    now,
    random: Math.random,
    sleep: (ms) => sleep(ms),
    workerName: options.owner,
    answerTimeoutSeconds: waits.answerTimeoutSeconds,
    settleSeconds: waits.settleSeconds,
  })
}

function onlineOf(quickBooks: QuickBooksConfig, { name }: Connection): QuickBooksOnlineConfig {
  if (quickBooks.kind === 'online') return quickBooks
  throw new ConfigError(
    `${name} is a company of QuickBooks Online: set QUICKBOOKS_CLIENT_ID and QUICKBOOKS_CLIENT_SECRET.`,
  )
}

function desktopLedger(connection: Connection, { database, now, waits }: LedgerOptions): Ledger {
  return openQuickBooksDesktop({
    async expected() {
      const [user] = await findWebConnectorUsers(database, { connectionIds: [connection.id] })
      if (!user) throw new Error(`The connection ${connection.id} has no user of the Web Connector`)
      return {
        ownerId: `{${user.ownerGuid}}`,
        fileId: `{${user.fileGuid}}`,
        companyName: null,
        companyFileName: user.companyFile || user.companyFileSeen,
        currency: connection.currency,
      }
    },
    itemNames: {
      discount: connection.discountAccountName,
      shipping: connection.shippingItemName,
      salesTax: connection.salesTaxItemName,
      taxRounding: connection.taxRoundingItemName,
    },
    now,
    answerTimeoutSeconds: waits.answerTimeoutSeconds,
  })
}
