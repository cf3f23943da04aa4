import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Role } from '../../src/domain/kinds.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { type MirrorDraft, MirrorEntity } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { saveLinks } from '../../src/storage/links.ts'
import { mirrorRecords } from '../../src/storage/mirror.ts'
import { noteRead } from '../../src/storage/sync-cursors.ts'
import { beginSync } from '../../src/storage/syncs.ts'
import { replayWebhookEvent, saveWebhookNotices } from '../../src/storage/webhook-events.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from '../storage/rows.ts'
import { ask } from './client.ts'
import {
  CustomersDocument,
  DiscrepanciesDocument,
  ItemsDocument,
  PaymentsDocument,
  ReplayWebhookEventDocument,
  SyncCursorsDocument,
  SyncNowDocument,
  WebhookEventsDocument,
} from './generated/client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

let api: ServedApi
const [mine, foreign] = [connectionRow({ realm_id: '1' }), connectionRow({ realm_id: '2' })]
const posting = postingRow({
  connection_id: foreign.id,
  document_number: 'INV-7',
  total: '10.00',
  ...processed('2026-03-01T12:00:00Z'),
})

const draft = (entity: MirrorDraft['entity'], quickBooksId: string, more: Partial<MirrorDraft> = {}): MirrorDraft => ({
  entity,
  quickBooksId,
  deleted: false,
  syncToken: 0,
  changedAt: '2026-03-01T11:00:00Z',
  active: true,
  number: null,
  name: `${entity.toLowerCase()} ${quickBooksId}`,
  partyId: null,
  date: null,
  total: null,
  balance: null,
  raw: '{}',
  ...more,
})

const { CUSTOMER, ITEM, PAYMENT } = MirrorEntity
const OURS = [
  draft(CUSTOMER, '1', { name: 'Ida', balance: '12.50' }),
  draft(CUSTOMER, '2', { name: 'Iron 100% & Co' }),
  draft(CUSTOMER, '3', { name: 'Inactive', active: false }),
  draft(ITEM, '1', { name: 'LAMP', number: 'SKU-1', total: '99.90' }),
  draft(ITEM, '2', { name: 'CHAIR' }),
  draft(PAYMENT, '9', {
    name: null,
    number: 'CHK 7',
    partyId: '1',
    date: '2026-02-01',
    total: '50.00',
    balance: '8.00',
  }),
  draft(PAYMENT, '10', { name: null, partyId: '2', date: '2026-03-01', total: '5.00' }),
]

beforeAll(async () => {
  api = await serveApi({
    syncNow: ({ connectionId, entity, mode, author }) =>
      beginSync(api.database, {
        connectionId,
        portions: [{ entity: entity as typeof CUSTOMER, mode, changedSince: null }],
        author,
        now: NOW,
      }),
    replayWebhookEvent: (id) => replayWebhookEvent(api.database, id),
  })
  const { database } = api
  await insertRows(database, 'connection', [mine, foreign])
  const at = { askedAt: NOW, now: NOW }
  await mirrorRecords(database, { connectionId: mine.id, records: OURS, ...at })
  await mirrorRecords(database, {
    connectionId: foreign.id,
    records: [draft(CUSTOMER, '1', { name: 'Foreign' })],
    ...at,
  })
  const link = (kind: LinkKind, quickBooksId: string) => ({
    kind,
    sourceId: `crm-${quickBooksId}`,
    quickBooksId,
    name: '',
  })
  const links = [link(LinkKind.CUSTOMER, '1'), link(LinkKind.CUSTOMER, '3'), link(LinkKind.ITEM, '1')]
  await saveLinks(database, { connectionId: mine.id, links, now: NOW })
  await insertRows(database, 'posting', [
    posting,
    postingRow({ connection_id: mine.id, kind: 'CUSTOMER', document_number: 'Under way', state: 'PENDING' }),
    postingRow({ connection_id: mine.id, kind: 'CUSTOMER', document_number: 'Refused', state: 'FAILED' }),
  ])
  const seen = { through: new Date(NOW.getTime() - 90_000), full: true, now: NOW }
  await noteRead(database, { connectionId: mine.id, entity: CUSTOMER, ...seen })
  await noteRead(database, { connectionId: foreign.id, entity: CUSTOMER, ...seen })
  const notice = {
    entityName: 'Invoice',
    quickBooksId: '5',
    operation: 'UPDATED',
    mergedId: null,
    occurredAt: null,
  } as const
  const notices = ['1', '2', '3'].map((realmId) => ({ ...notice, realmId, entity: MirrorEntity.INVOICE }) as const)
  await saveWebhookNotices(database, { notices, now: NOW })
  await insertRows(database, 'discrepancy', [
    {
      id: idAt(NOW),
      connection_id: foreign.id,
      posting_id: posting.id,
      subject: `posting:${posting.id}`,
      lines: [],
      kind: 'EDITED',
      state: 'OPEN',
      entity: 'INVOICE',
      quick_books_id: '145',
      document_number: 'INV-7',
      our_total: '10.00',
      their_total: '9.99',
      differences: ['total 10.00 against 9.99'],
      found_at: NOW,
      seen_at: NOW,
    },
  ])
})
afterAll(() => api.close())

const named = (nodes: { name?: string | null; status: string }[] = []) =>
  nodes.map(({ name, status }) => `${name} ${status}`).sort()

describe('customers and items', () => {
  test('are listed with how they stand on both sides, those on their way to QuickBooks too', async () => {
    const { data, errors } = await api.ask(CustomersDocument, { first: 10 }, Role.VIEWER)
    expect(errors).toEqual([])
    expect(named(data?.customers.nodes)).toEqual([
      'Foreign NOT_SYNCED',
      'Ida SYNCED',
      'Inactive FAILED',
      'Iron 100% & Co NOT_SYNCED',
      'Refused FAILED',
      'Under way PENDING',
    ])
    expect(data?.customers).toMatchObject({ totalCount: 6, hasNextPage: false })
    expect(data?.customers.nodes.find(({ name }) => name === 'Ida')).toMatchObject({
      quickBooksId: '1',
      sourceId: 'crm-1',
      balance: '12.50',
      postingId: null,
    })
    expect(data?.customers.nodes.find(({ name }) => name === 'Refused')).toMatchObject({ quickBooksId: null })
    const items = await api.ask(ItemsDocument, { first: 10 }, Role.VIEWER)
    expect(named(items.data?.items.nodes)).toEqual(['CHAIR NOT_SYNCED', 'LAMP SYNCED'])
    expect(items.data?.items.nodes.find(({ name }) => name === 'LAMP')).toMatchObject({
      stockNumber: 'SKU-1',
      unitPrice: '99.90',
    })
  })

  test('are narrowed by status, by how the name begins, by connection, and page by page', async () => {
    const found = async (filter: object) =>
      named((await api.ask(CustomersDocument, { first: 10, filter })).data?.customers.nodes)
    expect(await found({ status: 'PENDING' })).toEqual(['Under way PENDING'])
    expect(await found({ name: 'iron 100%' })).toEqual(['Iron 100% & Co NOT_SYNCED'])
    expect(await found({ name: '%' })).toEqual([])
    expect(await found({ connectionId: foreign.id })).toEqual(['Foreign NOT_SYNCED'])
    expect(await found({ active: false })).toEqual(['Inactive FAILED'])
    const all: string[] = []
    let after: string | null = null
    do {
      const reply: Awaited<ReturnType<typeof customersAfter>> = await customersAfter(after)
      all.push(...named(reply.data?.customers.nodes))
      after = reply.data?.customers.hasNextPage ? (reply.data.customers.endCursor ?? null) : null
    } while (after)
    expect(all).toHaveLength(6)
  })

  const customersAfter = (after: string | null) => api.ask(CustomersDocument, { first: 2, after })
})

test('payments are listed by customer and by date', async () => {
  const { data } = await api.ask(PaymentsDocument, { first: 10, filter: { customerId: '1' } }, Role.VIEWER)
  expect(data?.payments.nodes).toEqual([
    expect.objectContaining({ quickBooksId: '9', reference: 'CHK 7', total: '50.00', unapplied: '8.00' }),
  ])
  const since = await api.ask(PaymentsDocument, { first: 10, filter: { from: '2026-02-15' } }, Role.VIEWER)
  expect(since.data?.payments.nodes.map(({ quickBooksId }) => quickBooksId)).toEqual(['10'])
})

test('cursors say how far each kind has come, how many records there are, and how late they may be', async () => {
  const { data } = await api.ask(SyncCursorsDocument, { connectionId: mine.id }, Role.VIEWER)
  expect(data?.syncCursors).toMatchObject([{ entity: 'CUSTOMER', records: 3, lagSeconds: 90, error: null }])
})

test('syncNow is for operators, leaves an audit entry, and gives the running operation when it is asked again', async () => {
  const variables = { connectionId: mine.id, entity: CUSTOMER, mode: SyncMode.FULL }
  const denied = await api.ask(SyncNowDocument, variables, Role.VIEWER)
  expect(denied.errors[0]?.extensions?.code).toBe('FORBIDDEN')
  const first = await api.ask(SyncNowDocument, variables, Role.OPERATOR)
  expect(first.data?.syncNow).toMatchObject({ kind: 'SYNC', state: 'RUNNING', done: 0 })
  const again = await api.ask(SyncNowDocument, variables, Role.OPERATOR)
  expect(again.data?.syncNow.id).toBe(first.data?.syncNow.id)
  expect((await api.audit()).slice(-3)).toMatchObject([
    { author: 'viewer', action: 'syncNow', result: 'DENIED' },
    { author: 'operator', action: 'syncNow', result: 'OK', subject: expect.stringContaining(mine.id) },
    { author: 'operator', action: 'syncNow', result: 'OK' },
  ])
})

test('a webhook event can be replayed if it is about something that is mirrored', async () => {
  const { data } = await api.ask(WebhookEventsDocument, { first: 10 }, Role.VIEWER)
  const events = data?.webhookEvents.nodes ?? []
  expect(events.map(({ realmId, state }) => `${realmId} ${state}`).sort()).toEqual([
    '1 PENDING',
    '2 PENDING',
    '3 IGNORED',
  ])
  const idOf = (realm: string) => events.find(({ realmId }) => realmId === realm)?.id ?? ''
  const replayed = await api.ask(ReplayWebhookEventDocument, { id: idOf('1') }, Role.OPERATOR)
  expect(replayed.data?.replayWebhookEvent).toMatchObject({ state: 'PENDING' })
  const ignored = await api.ask(ReplayWebhookEventDocument, { id: idOf('3') }, Role.OPERATOR)
  expect(ignored.errors[0]?.message).toContain('not mirrored here')
  const absent = await api.ask(ReplayWebhookEventDocument, { id: idAt(NOW) }, Role.OPERATOR)
  expect(absent.errors[0]?.extensions?.code).toBe('NOT_FOUND')
})

test('a discrepancy shows both sides', async () => {
  const { data } = await api.ask(DiscrepanciesDocument, { first: 10, filter: { kinds: ['EDITED'] } }, Role.VIEWER)
  expect(data?.discrepancies.nodes).toMatchObject([{ ourTotal: '10.00', theirTotal: '9.99', documentNumber: 'INV-7' }])
})

describe('a key that is scoped to a connection', () => {
  let headers: Record<string, string>
  beforeAll(async () => {
    const key = await api.issue({ name: 'scoped', role: Role.ADMIN, connectionIds: [mine.id] })
    headers = { authorization: `Bearer ${key}` }
  })

  test('sees nothing of another one', async () => {
    const { url } = api
    const customers = await ask({ url, document: CustomersDocument, variables: { first: 10 }, headers })
    expect(customers.data?.customers.nodes).toHaveLength(5)
    expect(named(customers.data?.customers.nodes)).not.toContain('Foreign NOT_SYNCED')
    const events = await ask({ url, document: WebhookEventsDocument, variables: { first: 10 }, headers })
    expect(events.data?.webhookEvents.nodes.map(({ realmId }) => realmId)).toEqual(['1'])
    const found = await ask({ url, document: DiscrepanciesDocument, variables: { first: 10 }, headers })
    expect(found.data?.discrepancies.nodes).toEqual([])
    const cursors = await ask({ url, document: SyncCursorsDocument, variables: { connectionId: foreign.id }, headers })
    expect(cursors.data?.syncCursors).toEqual([])
  })

  test('begins nothing there and replays nothing of it', async () => {
    const { url } = api
    const variables = { connectionId: foreign.id, entity: CUSTOMER, mode: SyncMode.FULL }
    const begun = await ask({ url, document: SyncNowDocument, variables, headers })
    expect(begun.errors[0]?.extensions?.code).toBe('FORBIDDEN')
    const { data } = await api.ask(WebhookEventsDocument, { first: 10 })
    const id = data?.webhookEvents.nodes.find(({ realmId }) => realmId === '2')?.id ?? ''
    const replayed = await ask({ url, document: ReplayWebhookEventDocument, variables: { id }, headers })
    expect(replayed.errors[0]?.extensions?.code).toBe('NOT_FOUND')
    const own = await ask({
      url,
      document: SyncNowDocument,
      variables: { ...variables, connectionId: mine.id },
      headers,
    })
    expect(own.errors).toEqual([])
  })
})
