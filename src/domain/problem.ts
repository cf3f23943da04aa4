import 'reflect-metadata'
import { Field, ObjectType } from 'type-graphql'

/** One thing that keeps a document from being sent: where it is, what stands there, and what to do about it. */
@ObjectType({ description: 'One thing that keeps a document from being sent; all of a document are named at once.' })
export class Problem {
  @Field({ description: 'Where it is, such as `due date` or `line 2, quantity`.' })
  field!: string

  @Field(() => String, { nullable: true, description: 'What stands there; empty when nothing does.' })
  value!: string | null

  @Field({ description: 'What is wrong, in words that stand for themselves.' })
  problem!: string

  @Field({ description: 'What to do.' })
  remedy!: string
}

/** Its field tells what was refused for a closed period, which somebody may open again meanwhile. */
export const CLOSED_PERIOD = 'closed period'

/** Its field tells what was refused because the company has no sales tax, which somebody may switch on meanwhile. */
export const SALES_TAX_OFF = 'sales tax of the company'

/** A document that is dated within a period whose books are closed; nothing when they are open. */
export function closedPeriodProblems({ date, closingDate }: { date: string; closingDate: string | null }): Problem[] {
  if (closingDate === null || date > closingDate) return []
  return [
    problem({
      field: CLOSED_PERIOD,
      value: date,
      problem: `its date ${date} lies in the closed period, which ends on ${closingDate}`,
      remedy: 'Ask the accountant to open the period, or change the date in the CRM.',
    }),
  ]
}

/** What a value may take of a problem: a text of megabytes helps nobody. */
const VALUE_LENGTH_MAX = 200

/** Makes a problem; a long value is cut. */
export function problem(args: Problem): Problem {
  const { field, value, problem, remedy } = args
  return { field, value: value === null ? null : shown(value), problem, remedy }
}

/** What the sentence of a reason says of problems, and the problems themselves for programs. */
export function problemDetail(problems: readonly Problem[]): { problems: string; problemList: Problem[] } {
  return { problems: problems.map((each) => each.problem).join('; '), problemList: [...problems] }
}

/** The problems that a reason's detail holds; none when it holds none. */
export function problemsIn(detail: { problemList?: unknown } | null): Problem[] {
  return Array.isArray(detail?.problemList) ? (detail.problemList as Problem[]) : []
}

function shown(value: string): string {
  return value.length > VALUE_LENGTH_MAX ? `${value.slice(0, VALUE_LENGTH_MAX)}…` : value
}
