import { dayIn } from '../creatio/values.ts'
import { MIRRORED } from '../domain/mirror.ts'
import { listConnections } from '../storage/connections.ts'
import { askForChanges, claimDay } from '../storage/sync-cursors.ts'
import type { Road } from './road.ts'

type ScheduleRoad = Pick<Road, 'database' | 'ledgerOf' | 'now' | 'wake'> & { crm: Pick<Road['crm'], 'timeZone'> }

/** Asks for what changed in every company since the last time. It is fetched by whoever has the lane of the company. */
export function askAllForChanges(road: ScheduleRoad): Promise<void> {
  return ask(road, { kinds: 'CAPTURED', countToo: false })
}

/** Once a day, from the given hour of the business on, the numbers of records are compared as well. */
export async function askAllDaily(road: ScheduleRoad, { hour }: { hour: number }): Promise<void> {
  if (await isDue(road, { name: 'changes-daily', hour })) await ask(road, { kinds: 'CAPTURED', countToo: true })
}

/** Once a week, on the given day (0 is Sunday), the kinds are read in full whose changes cannot be asked for. */
export async function readUncapturedWeekly(
  road: ScheduleRoad,
  { weekday, hour }: { weekday: number; hour: number },
): Promise<void> {
  const today = localDay(road)
  if (new Date(`${today}T00:00:00Z`).getUTCDay() !== weekday) return
  if (await isDue(road, { name: 'uncaptured-weekly', hour })) await ask(road, { kinds: 'UNCAPTURED', countToo: false })
}

async function ask(
  road: ScheduleRoad,
  { kinds, countToo }: { kinds: 'CAPTURED' | 'UNCAPTURED'; countToo: boolean },
): Promise<void> {
  for (const connection of await listConnections(road.database)) {
    const captured = road.ledgerOf(connection).mirror?.captured
    if (!captured) continue
    const entities = MIRRORED.filter((entity) => captured.includes(entity) === (kinds === 'CAPTURED'))
    await askForChanges(road.database, { connectionIds: [connection.id], entities, countToo, now: road.now() })
  }
  road.wake()
}

/** True for one process, once on each day, from the hour on. */
export async function isDue(road: ScheduleRoad, { name, hour }: { name: string; hour: number }): Promise<boolean> {
  return localHour(road) >= hour && claimDay(road.database, { name, day: localDay(road), now: road.now() })
}

function localDay({ now, crm }: ScheduleRoad): string {
  return dayIn({ instant: now().toISOString(), timeZone: crm.timeZone })
}

function localHour({ now, crm }: ScheduleRoad): number {
  const clock = new Intl.DateTimeFormat('en-US', { timeZone: crm.timeZone, hour: '2-digit', hourCycle: 'h23' })
  return Number(clock.format(now()))
}
