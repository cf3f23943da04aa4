import type { CommissionPeriod } from '../domain/commission-entry.ts'
import { firstOpenDay, lockedPeriods, lockPeriod, openFrom } from '../storage/commission-periods.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { lockCommission } from '../storage/payment-applications.ts'
import type { Books } from './books.ts'
import { dayIn, monthFrom } from './months.ts'

/**
 * Locks a month that is over: what it shows now, it shows for ever. Months are locked in their order, because what comes
 * late belongs to the first that is open. Throws InvalidRequest.
 */
export async function lockMonth(
  { database, timeZone, now }: Books,
  { connectionId, month: text, author }: { connectionId: string; month: string; author: string },
): Promise<CommissionPeriod> {
  const month = monthFrom(text)
  const today = dayIn({ timeZone, now: now() })
  if (today <= month.endsOn)
    throw new InvalidRequest(`${text} is not over: it ends with ${month.endsOn}, and today is ${today} (${timeZone}).`)
  return database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    const locked = await lockedPeriods(transaction, { connectionId })
    const same = locked.find((one) => one.month === text)
    if (same)
      throw new InvalidRequest(
        `${text} was locked already, at ${new Date(same.lockedAt).toISOString()} by ${same.lockedBy}.`,
      )
    const from = await openFrom(transaction, { connectionId })
    if (from !== null && month.endsOn < from) {
      throw new InvalidRequest(
        `${text} lies before ${locked.at(-1)?.month}, which is locked: what belongs to it shows in the first open month.`,
      )
    }
    const open = await firstOpenDay(transaction, { connectionId, openFrom: from, before: month.startsOn })
    if (open !== null) throw new InvalidRequest(`${open.slice(0, 7)} is open and has commission: lock it first.`)
    return lockPeriod(transaction, { ...month, connectionId, author, now: now() })
  })
}
