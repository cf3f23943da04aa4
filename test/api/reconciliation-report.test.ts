import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { strFromU8, unzipSync } from 'fflate'
import { Role } from '../../src/domain/kinds.ts'
import { signOff } from '../../src/sync/sign-off.ts'
import { connectionRow, idAt, insertRows, type Row } from '../storage/rows.ts'
import { collisions, pdfPages, pdfText } from './pdf-text.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

const PAPER_WIDTH = 792
const NOTE = 'looked at each of them with the accountant; "the two in May" are known'

let api: ServedApi
const mine = connectionRow({ name: 'Alder & Søn — très bien' })
const other = connectionRow({ name: 'Birch', id: idAt('2026-01-02T00:00:00Z') })
const id = idAt(NOW)

/** One discrepancy of each sort that a form may stumble over, then many of the plain sort. */
function discrepancies(): Row[] {
  const common = { connection_id: mine.id, entity: 'INVOICE', state: 'OPEN', found_at: NOW, seen_at: NOW, lines: [] }
  const plain = { ...common, kind: 'TAX', our_total: '110.00', their_total: '110.01', proposal: 'ACCEPT' }
  const one = (index: number, row: Partial<Row>): Row => ({
    ...plain,
    id: idAt(new Date(Date.parse('2026-02-01T00:00:00Z') + index)),
    subject: `order:${index}`,
    document_number: `6${index}`,
    order_number: `ORD-${15000 + index}`,
    quick_books_id: `42BF65-${1768878026 + index}`,
    date: '2026-01-15',
    differences: ['tax 10.00 against 10.01'],
    ...row,
  })
  const decided = { state: 'RESOLVED', resolution: 'ACCEPT', resolved_by: 'ada', note: '=HYPERLINK("x")' }
  return [
    one(0, { kind: 'MISSING_IN_QUICKBOOKS', their_total: null, quick_books_id: null, proposal: 'REPOST' }),
    one(1, {
      kind: 'UNKNOWN_IN_CRM',
      our_total: null,
      their_total: '1234567.89',
      proposal: 'VOID',
      document_number: '=1+1',
    }),
    one(2, { ...decided, differences: ['@SUM(1)', 'customer a against b'] }),
    one(3, { document_number: 'W'.repeat(60), differences: ['number '.repeat(80)], order_number: '-ORD' }),
    ...Array.from({ length: 80 }, (_, index) => one(index + 4, {})),
  ]
}

beforeAll(async () => {
  api = await serveApi()
  await insertRows(api.database, 'connection', [mine, other])
  const sides = {
    orders: 90,
    orders_total: '9900.00',
    posted: 88,
    posted_total: '9680.00',
    invoices: 89,
    invoices_total: '9790.80',
  }
  const row = {
    id,
    connection_id: mine.id,
    first_day: '2026-01-01',
    last_day: '2026-01-31',
    state: 'DONE',
    author: 'ada',
  }
  const run = { operation_id: id, sync_operation_id: id, progress: {}, created_at: NOW, finished_at: NOW }
  await insertRows(api.database, 'reconciliation', [{ ...row, ...run, ...sides }])
  const found = discrepancies()
  for (const one of found) await insertRows(api.database, 'discrepancy', [one])
  const items = found.map((one) => ({ reconciliation_id: id, discrepancy_id: one.id, connection_id: mine.id }))
  await insertRows(api.database, 'reconciliation_item', items as never)
  const author = { name: 'grace', keyId: null, connectionIds: null }
  await signOff(api.database, { id, note: NOTE, author, now: NOW })
})
afterAll(() => api.close())

const file = (name: string, key = api.keys[Role.VIEWER]) =>
  fetch(`${api.url}/reports/reconciliation/${name}`, { headers: { authorization: `Bearer ${key}` } })
const bytes = async (form: string) => Buffer.from(await (await file(`${id}.${form}`)).arrayBuffer())

/** The cells of a sheet, row by row: texts as they are, numbers as text. */
function cellsOf(workbook: Record<string, Uint8Array>, sheet: number): string[][] {
  const read = (name: string) => strFromU8(workbook[name] ?? new Uint8Array())
  const plain = (xml: string) =>
    xml
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&gt;', '>')
      .replaceAll('&lt;', '<')
      .replaceAll('&amp;', '&')
  const shared = [...read('xl/sharedStrings.xml').matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(([, text = '']) => plain(text))
  const rows = read(`xl/worksheets/sheet${sheet}.xml`).split('<row ').slice(1)
  return rows.map((row) =>
    [...row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/g)].map(([, attributes = '', inner = '']) => {
      const [, value = ''] = /<v>([^<]*)<\/v>/.exec(inner) ?? []
      return attributes.includes('t="s"') ? (shared[Number(value)] ?? '') : value
    }),
  )
}

describe('a reconciliation that was signed off', () => {
  test('says in its CSV what was seen by kind, with the cents between the sides', async () => {
    const lines = (await bytes('csv')).toString().split('\r\n')
    const from = lines.indexOf('seen,kind,count,open,ours,theirs,cents')
    expect(lines.slice(from + 1, from + 4)).toEqual([
      ',TAX,82,81,9020.00,9020.82,82',
      ',MISSING_IN_QUICKBOOKS,1,1,110.00,0.00,-11000',
      ',UNKNOWN_IN_CRM,1,1,0.00,1234567.89,123456789',
    ])
    expect(lines).toContain('company,Alder & Søn — très bien,QUICKBOOKS_ONLINE,SANDBOX')
  })

  test('is a workbook with the totals and rows of the CSV, amounts as numbers and no formula', async () => {
    const response = await file(`${id}.xlsx`)
    expect(response.headers.get('content-type')).toContain('spreadsheetml')
    expect(response.headers.get('content-disposition')).toContain('reconciliation-2026-01-01-2026-01-31.xlsx')
    const workbook = unzipSync(new Uint8Array(await response.arrayBuffer()))
    expect(
      Object.values(workbook)
        .map((part) => strFromU8(part))
        .join(),
    ).not.toContain('<f>')
    const [head, list] = [cellsOf(workbook, 1), cellsOf(workbook, 2)]
    for (const row of [
      ['orders', '90', '9900'],
      ['TAX', '82', '81', '9020', '9020.82', '82'],
    ])
      expect(head).toContainEqual(row)
    const csv = (await bytes('csv')).toString().split('\r\n')
    const rows = csv.slice(csv.findIndex((line) => line.startsWith('kind,state')) + 1, -1)
    expect(list).toHaveLength(rows.length + 1)
    expect(list[2]).toEqual(expect.arrayContaining(['UNKNOWN_IN_CRM', "'=1+1", '1234567.89']))
    expect(list[3]).toEqual(expect.arrayContaining([`'@SUM(1); customer a against b`, 'ada', `'=HYPERLINK("x")`]))
    expect(list[4]).toContain("'-ORD")
    expect(csv.find((line) => line.startsWith('UNKNOWN_IN_CRM,OPEN'))).toContain(`,'=1+1,`)
  })

  test('is a PDF with numbered pages, who signed it, the counts by kind and every row', async () => {
    const pdf = await bytes('pdf')
    const pages = pdfPages(pdf)
    expect(pages.length).toBeGreaterThan(2)
    pages.forEach((page, index) => {
      expect(page.map(({ text }) => text).join('\n')).toContain(`page ${index + 1} of ${pages.length}`)
    })
    const text = pdfText(pdf)
    for (const part of [
      'Reconciliation of Alder & S\xf8n \x97 tr\xe8s bien, 2026-01-01 to 2026-01-31',
      `Signed off by grace at ${NOW.toISOString()}: ${NOTE}`,
      'QUICKBOOKS_ONLINE, SANDBOX',
      '9790.80',
      '9020.82',
      '-11000',
      ...Array.from({ length: 80 }, (_, index) => `ORD-${15004 + index}`),
    ])
      expect(text).toContain(part)
  })

  test('is a PDF in which each text stays inside its column', async () => {
    const pdf = await bytes('pdf')
    expect(pdfPages(pdf).flat().length).toBeGreaterThan(800)
    expect(collisions(pdf, { paperWidth: PAPER_WIDTH })).toEqual([])
  })

  test.each(['xlsx', 'pdf'])('gives no %s to a key of another connection, and notes who asked', async (form) => {
    const key = await api.issue({ name: `foreign ${form}`, role: Role.ADMIN, connectionIds: [other.id] })
    expect((await file(`${id}.${form}`, key)).status).toBe(400)
    expect((await api.audit()).at(-1)).toMatchObject({ action: 'downloadReconciliation', result: 'ERROR' })
    await bytes(form)
    expect((await api.audit()).at(-1)).toMatchObject({ action: 'downloadReconciliation', result: 'OK' })
  })
})
