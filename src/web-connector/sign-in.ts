import { compare, hash } from 'bcryptjs'
import type { Logger } from 'pino'
import type { WebConnectorUser } from '../domain/web-connector.ts'
import { type AuditResult, writeAudit } from '../storage/audit.ts'
import type { Database } from '../storage/database.ts'
import { findWebConnectorUser, noteRefusedSignIn, noteSignIn } from '../storage/web-connector.ts'

/** 2^10 rounds: about 70 ms, which a call every few minutes can afford, and whoever guesses cannot. */
const BCRYPT_COST = 10
const FAILURES_MAX = 10
const LOCK_SECONDS = 15 * 60
/** Sign-ins that wait for their turn: each costs the process time, so that a flood must not pile up. */
const WAITING_MAX = 20
const USER_NAME_LENGTH_MAX = 100
/** Strangers, and whoever is locked out, leave one entry in this time, with their number: they must not fill the trail. */
const STRANGER_AUDITED_EVERY_SECONDS = 60

/** What the password of nobody is held against: of the same cost, and made of chance that nobody kept. */
export const NOBODY = '$2b$10$IOS5bOn/lQIJA4sQ.cHtLOAIgy1wQTxgWslHk21QKzbGKQ4V9WuU.'

export type SignIn = { kind: 'in'; user: WebConnectorUser } | { kind: 'refused' } | { kind: 'crowded' }

export function hashPassword(password: string): Promise<string> {
  return hash(password, BCRYPT_COST)
}

interface Attempt {
  userName: string
  password: string
  /** The address of the caller. */
  from: string
}

/**
 * Lets Web Connectors in by user name and password, one at a time. Refusals take the same time whatever was wrong; ten in a
 * row lock the user for 15 minutes. Each is audited, good or bad; the password is written nowhere.
 */
export class SignIns {
  private readonly database: Database
  private readonly now: () => Date
  private readonly log: Logger
  private turn: Promise<unknown> = Promise.resolve()
  private waiting = 0
  private strangerAuditedAt = 0
  /** Refused since then, and in no entry yet. */
  private strangersMore = 0

  constructor(args: { database: Database; now: () => Date; log: Logger }) {
    this.database = args.database
    this.now = args.now
    this.log = args.log
  }

  async signIn(attempt: Attempt): Promise<SignIn> {
    if (this.waiting >= WAITING_MAX) return { kind: 'crowded' }
    this.waiting += 1
    const mine = this.turn.then(() => this.judge(attempt))
    this.turn = mine.catch(() => undefined)
    return mine.finally(() => {
      this.waiting -= 1
    })
  }

  private async judge(attempt: Attempt): Promise<SignIn> {
    const { database, now } = this
    const userName = attempt.userName.slice(0, USER_NAME_LENGTH_MAX)
    const user = await findWebConnectorUser(database, { userName: attempt.userName })
    const fits = await compare(attempt.password, user?.passwordHash ?? NOBODY)
    const locked = user?.lockedUntil != null && user.lockedUntil > now()
    if (!user?.passwordHash || !fits || locked) {
      await this.refuse({ user, userName, from: attempt.from, locked })
      return { kind: 'refused' }
    }
    await noteSignIn(database, { connectionId: user.connectionId, now: now() })
    await this.audit({ user, userName, result: 'OK' })
    return { kind: 'in', user }
  }

  private async refuse(args: {
    user: WebConnectorUser | null
    userName: string
    from: string
    locked: boolean
  }): Promise<void> {
    const { user, userName, from, locked } = args
    const now = this.now()
    this.log.warn({ userName, from, locked }, 'a sign-in of a Web Connector was refused')
    if (user && !locked) {
      const limits = { failuresMax: FAILURES_MAX, lockSeconds: LOCK_SECONDS }
      const lockedNow = await noteRefusedSignIn(this.database, { connectionId: user.connectionId, ...limits, now })
      if (lockedNow)
        this.log.error({ userName, from }, `ten bad passwords in a row: locked for ${LOCK_SECONDS / 60} minutes`)
    } else {
      if (now.getTime() - this.strangerAuditedAt < STRANGER_AUDITED_EVERY_SECONDS * 1000) {
        this.strangersMore += 1
        return
      }
      this.strangerAuditedAt = now.getTime()
    }
    await this.audit({ user, userName, result: 'DENIED' })
  }

  private audit(entry: { user: WebConnectorUser | null; userName: string; result: AuditResult }): Promise<void> {
    const { user, userName, result } = entry
    const more = this.strangersMore
    this.strangersMore = 0
    const whose = user ? `user ${user.userName}` : `unknown user ${userName}`
    return writeAudit(this.database, {
      author: 'web connector',
      connectionIds: user ? [user.connectionId] : null,
      action: 'webConnectorSignIn',
      subject: more === 0 ? whose : `${whose}, and ${more} unknown or locked ones before`,
      result,
      now: this.now(),
    })
  }
}
