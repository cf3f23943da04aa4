import { describe, expect, test } from '@jest/globals'
import type { CustomerDocument } from '../../src/domain/document.ts'
import { LinkKind } from '../../src/domain/link.ts'
import type { LedgerRecord } from '../../src/ledgers/ledger.ts'
import { saysTheSame } from '../../src/sync/map-customers.ts'

const document: CustomerDocument = {
  kind: 'CUSTOMER',
  sourceId: '44444444-4444-4444-8444-444444444444',
  name: 'Juniper & Sons',
  email: 'bills@example.com',
  phone: '555-0100',
  billing: { lines: ['1 Elm Street', 'Floor 2'], city: 'Alder' },
}

const billing = { lines: ['1 Elm Street', 'Floor 2'], city: 'Alder' }
const customer = { email: 'bills@example.com', phone: '555-0100', companyName: 'Juniper', billing }
const record: LedgerRecord = {
  entity: LinkKind.CUSTOMER,
  quickBooksId: '58',
  name: 'Juniper & Sons',
  active: true,
  revision: '3',
  customer,
}

describe('QuickBooks says the same of a customer', () => {
  test('when it has all that the CRM says, whatever it has besides', () => {
    expect(saysTheSame(document, record)).toBe(true)
    const { phone: _, ...unheard } = document
    expect(saysTheSame(unheard, { ...record, customer: { ...customer, phone: '555-9999' } })).toBe(true)
  })

  test.each<[string, Partial<LedgerRecord>]>([
    ['another name', { name: 'Juniper' }],
    ['another telephone number', { customer: { ...customer, phone: '555-0101' } }],
    ['no e-mail address', { customer: { ...customer, email: null } }],
    ['another street', { customer: { ...customer, billing: { ...billing, lines: ['1 Elm Street'] } } }],
    ['another city', { customer: { ...customer, billing: { ...billing, city: 'Birch' } } }],
    ['no address', { customer: { ...customer, billing: null } }],
    ['it inactive', { active: false }],
  ])('but not when it has %s', (_, differs) => {
    expect(saysTheSame(document, { ...record, ...differs })).toBe(false)
  })

  test('and is not believed to when the answer does not tell', () => {
    const { customer: _, ...short } = record
    expect(saysTheSame(document, short)).toBe(false)
  })

  test('when both say that it is inactive', () => {
    expect(saysTheSame({ ...document, active: false }, { ...record, active: false })).toBe(true)
  })
})
