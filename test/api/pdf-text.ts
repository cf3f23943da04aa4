import { inflateSync } from 'node:zlib'
import PDFDocument from 'pdfkit'

/** A text where it stands: its left and right edge and its base line, in points. */
export interface PlacedText {
  text: string
  left: number
  right: number
  baseline: number
}

/** The texts of each page of a PDF of ours: its streams unpacked. */
export function pdfPages(file: Buffer): PlacedText[][] {
  const body = file.toString('latin1')
  const streams = [...body.matchAll(/stream\r?\n([\s\S]*?)\r?\nendstream/g)].map(([, stream = '']) => {
    try {
      return inflateSync(Buffer.from(stream, 'latin1')).toString('latin1')
    } catch {
      return ''
    }
  })
  const ruler = new PDFDocument()
  return streams.flatMap((stream) => {
    const shown = [...stream.matchAll(/1 0 0 1 (\S+) (\S+) Tm\s+\/(F\d+) (\S+) Tf\s+\[(.*?)\] TJ/g)]
    const texts = shown.map(([, x, y, font, size, parts = '']) => {
      const hex = [...parts.matchAll(/<([0-9a-f]+)>/g)].map(([, one = '']) => one)
      const text = Buffer.from(hex.join(''), 'hex').toString('latin1')
      const name = font === 'F1' ? 'Helvetica' : 'Helvetica-Bold'
      const width = ruler.font(name).fontSize(Number(size)).widthOfString(text)
      return { text, left: Number(x), right: Number(x) + width, baseline: Number(y) }
    })
    return texts.length > 0 ? [texts] : []
  })
}

/** Its words, a line for each piece of text. */
export function pdfText(file: Buffer): string {
  return pdfPages(file)
    .flatMap((page) => page.map(({ text }) => text))
    .join('\n')
}

/** Pairs of texts that stand in each other's way, and texts that reach beyond the paper. */
export function collisions(file: Buffer, { paperWidth }: { paperWidth: number }): string[] {
  return pdfPages(file).flatMap((page) => {
    const beyond = page.filter(({ left, right }) => left < 0 || right > paperWidth).map(({ text }) => `beyond: ${text}`)
    const lines = [...Map.groupBy(page, ({ baseline }) => Math.round(baseline * 10)).values()]
    const clashes = lines.flatMap((line) => {
      const ordered = line.toSorted((a, b) => a.left - b.left)
      return ordered.flatMap((one, index) => {
        const next = ordered[index + 1]
        return next && one.right > next.left + 0.01 ? [`${one.text} | ${next.text}`] : []
      })
    })
    return [...beyond, ...clashes]
  })
}
