import type { Row } from '../store.ts'
import type { ApplicationFile } from './application-file.ts'

/** How a session ended, for a test; `cut` is an order of a fault rule to end the program in its midst. */
export type Outcome =
  | 'finished'
  | 'no-work'
  | 'busy'
  | 'postponed'
  | 'not-authenticated'
  | 'refused-version'
  | 'quickbooks-refused'
  | 'error-shown'
  | 'call-failed'
  | 'crashed'
  | 'cut'

export interface SessionSummary {
  outcome: Outcome
  /** The text of the status column when the session was over. */
  status: string
  ticket: string
  /** SOAP calls that were begun. */
  calls: number
  /** Requests that QuickBooks was given. */
  roundTrips: number
  durationMs: number
}

/** What is kept of an application; its Id is the user name. */
export interface ApplicationRecord extends Row {
  file: ApplicationFile
  password: string
  /** Where it is called; the file's AppURL until it is changed. */
  url: string
  /** Overrides the file's minutes; 0 is never. */
  everySeconds: number | null
  /** The least interval that authenticate asked for. */
  leastSeconds: number
  /** When it runs by itself; null for never. */
  dueAt: string | null
  lastRunAt: string | null
  status: string
  sessions: number
  calls: number
  roundTrips: number
}

const LOG_LINES_MAX = 2_000

/** One line of the Web Connector's window: what is kept, and what is shown while it runs. */
export class Application {
  record: ApplicationRecord
  /** The progress bar, 0–100. */
  progress = 0
  running = false
  /** How long the service wants to be left alone after this session. */
  postponedSeconds = 0
  lastSession: SessionSummary | null = null
  log: string[] = []

  constructor(record: ApplicationRecord) {
    this.record = record
  }

  get userName(): string {
    return this.record.Id
  }

  /** Adds a line in the manner of QWCLog.txt; the oldest go. */
  note({ at, where, text }: { at: Date; where: string; text: string }): void {
    const [day, time] = at.toISOString().slice(0, 19).split('T')
    this.log.push(`${day?.replaceAll('-', '')}.${time} UTC\t: ${where} : ${text}`)
    if (this.log.length > LOG_LINES_MAX) this.log = this.log.slice(-LOG_LINES_MAX / 2)
  }

  /** What authenticate asked for: a least interval, and not to be called for a while. */
  adopt({ leastSeconds, postponedSeconds }: { leastSeconds: number; postponedSeconds: number }): void {
    this.postponedSeconds = postponedSeconds
    this.record = { ...this.record, leastSeconds }
  }

  /** How often it runs by itself, in seconds; null for by hand only. */
  get intervalSeconds(): number | null {
    const { everySeconds, leastSeconds, file } = this.record
    const wanted = everySeconds ?? (file.runEveryMinutes ?? 0) * 60
    return wanted > 0 ? Math.max(wanted, leastSeconds) : null
  }

  /** What the control port shows; the password stays out. */
  view({ logLines }: { logLines: number }): object {
    const { record, progress, running, lastSession } = this
    const { file, url, status, everySeconds, leastSeconds, dueAt, lastRunAt, sessions, calls, roundTrips } = record
    return {
      ...{ userName: this.userName, appName: file.appName, url, status, progress, running },
      ...{ everySeconds, leastSeconds, intervalSeconds: this.intervalSeconds, dueAt, lastRunAt, file, lastSession },
      counts: { sessions, calls, roundTrips },
      log: logLines > 0 ? this.log.slice(-logLines) : [],
    }
  }
}
