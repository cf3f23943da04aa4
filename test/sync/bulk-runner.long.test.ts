import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { retryFailedPostings } from '../../src/sync/bulk-retry.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow } from '../storage/rows.ts'

const POSTINGS = 240
const author = { name: 'till', keyId: null, connectionIds: null }
const now = new Date('2026-03-01T12:00:00Z')

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())

async function failedPostings(): Promise<string[]> {
  const connection = connectionRow()
  const rows = Array.from({ length: POSTINGS }, () =>
    postingRow({ connection_id: connection.id, state: 'FAILED', reason_code: 'ITEM_NOT_FOUND' }),
  )
  await insertRows(fresh.database, 'connection', [connection])
  await insertRows(fresh.database, 'posting', rows)
  return rows.map(({ id }) => id)
}

const look = async ({ id }: BulkOperation) => (await findBulkOperation(fresh.database, id)) as BulkOperation

describe('workers that are killed', () => {
  const program = `
    import 'reflect-metadata'
    const { openDatabase } = await import(process.env.DATABASE_MODULE)
    const { runBulkOperations } = await import(process.env.RUNNER_MODULE)
    const { database, close } = await openDatabase({ url: process.env.URL })
    const silent = { error() {}, warn() {}, info() {} }
    const now = () => new Date(Date.now() + Number(process.env.LATER_MS))
    const road = { database, now, log: silent, wake() {}, signal: new AbortController().signal }
    process.stdout.write('ready')
    await runBulkOperations(road, { batchRowsMax: 2 })
    await close()
  `
  const moduleOf = (path: string) => new URL(`../../dist/${path}`, import.meta.url).href

  /** A worker whose clock is past the lease of the one before. */
  function worker(generation: number): ChildProcess {
    return spawn(process.execPath, ['--input-type=module', '-e', program], {
      env: {
        ...process.env,
        URL: fresh.url,
        DATABASE_MODULE: moduleOf('storage/database.js'),
        RUNNER_MODULE: moduleOf('sync/bulk-runner.js'),
        LATER_MS: String(generation * 120_000),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  }

  test('with SIGKILL at any moment do nothing twice and leave nothing out', async () => {
    const failed = await failedPostings()
    const operation = await retryFailedPostings(fresh.database, { selection: {}, author, now })
    let kills = 0
    for (let generation = 1; (await look(operation)).state !== 'DONE'; generation += 1) {
      expect(generation).toBeLessThan(60)
      const child = worker(generation)
      const ended = once(child, 'exit')
      if (child.stdout) await Promise.race([once(child.stdout, 'data'), ended])
      if (generation <= 8) {
        await wait(20 + ((generation * 37) % 90))
        child.kill('SIGKILL')
      }
      const [, signal] = (await ended) as [number | null, string | null]
      if (signal === 'SIGKILL') kills += 1
    }
    expect(kills).toBeGreaterThanOrEqual(3)
    expect(await look(operation)).toMatchObject({ total: POSTINGS, done: POSTINGS, setGoing: POSTINGS, refused: 0 })
    const revisions = await fresh.database.rows(sql<{ revision: number }>`select revision from posting`)
    expect(revisions).toHaveLength(POSTINGS)
    expect(revisions.filter(({ revision }) => revision !== 1)).toEqual([])
    const named = await fresh.database.rows(sql<{ subject: string }>`select subject from audit_entry`)
    const ids = named.flatMap(({ subject }) => subject.replace(/^.*: ids /, '').split(' '))
    expect(ids.sort()).toEqual(failed.sort())
  }, 90_000)
})
