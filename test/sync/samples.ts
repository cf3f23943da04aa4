import { v7 as uuidv7 } from 'uuid'
import type { CrmLogRow } from '../../src/creatio/creatio.ts'
import { Connection } from '../../src/domain/connection.ts'
import { contentHash } from '../../src/domain/document.ts'
import { PostingKind } from '../../src/domain/kinds.ts'
import { LogStatus } from '../../src/domain/log-row.ts'
import { Posting } from '../../src/domain/posting.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import type { LedgerLimits, LedgerRecord } from '../../src/ledgers/ledger.ts'
import type { MappedPosting } from '../../src/sync/step.ts'
import { anInvoice } from '../contract/documents.ts'

export const now = new Date('2026-03-02T10:00:00Z')

export const limits: LedgerLimits = {
  documentNumberLengthMax: 21,
  paymentNumberLengthMax: 21,
  customerNameLengthMax: 500,
  itemNameLengthMax: 100,
  descriptionLengthMax: 4000,
  purchaseOrderNumberLengthMax: 1000,
  lookUpValuesMax: 100,
  packMax: 30,
  concurrentMax: 10,
  answerTimeoutSeconds: 30,
  settleSeconds: 120,
}

export function aConnection(given: Partial<Connection> = {}): Connection {
  return Object.assign(new Connection(), { id: uuidv7(), name: 'Alder', currency: 'USD', ...given })
}

export const mappedInvoice = anInvoice({
  number: '61000',
  records: { customerId: '11', itemIds: ['21', '22'], charges: { DISCOUNT: { id: '31' } } },
})

/** A posting of the sample invoice. */
export function aPosting(given: Partial<Posting> = {}): Posting {
  const { document } = mappedInvoice
  return Object.assign(new Posting(), {
    id: uuidv7(),
    kind: PostingKind.INVOICE,
    sourceId: document.sourceId,
    state: PostingState.PENDING,
    orderNumber: document.orderNumber,
    documentNumber: document.number,
    total: document.total,
    currency: document.currency,
    document,
    contentHash: contentHash(document),
    createdAt: now,
    updatedAt: now,
    ...given,
  })
}

export function aMapped(given: Partial<Posting> = {}): MappedPosting {
  return { posting: aPosting(given), mapped: mappedInvoice }
}

export function aLogRow(given: Partial<CrmLogRow> = {}): CrmLogRow {
  return {
    id: uuidv7(),
    type: 'CUSTOMER_ORDER',
    action: 'INSERT',
    status: LogStatus.PENDING,
    rawType: 'raw type',
    rawAction: 'raw action',
    rawStatus: 'raw status',
    recordId: mappedInvoice.document.sourceId,
    message: '',
    createdOn: '2026-03-01T10:00:00Z',
    modifiedOn: '2026-03-01T10:00:00Z',
    ...given,
  }
}

/** The record that QuickBooks returns for the sample invoice when it equals it. */
export function anEqualRecord(given: Partial<NonNullable<LedgerRecord['sale']>> = {}): LedgerRecord & {
  sale: NonNullable<LedgerRecord['sale']>
} {
  const { document, customerId, itemIds } = mappedInvoice
  return {
    entity: 'INVOICE' as LedgerRecord['entity'],
    quickBooksId: '145',
    name: null,
    active: true,
    revision: '0',
    sale: {
      balance: document.total,
      termsId: null,
      number: document.number,
      date: document.date,
      dueDate: document.dueDate ?? null,
      customerId,
      total: document.total,
      tax: document.tax,
      discount: document.discount,
      shipping: document.shipping,
      voided: false,
      note: null,
      lines: document.lines.map(({ quantity, unitPrice, amount, taxable }, index) => ({
        itemId: itemIds[index] ?? null,
        quantity,
        unitPrice,
        amount,
        taxable,
      })),
      ...given,
    },
  }
}
