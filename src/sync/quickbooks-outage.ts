import type { Connection } from '../domain/connection.ts'
import { LinkKind } from '../domain/link.ts'
import type { Lane } from '../storage/lanes.ts'
import { freeBacklog, parkBacklog } from '../storage/parked.ts'
import { ask, NotAnswered } from './ask.ts'
import { type Breaker, breakerOf } from './breaker.ts'
import { NotAllowed } from './deliver.ts'
import type { Road } from './road.ts'

interface Held {
  connection: Connection
  lane: Lane
}

/**
 * Runs `work` unless QuickBooks is silent. Then its backlog is parked, one cheap read asks again when it is time, and with
 * the first answer everything goes on.
 */
export async function withBreaker(road: Road, held: Held, work: () => Promise<void>): Promise<void> {
  const { connection } = held
  const breaker = breakerOf(road.ledgerOf(connection))
  const connectionId = connection.id
  try {
    if (breaker.outage) {
      if (!(await probe(road, held, breaker))) return
      const freed = await freeBacklog(road.database, { connectionId, now: road.now() })
      road.log.info({ connection: connection.name, freed }, 'QuickBooks answers again')
    }
    await work()
  } finally {
    const { outage } = breaker
    if (outage) {
      const parked = await parkBacklog(road.database, {
        connectionId,
        name: connection.name,
        ...outage,
        now: road.now(),
      })
      if (parked > 0)
        road.log.warn(
          { connection: connection.name, parked, ...outage },
          'QuickBooks does not answer: the backlog waits',
        )
    }
  }
}

async function probe(road: Road, held: Held, breaker: Breaker): Promise<boolean> {
  if (!breaker.probe(road.now())) return false
  const question = { entity: LinkKind.ACCOUNT, by: 'NAME', values: [held.connection.discountAccountName] } as const
  try {
    await ask(road, { ...held, questions: [{ ...question, values: [...question.values] }] })
  } catch (error) {
    if (!(error instanceof NotAnswered || error instanceof NotAllowed)) throw error
  }
  return breaker.state === 'CLOSED'
}
