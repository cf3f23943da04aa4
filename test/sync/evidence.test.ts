import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { Discrepancy } from '../../src/domain/discrepancy.ts'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { Posting } from '../../src/domain/posting.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { work } from '../../src/sync/work.ts'
import { openStage, type Stage } from './stage.ts'

const author = { name: 'an operator', keyId: null, connectionIds: null }
let stage: Stage
let token: string

beforeAll(async () => {
  stage = await openStage({ pending: 5 })
  await stage.untilRest()
  const response = await fetch(`${stage.sandbox.quickBooksOnline}/oauth2/v1/tokens/bearer`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from('sandbox-qbo-client:sandbox-qbo-secret').toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=refresh_token&refresh_token=sandbox-refresh-token',
  })
  token = ((await response.json()) as { access_token: string }).access_token
})
afterAll(() => stage.close())

/** Somebody works in QuickBooks, by hand. */
async function byHand(id: string, { operation, body = {} }: { operation?: string; body?: object } = {}): Promise<void> {
  await stage.clock.advance({ seconds: 2 })
  const { SyncToken } = (await invoice(id)) as { SyncToken: string }
  const url = new URL(`/v3/company/${stage.sandbox.realmId}/invoice`, stage.sandbox.quickBooksOnline)
  if (operation) url.searchParams.set('operation', operation)
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ Id: id, SyncToken, sparse: true, ...body }),
  })
  if (!response.ok) throw new Error(await response.text())
}

const invoice = (id: string) => stage.sandbox.fetchControl<Record<string, unknown>>(`/records/qbo.Invoice/${id}`)

async function sync(mode: SyncMode): Promise<void> {
  const { road, connection } = stage
  await syncNow(road, { connection, entity: MirrorEntity.ALL, mode, author })
  await work(road)
}

const postings = () =>
  stage.fresh.database.entities(
    Posting,
    sql`select * from posting where kind = 'INVOICE' and state = 'PROCESSED' order by id`,
  )
const discrepancies = () =>
  stage.fresh.database.entities(Discrepancy, sql`select * from discrepancy order by document_number`)

describe('evidence', () => {
  test('each posting that is PROCESSED is confirmed by what QuickBooks has', async () => {
    expect((await postings()).map(({ evidenceAt }) => evidenceAt)).toEqual(Array(5).fill(null))
    await sync(SyncMode.FULL)
    const confirmed = await stage.fresh.database.entities(
      Posting,
      sql`select * from posting where evidence_at is not null`,
    )
    const [all] = await stage.fresh.database.rows(sql<{ count: number }>`
      select count(*)::int as count from posting where state = 'PROCESSED'`)
    expect(confirmed).toHaveLength(all?.count ?? 0)
    expect(await discrepancies()).toEqual([])
  })

  test('what was voided, deleted or edited in QuickBooks is a discrepancy with both sides; a paid one is none', async () => {
    const [voided, deleted, edited, paid] = await postings()
    const [first] = ((await invoice(edited?.quickBooksId ?? '')).Line as { DetailType: string; Amount: string }[]) ?? []
    expect(first).toBeDefined()
    await byHand(voided?.quickBooksId ?? '', { operation: 'void' })
    await byHand(deleted?.quickBooksId ?? '', { operation: 'delete' })
    await byHand(edited?.quickBooksId ?? '', { body: { DueDate: '2031-01-01' } })
    await byHand(paid?.quickBooksId ?? '', { body: { CustomerMemo: { value: 'Thank you' } } })
    await sync(SyncMode.INCREMENTAL)
    const found = new Map((await discrepancies()).map((one) => [one.postingId, one]))
    expect(found.size).toBe(3)
    expect(found.get(voided?.id ?? '')).toMatchObject({
      kind: 'VOIDED',
      state: 'OPEN',
      ourTotal: voided?.total,
      theirTotal: '0.00',
      documentNumber: voided?.documentNumber,
    })
    expect(found.get(deleted?.id ?? '')).toMatchObject({ kind: 'DELETED', ourTotal: deleted?.total, theirTotal: null })
    expect(found.get(edited?.id ?? '')).toMatchObject({
      kind: 'EDITED',
      ourTotal: edited?.total,
      theirTotal: edited?.total,
      differences: [expect.stringMatching(/^due date \S+ against 2031-01-01$/)],
    })
  })

  test('a discrepancy ends by itself when the two sides are equal again, and the postings stay PROCESSED', async () => {
    const [, , edited] = await postings()
    const document = edited?.document
    const dueDate = document?.kind === 'INVOICE' ? document.dueDate : null
    await byHand(edited?.quickBooksId ?? '', { body: { DueDate: dueDate } })
    await sync(SyncMode.INCREMENTAL)
    const states = (await discrepancies()).map(({ kind, state }) => `${kind} ${state}`)
    expect(states.sort()).toEqual(['DELETED OPEN', 'EDITED GONE', 'VOIDED OPEN'])
    expect(await postings()).toHaveLength(5)
  })
})
