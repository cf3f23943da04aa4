import { LineKind, type LineMapping } from '../domain/account-mapping.ts'
import type { ExplanationCheck } from '../domain/explanation.ts'
import type { Posting } from '../domain/posting.ts'
import { ok } from './explain-check.ts'

const LINES_MAX = 20

/** What account mappings chose for a posting, line by line, and why; nothing when no rule matched. */
export function mappingChecks({ posting }: { posting: Posting | null }): ExplanationCheck[] {
  const chosen = (posting?.mapping ?? []).filter(({ ruleId }) => ruleId !== null)
  if (chosen.length === 0) return []
  const more = chosen.length > LINES_MAX ? ` And ${chosen.length - LINES_MAX} more.` : ''
  const answer = `${chosen.slice(0, LINES_MAX).map(sentenceOf).join(' ')}${more}`
  return [ok('Which account mappings chose for it?', { answer })]
}

function sentenceOf({ line, lineKind, targetKind, target, rule, version, why }: LineMapping): string {
  const place = lineKind === LineKind.ITEM ? `Line ${line}` : `The ${lineKind.toLowerCase()}`
  return `${place}: ${targetKind.toLowerCase().replace('_', ' ')} "${target}", by the rule "${rule}" (version ${version}). ${why}`
}
