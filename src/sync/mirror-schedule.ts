import type { Connection } from '../domain/connection.ts'
import { MIRRORED, type MirroredEntity, SETTLING } from '../domain/mirror.ts'
import { listConnections } from '../storage/connections.ts'
import { askForChanges, syncCursors } from '../storage/sync-cursors.ts'
import { businessDay, onceADay } from './business-day.ts'
import type { Road } from './road.ts'

type ScheduleRoad = Pick<Road, 'database' | 'ledgerOf' | 'now' | 'wake'> & { crm: Pick<Road['crm'], 'timeZone'> }

/**
 * Asks for what changed in every company since the last time, and for what was never read: a new company's taxes do not wait
 * for a Sunday. It is fetched by whoever has the lane of the company.
 */
export async function askAllForChanges(road: ScheduleRoad): Promise<void> {
  for (const connection of await listConnections(road.database)) {
    const { kinds = [], captured = [] } = road.ledgerOf(connection).mirror ?? {}
    const cursors = await syncCursors(road.database, { connectionId: connection.id })
    const read = new Set(cursors.filter(({ lastFullAt }) => lastFullAt !== null).map(({ entity }) => entity))
    const entities = kinds.filter((entity) => !captured.includes(entity) && !read.has(entity))
    if (entities.length === 0) continue
    await askForChanges(road.database, { connectionIds: [connection.id], entities, countToo: false, now: road.now() })
  }
  await ask(road, { kinds: 'CAPTURED', countToo: false })
}

/** Once a day, from the given hour of the business on, the numbers of records are compared as well. */
export async function askAllDaily(road: ScheduleRoad, { hour }: { hour: number }): Promise<void> {
  await onceADay(road, { name: 'changes-daily', hour, work: () => ask(road, { kinds: 'CAPTURED', countToo: true }) })
}

/** Once a day, from the given hour of the business on: what settles invoices, and the numbers of it. */
export async function askForPaymentsDaily(road: ScheduleRoad, { hour }: { hour: number }): Promise<void> {
  const work = () => ask(road, { kinds: 'CAPTURED', countToo: true, only: SETTLING })
  await onceADay(road, { name: 'payments-daily', hour, work })
}

/** Asks, for a row of the CRM's log that wants commission, for what settles invoices of this company. */
export async function askForPayments(
  road: Pick<Road, 'database' | 'ledgerOf'>,
  { connection, now }: { connection: Connection; now: Date },
): Promise<void> {
  const { captured = [] } = road.ledgerOf(connection).mirror ?? {}
  const entities = SETTLING.filter((entity) => captured.includes(entity))
  if (entities.length === 0) return
  await askForChanges(road.database, { connectionIds: [connection.id], entities, countToo: false, now })
}

/** Once a week, on the given day (0 is Sunday), the kinds are read in full whose changes cannot be asked for. */
export async function readUncapturedWeekly(
  road: ScheduleRoad,
  { weekday, hour }: { weekday: number; hour: number },
): Promise<void> {
  const today = businessDay(road)
  if (new Date(`${today}T00:00:00Z`).getUTCDay() !== weekday) return
  const work = () => ask(road, { kinds: 'UNCAPTURED', countToo: false })
  await onceADay(road, { name: 'uncaptured-weekly', hour, work })
}

async function ask(
  road: ScheduleRoad,
  args: { kinds: 'CAPTURED' | 'UNCAPTURED'; countToo: boolean; only?: readonly MirroredEntity[] },
): Promise<void> {
  const { kinds, countToo, only = MIRRORED } = args
  for (const connection of await listConnections(road.database)) {
    const reader = road.ledgerOf(connection).mirror
    if (!reader) continue
    const entities = reader.kinds.filter(
      (entity) => only.includes(entity) && reader.captured.includes(entity) === (kinds === 'CAPTURED'),
    )
    if (entities.length === 0) continue
    await askForChanges(road.database, { connectionIds: [connection.id], entities, countToo, now: road.now() })
  }
  road.wake()
}
