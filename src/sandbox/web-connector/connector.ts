// Intuit's Web Connector, played: a program at the office that calls a SOAP service on a schedule or by hand, has QuickBooks
// work through the requests it is given, and hands back the answers. It shares no code with the service that it calls.
// One session at a time, over all applications; what the person at the office sees is kept for each.
import type { Sandbox } from '../context.ts'
import type { Table } from '../store.ts'
import { Application, type ApplicationRecord, type SessionSummary } from './application.ts'
import { type ApplicationFile, readApplicationFile } from './application-file.ts'
import type { QuickBooks } from './desktop.ts'
import { Session } from './session.ts'
import { declareSettings, type WebConnectorSettings } from './settings.ts'
import { CallFailed } from './soap.ts'
import { Wire } from './wire.ts'

const TICK_MS = 100

export interface ApplicationChanges {
  password?: string
  url?: string
  /** Null goes back to the file's minutes. */
  everySeconds?: number | null
}

export class WebConnector {
  readonly #sandbox: Sandbox
  readonly #quickBooks: QuickBooks
  readonly #settings: WebConnectorSettings
  readonly #records: Table<ApplicationRecord>
  readonly #applications = new Map<string, Application>()
  readonly #timer: NodeJS.Timeout
  #sessions = 0
  #line: Promise<unknown> = Promise.resolve()
  readonly #waiting = new Map<string, Promise<SessionSummary>>()

  constructor({ sandbox, quickBooks }: { sandbox: Sandbox; quickBooks: QuickBooks }) {
    this.#sandbox = sandbox
    this.#quickBooks = quickBooks
    this.#settings = declareSettings(sandbox.settings)
    this.#records = sandbox.store.table<ApplicationRecord>('web-connector.Application')
    for (const record of this.#records.all()) this.#applications.set(record.Id, new Application(record))
    this.#timer = setInterval(() => this.#runDue(), TICK_MS).unref()
  }

  /** Ends the schedule; a session that runs goes on to its end. */
  stop(): void {
    clearInterval(this.#timer)
  }

  get applications(): Application[] {
    return [...this.#applications.values()]
  }

  find(userName: string): Application | undefined {
    return this.#applications.get(userName)
  }

  /**
   * Adds the application of a .qwc file; one with the same user name is replaced, as if the person had agreed to it.
   * Throws with the words of the dialog: a file that is refused, pages that do not answer, a company file that is shut.
   */
  async add({ qwc, password }: { qwc: string; password: string }): Promise<Application> {
    const file = readApplicationFile(qwc)
    await this.#visit(file)
    const error = this.#quickBooks.open({ companyFile: '' })
    if (error) throw new Error(`The application could not be added: ${error.message} (${error.hresult})`)
    this.#quickBooks.stampFileId({ ownerId: file.ownerId, fileId: file.fileId })
    const application = new Application({
      ...{ Id: file.userName, file, password, url: file.appUrl, everySeconds: null, leastSeconds: 0, dueAt: null },
      ...{ lastRunAt: null, status: '', sessions: 0, calls: 0, roundTrips: 0 },
    })
    this.#applications.set(file.userName, application)
    this.#schedule(application)
    return application
  }

  change(application: Application, { password, url, everySeconds }: ApplicationChanges): void {
    if (everySeconds !== undefined && everySeconds !== null && !(Number.isFinite(everySeconds) && everySeconds >= 0)) {
      throw new RangeError('everySeconds must be 0 (never) or more')
    }
    if (url !== undefined && !URL.canParse(url)) throw new TypeError(`${url} is no address`)
    const { record } = application
    application.record = {
      ...record,
      password: password ?? record.password,
      url: url ?? record.url,
      everySeconds: everySeconds === undefined ? record.everySeconds : everySeconds,
    }
    this.#schedule(application)
  }

  remove(application: Application): void {
    this.#applications.delete(application.userName)
    this.#records.delete(application.userName)
  }

  /** "Update Selected": the session begins when those before it are over. One that waits already is not doubled. */
  run(application: Application): Promise<SessionSummary> {
    if (!this.#settings.webConnectorRuns) throw new Error('the Web Connector does not run (webConnectorRuns)')
    const { userName } = application
    const known = this.#waiting.get(userName)
    if (known) return known
    const session = this.#line.then(() => {
      this.#waiting.delete(userName)
      return this.#session(application)
    })
    this.#waiting.set(userName, session)
    this.#line = session.catch(() => {})
    return session
  }

  async #session(application: Application): Promise<SessionSummary> {
    const settings = this.#settings
    const wire = new Wire({ trustsAnyCertificate: settings.webConnectorTrustsAnyCertificate })
    const given = { sandbox: this.#sandbox, settings, application, quickBooks: this.#quickBooks, wire }
    application.running = true
    application.postponedSeconds = 0
    this.#sessions += 1
    const every = settings.webConnectorStrayCloseEvery
    let summary: SessionSummary | null = null
    try {
      const session = new Session(given)
      if (every > 0 && this.#sessions % every === 0) await session.stray(strayTicket(this.#sessions))
      summary = await session.run()
      return summary
    } finally {
      wire.close()
      this.#quickBooks.endSession()
      application.running = false
      this.#settle({ application, summary })
    }
  }

  /** Keeps what the window shows of a session that is over, and when the next one is due. */
  #settle({ application, summary }: { application: Application; summary: SessionSummary | null }): void {
    const { record } = application
    application.lastSession = summary
    application.record = {
      ...record,
      lastRunAt: this.#sandbox.clock.now().toISOString(),
      status: summary?.status ?? record.status,
      sessions: record.sessions + 1,
      calls: record.calls + (summary?.calls ?? 0),
      roundTrips: record.roundTrips + (summary?.roundTrips ?? 0),
    }
    if (this.#applications.get(application.userName) === application) this.#schedule(application)
  }

  /** A postponement counts for one without a schedule too, unless it is told never to run by itself. */
  #schedule(application: Application): void {
    const { intervalSeconds, postponedSeconds, record } = application
    const isPostponed = postponedSeconds > 0 && record.everySeconds !== 0
    const waitSeconds = isPostponed ? postponedSeconds : intervalSeconds
    const now = this.#sandbox.clock.now().getTime()
    const dueAt = waitSeconds === null ? null : new Date(now + waitSeconds * 1000).toISOString()
    application.record = { ...record, dueAt }
    this.#records.put(application.record)
  }

  #runDue(): void {
    if (!this.#settings.webConnectorRuns) return
    const now = this.#sandbox.clock.now().toISOString()
    for (const application of this.applications) {
      const { dueAt } = application.record
      if (dueAt !== null && dueAt <= now && !application.running) this.run(application).catch(() => {})
    }
  }

  /** It looks at the pages that a file names, and at the certificates behind them, before it takes the file. */
  async #visit({ appUrl, certUrl, appSupport }: ApplicationFile): Promise<void> {
    const wire = new Wire({ trustsAnyCertificate: this.#settings.webConnectorTrustsAnyCertificate })
    try {
      for (const url of [appUrl, certUrl, appSupport].filter((text) => text !== '')) {
        const entry = this.#sandbox.log.note({ system: 'web-connector', method: 'GET', path: url, detail: {} })
        const timeoutMs = this.#settings.webConnectorCallTimeoutSeconds * 1000
        const { status } = await wire.get({ url, timeoutMs })
        entry.status = status
        entry.answeredAt = this.#sandbox.clock.now().toISOString()
        if (status !== 200) throw new CallFailed(`${url} answered ${status}`)
      }
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      throw new Error(`QBWC1048: QuickBooks could not verify the web application server certificate. ${error.message}`)
    } finally {
      wire.close()
    }
  }
}

/** Of the form of a ticket, and nobody's. */
const strayTicket = (session: number): string => `00000000-0000-4000-8000-${String(session).padStart(12, '0')}`
