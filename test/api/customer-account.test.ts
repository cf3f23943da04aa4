import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { collectPayments } from '../../src/commission/collect.ts'
import { Role } from '../../src/domain/kinds.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { saveLinks } from '../../src/storage/links.ts'
import { company, payment, sell } from '../commission/company.ts'
import { ask } from './client.ts'
import { CustomerAccountDocument, InvoiceStandingsDocument } from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
let connectionId: string

beforeAll(async () => {
  api = await serveApi()
  connectionId = await company(api.database)
  const lines: [string, string][] = [['lamp', '100.00']]
  const sale = { orderNumber: 'ORD-1', date: '2026-02-01', customer: '0190b5a0-0000-7000-8000-000000000001', lines }
  await sell(api.database, { connectionId, sales: [{ ...sale, invoiceId: '11' }] })
  const links = [{ kind: LinkKind.CUSTOMER, sourceId: sale.customer, quickBooksId: '5', name: 'Ida' }]
  await saveLinks(api.database, { connectionId, links, now: NOW })
  const paid = payment({ recordId: 'P1', date: '2026-02-03', method: 'Check', pays: [['11', '60.00']] })
  const books = { database: api.database, timeZone: 'UTC', now: () => NOW }
  await collectPayments(books, { connectionId, bring: async () => ({ events: [paid] }) })
})
afterAll(() => api.close())

const asked = (variables: { connectionId: string; customerId: string; first?: number }) =>
  api.ask(CustomerAccountDocument, variables, Role.VIEWER)

describe('what a customer owes', () => {
  test('is told of invoices that are not mirrored, too, and the reading is recorded', async () => {
    const { data } = await asked({ connectionId, customerId: '5' })
    expect(await api.audit()).toContainEqual(expect.objectContaining({ action: 'customerAccount', author: 'viewer' }))
    expect(data?.customerAccount).toMatchObject({ invoiced: '100.00', balance: '100.00', entryCount: 1 })
    expect(data?.customerAccount?.entries[0]).toMatchObject({ kind: 'INVOICE', orderNumber: 'ORD-1', due: '40.00' })
  })

  test('is nothing of a customer that nobody knows, and a mistake of a page that is too long', async () => {
    const unknown = await asked({ connectionId, customerId: '999' })
    expect(unknown.data?.customerAccount).toBeNull()
    const long = await asked({ connectionId, customerId: '5', first: 1_001 })
    expect(long.errors[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  test('is not shown to a key for another company', async () => {
    const other = await company(api.database)
    const key = await api.issue({ name: 'another', role: Role.VIEWER, connectionIds: [other] })
    const variables = { connectionId, customerId: '5' }
    const headers = { 'x-api-key': key }
    const { data } = await ask({ url: api.url, document: CustomerAccountDocument, variables, headers })
    expect(data?.customerAccount).toBeNull()
  })
})

test('how an invoice stands is told by the number of its order', async () => {
  const { data } = await api.ask(InvoiceStandingsDocument, { orderNumber: 'ORD-1' }, Role.VIEWER)
  expect(data?.invoiceStandings).toEqual([
    expect.objectContaining({
      invoiceId: '11',
      status: 'PARTIAL',
      paid: '60.00',
      due: '40.00',
      paidOn: '2026-02-03',
      method: 'Check',
    }),
  ])
})
