/** A page takes some 40 lines: beyond this, nobody reads it. */
export const pdfLinesMax = 5_000

/** One column of a table. The widths of all of them are at most `tableWidth`. */
export interface PdfColumn<Row> {
  title: string
  width: number
  right?: true
  of: (row: Row) => string
}

type Page = PDFKit.PDFDocument

const MARGIN = 40
const GAP = 6
const FONT_SIZE = 8
/** A text takes at most so many lines of its cell, and ends in dots when there is more of it. */
const CELL_LINES_MAX = 12
const FOOT = 24

/** Points across a landscape page of letter format, between its margins. */
const tableWidth = 792 - 2 * MARGIN

/** A document on landscape pages; each is numbered at its foot. `draw` writes it from the top of its first page. */
export async function pdfOf({
  title,
  now,
  draw,
}: {
  title: string
  now: Date
  draw: (page: Page) => void
}): Promise<Buffer> {
  // Few are ever asked for, and it is large: whoever asks for none does not carry it.
  const { default: PDFDocument } = await import('pdfkit')
  const page = new PDFDocument({
    ...{ size: 'LETTER', layout: 'landscape', margin: MARGIN, bufferPages: true },
    info: { Title: title, CreationDate: now },
  })
  const done = collect(page)
  page.font('Helvetica-Bold').fontSize(16).text(printable(title))
  page.font('Helvetica').fontSize(9)
  draw(page)
  numberPages(page, title)
  page.end()
  return done
}

/** Paragraphs over the whole width. */
export function paragraphs(page: Page, lines: string[]): void {
  page.font('Helvetica').fontSize(9)
  for (const line of lines) page.text(printable(line), MARGIN, undefined, { width: tableWidth })
  page.moveDown()
}

/** A table, its titles on each page. A text that is too long for its column goes on below, within it. */
export function table<Row>(
  page: Page,
  { columns, rows, sums }: { columns: PdfColumn<Row>[]; rows: Row[]; sums?: Record<string, string> },
): void {
  head(page, columns)
  for (const row of rows) {
    const cells = columns.map(({ of }) => printable(of(row)))
    const height = heightOf(page, { columns, cells })
    if (page.y + height > page.page.height - MARGIN) {
      page.addPage()
      head(page, columns)
    }
    line(page, { columns, cells, height })
  }
  if (!sums) return
  page.font('Helvetica-Bold')
  const cells = columns.map(({ title }) => sums[title] ?? '')
  const height = heightOf(page, { columns, cells })
  if (page.y + height > page.page.height - MARGIN) page.addPage()
  line(page, { columns, cells, height })
  page.font('Helvetica')
}

function head<Row>(page: Page, columns: PdfColumn<Row>[]): void {
  page.font('Helvetica-Bold').fontSize(FONT_SIZE)
  const cells = columns.map(({ title }) => title)
  const height = heightOf(page, { columns, cells })
  // Titles at the very foot of a page would stand alone.
  if (page.y + 3 * height > page.page.height - MARGIN) page.addPage()
  line(page, { columns, cells, height })
  page.font('Helvetica')
}

interface Cells<Row> {
  columns: PdfColumn<Row>[]
  cells: string[]
}

function heightOf<Row>(page: Page, { columns, cells }: Cells<Row>): number {
  const least = page.currentLineHeight(true)
  const heights = columns.map(({ width }, index) => page.heightOfString(cells[index] ?? '', { width: width - GAP }))
  return Math.min(Math.max(least, ...heights), least * CELL_LINES_MAX) + 4
}

function line<Row>(page: Page, { columns, cells, height }: Cells<Row> & { height: number }): void {
  const top = page.y
  let left = MARGIN
  columns.forEach((column, index) => {
    const align = column.right ? 'right' : 'left'
    page.text(cells[index] ?? '', left, top, { width: column.width - GAP, height: height - 3, align, ellipsis: true })
    left += column.width
  })
  page.x = MARGIN
  page.y = top + height
}

/** How many there are is known at the end only, so the feet are written then. */
function numberPages(page: Page, title: string): void {
  const { start, count } = page.bufferedPageRange()
  for (let index = start; index < start + count; index += 1) {
    page.switchToPage(index)
    // Below the margin, where else a new page would begin.
    page.page.margins.bottom = 0
    page
      .font('Helvetica')
      .fontSize(FONT_SIZE)
      .text(printable(`${title} - page ${index + 1} of ${count}`), MARGIN, page.page.height - FOOT, {
        ...{ width: tableWidth, align: 'right', lineBreak: false },
      })
  }
}

function collect(page: Page): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    page.on('data', (part: Buffer) => parts.push(part))
    page.on('end', () => resolve(Buffer.concat(parts)))
    page.on('error', reject)
  })
}

/** The letters that the fonts of every PDF reader have; of others the letter without its marks, else a question mark. */
function printable(text: string): string {
  return text
    .normalize('NFC')
    .replace(
      /[^\x20-\x7E\xA0-\xFF\u2013\u2014\u2018\u2019\u201C\u201D\u2022\u2026\u20AC]/gu,
      (letter) => letter.normalize('NFKD').replace(/[^\x20-\x7E]/gu, '') || '?',
    )
}
