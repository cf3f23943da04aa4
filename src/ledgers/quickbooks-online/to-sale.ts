import { type DocumentLine, type LineBooking, type MappedSale, orderStamp } from '../../domain/document.ts'
import { isZero, money, plain } from '../../domain/money.ts'
import { numberLiteral } from './exact-json.ts'
import { SHIPPING_ITEM_ID } from './sale-records.ts'
import { isOfLines, nonTaxable, taxable } from './tax-codes.ts'
import { addressBody } from './to-customer.ts'

/** An invoice, a credit memo or a refund as JSON; a credit's amounts are positive, as an invoice's are. */
export function saleBody(mapped: MappedSale): object {
  const { document, customerId } = mapped
  const { customer } = document
  return {
    CustomerRef: { value: customerId },
    DocNumber: document.number,
    TxnDate: document.date,
    ...ownFields(mapped),
    PrivateNote: noteOf(document),
    Line: linesOf(mapped),
    TxnTaxDetail: { TxnTaxCodeRef: taxCodeOf(mapped), TotalTax: numberLiteral(money(document.tax)) },
    BillAddr: customer.billing && addressBody(customer.billing),
    ShipAddr: document.shipTo && addressBody(document.shipTo),
    BillEmail: customer.email ? { Address: customer.email } : undefined,
  }
}

/** What only one of the kinds has. Money is given back from an account. */
function ownFields({ document, termsId, charges }: MappedSale): object {
  switch (document.kind) {
    case 'INVOICE':
      return {
        SalesTermRef: termsId === undefined ? undefined : { value: termsId },
        DueDate: document.dueDate,
        ShipDate: document.shipDate,
      }
    case 'CREDIT_MEMO':
      return {}
    case 'REFUND': {
      if (charges.REFUND === undefined) throw new RangeError('A refund needs an account')
      return { DepositToAccountRef: { value: charges.REFUND.id } }
    }
  }
}

/**
 * QuickBooks Online has no field of its own for a purchase order number, nor for the invoice that a credit corrects, so
 * both stand in the note beside the order number.
 */
function noteOf(document: MappedSale['document']): string {
  const corrects = document.kind === 'INVOICE' ? null : document.corrects
  return [
    orderStamp(document.orderNumber),
    ...(document.purchaseOrderNumber ? [`PO ${document.purchaseOrderNumber}`] : []),
    ...(corrects ? [`for invoice ${corrects.number}`] : []),
  ].join(', ')
}

function linesOf({ document, itemIds, charges, bookings = [] }: MappedSale): object[] {
  const { lines, discount, shipping } = document
  return [
    ...lines.map((line, index) => itemLine({ line, itemId: itemIds[index], booking: bookings[index] })),
    ...(isZero(discount) ? [] : [discountLine({ amount: discount, accountId: charges.DISCOUNT?.id })]),
    ...(isZero(shipping) ? [] : [shippingLine(shipping)]),
  ]
}

function itemLine({
  line,
  itemId,
  booking,
}: {
  line: DocumentLine
  itemId: string | undefined
  booking: LineBooking | undefined
}): object {
  if (itemId === undefined) throw new RangeError(`Line ${line.position} has no item id`)
  return {
    Amount: numberLiteral(money(line.amount)),
    Description: line.description || undefined,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: {
      ItemRef: { value: itemId },
      Qty: numberLiteral(plain(line.quantity)),
      UnitPrice: numberLiteral(plain(line.unitPrice)),
      TaxCodeRef: { value: isTaxed({ line, booking }) ? taxable : nonTaxable },
    },
  }
}

/** A tax code that a mapping chose says whether a line is taxed; else the document does. */
export function isTaxed({ line, booking }: { line: DocumentLine; booking: LineBooking | undefined }): boolean {
  return booking?.taxCodeId === undefined ? line.taxable : booking.taxCodeId !== nonTaxable
}

/** The codes by which the document and its lines are to be taxed. QuickBooks takes one for the whole document. */
export function taxCodesOf({ bookings = [], charges }: MappedSale): string[] {
  const chosen = [...bookings.map(({ taxCodeId }) => taxCodeId), charges.SALES_TAX?.id].flatMap((code) => code ?? [])
  return [...new Set(chosen)].filter((code) => !isOfLines(code))
}

function taxCodeOf(mapped: MappedSale): object | undefined {
  const [code] = taxCodesOf(mapped)
  return code === undefined ? undefined : { value: code }
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
