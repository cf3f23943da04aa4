import {
  type Address,
  type DocumentReference,
  isMappedSale,
  type MappedDocument,
  type MappedSale,
} from '../../domain/document.ts'
import { isZero } from '../../domain/money.ts'
import type { CompanyCheck, Loss } from '../ledger.ts'
import { addressLinesMax } from './to-customer.ts'
import { DELETED } from './to-request.ts'

/** What QuickBooks Online keeps otherwise than the document says it. */
export function lossesOf(
  mapped: MappedDocument,
  { salesTax }: { salesTax: CompanyCheck['salesTax'] } = { salesTax: null },
): Loss[] {
  if (isMappedSale(mapped)) return [...saleLosses(mapped), ...(salesTax === 'AUTOMATED' ? automatedTax(mapped) : [])]
  if (mapped.kind === 'VOID') return deletion(mapped.document.target)
  return mapped.kind === 'CUSTOMER' ? foldedAddress(mapped.document.billing) : []
}

function deletion({ kind, number }: DocumentReference): Loss[] {
  return DELETED.some((one) => one === kind)
    ? [{ what: 'a credit memo is not voided but deleted: the audit log of QuickBooks keeps it', detail: number }]
    : []
}

function saleLosses({ document, bookings = [] }: MappedSale): Loss[] {
  const { customer, shipTo, purchaseOrderNumber } = document
  const corrects = document.kind === 'INVOICE' ? null : document.corrects
  const booked = bookings.filter(({ accountId }) => accountId !== undefined).length
  return [
    ...(purchaseOrderNumber
      ? [{ what: 'the purchase order number stands in the note', detail: `PO ${purchaseOrderNumber}` }]
      : []),
    ...(corrects ? [{ what: 'the invoice that it corrects stands in the note', detail: corrects.number }] : []),
    ...(booked > 0
      ? [
          {
            what: 'a line is booked to the account of its item',
            detail: `${booked} lines have an account of their own`,
          },
        ]
      : []),
    ...foldedAddress(customer.billing),
    ...foldedAddress(shipTo),
  ]
}

/** QuickBooks honours an amount that it is told, and says by itself whose tax it is. */
function automatedTax({ document: { tax } }: MappedSale): Loss[] {
  if (isZero(tax)) return []
  return [{ what: 'whose tax it is, automated sales tax decides by where it is shipped to', detail: tax }]
}

function foldedAddress(address: Address | undefined): Loss[] {
  const lines = address?.lines.length ?? 0
  return lines > addressLinesMax
    ? [{ what: 'an address of many lines is folded', detail: `${lines} lines into ${addressLinesMax}` }]
    : []
}
