import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import type { SalesDocument } from '../../src/domain/document.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { postMissingItems } from '../../src/sync/missing-items.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { saleOf } from '../domain/rules.ts'
import { connectionRow, insertRows, processed } from '../storage/rows.ts'

const now = new Date('2026-03-02T10:00:00Z')
const plan = { lines: [{}, { item: { entity: 'ITEM', name: 'Chosen by a rule', chosen: null } }], needs: [], named: [] }
const known = { customers: new Map(), named: new Map(), inactiveCustomers: new Set<string>() }

let fresh: FreshDatabase
let one: Connection
let other: Connection
let closed: Connection

beforeAll(async () => {
  fresh = await freshDatabase()
  const rows = [true, true, false].map((create_items, index) =>
    connectionRow({ id: `0195f000-0000-7000-8000-00000000000${index}`, name: `Company ${index}`, create_items }),
  )
  await insertRows(fresh.database, 'connection', rows)
  const found = await Promise.all(rows.map(({ id }) => findConnection(fresh.database, { id })))
  ;[one, other, closed] = found as [Connection, Connection, Connection]
})
afterAll(() => fresh?.close())
beforeEach(() => fresh.database.run(sql`delete from posting`))

const document: SalesDocument = saleOf()
const ask = (connection: Connection, items: [string, string][] = []) =>
  postMissingItems(
    { database: fresh.database, now: () => now },
    { connection, sales: [{ document, plan: plan as never }], names: { ...known, items: new Map(items) } },
  )
const postings = () =>
  fresh.database.rows(
    sql<{ company: string; name: string; generation: number; state: string }>`
      select connection.name as company, document_number as name, generation, posting.state from posting
      join connection on connection.id = posting.connection_id order by generation`,
  )

describe('an item that QuickBooks lacks', () => {
  test('is a posting once, however often orders ask for it, and only where a rule chose no other', async () => {
    const first = await ask(one)
    expect([...first.keys()]).toEqual([document.lines[0]?.item.sourceId])
    expect(await ask(one)).toEqual(first)
    expect(await postings()).toEqual([{ company: 'Company 0', name: 'TH-100', generation: 1, state: 'PENDING' }])
  })

  test('is none where the connection does not allow it, or QuickBooks has it', async () => {
    expect(await ask(closed)).toEqual(new Map())
    expect(await ask(one, [[document.lines[0]?.item.sourceId ?? '', '7']])).toEqual(new Map())
    expect(await postings()).toEqual([])
  })

  test('is not made again by itself in the company that had it', async () => {
    await ask(one)
    await settle()
    expect(await ask(one)).toEqual(new Map())
    expect(await postings()).toMatchObject([{ generation: 1, state: 'PROCESSED' }])
  })

  test('is made in another company too, and waited for there alone', async () => {
    await ask(one)
    // While it is under way in one company, no order of the other one waits for it.
    expect(await ask(other)).toEqual(new Map())
    await settle()
    const waited = await ask(other)
    expect(waited.size).toBe(1)
    expect(await postings()).toEqual([
      { company: 'Company 0', name: 'TH-100', generation: 1, state: 'PROCESSED' },
      { company: 'Company 1', name: 'TH-100', generation: 2, state: 'PENDING' },
    ])
  })
})

async function settle(): Promise<void> {
  const done = processed(now.toISOString())
  const columns = sql.join(Object.entries(done).map(([name, value]) => sql`${sql.ref(name)} = ${sql.lit(value)}`))
  await fresh.database.run(sql`update posting set ${columns}`)
}
