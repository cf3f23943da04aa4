import { afterEach, expect, test } from '@jest/globals'
import type { Creatio, CrmLogRow, LogCursor } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { LogStatus } from '../../src/domain/log-row.ts'
import { batchReply, type Reply, type ScriptedSite, type Seen, scriptedSite } from './scripted-site.ts'

let site: ScriptedSite
const start = async (script: (request: Seen) => Reply | undefined) => {
  site = await scriptedSite(script)
  return site
}
afterEach(() => site.close())

const PENDING = 'c97db3bc-634d-4c90-8432-ec7141c87640'
const RECORD = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'
const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

function logRecord(index: number, over: Record<string, unknown> = {}) {
  return {
    Id: idOf(index),
    BGTypeId: '14535998-d4c0-45ac-bbac-8c0185bfcc1a',
    BGActionId: 'FACB63C3-3599-4CB5-B86D-179B0636A3CB',
    BGStatusId: PENDING,
    BGRecordId: RECORD,
    BGErrorMessage: '',
    CreatedOn: '2026-01-01T00:00:00.123456Z',
    ModifiedOn: '2026-01-01T00:00:00Z',
    ...over,
  }
}

/** A site that holds rows and answers the key paging of the order log, without a next link, at most `pageRowsMax` at a time. */
function logSite(records: ReturnType<typeof logRecord>[], pageRowsMax = 1_000) {
  const sorted = records.toSorted((a, b) => (a.CreatedOn + a.Id < b.CreatedOn + b.Id ? -1 : 1))
  return ({ path, query }: Seen): Reply | undefined => {
    if (!path.includes('/odata/')) return undefined
    const [, instant = '', id = ''] =
      /CreatedOn gt (\S+) or \(CreatedOn eq \1 and Id gt (\S+)\)\)$/.exec(query.get('$filter')!) ?? []
    const behind = sorted.filter((row) => row.CreatedOn + row.Id > instant + id)
    return { json: { value: behind.slice(0, Math.min(Number(query.get('$top')), pageRowsMax)) } }
  }
}

async function sweep(creatio: Creatio, limit: number): Promise<{ rows: CrmLogRow[]; pages: number }> {
  const rows: CrmLogRow[] = []
  let pages = 0
  for (let after: LogCursor | null = null; ; ) {
    const page = await creatio.logRows({ statuses: [LogStatus.PENDING, LogStatus.RE_PROCESS], after, limit })
    rows.push(...page.rows)
    pages++
    if (page.next === null) return { rows, pages }
    after = page.next
  }
}

test('a thousand rows of the same instant are each read once, page by page', async () => {
  const { open, seen } = await start(logSite(Array.from({ length: 1_000 }, (_, index) => logRecord(index))))
  const { rows, pages } = await sweep(open(), 300)
  expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: 1_000 }, (_, index) => idOf(index)))
  expect(pages).toBe(5)
  const filter = seen.at(-1)?.query.get('$filter')
  expect(filter).toBe(
    `(BGStatus/Id eq ${PENDING} or BGStatus/Id eq ff92e20c-da27-4255-96bc-57e32f0944f4) and (CreatedOn gt 2026-01-01T00:00:00.123456Z or (CreatedOn eq 2026-01-01T00:00:00.123456Z and Id gt ${idOf(999)}))`,
  )
})

test('a server that shortens pages without saying so hides no row', async () => {
  const { open } = await start(
    logSite(
      Array.from({ length: 100 }, (_, index) => logRecord(index)),
      7,
    ),
  )
  expect((await sweep(open(), 50)).rows).toHaveLength(100)
})

test('a next link is followed, wherever it points, on our own site', async () => {
  const { open, seen } = await start(({ path, query }) => {
    if (!path.includes('/odata/')) return undefined
    if (query.get('$skiptoken') === '2') return { json: { value: [logRecord(3)] } }
    const link = 'https://inner.example/0/odata/BGQuickBooksIntegrationLogDetail?$skiptoken=2'
    return { json: { value: [logRecord(1), logRecord(2)], '@odata.nextLink': link } }
  })
  const page = await open().logRows({ statuses: [LogStatus.PENDING], after: null, limit: 10 })
  expect(page.rows.map(({ id }) => id)).toEqual([idOf(1), idOf(2), idOf(3)])
  expect(seen.at(-1)?.path).toBe('/0/odata/BGQuickBooksIntegrationLogDetail')
})

test('a next link never brings more rows than were asked for, and none is lost', async () => {
  const { open } = await start(({ path }) =>
    path.includes('/odata/')
      ? {
          json: {
            value: [logRecord(1), logRecord(2), logRecord(3)],
            '@odata.nextLink': 'BGQuickBooksIntegrationLogDetail?$skiptoken=2',
          },
        }
      : undefined,
  )
  const page = await open().logRows({ statuses: [LogStatus.PENDING], after: null, limit: 2 })
  expect(page.next).toEqual({ createdOn: '2026-01-01T00:00:00.123456Z', id: idOf(2) })
})

test('a server that answers with the row of the cursor does not hold the reader for ever', async () => {
  const { open } = await start(({ path }) =>
    path.includes('/odata/') ? { json: { value: [logRecord(1)] } } : undefined,
  )
  expect((await sweep(open(), 1)).pages).toBe(2)
})

test('a row is read with its type, action and status; a value that the profile does not name stays as given', async () => {
  const unknown = '99999999-9999-4999-8999-999999999999'
  const records = [
    logRecord(1),
    logRecord(2, { BGTypeId: unknown, BGActionId: unknown, BGRecordId: '00000000-0000-0000-0000-000000000000' }),
  ]
  const { open } = await start(logSite(records))
  const { rows } = await sweep(open(), 10)
  expect(rows[0]).toMatchObject({
    type: 'CUSTOMER_ORDER',
    action: 'INSERT',
    status: 'PENDING',
    recordId: RECORD,
    message: '',
  })
  expect(rows[1]).toMatchObject({ type: null, rawType: unknown, action: null, rawAction: unknown, recordId: null })
})

test('a cursor that is no instant never reaches the CRM', async () => {
  const { open, seen } = await start(() => undefined)
  const after = { createdOn: "2026-01-01' or 1 eq 1", id: idOf(1) }
  await expect(open().logRows({ statuses: [LogStatus.PENDING], after, limit: 1 })).rejects.toThrow(RangeError)
  expect(seen).toHaveLength(0)
})

test('the rows of many records are read in one batch of short filters, whatever their status', async () => {
  const { open, seen } = await start((request) =>
    request.path.endsWith('$batch')
      ? batchReply(request, ({ url }) => {
          const ids = [...url.matchAll(/BGRecordId%20eq%20([0-9a-f-]{36})/g)].map(([, id]) => id)
          expect(url.length).toBeLessThan(2_000)
          const value = ids.map((id, index) => logRecord(index, { Id: id, BGRecordId: id }))
          return { status: 200, body: { value, '@odata.count': value.length } }
        })
      : undefined,
  )
  const ids = Array.from({ length: 250 }, (_, index) => idOf(index))
  const rows = await open().logRowsOfRecords([...ids, ids[0]!])
  expect(new Set(rows.map(({ recordId }) => recordId))).toEqual(new Set(ids))
  expect(seen.filter(({ path }) => path.endsWith('$batch'))).toHaveLength(1)
})

test('a site that keeps record ids as texts is noticed once', async () => {
  const mixed = { Message: 'Incompatible types', MessageDetail: 'Edm.String and Edm.Guid' }
  const { open, seen } = await start((request) =>
    request.path.endsWith('$batch')
      ? batchReply(request, ({ url }) =>
          url.includes(`BGRecordId%20eq%20'${RECORD}'`)
            ? { status: 200, body: { value: [logRecord(1)], '@odata.count': 1 } }
            : { status: 400, body: mixed },
        )
      : undefined,
  )
  const creatio = open()
  for (let again = 0; again < 3; again++) expect(await creatio.logRowsOfRecords([RECORD])).toHaveLength(1)
  expect(seen.filter(({ path }) => path.endsWith('$batch'))).toHaveLength(4)
  const profile = parseProfile({ orderLog: { recordIdKind: 'guid' } })
  await expect(open({ profile }).logRowsOfRecords([RECORD])).rejects.toThrow('Incompatible types')
})
