import { expect, test } from '@jest/globals'
import { parseProfile } from '../../src/creatio/profile.ts'

test('the default profile names the tables of the prefix BG', () => {
  const profile = parseProfile()
  expect(profile.orderLog.set).toBe('BGQuickBooksIntegrationLogDetail')
  expect(profile.orderLog.statuses.PENDING).toBe('c97db3bc-634d-4c90-8432-ec7141c87640')
  expect(profile.order.quickBooksId).toBe('BGQuickBooksId')
  expect(profile.limits.batchPartsMax).toBe(100)
})

test('another prefix renames every column of the integration, and single names can still be set', () => {
  const profile = parseProfile({ prefix: 'Usr', order: { tax: 'UsrSalesTax', shipDate: null } })
  expect(profile.orderLog.set).toBe('UsrQuickBooksIntegrationLogDetail')
  expect(profile.account.quickBooksName).toBe('UsrQBName')
  expect(profile.order).toMatchObject({ tax: 'UsrSalesTax', shipDate: null, number: 'Number' })
})

test('ids are kept in lower case, so that they equal what the CRM writes', () => {
  const id = '1BFB1F8C-9C0A-4A4D-9D1A-0F6F4E3F8A11'
  expect(parseProfile({ order: { cancelledStatusIds: [id] } }).order.cancelledStatusIds).toEqual([id.toLowerCase()])
})

test.each([
  [{ ordr: {} }],
  [{ order: { numbr: 'Number' } }],
  [{ order: { number: 'Number eq 1' } }],
  [{ orderLog: { statuses: { PENDING: 'pending' } } }],
  [{ limits: { batchPartsMax: 101 } }],
  [{ limits: { pageRowsMax: 0 } }],
])('a profile with the mistake %j is refused', (input) => {
  expect(() => parseProfile(input)).toThrow()
})
