import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../spawn.ts'
import { Visitor } from '../visitor.ts'

const pending = 'c97db3bc-634d-4c90-8432-ec7141c87640'
const zeroGuid = '00000000-0000-0000-0000-000000000000'

let sandbox: RunningSandbox
let visitor: Visitor
const set = (settings: Record<string, string | number | boolean>) =>
  sandbox.fetchControl('/settings', { method: 'PATCH', body: settings })
const put = (table: string, Id: string, row: object) =>
  sandbox.fetchControl(`/records/creatio.${table}/${Id}`, { method: 'PUT', body: row })
const numbersOf = async (filter: string) => {
  const { status, json } = await visitor.odata('Order', {
    $select: 'Number',
    $filter: filter,
    $orderby: 'Number',
    $top: '9',
  })
  return status === 200 ? json.value.map(({ Number: number }) => number) : status
}
const guid = (digit: number) => `${String(digit).repeat(8)}-0000-4000-8000-000000000000`

beforeAll(async () => {
  sandbox = await startSandbox({ world: 'empty' })
  visitor = await Visitor.withForms(sandbox.creatio)
  const [anna] = await sandbox.fetchControl<{ Id: string }[]>('/records/creatio.Account')
  const [rep] = await sandbox.fetchControl<{ Id: string }[]>('/records/creatio.Contact')
  await put('Account', anna?.Id ?? '', { Name: "Anna's & Söhne", OwnerId: rep?.Id })
  await put('Order', guid(1), {
    Number: 'A-1',
    Amount: '3492.00',
    AccountId: anna?.Id,
    CreatedOn: '2026-01-02T10:00:00.1234567Z',
  })
  await put('Order', guid(2), {
    Number: 'A-2',
    Amount: '10.5',
    CreatedOn: '2026-01-02T10:00:00.123456Z',
    BGTaxCheckbox: true,
  })
  await put('Order', guid(3), { Number: 'B-3', Amount: '9', CreatedOn: '2026-01-02T10:00:00Z', CardNumber: '0000' })
  await put('BGQuickBooksIntegrationLogDetail', guid(4), { BGStatusId: pending, BGRecordId: guid(1) })
})
afterAll(() => sandbox.stop())

describe('$filter', () => {
  test('compares numbers, text, booleans, bare guids and bare dates, with and, or, not and parentheses', async () => {
    expect(await numbersOf('Amount gt 9.99 and Amount le 3492')).toEqual(['A-1', 'A-2'])
    expect(await numbersOf("Number eq 'B-3' or (Amount lt 11 and not (Amount eq 9))")).toEqual(['A-2', 'B-3'])
    expect(await numbersOf('BGTaxCheckbox eq true')).toEqual(['A-2'])
    expect(await numbersOf(`Id eq ${guid(3)}`)).toEqual(['B-3'])
    expect(await numbersOf(`Id ne ${guid(3)} and CreatedOn ge 2026-01-02T10:00:00Z`)).toEqual(['A-1', 'A-2'])
    expect(await numbersOf(`Id eq ${guid(3)} or Id eq ${guid(1)}`)).toEqual(['A-1', 'B-3'])
  })

  test('dates are compared to the tenth of a microsecond', async () => {
    expect(await numbersOf('CreatedOn gt 2026-01-02T10:00:00.123456Z')).toEqual(['A-1'])
    expect(await numbersOf('CreatedOn eq 2026-01-02T10:00:00.1234560Z')).toEqual(['A-2'])
    expect(await numbersOf('CreatedOn lt 2026-01-02T12:00:00.123456+02:00')).toEqual(['B-3'])
  })

  test('text functions know no case, and an apostrophe is doubled', async () => {
    expect(await numbersOf("startswith(Number,'a-')")).toEqual(['A-1', 'A-2'])
    expect(await numbersOf("endswith(Number,'3') or contains(Account/Name,'söhne')")).toEqual(['A-1', 'B-3'])
    expect(await numbersOf("Account/Name eq 'Anna''s & Söhne'")).toEqual(['A-1'])
  })

  test('a lookup is filtered through its navigation, to a depth of two', async () => {
    const { json } = await visitor.odata('BGQuickBooksIntegrationLogDetail', {
      $filter: `BGStatus/Id eq ${pending}`,
      $top: '5',
    })
    expect(json.value.map(({ Id }) => Id)).toEqual([guid(4)])
    const [rep] = await sandbox.fetchControl<{ Name: string }[]>('/records/creatio.Contact')
    expect(await numbersOf(`Account/Owner/Name eq '${rep?.Name.replaceAll("'", "''")}'`)).toEqual(['A-1'])
    expect(await numbersOf("Account/Owner/Account/Name eq 'x'")).toBe(400)
  })

  test('a lookup filtered by its own column is refused, unless the site allows it', async () => {
    expect(await numbersOf(`AccountId eq ${zeroGuid}`)).toBe(400)
    await set({ allowLookupIdFilter: true })
    expect(await numbersOf(`AccountId eq ${zeroGuid}`)).toEqual(['A-2', 'B-3'])
    await set({ allowLookupIdFilter: false })
  })

  test.each([
    ["CreatedOn gt '2026-01-02T10:00:00Z'", 'a quoted date'],
    [`Id eq '${guid(1)}'`, 'a quoted guid'],
    ['Number eq 5', 'a number for a text'],
    ["Colour eq 'red'", 'an unknown property'],
    ["Number eq 'x", 'an open quotation'],
    ['Amount gt 5 and', 'an end too soon'],
    [`Id in (${guid(1)})`, 'an operator that is not there'],
  ])('%s is a 400 with the reason in the innermost message (%s)', async (filter) => {
    const { status, json } = await visitor.odata('Order', { $filter: filter, $top: '1' })
    expect(status).toBe(400)
    expect(json.error).toMatchObject({
      message: expect.any(String),
      innererror: { internalexception: { message: expect.any(String) } },
    })
  })
})

describe('the other options', () => {
  test('$select, $orderby by several columns, $skip, $top and $count', async () => {
    const options = {
      $select: 'Number',
      $orderby: 'BGTaxCheckbox desc,Amount asc',
      $skip: '1',
      $top: '1',
      $count: 'true',
    }
    const { json } = await visitor.odata('Order', options)
    expect(json).toEqual({
      '@odata.context': `${sandbox.creatio}/0/odata/$metadata#Order(Number)`,
      '@odata.count': 3,
      value: [{ Number: 'B-3' }],
    })
    const empty = await visitor.odata('Order', { $count: 'true', $top: '0' })
    expect([empty.json['@odata.count'], empty.json.value]).toEqual([3, []])
    expect((await visitor.odata('Order/$count', { $filter: 'Amount gt 10' })).text).toBe('2')
  })

  test('$expand nests to a depth of two, each with its own $select', async () => {
    const expand = 'Account($select=Name;$expand=Owner($select=Id)),Status'
    const { json } = await visitor.odata(`Order(${guid(1)})`, { $select: 'Number', $expand: expand })
    expect(json).toMatchObject({
      Number: 'A-1',
      Account: { Name: "Anna's & Söhne", Owner: { Id: expect.any(String) } },
      Status: null,
    })
    const tooDeep = await visitor.odata('Order', { $expand: 'Account($expand=Owner($expand=Account))', $top: '1' })
    expect(tooDeep.status).toBe(400)
  })

  test('a single property, its raw value and a missing key', async () => {
    expect((await visitor.odata(`Order(${guid(1)})/Number`)).json.value).toBe('A-1')
    expect((await visitor.odata(`Order(${guid(1)})/Number/$value`)).text).toBe('A-1')
    expect((await visitor.odata(`Order(${guid(1)})/Account`)).json.Name).toBe("Anna's & Söhne")
    expect((await visitor.odata(`Order(${guid(9)})`)).status).toBe(404)
  })

  test('more rows than MaxEntityRowCount in one answer are a 500 that names the maximum', async () => {
    await set({ maxEntityRowCount: 2 })
    const { status, text } = await visitor.odata('Order', { $select: 'Id' })
    expect([status, text]).toEqual([500, expect.stringContaining('Maximum number of 2 records exceeded')])
    expect((await visitor.odata('Order', { $select: 'Id', $top: '2' })).status).toBe(200)
    await set({ maxEntityRowCount: 20_000 })
  })

  test('a nextLink comes only when the site gives one, and leads through all rows', async () => {
    expect((await visitor.odata('Order', { $select: 'Id', $top: '3' })).json['@odata.nextLink']).toBeUndefined()
    await set({ nextLinkRows: 2 })
    const first = await visitor.odata('Order', { $select: 'Number', $orderby: 'Number', $top: '3' })
    const next = new URL(String(first.json['@odata.nextLink']))
    const second = await visitor.ask(`${next.pathname}${next.search}`)
    await set({ nextLinkRows: 0 })
    expect([...first.json.value, ...second.json.value].map(({ Number: number }) => number)).toEqual([
      'A-1',
      'A-2',
      'B-3',
    ])
    expect(second.json['@odata.nextLink']).toBeUndefined()
  })

  test('the service document names every set and $metadata its columns and navigations', async () => {
    const { json } = await visitor.odata('')
    expect(json.value).toContainEqual({ name: 'OrderProduct', kind: 'EntitySet', url: 'OrderProduct' })
    const { text, headers } = await visitor.odata('$metadata')
    expect(headers.get('content-type')).toContain('xml')
    expect(text).toContain('<EntityType Name="Order"><Key><PropertyRef Name="Id"/></Key>')
    expect(text).toContain('<NavigationProperty Name="BGSalesGroup" Type="Terrasoft.Configuration.OData.BGSalesGroup">')
  })

  test('an unknown set answers 401 as live sites did, or 404 in shape (3)', async () => {
    expect((await visitor.odata('Nothing', { $top: '1' })).status).toBe(401)
    await set({ unknownEntitySet: 404 })
    const { status, json } = await visitor.odata('Nothing', { $top: '1' })
    expect([status, json]).toEqual([
      404,
      { Message: expect.stringContaining('No HTTP resource'), MessageDetail: expect.any(String) },
    ])
    await set({ unknownEntitySet: 401 })
  })
})

describe('values', () => {
  test('what is empty is the zero guid, the year one or an empty text, never null', async () => {
    const { json } = await visitor.odata(`Order(${guid(2)})`)
    expect(json).toMatchObject({
      AccountId: zeroGuid,
      BGInvoiceDate: '0001-01-01T00:00:00Z',
      Notes: '',
      BGHasInvoice: false,
    })
    expect(Object.values(json)).not.toContain(null)
  })

  test.each([
    ['number', '"Amount":3492.00'],
    ['string', '"Amount":"3492.00"'],
    ['suffixed', '"Amount":"3492.00n_____"'],
  ])('money comes as %s when the site says so', async (moneyStyle, expected) => {
    await set({ moneyStyle })
    const { text } = await visitor.odata(`Order(${guid(1)})`, { $select: 'Amount' })
    await set({ moneyStyle: 'number' })
    expect(text).toContain(expected)
  })

  test('fractions of a second have 0, 6 or 7 digits', async () => {
    const { json } = await visitor.odata('Order', { $select: 'CreatedOn', $orderby: 'Number' })
    const digits = json.value.map(({ CreatedOn }) => (/\.(\d+)Z/.exec(String(CreatedOn))?.[1] ?? '').length)
    expect(digits).toEqual([7, 6, 0])
  })

  test('a read without $select brings card numbers along, and the request log says so', async () => {
    await visitor.odata('Order', { $top: '1', $filter: "Number eq 'B-3'" })
    await visitor.odata('Order', { $top: '1', $select: 'Id' })
    const log = await sandbox.fetchControl<{ detail: object }[]>('/log?system=creatio&path=/odata/Order')
    expect(log.slice(-2).map(({ detail }) => detail)).toEqual([
      { entity: 'Order', operation: 'read', allColumns: true },
      { entity: 'Order', operation: 'read' },
    ])
  })
})
