import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from './clock.ts'

/** One request as its system saw it. `status` stays null when the socket closed without an answer. */
export interface LoggedRequest {
  sequence: number
  system: string
  method: string
  path: string
  receivedAt: string
  answeredAt: string | null
  status: number | null
  /** The header x-countersign-worker, if one was sent: which worker of a test asked. */
  worker?: string
  /** What the system wants a test to know, such as the entity and operation, or the fault that was played. */
  detail?: Record<string, unknown>
}

const entriesMax = 200_000

/** Every request to every system, the newest 200,000: the witness in tests of what was really sent. */
export class RequestLog {
  readonly #clock: Clock
  #entries: LoggedRequest[] = []
  #sequence = 0

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock
  }

  /** Notes a request now and its answer when the response finishes. The returned entry may be given a `detail`. */
  witness({
    system,
    request,
    response,
  }: {
    system: string
    request: IncomingMessage
    response: ServerResponse
  }): LoggedRequest {
    const entry = this.note({ system, method: request.method ?? 'GET', path: request.url ?? '/' })
    const worker = request.headers['x-countersign-worker']
    if (typeof worker === 'string') entry.worker = worker
    response.once('finish', () => {
      entry.answeredAt = this.#clock.now().toISOString()
      entry.status = response.statusCode
    })
    return entry
  }

  /** Notes a request that a played system makes itself; whoever makes it fills in the answer's time and status. */
  note({ system, method, path, detail }: Pick<LoggedRequest, 'system' | 'method' | 'path' | 'detail'>): LoggedRequest {
    const entry: LoggedRequest = {
      sequence: ++this.#sequence,
      system,
      method,
      path,
      receivedAt: this.#clock.now().toISOString(),
      answeredAt: null,
      status: null,
      ...(detail && { detail }),
    }
    this.#entries.push(entry)
    // Dropping the oldest tenth at once keeps the cost per request flat; a shift per request would not.
    if (this.#entries.length > entriesMax * 1.1) this.#entries = this.#entries.slice(-entriesMax)
    return entry
  }

  /** The entries after a sequence number, oldest first, at most `limit` of the newest. */
  query({ system, since = 0, method, path, limit = entriesMax }: RequestLogQuery = {}): LoggedRequest[] {
    const found = this.#entries.slice(-entriesMax).filter((entry) => {
      if (entry.sequence <= since || (system !== undefined && entry.system !== system)) return false
      return (method === undefined || entry.method === method) && (path === undefined || entry.path.includes(path))
    })
    return found.slice(-limit)
  }
}

export interface RequestLogQuery {
  system?: string
  since?: number
  method?: string
  path?: string
  limit?: number
}
