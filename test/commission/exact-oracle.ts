/**
 * What commission must come to, worked out the slow way: one payment after the other, in whole numbers of any size. It shares
 * nothing with the code that it judges, neither its arithmetic nor its SQL.
 */
export interface OracleEvent {
  kind: 'PAYMENT' | 'REFUND' | 'CREDIT_MEMO'
  recordId: string
  version: number
  changedAt: number
  date: string
  state: 'LIVE' | 'VOIDED' | 'DELETED'
  currency: string
  totalCents: bigint
  /** With a day of its own, money that a credit memo or payment was given back with, which no total tells. */
  parts: { part: string; invoiceId: string | null; cents: bigint; on?: string }[]
}

export interface OracleInvoice {
  invoiceId: string
  order: string
  customer: string
  date: string
  currency: string
  lines: { item: string; netCents: bigint }[]
  extraCents: bigint
}

/** Percentages are in ten-thousandths of one percent. */
export interface OracleRate {
  rep: string | null
  item: string | null
  customer: string | null
  from: string
  until: string
  holdbackDays: number
  rule:
    | { mode: 'FLAT'; percent: bigint }
    | { mode: 'MARGINAL' | 'RETROACTIVE'; tiers: { fromCents: bigint; percent: bigint }[] }
}

export interface OracleShare {
  rep: string | null
  percent: bigint
  overrides: boolean
  ownPercent?: bigint
  ownCents?: bigint
}

export interface OracleWorld {
  invoices: OracleInvoice[]
  rates: OracleRate[]
  /** By order, then by customer. */
  splits: Map<string, OracleShare[]>
}

/** Half away from zero, of a quotient whose divisor is positive. */
function rounded(numerator: bigint, divisor: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator
  const quotient = (2n * size + divisor) / (2n * divisor)
  return numerator < 0n ? -quotient : quotient
}

const PERCENT = 1_000_000n

function newestOf(events: OracleEvent[]): OracleEvent[] {
  const newest = new Map<string, OracleEvent>()
  for (const event of events) {
    const key = `${event.kind} ${event.recordId}`
    const other = newest.get(key)
    const rank = (one: OracleEvent) => (one.state === 'DELETED' ? 1e9 : 0) + one.version
    if (!other || rank(event) > rank(other)) newest.set(key, event)
  }
  return [...newest.values()]
}

interface Application {
  kind: string
  recordId: string
  date: string
  cents: bigint
}

interface Claim {
  application: Application
  invoiceId: string
  rep: string | null
  rate: OracleRate | null
  seat: number
  ownCents: bigint | null
  moved: bigint
}

export interface OracleResult {
  /** `month rep` → cents. */
  amounts: Map<string, bigint>
  commissionable: bigint
  excluded: bigint
  unapplied: bigint
  received: bigint
}

export function judge(world: OracleWorld, events: OracleEvent[]): OracleResult {
  const live = newestOf(events).filter(({ state }) => state === 'LIVE')
  const result: OracleResult = { amounts: new Map(), commissionable: 0n, excluded: 0n, unapplied: 0n, received: 0n }
  const byInvoice = new Map<string, Application[]>()
  for (const event of live) {
    const total = event.kind === 'CREDIT_MEMO' ? 0n : event.totalCents
    result.received += event.kind === 'REFUND' ? -total : total
    let applied = 0n
    for (const { part, invoiceId, cents, on } of event.parts) {
      if (part !== 'CASH' && part !== 'REFUND') continue
      const sign = part === 'REFUND' ? -1n : 1n
      const date = on ?? event.date
      if (on === undefined) applied += cents
      else result.received -= cents
      if (invoiceId === null) {
        result.unapplied += sign * cents
        continue
      }
      const invoice = world.invoices.find((one) => one.invoiceId === invoiceId)
      if (!invoice || invoice.currency !== event.currency) {
        result.excluded += sign * cents
        continue
      }
      const applications = byInvoice.get(invoiceId) ?? []
      const { kind, recordId } = event
      const same = applications.find((one) => one.kind === kind && one.recordId === recordId && one.date === date)
      if (same) same.cents += sign * cents
      else applications.push({ kind, recordId, date, cents: sign * cents })
      byInvoice.set(invoiceId, applications)
    }
    result.unapplied += event.kind === 'REFUND' ? applied - total : total - applied
  }
  const claims: Claim[] = []
  for (const invoice of world.invoices) {
    const applications = (byInvoice.get(invoice.invoiceId) ?? []).filter(({ cents }) => cents !== 0n)
    const commissionable = claimsOf({ world, invoice, applications, claims })
    result.commissionable += commissionable
    result.excluded += applications.reduce((sum, { cents }) => sum + cents, 0n) - commissionable
  }
  for (const [key, cents] of amountsOf(claims)) result.amounts.set(key, cents)
  return result
}

const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Adds what each payment moves of each share, and gives what of the cash is commissionable in the end. */
function claimsOf(args: {
  world: OracleWorld
  invoice: OracleInvoice
  applications: Application[]
  claims: Claim[]
}): bigint {
  const { world, invoice, applications, claims } = args
  const base = invoice.lines.reduce((sum, { netCents }) => sum + netCents, 0n)
  const total = base + invoice.extraCents
  const shares = world.splits.get(`order ${invoice.order}`) ??
    world.splits.get(`customer ${invoice.customer}`) ?? [{ rep: null, percent: 100n * 10_000n, overrides: false }]
  applications.sort((a, b) => before(a.date, b.date) || before(a.kind, b.kind) || before(a.recordId, b.recordId))
  const last = new Map<string, { moved: bigint; own: bigint }>()
  let paid = 0n
  let due = 0n
  for (const application of applications) {
    paid += application.cents
    const capped = paid < 0n ? 0n : paid > total ? total : paid
    due = total > 0n ? rounded(base * capped, total) : 0n
    const lines = byLargestRemainder({ cents: due, weights: invoice.lines.map(({ netCents }) => netCents) })
    let passed = 0n
    shares.forEach((share, seat) => {
      const from = passed
      if (!share.overrides) passed += share.percent
      const groups = new Map<OracleRate | null, { cents: bigint; part: bigint }>()
      invoice.lines.forEach((line, index) => {
        const isOwn = share.ownPercent !== undefined || share.ownCents !== undefined
        const rate = isOwn ? null : rateOf({ world, invoice, item: line.item, rep: share.rep })
        const cents = lines[index] ?? 0n
        const had = groups.get(rate) ?? { cents: 0n, part: 0n }
        const end = share.overrides ? share.percent : from + share.percent
        const part = rounded(cents * end, PERCENT) - (share.overrides ? 0n : rounded(cents * from, PERCENT))
        groups.set(rate, { cents: had.cents + cents, part: had.part + part })
      })
      for (const [rate, { cents, part }] of groups) {
        const own =
          share.ownCents !== undefined
            ? base > 0n
              ? rounded(share.ownCents * cents, base)
              : 0n
            : share.ownPercent !== undefined
              ? rounded(cents * share.ownPercent, PERCENT)
              : null
        const key = `${seat} ${rate === null ? -1 : world.rates.indexOf(rate)}`
        const had = last.get(key) ?? { moved: 0n, own: 0n }
        const whole = own === null ? part : cents
        const common = { application, invoiceId: invoice.invoiceId, rep: share.rep, rate, seat }
        claims.push({ ...common, ownCents: own === null ? null : own - had.own, moved: whole - had.moved })
        last.set(key, { moved: whole, own: own ?? 0n })
      }
    })
  }
  return due
}

function rateOf(args: {
  world: OracleWorld
  invoice: OracleInvoice
  item: string
  rep: string | null
}): OracleRate | null {
  const { world, invoice, item, rep } = args
  const { customer } = invoice
  const wanted: Partial<OracleRate>[] = [
    { item, rep, customer: null },
    { item, rep: null, customer: null },
    { customer, rep, item: null },
    { customer, rep: null, item: null },
    { rep, item: null, customer: null },
    { rep: null, item: null, customer: null },
  ]
  for (const scope of wanted) {
    const found = world.rates.find(
      (rate) =>
        rate.item === scope.item &&
        rate.rep === scope.rep &&
        rate.customer === scope.customer &&
        rate.from <= invoice.date &&
        invoice.date <= rate.until,
    )
    if (found) return found
  }
  return null
}

function byLargestRemainder({ cents, weights }: { cents: bigint; weights: bigint[] }): bigint[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0n)
  if (all === 0n) return weights.map(() => 0n)
  const parts = weights.map((weight, index) => ({ index, whole: (cents * weight) / all, rest: (cents * weight) % all }))
  let left = cents - parts.reduce((sum, { whole }) => sum + whole, 0n)
  const order = [...parts].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))
  for (const part of order) {
    if (left === 0n) break
    part.whole += 1n
    left -= 1n
  }
  return parts.map(({ whole }) => whole)
}

/** From moved shares to money: month by month for tiers, then invoice by invoice for what goes back. */
function amountsOf(claims: Claim[]): Map<string, bigint> {
  const amounts = new Map<string, bigint>()
  const add = (claim: Claim, cents: bigint) => {
    const days = claim.moved > 0n ? (claim.rate?.holdbackDays ?? 0) : 0
    const payable = new Date(Date.parse(claim.application.date) + days * 86_400_000).toISOString().slice(0, 7)
    const key = `${payable} ${claim.rep}`
    amounts.set(key, (amounts.get(key) ?? 0n) + cents)
  }
  const gross = grossOfTiers(claims)
  const running = new Map<
    string,
    { base: bigint; flat: bigint; earned: bigint; incoming: bigint; outgoing: bigint; net: bigint }
  >()
  const rates = [...new Set(claims.map(({ rate }) => rate))]
  for (const claim of claims) {
    const key = `${claim.invoiceId} ${claim.seat} ${rates.indexOf(claim.rate)}`
    const had = running.get(key) ?? { base: 0n, flat: 0n, earned: 0n, incoming: 0n, outgoing: 0n, net: 0n }
    if (claim.ownCents !== null) add(claim, claim.ownCents)
    else if (claim.rate === null) add(claim, 0n)
    else if (claim.rate.rule.mode === 'FLAT') {
      const base = had.base + claim.moved
      const flat = rounded(base * claim.rate.rule.percent, PERCENT)
      add(claim, flat - had.flat)
      running.set(key, { ...had, base, flat })
    } else {
      const earned = had.earned + (gross.get(claim) ?? 0n)
      const incoming = had.incoming + (claim.moved > 0n ? claim.moved : 0n)
      const outgoing = had.outgoing + (claim.moved < 0n ? -claim.moved : 0n)
      const net = incoming > 0n ? earned - rounded(earned * outgoing, incoming) : 0n
      add(claim, net - had.net)
      running.set(key, { ...had, earned, incoming, outgoing, net })
    }
  }
  return amounts
}

function grossOfTiers(claims: Claim[]): Map<Claim, bigint> {
  const gross = new Map<Claim, bigint>()
  const tiered = claims.filter(({ rate, moved }) => rate !== null && rate.rule.mode !== 'FLAT' && moved > 0n)
  const rates = [...new Set(tiered.map(({ rate }) => rate))]
  const months = Map.groupBy(
    tiered,
    ({ rep, rate, application }) => `${rep} ${rates.indexOf(rate)} ${application.date.slice(0, 7)}`,
  )
  for (const month of months.values()) {
    const rule = month[0]?.rate?.rule
    if (!rule || rule.mode === 'FLAT') continue
    month.sort(
      (a, b) =>
        before(a.application.date, b.application.date) ||
        before(a.application.kind, b.application.kind) ||
        before(a.application.recordId, b.application.recordId) ||
        before(a.invoiceId, b.invoiceId) ||
        a.seat - b.seat,
    )
    const all = month.reduce((sum, { moved }) => sum + moved, 0n)
    const paying = (cents: bigint): bigint => {
      if (rule.mode === 'RETROACTIVE') {
        const reached = rule.tiers.filter(({ fromCents }) => fromCents <= all).at(-1)
        return rounded(cents * (reached?.percent ?? 0n), PERCENT)
      }
      let sum = 0n
      rule.tiers.forEach(({ fromCents, percent }, index) => {
        const end = rule.tiers[index + 1]?.fromCents ?? cents
        const top = cents < end ? cents : end
        if (top > fromCents) sum += (top - fromCents) * percent
      })
      return rounded(sum, PERCENT)
    }
    let volume = 0n
    for (const claim of month) {
      gross.set(claim, paying(volume + claim.moved) - paying(volume))
      volume += claim.moved
    }
  }
  return gross
}
