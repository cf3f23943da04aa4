import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Role } from '../../src/domain/kinds.ts'
import { SyncRun } from '../../src/domain/sync-run.ts'
import { findPostingsById } from '../../src/storage/postings.ts'
import { NoSuchOrder } from '../../src/sync/order.ts'
import { connectionRow, idAt, insertRows, postingRow, type Row } from '../storage/rows.ts'
import { PollNowDocument, RetryPostingsDocument, SyncOrderDocument } from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
let posting: Row
let called: unknown[]
let polled: () => Promise<SyncRun>

beforeEach(async () => {
  called = []
  polled = async () => Object.assign(new SyncRun(), { id: idAt(NOW), startedAt: NOW, read: 7 })
  api = await serveApi({
    poll: () => polled(),
    async syncOrder(number) {
      called.push(number)
      const [found] = await findPostingsById(api.database, [posting.id])
      if (!found || number !== 'SO-1') throw new NoSuchOrder(`The CRM has no order ${number}.`)
      return found
    },
    async retryPostings(ids) {
      called.push(ids)
      return { retried: ids.slice(0, 1), refused: ids.slice(1).map((id) => ({ id, reason: 'It is PROCESSED.' })) }
    },
  })
  const connection = connectionRow()
  posting = postingRow({ connection_id: connection.id, order_number: 'SO-1' })
  await insertRows(api.database, 'connection', [connection])
  await insertRows(api.database, 'posting', [posting])
})
afterEach(() => api.close())

const audited = async () => (await api.audit()).map(({ at: _, ...entry }) => entry)

describe('pollNow', () => {
  test('gives the run, and leaves an audit entry', async () => {
    const { data } = await api.ask(PollNowDocument, {}, Role.OPERATOR)
    expect(data?.pollNow.run).toMatchObject({ read: 7 })
    expect(await audited()).toEqual([{ author: 'operator', action: 'pollNow', subject: null, result: 'OK' }])
  })

  test('that fails leaves an audit entry too, and tells nothing of the inside', async () => {
    polled = () => Promise.reject(new Error('select secret from token where password = hunter2'))
    const { data, errors } = await api.ask(PollNowDocument, {}, Role.OPERATOR)
    expect(data).toBeNull()
    expect(errors).toHaveLength(1)
    expect(errors[0]?.extensions).toEqual({ code: 'INTERNAL' })
    expect(JSON.stringify(errors)).not.toMatch(/select|hunter2|\.ts/)
    const [{ reference = '', error } = {}] = api.reported
    expect(errors[0]?.message).toContain(reference)
    expect(String(error)).toContain('hunter2')
    expect(await audited()).toEqual([{ author: 'operator', action: 'pollNow', subject: null, result: 'ERROR' }])
  })
})

describe('syncOrder', () => {
  test('gives the posting of the order', async () => {
    const { data } = await api.ask(SyncOrderDocument, { number: ' SO-1 ' }, Role.OPERATOR)
    expect(data?.syncOrder).toMatchObject({ id: posting.id, orderNumber: 'SO-1' })
    expect(called).toEqual(['SO-1'])
    expect(await audited()).toEqual([
      { author: 'operator', action: 'syncOrder', subject: 'number  SO-1 ', result: 'OK' },
    ])
  })

  test('of an order that the CRM does not have is NOT_FOUND', async () => {
    const { errors } = await api.ask(SyncOrderDocument, { number: 'SO-9' }, Role.OPERATOR)
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect(errors[0]?.message).toContain('The CRM has no order SO-9.')
    expect(await audited()).toMatchObject([{ subject: 'number SO-9', result: 'ERROR' }])
  })

  test.each(['', '  ', 'x'.repeat(101)])('refuses "%.5s" as a number, without asking the CRM', async (number) => {
    const { errors } = await api.ask(SyncOrderDocument, { number }, Role.OPERATOR)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(called).toEqual([])
  })
})

describe('retryPostings', () => {
  test('tells what was set going and what was not, and why', async () => {
    const other = idAt(NOW)
    const { data } = await api.ask(RetryPostingsDocument, { ids: [posting.id, other] }, Role.OPERATOR)
    expect(data?.retryPostings).toEqual({
      retried: 1,
      postings: [{ id: posting.id, state: 'PENDING' }],
      refused: [{ id: other, reason: 'It is PROCESSED.' }],
    })
    expect(await audited()).toMatchObject([{ subject: `ids ${posting.id} ${other}`, result: 'OK' }])
  })

  test.each<[string, string[]]>([
    ['none', []],
    ['more than 200', Array.from({ length: 201 }, () => idAt(NOW))],
    ['what is no id', ['1; drop table posting']],
  ])('refuses %s', async (_, ids) => {
    const { errors } = await api.ask(RetryPostingsDocument, { ids }, Role.OPERATOR)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(called).toEqual([])
  })
})
