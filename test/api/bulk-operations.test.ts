import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { pino } from 'pino'
import { Role } from '../../src/domain/kinds.ts'
import { changeBulkOperation } from '../../src/storage/bulk-operations.ts'
import { retryFailedPostings } from '../../src/sync/bulk-retry.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { connectionRow, idAt, insertRows, postingRow } from '../storage/rows.ts'
import { silentCrm } from '../sync/silent-crm.ts'
import {
  BulkOperationDocument,
  BulkOperationsDocument,
  CancelBulkOperationDocument,
  PauseBulkOperationDocument,
  ResumeBulkOperationDocument,
  RetryFailedPostingsDocument,
} from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi

beforeEach(async () => {
  api = await serveApi({
    retryFailedPostings: (request) => retryFailedPostings(api.database, { ...request, now: NOW }),
    changeBulkOperation: (request) => changeBulkOperation(api.database, { ...request, now: NOW }),
  })
  const connection = connectionRow()
  await insertRows(api.database, 'connection', [connection])
  const failed = { connection_id: connection.id, state: 'FAILED', reason_code: 'ITEM_NOT_FOUND' }
  const closed = { ...failed, reason_code: 'PERIOD_CLOSED' }
  await insertRows(api.database, 'posting', [postingRow(failed), postingRow(failed), postingRow(closed)])
})
afterEach(() => api.close())

const begin = async (filter: object | null = null) => {
  const { data, errors } = await api.ask(RetryFailedPostingsDocument, { filter }, Role.OPERATOR)
  return { operation: data?.retryFailedPostings, errors }
}
const run = () =>
  runBulkOperations({
    database: api.database,
    crm: silentCrm,
    ledgerOf: undefined as never,
    now: () => NOW,
    log: pino({ level: 'silent' }),
    wake: () => undefined,
    signal: new AbortController().signal,
  })

describe('a bulk operation', () => {
  test('is begun by an operator, with a filter, and shows how far it is', async () => {
    const { operation } = await begin({ reasonCode: 'ITEM_NOT_FOUND' })
    expect(operation).toMatchObject({ kind: 'RETRY_FAILED', state: 'RUNNING', author: 'operator', total: 2, done: 0 })
    expect(JSON.parse(operation?.filter ?? '')).toEqual({ reasonCode: 'ITEM_NOT_FOUND', states: ['FAILED'] })
    await run()
    const { data } = await api.ask(BulkOperationDocument, { id: operation?.id ?? '' }, Role.VIEWER)
    expect(data?.bulkOperation).toMatchObject({
      state: 'DONE',
      done: 2,
      setGoing: 2,
      summary: ['2 set going, 0 refused.'],
      finishedAt: NOW.toISOString(),
    })
    expect(await api.audit()).toMatchObject([
      { author: 'operator', action: 'retryFailedPostings', subject: expect.stringContaining('ITEM_NOT_FOUND') },
      { author: 'operator', action: 'retryPostings', subject: expect.stringContaining(operation?.id ?? '') },
    ])
  })

  test('is paused, resumed and called off, each with an audit entry', async () => {
    const id = (await begin()).operation?.id ?? ''
    const paused = await api.ask(PauseBulkOperationDocument, { id }, Role.OPERATOR)
    expect(paused.data?.pauseBulkOperation.state).toBe('PAUSED')
    await run()
    const resumed = await api.ask(ResumeBulkOperationDocument, { id }, Role.OPERATOR)
    expect(resumed.data?.resumeBulkOperation).toMatchObject({ state: 'RUNNING', done: 0 })
    const cancelled = await api.ask(CancelBulkOperationDocument, { id }, Role.OPERATOR)
    expect(cancelled.data?.cancelBulkOperation.state).toBe('CANCELLED')
    const again = await api.ask(ResumeBulkOperationDocument, { id }, Role.OPERATOR)
    expect(again.errors).toMatchObject([
      { message: 'The operation is CANCELLED and cannot become RUNNING.', extensions: { code: 'BAD_USER_INPUT' } },
    ])
    expect((await api.audit()).map(({ action, result }) => `${action} ${result}`)).toEqual([
      'retryFailedPostings OK',
      'pauseBulkOperation OK',
      'resumeBulkOperation OK',
      'cancelBulkOperation OK',
      'resumeBulkOperation ERROR',
    ])
  })

  test('that is asked for twice is one, and stands on the list once', async () => {
    expect((await begin()).operation?.id).toBe((await begin()).operation?.id)
    const { data } = await api.ask(BulkOperationsDocument, {}, Role.VIEWER)
    expect(data?.bulkOperations.nodes).toHaveLength(1)
  })

  test('that there is not is NOT_FOUND, and nothing when it is only looked for', async () => {
    const id = idAt(NOW)
    expect((await api.ask(BulkOperationDocument, { id })).data).toEqual({ bulkOperation: null })
    expect((await api.ask(PauseBulkOperationDocument, { id })).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
  })

  test.each([
    ['a state that is not retried in bulk', { states: ['SKIPPED'] }, /not retried in bulk/],
    ['a reason that there is not', { reasonCode: 'NONSENSE' }, /is no reason code/],
    ['what is no connection', { connectionId: 'nonsense' }, /is not the id of a connection/],
  ])('refuses a filter with %s', async (_, filter, message) => {
    const { errors } = await begin(filter)
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringMatching(message) }])
    expect((await api.ask(BulkOperationsDocument, {})).data?.bulkOperations.nodes).toEqual([])
  })
})
