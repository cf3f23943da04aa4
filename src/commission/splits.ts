import type { CommissionShare, CommissionSplit } from '../domain/commission-plan.ts'
import { decimal, plain } from '../domain/money.ts'
import { recomputeEntries } from '../storage/commission-entries.ts'
import { invoicesUnderPlan, type SplitDraft, saveSplit } from '../storage/commission-plan.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { lockCommission } from '../storage/payment-applications.ts'
import type { Books } from './books.ts'
import { assertDay } from './months.ts'
import { amountFrom, nameFrom, percentFrom } from './values.ts'

const SHARES_MAX = 50

export interface ShareInput {
  rep: string
  sharePercent: string
  ratePercent?: string | null | undefined
  amount?: string | null | undefined
  overrides?: boolean | null | undefined
}

/** Checks shares: those that are no overrides add up to exactly 100 %, and nobody has two. Throws InvalidRequest. */
export function sharesFrom(inputs: ShareInput[]): CommissionShare[] {
  if (inputs.length === 0 || inputs.length > SHARES_MAX)
    throw new InvalidRequest(`A split has 1 to ${SHARES_MAX} shares.`)
  let before = decimal(0)
  const shares = inputs.map((input) => {
    const rep = nameFrom(input.rep, 'rep')
    const sharePercent = percentFrom(input.sharePercent, `the share of ${rep}`)
    const ratePercent = input.ratePercent ? percentFrom(input.ratePercent, `the rate of ${rep}`) : null
    const amount = input.amount ? amountFrom(input.amount, `the amount of ${rep}`) : null
    if (ratePercent !== null && amount !== null)
      throw new InvalidRequest(`${rep} has both a rate and an amount: give one.`)
    const overrides = input.overrides === true
    const share = { rep, sharePercent, beforePercent: plain(overrides ? '0' : before), ratePercent, amount, overrides }
    if (!overrides) before = before.plus(sharePercent)
    return share
  })
  if (!before.equals(100)) {
    throw new InvalidRequest(
      `The shares add up to ${plain(before)} %, not to 100 %: overrides do not count, everything else does.`,
    )
  }
  const names = shares.map(({ rep, overrides }) => `${rep} ${overrides}`)
  const twice = shares.find(({ rep, overrides }, index) => names.indexOf(`${rep} ${overrides}`) !== index)
  if (twice) throw new InvalidRequest(`${twice.rep} has two shares: put them together.`)
  return shares
}

/** Who is to earn, before it is checked. */
export type SplitInput = Omit<SplitDraft, 'shares'> & { shares: ShareInput[] }

/** Throws InvalidRequest, with all that a person needs to mend it. */
export function splitFrom(input: SplitInput): SplitDraft {
  const { orderNumber, customerId, effectiveFrom, effectiveUntil } = input
  if (orderNumber !== null && customerId !== null)
    throw new InvalidRequest('A split is of an order or of a customer, not of both.')
  assertDay(effectiveFrom, 'effectiveFrom')
  if (effectiveUntil !== null) assertDay(effectiveUntil, 'effectiveUntil')
  if (effectiveUntil !== null && effectiveUntil < effectiveFrom)
    throw new InvalidRequest('"effectiveUntil" is before "effectiveFrom".')
  return { ...input, shares: sharesFrom(input.shares) }
}

/** Saves who earns on an order, a customer's orders, or all, and derives anew what it changes. Throws InvalidRequest. */
export async function setSplit(
  { database, now }: Books,
  request: SplitInput & { replacesId: string | null; author: string },
): Promise<CommissionSplit> {
  const draft = splitFrom(request)
  const { replacesId, author } = request
  const { connectionId, orderNumber, customerId, effectiveFrom } = draft
  return database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    const saved = await saveSplit(transaction, { ...draft, replacesId, author, now: now() })
    const invoiceIds = await invoicesUnderPlan(transaction, { connectionId, effectiveFrom, orderNumber, customerId })
    await recomputeEntries(transaction, { connectionId, invoiceIds })
    return saved
  })
}
