import { differing } from '../domain/comparison.ts'
import type { MappedDocument } from '../domain/document.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import { compareCustomer, compareItem, comparePayment, compareVoid } from './compare-others.ts'
import { compareSale } from './compare-sale.ts'
import type { Compared } from './compare-sides.ts'
import { assertNever } from './road.ts'

/** Beyond so many rows only those that differ are kept: an invoice may have thousands of lines. */
const ROWS_MAX = 500

/**
 * Holds what QuickBooks returned against what the document says, to the penny. Gives each difference in words, the
 * document's side first; none means equal.
 */
export function compare(mapped: MappedDocument, record: LedgerRecord): string[] {
  return compareSides(mapped, record).differences
}

/** Why a posting is MISMATCHED, with both sides line by line; null when the record equals its document. */
export function mismatchOf(args: {
  posting: Pick<Posting, 'documentNumber' | 'orderNumber'>
  mapped: MappedDocument
  record: LedgerRecord
}): { code: ReasonCode; detail: ReasonDetail } | null {
  const { posting, mapped, record } = args
  const { differences, comparison } = compareSides(mapped, record)
  if (differences.length === 0) return null
  const { documentNumber, orderNumber } = posting
  const detail: ReasonDetail = {
    documentNumber,
    quickBooksId: record.quickBooksId,
    differences: differences.join('; '),
    comparison: comparison.length > ROWS_MAX ? differing(comparison).slice(0, ROWS_MAX) : comparison,
  }
  switch (mapped.kind) {
    case 'INVOICE':
      return { code: 'INVOICE_DIFFERS', detail }
    case 'ITEM':
      return { code: 'ITEM_DIFFERS', detail: { ...detail, item: documentNumber } }
    case 'CUSTOMER':
      return { code: 'CUSTOMER_DIFFERS', detail: { ...detail, customerName: documentNumber } }
    default:
      return { code: 'RECORD_DIFFERS', detail: { ...detail, what: WORDS[mapped.kind], orderNumber } }
  }
}

const WORDS = { CREDIT_MEMO: 'credit memo', REFUND: 'refund', PAYMENT: 'payment', VOID: 'the voided' } as const

function compareSides(mapped: MappedDocument, record: LedgerRecord): Compared {
  switch (mapped.kind) {
    case 'INVOICE':
    case 'CREDIT_MEMO':
    case 'REFUND':
      return compareSale(mapped, record)
    case 'PAYMENT':
      return comparePayment(mapped, record)
    case 'VOID':
      return compareVoid(mapped, record)
    case 'CUSTOMER':
      return compareCustomer(mapped, record)
    case 'ITEM':
      return compareItem(mapped, record)
    default:
      return assertNever(mapped)
  }
}
