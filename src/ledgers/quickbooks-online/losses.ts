import type { MappedDocument } from '../../domain/document.ts'
import type { Loss } from '../ledger.ts'
import { addressLinesMax } from './to-request.ts'

/** What QuickBooks Online keeps otherwise than the document says it. */
export function lossesOf(mapped: MappedDocument): Loss[] {
  const customer = mapped.kind === 'INVOICE' ? mapped.document.customer : mapped.document
  const order = mapped.kind === 'INVOICE' ? mapped.document.purchaseOrderNumber : undefined
  const lines = customer.billing?.lines.length ?? 0
  return [
    ...(order ? [{ what: 'the purchase order number stands in the note', detail: `PO ${order}` }] : []),
    ...(lines > addressLinesMax
      ? [{ what: 'an address of many lines is folded', detail: `${lines} lines into ${addressLinesMax}` }]
      : []),
  ]
}
