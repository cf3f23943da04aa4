import { type Config, ConfigError } from '../config.ts'
import type { Connection } from '../domain/connection.ts'
import { LedgerKind } from '../domain/kinds.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { openQuickBooksDesktop } from '../ledgers/quickbooks-desktop/ledger.ts'
import { ensureOnlineConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import type { Seal } from '../storage/seal.ts'
import { importRefreshToken } from '../storage/tokens.ts'
import { companyMarks, ensureDesktopConnection } from '../storage/web-connector.ts'
import { environmentOf, type Online } from './online.ts'
import type { PlayedSandbox } from './played-sandbox.ts'
import { callbackOf, type QuickBooksConfig } from './quickbooks-settings.ts'
import type { Waits } from './settings.ts'

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
  const url = played.quickBooksOnline
  return {
    ...SANDBOX_CLIENT,
    kind: 'online',
    environment: 'sandbox',
    realmId: played.realmId,
    apiUrl: url,
    tokenUrl: `${url}/oauth2/v1/tokens/bearer`,
    authorizeUrl: `${url}/connect/oauth2`,
    revokeUrl: `${url}/v2/oauth2/tokens/revoke`,
    redirectUri: callbackOf(config.publicUrl),
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
  const environment = environmentOf(quickBooks)
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
  online: Online
  waits: Waits
  now: () => Date
}

/** One ledger for each connection, opened when it is first needed. A new kind of QuickBooks is one more line here. */
export function openLedgers(options: LedgerOptions): (connection: Connection) => Ledger {
  const openers = {
    [LedgerKind.QUICKBOOKS_ONLINE]: options.online.openLedger,
    [LedgerKind.QUICKBOOKS_DESKTOP]: (connection) => desktopLedger(connection, options),
  } satisfies Record<LedgerKind, (connection: Connection) => Ledger>
  const opened = new Map<string, Ledger>()
  return (connection) => {
    const ledger = opened.get(connection.id) ?? openers[connection.kind](connection)
    opened.set(connection.id, ledger)
    return ledger
  }
}

function desktopLedger(connection: Connection, { database, now, waits }: LedgerOptions): Ledger {
  return openQuickBooksDesktop({
    expected: () => companyMarks(database, { connectionId: connection.id }),
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
