import { AccountMapping, MappingTargetKind } from '../../src/domain/account-mapping.ts'
import type { SalesDocument } from '../../src/domain/document.ts'

let count = 0

/** A rule that holds for ever; what is left out is no condition. */
export function ruleOf(values: Partial<AccountMapping> & { name: string }): AccountMapping {
  count += 1
  return Object.assign(new AccountMapping(), {
    id: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
    version: 1,
    position: 10,
    targetKind: MappingTargetKind.ACCOUNT,
    target: `${values.name} income`,
    author: 'a test',
    createdAt: new Date('2026-01-01T00:00:00Z'),
    ...values,
  })
}

/** An invoice of two lines, one of them taxed, with every charge. */
export function saleOf(values: Partial<SalesDocument> = {}): SalesDocument {
  const line = { quantity: '1', discountPercent: '10', unitPrice: '10' }
  return {
    kind: 'INVOICE',
    sourceId: '11111111-1111-4111-8111-111111111111',
    orderNumber: 'ORD-1',
    number: '62001',
    customer: { kind: 'CUSTOMER', sourceId: '22222222-2222-4222-8222-222222222222', name: 'Hollis & Fern' },
    date: '2026-03-01',
    currency: 'USD',
    lines: [
      {
        ...{ ...line, position: 1, description: 'Copper throw', taxable: true },
        item: { sourceId: '33333333-3333-4333-8333-333333333331', name: 'TH-100' },
        ...{ amount: '10.00', discountAmount: '1.00' },
      },
      {
        ...{ ...line, position: 2, description: 'Oak table', taxable: false },
        item: { sourceId: '33333333-3333-4333-8333-333333333332', name: 'TB-200' },
        ...{ amount: '10.00', discountAmount: '1.00' },
      },
    ],
    ...{ discount: '2.00', shipping: '5.00', tax: '0.74', total: '23.74' },
    mappingFacts: { customerGroup: 'Retail', categories: ['Textiles', 'Furniture'] },
    ...values,
  } as SalesDocument
}
