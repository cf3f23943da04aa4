import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { askForChanges } from '../../src/storage/sync-cursors.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { type MirrorStage, openMirrorStage } from './mirror-stage.ts'

const author = { name: 'an operator', keyId: null, connectionIds: null }

/** A mirror that has everything, ten minutes ago. */
export interface CaptureStage extends MirrorStage {
  /** Asks for changes, and reads them. */
  tick(options?: { countToo?: boolean }): Promise<void>
  /** What was asked since the last time that this was asked. */
  newQuestions(): Promise<string[]>
  erase(entity: string, id: string): Promise<unknown>
}

export async function openCaptureStage(): Promise<CaptureStage> {
  const stage = await openMirrorStage()
  const { connection } = stage
  await syncNow(stage.road, { connection, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  await stage.steps()
  stage.advance(600)
  let seen = (await stage.asked()).length
  return {
    ...stage,
    async tick({ countToo = false } = {}) {
      const entities = stage.road.ledgerOf(connection).mirror?.captured ?? []
      const asked = { connectionIds: [connection.id], entities, countToo, now: stage.now() }
      await askForChanges(stage.fresh.database, asked)
      await stage.steps()
    },
    async newQuestions() {
      const all = await stage.asked()
      const fresh = all.slice(seen)
      seen = all.length
      return fresh
    },
    erase: (entity, Id) => stage.company.ask(entity, { body: { Id, SyncToken: '0' }, query: { operation: 'delete' } }),
  }
}
