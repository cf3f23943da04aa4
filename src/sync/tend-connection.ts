import type { Author } from '../domain/access.ts'
import type { Connection } from '../domain/connection.ts'
import { ConnectionState, LedgerKind } from '../domain/kinds.ts'
import { type Reason, reasonOf } from '../domain/reason.ts'
import type { CompanyCheck } from '../ledgers/ledger.ts'
import { findConnection, noteDisconnection, stopConnection, turnConnection } from '../storage/connections.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { dropTokens } from '../storage/tokens.ts'
import { checkRecorded, misfitOf } from './company.ts'
import type { Reception } from './connect.ts'
import type { Sending } from './send.ts'

/** What a person may do to a connection; each leaves an audit entry in his name. Throws InvalidRequest. */
interface Asked {
  id: string
  author: Author
}

export type Tending = Reception & Sending

/** Stops posting to it until a person resumes it; what is under way is settled, and postings wait. */
export async function pauseConnection(tending: Tending, asked: Asked): Promise<Connection> {
  const connection = await found(tending, asked)
  const turned = await turnConnection(tending.database, { ...asked, action: 'pauseConnection', now: tending.now() })
  if (!turned) throw new InvalidRequest(`"${connection.name}" is paused already.`)
  return found(tending, asked)
}

/** Goes on posting to one that was paused, or stopped, if QuickBooks agrees. */
export async function resumeConnection(tending: Tending, asked: Asked): Promise<Connection> {
  const connection = await found(tending, asked)
  if (connection.state === ConnectionState.STOPPED) {
    const { reason } = await testConnection(tending, asked)
    if (reason) throw new InvalidRequest(`"${connection.name}" cannot go on: ${reason.sentence} ${reason.remedy}`)
  }
  const turned = await turnConnection(tending.database, { ...asked, action: 'resumeConnection', now: tending.now() })
  if (!turned) throw new InvalidRequest(`"${connection.name}" is under way already.`)
  tending.wake()
  return found(tending, asked)
}

/** What a look at the company found. */
export interface Tested {
  connection: Connection
  companyName: string | null
  currency: string | null
  /** Why nothing can be posted to it; null when it is fit. */
  reason: Reason | null
  durationMs: number
}

/** Asks the company who it is, and whether it is fit to post to. Nothing is written there. */
export async function testConnection(tending: Tending, { id }: Pick<Asked, 'id'>): Promise<Tested> {
  const connection = await found(tending, { id })
  const began = performance.now()
  const company = await checkRecorded(tending, { connection })
  const durationMs = Math.round(performance.now() - began)
  const { companyName, currency } = company
  const reason = unfitnessOf(company)
  return { connection, companyName: companyName || null, currency: currency || null, reason, durationMs }
}

function unfitnessOf({ stop, customTransactionNumbers }: CompanyCheck): Reason | null {
  if (stop) return reasonOf(stop.reason, stop.detail)
  return customTransactionNumbers ? null : reasonOf('CUSTOM_NUMBERS_OFF')
}

/** Renews its tokens now, a refused one too. Throws InvalidRequest with what QuickBooks said when that failed. */
export async function refreshToken(tending: Tending, asked: Pick<Asked, 'id'>): Promise<Connection> {
  const connection = await foundOnline(tending, asked)
  const renewal = await tending.intuit.renew(connection, { cause: 'PERSON', secondsLeft: 0 })
  switch (renewal.kind) {
    case 'refused': {
      const { sentence, remedy } = reasonOf(renewal.reason, { detail: renewal.detail })
      throw new InvalidRequest(`${sentence} ${remedy}`)
    }
    case 'unreachable':
      throw new InvalidRequest(`QuickBooks could not be asked: ${renewal.detail}. Nothing is lost; ask again later.`)
    case 'renewed': {
      const misfit = await misfitOf(tending, { connection })
      if (misfit) {
        await stopConnection(tending.database, { id: connection.id, ...misfit, now: tending.now() })
        const { sentence, remedy } = reasonOf(misfit.reason, misfit.detail)
        throw new InvalidRequest(`It was renewed, but cannot be used. ${sentence} ${remedy}`)
      }
      tending.wake()
      return found(tending, asked)
    }
    case 'unneeded':
      tending.wake()
      return found(tending, asked)
  }
}

/**
 * Ends our right to speak to the company. Our own tokens are dropped first, and whatever Intuit says: if it cannot be
 * told, the connection says so.
 */
export async function disconnect(tending: Reception, asked: Asked): Promise<Connection> {
  const { database, seal, intuit, now } = tending
  await foundOnline(tending, asked)
  const detail = { author: asked.author.name, note: 'QuickBooks is being told.' }
  const dropped = await database.transaction(async (transaction) => {
    const tokens = await dropTokens(transaction, { connectionId: asked.id, seal })
    await turnConnection(transaction, { ...asked, action: 'disconnect', detail, now: now() })
    return tokens
  })
  const told = dropped === null ? null : await intuit.revoke(dropped)
  const note =
    told === null
      ? 'There was nothing to give back to QuickBooks.'
      : told.revoked
        ? 'QuickBooks was told.'
        : `QuickBooks could not be told (${told.detail}): remove the app there too.`
  await noteDisconnection(database, { id: asked.id, detail: { ...detail, note } })
  return found(tending, asked)
}

async function found({ database }: Pick<Tending, 'database'>, { id }: { id: string }): Promise<Connection> {
  const connection = await findConnection(database, { id })
  if (!connection) throw new InvalidRequest(`There is no connection ${id}.`)
  return connection
}

async function foundOnline(tending: Pick<Tending, 'database'>, asked: { id: string }): Promise<Connection> {
  const connection = await found(tending, asked)
  if (connection.kind === LedgerKind.QUICKBOOKS_ONLINE) return connection
  throw new InvalidRequest(
    `"${connection.name}" is not a QuickBooks Online company: it has no sign-in to renew or end.`,
  )
}
