/** What a session of the Web Connector came to; see Outcome in src/sandbox/web-connector/application.ts. */
export interface SessionSummary {
  outcome: string
  /** The text of the status column. */
  status: string
  ticket: string
  calls: number
  roundTrips: number
  durationMs: number
}

/** An application as the person at the office sees it. */
export interface ShownApplication {
  userName: string
  appName: string
  url: string
  status: string
  progress: number
  running: boolean
  everySeconds: number | null
  leastSeconds: number
  intervalSeconds: number | null
  dueAt: string | null
  lastRunAt: string | null
  file: { appUrl: string; ownerId: string; fileId: string; isReadOnly: boolean; runEveryMinutes: number | null }
  lastSession: SessionSummary | null
  counts: { sessions: number; calls: number; roundTrips: number }
  log: string[]
}

type AskControl = <T>(path: string, init?: { method?: string; body?: unknown; timeoutSeconds?: number }) => Promise<T>

const sessionSecondsMax = 280
const place = '/web-connector/applications'

/** The doors of the control port to the Web Connector. Each throws on a 4xx or 5xx, with its words. */
export class WebConnectorDoors {
  readonly #ask: AskControl

  constructor(ask: AskControl) {
    this.#ask = ask
  }

  add(body: { qwc: string; password: string }): Promise<ShownApplication> {
    return this.#ask(place, { method: 'POST', body })
  }

  list(): Promise<ShownApplication[]> {
    return this.#ask(place)
  }

  show(userName: string): Promise<ShownApplication> {
    return this.#ask(pathOf(userName))
  }

  /** `everySeconds` overrides the file's minutes; 0 is never, null the file's again. */
  change(
    userName: string,
    body: { password?: string; url?: string; everySeconds?: number | null },
  ): Promise<ShownApplication> {
    return this.#ask(pathOf(userName), { method: 'PATCH', body })
  }

  remove(userName: string): Promise<unknown> {
    return this.#ask(pathOf(userName), { method: 'DELETE' })
  }

  /** "Update Selected": the session begins, and nobody waits for it. */
  start(userName: string): Promise<unknown> {
    return this.#ask(`${pathOf(userName)}/run`, { method: 'POST' })
  }

  /** "Update Selected", and what came of it. */
  run(userName: string): Promise<SessionSummary> {
    return this.#ask(`${pathOf(userName)}/run?wait=true`, { method: 'POST', timeoutSeconds: sessionSecondsMax })
  }
}

const pathOf = (userName: string) => `${place}/${encodeURIComponent(userName)}`
