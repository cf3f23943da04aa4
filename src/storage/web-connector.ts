import { sql } from 'kysely'
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import { Connection } from '../domain/connection.ts'
import { type Environment, LedgerKind } from '../domain/kinds.ts'
import { WebConnectorUser } from '../domain/web-connector.ts'
import { writeAudit } from './audit.ts'
import type { Database } from './database.ts'
import { InvalidRequest } from './pages.ts'

const NAME_LENGTH_MAX = 100
const PATH_LENGTH_MAX = 1_000
const MESSAGE_LENGTH_MAX = 1_000
const RUN_EVERY_MINUTES_MAX = 1_440

export interface NewDesktopConnection {
  name: string
  environment: Environment
  /** The path of the company file on QuickBooks' machine; empty for the file that happens to be open. */
  companyFile: string
  readOnly: boolean
  runEveryMinutes: number
}

/**
 * Makes the connection of a QuickBooks Desktop company with the user of its Web Connector, who has no password yet; leaves
 * an audit entry. The first connection of all is the default one. Throws InvalidRequest.
 */
export function connectDesktop(
  database: Database,
  args: NewDesktopConnection & { author: Author; now: Date },
): Promise<Connection> {
  const { environment, readOnly, runEveryMinutes, author, now } = args
  const name = args.name.trim()
  const companyFile = args.companyFile.trim()
  assertFits({ name, companyFile, runEveryMinutes })
  const id = uuidv7({ msecs: now.getTime() })
  return database.transaction(async (transaction) => {
    const [connection] = await transaction.entities(
      Connection,
      sql`insert into connection (id, kind, name, environment, read_only, is_default, created_at)
          values (${id}, ${LedgerKind.QUICKBOOKS_DESKTOP}, ${name}, ${environment}, ${readOnly},
              not exists (select from connection where is_default), ${now}) returning *`,
    )
    if (!connection) throw new Error('The connection was not made')
    await transaction.run(sql`
      insert into web_connector_user (connection_id, user_name, owner_guid, file_guid, run_every_minutes, company_file)
      values (${id}, ${`countersign-${id.replaceAll('-', '').slice(-12)}`}, ${uuidv4()}, ${uuidv4()}, ${runEveryMinutes}, ${companyFile})`)
    await writeAudit(transaction, {
      author: author.name,
      keyId: author.keyId,
      connectionIds: [id],
      action: 'connectQuickBooksDesktop',
      subject: `connection ${id}: ${name}, ${environment}`,
      result: 'OK',
      now,
    })
    return connection
  })
}

/** The connection of a company file, made with a Web Connector that calls every five minutes when there is none yet. */
export async function ensureDesktopConnection(
  database: Database,
  args: { environment: Environment; companyFile: string; now: Date },
): Promise<Connection> {
  const { environment, companyFile, now } = args
  const [known] = await database.entities(
    Connection,
    sql`select connection.* from connection join web_connector_user on connection_id = connection.id
        where lower(company_file) = lower(${companyFile}) order by created_at limit 1`,
  )
  if (!known) {
    const author = { name: 'countersign', keyId: null, connectionIds: null }
    const made = { name: 'QuickBooks Desktop', environment, companyFile, readOnly: false, runEveryMinutes: 5 }
    return connectDesktop(database, { ...made, author, now })
  }
  if (known.environment === environment) return known
  throw new Error(
    `The company file was connected as ${known.environment} and cannot become ${environment}: ` +
      'set QUICKBOOKS_ENVIRONMENT back, or connect the other company.',
  )
}

function assertFits(args: { name: string; companyFile: string; runEveryMinutes: number }): void {
  if (args.name === '' || args.name.length > NAME_LENGTH_MAX) {
    throw new InvalidRequest(`"name" says which company it is, in 1 to ${NAME_LENGTH_MAX} characters.`)
  }
  assertPath(args.companyFile)
  const { runEveryMinutes } = args
  if (!Number.isInteger(runEveryMinutes) || runEveryMinutes < 1 || runEveryMinutes > RUN_EVERY_MINUTES_MAX) {
    throw new InvalidRequest(`"runEveryMinutes" is a whole number from 1 to ${RUN_EVERY_MINUTES_MAX}.`)
  }
}

function assertPath(companyFile: string): void {
  if (companyFile.length <= PATH_LENGTH_MAX) return
  throw new InvalidRequest(`"companyFile" is a path of at most ${PATH_LENGTH_MAX} characters, or empty.`)
}

/** The users of the given connections; those of Desktop have one each. */
export function findWebConnectorUsers(
  database: Database,
  { connectionIds }: { connectionIds: readonly string[] },
): Promise<WebConnectorUser[]> {
  return database.entities(
    WebConnectorUser,
    sql`select * from web_connector_user where connection_id = any(${connectionIds}::uuid[])`,
  )
}

export async function findWebConnectorUser(
  database: Database,
  { userName }: { userName: string },
): Promise<WebConnectorUser | null> {
  const [user] = await database.entities(
    WebConnectorUser,
    sql`select * from web_connector_user where user_name = ${userName}`,
  )
  return user ?? null
}

/** A user whose password was just set. */
export interface MadeFile {
  connection: Connection
  user: WebConnectorUser
  /** True when an earlier password opens nothing any more. */
  replaced: boolean
}

/**
 * Sets a new password, unlocks the user, and forgets which company file was seen; leaves an audit entry. Another path of the
 * company file replaces the one that is kept. Throws InvalidRequest when it is no connection of Desktop.
 */
export function saveWebConnectorPassword(
  database: Database,
  args: { connectionId: string; passwordHash: string; companyFile: string | null; author: Author; now: Date },
): Promise<MadeFile> {
  const { connectionId, passwordHash, author, now } = args
  const companyFile = args.companyFile?.trim() ?? null
  assertPath(companyFile ?? '')
  return database.transaction(async (transaction) => {
    const [connection] = await transaction.entities(
      Connection,
      sql`select * from connection where id = ${connectionId} for share`,
    )
    const [before] = await transaction.entities(
      WebConnectorUser,
      sql`select * from web_connector_user where connection_id = ${connectionId} for update`,
    )
    if (!connection || !before) throw new InvalidRequest(`There is no QuickBooks Desktop connection ${connectionId}.`)
    const [user] = await transaction.entities(
      WebConnectorUser,
      sql`update web_connector_user set password_hash = ${passwordHash}, file_made_at = ${now}, failed_sign_ins = 0,
              locked_until = null, last_refused_at = null, company_file_seen = null,
              company_file = coalesce(${companyFile}, company_file)
          where connection_id = ${connectionId} returning *`,
    )
    if (!user) throw new Error('The user of the Web Connector is gone')
    await writeAudit(transaction, {
      author: author.name,
      keyId: author.keyId,
      connectionIds: [connectionId],
      action: 'createWebConnectorFile',
      subject: `connection ${connectionId}, user ${user.userName}`,
      result: 'OK',
      now,
    })
    return { connection, user, replaced: before.passwordHash !== null }
  })
}

/** A sign-in succeeded: those that failed before are forgotten. */
export async function noteSignIn(database: Database, args: { connectionId: string; now: Date }): Promise<void> {
  await database.run(sql`
    update web_connector_user set failed_sign_ins = 0, locked_until = null, last_seen_at = ${args.now}
    where connection_id = ${args.connectionId}`)
}

/** A sign-in was refused. The one that reaches the limit locks the user, and counting begins anew. Gives whether it is locked. */
export async function noteRefusedSignIn(
  database: Database,
  args: { connectionId: string; failuresMax: number; lockSeconds: number; now: Date },
): Promise<boolean> {
  const [row] = await database.rows(sql<{ locked: boolean }>`
    update web_connector_user set last_refused_at = ${args.now},
        failed_sign_ins = case when failed_sign_ins + 1 >= ${args.failuresMax}::int then 0 else failed_sign_ins + 1 end,
        locked_until = case when failed_sign_ins + 1 >= ${args.failuresMax}::int
          then ${args.now}::timestamptz + make_interval(secs => ${args.lockSeconds}) else locked_until end
    where connection_id = ${args.connectionId}
    returning locked_until is not null and locked_until > ${args.now} as locked`)
  return row?.locked ?? false
}

/** Keeps the trouble that the Web Connector told of, or, with a code of null, that QuickBooks was reached. */
export async function noteTrouble(
  database: Database,
  args: { connectionId: string; code: string | null; message: string; now: Date },
): Promise<void> {
  const message = args.code === null ? null : args.message.trim().slice(0, MESSAGE_LENGTH_MAX)
  await database.run(sql`
    update web_connector_user set last_code = ${args.code}, last_message = ${message}, last_seen_at = ${args.now}
    where connection_id = ${args.connectionId}`)
}

/**
 * Holds the path of a company file against the one that was told first, and keeps the first one. Gives the path that was
 * expected when it is another.
 */
export async function seeCompanyFile(
  database: Database,
  args: { connectionId: string; path: string },
): Promise<{ expected: string } | null> {
  const path = args.path.trim().slice(0, PATH_LENGTH_MAX)
  const [row] = await database.rows(sql<{ seen: string; company_file: string }>`
    update web_connector_user set company_file_seen = coalesce(company_file_seen, ${path})
    where connection_id = ${args.connectionId}
      and (company_file = '' or translate(lower(company_file), '/', '\\') = ${spelled(path)})
    returning company_file_seen as seen, company_file`)
  if (row && spelled(row.seen) === spelled(path)) return null
  const [user] = await findWebConnectorUsers(database, { connectionIds: [args.connectionId] })
  return { expected: row?.seen ?? user?.companyFile ?? '' }
}

/** Windows knows a file by its path whatever its letters, and by either slash. */
function spelled(path: string): string {
  return path.toLowerCase().replaceAll('/', '\\')
}

/** By what a company file is told to be that of its connection. */
export interface CompanyMarks {
  /** The owner and the file of the .qwc, with which the Web Connector stamps the company file. */
  ownerId: string
  fileId: string
  /** For a file that bears no stamp: what is known from outside, or from an earlier conversation; null when it is not known. */
  companyName: string | null
  companyFileName: string | null
  currency: string
}

/**
 * What the company file of a connection must say of itself. The name that it called itself, and the path at which it was
 * seen, count only after a conversation that came to its end: a file never vouches for itself. Throws when there is no user.
 */
export async function companyMarks(database: Database, args: { connectionId: string }): Promise<CompanyMarks> {
  const [user] = await findWebConnectorUsers(database, { connectionIds: [args.connectionId] })
  const [connection] = await database.entities(
    Connection,
    sql`select * from connection where id = ${args.connectionId}`,
  )
  if (!user || !connection) throw new Error(`The connection ${args.connectionId} has no user of the Web Connector`)
  const isKnown = user.lastCompletedAt !== null
  return {
    ownerId: `{${user.ownerGuid}}`,
    fileId: `{${user.fileGuid}}`,
    companyName: isKnown ? connection.name : null,
    companyFileName: user.companyFile || (isKnown ? user.companyFileSeen : null),
    currency: connection.currency,
  }
}

/** A conversation came to its end: the road asked all that it had to ask, the company among it. */
export async function noteCompleted(database: Database, args: { connectionId: string; now: Date }): Promise<void> {
  await database.run(sql`
    update web_connector_user set last_completed_at = ${args.now} where connection_id = ${args.connectionId}`)
}
