import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
/** Scrapes that come closer together share one count of the postings. */
const COUNT_KEPT_SECONDS = 5

/** What Prometheus may know, and the functions by which the rest of the house tells it. */
export interface Metrics {
  contentType: string
  /** All metrics in Prometheus' own text. */
  text(): Promise<string>
  /** One request to QuickBooks was answered, or lost: `result` is its HTTP status, `lost` or `not-sent`. */
  delivery(args: { ledger: string; result: string; exchanges: number; durationMs: number }): void
  /** One poll of the order log ended. */
  poll(args: { ok: boolean; durationMs: number }): void
  /** One HTTP request to us was answered. */
  request(args: { route: string; method: string; status: number; durationMs: number }): void
}

/** `postingsByState` is asked when Prometheus asks; when it fails, `countersign_database_up` is 0 and the rest is still told. */
export function openMetrics(args: {
  postingsByState: () => Promise<{ key: string; count: number }[]>
  now: () => Date
}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  watchPostings({ ...args, registers })
  const deliveries = new Counter({
    name: 'countersign_deliveries_total',
    help: 'Requests to QuickBooks, by their result.',
    labelNames: ['ledger', 'result'] as const,
    registers,
  })
  const exchanges = new Counter({
    name: 'countersign_delivered_exchanges_total',
    help: 'Questions that travelled in requests to QuickBooks.',
    labelNames: ['ledger'] as const,
    registers,
  })
  const histogram = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Histogram({ name, help, labelNames: [...labelNames], buckets: SECONDS, registers })
  const deliverySeconds = histogram('countersign_delivery_seconds', 'From sending to the answer.', ['ledger'])
  const pollSeconds = histogram('countersign_poll_seconds', 'One reading of the order log.', ['result'])
  const requestSeconds = histogram('countersign_http_request_seconds', 'Requests to this server.', [
    'route',
    'method',
    'status',
  ])
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    delivery({ ledger, result, exchanges: count, durationMs }) {
      deliveries.inc({ ledger, result })
      exchanges.inc({ ledger }, count)
      deliverySeconds.observe({ ledger }, durationMs / 1000)
    },
    poll: ({ ok, durationMs }) => pollSeconds.observe({ result: ok ? 'ok' : 'error' }, durationMs / 1000),
    request: ({ route, method, status, durationMs }) =>
      requestSeconds.observe({ route, method, status: String(status) }, durationMs / 1000),
  }
}

function watchPostings(args: {
  postingsByState: () => Promise<{ key: string; count: number }[]>
  now: () => Date
  registers: Registry[]
}): void {
  let counts: Promise<{ key: string; count: number }[] | null> = Promise.resolve(null)
  let askedAt = Number.NEGATIVE_INFINITY
  /** Null when the database did not answer. */
  const latest = () => {
    const time = args.now().getTime()
    if (time - askedAt >= COUNT_KEPT_SECONDS * 1000) {
      askedAt = time
      counts = args.postingsByState().catch(() => null)
    }
    return counts
  }
  new Gauge({
    name: 'countersign_database_up',
    help: '1 when the database answered the last time it was asked for the postings.',
    registers: args.registers,
    async collect() {
      this.set((await latest()) === null ? 0 : 1)
    },
  })
  new Gauge({
    name: 'countersign_postings',
    help: 'Postings by state.',
    labelNames: ['state'] as const,
    registers: args.registers,
    async collect() {
      const known = (await latest()) ?? []
      this.reset()
      for (const { key, count } of known) this.set({ state: key }, count)
    },
  })
}
