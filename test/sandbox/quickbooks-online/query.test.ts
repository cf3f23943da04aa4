import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { codeOf, errorOf, invoice, OpenCompany, type Read } from './open-company.ts'

let company: OpenCompany
beforeAll(async () => {
  company = await OpenCompany.open()
  for (const [position, amount] of [10, 20.5, 300].entries()) {
    const TxnDate = `2026-0${position + 1}-15`
    await company.create('Invoice', invoice({ amount, DocNumber: `Q-${position + 1}`, TxnDate, PrivateNote: 'note' }))
  }
  await company.create('Customer', { DisplayName: 'Asleep', Active: true })
  const asleep = await company.read('Customer', 4)
  await company.ask('customer', { body: { Id: '4', SyncToken: String(asleep.SyncToken), sparse: true, Active: false } })
})
afterAll(() => company.close())

async function found(text: string): Promise<unknown[]> {
  const said = await company.query(text)
  if (said.status !== 200) throw new Error(said.text)
  const response = said.json.QueryResponse as unknown as Record<string, Read[]>
  const rows = Object.values(response).find(Array.isArray) ?? []
  return rows.map((row) => row.DocNumber ?? row.DisplayName)
}

describe('what a query finds', () => {
  test.each([
    ["select * from Invoice where DocNumber = 'Q-2'", ['Q-2']],
    ["SELECT * FROM invoice WHERE DocNumber IN ('Q-1', 'Q-3', 'Q-9') ORDERBY DocNumber", ['Q-1', 'Q-3']],
    ["select * from Invoice where DocNumber LIKE 'Q-%' and TotalAmt > '20.49' ORDER BY TotalAmt DESC", ['Q-3', 'Q-2']],
    ['select * from Invoice where TotalAmt <= 20.5 orderby TxnDate asc', ['Q-1', 'Q-2']],
    ["select * from Invoice where TxnDate >= '2026-02-15' and TxnDate < '2026-03-15'", ['Q-2']],
    ["select * from Invoice where DocNumber != 'Q-1' orderby DocNumber", ['Q-2', 'Q-3']],
    ["select * from Invoice where CustomerRef = '1' orderby DocNumber maxresults 1 startposition 2", ['Q-2']],
    ["select * from Invoice where CustomerRef = '1' orderby DocNumber startposition 3 maxresults 5", ['Q-3']],
    [
      "select * from Invoice where Metadata.LastUpdatedTime > '2020-01-01T00:00:00-07:00' and DocNumber = 'Q-1'",
      ['Q-1'],
    ],
    ["select * from Invoice where MetaData.CreateTime > '2999-01-01'", []],
    [String.raw`select * from Customer where DisplayName = 'Ida\'s Interiors'`, ["Ida's Interiors"]],
    ["select * from Customer where DisplayName like '%rooms'", ['Northwind Rooms']],
    ["select * from Customer where Id in ('1','2') and Active = true", ["Ida's Interiors", 'Northwind Rooms']],
    ['select * from Invoice', ['Q-3', 'Q-2', 'Q-1']],
  ])('%s', async (text, expected) => {
    expect(await found(text)).toEqual(expected)
  })

  test('inactive names are hidden unless they are asked for', async () => {
    expect(await found('select * from Customer')).not.toContain('Asleep (deleted)')
    expect(await found('select * from Customer where Active IN (true, false)')).toContain('Asleep (deleted)')
    expect(await found('select * from Customer where Active = false')).toEqual(['Asleep (deleted)'])
  })

  test('a document number of digits is text: 007 is not 7', async () => {
    await company.create('Invoice', invoice({ DocNumber: '007' }))
    expect(await found("select * from Invoice where DocNumber = '7'")).toEqual([])
    expect(await found("select * from Invoice where DocNumber >= '007' and DocNumber <= '007'")).toEqual(['007'])
  })
})

describe('the shape of an answer', () => {
  test('COUNT(*) gives totalCount alone', async () => {
    expect((await company.query('SELECT COUNT(*) FROM Customer')).text).toMatch(
      /^\{"QueryResponse":\{"totalCount":3\},"time":"[^"]+-07:00"\}$/,
    )
  })

  test('nothing found is an empty object', async () => {
    expect((await company.query("select * from Invoice where DocNumber = 'none'")).json.QueryResponse).toEqual({})
  })

  test('rows come with startPosition and maxResults, which counts the rows', async () => {
    const { json } = await company.query('select * from Customer startposition 2 maxresults 10')
    expect(json.QueryResponse).toMatchObject({ startPosition: 2, maxResults: 2 })
  })

  test('chosen columns come with the Id and say that they are sparse', async () => {
    const { json } = await company.query("select DisplayName, MetaData.CreateTime from Customer where Id = '2'")
    const rows = (json.QueryResponse as unknown as { Customer: Read[] }).Customer
    expect(rows).toEqual([
      {
        domain: 'QBO',
        sparse: true,
        Id: '2',
        DisplayName: 'Northwind Rooms',
        MetaData: { CreateTime: expect.any(String) },
      },
    ])
  })

  test('a query may be posted as text', async () => {
    const headers = { 'Content-Type': 'application/text' }
    const said = await company.ask('query', { method: 'POST', body: 'select count(*) from Item', headers })
    expect(said.json.QueryResponse).toEqual({ totalCount: 2 })
  })
})

describe('what a query may not say', () => {
  test.each([
    "select * from Invoice where DocNumber = 'Q-1' or DocNumber = 'Q-2'",
    "select * from Customer where DisplayName = 'Ida''s Interiors'",
    "select * from Customer where DisplayName = 'open",
    'select * from Customer where (DisplayName = 1)',
    'select * from Customer where DisplayName =',
    'select * from Customer group by Id',
    'select from Customer',
    'delete from Customer',
    "select * from Customer where DisplayName ~ 'x'",
    'select * from Customer startposition x',
    '',
  ])('%s is fault 4000', async (text) => {
    const said = await company.query(text)
    expect([said.status, codeOf(said)]).toEqual([400, '4000'])
    expect(errorOf(said)).not.toHaveProperty('element')
  })

  test.each([
    ["select * from Customer where Colour = 'red'", 'Property Colour not found for Entity Customer'],
    ["select * from Payment where UnappliedAmt > '0'", "property 'UnappliedAmt' is not queryable"],
    ["select * from Invoice where PrivateNote = 'note'", "property 'PrivateNote' is not queryable"],
    ["select * from Vendor where PrimaryEmailAddr = 'a@b.example'", "property 'PrimaryEmailAddr' is not queryable"],
    ['select * from Nonsense', 'Invalid context declaration: Nonsense'],
    ['select * from Customer maxresults 1001', 'value 1001 is too large. Max allowed value is 1000.'],
  ])('%s is fault 4001', async (text, detail) => {
    const said = await company.query(text)
    expect([said.status, codeOf(said)]).toEqual([400, '4001'])
    expect(errorOf(said).Detail).toBe(`QueryValidationError: ${detail}`)
  })

  test('whether a private note can be asked for is a switch', async () => {
    company.set({ privateNoteQueryable: true })
    expect(await found("select * from Invoice where PrivateNote = 'note' orderby DocNumber")).toEqual([
      'Q-1',
      'Q-2',
      'Q-3',
    ])
    company.set({ privateNoteQueryable: false })
  })
})

test('customers are found by their e-mail address, where a switch says that it can be asked for', async () => {
  await company.create('Customer', { DisplayName: 'Cora Mail', PrimaryEmailAddr: { Address: 'cora@mail.example' } })
  const text = "select * from Customer where PrimaryEmailAddr in ('cora@mail.example','nobody@mail.example')"
  expect((await company.query(text)).json.QueryResponse).toMatchObject({ Customer: [{ DisplayName: 'Cora Mail' }] })
  company.set({ customerEmailQueryable: false })
  expect(codeOf(await company.query(text))).toBe('4001')
  company.set({ customerEmailQueryable: true })
})

test('100 rows come when no number is asked for', async () => {
  const items = Array.from({ length: 30 }, (_, at) => ({
    bId: String(at),
    operation: 'create',
    Class: { Name: `k${at}` },
  }))
  for (const letter of ['a', 'b', 'c', 'd']) {
    const renamed = items.map((item) => ({ ...item, Class: { Name: `${letter}${item.Class.Name}` } }))
    await company.batch(renamed)
  }
  const { json } = await company.query('select * from Class')
  expect(json.QueryResponse).toMatchObject({ startPosition: 1, maxResults: 100 })
})
