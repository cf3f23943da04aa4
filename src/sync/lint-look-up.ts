import type { Connection } from '../domain/connection.ts'
import { LinkKind } from '../domain/link.ts'
import { MirrorEntity, type MirroredEntity } from '../domain/mirror.ts'
import type { AccountUse, LedgerRecord } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'
import { mirroredByName, mirroredNames } from '../storage/mirror-names.ts'
import { layNames, rememberedNames } from '../storage/name-look-ups.ts'
import { syncCursors } from '../storage/sync-cursors.ts'
import { ask, NotAnswered } from './ask.ts'
import { NotAllowed } from './deliver.ts'
import { withLane } from './lane.ts'
import { recordNamed } from './lint-names-laid.ts'
import type { Road } from './road.ts'

export interface WantedName {
  entity: LinkKind
  name: string
}

/** What QuickBooks has under a name. */
export type LookedUp = { state: 'ACTIVE' | 'INACTIVE'; record: LedgerRecord | null } | { state: 'MISSING' }

/** What was found, by `wantedKey`; kinds that could not be asked for, and why. */
export interface FoundNames {
  found: Map<string, LookedUp>
  unasked: { entity: LinkKind; why: string }[]
  /** When the oldest answer came, where QuickBooks can only be asked when it calls; null when all was asked just now. */
  answeredAt: Date | null
}

export function wantedKey({ entity, name }: WantedName): string {
  return `${entity} ${name.toLowerCase()}`
}

const MIRRORS: Partial<Record<LinkKind, MirroredEntity>> = {
  [LinkKind.ACCOUNT]: MirrorEntity.ACCOUNT,
  [LinkKind.ITEM]: MirrorEntity.ITEM,
  [LinkKind.TAX_CODE]: MirrorEntity.TAX_CODE,
  [LinkKind.CUSTOMER]: MirrorEntity.CUSTOMER,
}

/** While others work with the company, it is waited for so often, and so long each time. */
const LANE_TRIES = 20
const LANE_WAIT_MS = 250

/**
 * Finds what QuickBooks has under some names: in the mirror, where a kind was read in full; else QuickBooks is asked, if it
 * can be reached just now. One that calls us is asked when it calls; what it said last counts until then. Writes nothing there.
 */
export async function findWanted(
  road: Road,
  database: Database,
  { connection, wanted }: { connection: Connection; wanted: WantedName[] },
): Promise<FoundNames> {
  if (road.ledgerOf(connection).mailbox) return findOfCaller(road, database, { connection, wanted })
  const { found, missed } = await lookIntoMirror(road, database, { connection, wanted })
  const asked = missed.length > 0 ? await askFor(road, { connection, wanted: missed }) : []
  if (typeof asked === 'string') return { found, unasked: unaskedOf(missed, asked), answeredAt: null }
  for (const name of missed) found.set(wantedKey(name), lookedUp(recordNamed(asked, name)))
  return { found, unasked: [], answeredAt: null }
}

/** Of a QuickBooks that calls us: what it says now, else what it said last when it was asked, else what the mirror has of it. */
async function findOfCaller(
  road: Road,
  database: Database,
  { connection, wanted }: { connection: Connection; wanted: WantedName[] },
): Promise<FoundNames> {
  const connectionId = connection.id
  const asked = wanted.length > 0 ? await askFor(road, { connection, wanted }) : []
  if (typeof asked !== 'string')
    return {
      found: new Map(wanted.map((name) => [wantedKey(name), lookedUp(recordNamed(asked, name))])),
      ...{ unasked: [], answeredAt: null },
    }
  await layNames(road.database, { connectionId, names: wanted, now: road.now() })
  road.wake()
  const known = await rememberedNames(road.database, { connectionId, names: wanted })
  const answered = new Set(known.map(wantedKey))
  const rest = wanted.filter((name) => !answered.has(wantedKey(name)))
  const { found, missed, readAt } = await lookIntoMirror(road, database, { connection, wanted: rest })
  for (const one of known) found.set(wantedKey(one), lookedUp(one.record))
  const times = [...known.flatMap(({ answeredAt }) => answeredAt ?? []), ...readAt]
  const [oldest = null] = times.toSorted((one, other) => one.getTime() - other.getTime())
  return { found, unasked: unaskedOf(missed, asked), answeredAt: oldest }
}

function unaskedOf(names: WantedName[], why: string): FoundNames['unasked'] {
  return [...new Set(names.map(({ entity }) => entity))].map((entity) => ({ entity, why }))
}

/** The kinds that were read in full, and until when what changed of them is known. */
async function mirroredKinds(road: Road, database: Database, connection: Connection): Promise<Map<LinkKind, Date>> {
  if (!road.ledgerOf(connection).mirror) return new Map()
  const cursors = await syncCursors(database, { connectionId: connection.id })
  const read = new Map(cursors.map((cursor) => [cursor.entity, cursor]))
  return new Map(
    Object.values(LinkKind).flatMap((kind): [LinkKind, Date][] => {
      const mirror = MIRRORS[kind]
      const { lastFullAt, changedThrough } = (mirror && read.get(mirror)) ?? { lastFullAt: null, changedThrough: null }
      return lastFullAt === null ? [] : [[kind, changedThrough ?? lastFullAt]]
    }),
  )
}

/** What the mirror has under names, the names whose kind was never read in full, and until when the kinds are known. */
async function lookIntoMirror(
  road: Road,
  database: Database,
  { connection, wanted }: { connection: Connection; wanted: WantedName[] },
): Promise<{ found: Map<string, LookedUp>; missed: WantedName[]; readAt: Date[] }> {
  const mirrored = await mirroredKinds(road, database, connection)
  const reader = road.ledgerOf(connection).mirror
  const found = new Map<string, LookedUp>()
  const missed: WantedName[] = []
  const readAt: Date[] = []
  for (const [entity, names] of Map.groupBy(wanted, (one) => one.entity)) {
    const mirror = MIRRORS[entity]
    const through = mirrored.get(entity)
    if (mirror === undefined || through === undefined) {
      missed.push(...names)
      continue
    }
    const asked = { connectionId: connection.id, entity: mirror, names: names.map(({ name }) => name) }
    const records = (await mirroredByName(database, asked)).map(({ quickBooksId, name, active, raw }): LedgerRecord => {
      const record = reader?.recordOf({ entity: mirror, raw })
      return { revision: null, name, ...record, entity, quickBooksId, active }
    })
    for (const name of names) found.set(wantedKey(name), lookedUp(recordNamed(records, name)))
    readAt.push(through)
  }
  return { found, missed, readAt }
}

function lookedUp(record: LedgerRecord | null): LookedUp {
  return record ? { state: record.active ? 'ACTIVE' : 'INACTIVE', record } : { state: 'MISSING' }
}

/** The records of these names; or why nobody could be asked. */
async function askFor(
  road: Road,
  { connection, wanted }: { connection: Connection; wanted: WantedName[] },
): Promise<LedgerRecord[] | string> {
  const ledger = road.ledgerOf(connection)
  const questions = [...Map.groupBy(wanted, ({ entity }) => entity)]
    .filter(([entity]) => ledger.answers({ entity, by: 'NAME' }))
    .map(([entity, names]) => ({ entity, by: 'NAME' as const, values: names.map(({ name }) => name) }))
  for (let attempt = 0; attempt < LANE_TRIES; attempt += 1) {
    if (!ledger.reach()) return 'QuickBooks is not at the other end just now: it is asked when the Web Connector calls'
    try {
      const records = await withLane(road, { connection }, (held) =>
        ask(held.road, { connection, lane: held.lane, questions }),
      )
      if (records !== null) return records
    } catch (error) {
      if (error instanceof NotAllowed || error instanceof NotAnswered)
        return `QuickBooks did not answer (${error.message})`
      throw error
    }
    await road.sleep(LANE_WAIT_MS)
  }
  return 'QuickBooks is being worked with by others just now'
}

/** An account of the mirror, and what it counts for. */
export interface MirroredAccount {
  name: string
  active: boolean
  use: AccountUse | null
}

/** The accounts and the active items of a company, where they are mirrored; null where they are not. */
export async function mirroredBooks(
  road: Road,
  database: Database,
  connection: Connection,
): Promise<{ accounts: Map<string, MirroredAccount>; items: LedgerRecord[]; readAt: Date[] } | null> {
  const mirrored = await mirroredKinds(road, database, connection)
  const reader = road.ledgerOf(connection).mirror
  const readAt = [LinkKind.ACCOUNT, LinkKind.ITEM].flatMap((kind) => mirrored.get(kind) ?? [])
  if (!reader || readAt.length < 2) return null
  const connectionId = connection.id
  const [accounts, items] = await Promise.all([
    mirroredNames(database, { connectionId, entity: MirrorEntity.ACCOUNT }),
    mirroredNames(database, { connectionId, entity: MirrorEntity.ITEM }),
  ])
  return {
    readAt,
    accounts: new Map(
      accounts.map(({ quickBooksId, name, active, raw }) => {
        const use = reader.recordOf({ entity: MirrorEntity.ACCOUNT, raw })?.accountUse ?? null
        return [quickBooksId, { name, active, use }]
      }),
    ),
    items: items.flatMap(({ active, raw }) =>
      active ? (reader.recordOf({ entity: MirrorEntity.ITEM, raw }) ?? []) : [],
    ),
  }
}
