import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import type { Envelope } from '../../src/ledgers/ledger.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { work } from '../../src/sync/work.ts'
import { openStage, type Stage } from './stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage({ pending: 6 })
})
afterAll(() => stage.close())

test('an order that comes while the mirror is read goes before the next page, and posting spends no read', async () => {
  const { road, connection, fresh } = stage
  const ledger = road.ledgerOf(connection)
  let polled = false
  const send: typeof ledger.send = async (envelope: Envelope, right) => {
    const answer = await ledger.send(envelope, right)
    const isPull = envelope.exchanges.some(({ purpose }) => purpose === 'PULL') && !/batch/.test(envelope.path)
    if (isPull && !polled) {
      polled = true
      await stage.poll()
    }
    return answer
  }
  const watched = { ...road, ledgerOf: () => ({ ...ledger, send }) }
  const author = { name: 'an operator', keyId: null, connectionIds: null }
  await syncNow(road, { connection, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  await work(watched)
  const asked = await fresh.database.rows(sql<{ operation: string; request: string; posting: boolean }>`
    select operation, request, posting_id is not null as posting from exchange order by id`)
  const kinds = asked.map(({ operation, request, posting }) => {
    if (operation.startsWith('create')) return 'post'
    return posting || !/STARTPOSITION|COUNT/.test(request) ? 'look' : 'page'
  })
  const order = kinds.filter((kind, index) => kind !== kinds[index - 1])
  // One page, then all that the postings need and the postings, then the rest of the pages.
  expect(order[0]).toBe('page')
  expect(kinds.indexOf('look')).toBe(1)
  expect(kinds.lastIndexOf('post')).toBeLessThan(kinds.lastIndexOf('page'))
  expect(kinds.slice(1, kinds.lastIndexOf('post')).filter((kind) => kind === 'page').length).toBeLessThanOrEqual(1)
  const [metered] = await fresh.database.rows(sql<{ reads: number; questions: number }>`
    select (select sum(reads) from read_meter)::int as reads,
      (select count(*) from exchange where purpose <> 'POST')::int as questions`)
  expect(metered?.reads).toBe(metered?.questions)
})
