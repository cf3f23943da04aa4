import type {
  Charge,
  ChargeRole,
  DocumentLine,
  DocumentReference,
  MappedCreditMemo,
  MappedCustomer,
  MappedInvoice,
  MappedPayment,
  MappedRefund,
  MappedVoid,
} from '../../src/domain/document.ts'
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

/** The whole of an invoice taken back. */
export function aCreditMemo(args: Parameters<typeof anInvoice>[0]): MappedCreditMemo {
  return creditOf(args, 'CREDIT_MEMO')
}

/** The whole of an invoice paid back. */
export function aRefund(args: Parameters<typeof anInvoice>[0]): MappedRefund {
  return creditOf(args, 'REFUND')
}

function creditOf<Kind extends 'CREDIT_MEMO' | 'REFUND'>(args: Parameters<typeof anInvoice>[0], kind: Kind) {
  const { document, ...mapped } = anInvoice(args)
  const { dueDate: _due, shipDate: _ship, ...content } = document
  return { ...mapped, kind, document: { ...content, kind, corrects: referenceTo('INVOICE', 'INV-1') } }
}

/** A payment of invoices in full, or a credit memo that is applied to one. */
export function aPayment({
  number,
  records,
  amount,
  applications,
}: {
  number: string
  records: Pick<CompanyRecords, 'customerId'>
  amount: string
  applications: MappedPayment['applications']
}): MappedPayment {
  return {
    kind: 'PAYMENT',
    customerId: records.customerId,
    applications,
    document: {
      kind: 'PAYMENT',
      sourceId: '00000000-0000-4000-8000-000000000003',
      orderNumber: `ORD-${number}`,
      number,
      customer: aCustomer('Alder Interiors').document,
      date: '2026-11-12',
      currency: 'USD',
      amount,
      applications: applications.map(({ invoiceId, amount, creditId }) => ({
        invoice: referenceTo('INVOICE', invoiceId),
        amount,
        ...(creditId === undefined ? {} : { credit: referenceTo('CREDIT_MEMO', creditId) }),
      })),
    },
  }
}

export function aVoid({
  kind,
  number,
  targetId,
  revision,
}: {
  kind: DocumentReference['kind']
  number: string
  targetId: string
  revision: string
}): MappedVoid {
  return {
    kind: 'VOID',
    targetId,
    revision,
    document: {
      kind: 'VOID',
      sourceId: '00000000-0000-4000-8000-000000000004',
      orderNumber: `ORD-${number}`,
      number,
      target: { ...referenceTo(kind, number), quickBooksId: targetId },
    },
  }
}

function referenceTo(kind: DocumentReference['kind'], number: string): DocumentReference {
  return { kind, sourceId: '00000000-0000-4000-8000-000000000001', number }
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
