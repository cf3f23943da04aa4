import 'reflect-metadata'
import { Field, ObjectType } from 'type-graphql'
import type { Comparison } from './comparison.ts'
import type { Problem } from './problem.ts'
import { REASONS } from './reasons.ts'

export type ReasonCode = keyof typeof REASONS

/** What fills the sentences of a reason, and the lists that stand behind them for programs. */
export type ReasonDetail = Record<string, string | number | null | Problem[] | Comparison[]>

/** Why a posting or a log row stands where it stands, in words for people. */
@ObjectType({ description: 'Why something stands where it stands: a code for programs, and words for people.' })
export class Reason {
  @Field(() => String, { description: 'A stable code.' })
  code!: ReasonCode

  @Field({ description: 'What is the case.' })
  sentence!: string

  @Field({ description: 'Why it is so.' })
  cause!: string

  @Field({ description: 'What to do.' })
  remedy!: string
}

export function reasonOf(code: ReasonCode, detail: ReasonDetail = {}): Reason {
  const { sentence, cause, remedy } = REASONS[code]
  return Object.assign(new Reason(), {
    code,
    sentence: ended(fill(sentence, detail)),
    cause: ended(fill(cause, detail)),
    remedy: fill(remedy, detail),
  })
}

/** What the CRM's error column says: the sentence and the remedy. */
export function reasonText(code: ReasonCode, detail: ReasonDetail = {}): string {
  const { sentence, remedy } = reasonOf(code, detail)
  return `${sentence} ${remedy}`
}

export function isReasonCode(code: string): code is ReasonCode {
  return Object.hasOwn(REASONS, code)
}

/** A text that ends in somebody else's words still ends as a sentence does. */
function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`
}

function fill(template: string, detail: ReasonDetail): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(detail[name] ?? 'unknown'))
}
