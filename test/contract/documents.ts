import type { Charge, ChargeRole, DocumentLine, MappedCustomer, MappedInvoice } from '../../src/domain/document.ts'
import { extend, minus, sum } from '../../src/domain/money.ts'
import type { LedgerRequest, StoredExchange } from '../../src/ledgers/ledger.ts'

/** What an invoice needs to exist in the company before it can be posted. */
export interface CompanyRecords {
  customerId: string
  itemIds: [string, string]
  charges: Partial<Record<ChargeRole, Charge>>
}

/** An invoice of two lines, with everything on it: a price of many decimals, a discount, shipping and tax. */
export function anInvoice({
  number,
  records,
  quantity = '3',
}: {
  number: string
  records: CompanyRecords
  quantity?: string
}): MappedInvoice {
  const lines = [
    aLine({ position: 1, name: 'TABLE-OAK', quantity, unitPrice: '411.5', taxable: true }),
    aLine({ position: 2, name: 'CUT', quantity: '0.15', unitPrice: '0.3333', taxable: false }),
  ]
  const [discount, shipping, tax] = ['34.55', '25.00', '80.25']
  const gross = sum(lines.map(({ amount }) => amount))
  return {
    kind: 'INVOICE',
    customerId: records.customerId,
    itemIds: records.itemIds,
    charges: records.charges,
    document: {
      kind: 'INVOICE',
      sourceId: '00000000-0000-4000-8000-000000000001',
      orderNumber: `ORD-${number}`,
      number,
      customer: aCustomer('Alder Interiors').document,
      date: '2026-11-02',
      dueDate: '2026-12-02',
      shipDate: '2026-11-05',
      purchaseOrderNumber: '4711',
      currency: 'USD',
      lines,
      discount,
      shipping,
      tax,
      total: minus(sum([gross, shipping, tax]), discount),
    },
  }
}

function aLine(
  line: Pick<DocumentLine, 'position' | 'quantity' | 'unitPrice' | 'taxable'> & { name: string },
): DocumentLine {
  const { name, ...given } = line
  return {
    ...given,
    item: { sourceId: `00000000-0000-4000-8000-0000000001${String(given.position).padStart(2, '0')}`, name },
    description: `${name}, made to "measure"`,
    amount: extend(given),
    discountPercent: '0',
    discountAmount: '0.00',
  }
}

export function aCustomer(name: string): MappedCustomer {
  return {
    kind: 'CUSTOMER',
    document: {
      kind: 'CUSTOMER',
      sourceId: '00000000-0000-4000-8000-000000000002',
      name,
      companyName: name,
      email: 'billing@alder.example',
      phone: '555-0101',
      billing: { lines: ['12 Mill Lane'], city: 'Bend', state: 'OR', postalCode: '97701' },
    },
  }
}

/** Requests as storage would keep them. */
export function stored(requests: { request: LedgerRequest; key: string }[]): StoredExchange[] {
  return requests.map(({ request, key }, position) => ({
    ...request,
    id: `exchange-${key}`,
    position,
    idempotencyKey: key,
  }))
}
