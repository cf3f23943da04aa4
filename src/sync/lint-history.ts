import { type AccountMapping, LineKind, MappingTargetKind } from '../domain/account-mapping.ts'
import { type CompiledMappings, holdsOn, type LineFacts } from '../domain/mapping-choice.ts'
import { LintCode, lintOf, type MappingLint } from '../domain/mapping-lint.ts'
import { decimal, minus, money, ZERO } from '../domain/money.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'
import { pastSales } from '../storage/posting-history.ts'
import { bookedFacts, chargeOf } from './sale-plan.ts'

const EXAMPLES_MAX = 5
/** What of a history falls through to the default is counted for so many items at most. */
const NAMES_MAX = 5_000

interface Standing {
  won: number
  /** By whom it was beaten, and how often. */
  beatenBy: Map<string, number>
}

interface Fallen {
  lines: number
  amount: ReturnType<typeof decimal>
  items: Map<string, number>
}

/**
 * What the lines of the last days say about rules: which were always beaten, which matched nothing, and what no rule
 * matched. Read page by page, in constant memory.
 */
export async function lintHistory(
  database: Database,
  args: {
    connectionId: string
    rules: CompiledMappings
    needs: Ledger['needs']
    since: Date
    days: number
    /** Rules that are proven never to win: that is said already. */
    shadowed: ReadonlySet<string>
  },
): Promise<MappingLint[]> {
  const { rules, needs, days } = args
  const standings = new Map(
    rules.rules.map(({ mapping }): [string, Standing] => [mapping.id, { won: 0, beatenBy: new Map() }]),
  )
  const fallen = new Map<LineKind, Fallen>()
  let lines = 0
  const withPlaces = rules.rules.some(({ mapping }) => mapping.shipTo !== null)
  for await (const page of pastSales(database, { ...args, withPlaces })) {
    for (const { document } of page) {
      const sign = document.kind === 'INVOICE' ? 1 : -1
      const wanted = needs(document)
      for (const facts of bookedFacts(document, wanted)) {
        const isNamed = facts.kind === LineKind.ITEM || (chargeOf(wanted, facts.kind)?.target ?? null) !== null
        lines += 1
        if (!standFor(facts, { rules, date: document.date, standings }) && isNamed) fall(facts, { fallen, sign })
      }
    }
  }
  if (lines === 0) return []
  const named = new Map(rules.rules.map(({ mapping }) => [mapping.id, mapping]))
  return [
    ...[...named.values()].flatMap((mapping) => standingLint(mapping, { ...args, standings, named })),
    ...[...fallen].map(([kind, one]) => fallenLint(kind, { ...one, days })),
  ]
}

/** Notes who wins a line and who is beaten; false when no rule chooses with what it is booked. */
function standFor(
  facts: LineFacts,
  { rules, date, standings }: { rules: CompiledMappings; date: string; standings: Map<string, Standing> },
): boolean {
  let isBooked = false
  for (const targetKind of Object.values(MappingTargetKind)) {
    const [winner, ...beaten] = rules.matching(facts, targetKind).filter((one) => holdsOn(one, date))
    if (!winner) continue
    if (targetKind !== MappingTargetKind.METRIC) isBooked = true
    const standing = standings.get(winner.id)
    if (standing) standing.won += 1
    for (const { id } of beaten) {
      const by = standings.get(id)?.beatenBy
      by?.set(winner.id, (by.get(winner.id) ?? 0) + 1)
    }
  }
  return isBooked
}

function fall(facts: LineFacts, { fallen, sign }: { fallen: Map<LineKind, Fallen>; sign: number }): void {
  const one = fallen.get(facts.kind) ?? { lines: 0, amount: decimal(ZERO), items: new Map() }
  one.lines += 1
  one.amount = one.amount.plus(sign > 0 ? facts.amount : minus(ZERO, facts.amount))
  const [name] = facts.items
  if (name !== undefined && (one.items.has(name) || one.items.size < NAMES_MAX))
    one.items.set(name, (one.items.get(name) ?? 0) + 1)
  fallen.set(facts.kind, one)
}

function standingLint(
  mapping: AccountMapping,
  args: {
    standings: Map<string, Standing>
    named: Map<string, AccountMapping>
    shadowed: ReadonlySet<string>
    days: number
  },
): MappingLint[] {
  const { standings, named, shadowed, days } = args
  const standing = standings.get(mapping.id)
  if (!standing || standing.won > 0 || shadowed.has(mapping.id) || mapping.account !== null) return []
  const beaten = [...standing.beatenBy].toSorted(([, one], [, other]) => other - one)
  const common = { subject: mapping.name, mappingId: mapping.id }
  if (beaten.length === 0) {
    return [
      lintOf({
        ...common,
        code: LintCode.NEVER_MATCHED,
        sentence: `The rule "${mapping.name}" matched no line of the last ${days} days.`,
        remedy: 'Nothing to do if it is for what is yet to come; else correct its conditions, or delete it.',
      }),
    ]
  }
  const count = beaten.reduce((total, [, times]) => total + times, 0)
  const winners = beaten.slice(0, EXAMPLES_MAX).map(([id]) => named.get(id)?.name ?? id)
  return [
    lintOf({
      ...common,
      code: LintCode.SHADOWED_IN_HISTORY,
      sentence: `The rule "${mapping.name}" matched ${count} lines of the last ${days} days and won none: ${winners.map((name) => `"${name}"`).join(', ')} came first.`,
      remedy: 'Put it before them, or delete it.',
      examples: winners,
      count,
    }),
  ]
}

const WORDS: Record<LineKind, string> = {
  [LineKind.ITEM]: 'lines',
  [LineKind.DISCOUNT]: 'discounts',
  [LineKind.SHIPPING]: 'shipping charges',
  [LineKind.TAX]: 'taxes',
  [LineKind.ROUNDING]: 'rounding lines',
}

function fallenLint(kind: LineKind, { lines, amount, items, days }: Fallen & { days: number }): MappingLint {
  const most = [...items].toSorted(([, one], [, other]) => other - one).slice(0, EXAMPLES_MAX)
  return lintOf({
    code: LintCode.FALLS_TO_DEFAULT,
    subject: kind,
    sentence: `${lines} ${WORDS[kind]} of the last ${days} days match no rule, so that the default counts for them.`,
    remedy: 'Nothing to do if the default is right for them; else write a rule that matches them.',
    examples: most.map(([name]) => name),
    count: lines,
    amount: money(amount),
  })
}
