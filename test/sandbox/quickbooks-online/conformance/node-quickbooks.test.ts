import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import quickBooksModule from 'node-quickbooks'
import { OpenCompany, realmId } from '../open-company.ts'

// The package is CommonJS and exports its class alone, which its types do not say.
const QuickBooks = quickBooksModule as unknown as typeof quickBooksModule.QuickBooks
type Client = InstanceType<typeof QuickBooks>
type Answer = Record<string, unknown>

let company: OpenCompany
let client: Client
beforeAll(async () => {
  company = await OpenCompany.open()
  QuickBooks.V3_ENDPOINT_BASE_URL = `${company.base}/v3/company/`
  QuickBooks.TOKEN_URL = `${company.base}/oauth2/v1/tokens/bearer`
  QuickBooks.REVOKE_URL = `${company.base}/v2/oauth2/tokens/revoke`
  const [id, secret, refreshToken] = ['sandbox-qbo-client', 'sandbox-qbo-secret', 'sandbox-refresh-token']
  client = new QuickBooks(id, secret, company.token, false, realmId, true, false, null, '2.0', refreshToken)
})
afterAll(() => company.close())

/** Calls a method of the client and gives what it called back with. */
function ask<T = Answer>(method: keyof Client & string, ...args: unknown[]): Promise<T> {
  const call = client[method] as unknown as (...all: unknown[]) => void
  return new Promise((resolve, reject) => {
    call.apply(client, [...args, (error: unknown, answer: T) => (error ? reject(error) : resolve(answer))])
  })
}

/** The code of the fault that a call is refused with. */
async function refusal(method: keyof Client & string, ...args: unknown[]): Promise<string> {
  try {
    await ask(method, ...args)
    return 'not refused'
  } catch (error) {
    const { response } = error as { response: { data: { Fault: { Error: { code: string }[] } } } }
    return response.data.Fault.Error[0]?.code ?? 'no code'
  }
}

const line = (amount: number) => ({
  Amount: amount,
  DetailType: 'SalesItemLineDetail',
  SalesItemLineDetail: { ItemRef: { value: '1' } },
})
const sale = (amount: number, rest: Answer = {}) => ({ CustomerRef: { value: '1' }, Line: [line(amount)], ...rest })
const rows = (answer: Answer, entity: string) => (answer.QueryResponse as Record<string, Answer[]>)[entity] ?? []

describe('customers and items', () => {
  test('are created, read, updated, found and counted', async () => {
    const made = await ask('createCustomer', { DisplayName: "Orla's Loft" })
    expect(await ask('getCustomer', made.Id)).toEqual(made)
    const changed = await ask('updateCustomer', { Id: made.Id, SyncToken: made.SyncToken, Notes: 'Prefers brass' })
    expect(changed).toMatchObject({ SyncToken: '1', DisplayName: "Orla's Loft", Notes: 'Prefers brass' })
    expect(rows(await ask('findCustomers', { DisplayName: "Orla's Loft" }), 'Customer')).toEqual([changed])
    const count = await ask('findCustomers', { count: true })
    expect(count.QueryResponse).toEqual({ totalCount: 4 })
    const like = [{ field: 'DisplayName', value: 'Orla%', operator: 'LIKE' }]
    expect(rows(await ask('findCustomers', like), 'Customer')).toHaveLength(1)
  })

  test('an item is created, updated and fetched page by page', async () => {
    const made = await ask('createItem', { Name: 'Stool', Type: 'Service', IncomeAccountRef: { value: '1' } })
    expect(await ask('updateItem', { Id: made.Id, SyncToken: '0', UnitPrice: 12.5 })).toMatchObject({ UnitPrice: 12.5 })
    expect(rows(await ask('findItems', { fetchAll: true, limit: 1 }), 'Item')).toHaveLength(3)
  })

  test('refusals reach the caller with their codes', async () => {
    expect(await refusal('createCustomer', { DisplayName: 'Plain Customer' })).toBe('6240')
    expect(await refusal('getCustomer', '999')).toBe('610')
    expect(await refusal('updateCustomer', { Id: '1', SyncToken: '9' })).toBe('5010')
  })
})

describe('invoices', () => {
  test('are created, read, updated, found, voided and deleted', async () => {
    const made = await ask('createInvoice', sale(75, { DocNumber: 'N-1' }))
    expect(await ask('getInvoice', made.Id)).toEqual(made)
    const changed = await ask('updateInvoice', { Id: made.Id, SyncToken: '0', PrivateNote: 'ORD-1' })
    expect(changed).toMatchObject({ PrivateNote: 'ORD-1', TotalAmt: 75, DocNumber: 'N-1' })
    const found = await ask('findInvoices', [{ field: 'DocNumber', value: ['N-1', 'N-2'], operator: 'IN' }])
    expect(rows(found, 'Invoice')).toEqual([changed])
    expect(await ask('voidInvoice', { Id: made.Id, SyncToken: '1' })).toMatchObject({
      Invoice: { TotalAmt: 0, PrivateNote: 'Voided - ORD-1' },
    })
    expect(await ask('deleteInvoice', made.Id)).toMatchObject({ Invoice: { status: 'Deleted', Id: made.Id } })
    expect(await refusal('getInvoice', made.Id)).toBe('610')
  })

  test('take a request id and let a duplicate number in when asked to', async () => {
    const first = await ask('createInvoice', sale(10, { DocNumber: 'N-3', requestId: 'request-1' }))
    expect(await ask('createInvoice', sale(10, { DocNumber: 'N-3', requestId: 'request-1' }))).toEqual(first)
    expect(await refusal('createInvoice', sale(10, { DocNumber: 'N-3' }))).toBe('6140')
    expect(await ask('createInvoice', sale(10, { DocNumber: 'N-3', allowDuplicateDocNum: true }))).toHaveProperty('Id')
  })
})

test('payments are created, applied, found, voided and deleted', async () => {
  const sold = await ask('createInvoice', sale(50))
  const part = { Amount: 50, LinkedTxn: [{ TxnId: sold.Id, TxnType: 'Invoice' }] }
  const paid = await ask('createPayment', {
    CustomerRef: { value: '1' },
    TotalAmt: 50,
    PaymentRefNum: 'P-1',
    Line: [part],
  })
  expect(await ask('getInvoice', sold.Id)).toMatchObject({ Balance: 0, SyncToken: '1' })
  expect(rows(await ask('findPayments', { PaymentRefNum: 'P-1' }), 'Payment')).toEqual([paid])
  expect(await ask('voidPayment', { Id: paid.Id, SyncToken: '0' })).toMatchObject({
    TotalAmt: 0,
    PrivateNote: 'Voided',
  })
  expect(await ask('getInvoice', sold.Id)).toMatchObject({ Balance: 50 })
  expect(await ask('deletePayment', paid.Id)).toMatchObject({ Payment: { status: 'Deleted' } })
})

test('a batch carries creates and queries', async () => {
  const answer = await ask('batch', [
    { bId: '1', operation: 'create', Customer: { DisplayName: 'Batch Customer' } },
    { bId: '2', operation: 'create', Customer: { DisplayName: 'Plain Customer' } },
    { bId: '3', Query: 'select * from Item' },
  ])
  const items = answer.BatchItemResponse as Answer[]
  expect(items.map((item) => Object.keys(item)[0])).toEqual(['Customer', 'Fault', 'QueryResponse'])
})

test('change data capture tells what has changed', async () => {
  await ask('createInvoice', sale(1, { DocNumber: 'N-9' }))
  const since = new Date(company.sandbox.clock.now().getTime() - 60_000)
  const answer = await ask('changeDataCapture', ['Invoice', 'Vendor'], since)
  const sets = (answer.CDCResponse as { QueryResponse: Answer[] }[])[0]?.QueryResponse ?? []
  expect(sets.flatMap((set) => (set.Invoice as Answer[]) ?? []).map(({ DocNumber }) => DocNumber)).toContain('N-9')
})

test('the company, its preferences and its profit and loss are read', async () => {
  expect(await ask('getCompanyInfo', realmId)).toHaveProperty('CompanyName', 'Larkfield Lamps (sandbox)')
  expect(await ask('findPreferenceses')).toHaveProperty('QueryResponse.Preferences')
  expect(await ask('reportProfitAndLoss', { start_date: '2026-01-01', end_date: '2026-12-31' })).toHaveProperty('Rows')
})

test('the token is refreshed and, last, revoked', async () => {
  const before = client.token
  await ask('refreshAccessToken')
  expect(client.token).not.toBe(before)
  expect(await ask('getCustomer', '1')).toHaveProperty('Id', '1')
  await ask('revokeAccess', true)
  expect((await company.ask('customer/1')).status).toBe(401)
})
