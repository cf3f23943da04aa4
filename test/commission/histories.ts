import { sharesFrom } from '../../src/commission/splits.ts'
import { rateScope, splitScope } from '../../src/domain/commission-plan.ts'
import type {
  PaymentEvent,
  PaymentPart,
  PaymentRecordKind,
  PaymentRecordState,
} from '../../src/domain/payment-application.ts'
import type { Database } from '../../src/storage/database.ts'
import { idAt, insertRows } from '../storage/rows.ts'
import { money, NOW, type Sale } from './company.ts'
import type { OracleEvent, OracleInvoice, OracleRate, OracleShare, OracleWorld } from './exact-oracle.ts'

/** A chance that a seed repeats: mulberry32. */
export function chanceOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface History {
  world: OracleWorld
  events: OracleEvent[]
}

const EVER = { from: '2025-01-01', until: '9999-12-31' }

/** One random business of few invoices: its plan, and what became of its payments. All its names begin with the given one. */
export function randomHistory({ name, chance }: { name: string; chance: () => number }): History {
  const upTo = (count: number) => Math.floor(chance() * count)
  const cents = (most: number) => BigInt(1 + upTo(most))
  const day = () => `2026-0${1 + upTo(4)}-${String(1 + upTo(28)).padStart(2, '0')}`
  const invoices: OracleInvoice[] = Array.from({ length: 1 + upTo(3) }, (_, index) => ({
    invoiceId: `${name}-i${index}`,
    order: `${name}-o${index}`,
    customer: `${name}-c${upTo(2)}`,
    date: day(),
    currency: 'USD',
    lines: Array.from({ length: 1 + upTo(3) }, () => ({
      item: `${name}-p${upTo(3)}`,
      netCents: chance() < 0.1 ? 0n : cents(90_000),
    })),
    extraCents: chance() < 0.5 ? cents(9_000) : 0n,
  }))
  const world = { invoices, rates: randomRates({ name, chance }), splits: randomSplits({ name, chance, invoices }) }
  return { world, events: randomEvents({ name, chance, invoices, day }) }
}

function randomRates({ name, chance }: { name: string; chance: () => number }): OracleRate[] {
  const percent = () => BigInt(Math.floor(chance() * 200_000))
  const rule = (): OracleRate['rule'] => {
    const kind = chance()
    if (kind < 0.5) return { mode: 'FLAT', percent: percent() }
    const tiers = [0n, 20_000n, 60_000n].map((fromCents) => ({ fromCents, percent: percent() }))
    return { mode: kind < 0.75 ? 'MARGINAL' : 'RETROACTIVE', tiers }
  }
  const rate = (scope: Partial<OracleRate>): OracleRate => ({
    rep: null,
    item: null,
    customer: null,
    ...EVER,
    holdbackDays: chance() < 0.2 ? 30 : 0,
    rule: rule(),
    ...scope,
  })
  const maybe = (share: number, made: () => OracleRate[]) => (chance() < share ? made() : [])
  return [
    ...maybe(0.8, () => [rate({ rep: `${name}-a` })]),
    ...maybe(0.6, () => [
      rate({ rep: `${name}-b`, until: '2026-02-14' }),
      rate({ rep: `${name}-b`, from: '2026-02-15' }),
    ]),
    ...maybe(0.3, () => [rate({ item: `${name}-p0` })]),
    ...maybe(0.2, () => [rate({ item: `${name}-p1`, rep: `${name}-a` })]),
    ...maybe(0.2, () => [rate({ customer: `${name}-c0` })]),
    ...maybe(0.2, () => [rate({ customer: `${name}-c0`, rep: `${name}-b` })]),
  ]
}

function randomSplits(args: { name: string; chance: () => number; invoices: OracleInvoice[] }): OracleWorld['splits'] {
  const { name, chance, invoices } = args
  const whole = 1_000_000n
  const shares = (): OracleShare[] => {
    const first = BigInt(1 + Math.floor(chance() * 999_998))
    const kind = chance()
    const one: OracleShare = { rep: `${name}-a`, percent: kind < 0.4 ? whole : first, overrides: false }
    if (kind > 0.85) one.ownPercent = BigInt(Math.floor(chance() * 300_000))
    else if (kind > 0.75) one.ownCents = BigInt(Math.floor(chance() * 30_000))
    const two: OracleShare[] = kind < 0.4 ? [] : [{ rep: `${name}-b`, percent: whole - first, overrides: false }]
    const on: OracleShare[] = chance() < 0.2 ? [{ rep: `${name}-m`, percent: 500_000n, overrides: true }] : []
    return [one, ...two, ...on]
  }
  const splits = new Map<string, OracleShare[]>()
  for (const { order } of invoices) if (chance() < 0.6) splits.set(`order ${order}`, shares())
  if (chance() < 0.7) splits.set(`customer ${name}-c0`, shares())
  return splits
}

function randomEvents(args: {
  name: string
  chance: () => number
  invoices: OracleInvoice[]
  day: () => string
}): OracleEvent[] {
  const { name, chance, invoices, day } = args
  const events: OracleEvent[] = []
  const records = 1 + Math.floor(chance() * 6)
  for (let record = 0; record < records; record += 1) {
    const luck = chance()
    const kind = luck < 0.75 ? 'PAYMENT' : luck < 0.92 ? 'REFUND' : 'CREDIT_MEMO'
    const versions = 1 + Math.floor(chance() * 3)
    for (let version = 0; version < versions; version += 1) {
      const fate = chance()
      const state = version > 0 && fate < 0.15 ? 'VOIDED' : version > 0 && fate < 0.25 ? 'DELETED' : 'LIVE'
      const parts = state === 'LIVE' ? randomParts({ kind, chance, invoices, name, day }) : []
      const applied = parts
        .filter(({ part, on }) => part !== 'DISCOUNT' && part !== 'CREDIT' && on === undefined)
        .reduce((sum, one) => sum + one.cents, 0n)
      const rest = chance() < 0.3 ? BigInt(Math.floor(chance() * 5_000)) : 0n
      events.push({
        kind,
        recordId: `${name}-r${record}`,
        version,
        changedAt: NOW.getTime() + version * 1000,
        date: day(),
        state,
        currency: chance() < 0.05 ? 'CAD' : 'USD',
        totalCents: applied + rest,
        parts,
      })
    }
  }
  return events
}

function randomParts(args: {
  kind: OracleEvent['kind']
  chance: () => number
  invoices: OracleInvoice[]
  name: string
  day: () => string
}): OracleEvent['parts'] {
  const { kind, chance, invoices, name, day } = args
  const part = { PAYMENT: 'CASH', REFUND: 'REFUND', CREDIT_MEMO: 'CREDIT' }[kind]
  return Array.from({ length: 1 + Math.floor(chance() * 2) }, () => {
    const invoice = invoices[Math.floor(chance() * invoices.length)]
    const total = invoice ? invoice.lines.reduce((sum, { netCents }) => sum + netCents, invoice.extraCents) : 0n
    const luck = chance()
    const invoiceId = luck < 0.05 ? `${name}-unknown` : luck < 0.1 ? null : (invoice?.invoiceId ?? null)
    const cents = luck > 0.6 ? total : BigInt(Math.floor(chance() * (Number(total) + 2_000)))
    // What was paid too much, or credited, may be given back on a day of its own.
    if (kind !== 'REFUND' && chance() < 0.2) return { part: 'REFUND', invoiceId, cents, on: day() }
    const other = kind === 'PAYMENT' ? chance() : 1
    return { part: other < 0.1 ? 'DISCOUNT' : other < 0.15 ? 'CREDIT' : part, invoiceId, cents }
  })
}

/** The same events as a mirror tells of them. */
export function toEvent(event: OracleEvent): PaymentEvent {
  return {
    kind: event.kind as PaymentRecordKind,
    recordId: event.recordId,
    version: String(event.version),
    changedAt: new Date(event.changedAt),
    date: event.date,
    state: event.state as PaymentRecordState,
    currency: event.currency,
    total: money(event.totalCents),
    method: null,
    parts: event.parts.map(({ part, invoiceId, cents, on }) => ({
      ...{ part: part as PaymentPart, invoiceId, amount: money(cents) },
      ...(on === undefined ? {} : { on }),
    })),
  }
}

export function toSale({ invoiceId, order, customer, date, lines, extraCents }: OracleInvoice): Sale {
  const net = lines.map(({ item, netCents }): [string, string] => [item, money(netCents)])
  return { invoiceId, orderNumber: order, customer, date, lines: net, tax: money(extraCents) }
}

const percentText = (value: bigint) => `${value / 10_000n}.${String(value % 10_000n).padStart(4, '0')}`

/** Rates and splits as rows, without a derivation for each of them. */
export async function insertPlan(
  database: Database,
  args: { connectionId: string; worlds: OracleWorld[] },
): Promise<void> {
  const common = { connection_id: args.connectionId, author: 'test', recorded_at: '2025-01-01T00:00:00Z' }
  const rates = args.worlds.flatMap(({ rates: all }) => all)
  await insertRows(
    database,
    'commission_rate',
    rates.map(({ rep, item, customer, from, until, holdbackDays, rule }) => ({
      ...common,
      id: idAt(NOW),
      scope_key: rateScope({ rep, itemId: item, customerId: customer }),
      rep,
      item_id: item,
      customer_id: customer,
      mode: rule.mode,
      percent: rule.mode === 'FLAT' ? percentText(rule.percent) : null,
      tiers:
        rule.mode === 'FLAT'
          ? null
          : rule.tiers.map((tier) => ({ from: money(tier.fromCents), percent: percentText(tier.percent) })),
      holdback_days: holdbackDays,
      effective_from: from,
      effective_until: until,
    })),
  )
  const splits = args.worlds.flatMap((world) => [...world.splits])
  await insertRows(
    database,
    'commission_split',
    splits.map(([scope, shares]) => {
      const [kind = '', key = ''] = scope.split(' ')
      return {
        ...common,
        id: idAt(NOW),
        scope_key: splitScope(
          kind === 'order' ? { orderNumber: key, customerId: null } : { orderNumber: null, customerId: key },
        ),
        shares: sharesFrom(
          shares.map(({ rep, percent, overrides, ownPercent, ownCents }) => ({
            rep: rep ?? '',
            sharePercent: percentText(percent),
            overrides,
            ratePercent: ownPercent === undefined ? null : percentText(ownPercent),
            amount: ownCents === undefined ? null : money(ownCents),
          })),
        ),
        effective_from: EVER.from,
      }
    }),
  )
}
