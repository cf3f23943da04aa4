import {
  type DocumentLine,
  type LineBooking,
  type MappedInvoice,
  type MappedSale,
  orderStamp,
  type SalesDocument,
} from '../../domain/document.ts'
import { isZero, type Money, minus, money, plain, sum, ZERO } from '../../domain/money.ts'
import { isTaxable, planTax } from './sales-tax.ts'
import type { Setting } from './setting.ts'
import { addressValues } from './to-customer.ts'
import { ref, type Values } from './values.ts'

export function invoiceValues(mapped: MappedInvoice, setting: Setting): Values {
  const { document, termsId } = mapped
  return {
    ...saleValues(mapped, setting),
    TermsRef: termsId === undefined ? undefined : ref('ListID', termsId),
    DueDate: document.dueDate,
    ShipDate: document.shipDate,
    InvoiceLineAdd: linesOf(mapped, setting),
  }
}

/** A credit memo has the amounts of what it takes back, as they stood there. */
export function creditValues(mapped: MappedSale, setting: Setting): Values {
  return { ...saleValues(mapped, setting), CreditMemoLineAdd: linesOf(mapped, setting) }
}

function saleValues({ document, customerId, charges }: MappedSale, { company }: Setting): Values {
  const { customer, shipTo } = document
  const taxed = !isZero(document.tax)
  return {
    CustomerRef: ref('ListID', customerId),
    TxnDate: document.date,
    RefNumber: document.number,
    BillAddress: customer.billing && addressValues(customer.billing),
    ShipAddress: shipTo && addressValues(shipTo),
    PONumber: document.purchaseOrderNumber || undefined,
    ItemSalesTaxRef: taxed ? ref('ListID', charges.SALES_TAX?.id) : undefined,
    Memo: memoOf(document),
    CustomerSalesTaxCodeRef: taxed ? ref('FullName', company.taxableCode) : undefined,
  }
}

/** QuickBooks Desktop has no field for the invoice that a credit corrects, so it stands in the memo. */
function memoOf(document: SalesDocument): string {
  const stamp = orderStamp(document.orderNumber)
  switch (document.kind) {
    case 'INVOICE':
      return stamp
    case 'CREDIT_MEMO':
      return document.corrects ? `${stamp}, for invoice ${document.corrects.number}` : stamp
    case 'REFUND':
      return document.corrects ? `${stamp}, refund of invoice ${document.corrects.number}` : `${stamp}, refund`
  }
}

function linesOf(mapped: MappedSale, setting: Setting): Values[] {
  const { document, itemIds, charges, bookings = [] } = mapped
  const { salesTax, taxableCode, nonTaxableCode } = setting.company
  const taxed = !isZero(document.tax)
  const codeOf = (taxable: boolean, taxCodeId?: string) => {
    if (salesTax === 'OFF') return undefined
    if (taxCodeId !== undefined) return ref('ListID', taxCodeId)
    return ref('FullName', taxed && taxable ? taxableCode : nonTaxableCode)
  }
  const charge = (amount: Money, id: string | undefined, code = codeOf(false)) =>
    isZero(amount) ? [] : [{ ItemRef: ref('ListID', id), Amount: money(amount), SalesTaxCodeRef: code }]
  const discountOf = (amount: Money, code = codeOf(false)) => charge(minus(ZERO, amount), charges.DISCOUNT?.id, code)
  const restOfDiscount = minus(document.discount, sum(document.lines.map(({ discountAmount }) => discountAmount)))
  return [
    ...document.lines.flatMap((line, index) => {
      const booking = bookings[index]
      const code = codeOf(isTaxable({ line, booking, company: setting.company }), booking?.taxCodeId)
      return [lineValues({ line, itemId: itemIds[index], booking, code }), ...discountOf(line.discountAmount, code)]
    }),
    ...discountOf(restOfDiscount),
    ...charge(document.shipping, charges.SHIPPING?.id),
    ...charge(planTax({ mapped, ...setting }).rounding, charges.TAX_ROUNDING?.id),
  ]
}

function lineValues({
  line,
  itemId,
  booking,
  code,
}: {
  line: DocumentLine
  itemId: string | undefined
  booking: LineBooking | undefined
  code: Values | undefined
}): Values {
  return {
    ItemRef: ref('ListID', itemId),
    Desc: line.description || undefined,
    Quantity: plain(line.quantity),
    Rate: plain(line.unitPrice),
    Amount: money(line.amount),
    SalesTaxCodeRef: code,
    OverrideItemAccountRef: booking?.accountId === undefined ? undefined : ref('ListID', booking.accountId),
  }
}
