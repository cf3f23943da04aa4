import type { CreatioError } from '../creatio/creatio.ts'
import { CheckResult, ExplanationCheck } from '../domain/explanation.ts'
import { type Problem, problemsIn } from '../domain/problem.ts'
import { type ReasonCode, type ReasonDetail, reasonOf } from '../domain/reason.ts'

type Said = { answer: string; remedy?: string | null; problems?: Problem[] }

function check(result: CheckResult) {
  return (question: string, { answer, remedy = null, problems = [] }: Said): ExplanationCheck =>
    Object.assign(new ExplanationCheck(), {
      question,
      answer,
      result,
      remedy: isToDo(remedy) ? remedy : null,
      problems,
    })
}

/** A remedy that asks for nothing is none. */
function isToDo(remedy: string | null): boolean {
  return remedy !== null && !remedy.startsWith('Nothing to do')
}

export const ok = check(CheckResult.OK)
export const no = check(CheckResult.NO)
export const waits = check(CheckResult.WAITS)
export const unknown = check(CheckResult.UNKNOWN)

/** A reason as an answer and a remedy. */
export function saidBy(code: ReasonCode, detail: ReasonDetail): Said {
  const { sentence, remedy } = reasonOf(code, detail)
  return { answer: sentence, remedy, problems: problemsIn(detail) }
}

export function crmCheck(trouble: CreatioError | null): ExplanationCheck {
  const question = 'Does the CRM answer?'
  if (trouble === null) return ok(question, { answer: 'Yes.' })
  return no(question, {
    answer: `${trouble.message}.`,
    remedy: 'Ask `countersign doctor`, which says what to correct.',
  })
}

/** A time for people, to the minute, in UTC. */
export function at(time: Date | null): string {
  return time === null ? 'an unknown time' : `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** ` Look alike: "a", "b".`, to be put behind a sentence; nothing when nothing does. */
export function lookAlikes(names: (string | null)[]): string {
  const known = names.filter((name) => name !== null)
  return known.length === 0 ? '' : ` Look alike: ${known.map((name) => `"${name}"`).join(', ')}.`
}
