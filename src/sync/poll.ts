import { isShadow } from '../domain/connection.ts'
import type { SyncRun } from '../domain/sync-run.ts'
import { defaultConnection } from '../storage/connections.ts'
import { beginSyncRun, finishSyncRun } from '../storage/sync-runs.ts'
import { isOutage } from './crm-outage.ts'
import { type IntakeCount, intake } from './intake.ts'
import type { Road } from './road.ts'
import { predict, predictBeside } from './shadow-intake.ts'

/** What went wrong in the last poll. */
const logged = new WeakMap<Road['database'], string | null>()

/** Reads the order log once and puts what it asks for on the road; in shadow mode it only predicts. What went wrong is in the run, and in the log. */
export async function poll(road: Road): Promise<SyncRun> {
  const began = road.now()
  const id = await beginSyncRun(road.database, { now: began })
  let count: IntakeCount = { read: 0, accepted: 0, skipped: 0 }
  let error: string | null = null
  try {
    const connection = await defaultConnection(road.database)
    if (!connection) throw new Error('There is no QuickBooks connection yet.')
    count = isShadow(connection) ? await predict(road, { connection }) : await intake(road, { connection })
    await predictBeside(road, { seenTo: connection })
  } catch (caught) {
    error = caught instanceof Error ? caught.message : String(caught)
    // An outage of the CRM is logged where it is noticed; what else stays wrong is not said again with each poll.
    if (!isOutage(caught) && logged.get(road.database) !== error)
      road.log.error({ error }, 'the order log could not be read')
  }
  logged.set(road.database, error)
  road.watch.poll({ ok: error === null, durationMs: road.now().getTime() - began.getTime() })
  road.wake()
  return finishSyncRun(road.database, { id, ...count, error, now: road.now() })
}
