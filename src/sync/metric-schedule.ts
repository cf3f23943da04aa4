import type { Connection } from '../domain/connection.ts'
import { monthsLater } from '../domain/months.ts'
import type { BooksBasis } from '../domain/profit-and-loss.ts'
import { listConnections } from '../storage/connections.ts'
import { askForMonths } from '../storage/metric-pulls.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { businessDay, onceADay } from './business-day.ts'
import type { Road } from './road.ts'

/** Months that are asked for at first, the current one among them. */
const FIRST_MONTHS = 24
/** The current month and the two before it: bookkeepers finish a month after it is over. */
const DAILY_MONTHS = 3

type ScheduleRoad = Pick<Road, 'database' | 'ledgerOf' | 'now' | 'wake'> & { crm: Pick<Road['crm'], 'timeZone'> }

/** Once a day, from the given hour of the business on: the figures of the months that may still change, of every company. */
export async function askForMetricsDaily(
  road: ScheduleRoad,
  { hour, basis }: { hour: number; basis: BooksBasis },
): Promise<void> {
  await onceADay(road, {
    ...{ name: 'metrics-daily', hour },
    work: async () => {
      for (const connection of await listConnections(road.database)) {
        if (road.ledgerOf(connection).figures) await askForMetrics(road, { connection, months: DAILY_MONTHS, basis })
      }
      road.wake()
    },
  })
}

/** The same for one company and so many months, the current one among them; at first, and on another basis, all of them. */
async function askForMetrics(
  road: ScheduleRoad,
  { connection, months, basis }: { connection: Connection; months: number; basis: BooksBasis },
): Promise<void> {
  const to = businessDay(road).slice(0, 7)
  await askForMonths(road.database, {
    connectionId: connection.id,
    from: monthsLater(to, 1 - months),
    to,
    firstFrom: monthsLater(to, 1 - FIRST_MONTHS),
    basis,
  })
}

const MONTHS_MAX = 120

/** As soon as a person asks. Throws InvalidRequest when there is no such connection, or its QuickBooks tells no figures. */
export async function pullMetricsNow(
  road: ScheduleRoad,
  { connectionId, months, basis }: { connectionId: string; months: number; basis: BooksBasis },
): Promise<void> {
  const connection = (await listConnections(road.database)).find(({ id }) => id === connectionId)
  if (!connection) throw new InvalidRequest(`There is no connection ${connectionId}.`)
  if (!road.ledgerOf(connection).figures) throw new InvalidRequest(`"${connection.name}" tells no figures.`)
  if (months < 1 || months > MONTHS_MAX)
    throw new InvalidRequest(`"months" is ${months}: ask for 1 to ${MONTHS_MAX} months.`)
  await askForMetrics(road, { connection, months, basis })
  road.wake()
}
