import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { invoice, line, OpenCompany, type Said } from './open-company.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/quickbooks-online')

let company: OpenCompany
beforeEach(async () => {
  company = await OpenCompany.open()
  company.set({ customTxnNumbers: false })
})
afterEach(() => company.close())

interface Fixture {
  status: number
  contentType: string
  rawBody: string
}

const fixtureOf = (name: string) => JSON.parse(readFileSync(join(fixtures, name), 'utf8')) as Fixture

/** The keys in their order and the form of every literal: money with two decimals is another form than a whole number. */
function shapeOf(text: string): string {
  const form = (name: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value === 'number') return `number ${numberForm(context?.source ?? '')}`
    if (typeof value !== 'string') return value
    // Faults and kinds are words that clients read: they must be the same, not only of the same form.
    if (['Message', 'code', 'element', 'type', 'DetailType', 'domain'].includes(name)) return value
    return `text ${textForm(value)}`
  }
  return JSON.stringify(JSON.parse(text, form as (name: string, value: unknown) => unknown), null, 1)
}

function numberForm(source: string): string {
  if (/^-?\d+\.\d\d$/.test(source)) return '0.00'
  return /^-?\d+$/.test(source) ? '0' : '0.0'
}

function textForm(value: string): string {
  if (/^\d{4}-\d\d-\d\dT[\d:]{8}-07:00$/.test(value)) return 'second'
  if (/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}-07:00$/.test(value)) return 'millisecond'
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return 'day'
  return /^\d+$/.test(value) ? 'digits' : 'words'
}

function expectShape({ said, name }: { said: Said; name: string }): void {
  const fixture = fixtureOf(name)
  expect([said.status, said.headers.get('content-type')]).toEqual([fixture.status, fixture.contentType])
  expect(said.headers.get('intuit_tid')).toMatch(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/)
  expect(shapeOf(said.text)).toBe(shapeOf(fixture.rawBody))
}

const address = {
  Line1: '12 Harbour Row',
  City: 'Millbay',
  CountrySubDivisionCode: 'CA',
  PostalCode: '90210',
  Lat: 'INVALID',
  Long: 'INVALID',
}
const customer = (DisplayName: string) => ({ DisplayName, BillAddr: address, ShipAddr: address })

async function sold(amount: number): Promise<Said> {
  const made = await company.create('Customer', customer('Quill & Daughter'))
  return company.ask('invoice', { body: invoice({ amount, CustomerRef: { value: String(made.Id) } }) })
}

test('an invoice that is created', async () => {
  expectShape({ said: await sold(245.5), name: 'invoice-created-200.json' })
})

test('an invoice that is voided', async () => {
  const { Id, SyncToken } = (await sold(80)).json.Invoice as unknown as { Id: string; SyncToken: string }
  const said = await company.ask('invoice', { body: { Id, SyncToken }, query: { operation: 'void' } })
  expectShape({ said, name: 'invoice-voided-200.json' })
})

test('a customer that is found by a name with an apostrophe', async () => {
  const made = await company.create('Customer', {
    ...customer("Quill's Daughter"),
    GivenName: 'Ada',
    FamilyName: 'Quill',
    CompanyName: "Quill's Daughter",
    PrimaryPhone: { FreeFormNumber: '(555) 0142' },
    PrimaryEmailAddr: { Address: 'ada@customers.example' },
  })
  await company.create('Invoice', invoice({ amount: 18, CustomerRef: { value: String(made.Id) } }))
  const said = await company.query(String.raw`SELECT * FROM Customer WHERE DisplayName = 'Quill\'s Daughter'`)
  expectShape({ said, name: 'query-customer-200.json' })
})

test('a count, and nothing found', async () => {
  expectShape({ said: await company.query('SELECT COUNT(*) FROM Customer'), name: 'query-count-200.json' })
  expectShape({ said: await company.query("SELECT * FROM Customer WHERE Id = '77'"), name: 'query-empty-200.json' })
})

test('an expired token', async () => {
  company.sandbox.clock.advance({ seconds: 4000 })
  expectShape({ said: await company.ask('customer/1'), name: 'fault-3200-401.json' })
})

test('a name that exists', async () => {
  const said = await company.ask('customer', { body: { DisplayName: 'Plain Customer' } })
  expectShape({ said, name: 'fault-6240-400.json' })
  expect(said.headers.get('qbo-version')).toBeNull()
})

test('a batch of everything', async () => {
  const described = { ...line({ amount: 112.5, UnitPrice: 25, Qty: 4.5 }), Description: 'Lamp, tall' }
  const receipt = await company.create('SalesReceipt', { Line: [described] })
  const said = await company.batch([
    { bId: 'v1', operation: 'create', Vendor: { DisplayName: 'Bulb Works' } },
    { bId: 'v2', operation: 'delete', Invoice: { Id: '129', SyncToken: '0' } },
    { bId: 'v3', operation: 'update', SalesReceipt: { Id: String(receipt.Id), SyncToken: '9', sparse: true } },
    { bId: 'v4', Query: "select * from SalesReceipt where TotalAmt > '100.00'" },
  ])
  expectShape({ said, name: 'batch-mixed-200.json' })
})
