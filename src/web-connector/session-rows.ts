import type { WebConnectorSession } from '../domain/web-connector.ts'
import {
  closeSession,
  expireSessions,
  findSession,
  noteCall,
  openSessionOf,
  type SessionChange,
} from '../storage/web-connector-sessions.ts'
import type { Conversations } from './conversation.ts'
import type { WebConnectorOptions } from './options.ts'

const SESSION_TIMEOUT_SECONDS = 30 * 60
const EXPIRED =
  'The session was not heard of for 30 minutes and has ended. Nothing is lost; press Update Selected to begin anew.'
export const TAKEN_OVER = 'Another session has taken over. Nothing is lost; press Update Selected to begin anew.'

/** The rows of all sessions, each together with its conversation in this process: what ends the one ends the other. */
export class SessionRows {
  private readonly options: WebConnectorOptions
  private readonly conversations: Conversations

  constructor(options: WebConnectorOptions, conversations: Conversations) {
    this.options = options
    this.conversations = conversations
  }

  async find(ticket: string): Promise<WebConnectorSession | null> {
    if (!isUuid(ticket)) return null
    return this.conversations.live(ticket)?.session ?? findSession(this.options.database, { ticket })
  }

  openOf(connectionId: string): Promise<WebConnectorSession | null> {
    return openSessionOf(this.options.database, { connectionId })
  }

  /** An open session that is not too old; one that is too old is ended. */
  async usable(ticket: string): Promise<WebConnectorSession | null> {
    const session = await this.find(ticket)
    if (!session || session.closedAt) return null
    if (this.secondsSince(session.lastSeenAt) < SESSION_TIMEOUT_SECONDS) return session
    await this.finish({ ticket, reason: EXPIRED })
    return null
  }

  /** False when another process has ended the session meanwhile: then nothing more is handed out. */
  async note(ticket: string, change: SessionChange): Promise<boolean> {
    const now = this.options.now()
    const noted = await noteCall(this.options.database, { ticket, change, now })
    if (noted) Object.assign(this.conversations.live(ticket)?.session ?? {}, change, { lastSeenAt: now })
    else await this.conversations.end({ ticket, reason: TAKEN_OVER })
    return noted
  }

  async finish({ ticket, reason }: { ticket: string; reason: string }): Promise<void> {
    await closeSession(this.options.database, { ticket, reason, now: this.options.now() })
    await this.conversations.end({ ticket, reason })
  }

  /** Ends the sessions that were not heard of for half an hour. */
  async sweep(): Promise<void> {
    const { database, now } = this.options
    const seenBefore = new Date(now().getTime() - SESSION_TIMEOUT_SECONDS * 1000)
    for (const ticket of await expireSessions(database, { seenBefore, reason: EXPIRED, now: now() })) {
      await this.conversations.end({ ticket, reason: EXPIRED })
    }
  }

  secondsSince(time: Date): number {
    return (this.options.now().getTime() - time.getTime()) / 1000
  }
}

function isUuid(ticket: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(ticket)
}
