import DataLoader from 'dataloader'
import type { Connection } from '../domain/connection.ts'
import type { Delivery } from '../domain/delivery.ts'
import type { Exchange } from '../domain/exchange.ts'
import type { WebConnectorUser } from '../domain/web-connector.ts'
import { listConnections } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import {
  deliveriesById,
  type ExchangeBodies,
  exchangesOfPostings,
  readExchangeBodies,
  triesOf,
} from '../storage/exchange-pages.ts'
import { backlogs } from '../storage/status.ts'
import { findWebConnectorUsers } from '../storage/web-connector.ts'
import { ApiError } from './errors.ts'
import type { Caller } from './services.ts'

type Backlogs = Awaited<ReturnType<typeof backlogs>>

/** What the fields of one operation ask for together: one statement for all rows of a page. */
export interface Loaders {
  connections(): Promise<Connection[]>
  backlogs(): Promise<Backlogs>
  delivery: DataLoader<string, Delivery>
  exchangesOfPosting: DataLoader<string, Exchange[]>
  tryOfExchange: DataLoader<string, { id: string; number: number }>
  /** Leaves one audit entry for all bodies that the operation reads at once. */
  bodies: DataLoader<string, ExchangeBodies>
  /** By connection; null where no Web Connector calls. */
  webConnectorUser: DataLoader<string, WebConnectorUser | null>
}

export function loadersFor(args: { database: Database; caller: Caller | null; now: () => Date }): Loaders {
  const { database, caller, now } = args
  return {
    connections: once(() => listConnections(database)),
    backlogs: once(() => backlogs(database, { now: now() })),
    delivery: new DataLoader(async (ids) => inOrder(ids, await deliveriesById(database, ids))),
    exchangesOfPosting: new DataLoader(async (postingIds) => {
      const exchanges = Map.groupBy(await exchangesOfPostings(database, postingIds), ({ postingId }) => postingId)
      return postingIds.map((id) => exchanges.get(id) ?? [])
    }),
    tryOfExchange: new DataLoader(async (ids) => inOrder(ids, await triesOf(database, ids))),
    bodies: new DataLoader(async (ids) => {
      if (!caller) throw new ApiError('UNAUTHENTICATED', 'Bodies are read only by somebody.')
      return inOrder(ids, await readExchangeBodies(database, { ids, author: caller, now: now() }))
    }),
    webConnectorUser: new DataLoader(async (connectionIds) => {
      const users = await findWebConnectorUsers(database, { connectionIds })
      return connectionIds.map((id) => users.find(({ connectionId }) => connectionId === id) ?? null)
    }),
  }
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined
  return () => {
    loaded ??= load()
    return loaded
  }
}

function inOrder<Row extends { id: string }>(ids: readonly string[], rows: Row[]): (Row | Error)[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.map((id) => byId.get(id) ?? new ApiError('NOT_FOUND', `${id} is gone: ask for the page again.`))
}
