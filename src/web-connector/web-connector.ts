// The door at which QuickBooks Desktop knocks: the SOAP service that the Web Connector at the office calls, its sign-in, its
// sessions, and the .qwc file that tells it where to call. It carries envelopes between a mailbox and the Web Connector, and
// understands nothing of what is in them. A session is a row, so that it outlives us; its conversation lives in memory.
import type { Logger } from 'pino'
import type { Connection } from '../domain/connection.ts'
import type { Mailbox } from '../ledgers/mailbox.ts'
import type { Database } from '../storage/database.ts'
import { type Handler, openEndpoint } from './endpoint.ts'
import { methodsOf } from './service.ts'
import { Sessions } from './session.ts'
import { SignIns } from './sign-in.ts'

const SWEEP_EVERY_SECONDS = 60

export interface WebConnectorOptions {
  database: Database
  now: () => Date
  log: Logger
  /** Where others reach us; null when nobody said. */
  publicUrl: string | null
  /** The letterbox of a connection's ledger. */
  mailboxOf(connection: Connection): Mailbox
  /** Runs the road for one connection until nothing more can be done in the conversation that is open. */
  run(connection: Connection): Promise<void>
  /** Brings the newest log rows in. Asked at each sign-in; it is not waited for longer than a few seconds. */
  bringIn(connection: Connection): Promise<void>
  /** How many postings of a connection wait, are under way, or are unknown. */
  backlog(connection: Connection): Promise<number>
}

export interface WebConnector {
  handle: Handler
  /** Ends the sessions that were not heard of for half an hour. It is called by itself every minute, too. */
  sweep(): Promise<void>
  /** Ends what is under way; sessions stay open for the process that comes after. */
  close(): Promise<void>
}

/** Opens the service. */
export async function openWebConnector(options: WebConnectorOptions): Promise<WebConnector> {
  const { database, now, log, publicUrl } = options
  const sessions = new Sessions(options)
  const signIns = new SignIns({ database, now, log })
  const handle = await openEndpoint({ methods: methodsOf({ sessions, signIns }), publicUrl, log })
  const sweep = async () => {
    await sessions.sweep().catch((error: unknown) => log.error({ error: String(error) }, 'sessions could not be swept'))
  }
  const timer = setInterval(sweep, SWEEP_EVERY_SECONDS * 1000)
  timer.unref()
  return {
    handle,
    sweep,
    async close() {
      clearInterval(timer)
      await sessions.close()
    },
  }
}
