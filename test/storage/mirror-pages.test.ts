import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { MirrorEntity } from '../../src/domain/mirror.ts'
import { paymentPage, sidesPage } from '../../src/storage/mirror-pages.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { fillMirror } from './many-mirrored.ts'

const ROWS = 10_000
let fresh: FreshDatabase

beforeAll(async () => {
  fresh = await freshDatabase()
  await fillMirror(fresh.database, { rows: ROWS })
})
afterAll(() => fresh.close())

// What they cost is measured by `npm run prove`, over 60,000 of each.
test('a page of both sides is followed by another, without a gap, and may be asked for by name', async () => {
  const page = (selection: object, after: string | null = null, size = 50) =>
    sidesPage(fresh.database, { entity: MirrorEntity.CUSTOMER, selection, request: { first: size, after } })
  const first = await page({})
  const next = await page({}, first.endCursor)
  const both = await page({}, null, 100)
  expect(first.nodes).toHaveLength(50)
  expect([...first.nodes, ...next.nodes]).toEqual(both.nodes)
  expect((await page({ name: 'name 4711' })).nodes).toHaveLength(1)
  expect((await page({ name: 'name 471' })).nodes).toHaveLength(11)
})

test('the payments of a customer are on its page, and no others', async () => {
  const { nodes } = await paymentPage(fresh.database, {
    selection: { customerId: '7' },
    request: { first: 50, after: null },
  })
  expect(nodes.map(({ partyId }) => partyId)).toEqual(['7', '7'])
})
