import type { KeyCursor } from '../creatio/keyed-page.ts'
import { type Connection, isShadow } from '../domain/connection.ts'
import { isSale } from '../domain/document.ts'
import { listConnections } from '../storage/connections.ts'
import { forgetUnmet, type PredictionDraft, savePredictions } from '../storage/shadow.ts'
import { readCursor, writeCursor } from '../storage/sync-runs.ts'
import type { IntakeCount } from './intake.ts'
import { readingOf, readOrders } from './read-orders.ts'
import { later, type Road } from './road.ts'

const PAGE_ROWS_MAX = 500
/** A sweep of all orders begins this long after the last one ended. */
const EVERY_SECONDS = 3_600

/** Where a sweep stands, or when the last one ended. */
interface Mark {
  began: string
  createdOn?: string
  id?: string
  ended?: string
}

/** Predicts for every connection in shadow mode, but for the given one, which the caller sees to. */
export async function predictBeside(road: Road, { seenTo }: { seenTo: Connection }): Promise<void> {
  const others = (await listConnections(road.database)).filter((one) => isShadow(one) && one.id !== seenTo.id)
  for (const connection of others) await predict(road, { connection })
}

/**
 * Predicts what every order that could be invoiced would become, whatever the order log says of it: also what another system has
 * posted. Only reads from the CRM, page by page, at most as many orders as one poll reads log rows; the next one goes on from
 * there. At its end a sweep rests for an hour. Throws CreatioError.
 */
export async function predict(
  road: Road,
  { connection, now: atOnce = false }: { connection: Connection; now?: boolean },
): Promise<IntakeCount> {
  const count: IntakeCount = { read: 0, accepted: 0, skipped: 0 }
  const name = `shadow-orders ${connection.id}`
  const mark = (await readCursor(road.database, name)) as Mark | null
  if (mark?.ended && !atOnce && later(new Date(mark.ended), EVERY_SECONDS) > road.now()) return count
  const goesOn = mark !== null && mark.ended === undefined
  const began = goesOn ? mark.began : road.now().toISOString()
  let after: KeyCursor | null = goesOn && mark.createdOn && mark.id ? { createdOn: mark.createdOn, id: mark.id } : null
  const since = road.crm.profile.difference.ordersSince
  do {
    if (count.read >= road.limits.intakeRowsMax || road.signal.aborted) return count
    const page = await road.crm.orderKeys({ since, before: road.now().toISOString(), after, limit: PAGE_ROWS_MAX })
    await takePage(road, { connection, keys: page.orders, count })
    after = page.next
    const now = road.now()
    const value = after ? { began, ...after } : { began, ended: now.toISOString() }
    await writeCursor(road.database, { name, value, now })
  } while (after !== null)
  await forgetUnmet(road.database, { connectionId: connection.id, before: new Date(began) })
  return count
}

async function takePage(
  road: Road,
  args: { connection: Connection; keys: { id: string; number: string | null }[]; count: IntakeCount },
): Promise<void> {
  const { connection, keys, count } = args
  const orders = await readOrders(
    road,
    keys.map(({ id }) => id),
  )
  const drafts: PredictionDraft[] = []
  const gone: string[] = []
  for (const { id, number } of keys) {
    const reading = readingOf(road, { orders, id, orderNumber: number })
    if (reading?.kind === 'document' && isSale(reading.document))
      drafts.push({ document: reading.document, toldId: orders.found.get(id)?.quickBooksId ?? null })
    else gone.push(id)
  }
  count.accepted += await savePredictions(road.database, { connectionId: connection.id, drafts, gone, now: road.now() })
  count.read += keys.length
  count.skipped += gone.length
}
