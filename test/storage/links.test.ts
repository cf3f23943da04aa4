import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../src/domain/link.ts'
import { findLinks, forgetLinks, saveLinks } from '../../src/storage/links.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from './rows.ts'

const now = new Date('2026-03-02T10:00:00Z')

let fresh: FreshDatabase
const [ours, theirs] = [connectionRow(), connectionRow()]

beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [ours, theirs])
})
afterAll(() => fresh.close())

const save = (connectionId: string, links: [LinkKind, string, string][]) =>
  saveLinks(fresh.database, {
    connectionId,
    links: links.map(([kind, sourceId, quickBooksId]) => ({ kind, sourceId, quickBooksId, name: '' })),
    now,
  })
const find = async (connectionId: string, kind: LinkKind, sourceIds: string[]) =>
  Object.fromEntries(await findLinks(fresh.database, { connectionId, kind, sourceIds }))

describe('links', () => {
  test('are found by connection, kind and CRM id', async () => {
    await save(ours.id, [
      [LinkKind.CUSTOMER, 'a', '1'],
      [LinkKind.ITEM, 'a', '2'],
    ])
    await save(theirs.id, [[LinkKind.CUSTOMER, 'a', '9']])
    expect(await find(ours.id, LinkKind.CUSTOMER, ['a', 'b'])).toEqual({ a: '1' })
    expect(await find(ours.id, LinkKind.ITEM, ['a'])).toEqual({ a: '2' })
    expect(await find(theirs.id, LinkKind.CUSTOMER, ['a'])).toEqual({ a: '9' })
    expect(await find(ours.id, LinkKind.CUSTOMER, [])).toEqual({})
  })

  test('follow QuickBooks when it gives another id', async () => {
    await save(ours.id, [[LinkKind.CUSTOMER, 'c', '1']])
    await save(ours.id, [[LinkKind.CUSTOMER, 'c', '2']])
    expect(await find(ours.id, LinkKind.CUSTOMER, ['c'])).toEqual({ c: '2' })
  })

  test('that are stale are forgotten, on their own connection only, and invoices never', async () => {
    await save(ours.id, [
      [LinkKind.CUSTOMER, 'd', '1'],
      [LinkKind.ITEM, 'd', '2'],
      [LinkKind.ACCOUNT, 'Discount', '3'],
      [LinkKind.INVOICE, 'd', '4'],
    ])
    await save(theirs.id, [[LinkKind.CUSTOMER, 'd', '9']])
    await forgetLinks(fresh.database, { connectionId: ours.id, sourceIds: ['d', 'Discount'] })
    expect(await find(ours.id, LinkKind.CUSTOMER, ['d'])).toEqual({})
    expect(await find(ours.id, LinkKind.ITEM, ['d'])).toEqual({})
    expect(await find(ours.id, LinkKind.ACCOUNT, ['Discount'])).toEqual({})
    expect(await find(ours.id, LinkKind.INVOICE, ['d'])).toEqual({ d: '4' })
    expect(await find(theirs.id, LinkKind.CUSTOMER, ['d'])).toEqual({ d: '9' })
  })
})
