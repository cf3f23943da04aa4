import type { AccountMapping } from './account-mapping.ts'
import { inOrder } from './mapping-choice.ts'
import { compilePattern, covers, type Pattern, problemOf } from './mapping-pattern.ts'

const PATTERNS = ['item', 'category', 'customerGroup', 'shipTo', 'account'] as const

/**
 * The rules that can never win, each with an earlier one that is proven to match all that it matches, on all days. What two
 * earlier rules shadow only together is not found, nor what only regular expressions could tell.
 */
export function shadowsOf(mappings: AccountMapping[]): { mapping: AccountMapping; by: AccountMapping }[] {
  const covered = coverage()
  return [...Map.groupBy(mappings, ({ targetKind }) => targetKind).values()].flatMap((alike) => {
    const ordered = alike.toSorted(inOrder)
    return ordered.flatMap((mapping, index) => {
      const by = ordered
        .slice(0, index)
        .find((earlier) => earlier.id !== mapping.id && shadows(earlier, mapping, covered))
      return by ? [{ mapping, by }] : []
    })
  })
}

type Covered = (wide: AccountMapping, narrow: AccountMapping, field: (typeof PATTERNS)[number]) => boolean

function shadows(earlier: AccountMapping, later: AccountMapping, covered: Covered): boolean {
  return (
    (earlier.lineKind === null || earlier.lineKind === later.lineKind) &&
    (earlier.taxState === null || earlier.taxState === later.taxState) &&
    // One looks at accounts, the other at lines.
    (earlier.account === null) === (later.account === null) &&
    earlier.effectiveFrom <= later.effectiveFrom &&
    (earlier.effectiveTo === null || (later.effectiveTo !== null && earlier.effectiveTo >= later.effectiveTo)) &&
    PATTERNS.every((field) => covered(earlier, later, field))
  )
}

/** A pattern is compiled once, however many it is compared with. One that cannot be used matches nothing. */
function coverage(): Covered {
  const tests = new Map<string, (text: string) => boolean>()
  const testOf = (pattern: Pattern) => {
    const key = `${pattern.kind} ${pattern.text}`
    const known = tests.get(key) ?? (problemOf(pattern) === null ? compilePattern(pattern) : () => false)
    tests.set(key, known)
    return known
  }
  return (wide, narrow, field) => {
    const [one, other] = [wide[field], narrow[field]]
    if (one === null || other === null) return one === null
    return covers({
      wide: { kind: wide.patternKind, text: one },
      narrow: { kind: narrow.patternKind, text: other },
      testOf,
    })
  }
}
