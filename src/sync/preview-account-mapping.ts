import { AccountMapping, ALWAYS, LineKind, MappingBasis, MappingTargetKind } from '../domain/account-mapping.ts'
import {
  accountFacts,
  type CompiledMappings,
  type CompiledRule,
  compileMappings,
  compileRule,
  holdsOn,
  inOrder,
  type LineFacts,
} from '../domain/mapping-choice.ts'
import { type MappingInput, nextPosition, problemText, readMapping } from '../domain/mapping-input.ts'
import type { AccountMappingPreview } from '../domain/mapping-preview.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import type { Need } from '../ledgers/ledger.ts'
import { versionsFor } from '../storage/account-mappings.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { mirroredNames } from '../storage/mirror-names.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { type PastSale, pastSales } from '../storage/posting-history.ts'
import { Tally, type Totals } from './preview-tally.ts'
import { later, type Road } from './road.ts'
import { bookedFacts, chargeOf } from './sale-plan.ts'

const DAYS_MAX = 3_650
const PREVIEW_ROWS_MAX = 1_000
const DAY_SECONDS = 86_400

export interface PreviewRequest {
  input: MappingInput
  /** The rule that it would change; null for a new one. */
  id: string | null
  days: number
  rows: number
}

/** The rules of one connection, as they are and as they would be. */
interface Sides {
  rules: CompiledMappings
  gone: Set<AccountMapping>
  come: CompiledRule[]
  /** The versions that come and go: a line that none of them matches stays as it is. */
  concerned: CompiledRule[]
  needs: ReturnType<Road['ledgerOf']>['needs']
  verdict: (judged: Judged) => Verdict
}

/**
 * What would have changed over some days of history if a rule had been there: read page by page, in constant memory, and
 * only what the rule matches is asked twice. Changes nothing. Throws InvalidRequest.
 */
export async function previewAccountMapping(
  { ledgerOf, now }: Pick<Road, 'ledgerOf' | 'now'>,
  database: Database,
  request: PreviewRequest,
): Promise<AccountMappingPreview> {
  const { days, rows, id } = request
  if (!Number.isInteger(days) || days < 1 || days > DAYS_MAX)
    throw new InvalidRequest(`"days" is ${days}: 1 to ${DAYS_MAX} can be looked back.`)
  if (!Number.isInteger(rows) || rows < 0 || rows > PREVIEW_ROWS_MAX)
    throw new InvalidRequest(`"rows" is ${rows}: 0 to ${PREVIEW_ROWS_MAX} can be shown.`)
  const connections = await listConnections(database)
  const { mapping, rules } = await wouldBe(database, { ...request, now: now() })
  const { connectionId } = mapping
  if (connectionId !== null && !connections.some((one) => one.id === connectionId))
    throw new InvalidRequest(`There is no connection ${connectionId}.`)
  const sides = new Map<string, Sides>()
  for (const connection of connections) {
    if (connectionId !== null && connectionId !== connection.id) continue
    const own = connectionId === null ? await versionsFor(database, { connectionId: connection.id }) : rules
    const side = sidesOf(own, { mapping, id })
    sides.set(connection.id, { ...side, needs: ledgerOf(connection).needs, verdict: judge(side, [...own, mapping]) })
  }
  const tally = new Tally({ days, rows, mapping, rules })
  const since = later(now(), -days * DAY_SECONDS)
  const withPlaces = mapping.shipTo !== null
  for await (const page of pastSales(database, { connectionId, since, withPlaces })) {
    for (const sale of page) {
      const side = sides.get(sale.connectionId)
      if (side) lookAt(sale, { side, mapping, tally })
    }
  }
  if (mapping.account !== null) {
    for (const [connection, side] of sides)
      for (const { name, active } of await mirroredNames(database, {
        connectionId: connection,
        entity: MirrorEntity.ACCOUNT,
      }))
        if (active) lookAtAccount(name, { side, tally, date: now().toISOString().slice(0, 10) })
  }
  return tally.preview()
}

/** The rule as it would be saved, and those that stand beside it. */
async function wouldBe(
  database: Database,
  { input, id, now }: PreviewRequest & { now: Date },
): Promise<{ mapping: AccountMapping; rules: AccountMapping[] }> {
  const rules = await versionsFor(database, { connectionId: input.connectionId ?? null })
  const last = rules.findLast((rule) => rule.id === id)
  if (id !== null && !last) throw new InvalidRequest(`There is no account mapping ${id}, or it was deleted.`)
  const place = nextPosition(rules.filter((rule) => rule.connectionId === (input.connectionId ?? null)))
  const before = last ?? { position: place, effectiveFrom: ALWAYS }
  const { content, problems } = readMapping(input, before)
  if (problems.length > 0) throw new InvalidRequest(problemText(problems))
  const version = (last?.version ?? 0) + 1
  // Behind every rule of its own place, as the newest is.
  const identity = { id: id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff', version, author: '', createdAt: now }
  return { mapping: Object.assign(new AccountMapping(), content, identity), rules }
}

function sidesOf(
  rules: AccountMapping[],
  { mapping, id }: { mapping: AccountMapping; id: string | null },
): Omit<Sides, 'needs' | 'verdict'> {
  const replaced = rules.filter((rule) => rule.id === id && rule.effectiveFrom <= mapping.effectiveFrom)
  const cut = replaced.flatMap((rule) =>
    rule.effectiveFrom < mapping.effectiveFrom
      ? [Object.assign(new AccountMapping(), rule, { effectiveTo: earlier(rule.effectiveTo, mapping.effectiveFrom) })]
      : [],
  )
  return {
    rules: compileMappings(rules),
    gone: new Set(replaced),
    come: [...cut, mapping].map(compileRule),
    concerned: [...replaced, mapping].map(compileRule),
  }
}

const BEFORE_PLACES: readonly string[] = [MappingBasis.ORDER, MappingBasis.CUSTOMER]

/** Who wins a line as the rules are, and as they would be: the rules that stay are asked once. */
function winnersOf(
  { rules, gone, come }: Omit<Sides, 'needs' | 'verdict'>,
  { facts, targetKind, date }: { facts: LineFacts; targetKind: MappingTargetKind; date: string },
): { before: AccountMapping | undefined; after: AccountMapping | undefined } {
  const matching = rules.matching(facts, targetKind)
  const stays = matching.filter((rule) => !gone.has(rule))
  const comes = come.flatMap((rule) => (rule.matches(facts) ? [rule.mapping] : []))
  const first = (ordered: AccountMapping[]) => ordered.find((rule) => holdsOn(rule, date))
  return { before: first(matching), after: first(comes.length > 0 ? [...stays, ...comes].toSorted(inOrder) : stays) }
}

function earlier(one: string | null, other: string): string {
  return one === null || one > other ? other : one
}

function lookAt(
  sale: PastSale,
  { side, mapping, tally }: { side: Sides; mapping: AccountMapping; tally: Tally },
): void {
  const { document } = sale
  const needs = side.needs(document)
  let isChanged = false
  for (const facts of bookedFacts(document, needs)) {
    // What the order or its customer says comes before a rule for places.
    if (mapping.shipTo !== null && BEFORE_PLACES.includes(sale.taxBasis ?? '')) continue
    const { isMatched, change } = side.verdict({ facts, date: document.date, needs, sale, mapping })
    tally.line({ isMatched })
    if (!change) continue
    tally.change(change, { sale, facts, isFirst: !isChanged })
    isChanged = true
  }
  tally.posting()
}

interface Verdict {
  /** The rule matches, whether it wins or not. */
  isMatched: boolean
  change: Totals | null
}

interface Judged {
  facts: LineFacts
  date: string
  needs: Need[]
  sale: PastSale
  mapping: AccountMapping
}

/** Verdicts that are kept: lines that are alike, on days between which no rule begins or ends, are judged once. */
const VERDICTS_MAX = 50_000

/** Judges lines, each kind of line once; equal changes are one change, and are added up there. */
function judge(side: Omit<Sides, 'needs' | 'verdict'>, rules: AccountMapping[]): (judged: Judged) => Verdict {
  const turns = [...new Set(rules.flatMap(({ effectiveFrom, effectiveTo }) => [effectiveFrom, effectiveTo ?? ALWAYS]))]
  const spanOf = (date: string) => turns.reduce((count, turn) => count + Number(turn <= date), 0)
  const spans = new Map<string, number>()
  const verdicts = new Map<string, Verdict>()
  const changes = new Map<string, Totals>()
  return (judged) => {
    const { facts, date, needs } = judged
    const span = spans.get(date) ?? spanOf(date)
    spans.set(date, span)
    const { kind, items, category, customerGroup, taxState, shipTo } = facts
    const charge = kind === LineKind.ITEM ? null : chargeOf(needs, kind)?.target
    const key = `${span}|${kind}|${taxState}|${items.join('|')}|${category}|${customerGroup}|${shipTo.join()}|${charge}`
    const known = verdicts.get(key)
    if (known) return known
    const verdict = verdictOf(side, judged, changes)
    if (verdicts.size >= VERDICTS_MAX) verdicts.clear()
    verdicts.set(key, verdict)
    return verdict
  }
}

function verdictOf(
  side: Omit<Sides, 'needs' | 'verdict'>,
  { facts, date, needs, sale, mapping }: Judged,
  changes: Map<string, Totals>,
): Verdict {
  const { targetKind } = mapping
  const concerned = side.concerned.filter((rule) => rule.matches(facts))
  const isMatched = concerned.some((rule) => rule.mapping === mapping)
  const byDefault = defaultOf(facts, { sale, targetKind, charge: chargeOf(needs, facts.kind) })
  // What this kind of QuickBooks does not book so, no rule of this kind moves.
  if (concerned.length === 0 || byDefault === undefined) return { isMatched, change: null }
  const { before, after } = winnersOf(side, { facts, targetKind, date })
  const [from, to] = [before?.target ?? byDefault, after?.target ?? byDefault]
  if (from === to) return { isMatched, change: null }
  const why = after ? `"${after.name}" is the first rule that matches.` : 'No rule would match any more.'
  const key = JSON.stringify([facts.kind, from, to])
  const change = changes.get(key) ?? { lineKind: facts.kind, from, to, why, postings: 0, lines: 0, cents: 0n, last: '' }
  changes.set(key, change)
  return { isMatched, change }
}

/** The target without a rule; null where there is none, undefined where a rule of this kind has no say. */
function defaultOf(
  facts: LineFacts,
  args: {
    sale: PastSale
    targetKind: MappingTargetKind
    charge: ReturnType<typeof chargeOf>
  },
): string | null | undefined {
  const { targetKind, charge, sale } = args
  if (targetKind === MappingTargetKind.METRIC) return null
  if (facts.kind !== LineKind.ITEM) return charge?.targetKind === targetKind ? charge.target : undefined
  if (targetKind !== MappingTargetKind.ITEM) return null
  return sale.document.lines.find(({ position }) => position === facts.line)?.item.name ?? null
}

function lookAtAccount(account: string, { side, tally, date }: { side: Sides; tally: Tally; date: string }): void {
  const asked = { facts: accountFacts(account), targetKind: MappingTargetKind.METRIC, date }
  const { before, after } = winnersOf(side, asked)
  const [from, to] = [before?.target ?? null, after?.target ?? null]
  if (from !== to) tally.account({ account, from, to })
}
