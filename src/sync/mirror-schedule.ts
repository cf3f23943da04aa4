import { MIRRORED } from '../domain/mirror.ts'
import { listConnections } from '../storage/connections.ts'
import { askForChanges } from '../storage/sync-cursors.ts'
import { businessDay, isDue } from './business-day.ts'
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
  const today = businessDay(road)
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
