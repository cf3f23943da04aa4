import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import type { SalesDocument } from '../../src/domain/document.ts'
import { PostingKind } from '../../src/domain/kinds.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { resolveDependents } from '../../src/storage/dependents.ts'
import { lackingItems } from '../../src/sync/missing-items.ts'
import { postNeeded } from '../../src/sync/post-needed.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { saleOf } from '../domain/rules.ts'
import { connectionRow, insertRows, postingRow, processed } from '../storage/rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const plan = { lines: [{}, { item: { entity: 'ITEM', name: 'Chosen by a rule', chosen: null } }], needs: [], named: [] }
const known = { customers: new Map(), named: new Map(), inactiveCustomers: new Set<string>() }

let fresh: FreshDatabase
let one: Connection
let other: Connection

beforeAll(async () => {
  fresh = await freshDatabase()
  const rows = [0, 1].map((index) =>
    connectionRow({ id: `0195f000-0000-7000-8000-00000000000${index}`, name: `Company ${index}` }),
  )
  await insertRows(fresh.database, 'connection', rows)
  const found = await Promise.all(rows.map(({ id }) => findConnection(fresh.database, { id })))
  ;[one, other] = found as [Connection, Connection]
})
afterAll(() => fresh?.close())
beforeEach(async () => {
  await fresh.database.run(sql`delete from posting`)
  await fresh.database.run(sql`update connection set read_only = false`)
})

const document: SalesDocument = saleOf()
const lacking = (items: [string, string][] = []) =>
  lackingItems({ sales: [{ document, plan: plan as never }], names: { ...known, items: new Map(items) } })
const ask = (connection: Connection) =>
  postNeeded({ database: fresh.database, now: () => now }, { connection, kind: PostingKind.ITEM, missing: lacking() })
const postings = () =>
  fresh.database.rows(
    sql<{ company: string; name: string; generation: number; state: string }>`
      select connection.name as company, document_number as name, generation, posting.state from posting
      join connection on connection.id = posting.connection_id where posting.kind = 'ITEM' order by generation`,
  )
const become = (columns: Record<string, unknown>) =>
  fresh.database.run(
    sql`update posting set ${sql.join(
      Object.entries(columns).map(([name, value]) => sql`${sql.ref(name)} = ${sql.lit(value)}`),
    )} where kind = 'ITEM'`,
  )
const settle = () => become(processed(now.toISOString()))

/** An order of a company that waits for this posting; gives how it stands once all who wait were looked at. */
async function waiting(connection: Connection, blockedById: string) {
  const row = postingRow({
    ...{ connection_id: connection.id, state: 'PENDING', blocked_by_id: blockedById, waiting_for: 'ITEM' },
  })
  await insertRows(fresh.database, 'posting', [row])
  return async () => {
    await resolveDependents(fresh.database, { connectionId: connection.id, now })
    const [found] = await fresh.database.rows(
      sql`select state, reason_code, blocked_by_id is not null as waits from posting where id = ${row.id as string}`,
    )
    return found
  }
}

describe('an item that QuickBooks lacks', () => {
  test('is one that no rule books otherwise, and that QuickBooks has not', () => {
    const id = document.lines[0]?.item.sourceId ?? ''
    expect([...lacking().keys()]).toEqual([id])
    expect(lacking([[id, '7']])).toEqual(new Map())
  })

  test('is a posting once, however often orders ask for it', async () => {
    const first = await ask(one)
    expect([...first.keys()]).toEqual([document.lines[0]?.item.sourceId])
    expect(await ask(one)).toEqual(first)
    expect(await postings()).toEqual([{ company: 'Company 0', name: 'TH-100', generation: 1, state: 'PENDING' }])
  })

  test('is not made again by itself in the company that had it', async () => {
    await ask(one)
    await settle()
    expect(await ask(one)).toEqual(new Map())
    expect(await postings()).toMatchObject([{ generation: 1, state: 'PROCESSED' }])
  })
})

describe('an item that two companies lack', () => {
  test('is made in one after the other, and the order of the other waits so long', async () => {
    const first = await ask(one)
    const waited = await ask(other)
    expect(waited).toEqual(first)
    const look = await waiting(other, [...waited.values()][0] ?? '')
    for (const state of ['PENDING', 'CLAIMED', 'SENT', 'UNKNOWN']) {
      await become({ state, claim_token: state === 'PENDING' ? null : one.id })
      expect(await ask(other)).toEqual(first)
      expect(await look()).toEqual({ state: 'PENDING', reason_code: null, waits: true })
    }
    await become({ ...processed(now.toISOString()), state: 'POSTED', claim_token: null })
    expect(await ask(other)).toEqual(first)
    expect(await look()).toMatchObject({ state: 'PENDING', waits: true })
    await settle()
    expect(await look()).toEqual({ state: 'PENDING', reason_code: null, waits: false })
    expect((await ask(other)).size).toBe(1)
    expect(await postings()).toEqual([
      { company: 'Company 0', name: 'TH-100', generation: 1, state: 'PROCESSED' },
      { company: 'Company 1', name: 'TH-100', generation: 2, state: 'PENDING' },
    ])
  })

  test('fails the other’s order too when it is refused, and is made by the other when that is retried', async () => {
    const first = await ask(one)
    const look = await waiting(other, [...first.values()][0] ?? '')
    await become({ state: 'FAILED', reason_code: 'ITEM_ACCOUNT_UNUSABLE', sent_at: now.toISOString() })
    expect(await look()).toEqual({ state: 'FAILED', reason_code: 'ITEM_FAILED', waits: true })
    // Of itself nothing goes to and fro between two companies that both refuse it.
    expect(await look()).toMatchObject({ state: 'FAILED', waits: true })
    expect((await ask(other)).size).toBe(1)
    expect(await postings()).toEqual([{ company: 'Company 1', name: 'TH-100', generation: 2, state: 'PENDING' }])
  })

  test('is made by the other when the one that was to make it can do nothing more', async () => {
    const first = await ask(one)
    const look = await waiting(other, [...first.values()][0] ?? '')
    await fresh.database.run(sql`update connection set read_only = true where id = ${one.id}`)
    expect(await look()).toEqual({ state: 'PENDING', reason_code: null, waits: false })
    expect((await ask(other)).size).toBe(1)
    expect(await postings()).toEqual([{ company: 'Company 1', name: 'TH-100', generation: 2, state: 'PENDING' }])
  })
})
