import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

const SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120]
/** Scrapes that come closer together share one look into the database. */
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

/** What the database knows at this moment. */
interface Standing {
  postingsByState: { key: string; count: number }[]
  /** What QuickBooks told of and the mirror does not have yet; the lag is the age of the oldest. */
  webhooks: { pending: number; lagSeconds: number }
  /** When each connection's sign-in ends for good, if nobody renews it. */
  signIns: { connection: string; endsInSeconds: number }[]
  /** What is not posted, not verified, not paid: how many, how much, dollars × days, and the age of the oldest. */
  moneyAtRisk: { risk: string; count: number; dollars: number; dollarDays: number; oldestSeconds: number }[]
}

interface Asked {
  standing: () => Promise<Standing>
  now: () => Date
}

/** `standing` is asked when Prometheus asks; when it fails, `countersign_database_up` is 0 and the rest is still told. */
export function openMetrics(args: Asked): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  watchStanding({ ...args, registers })
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

function watchStanding(args: Asked & { registers: Registry[] }): void {
  let standing: Promise<Standing | null> = Promise.resolve(null)
  let askedAt = Number.NEGATIVE_INFINITY
  /** Null when the database did not answer. */
  const latest = () => {
    const time = args.now().getTime()
    if (time - askedAt >= COUNT_KEPT_SECONDS * 1000) {
      askedAt = time
      standing = args.standing().catch(() => null)
    }
    return standing
  }
  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    tell: (gauge: Gauge<Label>, known: Standing | null) => void,
  ) =>
    new Gauge({
      ...{ name, help, labelNames: [...labelNames], registers: args.registers },
      async collect() {
        const known = await latest()
        this.reset()
        // Without labels a reset is a 0, which would say that all is well.
        if (labelNames.length === 0) this.remove()
        tell(this, known)
      },
    })
  const up = '1 when the database answered the last time it was asked.'
  gauge('countersign_database_up', up, [], (one, known) => one.set(known === null ? 0 : 1))
  gauge('countersign_postings', 'Postings by state.', ['state'], (one, known) => {
    for (const { key, count } of known?.postingsByState ?? []) one.set({ state: key }, count)
  })
  gauge('countersign_webhook_events_pending', 'What QuickBooks told of, and waits to be read.', [], (one, known) => {
    if (known) one.set(known.webhooks.pending)
  })
  gauge('countersign_webhook_lag_seconds', 'How long the oldest of these has waited.', [], (one, known) => {
    if (known) one.set(known.webhooks.lagSeconds)
  })
  const risks = [
    ['countersign_money_at_risk_orders', 'Orders and invoices that are at risk.', 'count'],
    ['countersign_money_at_risk_dollars', 'What is not posted, not verified, or not paid.', 'dollars'],
    ['countersign_money_at_risk_dollar_days', 'The same, each amount times its age in days.', 'dollarDays'],
    ['countersign_money_at_risk_oldest_seconds', 'The age of the oldest of it.', 'oldestSeconds'],
  ] as const
  for (const [name, help, figure] of risks) {
    gauge(name, help, ['risk'], (one, known) => {
      for (const each of known?.moneyAtRisk ?? []) one.set({ risk: each.risk }, each[figure])
    })
  }
  const ends = 'When the sign-in to QuickBooks ends, if nobody renews it.'
  gauge('countersign_sign_in_ends_seconds', ends, ['connection'], (one, known) => {
    for (const { connection, endsInSeconds } of known?.signIns ?? []) one.set({ connection }, endsInSeconds)
  })
}
