import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { ExchangePurpose, Role } from '../../src/domain/kinds.ts'
import { connectionRow, exchangeRows, insertRows, postingRow } from '../storage/rows.ts'
import { ExchangeBodiesDocument, ExchangesDocument } from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
const connections = [connectionRow({ name: 'East' }), connectionRow({ name: 'West' })]
const [east, west] = connections.map(({ id }) => id) as [string, string]
const posting = postingRow({ connection_id: east })
const posted = exchangeRows({ connection_id: east, posting_id: posting.id })
const lookedUp = exchangeRows({
  connection_id: east,
  posting_id: posting.id,
  purpose: ExchangePurpose.LOOK_UP,
  idempotency_key: 'a look-up',
})
const pulled = exchangeRows({ connection_id: west, posting_id: null, purpose: ExchangePurpose.PULL, response: null })
const all = [posted, lookedUp, pulled]

beforeEach(async () => {
  api = await serveApi()
  await insertRows(api.database, 'connection', connections)
  await insertRows(api.database, 'posting', [posting])
  await insertRows(
    api.database,
    'delivery',
    all.map(({ delivery }) => delivery),
  )
  await insertRows(
    api.database,
    'exchange',
    all.map(({ exchange }) => exchange),
  )
})
afterEach(() => api.close())

describe('exchanges', () => {
  test.each([
    ['posting', { postingId: posting.id }, [posted, lookedUp]],
    ['connection', { connectionId: west }, [pulled]],
    ['purpose', { purpose: ExchangePurpose.LOOK_UP }, [lookedUp]],
    ['nothing', {}, all],
  ])('are selected by %s', async (_, filter, expected) => {
    const { data } = await api.ask(ExchangesDocument, { filter }, Role.VIEWER)
    const ids = data?.exchanges.nodes.map(({ id }) => id)
    expect(ids?.sort()).toEqual(expected.map(({ exchange }) => exchange.id).sort())
    expect(data?.exchanges.totalCount).toBe(expected.length)
  })

  test('show how their delivery went', async () => {
    const { data } = await api.ask(ExchangesDocument, { filter: { purpose: 'POST' } }, Role.VIEWER)
    expect(data?.exchanges.nodes).toMatchObject([
      {
        operation: 'create Invoice',
        outcome: 'posted',
        tryNumber: 1,
        delivery: {
          method: 'POST',
          path: '/batch',
          status: 200,
          durationMs: 950,
          intuitTid: 'tid-1',
          lostReason: null,
          prunedAt: null,
        },
      },
    ])
    expect(await api.audit()).toEqual([])
  })

  test('say which try of the same question they are: the same key is the same question', async () => {
    const again = exchangeRows({ connection_id: east, posting_id: posting.id })
    const changed = exchangeRows({ connection_id: east, posting_id: posting.id, idempotency_key: 'another' })
    for (const { delivery, exchange } of [again, changed]) {
      await insertRows(api.database, 'delivery', [delivery])
      await insertRows(api.database, 'exchange', [exchange])
    }
    const { data } = await api.ask(ExchangesDocument, { filter: { connectionId: east } }, Role.VIEWER)
    const tries = new Map(data?.exchanges.nodes.map(({ id, tryNumber }) => [id, tryNumber]))
    const sent = [posted, lookedUp, again, changed].map(({ exchange }) => exchange)
    const expected = sent.map(
      ({ id, idempotency_key }) =>
        sent.filter((one) => one.idempotency_key === idempotency_key && String(one.id) <= String(id)).length,
    )
    expect(sent.map(({ id }) => tries.get(String(id)))).toEqual(expected)
    expect(Math.max(...expected)).toBeGreaterThan(1)
    expect(tries.get(String(changed.exchange.id))).toBe(1)
    const west = await api.ask(ExchangesDocument, { filter: { purpose: 'PULL' } }, Role.VIEWER)
    expect(west.data?.exchanges.nodes).toMatchObject([{ tryNumber: 1 }])
  })
})

describe('the bodies of exchanges', () => {
  test('are read by an operator, who leaves one audit entry for the page', async () => {
    const { data, errors } = await api.ask(ExchangeBodiesDocument, {}, Role.OPERATOR)
    expect(errors).toEqual([])
    expect(data?.exchanges.nodes).toContainEqual({
      id: posted.exchange.id,
      request: '{"DocNumber":"1001"}',
      response: '{"Id":"145"}',
    })
    const [entry, ...more] = await api.audit()
    expect(more).toEqual([])
    expect(entry).toMatchObject({ author: 'operator', action: 'readExchangeBodies', result: 'OK' })
    expect(new Date(String(entry?.at))).toEqual(NOW)
    for (const { exchange } of all) expect(entry?.subject).toContain(exchange.id)
  })

  test('are refused to a viewer, who gets the rest of the page', async () => {
    const { data, errors } = await api.ask(ExchangeBodiesDocument, { filter: { purpose: 'POST' } }, Role.VIEWER)
    expect(data?.exchanges.nodes).toEqual([{ id: posted.exchange.id, request: null, response: null }])
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  })

  test('that a viewer asked for leave one entry of the denial, however many he asked for', async () => {
    await api.ask(ExchangeBodiesDocument, {}, Role.VIEWER)
    const entries = await api.audit()
    expect(entries).toMatchObject([{ author: 'viewer', action: 'readExchangeBodies', result: 'DENIED' }])
    expect(all.map(({ exchange }) => `exchange ${exchange.id}`)).toContain(entries[0]?.subject)
  })

  test('whose reading fails leave an entry that says so', async () => {
    await api.database.run(sql`alter table exchange rename column request to asked`)
    const { errors } = await api.ask(ExchangeBodiesDocument, {}, Role.OPERATOR)
    expect(errors[0]?.extensions.code).toBe('INTERNAL')
    expect(await api.audit()).toMatchObject([{ author: 'operator', action: 'readExchangeBodies', result: 'ERROR' }])
  })
})
