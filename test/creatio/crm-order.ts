import type { CrmOrder, CrmOrderLine } from '../../src/creatio/creatio.ts'

const ID = '11111111-1111-4111-8111-111111111111'

/** A line of an order, as the CRM would give it; override what a test is about. */
export function crmLine(line: Partial<CrmOrderLine> = {}): CrmOrderLine {
  return {
    id: ID,
    name: 'Oak table',
    product: { id: '22222222-2222-4222-8222-222222222222', code: 'TABLE-OAK' },
    price: '10',
    quantity: '1',
    discountPercent: null,
    taxable: true,
    ...line,
  }
}

export function crmOrder(order: Partial<CrmOrder> = {}): CrmOrder {
  return {
    id: ID,
    number: 'ORD-1',
    modifiedOn: '2026-01-02T00:00:00Z',
    quickBooksId: null,
    status: { id: '33333333-3333-4333-8333-333333333333', name: 'Confirmed' },
    transactionTypeId: null,
    corrected: null,
    paymentStatus: null,
    terms: null,
    salesGroup: null,
    invoiceNumber: '62046',
    date: '2026-01-01T05:00:00Z',
    invoiceDate: '2026-01-15T05:00:00Z',
    dueDate: null,
    shipDate: null,
    purchaseOrderNumber: null,
    currency: 'USD',
    shipping: null,
    taxed: false,
    tax: null,
    amount: null,
    account: {
      id: '44444444-4444-4444-8444-444444444444',
      name: 'Juniper & Sons',
      quickBooksName: null,
      quickBooksId: null,
      email: null,
      phone: null,
      street: null,
      city: null,
      state: null,
      postalCode: null,
      country: null,
      inactive: false,
    },
    contact: null,
    lines: [crmLine()],
    unreadable: [],
    ...order,
  }
}
