import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import type { Author } from '../../src/domain/access.ts'
import type { BulkOperation } from '../../src/domain/bulk-operation.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import {
  changeBulkOperation,
  claimBulkOperation,
  findBulkOperation,
  nextBatch,
} from '../../src/storage/bulk-operations.ts'
import { retryFailedPostings } from '../../src/sync/bulk-retry.ts'
import { runBulkOperations, startBulkRunner } from '../../src/sync/bulk-runner.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow, processed, type Row } from '../storage/rows.ts'
import { silentCrm } from './silent-crm.ts'

let fresh: FreshDatabase
let postings: Row[]
let time: Date
const connections = [connectionRow(), connectionRow()]
const [first, second] = connections.map(({ id }) => id) as [string, string]
const author: Author = { name: 'till', keyId: null, connectionIds: null }

beforeEach(async () => {
  fresh = await freshDatabase()
  time = new Date('2026-03-01T12:00:00Z')
  await insertRows(fresh.database, 'connection', connections)
})
afterEach(() => fresh.close())

async function failedPostings(count: number, more: Record<string, unknown> = {}): Promise<Row[]> {
  const rows = Array.from({ length: count }, () =>
    postingRow({ connection_id: first, state: 'FAILED', reason_code: 'ITEM_NOT_FOUND', ...more }),
  )
  rows.sort((a, b) => (a.id < b.id ? -1 : 1))
  await insertRows(fresh.database, 'posting', rows)
  return rows
}

function road({ batches = Number.POSITIVE_INFINITY }: { batches?: number } = {}) {
  const stopping = new AbortController()
  let left = batches
  return {
    database: fresh.database,
    crm: silentCrm,
    ledgerOf: undefined as never,
    now: () => time,
    log: pino({ level: 'silent' }),
    // Called after each batch: whoever wants a few only, stops here.
    wake: () => {
      left -= 1
      if (left === 0) stopping.abort()
    },
    signal: stopping.signal,
  }
}

const begin = (selection = {}, by: Author = author) =>
  retryFailedPostings(fresh.database, { selection, author: by, now: time })
const look = async ({ id }: BulkOperation) => (await findBulkOperation(fresh.database, id)) as BulkOperation
const revisions = () =>
  fresh.database.rows(
    sql<{ id: string; state: string; revision: number }>`select id, state, revision from posting order by id`,
  )
const change = (ids: string[], values: Record<string, unknown>) =>
  fresh.database.run(sql`
    update posting set ${sql.join(Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`))}
    where id = any(${ids}::uuid[])`)

describe('retrying all that failed', () => {
  test('shows its progress, can be paused and resumed, and sums up what was set going, refused and came to rest', async () => {
    postings = await failedPostings(10)
    const ids = postings.map(({ id }) => id)
    const operation = await begin()
    expect(operation).toMatchObject({ state: 'RUNNING', total: 10, done: 0 })

    await runBulkOperations(road({ batches: 1 }), { batchRowsMax: 3 })
    expect(await look(operation)).toMatchObject({
      state: 'RUNNING',
      done: 3,
      setGoing: 3,
      refused: 0,
      claimToken: null,
    })

    await changeBulkOperation(fresh.database, { id: operation.id, to: 'PAUSED', now: time })
    await runBulkOperations(road(), { batchRowsMax: 3 })
    expect(await look(operation)).toMatchObject({ state: 'PAUSED', done: 3 })

    await change(ids.slice(7), { state: 'PENDING' })
    await changeBulkOperation(fresh.database, { id: operation.id, to: 'RUNNING', now: time })
    await runBulkOperations(road(), { batchRowsMax: 3 })
    expect(await look(operation)).toMatchObject({
      state: 'DONE',
      done: 10,
      setGoing: 7,
      refused: 3,
      finishedAt: time,
      restedAt: null,
      summary: ['7 set going, 3 refused: 3 × It is PENDING: there is nothing to retry.'],
    })

    await change(ids.slice(0, 4), processed(time.toISOString()))
    await runBulkOperations(road())
    expect(await look(operation)).toMatchObject({ succeeded: 4, failed: 0, restedAt: null })

    await change(ids.slice(4, 5), processed(time.toISOString()))
    await change(ids.slice(5, 7), { state: 'FAILED', reason_code: 'ITEM_NOT_FOUND' })
    await runBulkOperations(road())
    const rested = await look(operation)
    expect(rested).toMatchObject({ succeeded: 5, failed: 2, restedAt: time })
    expect(rested.summary.slice(1)).toEqual([
      'All came to rest: 5 succeeded, 2 still fail.',
      expect.stringMatching(/^2 × FAILED, ITEM_NOT_FOUND: Create the item in QuickBooks/),
    ])
  })

  test('takes the FAILED ones only, unless the filter names what else may be retried', async () => {
    postings = await failedPostings(2)
    await failedPostings(3, { state: 'MISMATCHED' })
    await failedPostings(4, { connection_id: second, state: 'SKIPPED' })
    expect(await begin()).toMatchObject({ total: 2 })
    expect(await begin({ states: ['MISMATCHED', 'FAILED'] })).toMatchObject({ total: 5 })
    for (const state of ['SKIPPED', 'UNKNOWN', 'PROCESSED']) {
      await expect(begin({ states: [state] })).rejects.toThrow(`"states" has ${state}, which is not retried in bulk`)
    }
  })

  test('of a scoped author touches his connections alone, also when he names none', async () => {
    postings = await failedPostings(2)
    await failedPostings(3, { connection_id: second })
    const scoped = { ...author, connectionIds: [second] }
    const operation = await begin({}, scoped)
    expect(operation).toMatchObject({ total: 3, connectionIds: [second] })
    await expect(begin({ connectionId: first }, scoped)).rejects.toThrow('There is no connection')
    await runBulkOperations(road())
    const untouched = (await revisions()).filter(({ revision }) => revision === 0)
    expect(untouched.map(({ id }) => id)).toEqual(postings.map(({ id }) => id))
  })

  test('asked twice by one author is one operation; asked anew when it is over, or by another, it is another', async () => {
    postings = await failedPostings(3)
    const pair = await Promise.all([begin(), begin()])
    expect(pair[0]?.id).toBe(pair[1]?.id)
    expect((await begin({ reasonCode: 'ITEM_NOT_FOUND' })).id).not.toBe(pair[0]?.id)
    expect((await begin({}, { ...author, name: 'other' })).id).not.toBe(pair[0]?.id)
    await runBulkOperations(road())
    expect((await begin()).id).not.toBe(pair[0]?.id)
  })

  test('of two authors at once sets each posting going once, and tells the second one why not', async () => {
    postings = await failedPostings(8)
    const mine = await begin()
    const other = await begin({}, { ...author, name: 'other' })
    await Promise.all([runBulkOperations(road(), { batchRowsMax: 2 }), runBulkOperations(road(), { batchRowsMax: 3 })])
    expect((await revisions()).map(({ revision }) => revision)).toEqual(postings.map(() => 1))
    const [one, two] = [await look(mine), await look(other)]
    expect([one.state, two.state, one.setGoing + two.setGoing, one.refused + two.refused]).toEqual([
      'DONE',
      'DONE',
      8,
      8,
    ])
  })

  test('with nothing to retry is done at once, and says so', async () => {
    const operation = await begin()
    await runBulkOperations(road())
    const done = await look(operation)
    expect(done).toMatchObject({ state: 'DONE', total: 0, restedAt: time })
    expect(done.summary).toEqual(['Nothing to do: no posting was selected.'])
  })

  test('leaves an audit entry of its author for each batch, that names each posting', async () => {
    postings = await failedPostings(5)
    const operation = await begin()
    await runBulkOperations(road(), { batchRowsMax: 3 })
    const entries = await fresh.database.rows(sql<{ author: string; action: string; subject: string }>`
      select author, action, subject from audit_entry order by id`)
    const batches = [postings.slice(0, 3), postings.slice(3)].map((rows) => rows.map(({ id }) => id).join(' '))
    expect(entries).toEqual(
      batches.map((ids) => ({
        author: 'till',
        action: 'retryPostings',
        subject: `bulk operation ${operation.id}: ids ${ids}`,
      })),
    )
  })

  test('only tells the CRM again where QuickBooks has the record', async () => {
    postings = await failedPostings(1, { quick_books_id: '145', reason_code: 'WRITE_BACK' })
    await begin()
    await runBulkOperations(road())
    expect(await revisions()).toMatchObject([{ state: PostingState.POSTED }])
  })
})

describe('a runner', () => {
  test('that wakes too late does nothing: another one has its operation', async () => {
    postings = await failedPostings(3)
    const { id } = await begin()
    const late = { claimToken: '01890000-0000-7000-8000-00000000000a', leaseSeconds: 60, now: time }
    expect(await claimBulkOperation(fresh.database, late)).toMatchObject({ id })
    const early = { claimToken: '01890000-0000-7000-8000-00000000000b', leaseSeconds: 60 }
    const at = (seconds: number) => new Date(time.getTime() + seconds * 1000)
    expect(await claimBulkOperation(fresh.database, { ...early, now: at(59) })).toBeNull()
    expect(await claimBulkOperation(fresh.database, { ...early, now: at(60) })).toMatchObject({ id })
    const batch = (claimToken: string) =>
      fresh.database.transaction((transaction) => nextBatch(transaction, { id, claimToken, rowsMax: 2 }))
    expect(await batch(late.claimToken)).toBeNull()
    expect((await batch(early.claimToken))?.postingIds).toHaveLength(2)
  })

  test('whose batch fails tries again later, and after five times waits for a person, who may resume it', async () => {
    postings = await failedPostings(2)
    const operation = await begin()
    await fresh.database.run(sql`alter table posting add constraint broken check (state <> 'PENDING')`)
    for (const attempts of [1, 2, 3, 4]) {
      await runBulkOperations(road())
      expect(await look(operation)).toMatchObject({
        state: 'RUNNING',
        attempts,
        done: 0,
        error: expect.stringContaining('broken'),
      })
      await runBulkOperations(road())
      expect(await look(operation)).toMatchObject({ attempts })
      time = new Date(time.getTime() + 31_000)
    }
    await runBulkOperations(road())
    const failed = await look(operation)
    expect(failed).toMatchObject({ state: 'FAILED', done: 0 })
    expect(failed.error).toContain('broken')
    await fresh.database.run(sql`alter table posting drop constraint broken`)
    await changeBulkOperation(fresh.database, { id: operation.id, to: 'RUNNING', now: time })
    await runBulkOperations(road())
    expect(await look(operation)).toMatchObject({ state: 'DONE', setGoing: 2, error: null })
  })

  test('that was stopped gives its operation back, and begins nothing more', async () => {
    postings = await failedPostings(3)
    const operation = await begin()
    const runner = startBulkRunner(road())
    await runner.stop()
    await runner.wake()
    expect(await look(operation)).toMatchObject({ state: 'RUNNING', done: 0, claimToken: null })
  })

  test('that was called off visits nothing more; what it set going goes on', async () => {
    postings = await failedPostings(5)
    const operation = await begin()
    await runBulkOperations(road({ batches: 1 }), { batchRowsMax: 2 })
    await changeBulkOperation(fresh.database, { id: operation.id, to: 'CANCELLED', now: time })
    await runBulkOperations(road())
    expect((await revisions()).map(({ state }) => state)).toEqual(['PENDING', 'PENDING', 'FAILED', 'FAILED', 'FAILED'])
    expect(await changeBulkOperation(fresh.database, { id: operation.id, to: 'RUNNING', now: time })).toBeNull()
  })
})
