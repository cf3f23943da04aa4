import {
  type AccountMapping,
  ALWAYS,
  LineKind,
  MappingPatternKind,
  MappingTargetKind,
  METRIC_CATEGORIES,
  OWN_POSITION_MAX,
  POSITION_MAX,
  type TaxState,
} from './account-mapping.ts'
import { meantBy } from './did-you-mean.ts'
import { inOrder } from './mapping-choice.ts'
import { type PatternKind, problemOf } from './mapping-pattern.ts'

/** A rule as a person writes it; what is left out is no condition. */
export interface MappingInput {
  connectionId?: string | null
  name: string
  position?: number | null
  patternKind?: PatternKind | null
  item?: string | null
  category?: string | null
  lineKind?: LineKind | null
  customerGroup?: string | null
  taxState?: TaxState | null
  shipTo?: string | null
  account?: string | null
  targetKind: MappingTargetKind
  target: string
  effectiveFrom?: string | null
  effectiveTo?: string | null
}

/** What a version says, beside who wrote it and when. */
export type MappingContent = Omit<
  AccountMapping,
  'id' | 'version' | 'author' | 'createdAt' | 'endedAt' | 'endedBy' | 'begins'
>

const NAME_LENGTH_MAX = 100
/** The longest name that QuickBooks gives an account. */
const TARGET_LENGTH_MAX = 159
const PATTERNS = ['item', 'category', 'customerGroup', 'shipTo', 'account'] as const
const CONDITIONS = [...PATTERNS, 'lineKind', 'taxState'] as const

/** Reads a rule as it was written; `problems` says all that is wrong with it, in words. */
export function readMapping(
  input: MappingInput,
  before: { position: number; effectiveFrom: string },
): { content: MappingContent; problems: string[] } {
  const text = (value: string | null | undefined) => (value?.trim() ? value.trim() : null)
  const content: MappingContent = {
    connectionId: input.connectionId ?? null,
    name: input.name.trim(),
    position: input.position ?? before.position,
    patternKind: input.patternKind ?? MappingPatternKind.GLOB,
    item: text(input.item),
    category: text(input.category),
    lineKind: input.lineKind ?? null,
    customerGroup: text(input.customerGroup),
    taxState: input.taxState ?? null,
    shipTo: text(input.shipTo),
    account: text(input.account),
    targetKind: input.targetKind,
    target: input.target.trim(),
    effectiveFrom: text(input.effectiveFrom) ?? before.effectiveFrom,
    effectiveTo: text(input.effectiveTo),
  }
  return { content, problems: problemsOf(content) }
}

function problemsOf(content: MappingContent): string[] {
  const { name, position, target, effectiveFrom, effectiveTo, patternKind: kind } = content
  return [
    ...(name === '' || name.length > NAME_LENGTH_MAX ? [`"name" has 1 to ${NAME_LENGTH_MAX} characters`] : []),
    ...(Number.isInteger(position) && position >= 1 && position <= POSITION_MAX
      ? []
      : [`"position" is a number from 1 to ${POSITION_MAX}`]),
    ...(target === '' || target.length > TARGET_LENGTH_MAX
      ? [`"target" has 1 to ${TARGET_LENGTH_MAX} characters`]
      : []),
    ...PATTERNS.flatMap((field) => {
      const problem = content[field] === null ? null : problemOf({ kind, text: content[field] })
      return problem === null ? [] : [`"${field}": ${problem.replace(/\.$/, '')}`]
    }),
    ...metricProblems(content),
    ...placeProblems(content),
    ...(effectiveFrom === ALWAYS || isDay(effectiveFrom) ? [] : ['"effectiveFrom" is a day, such as 2026-01-31']),
    ...(effectiveTo === null || isDay(effectiveTo) ? [] : ['"effectiveTo" is a day, such as 2026-12-31']),
    ...(effectiveTo !== null && effectiveTo <= effectiveFrom
      ? [`it would end (${effectiveTo}) before it begins (${effectiveFrom})`]
      : []),
  ]
}

function metricProblems({ targetKind, target, account, ...content }: MappingContent): string[] {
  const known: readonly string[] = METRIC_CATEGORIES
  const others = CONDITIONS.filter((field) => field !== 'account' && content[field] !== null)
  const isMetric = targetKind === MappingTargetKind.METRIC
  return [
    ...(isMetric && !known.includes(target)
      ? [
          `"${target}" is no metric category, as ${known.join(', ')} are${meantBy({ given: target, known }).replace(/^ /, ': ')}`,
        ]
      : []),
    ...(account !== null && !isMetric
      ? ['"account" is a condition for metric categories only: another rule chooses the account itself']
      : []),
    ...(account !== null && others.length > 0
      ? [
          `"account" looks at the accounts of the books, and ${others.map((field) => `"${field}"`).join(', ')} at the lines of documents: write two rules`,
        ]
      : []),
  ]
}

/** Only the sales tax of a document depends on where it is shipped to; what is booked how does not. */
function placeProblems({ shipTo, lineKind, targetKind }: MappingContent): string[] {
  const isTax = targetKind === MappingTargetKind.TAX_CODE || targetKind === MappingTargetKind.ITEM
  return shipTo === null || (lineKind === LineKind.TAX && isTax)
    ? []
    : ['"shipTo" is a condition for the sales tax of a document: "lineKind" TAX, and a tax code or a sales tax item']
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text
}

/** Whether a rule asks for nothing: then it wins each line that comes to it. */
function isUnconditional(mapping: MappingContent): boolean {
  return CONDITIONS.every((field) => mapping[field] === null)
}

/** The rules that a rule without a condition would keep from ever winning. */
export function keptFromWinning(mapping: AccountMapping, others: AccountMapping[]): AccountMapping[] {
  if (!isUnconditional(mapping)) return []
  return others.filter(
    (other) =>
      other.id !== mapping.id &&
      other.targetKind === mapping.targetKind &&
      other.account === null &&
      inOrder(mapping, other) < 0 &&
      (other.effectiveTo === null || other.effectiveTo > mapping.effectiveFrom) &&
      (mapping.effectiveTo === null || mapping.effectiveTo > other.effectiveFrom),
  )
}

/** The place behind all rules that people wrote. */
export function nextPosition(mappings: Pick<AccountMapping, 'position'>[]): number {
  const last = Math.max(0, ...mappings.map(({ position }) => position).filter((place) => place <= OWN_POSITION_MAX))
  return Math.min(OWN_POSITION_MAX, last + 10 - (last % 10))
}

/** All that is wrong with a rule, in one sentence. */
export function problemText(problems: string[]): string {
  return `The rule cannot be used as it is: ${problems.join('; ')}`.replace(/([^.?])$/, '$1.')
}
