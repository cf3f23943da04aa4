import { afterEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { listConnections } from '../../src/storage/connections.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

let story: Story
afterEach(() => story?.end())

const creates = { system: 'quickbooks-online', method: 'POST', path: 'requestid' }

async function knownOrders(pending: number, options: { withoutLogRow?: number } = {}): Promise<Fields[]> {
  story = await openStory({ counts: { pending, ...options } })
  const orders = await story.books.orders()
  await story.books.giveTo(orders, 'known')
  return orders
}

async function connection() {
  const [only] = await listConnections(story.database)
  if (!only) throw new Error('there is no connection')
  return only
}

describe('a QuickBooks that asks us to slow down', () => {
  test('silences the connection for a minute, and everything still ends PROCESSED', async () => {
    await knownOrders(4)
    await story.fault({ ...creates, times: 1, fault: { kind: 'status', status: 429 } })
    await story.poll()
    expect(await story.books.states()).toEqual({ 'PENDING THROTTLED': 4 })
    const [row] = await story.books.logRows((await story.books.orders())[0]?.Id ?? '')
    expect(row?.status).toBe('Pending')
    expect(row?.message).toMatch(/^QuickBooks asked us to slow down/)

    await story.pass(30)
    await story.work()
    expect(await story.books.requests('requestid')).toBe(1)
    await story.pass(31)
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 4 })
    expect((await story.books.invoicePostings()).every(({ attempts }) => attempts === 0)).toBe(true)
  })

  test('item by item posts what it can, and the rest a minute later', async () => {
    await knownOrders(8)
    await story.settings({ batchItemsCount: true, requestsPerMinuteMax: 12 })
    await story.poll()
    const after = await story.books.states()
    expect(after.PROCESSED).toBeGreaterThan(0)
    expect(after['PENDING THROTTLED']).toBeGreaterThan(0)
    await story.pass(62)
    await story.work()
    await story.pass(62)
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 8 })
  })
})

describe('an access token', () => {
  test('that QuickBooks calls expired midway is renewed once, and every order is posted', async () => {
    await knownOrders(3)
    await story.fault({ ...creates, times: 1, fault: { kind: 'fault', code: '3200' } })
    const before = await story.books.requests('/tokens/bearer', { system: 'oauth' })
    await story.poll()
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 3 })
    // One at the start, for a connection that begins with a refresh token only, and one for the refusal.
    expect(await story.books.requests('/tokens/bearer', { system: 'oauth' })).toBe(before + 2)
  })

  test('that died while nothing was done is renewed before anything is sent', async () => {
    await knownOrders(2)
    await story.post()
    await story.pass(3_700)
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
    const refused = await story.sandbox.fetchControl<{ status: number }[]>('/log?system=quickbooks-online')
    expect(refused.filter(({ status }) => status === 401)).toHaveLength(0)
  })
})

describe('a refresh token that is dead', () => {
  test('stops the connection with RECONNECT; its postings wait, and nothing is lost when it is connected again', async () => {
    const orders = await knownOrders(3)
    await story.post()
    await story.pass(3_700)
    const [grant] = await story.books.records('qbo.Grant')
    await story.books.change('qbo.Grant', grant?.Id ?? '', { revoked: true })
    await story.poll()
    expect(await connection()).toMatchObject({ state: 'STOPPED', stateReasonCode: 'RECONNECT' })
    expect(Object.keys(await story.books.states()).every((state) => state.startsWith('PENDING'))).toBe(true)
    await story.pass(31)
    await story.work()
    expect(await connection()).toMatchObject({ state: 'STOPPED', stateReasonCode: 'RECONNECT' })

    await story.books.change('qbo.Grant', grant?.Id ?? '', { revoked: false })
    // A refused token is never shown to Intuit again by itself, however long it takes.
    await story.pass(901)
    await story.work()
    expect(await connection()).toMatchObject({ state: 'STOPPED', stateReasonCode: 'RECONNECT' })
    await story.reconnect()
    // A stopped company is asked again after five minutes at most.
    await story.pass(301)
    await story.work()
    expect(await connection()).toMatchObject({ state: 'ACTIVE', stateReasonCode: null })
    expect(await story.books.states()).toEqual({ PROCESSED: orders.length })
  })

  test('midway, when every name is known already, ends the round instead of claiming for ever', async () => {
    const orders = await knownOrders(2)
    const [first, second] = orders
    const lines = await story.books.records('creatio.OrderProduct')
    const pattern = lines.find(({ OrderId }) => OrderId === first?.Id)
    for (const line of lines)
      await story.books.change('creatio.OrderProduct', line.Id, { ProductId: pattern?.ProductId })
    const rows = await story.books.logRows(second?.Id ?? '')
    await story.books.setStatus(rows[0]?.id ?? '', 'Error')
    await story.poll()
    expect(await story.books.states()).toEqual({ PROCESSED: 1 })

    await story.pass(3_700)
    const [grant] = await story.books.records('qbo.Grant')
    await story.books.change('qbo.Grant', grant?.Id ?? '', { revoked: true })
    await story.books.setStatus(rows[0]?.id ?? '', 'Re-Process')
    await story.poll()
    expect(await connection()).toMatchObject({ state: 'STOPPED', stateReasonCode: 'RECONNECT' })
    const [waiting] = (await story.books.invoicePostings()).filter(({ state }) => state !== 'PROCESSED')
    expect(waiting).toMatchObject({ state: 'PENDING', waitingFor: 'QUICKBOOKS', reasonCode: 'RECONNECT' })
  })
})

describe('a read-only connection', () => {
  test('posts nothing, claims nothing for ever, and its orders wait', async () => {
    await knownOrders(2)
    await story.database.run(sql`update connection set read_only = true`)
    await story.poll()
    expect(await story.books.requests('requestid')).toBe(0)
    expect(Object.keys(await story.books.states()).every((state) => state.startsWith('PENDING'))).toBe(true)
    const [{ count } = { count: 0 }] = await story.database.rows(
      sql<{ count: number }>`select count(*)::int as count from delivery`,
    )
    expect(count).toBeLessThan(5)

    await story.database.run(sql`update connection set read_only = false`)
    await story.work()
    expect(await story.books.states()).toEqual({ PROCESSED: 2 })
  })
})

describe('a QuickBooks that fails one posting again and again', () => {
  test('is tried after 0, 30 and 120 seconds, and then a person must act', async () => {
    await knownOrders(1)
    await story.fault({ ...creates, fault: { kind: 'fault', code: '5010' } })
    await story.poll()
    // What somebody else changed meanwhile is read and sent again at once; only then the waits begin.
    expect(await story.books.requests('requestid')).toBe(2)
    for (const seconds of [31, 121]) {
      expect(await story.books.states()).toEqual({ 'PENDING STALE_REVISION': 1 })
      await story.pass(seconds - 3)
      await story.work()
      expect(await story.books.states()).toEqual({ 'PENDING STALE_REVISION': 1 })
      await story.pass(3)
      await story.work()
    }
    expect(await story.books.states()).toEqual({ 'FAILED RETRIES_EXHAUSTED': 1 })
    expect(await story.books.requests('requestid')).toBe(4)
  })
})
