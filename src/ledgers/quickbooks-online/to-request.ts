import {
  type Address,
  type CustomerDocument,
  type DocumentLine,
  type MappedDocument,
  type MappedInvoice,
  orderStamp,
} from '../../domain/document.ts'
import { ExchangePurpose } from '../../domain/kinds.ts'
import { isZero, money, plain } from '../../domain/money.ts'
import type { LedgerRequest, LookUp } from '../ledger.ts'
import { numberLiteral, writeJson } from './exact-json.ts'
import { ENTITIES, type EntityName, SHIPPING_ITEM_ID } from './records.ts'

/** QuickBooks returns at most this many rows of a query; an answer with so many may be cut off. */
export const queryRowsMax = 1000

/** Lines that an address has in QuickBooks. */
export const addressLinesMax = 5

/** Puts a document, or a look-up, into the dialect of QuickBooks Online. Throws only when the caller broke the contract. */
export function toRequest(what: MappedDocument | LookUp): LedgerRequest {
  switch (what.kind) {
    case 'INVOICE':
      return create({ entity: 'Invoice', body: invoiceBody(what) })
    case 'CUSTOMER':
      return create({ entity: 'Customer', body: customerBody(what.document) })
    case 'LOOK_UP':
      return query(what)
  }
}

function create({ entity, body }: { entity: EntityName; body: object }): LedgerRequest {
  return { purpose: ExchangePurpose.POST, operation: `create ${entity}`, request: writeJson(body) }
}

function invoiceBody({ document, customerId, itemIds, charges }: MappedInvoice): object {
  const { customer } = document
  return {
    CustomerRef: { value: customerId },
    DocNumber: document.number,
    TxnDate: document.date,
    DueDate: document.dueDate,
    ShipDate: document.shipDate,
    PrivateNote: noteOf(document),
    Line: [
      ...document.lines.map((line, index) => itemLine({ line, itemId: itemIds[index] })),
      ...(isZero(document.discount)
        ? []
        : [discountLine({ amount: document.discount, accountId: charges.DISCOUNT?.id })]),
      ...(isZero(document.shipping) ? [] : [shippingLine(document.shipping)]),
    ],
    TxnTaxDetail: { TotalTax: numberLiteral(money(document.tax)) },
    BillAddr: customer.billing && addressBody(customer.billing),
    BillEmail: customer.email ? { Address: customer.email } : undefined,
  }
}

/** QuickBooks Online has no field of its own for a purchase order number, so it stands in the note beside the order number. */
function noteOf({ orderNumber, purchaseOrderNumber }: MappedInvoice['document']): string {
  const stamp = orderStamp(orderNumber)
  return purchaseOrderNumber ? `${stamp}, PO ${purchaseOrderNumber}` : stamp
}

function itemLine({ line, itemId }: { line: DocumentLine; itemId: string | undefined }): object {
  if (itemId === undefined) throw new RangeError(`Line ${line.position} has no item id`)
  return {
    Amount: numberLiteral(money(line.amount)),
    Description: line.description || undefined,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: {
      ItemRef: { value: itemId },
      Qty: numberLiteral(plain(line.quantity)),
      UnitPrice: numberLiteral(plain(line.unitPrice)),
      TaxCodeRef: { value: line.taxable ? 'TAX' : 'NON' },
    },
  }
}

function discountLine({ amount, accountId }: { amount: string; accountId: string | undefined }): object {
  if (accountId === undefined) throw new RangeError('A discount needs an account')
  return {
    Amount: numberLiteral(money(amount)),
    DetailType: 'DiscountLineDetail',
    DiscountLineDetail: { PercentBased: false, DiscountAccountRef: { value: accountId } },
  }
}

function shippingLine(amount: string): object {
  return {
    Amount: numberLiteral(money(amount)),
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: { ItemRef: { value: SHIPPING_ITEM_ID } },
  }
}

function customerBody(customer: CustomerDocument): object {
  return {
    DisplayName: customer.name,
    CompanyName: customer.companyName,
    PrimaryEmailAddr: customer.email ? { Address: customer.email } : undefined,
    PrimaryPhone: customer.phone ? { FreeFormNumber: customer.phone } : undefined,
    BillAddr: customer.billing && addressBody(customer.billing),
  }
}

/** An address of more lines than QuickBooks has keeps its last lines together. */
function addressBody({ lines, city, state, postalCode, country }: Address): object {
  const kept =
    lines.length > addressLinesMax
      ? [...lines.slice(0, addressLinesMax - 1), lines.slice(addressLinesMax - 1).join(', ')]
      : lines
  return {
    ...Object.fromEntries(kept.map((line, index) => [`Line${index + 1}`, line])),
    City: city,
    CountrySubDivisionCode: state,
    PostalCode: postalCode,
    Country: country,
  }
}

/** What is asked, by which column, and whether inactive records are shown too: QuickBooks hides them unless it is told. */
const QUESTIONS = {
  INVOICE: { NUMBER: 'DocNumber' },
  CUSTOMER: { NAME: 'DisplayName', andInactive: true },
  ITEM: { NAME: 'Name' },
  ACCOUNT: { NAME: 'Name' },
} as const satisfies Record<LookUp['entity'], { NAME?: string; NUMBER?: string; andInactive?: boolean }>

function query({ entity, by, values }: LookUp): LedgerRequest {
  const question: { NAME?: string; NUMBER?: string; andInactive?: boolean } = QUESTIONS[entity]
  const column = question[by]
  if (column === undefined) throw new RangeError(`QuickBooks Online does not look up ${entity} by ${by}`)
  const name = ENTITIES[entity]
  const list = values.map((value) => `'${escapeText(value)}'`).join(',')
  const inactive = question.andInactive ? ' AND Active IN (true,false)' : ''
  return {
    purpose: entity === 'INVOICE' || entity === 'CUSTOMER' ? ExchangePurpose.LOOK_UP : ExchangePurpose.PULL,
    operation: `query ${name}`,
    request: `SELECT * FROM ${name} WHERE ${column} IN (${list})${inactive} MAXRESULTS ${queryRowsMax}`,
  }
}

/** An apostrophe is escaped by a backslash; a doubled one does not parse. */
function escapeText(value: string): string {
  return value.replace(/[\\']/g, '\\$&')
}
