import { sql } from 'kysely'
import { type ExpectedCall, WebConnectorSession } from '../domain/web-connector.ts'
import { COMMIT_WITHOUT_WAITING, type Database } from './database.ts'

export async function findSession(
  database: Database,
  { ticket }: { ticket: string },
): Promise<WebConnectorSession | null> {
  const [session] = await database.entities(
    WebConnectorSession,
    sql`select * from web_connector_session where ticket = ${ticket}`,
  )
  return session ?? null
}

export async function openSessionOf(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<WebConnectorSession | null> {
  const [session] = await database.entities(
    WebConnectorSession,
    sql`select * from web_connector_session where connection_id = ${connectionId} and closed_at is null`,
  )
  return session ?? null
}

/** Opens a session; false when the connection has one that is open: two that sign in at once are not both let in. */
export async function openSession(
  database: Database,
  args: { ticket: string; connectionId: string; backlog: number; now: Date },
): Promise<boolean> {
  const made = await database.run(sql`
    insert into web_connector_session (ticket, connection_id, expects, backlog, opened_at, last_seen_at)
    values (${args.ticket}, ${args.connectionId}, 'ASK', ${args.backlog}, ${args.now}, ${args.now})
    on conflict do nothing`)
  return made > 0
}

/** What a call changed of an open session. What is left out stays. */
export interface SessionChange {
  expects?: ExpectedCall
  asked?: number
  answered?: number
  filesTried?: number
  /** What `getLastError` answers from now on; null for nothing in particular. */
  lastError: string | null
}

/**
 * Notes a call: the session was seen, and so was the Web Connector; false when the session is not open any more. The commit
 * does not wait for the disk: a note that a crash of PostgreSQL takes with it costs a recovery of the last set, and no more.
 */
export async function noteCall(
  database: Database,
  { ticket, change, now }: { ticket: string; change: SessionChange; now: Date },
): Promise<boolean> {
  const noted = await database.rows(sql`
    with unhurried as materialized (${COMMIT_WITHOUT_WAITING}),
    called as (
      update web_connector_session set last_seen_at = ${now}, last_error = ${change.lastError},
          expects = coalesce(${change.expects ?? null}, expects),
          asked = coalesce(${change.asked ?? null}::int, asked), answered = coalesce(${change.answered ?? null}::int, answered),
          files_tried = coalesce(${change.filesTried ?? null}::int, files_tried)
      from unhurried where ticket = ${ticket} and closed_at is null returning connection_id),
    seen as (
      update web_connector_user set last_seen_at = ${now} from called
      where web_connector_user.connection_id = called.connection_id)
    select connection_id from called`)
  return noted.length > 0
}

/** Keeps what the first call told of QuickBooks, so that a process that comes after us knows it too. */
export async function saveCaller(
  database: Database,
  args: {
    ticket: string
    caller: { qbXmlVersion: string; companyFileName: string; country: string; hcpResponse: string }
  },
): Promise<void> {
  const { qbXmlVersion, companyFileName, country, hcpResponse } = args.caller
  await database.run(sql`
    update web_connector_session set qb_xml_version = ${qbXmlVersion}, company_file_name = ${companyFileName},
        country = ${country}, hcp_response = ${hcpResponse}
    where ticket = ${args.ticket}`)
}

/** Ends a session; false when it had ended before. `lastError` stays to be asked for. */
export async function closeSession(
  database: Database,
  args: { ticket: string; reason: string; now: Date },
): Promise<boolean> {
  const closed = await database.run(sql`
    update web_connector_session set closed_at = ${args.now}, close_reason = ${args.reason}
    where ticket = ${args.ticket} and closed_at is null`)
  return closed > 0
}

/** Sessions that ended this long ago are forgotten. */
const KEPT_DAYS = 30

/** Ends every session that was not seen since a time, and forgets old ones; gives the tickets of those that it ended. */
export async function expireSessions(
  database: Database,
  args: { seenBefore: Date; reason: string; now: Date },
): Promise<string[]> {
  const rows = await database.rows(sql<{ ticket: string }>`
    update web_connector_session set closed_at = ${args.now}, close_reason = ${args.reason}
    where closed_at is null and last_seen_at < ${args.seenBefore} returning ticket`)
  await database.run(sql`
    delete from web_connector_session where closed_at < ${args.now}::timestamptz - make_interval(days => ${KEPT_DAYS})`)
  return rows.map(({ ticket }) => ticket)
}

/** The newest delivery of a connection that was sent and has no answer yet; null when there is none. */
export async function unansweredDelivery(
  database: Database,
  { connectionId }: { connectionId: string },
): Promise<{ id: string; sentAt: Date } | null> {
  const [row] = await database.rows(sql<{ id: string; sent_at: string }>`
    select id, sent_at from delivery
    where connection_id = ${connectionId} and sent_at is not null and answered_at is null
    order by sent_at desc, id desc limit 1`)
  return row ? { id: row.id, sentAt: new Date(row.sent_at) } : null
}
