import { randomUUID } from 'node:crypto'
import { ConnectionState } from '../domain/kinds.ts'
import { ExpectedCall, type WebConnectorSession, type WebConnectorUser } from '../domain/web-connector.ts'
import { codeOf, troubleOf } from '../domain/web-connector-standing.ts'
import type { Caller } from '../ledgers/mailbox.ts'
import { findConnection } from '../storage/connections.ts'
import { noteTrouble } from '../storage/web-connector.ts'
import { openSession } from '../storage/web-connector-sessions.ts'
import { Conversations, type Live, within } from './conversation.ts'
import type { WebConnectorOptions } from './options.ts'
import { SessionRows, TAKEN_OVER } from './session-rows.ts'

/** A session that was heard of this lately is alive: a second one waits. */
const ALIVE_SECONDS = 60
/** How long a call of the Web Connector waits for the road. */
const WAIT_MS = 15_000
const BRING_IN_MS = 8_000
const COMPANY_CHECKED_SECONDS = 24 * 60 * 60
/** Calls in a row that found the road still thinking: 5 s apart and up to 15 s long, some ten minutes. */
const LATER_MAX = 30
const MESSAGE_LENGTH_MAX = 200
const PROGRESS_DONE = 100
const FAILED = -1
/** A refusal of the whole set, which concerns the set, and not whether QuickBooks can be reached. */
const PARSE_ERROR = '0x80040400'
const NOT_RUNNING = '0x80040416'
/** What makes the Web Connector wait for five seconds and ask again. */
const NO_OPERATION = 'NoOp'

const UNKNOWN =
  'Countersign does not know this session: it was ended, or belongs to another installation. Nothing is lost; press Update Selected to begin anew.'
const STUCK =
  'Countersign could not say what to ask next for ten minutes; its log says more. Nothing is lost; the next call goes on.'

/** The sessions of all Web Connectors. The calls of one session are answered one after the other. */
export class Sessions {
  private readonly options: WebConnectorOptions
  private readonly conversations: Conversations
  private readonly rows: SessionRows
  private readonly inTurn = turns()

  constructor(options: WebConnectorOptions) {
    this.options = options
    this.conversations = new Conversations(options)
    this.rows = new SessionRows(options, this.conversations)
  }

  /** What `authenticate` answers to a user who may come in. */
  begin(user: WebConnectorUser): Promise<string[]> {
    return this.inTurn(user.connectionId, () => this.beginNow(user))
  }

  /** The next request; empty, and `lastError` says why. */
  ask(call: { ticket: string; told: Caller }): Promise<string> {
    return this.inTurn(call.ticket, () => this.askNow(call))
  }

  /** Takes an answer; gives the progress in percent, 100 when nothing is left to ask, negative for an error. */
  answer(call: Answering): Promise<number> {
    return this.inTurn(call.ticket, () => this.answerNow(call))
  }

  /** QuickBooks could not be reached: gives `done`, or the path of a company file to try. */
  fail(call: Failing): Promise<string> {
    return this.inTurn(call.ticket, () => this.failNow(call))
  }

  async lastError(ticket: string): Promise<string> {
    const session = await this.rows.find(ticket)
    if (!session) return UNKNOWN
    return session.closeReason ?? session.lastError ?? 'Countersign knows of no error.'
  }

  /** Gives what the status column shows. */
  end(ticket: string): Promise<string> {
    return this.inTurn(ticket, () => this.endNow(ticket))
  }

  /** Ends the sessions that were not heard of for half an hour. */
  sweep(): Promise<void> {
    return this.rows.sweep()
  }

  /** Ends what is under way; the sessions stay open for the process that comes after. */
  close(): Promise<void> {
    return this.conversations.close()
  }

  private async beginNow({ connectionId, companyFile, lastCompletedAt }: WebConnectorUser): Promise<string[]> {
    const { database, now, bringIn, backlog } = this.options
    const ticket = randomUUID()
    const connection = await findConnection(database, { id: connectionId })
    if (!connection || connection.state === ConnectionState.PAUSED) return [ticket, 'none']
    await this.rows.sweep()
    if (!(await this.madeWay(connectionId))) return [ticket, 'busy']
    await within(bringIn(connection), BRING_IN_MS)
    const waiting = await backlog(connection)
    const checked = lastCompletedAt !== null && this.rows.secondsSince(lastCompletedAt) < COMPANY_CHECKED_SECONDS
    if (waiting === 0 && checked && connection.state === ConnectionState.ACTIVE) return [ticket, 'none']
    const opened = await openSession(database, { ticket, connectionId, backlog: waiting, now: now() })
    return [ticket, opened ? companyFile : 'busy']
  }

  /** Ends the session that a new one finds; false when it is alive. */
  private async madeWay(connectionId: string): Promise<boolean> {
    const { log } = this.options
    const open = await this.rows.openOf(connectionId)
    if (!open) return true
    // Whoever signs in again instead of answering has lost the answer, however lately it was heard of.
    const alive = open.expects === ExpectedCall.ASK && this.rows.secondsSince(open.lastSeenAt) < ALIVE_SECONDS
    if (alive) return false
    if (open.expects === ExpectedCall.ANSWER)
      log.warn({ connectionId }, 'the Web Connector came back without an answer')
    await this.rows.finish({ ticket: open.ticket, reason: TAKEN_OVER })
    return true
  }

  private async askNow({ ticket, told }: { ticket: string; told: Caller }): Promise<string> {
    const session = await this.rows.usable(ticket)
    if (!session) return ''
    if (session.expects === ExpectedCall.ANSWER) {
      await this.conversations.end({ ticket, reason: 'The Web Connector asked again instead of answering.' })
    }
    const live = await this.liveOf({ session, told })
    if (!live) return ''
    const next = await live.conversation.next({ withinMs: WAIT_MS })
    if (this.conversations.live(ticket) !== live) return ''
    if (next === 'later') return this.later(live)
    live.laters = 0
    if (next === 'done') {
      const lastError = await this.conversations.completed({ session, live })
      await this.rows.note(ticket, { expects: ExpectedCall.CLOSE, lastError })
      return ''
    }
    const noted = await this.rows.note(ticket, {
      expects: ExpectedCall.ANSWER,
      asked: session.asked + 1,
      lastError: null,
    })
    return noted ? next.body : ''
  }

  /** The conversation of a session, begun if need be; null when it may not begin, and the session says why. */
  private async liveOf({ session, told }: { session: WebConnectorSession; told: Caller | null }): Promise<Live | null> {
    const { ticket } = session
    const begun = this.conversations.live(ticket) ?? (await this.conversations.start({ session, told }))
    if (!('refusal' in begun)) return begun
    await this.rows.note(ticket, { expects: ExpectedCall.CLOSE, lastError: begun.refusal })
    return null
  }

  private async later(live: Live): Promise<string> {
    const { ticket } = live
    live.laters += 1
    if (live.laters > LATER_MAX) await this.rows.finish({ ticket, reason: STUCK })
    else await this.rows.note(ticket, { expects: ExpectedCall.ASK, lastError: NO_OPERATION })
    return ''
  }

  private async answerNow(call: Answering): Promise<number> {
    const { ticket, hresult } = call
    const session = await this.rows.usable(ticket)
    if (!session) return FAILED
    if (hresult !== '') await this.noteRefusal({ ...call, connectionId: session.connectionId })
    const live = this.conversations.live(ticket)
    if (!live) return this.resume({ session, call })
    if (session.expects !== ExpectedCall.ANSWER) return this.conversations.progress(live)
    const [outcome] = await Promise.all([
      live.conversation.answer({ ...call, withinMs: WAIT_MS }),
      this.rows.note(ticket, { expects: ExpectedCall.ASK, answered: session.answered + 1, lastError: null }),
    ])
    // Another session took over meanwhile: what the road made of the answer it knows itself.
    if (this.conversations.live(ticket) !== live) return FAILED
    if (outcome === 'done') {
      const lastError = await this.conversations.completed({ session, live })
      await this.rows.note(ticket, { expects: ExpectedCall.CLOSE, lastError })
      return PROGRESS_DONE
    }
    return this.conversations.progress(live)
  }

  /** We were started anew while QuickBooks worked: its answer is kept before anything else is done. */
  private async resume({ session, call }: { session: WebConnectorSession; call: Answering }): Promise<number> {
    const { ticket } = session
    const due = session.expects === ExpectedCall.ANSWER
    if (due) await this.conversations.keepAnswer({ ...call, connectionId: session.connectionId })
    const live = await this.liveOf({ session, told: null })
    if (!live) return FAILED
    await this.rows.note(ticket, {
      expects: ExpectedCall.ASK,
      answered: session.answered + (due ? 1 : 0),
      lastError: null,
    })
    return this.conversations.progress(live)
  }

  private async noteRefusal({ connectionId, hresult, message }: Failing & { connectionId: string }): Promise<void> {
    const { database, now, log } = this.options
    const code = codeOf(hresult)
    log.warn(
      { connectionId, code, message: message.slice(0, MESSAGE_LENGTH_MAX) },
      'QuickBooks refused a request as a whole',
    )
    if (code !== PARSE_ERROR) await noteTrouble(database, { connectionId, code, message, now: now() })
  }

  private async failNow({ ticket, hresult, message }: Failing): Promise<string> {
    const { database, now, log } = this.options
    const session = await this.rows.usable(ticket)
    if (!session) return 'done'
    const code = codeOf(hresult)
    const { connectionId, filesTried } = session
    await noteTrouble(database, { connectionId, code, message, now: now() })
    const { sentence, remedy } = troubleOf(code, message.trim().slice(0, MESSAGE_LENGTH_MAX) || null)
    const lastError = `${sentence} ${remedy}`
    const file = code === NOT_RUNNING && filesTried === 0 ? await this.conversations.fileOf(connectionId) : ''
    if (file !== '') {
      await this.rows.note(ticket, { filesTried: filesTried + 1, lastError })
      return file
    }
    log.warn({ connectionId, code }, 'the Web Connector cannot reach QuickBooks')
    await this.rows.finish({ ticket, reason: lastError })
    return 'done'
  }

  private async endNow(ticket: string): Promise<string> {
    const session = await this.rows.find(ticket)
    if (!session) return 'Nothing was under way.'
    if (session.closedAt) return session.closeReason ?? 'It had ended.'
    const done = session.expects === ExpectedCall.CLOSE ? session.lastError : null
    const reason = done ?? 'Ended before all was done; the next call goes on.'
    await this.rows.finish({ ticket, reason })
    return reason
  }
}

interface Failing {
  ticket: string
  hresult: string
  message: string
}

interface Answering extends Failing {
  response: string
}

/** Runs the calls of one name after the other. */
function turns(): <T>(name: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (name, work) => {
    const mine = (last.get(name) ?? Promise.resolve()).then(work)
    const settled = mine.catch(() => undefined)
    last.set(name, settled)
    settled.then(() => {
      if (last.get(name) === settled) last.delete(name)
    })
    return mine
  }
}
