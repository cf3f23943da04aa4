import type { MirroredEntity } from '../domain/mirror.ts'
import { SyncMode } from '../domain/sync-cursor.ts'
import { ourselves } from '../storage/api-keys.ts'
import { countMirrored } from '../storage/mirror.ts'
import { dueCursors, noteChanges, noteCounted, postponeChanges, syncCursors } from '../storage/sync-cursors.ts'
import { beginSync, kindsUnderWay, type PortionDraft } from '../storage/syncs.ts'
import { NotAnswered } from './ask.ts'
import { type Haul, type MirrorLane, PullRefused, pull } from './pull.ts'
import { later, type Road } from './road.ts'
import { takeRecords } from './take-records.ts'

/** What was just saved may be told late: each question reaches so far back behind the last. */
const OVERLAP_SECONDS = 300
/** Changes are no longer asked for when they are almost out of reach. */
const REACH_MARGIN_SECONDS = 3_600
const AGAIN_SECONDS = 60
const HALVINGS_MAX = 6

/** A kind whose changes cannot be told: it is read in full, or, if a time is given, for all that changed since. */
export interface Rest {
  entity: MirroredEntity
  changedSince: Date | null
}

/** Fetches the changes that are due, all kinds in as few questions as can be. False when none are. */
export async function captureDueChanges(road: Road, held: MirrorLane): Promise<boolean> {
  const { connection } = held
  const connectionId = connection.id
  const due = await dueCursors(road.database, { connectionId, now: road.now() })
  if (due.length === 0) return false
  const entities = due.map(({ entity }) => entity)
  const until = later(road.now(), AGAIN_SECONDS)
  try {
    const captured = entities.filter((entity) => held.reader.captured.includes(entity))
    const { rest } = await captureChanges(road, held, { entities: captured })
    const unaskable = entities.filter((entity) => !captured.includes(entity))
    const differing: MirroredEntity[] = []
    for (const { entity, countDue } of due) {
      if (countDue && captured.includes(entity) && (await isCountDifferent(road, held, entity))) differing.push(entity)
    }
    const toRead = [...rest, ...[...unaskable, ...differing].map((entity) => ({ entity, changedSince: null }))]
    await handOver(road, held, toRead)
    return true
  } catch (error) {
    if (!(error instanceof PullRefused || error instanceof NotAnswered)) throw error
    await postponeChanges(road.database, { connectionId, entities, until, error: error.message })
    if (error instanceof PullRefused) return true
    throw error
  }
}

/**
 * What must be read page by page becomes an operation of its own, which the lane works on next. A kind that an operation is at
 * already is left to it.
 */
async function handOver(road: Road, { connection }: MirrorLane, toRead: Rest[]): Promise<void> {
  const connectionId = connection.id
  const unique = [...new Map(toRead.map((rest) => [rest.entity, rest])).values()]
  if (unique.length === 0) return
  await road.database.transaction(async (transaction) => {
    const underWay = await kindsUnderWay(transaction, { connectionId })
    const portions = unique
      .filter(({ entity }) => !underWay.includes(entity))
      .map(
        ({ entity, changedSince }): PortionDraft => ({
          entity,
          changedSince,
          mode: changedSince ? SyncMode.INCREMENTAL : SyncMode.FULL,
        }),
      )
    if (portions.length > 0) {
      await beginSync(transaction, { connectionId, portions, author: ourselves('change capture'), now: road.now() })
    }
    const entities = unique.map(({ entity }) => entity)
    await postponeChanges(transaction, { connectionId, entities, until: null, error: null })
  })
}

/**
 * Takes what changed since the last time into the mirror. Gives the kinds that must be read otherwise: those that were never
 * read, whose last time is out of reach, or of which too much has changed for one answer; and how many changes each had.
 */
export async function captureChanges(
  road: Road,
  held: MirrorLane,
  { entities }: { entities: MirroredEntity[] },
): Promise<{ rest: Rest[]; rows: Map<MirroredEntity, number> }> {
  const reach = later(road.now(), REACH_MARGIN_SECONDS - held.reader.lookBackSeconds)
  const cursors = await syncCursors(road.database, { connectionId: held.connection.id })
  const since = new Map<MirroredEntity, Date>()
  for (const { entity, changedThrough } of cursors) {
    const from = changedThrough ? later(changedThrough, -OVERLAP_SECONDS) : null
    if (entities.includes(entity) && from && from > reach) since.set(entity, from)
  }
  const rest: Rest[] = entities.flatMap((entity) => (since.has(entity) ? [] : [{ entity, changedSince: null }]))
  const rows = new Map<MirroredEntity, number>()
  const groups = [[...since.keys()]]
  for (let group = groups.shift(); group; group = groups.shift()) {
    const [first] = group
    if (!first) continue
    const changedSince = new Date(Math.min(...group.map((entity) => since.get(entity)?.getTime() ?? Number.NaN)))
    const haul = await changesOf(road, held, { entities: group, changedSince })
    for (const { entity } of haul.records) rows.set(entity, (rows.get(entity) ?? 0) + 1)
    if (!haul.cut) await note(road, held, { entities: group, through: haul.through })
    else if (group.length > 1) {
      const half = Math.ceil(group.length / 2)
      groups.push(group.slice(0, half), group.slice(half))
    } else {
      // Where pages go by a cursor, they are read in this very conversation.
      if (!held.reader.byCursor) await captureNewest(road, held, { entity: first, changedSince })
      rest.push({ entity: first, changedSince })
    }
  }
  return { rest, rows }
}

/** Too much for one answer: the newest half is asked for, then the newest half of that, until it fits; the older is read by pages. */
async function captureNewest(
  road: Road,
  held: MirrorLane,
  { entity, changedSince }: { entity: MirroredEntity; changedSince: Date },
): Promise<void> {
  let since = changedSince
  for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
    since = new Date((since.getTime() + road.now().getTime()) / 2)
    if (!(await changesOf(road, held, { entities: [entity], changedSince: since })).cut) return
  }
}

/** What an answer holds is true, also where it does not hold all. */
async function changesOf(
  road: Road,
  held: MirrorLane,
  { entities, changedSince }: { entities: MirroredEntity[]; changedSince: Date },
): Promise<Haul> {
  const haul = await pull(road, held, { kind: 'CHANGES', entities, changedSince })
  if (haul.records.length === 0) return haul
  await road.database.transaction((transaction) => takeRecords(transaction, { held, haul, now: road.now() }))
  return haul
}

function note(road: Road, { connection }: MirrorLane, args: { entities: MirroredEntity[]; through: Date }) {
  return noteChanges(road.database, { connectionId: connection.id, ...args })
}

async function isCountDifferent(road: Road, held: MirrorLane, entity: MirroredEntity): Promise<boolean> {
  const connectionId = held.connection.id
  const { count } = await pull(road, held, { kind: 'COUNT', entity })
  await noteCounted(road.database, { connectionId, entity })
  return count !== (await countMirrored(road.database, { connectionId, entity }))
}
