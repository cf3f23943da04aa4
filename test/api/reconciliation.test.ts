import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Role } from '../../src/domain/kinds.ts'
import { resolveDiscrepancy } from '../../src/sync/resolve.ts'
import { signOff } from '../../src/sync/sign-off.ts'
import { connectionRow, idAt, insertRows } from '../storage/rows.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
const mine = connectionRow({ name: 'Alder' })
const other = connectionRow({ name: 'Birch', id: idAt('2026-01-02T00:00:00Z') })
const reconciliationId = idAt(NOW)
const [open, second] = [idAt('2026-02-01T00:00:00Z'), idAt('2026-02-02T00:00:00Z')]

beforeAll(async () => {
  api = await serveApi({
    signOffReconciliation: (request) => signOff(api.database, { ...request, now: NOW }),
    resolveDiscrepancy: (request) =>
      resolveDiscrepancy({ database: api.database, now: () => NOW, wake: () => undefined } as never, request),
  })
  await insertRows(api.database, 'connection', [mine, other])
  const day = { connection_id: mine.id, first_day: '2026-01-01', last_day: '2026-01-31', created_at: NOW.toISOString() }
  const by = {
    author: 'ada',
    operation_id: idAt(NOW),
    sync_operation_id: idAt(NOW),
    progress: { sweep: 4, after: null },
  }
  const sides = {
    orders: 7,
    orders_total: '70.00',
    posted: 6,
    posted_total: '60.00',
    invoices: 7,
    invoices_total: '71.00',
  }
  await insertRows(api.database, 'reconciliation', [{ id: reconciliationId, state: 'DONE', ...day, ...by, ...sides }])
  const seen = { found_at: NOW.toISOString(), seen_at: NOW.toISOString() }
  const common = {
    connection_id: mine.id,
    entity: 'INVOICE',
    state: 'OPEN',
    our_total: '10.00',
    quick_books_id: '5',
    ...seen,
  }
  const lines = [{ field: 'tax', line: null, ours: '1.00', theirs: '1.01', cents: '1' }]
  await insertRows(api.database, 'discrepancy', [
    {
      id: open,
      ...common,
      subject: 'order:1',
      kind: 'TAX',
      document_number: '=1+1',
      differences: ['tax, 1.00 against "1.01"'],
      lines,
    },
    {
      id: second,
      ...common,
      subject: 'order:2',
      kind: 'DATE',
      document_number: '62',
      differences: ['date'],
      lines: [],
    },
  ])
  const items = [open, second].map((id) => ({
    id,
    reconciliation_id: reconciliationId,
    discrepancy_id: id,
    connection_id: mine.id,
  }))
  await insertRows(api.database, 'reconciliation_item', items.map(({ id: _, ...row }) => row) as never)
})
afterAll(() => api.close())

const ask = async (query: string, key: string) => {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
  const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })
  return (await response.json()) as { data?: Record<string, unknown>; errors?: { message: string }[] }
}
const file = (name: string, key: string | null = api.keys[Role.VIEWER]) =>
  fetch(`${api.url}/reports/reconciliation/${name}`, {
    headers: key === null ? {} : { authorization: `Bearer ${key}` },
  })

describe('a reconciliation', () => {
  test('shows its sides, and counts what it saw by kind', async () => {
    const query = `{ reconciliation(id: "${reconciliationId}") { state from to orders invoicesTotal counts { kind count open ours } } }`
    const { data } = await ask(query, api.keys[Role.VIEWER])
    expect(data?.reconciliation).toEqual({
      ...{ state: 'DONE', from: '2026-01-01', to: '2026-01-31', orders: 7, invoicesTotal: '71.00' },
      counts: [
        { kind: 'DATE', count: 1, open: 1, ours: '10.00' },
        { kind: 'TAX', count: 1, open: 1, ours: '10.00' },
      ],
    })
  })

  test('is no report before it was signed off, which a viewer may not do', async () => {
    expect((await file(`${reconciliationId}.csv`)).status).toBe(400)
    const sign = `mutation { signOffReconciliation(id: "${reconciliationId}", note: "looked at") { state signedBy } }`
    expect((await ask(sign, api.keys[Role.VIEWER])).errors?.[0]?.message).toContain('needs the role OPERATOR')
    const decide = `mutation { resolveDiscrepancy(id: "${open}", resolution: ACCEPT, note: "agreed") { state resolvedBy note } }`
    const decided = await ask(decide, api.keys[Role.OPERATOR])
    expect(decided.data?.resolveDiscrepancy).toEqual({ state: 'RESOLVED', resolvedBy: 'operator', note: 'agreed' })
    const signed = await ask(sign, api.keys[Role.OPERATOR])
    expect(signed.data?.signOffReconciliation).toEqual({ state: 'SIGNED_OFF', signedBy: 'operator' })
    expect((await api.audit()).at(-1)).toMatchObject({ action: 'signOffReconciliation', result: 'OK' })
  })

  test('that was signed off is a file as it stood then, in which no text is a formula', async () => {
    const response = await file(`${reconciliationId}.csv`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8'])
    const lines = (await response.text()).split('\r\n')
    expect(lines.slice(1, 6)).toEqual([
      'from,2026-01-01,to,2026-01-31',
      'orders,7,70.00',
      'posted,6,60.00',
      'invoices,7,71.00',
      `signed off by,operator,${NOW.toISOString()},looked at`,
    ])
    const tax = `TAX,RESOLVED,'=1+1,,5,,10.00,,"tax, 1.00 against ""1.01""",,ACCEPT,operator,agreed,`
    expect(lines.find((line) => line.startsWith('TAX'))?.startsWith(tax)).toBe(true)
    expect((await api.audit()).at(-1)).toMatchObject({ action: 'downloadReconciliation', result: 'OK' })
  })

  test('is not there without a key, for a key of another connection, or under a name that is none', async () => {
    expect((await file(`${reconciliationId}.csv`, null)).status).toBe(401)
    expect((await file(`${reconciliationId}.exe`)).status).toBe(400)
    const key = await api.issue({ name: 'foreign', role: Role.ADMIN, connectionIds: [other.id] })
    expect((await file(`${reconciliationId}.csv`, key)).status).toBe(400)
    const decide = `mutation { resolveDiscrepancy(id: "${second}", resolution: IGNORE, note: "x") { state } }`
    expect((await ask(decide, key)).errors?.[0]?.message).toContain('There is no discrepancy')
  })
})
