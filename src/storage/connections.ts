import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Author } from '../domain/access.ts'
import { Connection } from '../domain/connection.ts'
import type { ConnectionMode, CorrectionApproval, CorrectionMethod, Environment, LedgerKind } from '../domain/kinds.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { writeAudit } from './audit.ts'
import type { Database } from './database.ts'

export function listConnections(database: Database): Promise<Connection[]> {
  return database.entities(Connection, sql`select * from connection order by created_at, id`)
}

export async function findConnection(database: Database, { id }: { id: string }): Promise<Connection | null> {
  const [connection] = await database.entities(Connection, sql`select * from connection where id = ${id}`)
  return connection ?? null
}

export async function connectionOfRealm(database: Database, realmId: string): Promise<Connection | null> {
  const [connection] = await database.entities(Connection, sql`select * from connection where realm_id = ${realmId}`)
  return connection ?? null
}

export async function defaultConnection(database: Database): Promise<Connection | null> {
  const [connection] = await database.entities(Connection, sql`select * from connection where is_default`)
  return connection ?? null
}

/**
 * Makes the connection of a realm, or gives the one that exists. Its environment never changes: asking for the same
 * realm in another environment is an error.
 */
export async function ensureOnlineConnection(
  database: Database,
  args: { kind: LedgerKind.QUICKBOOKS_ONLINE; name: string; environment: Environment; realmId: string; now: Date },
): Promise<Connection> {
  await database.run(sql`
    insert into connection (id, kind, name, environment, realm_id, is_default, created_at)
    select ${uuidv7()}, ${args.kind}, ${args.name}, ${args.environment}, ${args.realmId},
        not exists (select from connection where is_default), ${args.now}
    on conflict (realm_id) do nothing`)
  const [connection] = await database.entities(
    Connection,
    sql`select * from connection where realm_id = ${args.realmId}`,
  )
  if (!connection) throw new Error(`Connection of realm ${args.realmId} could not be made`)
  if (connection.environment !== args.environment) {
    throw new Error(
      `Realm ${args.realmId} was connected as ${connection.environment} and cannot become ${args.environment}: ` +
        'set QUICKBOOKS_ENVIRONMENT back, or connect the other company.',
    )
  }
  return connection
}

/** Says how invoices of a connection are corrected, and by whom. Gives whether there is such a connection. */
export async function saveCorrectionPolicy(
  database: Database,
  args: { id: string; method: CorrectionMethod; approval: CorrectionApproval },
): Promise<boolean> {
  const saved = await database.run(sql`
    update connection set correction_method = ${args.method}, correction_approval = ${args.approval} where id = ${args.id}`)
  return saved === 1
}

/** Says whether items that orders need are created in QuickBooks. Gives whether there is such a connection. */
export async function saveItemCreation(
  database: Database,
  { id, allowed }: { id: string; allowed: boolean },
): Promise<boolean> {
  return (await database.run(sql`update connection set create_items = ${allowed} where id = ${id}`)) === 1
}

/** Lets a connection write, or only predict and compare. Gives whether there is such a connection. */
export async function saveConnectionMode(
  database: Database,
  { id, mode }: { id: string; mode: ConnectionMode },
): Promise<boolean> {
  return (await database.run(sql`update connection set mode = ${mode} where id = ${id}`)) === 1
}

/** Saves what QuickBooks says of the company, and sets a stopped connection going again, which leaves an audit entry. */
export function saveCompany(
  database: Database,
  args: { id: string; name: string; currency: string; now: Date },
): Promise<void> {
  return database.transaction(async (transaction) => {
    const resumed = await transaction.run(sql`
      update connection set state = 'ACTIVE', state_reason_code = null, state_reason_detail = null
      where id = ${args.id} and state = 'STOPPED'`)
    await transaction.run(
      sql`update connection set name = ${args.name}, currency = ${args.currency} where id = ${args.id}`,
    )
    if (resumed > 0) await noted(transaction, { ...args, action: 'resumeConnection', why: 'QuickBooks answers again' })
  })
}

/**
 * Stops a connection because going on would be wrong. The first time, and each new reason, leaves an audit entry. That a
 * person disconnected it says more than that its sign-in is refused, which follows from it.
 */
export function stopConnection(
  database: Database,
  args: { id: string; reason: ReasonCode; detail: ReasonDetail; now: Date },
): Promise<void> {
  const isNews = sql`state <> 'PAUSED' and not (state = 'STOPPED' and state_reason_code = 'DISCONNECTED' and ${args.reason} = 'RECONNECT')`
  return database.transaction(async (transaction) => {
    const news = await transaction.rows(sql`
      select from connection where id = ${args.id} and ${isNews}
        and (state <> 'STOPPED' or state_reason_code is distinct from ${args.reason}) for update`)
    await transaction.run(sql`
      update connection set state = 'STOPPED', state_reason_code = ${args.reason}, state_reason_detail = ${JSON.stringify(args.detail)}::jsonb
      where id = ${args.id} and ${isNews}`)
    if (news.length > 0) await noted(transaction, { ...args, action: 'stopConnection', why: args.reason })
  })
}

/**
 * Takes a connection off the road, or puts it back, in the name of a person, who gets an audit entry. Whoever has its
 * lane loses it at once, so that nothing more is sent; answers that are under way are saved all the same. False when it
 * is in no state from which it may go there.
 */
export function turnConnection(
  database: Database,
  args: {
    id: string
    author: Author
    now: Date
    action: 'pauseConnection' | 'resumeConnection' | 'disconnect'
    detail?: ReasonDetail
  },
): Promise<boolean> {
  const { id, author, action, now } = args
  // The lease stays: whoever goes on later waits it out, for what has left may still be answered.
  const offLane = sql`lane_epoch = lane_epoch + 1`
  const nothingStopsIt = sql`state_reason_code = null, state_reason_detail = null`
  const change = {
    pauseConnection: sql`state = 'PAUSED', ${nothingStopsIt}, ${offLane} where id = ${id} and state <> 'PAUSED'`,
    resumeConnection: sql`state = 'ACTIVE', ${nothingStopsIt} where id = ${id} and state <> 'ACTIVE'`,
    disconnect: sql`state = 'STOPPED', state_reason_code = 'DISCONNECTED', state_reason_detail = ${JSON.stringify(args.detail ?? {})}::jsonb,
      ${offLane} where id = ${id}`,
  }[action]
  return database.transaction(async (transaction) => {
    if ((await transaction.run(sql`update connection set ${change}`)) === 0) return false
    await writeAudit(transaction, {
      author: author.name,
      keyId: author.keyId,
      connectionIds: [id],
      action,
      subject: `connectionId ${id}`,
      result: 'OK',
      now,
    })
    return true
  })
}

/** Says of a connection that is disconnected still what came of telling QuickBooks. */
export async function noteDisconnection(database: Database, args: { id: string; detail: ReasonDetail }): Promise<void> {
  await database.run(sql`
    update connection set state_reason_detail = ${JSON.stringify(args.detail)}::jsonb
    where id = ${args.id} and state = 'STOPPED' and state_reason_code = 'DISCONNECTED'`)
}

/** What the road itself changes has an author too. */
function noted(database: Database, args: { id: string; action: string; why: string; now: Date }): Promise<void> {
  const subject = `connection ${args.id}: ${args.why}`
  const { action, now } = args
  return writeAudit(database, { author: 'countersign', connectionIds: [args.id], action, subject, result: 'OK', now })
}
