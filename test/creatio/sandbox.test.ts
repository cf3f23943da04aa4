import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type Creatio,
  type CreatioOptions,
  type CrmLogRow,
  type LogCursor,
  openCreatio,
} from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { toDocument } from '../../src/creatio/to-document.ts'
import { contentHash } from '../../src/domain/document.ts'
import { LogStatus } from '../../src/domain/log-row.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'

/** The room against a played Creatio over HTTP: both runtimes, both sign-ins, and what a site may do differently. */

const forms = { kind: 'forms' as const, userName: 'Supervisor', password: 'sandbox-password' }
const standard = {
  creatioRuntime: 'framework',
  moneyStyle: 'number',
  nextLinkRows: 0,
  emptyNavigation: 'null',
  patchMissingStatus: 204,
  handlerThrowsAfterWrite: '',
}

let sandbox: RunningSandbox
beforeAll(async () => {
  sandbox = await startSandbox({ world: 'incident', seed: 7, orders: 400 })
}, 60_000)
afterAll(() => sandbox.stop())
afterEach(async () => {
  await sandbox.fetchControl('/faults', { method: 'DELETE' })
  await set(standard)
})

const set = (settings: Record<string, string | number | boolean>) =>
  sandbox.fetchControl('/settings', { method: 'PATCH', body: settings })
const breakIt = (rule: object) =>
  sandbox.fetchControl('/faults', { method: 'POST', body: { system: 'creatio', ...rule } })
const open = (options: Partial<CreatioOptions> = {}) =>
  openCreatio({
    siteUrl: sandbox.creatio,
    signIn: forms,
    profile: parseProfile(),
    timeZone: 'America/New_York',
    ...options,
  })

async function allRows(creatio: Creatio, limit = 97): Promise<CrmLogRow[]> {
  const rows: CrmLogRow[] = []
  for (let after: LogCursor | null = null; ; ) {
    const page = await creatio.logRows({ statuses: Object.values(LogStatus), after, limit })
    rows.push(...page.rows)
    if (page.next === null) return rows
    after = page.next
  }
}

/** What the CRM's orders mean, as one list of fingerprints. */
async function readings(creatio: Creatio): Promise<string[]> {
  const rows = await allRows(creatio)
  const ids = rows.flatMap(({ type, recordId }) => (type === 'CUSTOMER_ORDER' && recordId ? [recordId] : []))
  const orders = [...(await creatio.orders(ids)).values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  return orders.map((order) => {
    const reading = toDocument(order, creatio)
    return reading.kind === 'document' ? contentHash(reading.document) : `${reading.reason} ${order.id}`
  })
}

describe('every kind of site', () => {
  const client = { clientId: 'sandbox-client', clientSecret: 'sandbox-client-secret' }
  test.each(['framework', 'core'])(
    'a site on .NET %s is read and written by form and by client',
    async (creatioRuntime) => {
      await set({ creatioRuntime })
      const oauth = { kind: 'oauth' as const, tokenUrl: `${sandbox.creatio}/connect/token`, ...client }
      for (const signIn of [forms, oauth]) {
        const creatio = open({ signIn })
        await creatio.ping()
        const [row] = await allRows(creatio)
        const results = await creatio.writeLogRows([
          { id: row!.id, status: LogStatus.ERROR, message: `by ${signIn.kind}` },
        ])
        expect(results.get(row!.id)).toEqual({ kind: 'confirmed' })
        const [again] = await creatio.logRowsOfRecords([row!.recordId!])
        expect(again).toMatchObject({ id: row!.id, status: 'ERROR', message: `by ${signIn.kind}` })
      }
    },
  )

  test('the log is read whole, each row once, in small pages, with and without next links', async () => {
    const count = await sandbox.fetchControl<unknown[]>('/records/creatio.BGQuickBooksIntegrationLogDetail')
    for (const nextLinkRows of [0, 10]) {
      await set({ nextLinkRows })
      const rows = await allRows(open())
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
      expect(rows.length).toBe(count.length)
    }
  })

  test('the same orders mean the same to the penny, however a site writes its money and its empty lookups', async () => {
    const expected = await readings(open())
    expect(expected.filter((reading) => /^[0-9a-f]{64}$/.test(reading)).length).toBeGreaterThan(300)
    for (const reason of ['ORDER_CANCELLED', 'ORDER_EMPTY', 'ORDER_ALL_ZERO', 'CUSTOMER_NOT_FOUND']) {
      expect(expected.some((reading) => reading.startsWith(reason))).toBe(true)
    }
    for (const settings of [
      { moneyStyle: 'string' },
      { moneyStyle: 'suffixed' },
      { moneyStyle: 'mixed', emptyNavigation: 'object', nextLinkRows: 3 },
    ]) {
      await set(settings)
      expect(await readings(open())).toEqual(expected)
    }
  })

  test('an order is found by its number; orders that are gone are absent', async () => {
    const creatio = open()
    const [order] = await sandbox.fetchControl<{ Id: string; Number: string }[]>('/records/creatio.Order')
    expect(await creatio.orderIdByNumber(order!.Number)).toBe(order!.Id)
    expect(await creatio.orderIdByNumber("O'Nobody")).toBeNull()
    const gone = '99999999-9999-4999-8999-999999999999'
    expect([...(await creatio.orders([order!.Id, gone])).keys()]).toEqual([order!.Id])
  })
})

describe('writing', () => {
  test('ids are confirmed by reading back, also where a handler throws after the write, and a missing record is gone', async () => {
    const [first, second] = await sandbox.fetchControl<{ Id: string }[]>('/records/creatio.Order')
    const [account] = await sandbox.fetchControl<{ Id: string }[]>('/records/creatio.Account')
    const gone = '99999999-9999-4999-8999-999999999999'
    for (const settings of [{}, { patchMissingStatus: 404 }, { handlerThrowsAfterWrite: 'Order' }]) {
      await set(settings)
      const results = await open().writeQuickBooksIds([
        { kind: 'ORDER', sourceId: first!.Id, quickBooksId: `1-${JSON.stringify(settings).length}` },
        { kind: 'ORDER', sourceId: gone, quickBooksId: '2' },
        { kind: 'ORDER', sourceId: second!.Id, quickBooksId: '3' },
        { kind: 'ACCOUNT', sourceId: account!.Id, quickBooksId: '4' },
      ])
      expect([...results.values()].map(({ kind }) => kind)).toEqual(['confirmed', 'gone', 'confirmed', 'confirmed'])
    }
  })

  test('many rows are written in few calls', async () => {
    const creatio = open({ workerName: 'writer' })
    const rows = await allRows(creatio, 1_000)
    const results = await creatio.writeLogRows(
      rows.map(({ id }) => ({ id, status: LogStatus.PENDING, message: 'It waits.' })),
    )
    expect([...results.values()].every(({ kind }) => kind === 'confirmed')).toBe(true)
    const read = await allRows(creatio, 1_000)
    expect(read.every(({ status, message }) => status === 'PENDING' && message === 'It waits.')).toBe(true)
  })

  test('a write whose answer is cut off is confirmed when the CRM has kept it', async () => {
    const creatio = open()
    const [row] = await allRows(creatio)
    await breakIt({ method: 'POST', path: '$batch', onNth: 1, fault: { kind: 'cut', when: 'after' } })
    const results = await creatio.writeLogRows([{ id: row!.id, status: LogStatus.ERROR, message: 'cut' }])
    expect(results.get(row!.id)).toEqual({ kind: 'confirmed' })
  })

  test('a write that was cut off before it arrived is not confirmed', async () => {
    const creatio = open()
    const [row] = await allRows(creatio)
    await breakIt({ method: 'POST', path: '$batch', onNth: 1, fault: { kind: 'cut', when: 'before' } })
    const results = await creatio.writeLogRows([{ id: row!.id, status: LogStatus.PROCESSED, message: '' }])
    expect(results.get(row!.id)).toMatchObject({ kind: 'refused' })
  })
})

describe('bad days', () => {
  test('a session that dies on every third call costs no row and no write', async () => {
    const expected = await allRows(open())
    await breakIt({ method: 'GET', path: '/odata/', everyNth: 3, fault: { kind: 'status', status: 401 } })
    await breakIt({ method: 'POST', path: '$batch', everyNth: 3, fault: { kind: 'status', status: 403 } })
    // One call at a time, so that "every third" never is the very repetition of a call.
    const creatio = open({ profile: parseProfile({ limits: { requestsAtOnceMax: 1 } }) })
    expect((await allRows(creatio, 20)).map(({ id }) => id)).toEqual(expected.map(({ id }) => id))
    const writes = expected.map(({ id }) => ({ id, status: LogStatus.ERROR, message: 'a bad day' }))
    expect([...(await creatio.writeLogRows(writes)).values()].every(({ kind }) => kind === 'confirmed')).toBe(true)
  })

  test('a wrong password is refused once, and the account is never locked by us', async () => {
    const creatio = open({ signIn: { ...forms, password: 'wrong' } })
    for (let again = 0; again < 8; again++)
      await expect(creatio.ping()).rejects.toMatchObject({ kind: 'password-refused' })
    await open().ping()
  })

  test('a table that the site does not know ends in words, not in a loop', async () => {
    const creatio = open({ profile: parseProfile({ orderLog: { set: 'UsrNowhere' } }) })
    await expect(creatio.ping()).rejects.toMatchObject({ kind: 'session', status: 401 })
  })

  test('a column that the site does not know is named', async () => {
    const creatio = open({ profile: parseProfile({ orderLog: { message: 'UsrNowhere' } }) })
    await expect(creatio.logRows({ statuses: [LogStatus.PENDING], after: null, limit: 1 })).rejects.toThrow(
      'UsrNowhere',
    )
  })

  test('a site that hangs is left after the timeout', async () => {
    const creatio = open({ requestTimeoutSeconds: 1 })
    await creatio.ping()
    await breakIt({ path: '/odata/', fault: { kind: 'timeout' } })
    await expect(creatio.ping()).rejects.toMatchObject({ kind: 'timeout' })
  })
})
