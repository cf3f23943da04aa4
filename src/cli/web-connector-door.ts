import type { Logger } from 'pino'
import type { App } from '../app.ts'
import { LedgerKind } from '../domain/kinds.ts'
import { defaultConnection } from '../storage/connections.ts'
import { areMonthsDue } from '../storage/metric-pulls.ts'
import { isReadDue } from '../storage/sync-cursors.ts'
import { later } from '../sync/road.ts'
import { backlogOf, converse } from '../sync/work.ts'
import { createWebConnectorFile } from '../web-connector/file.ts'
import { openWebConnector, type WebConnector } from '../web-connector/web-connector.ts'

const SANDBOX_CALLS_EVERY_SECONDS = 5
const SANDBOX_TIMEOUT_SECONDS = 15
/** To open a company file takes half a minute: changes are read when it is open anyway, or once they have waited so long. */
const READ_WAITS_SECONDS = 3_600

/** Opens the door at which Web Connectors knock, with the road of this app behind it. */
export function openDoor(
  { road, poll }: Pick<App, 'road' | 'poll'>,
  { publicUrl, log }: { publicUrl: string | null; log: Logger },
): Promise<WebConnector> {
  const { database, now } = road
  return openWebConnector({
    database,
    now,
    log,
    publicUrl,
    mailboxOf(connection) {
      const { mailbox } = road.ledgerOf(connection)
      if (!mailbox) throw new Error(`${connection.name} is not called by a Web Connector`)
      return mailbox
    },
    run: (connection) => converse(road, connection.id),
    async bringIn() {
      await poll()
    },
    async backlog({ id: connectionId }) {
      const askedBefore = later(now(), -READ_WAITS_SECONDS)
      const read = (await isReadDue(database, { connectionId, askedBefore })) ? 1 : 0
      const figures = (await areMonthsDue(database, { connectionId, now: now() })) ? 1 : 0
      return read + figures + (await backlogOf(database, { connectionId, now: now() }))
    },
  })
}

/** Hands the sandbox's Web Connector its .qwc file and password, as a person at the office would, and lets it call. */
export async function introduceSandbox(
  { road, sandbox }: Pick<App, 'road' | 'sandbox'>,
  { url }: { url: string },
): Promise<void> {
  const connection = await defaultConnection(road.database)
  if (!sandbox || connection?.kind !== LedgerKind.QUICKBOOKS_DESKTOP) return
  const author = { name: 'sandbox', keyId: null, connectionIds: null }
  const { database, now } = road
  const file = await createWebConnectorFile(database, {
    connectionId: connection.id,
    publicUrl: url,
    author,
    now: now(),
  })
  const applications = `${sandbox.control}/web-connector/applications`
  await tell(applications, { method: 'POST', body: { qwc: file.content, password: file.password } })
  await tell(`${applications}/${file.username}`, {
    method: 'PATCH',
    body: { everySeconds: SANDBOX_CALLS_EVERY_SECONDS },
  })
}

async function tell(address: string, { method, body }: { method: string; body: object }): Promise<void> {
  const signal = AbortSignal.timeout(SANDBOX_TIMEOUT_SECONDS * 1000)
  const response = await fetch(address, { method, body: JSON.stringify(body), signal })
  if (!response.ok) throw new Error(`The sandbox's Web Connector answered ${response.status}: ${await response.text()}`)
}
