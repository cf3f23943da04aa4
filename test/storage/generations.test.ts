import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { v4 as uuidv4 } from 'uuid'
import { PostingKind } from '../../src/domain/kinds.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { resolveDependents } from '../../src/storage/dependents.ts'
import { postingsProvenBy, voidedByUs } from '../../src/storage/discrepancies.ts'
import { acceptPostings, changePostings, findOrderPostings, type PostingDraft } from '../../src/storage/postings.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow, processed, type Row } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const at = now.toISOString()
const source = uuidv4()
const connection = connectionRow()

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
beforeEach(() => fresh.database.run(sql`delete from posting`))
afterAll(() => fresh?.close())

async function put(row: Record<string, unknown>): Promise<Row> {
  const made = postingRow({ connection_id: connection.id, source_id: source, ...row })
  await insertRows(fresh.database, 'posting', [made])
  return made
}

function accept(given: Partial<PostingDraft> = {}): Promise<Map<string, string>> {
  const draft: PostingDraft = {
    connectionId: connection.id,
    kind: PostingKind.CUSTOMER,
    sourceId: source,
    orderNumber: null,
    documentNumber: 'Alder',
    total: null,
    currency: null,
    document: null,
    contentHash: 'new',
    state: PostingState.PENDING,
    reason: null,
    ...given,
  }
  return acceptPostings(fresh.database, { drafts: [draft], now })
}

async function generations(): Promise<string[]> {
  const rows = await fresh.database.rows(
    sql<{ said: string }>`select generation || ' ' || state as said from posting order by generation`,
  )
  return rows.map(({ said }) => said)
}

describe('a record that was posted', () => {
  const done = { kind: 'CUSTOMER', ...processed(at) }

  test('is posted again only by a draft that follows its last generation', async () => {
    await put(done)
    expect((await accept()).size).toBe(0)
    expect((await accept({ after: 2 })).size).toBe(0)
    expect((await accept({ after: 1 })).size).toBe(1)
    expect(await generations()).toEqual(['1 PROCESSED', '2 PENDING'])
  })

  test('and is posted again is brought up to date by any draft while that waits', async () => {
    await put(done)
    await put({ kind: 'CUSTOMER', generation: 2, state: 'FAILED', content_hash: 'old' })
    expect((await accept()).size).toBe(1)
    expect(await generations()).toEqual(['1 PROCESSED', '2 PENDING'])
  })

  test('twice at once is posted again once', async () => {
    await put(done)
    await Promise.all([accept({ after: 1 }), accept({ after: 1 })])
    expect(await generations()).toEqual(['1 PROCESSED', '2 PENDING'])
  })

  test('and updated since is proven by its newest generation alone', async () => {
    await put({ ...done, quick_books_id: '58' })
    const proven = () =>
      postingsProvenBy(fresh.database, {
        connectionId: connection.id,
        kind: PostingKind.CUSTOMER,
        quickBooksIds: ['58'],
      })
    expect(await proven()).toHaveLength(1)
    await put({ ...done, quick_books_id: '58', generation: 2 })
    expect((await proven()).map(({ generation }) => generation)).toEqual([2])
  })
})

describe('the posting of an order', () => {
  test('is its newest own one: what a correction made to take an invoice back is not it', async () => {
    const correction = uuidv4()
    await put({ kind: 'INVOICE', ...processed(at), created_at: '2026-03-01T10:00:00Z' })
    const document = { kind: 'CREDIT_MEMO', corrects: { kind: 'INVOICE', sourceId: source } }
    await put({ kind: 'CREDIT_MEMO', correction_id: correction, document, created_at: '2026-03-01T11:00:00Z' })
    await put({ kind: 'VOID', correction_id: correction, created_at: '2026-03-01T12:00:00Z' })
    const found = () => findOrderPostings(fresh.database, [source])
    expect((await found()).map(({ kind, generation }) => [kind, generation])).toEqual([['INVOICE', 1]])
    await put({ kind: 'INVOICE', generation: 2, correction_id: correction, created_at: '2026-03-01T13:00:00Z' })
    expect((await found()).map(({ kind, generation }) => [kind, generation])).toEqual([['INVOICE', 2]])
  })

  test('of a credit memo order is the credit memo', async () => {
    await put({ kind: 'CREDIT_MEMO' })
    await put({ kind: 'PAYMENT' })
    expect((await findOrderPostings(fresh.database, [source])).map(({ kind }) => kind)).toEqual(['CREDIT_MEMO'])
  })

  test('of a credit memo order that was corrected is the new credit memo', async () => {
    const correction = uuidv4()
    const document = { kind: 'CREDIT_MEMO', corrects: { kind: 'INVOICE', sourceId: uuidv4() } }
    await put({ kind: 'CREDIT_MEMO', document, ...processed(at), created_at: '2026-03-01T10:00:00Z' })
    await put({
      kind: 'CREDIT_MEMO',
      document,
      generation: 2,
      correction_id: correction,
      created_at: '2026-03-01T11:00:00Z',
    })
    expect((await findOrderPostings(fresh.database, [source])).map(({ generation }) => generation)).toEqual([2])
  })
})

describe('what waits for a document', () => {
  async function pair(state: string) {
    const invoice = await put({ kind: 'INVOICE', state, document_number: '61000', claim_token: uuidv4() })
    const payment = await put({
      kind: 'PAYMENT',
      blocked_by_id: invoice.id,
      waiting_for: 'DOCUMENT',
      document_number: 'CHQ-1',
    })
    const other = await put({ kind: 'INVOICE', source_id: uuidv4(), state, claim_token: uuidv4() })
    return { invoice, payment, other }
  }
  const resolve = (id: string) =>
    resolveDependents(fresh.database, { connectionId: connection.id, blockerIds: [id], now })

  test('is told by the statement that moves it, and by no other', async () => {
    const { invoice, other } = await pair('SENT')
    const posted = { quickBooksId: '145', adopted: false }
    const changes = [invoice, other].map(({ id }) => ({
      id,
      to: PostingState.POSTED,
      posted: { ...posted, quickBooksId: id },
    }))
    const moved = await changePostings(fresh.database, { changes, now })
    expect(moved.size).toBe(2)
    expect([...moved.awaited]).toEqual([invoice.id])
    expect(await resolve(invoice.id)).toEqual({ freed: 1, failed: 0 })
  })

  test('fails with it, and its reason names both', async () => {
    const { invoice } = await pair('FAILED')
    expect(await resolve(invoice.id)).toEqual({ freed: 0, failed: 1 })
    const [failed] = await fresh.database.rows(
      sql<{
        reason_code: string
        reason_detail: object
      }>`select reason_code, reason_detail from posting where kind = 'PAYMENT'`,
    )
    expect(failed).toMatchObject({
      reason_code: 'DOCUMENT_FAILED',
      reason_detail: { documentNumber: 'CHQ-1', target: 'invoice 61000' },
    })
  })
})

describe('an invoice that we voided', () => {
  test('is no news when it is seen voided; one that a person voided is', async () => {
    const voided = (id: string, state: string) =>
      put({ kind: 'VOID', state, source_id: uuidv4(), document: { kind: 'VOID', target: { quickBooksId: id } } })
    await voided('145', 'UNKNOWN')
    await voided('146', 'FAILED')
    const args = { connectionId: connection.id, quickBooksIds: ['145', '146', '147'] }
    expect([...(await voidedByUs(fresh.database, args))]).toEqual(['145'])
  })
})
