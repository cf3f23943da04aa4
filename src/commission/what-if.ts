import { rateScope, splitScope } from '../domain/commission-plan.ts'
import { type Money, minus, ZERO } from '../domain/money.ts'
import { type ReportSelection, reportRows } from '../storage/commission-report.ts'
import type { Database } from '../storage/database.ts'
import { type RateInput, rateFrom } from './rates.ts'
import { type SplitInput, splitFrom } from './splits.ts'

/** Names a rate or split that was never saved. */
const ASSUMED_ID = '00000000-0000-7000-8000-000000000000'

export interface PlanDifference {
  rep: string | null
  base: Money
  amount: Money
  assumedAmount: Money
  difference: Money
}

/** Real history: days of payments, `yyyy-mm-dd`, both included. */
interface Days {
  from: string
  to: string
}

/** What each rep would have earned in these days, had this rate been in force; changes nothing. Throws InvalidRequest. */
export async function previewRate(
  database: Database,
  { input, ...days }: Days & { input: RateInput },
): Promise<PlanDifference[]> {
  const { connectionId, mode, percent, tiers, holdbackDays, effectiveFrom, effectiveUntil, ...scope } = rateFrom(input)
  const plan = { scopeKey: rateScope(scope), mode, percent, tiers, holdbackDays, effectiveFrom, effectiveUntil }
  return differences(database, { ...days, connectionId, whatIf: [{ ...plan, id: ASSUMED_ID }] })
}

/** What each rep would have earned in these days, had it been shared like this; changes nothing. Throws InvalidRequest. */
export async function previewSplit(
  database: Database,
  { input, ...days }: Days & { input: SplitInput },
): Promise<PlanDifference[]> {
  const { connectionId, shares, effectiveFrom, effectiveUntil, ...scope } = splitFrom(input)
  const plan = { scopeKey: splitScope(scope), shares, effectiveFrom, effectiveUntil }
  return differences(database, { ...days, connectionId, whatIf: [{ ...plan, id: ASSUMED_ID }] })
}

async function differences(
  database: Database,
  { whatIf, ...days }: Days & Pick<ReportSelection, 'connectionId' | 'whatIf'>,
): Promise<PlanDifference[]> {
  const selection = { ...days, openFrom: null, recordedUntil: null, effectiveUntil: null, whatIf: [] }
  const [actual, supposed] = await Promise.all([
    reportRows(database, { selection, by: 'REP' }),
    reportRows(database, { selection: { ...selection, whatIf }, by: 'REP' }),
  ])
  const reps = [...new Set([...actual, ...supposed].map(({ key }) => key))]
  return reps.map((rep) => {
    const was = actual.find(({ key }) => key === rep)
    const is = supposed.find(({ key }) => key === rep)
    const amount = was?.earned ?? ZERO
    const assumedAmount = is?.earned ?? ZERO
    return { rep, base: is?.base ?? was?.base ?? ZERO, amount, assumedAmount, difference: minus(assumedAmount, amount) }
  })
}
