import { dayIn } from '../creatio/values.ts'
import { claimDay } from '../storage/sync-cursors.ts'
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

/** True for one process, once on each day, from the hour on. */
export async function isDue(
  road: BusinessClock & Pick<Road, 'database'>,
  { name, hour }: { name: string; hour: number },
): Promise<boolean> {
  return businessHour(road) >= hour && claimDay(road.database, { name, day: businessDay(road), now: road.now() })
}
