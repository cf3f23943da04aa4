import type { Connection } from '../domain/connection.ts'
import { LinkKind } from '../domain/link.ts'
import { MirrorEntity, type MirroredEntity } from '../domain/mirror.ts'
import type { AccountUse, LedgerRecord } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'
import { mirroredByName, mirroredNames } from '../storage/mirror-names.ts'
import { syncCursors } from '../storage/sync-cursors.ts'
import { ask, NotAnswered } from './ask.ts'
import { NotAllowed } from './deliver.ts'
import { withLane } from './lane.ts'
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
 * can be reached just now. Writes nothing there.
 */
export async function findWanted(
  road: Road,
  database: Database,
  { connection, wanted }: { connection: Connection; wanted: WantedName[] },
): Promise<FoundNames> {
  const found = new Map<string, LookedUp>()
  const unasked: FoundNames['unasked'] = []
  const mirrored = await mirroredKinds(road, database, connection)
  const unmirrored: WantedName[] = []
  for (const [entity, names] of Map.groupBy(wanted, (one) => one.entity)) {
    const mirror = mirrored.has(entity) ? MIRRORS[entity] : undefined
    if (mirror === undefined) unmirrored.push(...names)
    else await lookIntoMirror(road, database, { connection, entity, mirror, names, found })
  }
  if (unmirrored.length > 0) {
    const asked = await askFor(road, { connection, wanted: unmirrored })
    if (typeof asked === 'string')
      unasked.push(...[...new Set(unmirrored.map(({ entity }) => entity))].map((entity) => ({ entity, why: asked })))
    else for (const name of unmirrored) found.set(wantedKey(name), lookedUp(asked, name))
  }
  return { found, unasked }
}

async function mirroredKinds(road: Road, database: Database, connection: Connection): Promise<Set<LinkKind>> {
  if (!road.ledgerOf(connection).mirror) return new Set()
  const cursors = await syncCursors(database, { connectionId: connection.id })
  const read = new Set(cursors.filter(({ lastFullAt }) => lastFullAt !== null).map(({ entity }) => entity))
  return new Set(
    Object.values(LinkKind).filter((kind) => {
      const mirror = MIRRORS[kind]
      return mirror !== undefined && read.has(mirror)
    }),
  )
}

async function lookIntoMirror(
  road: Road,
  database: Database,
  args: {
    connection: Connection
    entity: LinkKind
    mirror: MirroredEntity
    names: WantedName[]
    found: Map<string, LookedUp>
  },
): Promise<void> {
  const { connection, entity, mirror, names, found } = args
  const reader = road.ledgerOf(connection).mirror
  const rows = await mirroredByName(database, {
    connectionId: connection.id,
    entity: mirror,
    names: names.map(({ name }) => name),
  })
  const records = rows.map(({ quickBooksId, name, active, raw }): LedgerRecord => {
    const record = reader?.recordOf({ entity: mirror, raw })
    return { revision: null, name, ...record, entity, quickBooksId, active }
  })
  for (const name of names) found.set(wantedKey(name), lookedUp(records, name))
}

function lookedUp(records: LedgerRecord[], { entity, name }: WantedName): LookedUp {
  const named = records.filter((one) => one.entity === entity && one.name?.toLowerCase() === name.toLowerCase())
  const record = named.find(({ active }) => active) ?? named[0]
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
): Promise<{ accounts: Map<string, MirroredAccount>; items: LedgerRecord[] } | null> {
  const mirrored = await mirroredKinds(road, database, connection)
  const reader = road.ledgerOf(connection).mirror
  if (!reader || !mirrored.has(LinkKind.ACCOUNT) || !mirrored.has(LinkKind.ITEM)) return null
  const connectionId = connection.id
  const [accounts, items] = await Promise.all([
    mirroredNames(database, { connectionId, entity: MirrorEntity.ACCOUNT }),
    mirroredNames(database, { connectionId, entity: MirrorEntity.ITEM }),
  ])
  return {
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
