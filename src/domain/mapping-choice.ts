import {
  type AccountMapping,
  LineKind,
  LineMapping,
  MappingBasis,
  type MappingTargetKind,
  TaxState,
} from './account-mapping.ts'
import type { CustomerDocument, SalesDocument } from './document.ts'
import { compilePattern, PatternError } from './mapping-pattern.ts'
import { isZero, type Money, minus, ZERO } from './money.ts'

/** What rules look at: one line of a document, or one charge of it, or one account of the books. */
export interface LineFacts {
  /** Null for a charge. */
  line: number | null
  kind: LineKind
  /** The SKU and the name. */
  items: string[]
  category: string | null
  customerGroup: string | null
  /** Null for a product that no order sells yet. */
  taxState: TaxState | null
  /** State, postal code, and both of them; of the tax of a document only, and empty where they do not count. */
  shipTo: string[]
  /** Of an account of the books only. */
  account: string | null
  amount: Money
}

/** Rules ready to be asked, in their order. Compiled once for a set; asking costs no more than the rules are many. */
export interface CompiledMappings {
  rules: CompiledRule[]
  /** Those whose patterns cannot be used: they never match. */
  broken: { mapping: AccountMapping; problem: string }[]
  /** The rules of a kind that match, whenever they hold, in their order. */
  matching(facts: LineFacts, targetKind: MappingTargetKind): AccountMapping[]
}

export interface CompiledRule {
  mapping: AccountMapping
  matches(facts: LineFacts): boolean
  /** Whether an item meets the condition on items: the only condition of which there are thousands of values. */
  matchesItem(items: string[]): boolean
  /** Whether all other conditions are met. */
  matchesRest(facts: Omit<LineFacts, 'line' | 'amount'>): boolean
}

/** Answers that are kept, so that a history of equal lines, or of equal items, is asked once for each. */
const ANSWERS_MAX = 20_000
/** Names of beaten rules that are kept with an answer. */
const BEATS_MAX = 10

/**
 * Rules that look at where it is shipped to come last: before them count an order and a customer that name their tax. Then
 * those of a connection before those for all, then by place, then the older ones first.
 */
export function inOrder(one: AccountMapping, other: AccountMapping): number {
  return (
    Number(one.shipTo !== null) - Number(other.shipTo !== null) ||
    Number(one.connectionId === null) - Number(other.connectionId === null) ||
    one.position - other.position ||
    (one.id < other.id ? -1 : one.id > other.id ? 1 : one.version - other.version)
  )
}

/** A line whose rule holds on a day: from its first day on, up to but not including its end. */
export function holdsOn({ effectiveFrom, effectiveTo }: AccountMapping, date: string): boolean {
  return effectiveFrom <= date && (effectiveTo === null || date < effectiveTo)
}

export function compileMappings(mappings: AccountMapping[]): CompiledMappings {
  const rules: CompiledRule[] = []
  const broken: CompiledMappings['broken'] = []
  for (const mapping of mappings.toSorted(inOrder)) {
    try {
      rules.push(compileRule(mapping))
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      broken.push({ mapping, problem: error.message })
    }
  }
  const ofKind = Map.groupBy(rules, ({ mapping }) => mapping.targetKind)
  const ofItem = kept((targetKind: MappingTargetKind, items: string[]) =>
    (ofKind.get(targetKind) ?? []).filter((rule) => rule.matchesItem(items)),
  )
  const matching = kept((targetKind: MappingTargetKind, facts: Asked) =>
    ofItem(targetKind, facts.items).flatMap((rule) => (rule.matchesRest(facts) ? [rule.mapping] : [])),
  )
  return {
    rules,
    broken,
    matching({ kind, items, category, customerGroup, taxState, shipTo, account }, targetKind) {
      if (!ofKind.has(targetKind)) return []
      return matching(targetKind, { kind, items, category, customerGroup, taxState, shipTo, account })
    },
  }
}

type Asked = Omit<LineFacts, 'line' | 'amount'>

/** The same function, which keeps what it has found. */
function kept<T, R>(find: (targetKind: MappingTargetKind, asked: T) => R): typeof find {
  const answers = new Map<string, R>()
  return (targetKind, asked) => {
    const key = `${targetKind} ${JSON.stringify(asked)}`
    const known = answers.get(key)
    if (known !== undefined) return known
    const found = find(targetKind, asked)
    if (answers.size >= ANSWERS_MAX) answers.clear()
    answers.set(key, found)
    return found
  }
}

/** Throws PatternError. A condition on what a line does not have is never met. */
export function compileRule(mapping: AccountMapping): CompiledRule {
  const test = (text: string | null) => (text === null ? null : compilePattern({ kind: mapping.patternKind, text }))
  const [item, category] = [test(mapping.item), test(mapping.category)]
  const [customerGroup, account] = [test(mapping.customerGroup), test(mapping.account)]
  const shipTo = test(mapping.shipTo)
  const met = (condition: ((text: string) => boolean) | null, text: string | null) =>
    condition === null || (text !== null && condition(text))
  const matchesItem = (items: string[]) => item === null || items.some(item)
  const matchesRest = (facts: Asked) =>
    (mapping.lineKind === null || mapping.lineKind === facts.kind) &&
    (mapping.taxState === null || mapping.taxState === facts.taxState) &&
    // What is asked of an account is not asked of a line, and the reverse.
    (account === null) === (facts.account === null) &&
    met(account, facts.account) &&
    met(customerGroup, facts.customerGroup) &&
    (shipTo === null || facts.shipTo.some(shipTo)) &&
    met(category, facts.category)
  return { mapping, matchesItem, matchesRest, matches: (facts) => matchesRest(facts) && matchesItem(facts.items) }
}

/** The rule that wins on a day, and those that matched too and came later; null when none matches. */
export function winnerOf(
  compiled: CompiledMappings,
  { facts, targetKind, date }: { facts: LineFacts; targetKind: MappingTargetKind; date: string },
): { mapping: AccountMapping; beaten: AccountMapping[] } | null {
  const [mapping, ...beaten] = compiled.matching(facts, targetKind).filter((one) => holdsOn(one, date))
  return mapping ? { mapping, beaten } : null
}

/**
 * What is chosen for a line: the target of the rule that wins, or the default; and why. Null when no rule matches and there
 * is no default. Pure.
 */
export function chooseFor(
  compiled: CompiledMappings,
  args: {
    facts: LineFacts
    targetKind: MappingTargetKind
    date: string
    byDefault: { target: string; why: string } | null
  },
): LineMapping | null {
  const { facts, targetKind, byDefault } = args
  const won = winnerOf(compiled, args)
  const common = { line: facts.line, lineKind: facts.kind, targetKind }
  if (won) {
    const { mapping } = won
    const beats = won.beaten.map(({ name }) => name)
    return Object.assign(new LineMapping(), common, {
      target: mapping.target,
      basis: MappingBasis.RULE,
      ruleId: mapping.id,
      rule: mapping.name,
      version: mapping.version,
      why: whyOf(mapping, beats),
      beats: beats.slice(0, BEATS_MAX),
    })
  }
  if (!byDefault) return null
  const { target, why } = byDefault
  return Object.assign(new LineMapping(), common, {
    ...{ target, basis: MappingBasis.DEFAULT, ruleId: null, rule: null, version: null, beats: [] },
    why: `No rule matches, so the default counts: ${why}.`,
  })
}

function whyOf(mapping: AccountMapping, beats: string[]): string {
  const more = beats.length > BEATS_MAX ? ` and ${beats.length - BEATS_MAX} more` : ''
  const before =
    beats.length === 0
      ? 'no other rule matches'
      : `it comes before ${beats
          .slice(0, BEATS_MAX)
          .map((name) => `"${name}"`)
          .join(', ')}${more}`
  return `It is the first rule that matches (${conditionsText(mapping)}); ${before}.`
}

/** What a rule asks for, in words. */
export function conditionsText(mapping: AccountMapping): string {
  const conditions = [
    ...(mapping.lineKind ? [`line kind ${mapping.lineKind}`] : []),
    ...(mapping.item ? [`item "${mapping.item}"`] : []),
    ...(mapping.category ? [`category "${mapping.category}"`] : []),
    ...(mapping.customerGroup ? [`customer group "${mapping.customerGroup}"`] : []),
    ...(mapping.taxState ? [`tax state ${mapping.taxState}`] : []),
    ...(mapping.shipTo ? [`shipped to "${mapping.shipTo}"`] : []),
    ...(mapping.account ? [`account "${mapping.account}"`] : []),
  ]
  return conditions.length === 0 ? 'every line' : conditions.join(', ')
}

/** The lines of a document and its charges that are not zero, as rules see them. */
export function factsOf(document: SalesDocument): LineFacts[] {
  const customerGroup = document.mappingFacts?.customerGroup ?? null
  const taxStateOf = (taxable: boolean) => (taxable ? TaxState.TAXABLE : TaxState.EXEMPT)
  const lines = document.lines.map(
    (line, index): LineFacts => ({
      line: line.position,
      kind: LineKind.ITEM,
      items: line.description === '' ? [line.item.name] : [line.item.name, line.description],
      category: document.mappingFacts?.categories?.[index] ?? null,
      customerGroup,
      taxState: taxStateOf(line.taxable),
      shipTo: [],
      account: null,
      amount: line.amount,
    }),
  )
  const isNothing = (amount: Money) => amount === ZERO || isZero(amount)
  const taxed = !isNothing(document.tax)
  const charge = (kind: LineKind, amount: Money, taxable: boolean): LineFacts[] =>
    isNothing(amount)
      ? []
      : [
          {
            line: null,
            kind,
            items: [],
            category: null,
            customerGroup,
            taxState: taxStateOf(taxable),
            shipTo: kind === LineKind.TAX ? placesOf(document) : [],
            account: null,
            amount,
          },
        ]
  return [
    ...lines,
    ...(isNothing(document.discount) ? [] : charge(LineKind.DISCOUNT, minus(ZERO, document.discount), taxed)),
    ...charge(LineKind.SHIPPING, document.shipping, false),
    ...charge(LineKind.TAX, document.tax, taxed),
  ]
}

/** Where a document is shipped to: what is not sent elsewhere goes to the customer. Histories are read without the customer. */
function placesOf({ shipTo, customer }: Omit<SalesDocument, 'customer'> & { customer?: CustomerDocument }): string[] {
  const { state, postalCode } = shipTo ?? customer?.billing ?? {}
  return [state, postalCode, state && postalCode ? `${state} ${postalCode}` : undefined].flatMap((text) => text || [])
}

/** An account of the books, as rules see it. */
export function accountFacts(account: string): LineFacts {
  const none = { line: null, items: [], category: null, customerGroup: null, shipTo: [], amount: ZERO }
  return { ...none, kind: LineKind.ITEM, taxState: TaxState.EXEMPT, account }
}
