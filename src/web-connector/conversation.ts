import type { Connection } from '../domain/connection.ts'
import { ConnectionState } from '../domain/kinds.ts'
import type { WebConnectorSession } from '../domain/web-connector.ts'
import { codeOf, OTHER_FILE_CODE } from '../domain/web-connector-standing.ts'
import type { Caller, Conversation } from '../ledgers/mailbox.ts'
import { findConnection, stopConnection } from '../storage/connections.ts'
import { saveAnswer } from '../storage/deliveries.ts'
import { findWebConnectorUsers, noteCompleted, noteTrouble, seeCompanyFile } from '../storage/web-connector.ts'
import { saveCaller, unansweredDelivery } from '../storage/web-connector-sessions.ts'
import type { WebConnectorOptions } from './options.ts'
import { statusOf } from './status-column.ts'

/** What is left is counted at most this often: the answer to a call must not wait for it. */
const COUNTED_EVERY_MS = 1_000
/** How long the road may take to let go of a conversation that has ended. */
const LET_GO_MS = 5_000

/** A path is all that is known of a file before it is asked, and one file may have several. */
const SAME_FILE =
  'If it is the same file (moved, or named by a mapped drive instead of its server), make a new .qwc file with --company-file and this path.'

/** A session's conversation with the road, in the memory of this process. */
export interface Live {
  ticket: string
  /** As it is in the database while nobody else ends it; whoever notes a call learns that. */
  session: WebConnectorSession
  connection: Connection
  conversation: Conversation
  /** Settles when the road has ended; never rejects. */
  running: Promise<void>
  failed: boolean
  /** Calls in a row that found the road still thinking. */
  laters: number
  /** Postings that came to rest since it began, and those that are left. */
  done: number
  left: number
  countedAt: number
}

/** The conversations that this process has with Web Connectors, by the tickets of their sessions. */
export class Conversations {
  private readonly options: WebConnectorOptions
  private readonly open = new Map<string, Live>()

  constructor(options: WebConnectorOptions) {
    this.options = options
  }

  live(ticket: string): Live | null {
    return this.open.get(ticket) ?? null
  }

  /** Opens the conversation and sets the road going. `told` is null when the Web Connector said who it is before our time. */
  async start(args: { session: WebConnectorSession; told: Caller | null }): Promise<Live | { refusal: string }> {
    const { database, now, mailboxOf } = this.options
    const { ticket, connectionId, backlog } = args.session
    const known = callerOf(args.session)
    const caller = known ?? args.told
    const connection = await findConnection(database, { id: connectionId })
    if (!connection || !caller) return { refusal: 'Countersign does not know this company any more.' }
    const refusal = await this.wrongFile({ connection, path: caller.companyFileName })
    if (refusal) return { refusal }
    if (!known) {
      await saveCaller(database, { ticket, caller })
      await noteTrouble(database, { connectionId, code: null, message: '', now: now() })
    }
    const live: Live = {
      ticket,
      session: Object.assign(args.session, caller),
      connection,
      conversation: mailboxOf(connection).open(caller),
      running: Promise.resolve(),
      failed: false,
      laters: 0,
      done: 0,
      left: backlog,
      countedAt: now().getTime(),
    }
    live.running = this.goOn(live)
    this.open.set(ticket, live)
    return live
  }

  private async goOn(live: Live): Promise<void> {
    const { run, log } = this.options
    const { connection, conversation } = live
    try {
      await run(connection)
    } catch (error) {
      live.failed = true
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      log.error({ connection: connection.name, error: text }, 'the road ended in a conversation with the Web Connector')
    } finally {
      conversation.finish()
    }
  }

  /** Another company file under the same user stops the connection before anything is asked of it. */
  private async wrongFile({ connection, path }: { connection: Connection; path: string }): Promise<string | null> {
    if (path === '') return null
    const { database, now, log } = this.options
    const { id, name } = connection
    const other = await seeCompanyFile(database, { connectionId: id, path })
    if (!other) return null
    const { expected } = other
    const detail = `the Web Connector opened ${path}, and the connection is for ${expected}`
    await noteTrouble(database, { connectionId: id, code: OTHER_FILE_CODE, message: detail, now: now() })
    await stopConnection(database, { id, reason: 'WRONG_COMPANY_FILE', detail: { detail }, now: now() })
    log.error({ connection: name, path, expected }, 'another company file was opened; nothing is asked of it')
    return `This is another company file (${path}); "${name}" is ${expected}. Nothing was written. Open that file, or give this one a connection and a .qwc file of its own. ${SAME_FILE}`
  }

  /** Keeps an answer to what a process before us had sent. */
  async keepAnswer(args: { connectionId: string; response: string; hresult: string; message: string }): Promise<void> {
    const { database, now, log } = this.options
    const { connectionId, response, hresult, message } = args
    const delivery = await unansweredDelivery(database, { connectionId })
    if (!delivery) return
    const failed = hresult !== ''
    const answer = {
      status: failed ? 500 : 200,
      body: failed ? `${codeOf(hresult)}: ${message}` : response,
      intuitTid: null,
      lostReason: null,
      durationMs: now().getTime() - delivery.sentAt.getTime(),
    }
    await saveAnswer(database, { deliveryId: delivery.id, answer, now: now() })
    log.info({ delivery: delivery.id }, 'an answer was kept that a process before us had asked for')
  }

  /** How far it is, in percent, from 1 to 99. */
  async progress(live: Live): Promise<number> {
    const time = this.options.now().getTime()
    if (time - live.countedAt >= COUNTED_EVERY_MS) {
      const left = await this.options.backlog(live.connection)
      live.done += Math.max(0, live.left - left)
      live.left = left
      live.countedAt = time
    }
    const all = live.done + live.left
    return all === 0 ? 99 : Math.min(99, Math.max(1, Math.floor((100 * live.done) / all)))
  }

  /** Notes that nothing is left to ask; gives what the Web Connector shows. */
  async completed({ session, live }: { session: WebConnectorSession; live: Live }): Promise<string> {
    const { database, now, backlog } = this.options
    const { connectionId, answered } = session
    if (live.failed) return 'Countersign could not go on; its log says why. Nothing is lost, and the next call goes on.'
    const left = await backlog(live.connection)
    const { openedAt } = session
    const connection = await findConnection(database, { id: connectionId })
    if (connection?.state === ConnectionState.ACTIVE) await noteCompleted(database, { connectionId, now: now() })
    return statusOf(database, { connectionId, answered, left, openedAt })
  }

  /** The path of the connection's company file, as far as it is known. */
  async fileOf(connectionId: string): Promise<string> {
    const [user] = await findWebConnectorUsers(this.options.database, { connectionIds: [connectionId] })
    return user?.companyFile || user?.companyFileSeen || ''
  }

  /** Ends a conversation and waits a little until the road has let go. */
  async end({ ticket, reason }: { ticket: string; reason: string }): Promise<void> {
    const live = this.open.get(ticket)
    if (!live) return
    this.open.delete(ticket)
    live.conversation.end(reason)
    await within(live.running, LET_GO_MS)
  }

  async close(): Promise<void> {
    const reason = 'Countersign is being stopped.'
    await Promise.all([...this.open.keys()].map((ticket) => this.end({ ticket, reason })))
  }
}

/** Waits for work that may go on by itself; what becomes of it afterwards is its own affair. */
export async function within(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<void>((done) => {
    timer = setTimeout(done, ms)
  })
  await Promise.race([work.catch(() => undefined), patience])
  clearTimeout(timer)
}

/** What the first call of a session told; null before it. */
function callerOf({ qbXmlVersion, companyFileName, country, hcpResponse }: WebConnectorSession): Caller | null {
  if (qbXmlVersion === null) return null
  return {
    qbXmlVersion,
    companyFileName: companyFileName ?? '',
    country: country ?? '',
    hcpResponse: hcpResponse ?? '',
  }
}
