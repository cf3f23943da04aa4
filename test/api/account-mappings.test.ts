import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { LineMapping } from '../../src/domain/account-mapping.ts'
import { Role } from '../../src/domain/kinds.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { LintCode, lintOf } from '../../src/domain/mapping-lint.ts'
import type { Ledger } from '../../src/ledgers/ledger.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import {
  createAccountMapping,
  deleteAccountMapping,
  updateAccountMapping,
} from '../../src/sync/change-account-mapping.ts'
import { fixAndRetry } from '../../src/sync/fix-and-retry.ts'
import { mappingOfPosting } from '../../src/sync/mapping-of-posting.ts'
import { previewAccountMapping } from '../../src/sync/preview-account-mapping.ts'
import { saleOf } from '../domain/rules.ts'
import { connectionRow, insertRows, postingRow } from '../storage/rows.ts'
import { silentCrm } from '../sync/silent-crm.ts'
import {
  AccountMappingsDocument,
  AccountMappingVersionsDocument,
  CreateAccountMappingDocument,
  DeleteAccountMappingDocument,
  FixAndRetryDocument,
  LintAccountMappingsDocument,
  PostingMappingDocument,
  PreviewAccountMappingDocument,
  UpdateAccountMappingDocument,
} from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

const mine = connectionRow({ is_default: true })
const other = connectionRow()
const connectionId = String(mine.id)

/** Books discounts to an account, and all other charges by itself. */
const ledger = {
  needs: ({ discount }, chosen = {}) =>
    discount === '0.00'
      ? []
      : [{ role: 'DISCOUNT', entity: LinkKind.ACCOUNT, name: chosen.DISCOUNT?.ACCOUNT ?? 'Discount' }],
} as Pick<Ledger, 'needs'> as Ledger
const road = { ledgerOf: () => ledger, now: () => NOW }

let api: ServedApi

beforeAll(async () => {
  api = await serveApi({
    createAccountMapping: (request) => createAccountMapping(api.database, { ...request, now: NOW }),
    updateAccountMapping: (request) => updateAccountMapping(api.database, { ...request, now: NOW }),
    deleteAccountMapping: (request) => deleteAccountMapping(api.database, { ...request, now: NOW }),
    previewAccountMapping: (request) => previewAccountMapping(road, request.database, request),
    lintAccountMappings: async ({ connectionId: of }) => [
      lintOf({
        code: LintCode.NAME_MISSING,
        subject: 'Discount',
        sentence: `Of ${of}.`,
        remedy: 'Create it.',
        stuck: 1,
      }),
    ],
    mappingOf: (request) => mappingOfPosting(road, request),
    fixAndRetry: (request) => fixAndRetry(api.database, { ...request, now: NOW }),
  })
  await insertRows(api.database, 'connection', [mine, other])
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.database.run(sql`delete from account_mapping where position < 10000`)
  await api.database.run(sql`delete from bulk_operation`)
  await api.database.run(sql`delete from posting`)
})

const input = (values: object = {}) =>
  ({ connectionId, name: 'Throws', item: 'TH-*', targetKind: 'ACCOUNT', target: 'Textile income', ...values }) as const
const create = async (values: object = {}, role = Role.ADMIN) =>
  api.ask(CreateAccountMappingDocument, { input: input(values) }, role)
const own = async (role = Role.VIEWER) =>
  (await api.ask(AccountMappingsDocument, { connectionId }, role)).data?.accountMappings.filter(
    ({ position }) => position < 10_000,
  )

describe('account mappings', () => {
  test('are read by viewers, in the order in which they are tried, with the 22 that come with Countersign', async () => {
    await create({ connectionId: null, name: 'For all' })
    await create({ position: 500 })
    const { data } = await api.ask(AccountMappingsDocument, { connectionId }, Role.VIEWER)
    expect(data?.accountMappings.slice(0, 2).map(({ name, connection }) => [name, connection?.id ?? null])).toEqual([
      ['Throws', connectionId],
      ['For all', null],
    ])
    expect(data?.accountMappings.slice(2)).toHaveLength(22)
  })

  test('are changed by admins alone, and each change is in the trail with what it says', async () => {
    expect((await create({}, Role.OPERATOR)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const { data } = await create()
    const id = data?.createAccountMapping.id ?? ''
    await api.ask(UpdateAccountMappingDocument, {
      id,
      input: input({ target: 'Throw income', effectiveFrom: '2026-04-01' }),
    })
    expect(await own()).toMatchObject([{ version: 1, target: 'Textile income', effectiveTo: '2026-04-01' }])
    const { data: later } = await api.ask(AccountMappingsDocument, { connectionId, on: '2026-04-01' })
    expect(later?.accountMappings[0]).toMatchObject({
      ...{ version: 2, effectiveFrom: '2026-04-01' },
    })
    const versions = await api.ask(AccountMappingVersionsDocument, { id }, Role.VIEWER)
    expect(versions.data?.accountMappingVersions).toMatchObject([
      { version: 2, endedBy: null },
      { version: 1, endedBy: 'admin' },
    ])
    expect((await api.ask(DeleteAccountMappingDocument, { id })).data?.deleteAccountMapping).toBe(true)
    expect((await api.ask(DeleteAccountMappingDocument, { id })).data?.deleteAccountMapping).toBe(false)
    expect(await own()).toEqual([])
    const entries = (await api.audit()).filter(({ subject }) => String(subject).includes(id))
    expect(entries).toMatchObject([
      {
        action: 'createAccountMapping',
        author: 'admin',
        result: 'OK',
        subject: expect.stringContaining('Textile income'),
      },
      { action: 'updateAccountMapping', subject: expect.stringContaining('version 2') },
      { action: 'deleteAccountMapping', subject: expect.stringContaining('from 2026-03-01') },
    ])
  })

  test('that cannot be used are refused in words, all of them at once, and the attempt is in the trail', async () => {
    const { errors } = await create({ name: 'A'.repeat(101), patternKind: 'REGEX', item: '(?<=a)b' })
    expect(errors).toMatchObject([
      {
        extensions: { code: 'BAD_USER_INPUT' },
        message: expect.stringMatching(/"name" has 1 to 100.*"item": .*Lookarounds/),
      },
    ])
    expect((await api.audit()).at(-1)).toMatchObject({ action: 'createAccountMapping', result: 'ERROR' })
  })

  test('of others, and those for all, are not changed by a key for one connection', async () => {
    const key = await api.issue({
      name: 'bookkeeper',
      role: Role.ADMIN,
      connectionIds: [connectionId],
    })
    const ask = async (query: string) =>
      (await (
        await fetch(`${api.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
          body: JSON.stringify({ query }),
        })
      ).json()) as { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] }
    const made = (whose: string) =>
      `mutation { createAccountMapping(input: { ${whose} name: "A", item: "A*", targetKind: ITEM, target: "A" }) { id } }`
    expect((await ask(made(`connectionId: "${connectionId}"`))).errors).toBeUndefined()
    expect((await ask(made(`connectionId: "${other.id}"`))).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
    expect((await ask(made(''))).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
    const theirs = await create({ connectionId: String(other.id), name: 'Theirs' })
    const id = theirs.data?.createAccountMapping.id
    expect((await ask(`mutation { deleteAccountMapping(id: "${id}") }`)).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
    const seen = JSON.stringify(await ask('{ accountMappings { name } }'))
    expect(seen).toContain('Payroll')
    expect(seen).not.toContain('Theirs')
    expect((await ask(`{ lintAccountMappings(connectionId: "${other.id}") { code } }`)).errors).toMatchObject([
      { extensions: { code: 'NOT_FOUND' } },
    ])
  })
})

describe('a preview', () => {
  const sale = (values: object) => {
    const document = saleOf(values)
    return postingRow({
      connection_id: connectionId,
      order_number: document.orderNumber,
      document,
      state: 'PROCESSED',
      quick_books_id: '7',
      verification: 'EQUAL',
      verified_at: NOW,
      written_back_at: NOW,
      created_at: '2026-02-20T12:00:00Z',
    })
  }

  test('counts lines, postings and dollars for each pair of targets, shows the lines, and changes nothing', async () => {
    await insertRows(api.database, 'posting', [
      sale({}),
      sale({ orderNumber: 'ORD-2' }),
      sale({ kind: 'CREDIT_MEMO', orderNumber: 'ORD-3' }),
    ])
    await create({ name: 'Copper', item: '*copper*', target: 'Copper income', position: 500 })
    const { data } = await api.ask(PreviewAccountMappingDocument, { input: input({ position: 1 }) }, Role.VIEWER)
    expect(data?.previewAccountMapping).toMatchObject({
      ...{
        postings: 3,
        lines: 15,
        matchedLines: 3,
        changedPostings: 3,
        changedLines: 3,
        changedAmount: '10.00',
        warnings: [],
      },
      changes: [
        { lineKind: 'ITEM', from: 'Copper income', to: 'Textile income', postings: 3, lines: 3, amount: '10.00' },
      ],
      rows: expect.arrayContaining([
        expect.objectContaining({ orderNumber: 'ORD-1', line: 1, amount: '10.00' }),
        expect.objectContaining({ orderNumber: 'ORD-3', amount: '-10.00' }),
      ]),
    })
    expect(await own()).toHaveLength(1)
  })

  test('of a rule behind the one that wins changes nothing; of a discount it says the account of now', async () => {
    await insertRows(api.database, 'posting', [sale({})])
    await create({ name: 'Copper', item: '*copper*', target: 'Copper income' })
    const behind = await api.ask(PreviewAccountMappingDocument, { input: input({ position: 900 }) })
    expect(behind.data?.previewAccountMapping).toMatchObject({ matchedLines: 1, changedLines: 0 })
    const discount = input({ item: null, lineKind: 'DISCOUNT', target: 'Retail discounts' })
    const { data } = await api.ask(PreviewAccountMappingDocument, { input: discount })
    expect(data?.previewAccountMapping.changes).toEqual([
      { lineKind: 'DISCOUNT', from: 'Discount', to: 'Retail discounts', postings: 1, lines: 1, amount: '-2.00' },
    ])
  })

  test('of a change says what the rule chose before, on the days for which the change holds', async () => {
    await insertRows(api.database, 'posting', [sale({}), sale({ date: '2026-02-01', orderNumber: 'ORD-2' })])
    const id = (await create()).data?.createAccountMapping.id ?? ''
    const changed = input({ target: 'Throw income', effectiveFrom: '2026-03-01' })
    const { data } = await api.ask(PreviewAccountMappingDocument, { input: changed, id })
    expect(data?.previewAccountMapping.rows).toEqual([
      expect.objectContaining({ orderNumber: 'ORD-1', from: 'Textile income', to: 'Throw income' }),
    ])
  })

  test.each([
    ['a pattern that cannot be used', { input: input({ item: '(', patternKind: 'REGEX' }) }, /missing closing/],
    ['days that nobody looks back', { input: input(), days: 0 }, /"days" is 0/],
    ['a rule that there is not', { input: input(), id: String(mine.id) }, /no account mapping/],
  ])('of %s is refused in words', async (_, variables, words) => {
    const { errors } = await api.ask(PreviewAccountMappingDocument, variables)
    expect(errors).toMatchObject([{ message: expect.stringMatching(words) }])
  })
})

describe('what a posting says', () => {
  test('of its lines is what was chosen then, by which rule and version, and why', async () => {
    const choice = Object.assign(new LineMapping(), {
      ...{
        line: 1,
        lineKind: 'ITEM',
        targetKind: 'ACCOUNT',
        target: 'Textile income',
        ruleId: mine.id,
        rule: 'Throws',
      },
      ...{ version: 2, why: 'It is the first rule that matches (item "TH-*"); no other rule matches.', beats: [] },
    })
    const rows = [
      postingRow({ connection_id: connectionId, document: saleOf(), mapping: [choice] }),
      postingRow({ connection_id: connectionId, document: saleOf(), sent_at: NOW }),
      postingRow({ connection_id: connectionId, document: saleOf() }),
    ]
    await insertRows(api.database, 'posting', rows)
    const said = await Promise.all(rows.map(({ id }) => api.ask(PostingMappingDocument, { id }, Role.VIEWER)))
    const { ruleId: _, beats: __, ...shown } = choice
    expect(said[0]?.data?.posting?.mapping).toEqual([shown])
    expect(said[1]?.data?.posting?.mapping).toMatchObject([
      { line: 1, target: 'TH-100', rule: null, why: expect.stringContaining('the default counts') },
      { line: 2, target: 'TB-200' },
      { line: null, lineKind: 'DISCOUNT', target: 'Discount' },
    ])
    // Nothing was chosen yet.
    expect(said[2]?.data?.posting?.mapping).toEqual([])
  })
})

describe('fixAndRetry', () => {
  test('frees what failed for the reason, and what waits because of it, on that connection, and nothing else', async () => {
    const failed = { connection_id: connectionId, state: 'FAILED', reason_code: 'ACCOUNT_NOT_FOUND' }
    const waits = {
      connection_id: connectionId,
      reason_code: 'ACCOUNT_NOT_FOUND',
      not_before: '2026-03-02T00:00:00Z',
      waiting_for: 'QUICKBOOKS',
    }
    const rows = {
      failed: postingRow(failed),
      waits: postingRow(waits),
      otherReason: postingRow({ ...failed, reason_code: 'ITEM_NOT_FOUND' }),
      otherConnection: postingRow({ ...failed, connection_id: String(other.id) }),
      skipped: postingRow({ ...failed, state: 'SKIPPED' }),
    }
    await insertRows(api.database, 'posting', Object.values(rows))
    const ask = { reasonCode: 'ACCOUNT_NOT_FOUND', connectionId }
    expect((await api.ask(FixAndRetryDocument, ask, Role.VIEWER)).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ])
    const { data } = await api.ask(FixAndRetryDocument, ask, Role.OPERATOR)
    expect(data?.fixAndRetry).toMatchObject({ kind: 'FIX_AND_RETRY', state: 'RUNNING', total: 2 })
    const log = pino({ level: 'silent' })
    await runBulkOperations({
      ...{ database: api.database, crm: silentCrm, ledgerOf: undefined as never, log, now: () => NOW },
      wake: () => undefined,
      signal: new AbortController().signal,
    })
    const now = await api.database.rows(
      sql<{
        id: string
        state: string
        reason_code: string | null
        not_before: string | null
      }>`select id, state, reason_code, not_before from posting`,
    )
    const of = ({ id }: { id: string }) => now.find((row) => row.id === id)
    expect(of(rows.failed)).toMatchObject({ state: 'PENDING', reason_code: null })
    expect(of(rows.waits)).toMatchObject({ state: 'PENDING', reason_code: null, not_before: null })
    expect(of(rows.otherReason)).toMatchObject({ state: 'FAILED' })
    expect(of(rows.otherConnection)).toMatchObject({ state: 'FAILED' })
    expect(of(rows.skipped)).toMatchObject({ state: 'SKIPPED' })
    expect((await api.audit()).filter(({ action }) => action === 'fixAndRetry').at(-1)).toMatchObject({
      author: 'operator',
      subject: expect.stringMatching(/^bulk operation .*, ACCOUNT_NOT_FOUND: ids /),
    })
  })

  test.each([
    ['a reason that there is not', { reasonCode: 'NONSENSE', connectionId }, /is no reason code/],
    ['what is no connection', { reasonCode: 'ACCOUNT_NOT_FOUND', connectionId: 'x' }, /is not the id of a connection/],
  ])('of %s is refused in words', async (_, variables, words) => {
    expect((await api.ask(FixAndRetryDocument, variables)).errors).toMatchObject([
      { message: expect.stringMatching(words) },
    ])
  })
})

describe('lint', () => {
  test('is read by viewers', async () => {
    const { data } = await api.ask(LintAccountMappingsDocument, { connectionId }, Role.VIEWER)
    expect(data?.lintAccountMappings).toEqual([
      {
        ...{
          code: 'NAME_MISSING',
          severity: 'ERROR',
          subject: 'Discount',
          sentence: `Of ${connectionId}.`,
          remedy: 'Create it.',
        },
        ...{ reasonCode: null, stuck: 1 },
      },
    ])
  })
})
