import type { Connection } from '../domain/connection.ts'
import { LinkKind } from '../domain/link.ts'
import { MirrorEntity, type MirroredEntity } from '../domain/mirror.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import { mirroredByName } from '../storage/mirror-names.ts'
import { syncCursors } from '../storage/sync-cursors.ts'
import type { Question } from './ask.ts'
import type { Road } from './road.ts'

const MIRRORS: Partial<Record<LinkKind, MirroredEntity>> = {
  [LinkKind.CUSTOMER]: MirrorEntity.CUSTOMER,
  [LinkKind.ITEM]: MirrorEntity.ITEM,
  [LinkKind.ACCOUNT]: MirrorEntity.ACCOUNT,
  [LinkKind.TAX_CODE]: MirrorEntity.TAX_CODE,
  [LinkKind.TERM]: MirrorEntity.TERM,
}

/** Answers questions for names from the mirror, as far as there is one; what is asked by anything else it leaves open. */
export async function answersOfMirror(
  road: Pick<Road, 'database' | 'ledgerOf'>,
  { connection, questions }: { connection: Connection; questions: Question[] },
): Promise<LedgerRecord[]> {
  const { mirror } = road.ledgerOf(connection)
  if (!mirror) return []
  const asked = questions.filter(({ by, values }) => by === 'NAME' && values.length > 0)
  const answers = await Promise.all(
    asked.map(async ({ entity: kind, values: names }) => {
      const entity = MIRRORS[kind]
      if (!entity) return []
      const found = await mirroredByName(road.database, { connectionId: connection.id, entity, names })
      return found.flatMap(({ raw }) => mirror.recordOf({ entity, raw }) ?? [])
    }),
  )
  return answers.flat()
}

/** The kinds that the mirror was read in full of, so that what it lacks is not there. */
export async function mirroredKinds(road: Pick<Road, 'database'>, connection: Connection): Promise<Set<LinkKind>> {
  const cursors = await syncCursors(road.database, { connectionId: connection.id })
  const read = new Set(cursors.filter(({ lastFullAt }) => lastFullAt !== null).map(({ entity }) => entity))
  return new Set(Object.values(LinkKind).filter((kind) => MIRRORS[kind] !== undefined && read.has(MIRRORS[kind])))
}
