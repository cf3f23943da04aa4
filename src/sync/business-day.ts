import { dayIn } from '../creatio/values.ts'
import { claimDay, giveDayBack } from '../storage/sync-cursors.ts'
import type { Road } from './road.ts'

/** Whose clock it is: the business's, wherever this process runs. */
export type BusinessClock = Pick<Road, 'now'> & { crm: Pick<Road['crm'], 'timeZone'> }

export function businessDay({ now, crm }: BusinessClock): string {
  return dayIn({ instant: now().toISOString(), timeZone: crm.timeZone })
}

export function businessHour({ now, crm }: BusinessClock): number {
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: crm.timeZone, hour: '2-digit', hourCycle: 'h23' })
  return Number(clock.format(now()))
}

/**
 * Does a day's work, once on each day, from the hour on, in one process; null when it is done, not yet due, or another's. Work that
 * fails is done again at the next look: who could not be reached just then is asked again on the same day.
 */
export async function onceADay<Done>(
  road: BusinessClock & Pick<Road, 'database'>,
  { name, hour, work }: { name: string; hour: number; work: () => Promise<Done> },
): Promise<Done | null> {
  const day = businessDay(road)
  if (businessHour(road) < hour || !(await claimDay(road.database, { name, day, now: road.now() }))) return null
  try {
    return await work()
  } catch (error) {
    await giveDayBack(road.database, { name, day })
    throw error
  }
}
