import { type CommissionRate, type CommissionTier, RateMode } from '../domain/commission-plan.ts'
import { decimal, isZero } from '../domain/money.ts'
import { recomputeEntries } from '../storage/commission-entries.ts'
import { invoicesUnderPlan, type RateDraft, saveRate } from '../storage/commission-plan.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { lockCommission } from '../storage/payment-applications.ts'
import type { Books } from './books.ts'
import { assertDay } from './months.ts'
import { amountFrom, percentFrom } from './values.ts'

const TIERS_MAX = 20
const HOLDBACK_DAYS_MAX = 366

/** What a rate is to be, before it is checked. */
export type RateInput = Omit<RateDraft, 'tiers'> & { tiers: { from: string; percent: string }[] | null }

/** Throws InvalidRequest, with all that a person needs to mend it. */
export function rateFrom(input: RateInput): RateDraft {
  const { mode, percent, itemId, customerId, holdbackDays, effectiveFrom, effectiveUntil } = input
  if (itemId !== null && customerId !== null)
    throw new InvalidRequest('A rate is for a product or for a customer, not for both.')
  if (!Number.isInteger(holdbackDays) || holdbackDays < 0 || holdbackDays > HOLDBACK_DAYS_MAX) {
    throw new InvalidRequest(`"holdbackDays" is ${holdbackDays}: 0 to ${HOLDBACK_DAYS_MAX}.`)
  }
  assertDay(effectiveFrom, 'effectiveFrom')
  if (effectiveUntil !== null) assertDay(effectiveUntil, 'effectiveUntil')
  if (effectiveUntil !== null && effectiveUntil < effectiveFrom)
    throw new InvalidRequest('"effectiveUntil" is before "effectiveFrom".')
  if (mode === RateMode.FLAT) {
    if (percent === null || input.tiers !== null)
      throw new InvalidRequest('A flat rate has a "percent" and no "tiers".')
    return { ...input, tiers: null, percent: percentFrom(percent, 'the rate') }
  }
  if (percent !== null || input.tiers === null) throw new InvalidRequest('A tiered rate has "tiers" and no "percent".')
  return { ...input, percent: null, tiers: tiersFrom(input.tiers) }
}

function tiersFrom(inputs: { from: string; percent: string }[]): CommissionTier[] {
  if (inputs.length === 0 || inputs.length > TIERS_MAX)
    throw new InvalidRequest(`A tiered rate has 1 to ${TIERS_MAX} tiers.`)
  const tiers = inputs
    .map(({ from, percent }) => ({
      from: amountFrom(from, 'a tier'),
      percent: percentFrom(percent, 'the rate of a tier'),
    }))
    .sort((a, b) => decimal(a.from).comparedTo(b.from))
  if (!isZero(tiers[0]?.from ?? '1')) throw new InvalidRequest('The first tier begins at 0.00.')
  const twice = tiers.find(({ from }, index) => tiers[index + 1]?.from === from)
  if (twice) throw new InvalidRequest(`Two tiers begin at ${twice.from}.`)
  return tiers
}

/**
 * Saves a version of a rate and derives anew what it changes. What it changes in locked months shows in the next, with its
 * origin. Throws InvalidRequest: also when its days overlap those of another version that it does not replace.
 */
export async function setRate(
  { database, now }: Books,
  request: RateInput & { replacesId: string | null; author: string },
): Promise<CommissionRate> {
  const draft = rateFrom(request)
  const { connectionId, customerId, effectiveFrom } = draft
  return database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    const saved = await saveRate(transaction, {
      ...draft,
      replacesId: request.replacesId,
      author: request.author,
      now: now(),
    })
    const invoiceIds = await invoicesUnderPlan(transaction, { connectionId, effectiveFrom, customerId })
    await recomputeEntries(transaction, { connectionId, invoiceIds })
    return saved
  })
}
