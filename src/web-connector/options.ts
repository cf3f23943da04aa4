import type { Logger } from 'pino'
import type { Connection } from '../domain/connection.ts'
import type { Mailbox } from '../ledgers/mailbox.ts'
import type { Database } from '../storage/database.ts'

/** What the service is handed by the one who opens it. */
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
