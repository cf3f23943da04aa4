import type { Author } from '../domain/access.ts'
import type { BulkOperation } from '../domain/bulk-operation.ts'
import type { Connection } from '../domain/connection.ts'
import { MirrorEntity, type MirroredEntity } from '../domain/mirror.ts'
import { PortionState, SyncMode, type SyncPortion } from '../domain/sync-cursor.ts'
import { listConnections } from '../storage/connections.ts'
import { countMirrored, unseenRecords } from '../storage/mirror.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { askForChanges, noteRead } from '../storage/sync-cursors.ts'
import { beginSync, delaySync, finishSync, movePortion, nextPortion, openPortions } from '../storage/syncs.ts'
import { NotAnswered } from './ask.ts'
import { captureChanges } from './change-capture.ts'
import { type MirrorLane, PullRefused, pull } from './pull.ts'
import { later, type Road } from './road.ts'
import { takeRecords } from './take-records.ts'

const AGAIN_SECONDS = 30

/** Begins to bring one kind of record, or all of them, up to date; what cannot be told by its changes is read in full. */
export function syncNow(
  road: Pick<Road, 'database' | 'ledgerOf' | 'now'>,
  args: { connection: Connection; entity: MirrorEntity; mode: SyncMode; author: Author },
): Promise<BulkOperation> {
  const { connection, entity, mode, author } = args
  const { captured = [], kinds = [] } = road.ledgerOf(connection).mirror ?? {}
  const entities: readonly MirroredEntity[] = entity === MirrorEntity.ALL ? kinds : [entity]
  const portions = entities.map((one) => ({
    entity: one,
    mode: captured.includes(one) ? mode : SyncMode.FULL,
    changedSince: null,
  }))
  return beginSync(road.database, { connectionId: connection.id, portions, author, now: road.now() })
}

/** The same for a connection by its id. Throws InvalidRequest when there is none, or its kind of QuickBooks is not mirrored. */
export async function syncConnection(
  road: Pick<Road, 'database' | 'ledgerOf' | 'now'>,
  { connectionId, ...args }: { connectionId: string; entity: MirrorEntity; mode: SyncMode; author: Author },
): Promise<BulkOperation> {
  const connection = (await listConnections(road.database)).find(({ id }) => id === connectionId)
  if (!connection) throw new InvalidRequest(`There is no connection ${connectionId.slice(0, 60)}.`)
  const { kinds = [] } = road.ledgerOf(connection).mirror ?? {}
  if (args.entity === MirrorEntity.ALL ? kinds.length === 0 : !kinds.includes(args.entity)) {
    throw new InvalidRequest(
      `Of "${connection.name}" ${kinds.length === 0 ? 'nothing' : `no ${args.entity}`} is mirrored.`,
    )
  }
  return syncNow(road, { connection, ...args })
}

/** Reads one page of the oldest operation that runs. False when there is none. */
export async function readNextPage(road: Road, held: MirrorLane): Promise<boolean> {
  const portion = await nextPortion(road.database, { connectionId: held.connection.id, now: road.now() })
  if (!portion) return false
  const { operationId } = portion
  try {
    await stepOf(portion)(road, held, portion)
    await finish(road, held, portion)
    return true
  } catch (error) {
    if (error instanceof PullRefused) {
      await delaySync(road.database, { operationId, error: error.message, until: null })
      return true
    }
    if (error instanceof NotAnswered) {
      await delaySync(road.database, { operationId, error: error.message, until: later(road.now(), AGAIN_SECONDS) })
    }
    throw error
  }
}

/** What was read in full may have changed behind the reader's back: its changes are asked for at once. */
async function finish(road: Road, { connection, reader }: MirrorLane, { operationId }: SyncPortion): Promise<void> {
  const now = road.now()
  const read = await finishSync(road.database, { operationId, now })
  const entities = read.filter((entity) => reader.captured.includes(entity))
  await askForChanges(road.database, { connectionIds: [connection.id], entities, countToo: false, now })
}

type Step = (road: Road, held: MirrorLane, portion: SyncPortion) => Promise<void>

function stepOf({ mode, state, startedAt, changedSince }: SyncPortion): Step {
  if (mode === SyncMode.INCREMENTAL && !changedSince) return readChanges
  if (!startedAt) return begin
  if (state === PortionState.READING) return readPage
  return changedSince ? compareCounts : lookForUnseen
}

/** How many there are, so that the progress can be told. */
async function begin(road: Road, held: MirrorLane, portion: SyncPortion): Promise<void> {
  const { count, through } = await pull(road, held, { kind: 'COUNT', entity: portion.entity })
  const total = portion.changedSince ? 0 : (count ?? 0)
  await movePortion(road.database, { portion, step: { startedAt: through, total } })
}

/**
 * Each page begins with the last record of the page before. Where it does not, something before it was deleted and rows moved
 * up unread: then the page before is read once more.
 */
async function readPage(road: Road, held: MirrorLane, portion: SyncPortion): Promise<void> {
  const { pageRowsMax, byCursor } = held.reader
  if (byCursor) return readByCursor(road, held, portion)
  const { entity, lastId, changedSince } = portion
  const position = lastId === null ? portion.position : portion.position - 1
  const haul = await pull(road, held, { kind: 'PAGE', entity, position, rowsMax: pageRowsMax, changedSince })
  const hasMoved = lastId !== null && haul.records[0]?.quickBooksId !== lastId
  const fresh = lastId === null || hasMoved ? haul.records : haul.records.slice(1)
  const isLast = haul.records.length < pageRowsMax
  const step = hasMoved
    ? { position: Math.max(1, position - pageRowsMax), lastId: null }
    : {
        position: portion.position + fresh.length,
        lastId: fresh.at(-1)?.quickBooksId ?? lastId,
        rows: fresh.length,
        ...(isLast ? { state: PortionState.VERIFYING } : {}),
      }
  await road.database.transaction(async (transaction) => {
    await takeRecords(transaction, { held, haul, now: road.now() })
    await movePortion(transaction, { portion, step })
  })
}

/**
 * A cursor ends with its conversation: in the next one the listing begins anew. What was read stays read, and what changed
 * meanwhile is asked for by its changes in the end.
 */
async function readByCursor(road: Road, held: MirrorLane, portion: SyncPortion): Promise<void> {
  const { entity, position, lastId: cursor, changedSince, rowsRead } = portion
  const { pageRowsMax: rowsMax } = held.reader
  const haul = await pull(road, held, { kind: 'PAGE', entity, position, rowsMax, changedSince, cursor })
  const { records, next = { cursor: null } } = haul
  const step =
    next === 'FORGOTTEN'
      ? { position: 1, lastId: null, rows: -rowsRead }
      : {
          ...{ position: position + records.length, lastId: next.cursor, rows: records.length },
          ...(next.cursor === null ? { state: PortionState.VERIFYING } : {}),
        }
  await road.database.transaction(async (transaction) => {
    await takeRecords(transaction, { held, haul, now: road.now() })
    await movePortion(transaction, { portion, step })
  })
}

/** What the mirror has and no page showed is asked for by its ids, and is gone only if QuickBooks does not know it then. */
async function lookForUnseen(road: Road, held: MirrorLane, portion: SyncPortion): Promise<void> {
  const { entity, startedAt } = portion
  const unseen = startedAt
    ? await unseenRecords(road.database, {
        connectionId: held.connection.id,
        entity,
        seenBefore: startedAt,
        limit: held.reader.idsMax,
      })
    : []
  if (unseen.length === 0) return end(road, held, portion)
  const haul = await pull(road, held, { kind: 'IDS', entity, ids: unseen })
  const found = new Set(haul.records.map(({ quickBooksId }) => quickBooksId))
  const gone = unseen.filter((id) => !found.has(id))
  await road.database.transaction((transaction) =>
    takeRecords(transaction, { held, haul, gone: gone.map((id) => ({ entity, id })), now: road.now() }),
  )
}

/** After many changes at once, deletions may have been kept back: if the mirror has more than QuickBooks, it is read in full. */
async function compareCounts(road: Road, held: MirrorLane, portion: SyncPortion): Promise<void> {
  const { entity } = portion
  const { count } = await pull(road, held, { kind: 'COUNT', entity })
  const mirrored = await countMirrored(road.database, { connectionId: held.connection.id, entity })
  if (count !== null && mirrored <= count) return end(road, held, portion)
  await movePortion(road.database, { portion, step: AFRESH })
}

const AFRESH = {
  mode: SyncMode.FULL,
  state: PortionState.READING,
  changedSince: null,
  startedAt: null,
  position: 1,
  lastId: null,
} as const

async function end(road: Road, { connection }: MirrorLane, portion: SyncPortion): Promise<void> {
  const { entity, startedAt, changedSince } = portion
  await road.database.transaction(async (transaction) => {
    if (!(await movePortion(transaction, { portion, step: { state: PortionState.DONE } }))) return
    const through = startedAt ?? road.now()
    const full = changedSince === null
    await noteRead(transaction, { connectionId: connection.id, entity, through, full, now: road.now() })
  })
}

/** All kinds of the operation whose changes can be asked for are asked for together; the others are read in full. */
async function readChanges(road: Road, held: MirrorLane, first: SyncPortion): Promise<void> {
  const open = await openPortions(road.database, { operationId: first.operationId })
  const portions = open.filter(({ mode, changedSince }) => mode === SyncMode.INCREMENTAL && !changedSince)
  const { rest, rows } = await captureChanges(road, held, { entities: portions.map(({ entity }) => entity) })
  await road.database.transaction(async (transaction) => {
    for (const portion of portions) {
      const left = rest.find(({ entity }) => entity === portion.entity)
      const step = left
        ? { ...AFRESH, changedSince: left.changedSince, mode: left.changedSince ? SyncMode.INCREMENTAL : SyncMode.FULL }
        : { state: PortionState.DONE, rows: rows.get(portion.entity) ?? 0 }
      await movePortion(transaction, { portion, step })
    }
  })
}
