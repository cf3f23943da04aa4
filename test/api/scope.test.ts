import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { buildApiSchema } from '../../src/api/schema.ts'
import { Role } from '../../src/domain/kinds.ts'
import { SyncRun } from '../../src/domain/sync-run.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { changeBulkOperation } from '../../src/storage/bulk-operations.ts'
import { findPostingsById } from '../../src/storage/postings.ts'
import { retryFailedPostings } from '../../src/sync/bulk-retry.ts'
import {
  createAccountMapping,
  deleteAccountMapping,
  updateAccountMapping,
} from '../../src/sync/change-account-mapping.ts'
import { fixAndRetry } from '../../src/sync/fix-and-retry.ts'
import { previewAccountMapping } from '../../src/sync/preview-account-mapping.ts'
import { setGoing } from '../../src/sync/retry.ts'
import { foreignWorld, type World } from '../storage/foreign-world.ts'
import { idAt } from '../storage/rows.ts'
import { asking } from './asking.ts'
import { askText } from './client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

const NO_CHARGES = { needs: () => [] } as Pick<Ledger, 'needs'> as Ledger

let api: ServedApi
let world: World
/** A key for the one connection, with every right that a role can give, and one for all. */
let scoped = ''
let reached: string[] = []
/** The foreign rows as they were when nobody had asked for anything yet. */
let untouched = ''

beforeAll(async () => {
  api = await serveApi({
    async poll() {
      reached.push('poll')
      return Object.assign(new SyncRun(), { id: idAt(NOW), startedAt: NOW })
    },
    async syncOrder() {
      reached.push('syncOrder')
      const [posting] = await findPostingsById(api.database, [world.foreign.posting])
      if (!posting) throw new Error('the world has no foreign posting')
      return posting
    },
    retryPostings: (ids) => setGoing(api.database, { ids, now: NOW }),
    retryFailedPostings: (request) => retryFailedPostings(api.database, { ...request, now: NOW }),
    changeBulkOperation: (request) => changeBulkOperation(api.database, { ...request, now: NOW }),
    createAccountMapping: (request) => createAccountMapping(api.database, { ...request, now: NOW }),
    updateAccountMapping: (request) => updateAccountMapping(api.database, { ...request, now: NOW }),
    deleteAccountMapping: (request) => deleteAccountMapping(api.database, { ...request, now: NOW }),
    fixAndRetry: (request) => fixAndRetry(api.database, { ...request, now: NOW }),
    previewAccountMapping: (request) =>
      previewAccountMapping({ ledgerOf: () => NO_CHARGES, now: () => NOW }, request.database, request),
    async lintAccountMappings() {
      reached.push('lintAccountMappings')
      return []
    },
    jobs: async () => [
      {
        name: 'poll',
        does: 'Reads.',
        everySeconds: 15,
        store: 'postgresql' as const,
        running: false,
        nextRunAt: null,
        lastRunAt: null,
        lastFinishedAt: null,
        lastDurationSeconds: null,
        consecutiveFailures: 1,
        lastFailedAt: NOW,
        lastFailure: 'FOREIGN order 5',
      },
    ],
    explain: () => {
      reached.push('explain')
      return Promise.reject(new Error('FOREIGN'))
    },
  })
  world = await foreignWorld(api.database)
  scoped = await api.issue({ name: 'one company', role: Role.ADMIN, connectionIds: [world.mine.connection] })
  untouched = await foreignRows()
})
afterAll(() => api.close())
beforeEach(() => {
  reached = []
})

const schema = await buildApiSchema()
const fieldsOf = (type: ReturnType<typeof schema.getQueryType>) => Object.values(type?.getFields() ?? {})

/** Each field of the root, asked for all that it shows, with foreign ids wherever it takes one. */
function questions(operation: 'query' | 'mutation'): [string, () => string[]][] {
  const type = operation === 'query' ? schema.getQueryType() : schema.getMutationType()
  return fieldsOf(type).map((field) => [
    field.name,
    () => {
      const queries = Object.values(world.foreign).flatMap((id) =>
        [true, false].map((everything) => asking(operation, field, { id, text: 'FOREIGN-1', levels: 4, everything })),
      )
      // A field that takes no id is asked the same whatever the id.
      return [...new Set(queries)]
    },
  ])
}

const ask = (query: string, key: string) => askText({ url: api.url, body: { query }, headers: { 'x-api-key': key } })

/** All rows of the foreign connection, and of nobody's in particular, as text. */
async function foreignRows(): Promise<string> {
  const tables = world.tables.filter((table) => table !== 'audit_entry' && table !== 'bulk_operation_item')
  const rows = await Promise.all(
    tables.map((table) =>
      api.database.rows(sql`
        select to_jsonb(row) as whole from ${sql.ref(table)} as row where id = any(${world.foreignIds}::uuid[])`),
    ),
  )
  return JSON.stringify(rows)
}

describe('with a key that is scoped to one connection', () => {
  test.each(questions('query'))('%s finds no foreign row, whatever it is asked for', async (_, queries) => {
    for (const { data, errors } of await Promise.all(queries().map((query) => ask(query, scoped)))) {
      const text = JSON.stringify(data)
      expect(text).not.toContain(world.marker)
      for (const id of world.foreignIds) expect(text).not.toContain(id)
      const codes = errors.map(({ extensions }) => extensions.code)
      expect(codes.filter((code) => !['FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'].includes(code))).toEqual([])
    }
    expect(reached).toEqual([])
  })

  test.each(questions('mutation'))('%s changes no foreign row, and shows none', async (_, queries) => {
    for (const query of queries()) {
      const { data, errors } = await ask(query, scoped)
      expect(JSON.stringify(data ?? '').replaceAll('FOREIGN-1', '')).not.toContain(world.marker)
      expect(JSON.stringify(errors).replaceAll('FOREIGN-1', '')).not.toContain(world.marker)
    }
    expect(await foreignRows()).toBe(untouched)
    expect(reached).toEqual([])
  })

  test('counts and figures are of its connection alone', async () => {
    const query = `{
      connections { id }
      postings { totalCount } exchanges { totalCount } bulkOperations { totalCount } syncRuns { totalCount }
      postingCounts { key count }
      status { connections { id } backlog { pending } postingCounts { count } alerts { id } lastRun { id } }
      activity { calls polls rowsRead }
      alerts { connection { id } }
      apiKeys { name }
    }`
    const [mine, all] = [await ask(query, scoped), await ask(query, api.keys.ADMIN)]
    expect(mine).toMatchObject({
      errors: [],
      data: {
        connections: [{ id: world.mine.connection }],
        exchanges: { totalCount: 1 },
        syncRuns: { totalCount: 0 },
        status: { connections: [{ id: world.mine.connection }], alerts: [{}], lastRun: null },
        activity: { calls: 1, polls: 0, rowsRead: 0 },
        alerts: [{ connection: { id: world.mine.connection } }],
      },
    })
    expect(all).toMatchObject({ errors: [], data: { exchanges: { totalCount: 2 }, activity: { calls: 2, polls: 1 } } })
  })

  test('its own rows are seen and changed', async () => {
    const posting = await ask(`{ posting(id: "${world.mine.posting}") { orderNumber connection { id } } }`, scoped)
    expect(posting.data).toEqual({ posting: { orderNumber: 'mine-1', connection: { id: world.mine.connection } } })
    const resumed = await ask(`mutation { resumeBulkOperation(id: "${world.mine.bulkOperation}") { state } }`, scoped)
    expect(resumed.data).toEqual({ resumeBulkOperation: { state: 'RUNNING' } })
  })

  test('it makes keys within its own scope only', async () => {
    const creating = (scope: string) =>
      ask(`mutation { createApiKey(input: { name: "x", role: VIEWER ${scope} }) { apiKey { name } } }`, scoped)
    expect((await creating('')).errors[0]?.message).toMatch(/Your own key is scoped/)
    const beyond = await creating(`connectionIds: ["${world.foreign.connection}"]`)
    expect(beyond.errors[0]?.message).toMatch(/There is no connection/)
    expect((await creating(`connectionIds: ["${world.mine.connection}"]`)).errors).toEqual([])
  })
})

test('a key for all connections finds foreign rows with the same questions: they ask for enough', async () => {
  const found: string[] = []
  for (const [name, queries] of questions('query')) {
    for (const query of queries()) {
      const text = JSON.stringify((await ask(query, api.keys.ADMIN)).data)
      if (!text.includes(world.marker) && !world.foreignIds.some((id) => text.includes(id))) continue
      found.push(name)
      break
    }
  }
  const expected = ['alerts', 'apiKeys', 'auditEntries', 'bulkOperation', 'bulkOperations', 'connections', 'exchanges']
  expect([...new Set(found)]).toEqual(
    expect.arrayContaining([...expected, 'posting', 'postings', 'status', 'syncRuns']),
  )
})
