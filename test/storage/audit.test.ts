import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { type AuditSelection, auditPage, writeAudit } from '../../src/storage/audit.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

let fresh: FreshDatabase
const now = new Date('2026-03-01T12:00:00Z')

beforeEach(async () => {
  fresh = await freshDatabase()
  const entries = [
    { author: 'till', action: 'retryPostings', subject: 'ids aa bb', result: 'OK' },
    { author: 'till', action: 'pollNow', subject: null, result: 'DENIED' },
    { author: 'boss', action: 'retryPostings', subject: 'ids bb cc', result: 'ERROR' },
  ] as const
  for (const entry of entries) await writeAudit(fresh.database, { ...entry, now })
})
afterEach(() => fresh.close())

const page = (selection: AuditSelection, request = { first: 10, after: null as string | null }) =>
  auditPage(fresh.database, { selection, request })

describe('an audit entry', () => {
  test.each([
    ['changed', sql`update audit_entry set author = 'somebody else'`],
    ['deleted', sql`delete from audit_entry where author = 'till'`],
    ['swept away with all the others', sql`truncate audit_entry`],
    ['swept away behind another table', sql`truncate audit_entry, cursor cascade`],
  ])('is never %s: PostgreSQL refuses', async (_, statement) => {
    await expect(fresh.database.run(statement)).rejects.toThrow('Audit entries are never changed.')
    expect((await page({})).nodes).toHaveLength(3)
  })
})

describe('a page of audit entries', () => {
  test('has the newest first, and goes on where the one before ended', async () => {
    const first = await page({}, { first: 2, after: null })
    expect(first.nodes.map(({ author, action }) => `${author} ${action}`)).toEqual([
      'boss retryPostings',
      'till pollNow',
    ])
    const second = await page({}, { first: 2, after: first.endCursor })
    expect(second.nodes).toMatchObject([{ author: 'till', subject: 'ids aa bb', result: 'OK', at: now }])
    expect(second.hasNextPage).toBe(false)
  })

  test.each<[string, AuditSelection, number]>([
    ['author', { author: 'till' }, 2],
    ['action', { action: 'retryPostings' }, 2],
    ['a part of the subject', { subject: 'bb' }, 2],
    ['a part of the subject that is a pattern elsewhere', { subject: '%' }, 0],
    ['result', { result: 'DENIED' }, 1],
    ['all of them', { author: 'boss', action: 'retryPostings', subject: 'cc', result: 'ERROR' }, 1],
  ])('is selected by %s', async (_, selection, count) => {
    const found = await page(selection)
    expect(found.nodes).toHaveLength(count)
    expect(await found.count()).toEqual({ total: count, capped: false })
  })
})
