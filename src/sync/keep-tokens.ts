import type { Connection } from '../domain/connection.ts'
import { type ReasonDetail, reasonOf } from '../domain/reason.ts'
import { listConnections, stopConnection } from '../storage/connections.ts'
import { connectionsToRefresh, forgetOldRefreshes } from '../storage/token-refreshes.ts'
import { misfitOf } from './company.ts'
import type { Intuit } from './connect.ts'
import { later, type Road } from './road.ts'
import type { Sending } from './send.ts'

/** A sign-in is renewed when it has less than this left. */
const AHEAD_SECONDS = 1_800

type Keeping = Sending & Pick<Road, 'log'> & { intuit: Intuit }

/**
 * Renews every sign-in that ends within half an hour, and looks after each whether it still reaches its own company. One
 * that was refused stops its connection; one that could not be asked for is tried again with the next tick.
 */
export async function keepTokens(keeping: Keeping): Promise<void> {
  const { database, now } = keeping
  const due = new Set(await connectionsToRefresh(database, { before: later(now(), AHEAD_SECONDS) }))
  const connections = (await listConnections(database)).filter(({ id }) => due.has(id))
  for (const connection of connections) await keepTokensOf(keeping, connection)
  await forgetOldRefreshes(database, { now: now() })
}

async function keepTokensOf(keeping: Keeping, connection: Connection): Promise<void> {
  const { database, intuit, now, log } = keeping
  const { id, name } = connection
  const stop = async (reason: Parameters<typeof stopConnection>[1]['reason'], detail: ReasonDetail) => {
    await stopConnection(database, { id, reason, detail, now: now() })
    // It is asked about each minute, and said once.
    if (connection.stateReasonCode === reason) return
    log.error({ connection: name, reason }, reasonOf(reason, detail).sentence)
  }
  const renewal = await intuit.renew(connection, { cause: 'SCHEDULE', secondsLeft: AHEAD_SECONDS })
  switch (renewal.kind) {
    case 'refused':
      return stop(renewal.reason, { detail: renewal.detail })
    case 'unreachable':
      log.warn(
        { connection: name, detail: renewal.detail },
        'the sign-in to QuickBooks could not be renewed; tried again',
      )
      return
    case 'unneeded':
      return
    case 'renewed': {
      log.info({ connection: name }, 'the sign-in to QuickBooks was renewed')
      const found = await misfitOf(keeping, { connection })
      if (found) await stop(found.reason, found.detail)
    }
  }
}
