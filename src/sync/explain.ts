import { Explanation, type ExplanationCheck, RecordKind } from '../domain/explanation.ts'
import { customerChecks } from './explain-customer.ts'
import { gatherCustomer, gatherOrder } from './explain-facts.ts'
import { orderChecks } from './explain-order.ts'
import { customerVerdict, orderVerdict } from './explain-verdict.ts'
import { assertNever, type Road } from './road.ts'

/**
 * Why a record of the CRM is, or is not, in QuickBooks: every check with its answer, in plain words. Reads the CRM and our
 * own tables; asks QuickBooks nothing, because its reads are metered, and changes nothing. Works for what does not exist.
 */
export async function explain(
  road: Road,
  { kind, number }: { kind: RecordKind; number: string },
): Promise<Explanation> {
  switch (kind) {
    case RecordKind.ORDER: {
      const facts = await gatherOrder(road, number)
      return explanationOf({
        kind,
        number,
        checks: orderChecks(facts),
        verdict: orderVerdict(facts),
        posting: facts.posting,
      })
    }
    case RecordKind.CUSTOMER: {
      const facts = await gatherCustomer(road, number)
      return explanationOf({
        kind,
        number,
        checks: customerChecks(facts),
        verdict: customerVerdict(facts),
        posting: facts.posting,
      })
    }
    default:
      return assertNever(kind)
  }
}

function explanationOf(args: Pick<Explanation, 'kind' | 'number' | 'checks' | 'verdict' | 'posting'>): Explanation {
  const { kind, number, checks, verdict, posting } = args
  return Object.assign(new Explanation(), { kind, number, checks, verdict, posting })
}

const MARKS: Record<ExplanationCheck['result'], string> = { OK: '✓', NO: '✗', WAITS: '…', UNKNOWN: '?' }

/** The explanation for a terminal: the verdict, then a line for each check, its remedy below it. */
export function explanationLines({ verdict, checks, posting }: Explanation): string[] {
  return [
    verdict,
    '',
    ...checks.flatMap(({ question, answer, result, remedy }) => [
      `${MARKS[result]} ${question} ${answer}`,
      ...(remedy === null ? [] : [`    → ${remedy}`]),
    ]),
    ...(posting === null ? [] : ['', `Posting ${posting.id}: ${posting.state}, generation ${posting.generation}.`]),
  ]
}
