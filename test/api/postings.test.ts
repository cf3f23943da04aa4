import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { PostingKind, Role } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { connectionRow, exchangeRows, idAt, insertRows, postingRow, processed } from '../storage/rows.ts'
import {
  CountedPostingsDocument,
  PostingCountsDocument,
  PostingDocument,
  type PostingFilter,
  PostingsDocument,
  WholePostingsDocument,
} from './generated/client.ts'
import { type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
const connections = [connectionRow({ name: 'East' }), connectionRow({ name: 'West' })]
const [east, west] = connections.map(({ id }) => id) as [string, string]
const done = postingRow({
  connection_id: east,
  created_at: '2026-03-01T12:00:00Z',
  ...processed('2026-03-01T12:00:09Z'),
  order_number: 'SO-1',
  document_number: '1001',
  total: '1234.50',
  currency: 'USD',
  sent_at: '2026-03-01T12:00:01Z',
  posted_at: '2026-03-01T12:00:02Z',
})
const failed = postingRow({
  connection_id: west,
  created_at: '2026-03-01T12:01:00Z',
  state: PostingState.FAILED,
  order_number: 'SO-2',
  reason_code: 'ACCOUNT_NOT_FOUND',
  reason_detail: { account: 'Discount', orderNumber: 'SO-2' },
})
const waiting = postingRow({
  connection_id: east,
  created_at: '2026-03-01T12:02:00Z',
  kind: PostingKind.CUSTOMER,
  waiting_for: 'QUICKBOOKS',
})

beforeAll(async () => {
  api = await serveApi()
  await insertRows(api.database, 'connection', connections)
  await insertRows(api.database, 'posting', [done, failed, waiting])
  const { delivery, exchange } = exchangeRows({ connection_id: east, posting_id: done.id })
  await insertRows(api.database, 'delivery', [delivery])
  await insertRows(api.database, 'exchange', [exchange])
})
afterAll(() => api.close())

describe('a posting', () => {
  test('shows the proof that QuickBooks has it', async () => {
    const { data, errors } = await api.ask(PostingDocument, { id: done.id }, Role.VIEWER)
    expect(errors).toEqual([])
    expect(data?.posting).toMatchObject({
      id: done.id,
      state: 'PROCESSED',
      kind: 'INVOICE',
      orderNumber: 'SO-1',
      documentNumber: '1001',
      total: '1234.50',
      connection: { id: east, name: 'East' },
      link: { sourceId: done.source_id, quickBooksId: '145' },
      reason: null,
      verification: 'EQUAL',
      createdAt: '2026-03-01T12:00:00.000Z',
      processedAt: '2026-03-01T12:00:09.000Z',
      exchanges: [{ operation: 'create Invoice', outcome: 'posted', delivery: { status: 200 } }],
    })
  })

  test('that failed says why and what to do', async () => {
    const { data } = await api.ask(PostingDocument, { id: failed.id }, Role.VIEWER)
    expect(data?.posting).toMatchObject({
      link: null,
      exchanges: [],
      reason: {
        code: 'ACCOUNT_NOT_FOUND',
        sentence: 'QuickBooks has no active account named "Discount", which order SO-2 needs for its discount.',
        remedy: 'Create the account "Discount" in the QuickBooks chart of accounts, then retry.',
      },
    })
  })

  test('that does not exist is null; an id that cannot be is refused', async () => {
    expect(await api.ask(PostingDocument, { id: idAt('2026-01-01') })).toMatchObject({
      data: { posting: null },
      errors: [],
    })
    const { errors } = await api.ask(PostingDocument, { id: "1' or 1=1" })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('the list of postings', () => {
  test('goes page by page, newest first', async () => {
    const first = await api.ask(PostingsDocument, { first: 2 })
    expect(first.data?.postings).toMatchObject({
      nodes: [{ id: waiting.id }, { id: failed.id }],
      hasNextPage: true,
    })
    const after = first.data?.postings.endCursor ?? null
    const second = await api.ask(PostingsDocument, { first: 2, after })
    expect(second.data?.postings).toMatchObject({ nodes: [{ id: done.id }], hasNextPage: false })
  })

  test('takes the filters of the contract', async () => {
    const ids = async (filter: PostingFilter) => {
      const { data } = await api.ask(PostingsDocument, { first: 10, filter })
      return data?.postings.nodes.map(({ id }) => id)
    }
    expect(await ids({ states: ['FAILED', 'MISMATCHED'] })).toEqual([failed.id])
    expect(await ids({ kinds: ['CUSTOMER'] })).toEqual([waiting.id])
    expect(await ids({ connectionId: east })).toEqual([waiting.id, done.id])
    expect(await ids({ orderNumber: 'SO-1' })).toEqual([done.id])
    expect(await ids({ reasonCode: 'ACCOUNT_NOT_FOUND' })).toEqual([failed.id])
    expect(await ids({ from: '2026-03-01T12:01:00Z', to: '2026-03-01T12:02:00Z' })).toEqual([failed.id])
  })

  test.each([0, 201])('refuses pages of %s rows with the limits', async (first) => {
    const { errors } = await api.ask(PostingsDocument, { first })
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors[0]?.message).toContain('ask for 1 to 200 rows')
  })

  test('is counted when asked', async () => {
    const { data } = await api.ask(CountedPostingsDocument, { filter: { connectionId: east } })
    expect(data).toEqual({ postings: { totalCount: 2, totalCountCapped: false } })
  })

  test('costs the same statements for fifty rows more', async () => {
    const statementsOf = async (ask: () => Promise<{ errors: unknown[] }>) => {
      api.statements.length = 0
      expect((await ask()).errors).toEqual([])
      return api.statements.filter((statement) => statement !== 'entities ApiKey' && statement !== 'run').sort()
    }
    const plain = ['entities Connection', 'entities Posting']
    const whole = ['entities Connection', 'entities Delivery', 'entities Exchange', 'entities Posting', 'rows']
    expect(await statementsOf(() => api.ask(PostingsDocument, { first: 3 }))).toEqual(plain)
    expect(await statementsOf(() => api.ask(WholePostingsDocument, { first: 3 }))).toEqual(whole)
    const more = Array.from({ length: 50 }, () => postingRow({ connection_id: west }))
    await insertRows(api.database, 'posting', more)
    expect(await statementsOf(() => api.ask(PostingsDocument, { first: 100 }))).toEqual(plain)
    expect(await statementsOf(() => api.ask(WholePostingsDocument, { first: 100 }))).toEqual(whole)
    await api.database.run(sql`delete from posting where id = any(${more.map(({ id }) => id)}::uuid[])`)
  })
})

test('postings are counted by state, reason, kind and day', async () => {
  const counts = async (by: 'STATE' | 'REASON' | 'KIND' | 'DAY') =>
    (await api.ask(PostingCountsDocument, { by })).data?.postingCounts
  expect(await counts('STATE')).toEqual([
    { key: 'FAILED', count: 1 },
    { key: 'PENDING', count: 1 },
    { key: 'PROCESSED', count: 1 },
  ])
  expect(await counts('REASON')).toEqual([{ key: 'ACCOUNT_NOT_FOUND', count: 1 }])
  expect(await counts('KIND')).toEqual([
    { key: 'INVOICE', count: 2 },
    { key: 'CUSTOMER', count: 1 },
  ])
  expect(await counts('DAY')).toEqual([{ key: '2026-03-01', count: 3 }])
})
