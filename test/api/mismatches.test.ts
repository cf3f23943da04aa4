import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { Role } from '../../src/domain/kinds.ts'
import { acceptMismatch } from '../../src/sync/accept-mismatch.ts'
import { connectionRow, idAt, insertRows, postingRow } from '../storage/rows.ts'
import { askText, type Reply } from './client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

const comparison = [
  { field: 'total', line: null, ours: '10.00', theirs: '10.01', equal: false },
  { field: 'amount', line: 1, ours: '10.00', theirs: '10.00', equal: true },
]
const problemList = [{ field: 'due date', value: '2026-03-01', problem: 'it is too early', remedy: 'Correct it.' }]

let api: ServedApi
let [mismatched, failed, foreign] = ['', '', '']
const [mine, other] = [connectionRow(), connectionRow({ id: idAt('2026-01-02T00:00:00Z') })]

beforeAll(async () => {
  api = await serveApi({
    acceptMismatch: (request) =>
      acceptMismatch({ database: api.database, now: () => NOW, wake: () => undefined }, request),
  })
  await insertRows(api.database, 'connection', [mine, other])
})
afterAll(() => api?.close())
beforeEach(async () => {
  await api.database.run(sql`delete from posting`)
  const detail = { documentNumber: '1001', quickBooksId: '145', differences: 'total 10.00 against 10.01', comparison }
  const differs = { state: 'MISMATCHED', reason_code: 'INVOICE_DIFFERS', reason_detail: detail }
  const invalid = { orderNumber: 'SO-2', problems: 'it is too early', problemList }
  const rows = [
    postingRow({ connection_id: mine.id, ...differs }),
    postingRow({ connection_id: mine.id, state: 'FAILED', reason_code: 'DOCUMENT_INVALID', reason_detail: invalid }),
    postingRow({ connection_id: other.id, ...differs }),
  ]
  await insertRows(api.database, 'posting', rows)
  ;[mismatched, failed, foreign] = rows.map(({ id }) => id) as [string, string, string]
})

interface Shown {
  state: string
  verification: string | null
  acceptedBy: string | null
  acceptanceNote: string | null
  problems: unknown[]
  comparison: unknown[]
}
const FIELDS = `state verification acceptedBy acceptanceNote
  problems { field value problem remedy } comparison { field line ours theirs equal }`

function asked<T>(query: string, variables: object, key = api.keys[Role.OPERATOR]): Promise<Reply<T>> {
  return askText<T>({ url: api.url, body: { query, variables }, headers: { authorization: `Bearer ${key}` } })
}

function accept(id: string, { note = 'agreed', key = api.keys[Role.OPERATOR] } = {}) {
  const mutation = `mutation ($id: ID!, $note: String!) { acceptMismatch(id: $id, note: $note) { ${FIELDS} } }`
  return asked<{ acceptMismatch: Shown }>(mutation, { id, note }, key)
}

describe('a posting', () => {
  test('shows everything that keeps it from being sent, each with field, value and remedy', async () => {
    const { data } = await asked<{ posting: Shown }>(`query ($id: ID!) { posting(id: $id) { ${FIELDS} } }`, {
      id: failed,
    })
    expect(data?.posting).toMatchObject({ problems: problemList, comparison: [] })
  })

  test('shows both sides of its mismatch, line by line', async () => {
    const query = `query ($id: ID!) { posting(id: $id) { ${FIELDS} } }`
    const { data } = await asked<{ posting: Shown }>(query, { id: mismatched }, api.keys[Role.VIEWER])
    expect(data?.posting).toMatchObject({ problems: [], comparison })
  })
})

describe('acceptMismatch', () => {
  test('lets the difference stand, with author, note, both sides and one audit entry', async () => {
    const { data } = await accept(mismatched)
    expect(data?.acceptMismatch).toEqual({
      ...{ state: 'POSTED', verification: 'ACCEPTED', acceptedBy: 'operator', acceptanceNote: 'agreed' },
      ...{ problems: [], comparison },
    })
    const entries = (await api.audit()).filter(({ action }) => action === 'acceptMismatch')
    expect(entries).toMatchObject([{ author: 'operator', result: 'OK' }])
  })

  test.each([
    ['a posting that is not MISMATCHED', () => failed, 'agreed', /It is FAILED/],
    ['a posting that does not exist', () => idAt(NOW), 'agreed', /There is no posting/],
    ['no note', () => mismatched, ' ', /"note"/],
    ['a note without an end', () => mismatched, 'x'.repeat(2_001), /longer than 2000/],
    ['what is no id', () => '1; drop table posting', 'agreed', /id/],
  ])('refuses %s in words that name it', async (_, id, note, words) => {
    const { data, errors } = await accept(id(), { note })
    expect(data).toBeNull()
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    expect(errors[0]?.message).toMatch(words)
  })

  test('is for operators, and for the connections of a scoped key', async () => {
    expect((await accept(mismatched, { key: api.keys[Role.VIEWER] })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    const key = await api.issue({ name: 'one company', role: Role.OPERATOR, connectionIds: [mine.id] })
    expect((await accept(foreign, { key })).errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
    expect((await accept(mismatched, { key })).data?.acceptMismatch.state).toBe('POSTED')
  })
})
