import type { Connection } from '../../src/domain/connection.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { openQuickBooksDesktop } from '../../src/ledgers/quickbooks-desktop/ledger.ts'
import { openQuickBooksOnline } from '../../src/ledgers/quickbooks-online/ledger.ts'
import type { Database } from '../../src/storage/database.ts'
import type { Seal } from '../../src/storage/seal.ts'
import { tokensOf } from '../../src/storage/tokens.ts'
import { companyMarks } from '../../src/storage/web-connector.ts'
import type { FreshDatabase } from '../database.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'

const NO_LIMITS = { requestsPerSecond: 10_000, requestsPerMinute: 10_000, batchesPerMinute: 10_000 }

interface Clock {
  now: () => Date
  sleep: (ms: number) => Promise<void>
}

interface Options {
  limited?: boolean
  answerTimeoutSeconds?: number
}

/** The ledger of the company of a story. */
export function ledgersOf(args: {
  store: FreshDatabase
  sandbox: RunningSandbox
  seal: Seal
  clock: Clock
  options: Options
}): (connection: Connection) => Ledger {
  const { store, sandbox, seal, clock, options } = args
  const { database } = store
  let opened: Ledger | null = null
  return (connection) => {
    if (connection.kind === LedgerKind.QUICKBOOKS_DESKTOP)
      opened ??= desktopLedger({ database, connection, now: clock.now })
    opened ??= onlineLedger({ database, connection, sandbox, seal, clock, options })
    return opened
  }
}

/** The ledger of a company of QuickBooks Online that a sandbox plays. */
export function onlineLedger(args: {
  database: Database
  connection: Connection
  sandbox: RunningSandbox
  seal: Seal
  clock: Clock
  options: Options
}): Ledger {
  const { database, connection, sandbox, seal, clock, options } = args
  const { limited = true, answerTimeoutSeconds = 10 } = options
  const url = sandbox.quickBooksOnline
  return openQuickBooksOnline({
    realmId: sandbox.realmId,
    apiUrl: url,
    oauth: {
      clientId: 'sandbox-qbo-client',
      clientSecret: 'sandbox-qbo-secret',
      tokenUrl: `${url}/oauth2/v1/tokens/bearer`,
      authorizeUrl: `${url}/connect/oauth2`,
      revokeUrl: `${url}/v2/oauth2/tokens/revoke`,
      redirectUri: 'http://localhost/oauth/quickbooks/callback',
    },
    vault: tokensOf(database, { connectionId: connection.id, seal, now: clock.now }),
    now: clock.now,
    random: () => 0.5,
    sleep: clock.sleep,
    limits: limited ? {} : NO_LIMITS,
    answerTimeoutSeconds,
  })
}

/** The ledger of a process that works for a Desktop company; each process has one of its own. */
export function desktopLedger(args: { database: Database; connection: Connection; now: () => Date }): Ledger {
  const { database, connection, now } = args
  return openQuickBooksDesktop({
    expected: () => companyMarks(database, { connectionId: connection.id }),
    now,
  })
}
