import PDFDocument from 'pdfkit'
import type { CommissionBalance } from '../domain/commission-entry.ts'
import { type Money, sum } from '../domain/money.ts'
import type { StatementLine } from '../storage/commission-report.ts'

/** A page takes some 40 lines: beyond this, nobody reads it. */
export const pdfLinesMax = 5_000

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

const MARGIN = 40
const COLUMNS: { title: string; width: number; right?: true; of: (line: StatementLine) => string }[] = [
  { title: 'Payable', width: 62, of: ({ payableOn }) => payableOn },
  { title: 'Order', width: 74, of: ({ orderNumber }) => orderNumber ?? '' },
  { title: 'Invoice', width: 66, of: ({ documentNumber }) => documentNumber ?? '' },
  { title: 'Customer', width: 128, of: ({ customerName }) => customerName ?? '' },
  { title: 'Payment', width: 124, of: paymentOf },
  { title: 'Rule', width: 150, of: ({ rule }) => rule ?? '' },
  { title: 'Base', width: 74, right: true, of: ({ base }) => base },
  { title: 'Commission', width: 82, right: true, of: ({ amount }) => amount },
]
const ROW = 14

/** A statement on landscape pages: how the month came about, every line with what it comes from, and the sums. */
export async function statementPdf(statement: Statement): Promise<Buffer> {
  const { rep, month, now, lines } = statement
  const title = `Commission of ${rep ?? 'the house account'}, ${month}`
  const page = new PDFDocument({
    size: 'LETTER',
    layout: 'landscape',
    margin: MARGIN,
    info: { Title: title, CreationDate: now },
  })
  const done = collect(page)
  page.font('Helvetica-Bold').fontSize(16).text(printable(title))
  page
    .font('Helvetica')
    .fontSize(9)
    .text(printable(standingOf(statement)))
    .moveDown()
  for (const line of balanceLines(statement)) page.text(printable(line))
  page.moveDown()
  headOf(page)
  for (const line of lines) {
    if (page.y > page.page.height - MARGIN - 2 * ROW) {
      page.addPage()
      headOf(page)
    }
    rowOf(page, (column) => column.of(line))
  }
  page.font('Helvetica-Bold')
  const totals: Record<string, Money> = {
    Base: sum(lines.map(({ base }) => base)),
    Commission: sum(lines.map(({ amount }) => amount)),
  }
  rowOf(page, ({ title: name }) => totals[name] ?? '')
  page.end()
  return done
}

function collect(page: PDFKit.PDFDocument): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    page.on('data', (part: Buffer) => parts.push(part))
    page.on('end', () => resolve(Buffer.concat(parts)))
    page.on('error', reject)
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

function headOf(page: PDFKit.PDFDocument): void {
  page.font('Helvetica-Bold').fontSize(8)
  rowOf(page, ({ title }) => title)
  page.font('Helvetica')
}

function rowOf(page: PDFKit.PDFDocument, of: (column: (typeof COLUMNS)[number]) => string): void {
  const top = page.y
  let left = MARGIN
  for (const column of COLUMNS) {
    const align = column.right ? 'right' : 'left'
    const width = column.width - 6
    page.text(printable(of(column)), left, top, { width, height: ROW, align, lineBreak: false, ellipsis: true })
    left += column.width
  }
  page.x = MARGIN
  page.y = top + ROW
}

/** The letters that the fonts of every PDF reader have; of others the letter without its marks, else a question mark. */
function printable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\x20-\x7E\xA0-\xFF]/gu, (letter) => letter.normalize('NFKD').replace(/[^\x20-\x7E]/gu, '') || '?')
}
