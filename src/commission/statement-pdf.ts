import type { CommissionBalance } from '../domain/commission-entry.ts'
import { sum } from '../domain/money.ts'
import type { StatementLine } from '../storage/commission-report.ts'
import { type PdfColumn, paragraphs, pdfOf, table } from './pdf-table.ts'

/** What a statement is made of. */
export interface Statement {
  company: string
  rep: string | null
  month: string
  balance: CommissionBalance | null
  /** Null while the month is open. */
  locked: { at: Date; by: string; fingerprint: string } | null
  lines: StatementLine[]
  now: Date
}

const COLUMNS: PdfColumn<StatementLine>[] = [
  { title: 'Payable', width: 58, of: ({ payableOn }) => payableOn },
  { title: 'Order', width: 70, of: ({ orderNumber }) => orderNumber ?? '' },
  { title: 'Invoice', width: 62, of: ({ documentNumber }) => documentNumber ?? '' },
  { title: 'Customer', width: 122, of: ({ customerName }) => customerName ?? '' },
  { title: 'Payment', width: 118, of: paymentOf },
  { title: 'Rule', width: 138, of: ({ rule }) => rule ?? '' },
  { title: 'Base', width: 70, right: true, of: ({ base }) => base },
  { title: 'Commission', width: 74, right: true, of: ({ amount }) => amount },
]

/** A statement on landscape pages: how the month came about, every line with what it comes from, and the sums. */
export function statementPdf(statement: Statement): Promise<Buffer> {
  const { rep, month, now, lines } = statement
  const title = `Commission of ${rep ?? 'the house account'}, ${month}`
  const sums = {
    Base: sum(lines.map(({ base }) => base)),
    Commission: sum(lines.map(({ amount }) => amount)),
  }
  return pdfOf({
    title,
    now,
    draw: (page) => {
      paragraphs(page, [standingOf(statement)])
      paragraphs(page, balanceLines(statement))
      table(page, { columns: COLUMNS, rows: lines, sums })
    },
  })
}

function standingOf({ company, locked, now }: Statement): string {
  return locked
    ? `${company}. Locked at ${locked.at.toISOString()} by ${locked.by}: ${locked.fingerprint}`
    : `${company}. The month is open: this is what is known at ${now.toISOString()}, and it may change.`
}

function balanceLines({ balance }: Statement): string[] {
  if (!balance) return ['Nothing was earned, and nothing carried over.']
  const { opening, earned, payable, closing } = balance
  return [
    `Carried over from before: ${opening}`,
    `Earned: ${earned}`,
    `Payable: ${payable}`,
    `Carried forward: ${closing}`,
  ]
}

/** A late line says where it belongs. */
function paymentOf({ kind, recordKind, recordId, effectiveOn, originOn }: StatementLine): string {
  if (kind === 'ADJUSTMENT') return 'adjustment by hand'
  const record = `${(recordKind ?? '').toLowerCase().replace('_', ' ')} ${recordId ?? ''} of ${effectiveOn}`
  return originOn === null ? record : `${record}, late: belongs to ${originOn}`
}
