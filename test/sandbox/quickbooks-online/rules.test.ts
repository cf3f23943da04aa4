import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { codeOf, errorOf, invoice, line, OpenCompany, type Said } from './open-company.ts'

let company: OpenCompany
beforeEach(async () => {
  company = await OpenCompany.open()
})
afterEach(() => company.close())

const post = (
  entity: string,
  body: Parameters<OpenCompany['create']>[1],
  query: Record<string, string> = {},
): Promise<Said> => company.ask(entity, { body, query })

const repeated = (letter: string, times: number): string => letter.repeat(times)

describe('each refusal has its code and its element', () => {
  test.each([
    ['2010', 'Colour', 'customer', { DisplayName: 'New', Colour: 'red' }],
    ['2010', 'Prize', 'invoice', invoice({ Line: [{ ...line({ amount: 1 }), Prize: 1 }] })],
    ['2010', 'Amount', 'invoice', invoice({ Line: [{ ...line({ amount: 1 }), Amount: 'much' }] })],
    ['2010', '', 'invoice', '{"Line": ['],
    ['2020', 'CustomerRef', 'invoice', { Line: [line({ amount: 1 })] }],
    ['2020', 'Line.Amount', 'invoice', invoice({ Line: [{ DetailType: 'SalesItemLineDetail' }] })],
    ['2020', 'DisplayName', 'customer', { CompanyName: 'Nameless' }],
    ['2020', 'IncomeAccountRef', 'item', { Name: 'Loose', Type: 'Service' }],
    ['2020', 'SyncToken', 'customer', { Id: '1', DisplayName: 'x' }],
    ['2030', 'Id', 'customer', { Id: 'one', SyncToken: '0', DisplayName: 'x' }],
    ['2050', 'DocNumber', 'invoice', invoice({ DocNumber: repeated('9', 33) })],
    ['2050', 'DisplayName', 'customer', { DisplayName: repeated('x', 101) }],
    ['2050', 'PrivateNote', 'invoice', invoice({ PrivateNote: repeated('x', 4001) })],
    ['2050', 'CustomerMemo', 'invoice', invoice({ CustomerMemo: { value: repeated('x', 1001) } })],
    ['2170', 'DetailType', 'invoice', invoice({ Line: [{ ...line({ amount: 1 }), DetailType: 'Sale' }] })],
    ['2170', 'Type', 'item', { Name: 'Odd', Type: 'Thing' }],
    ['2180', 'DisplayName', 'customer', { DisplayName: 'Parent:Child' }],
    ['2180', 'TxnDate', 'invoice', invoice({ TxnDate: '15.01.2026' })],
    ['2500', '', 'invoice', invoice({ CustomerRef: { value: '999' } })],
    ['2500', '', 'invoice', invoice({ Line: [line({ amount: 1, item: '999' })] })],
    ['2500', '', 'item', { Name: 'Lost', Type: 'Service', IncomeAccountRef: { value: '999' } }],
    ['610', '', 'customer', { Id: '999', SyncToken: '0', DisplayName: 'x' }],
    ['5010', '', 'customer', { Id: '1', SyncToken: '7', DisplayName: 'x' }],
    ['6000', '', 'invoice', invoice({ CurrencyRef: { value: 'EUR' } })],
    ['6070', '', 'invoice', invoice({ Line: [line({ amount: 100, UnitPrice: 33, Qty: 3 })] })],
    ['6100', 'TaxCodeRef', 'invoice', invoice({ Line: [line({ amount: 1, TaxCodeRef: { value: '5' } })] })],
    ['6240', undefined, 'customer', { DisplayName: "IDA'S interiors" }],
    ['6240', undefined, 'vendor', { DisplayName: 'Plain Customer' }],
    ['6240', undefined, 'item', { Name: 'lamp', Type: 'Service', IncomeAccountRef: { value: '1' } }],
    ['500', '', 'taxcode', { Name: 'New' }],
    ['500', '', 'unicorn', { Name: 'New' }],
  ])('%s on %s of %s', async (code, element, entity, body) => {
    const said = await post(entity, body)
    expect([said.status, codeOf(said), errorOf(said).element]).toEqual([400, code, element])
  })

  test('2050 tells the lengths as Intuit words them', async () => {
    const said = await post('invoice', invoice({ DocNumber: repeated('9', 33) }))
    expect(errorOf(said).Detail).toContain('Min:0 Max:21 supported. Supplied length:33')
  })

  test('2020 names every missing field in one answer', async () => {
    const said = await post('invoice', {})
    const { Error: errors } = said.json.Fault as unknown as { Error: { element: string }[] }
    expect(errors.map(({ element }) => element)).toEqual(['CustomerRef', 'Line'])
  })

  test('2030 for an Id in the path that is no number, 610 for one that is not there', async () => {
    expect(codeOf(await company.ask('customer/abc'))).toBe('2030')
    expect(codeOf(await company.ask('customer/999'))).toBe('610')
  })

  test('500 for an operation that does not exist, and for deleting a name', async () => {
    expect(codeOf(await post('invoice', invoice(), { operation: 'explode' }))).toBe('500')
    expect(codeOf(await post('customer', { Id: '1', SyncToken: '0' }, { operation: 'delete' }))).toBe('500')
  })

  test('610 for a reference to something inactive', async () => {
    await post('customer', { Id: '3', SyncToken: '0', sparse: true, Active: false })
    expect(codeOf(await post('invoice', invoice({ CustomerRef: { value: '3' } })))).toBe('610')
  })

  test('6190, 6200 and 6210 by their switches', async () => {
    company.set({ bookCloseDate: '2026-01-31' })
    expect(codeOf(await post('invoice', invoice({ TxnDate: '2026-01-31' })))).toBe('6200')
    expect((await post('invoice', invoice({ TxnDate: '2026-02-01' }))).status).toBe(200)
    company.set({ bookCloseHasPassword: true })
    expect(codeOf(await post('invoice', invoice({ TxnDate: '2025-12-31' })))).toBe('6210')
    company.set({ subscriptionActive: false })
    expect(codeOf(await post('invoice', invoice()))).toBe('6190')
    expect((await company.ask('customer/1')).status).toBe(200)
  })
})

describe('document numbers', () => {
  test('6140 names the document that has the number', async () => {
    const first = await company.create('Invoice', invoice({ DocNumber: 'A-1' }))
    const said = await post('invoice', invoice({ DocNumber: 'A-1' }))
    expect(codeOf(said)).toBe('6140')
    expect(errorOf(said).Detail).toContain(`DocNumber=A-1 is assigned to TxnType=Invoice with TxnId=${first.Id}`)
    expect(company.sandbox.store.table('qbo.Invoice').size).toBe(1)
  })

  test('allowduplicatedocnum lets a second one in', async () => {
    await company.create('Invoice', invoice({ DocNumber: 'A-1' }))
    await company.create('Invoice', invoice({ DocNumber: 'A-1' }), { include: 'allowduplicatedocnum' })
    expect(company.sandbox.store.table('qbo.Invoice').size).toBe(2)
  })

  test('a voided invoice keeps its number', async () => {
    const { Id } = await company.create('Invoice', invoice({ DocNumber: 'A-1' }))
    await post('invoice', { Id: String(Id), SyncToken: '0' }, { operation: 'void' })
    expect(codeOf(await post('invoice', invoice({ DocNumber: 'A-1' })))).toBe('6140')
  })

  test('an update that keeps its own number is no duplicate', async () => {
    const { Id } = await company.create('Invoice', invoice({ DocNumber: 'A-1' }))
    const said = await post('invoice', { ...invoice({ DocNumber: 'A-1' }), Id: String(Id), SyncToken: '0' })
    expect(said.status).toBe(200)
  })

  test('with custom numbers off QuickBooks numbers by itself, whatever is sent', async () => {
    company.set({ customTxnNumbers: false })
    const one = await company.create('Invoice', invoice({ DocNumber: 'mine' }))
    const other = await company.create('Invoice', invoice({ DocNumber: 'mine' }))
    expect([one.DocNumber, other.DocNumber]).toEqual(['1001', '1002'])
  })

  test('with custom numbers on a document without a number has none', async () => {
    expect(await company.create('Invoice', invoice())).not.toHaveProperty('DocNumber')
  })
})

describe('names', () => {
  test('the parts of a name make the display name', async () => {
    const made = await company.create('Customer', { GivenName: 'Ada', FamilyName: 'Quill' })
    expect(made).toMatchObject({
      DisplayName: 'Ada Quill',
      FullyQualifiedName: 'Ada Quill',
      PrintOnCheckName: 'Ada Quill',
    })
  })

  test('a name that was made inactive is free for another', async () => {
    await post('customer', { Id: '3', SyncToken: '0', sparse: true, Active: false })
    expect((await post('customer', { DisplayName: 'Plain Customer' })).status).toBe(200)
    expect(await company.read('Customer', 3)).toMatchObject({ DisplayName: 'Plain Customer (deleted)', Active: false })
  })

  test('a sub-customer carries the name of its parent', async () => {
    const made = await company.create('Customer', { DisplayName: 'Kitchen', Job: true, ParentRef: { value: '2' } })
    expect(made).toMatchObject({ FullyQualifiedName: 'Northwind Rooms:Kitchen', Level: 1 })
  })
})

describe('SyncTokens', () => {
  test('a sparse update keeps what was not sent and raises the token', async () => {
    const said = await post('customer', { Id: '1', SyncToken: '0', sparse: true, Notes: 'Likes lamps' })
    expect(said.json.Customer).toMatchObject({
      SyncToken: '1',
      Notes: 'Likes lamps',
      DisplayName: "Ida's Interiors",
      PrimaryEmailAddr: { Address: 'ida@customers.example' },
    })
  })

  test('a full update erases what it omits', async () => {
    const said = await post('customer', { Id: '1', SyncToken: '0', DisplayName: "Ida's Interiors" })
    expect(said.json.Customer).not.toHaveProperty('PrimaryEmailAddr')
    expect(said.json.Customer).not.toHaveProperty('BillAddr')
  })

  test('a full update makes lines without Id anew and keeps those with one', async () => {
    const Line = [line({ amount: 1 }), line({ amount: 2 })]
    const { Id } = await company.create('Invoice', invoice({ Line }))
    const kept = { ...line({ amount: 5 }), Id: '2' }
    const said = await post('invoice', {
      ...invoice({ Line: [kept, line({ amount: 7 })] }),
      Id: String(Id),
      SyncToken: '0',
    })
    const lines = (said.json.Invoice as unknown as { Line: { Id?: string; Amount: number }[] }).Line
    expect(lines.map((each) => [each.Id, each.Amount])).toEqual([
      ['2', 5],
      ['3', 7],
      [undefined, 12],
    ])
  })

  test('of two changes with one token the second is stale', async () => {
    const change = (Notes: string) => post('customer', { Id: '2', SyncToken: '0', sparse: true, Notes })
    const both = await Promise.all([change('one'), change('other')])
    expect(both.map(codeOf).sort()).toEqual(['5010', 'no fault'])
  })

  test('a refused document leaves the books as they were', async () => {
    await post('invoice', invoice({ Line: [line({ amount: 100, UnitPrice: 33, Qty: 3 })] }))
    expect(company.sandbox.store.table('qbo.Invoice').size).toBe(0)
    expect((await company.read('Customer', 1)).Balance).toBe(0)
  })
})
