import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { openCreatio } from '../../src/creatio/creatio.ts'
import { validateProfile } from '../../src/creatio/metadata-profile.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'

let sandbox: RunningSandbox
beforeAll(async () => {
  sandbox = await startSandbox({ world: 'incident', orders: 40 })
}, 60_000)
afterAll(() => sandbox?.stop())

const open = (profile: object = {}) =>
  openCreatio({
    siteUrl: sandbox.creatio,
    signIn: { kind: 'forms', userName: 'Supervisor', password: 'sandbox-password' },
    profile: parseProfile(profile),
    timeZone: 'UTC',
  })
const set = (settings: Record<string, unknown>) =>
  sandbox.fetchControl('/settings', { method: 'PATCH', body: settings })

describe('a site', () => {
  test.each([
    ['framework', '.NET Framework (/0)'],
    ['core', '.NET (no prefix)'],
  ])('on .NET %s tells its path style and its clock without a sign-in', async (creatioRuntime, pathStyle) => {
    await set({ creatioRuntime })
    const now = () => new Date(Date.now() - 30_000)
    const ping = await open().pingSite({ now })
    await set({ creatioRuntime: 'framework' })
    expect(ping.pathStyle).toBe(pathStyle)
    expect(ping.clockSkewSeconds).toBeGreaterThanOrEqual(29)
    expect(ping.clockSkewSeconds).toBeLessThanOrEqual(31)
  })

  test('describes every table, column and lookup that the standard profile names', async () => {
    const creatio = open()
    expect(validateProfile(creatio.profile, await creatio.metadata())).toEqual([])
  })

  test('tells the settings of its own integration: what is empty is null, and no secret is asked for', async () => {
    expect(await open().quickBooksSettings()).toEqual({
      onlineUrl: { code: 'BGQuickBooksBaseUrl', value: 'https://sandbox-quickbooks.api.intuit.com' },
      onlineRealmId: { code: 'BGQuickBooksRealmId', value: '9130000000000001' },
      desktopUrl: { code: 'BGQuickBooksLocalUrl', value: 'http://192.0.2.10' },
      desktopPort: { code: 'BGQuickBooksLocalPort', value: null },
      desktopTimeoutSeconds: { code: 'BGQuickBooksLocalTimeout', value: null },
    })
    expect((await open({ prefix: 'UsrXx', orderLog: {} }).quickBooksSettings()).onlineUrl).toBeNull()
  })

  test('whose service says no under a 200 is refused in its own words', async () => {
    const body = JSON.stringify({
      success: false,
      responseStatus: { ErrorCode: 'SecurityException', Message: 'You may not read system settings.' },
    })
    const fault = { kind: 'body', body, contentType: 'application/json' }
    await sandbox.fetchControl('/faults', {
      method: 'POST',
      body: { system: 'creatio', path: 'QuerySysSettings', fault },
    })
    await expect(open().quickBooksSettings()).rejects.toThrow('You may not read system settings.')
    await sandbox.fetchControl('/faults', { method: 'DELETE' })
  })

  test('counts what the profile does not name, and nothing of what it names', async () => {
    expect(await open().unknownLookups()).toEqual([])
    const found = await open({
      orderLog: { types: { FACTORY_ORDER: '11111111-2222-4333-8444-555555555555' } },
    }).unknownLookups()
    expect(found).toEqual([{ column: 'type', rows: 1, values: ['FactoryOrder'] }])
  })
})

describe('a search', () => {
  test('finds an order by number and by invoice number, and else those that look like it', async () => {
    const creatio = open()
    const byNumber = await creatio.searchOrders('ORD-14900')
    expect(byNumber).toMatchObject({ found: [{ name: 'ORD-14900', otherName: '61000' }], near: [] })
    expect((await creatio.searchOrders('61000')).found).toEqual(byNumber.found)
    expect((await creatio.searchOrders('14900')).near.map(({ name }) => name)).toEqual(['ORD-14900'])
    expect(await creatio.searchOrders("x' or 1 eq 1 or Number eq 'y")).toEqual({ found: [], near: [] })
  })

  test('asks by the order number alone where the invoice number is no text', async () => {
    const creatio = open({ order: { invoiceNumber: 'BGTaxAmount' } })
    expect((await creatio.searchOrders('ORD-14900')).found.map(({ name }) => name)).toEqual(['ORD-14900'])
  })

  test('finds an account by name, whatever stands in it', async () => {
    const creatio = open()
    const [account] = await sandbox.fetchControl<Record<string, string>[]>('/records/creatio.Account')
    const name = `O'Hara & Söhne 🤷 "Ltd"`
    await sandbox.fetchControl(`/records/creatio.Account/${account?.Id}`, { method: 'PATCH', body: { BGQBName: name } })
    expect((await creatio.searchAccounts(name)).found).toEqual([
      { id: account?.Id, name: account?.Name, otherName: name, quickBooksId: null },
    ])
    expect((await creatio.searchAccounts('zz')).near).toEqual([])
  })
})
