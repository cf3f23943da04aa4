/** One element as it opens. */
export interface XmlElement {
  /** The name without its namespace prefix. */
  name: string
  attributes: Record<string, string>
}

/** The text is not well-formed XML, or uses what no service description needs. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

const ELEMENT = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const ATTRIBUTE = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const PASSED_OVER = /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>/y
const DEPTH_MAX = 100

/**
 * Reads XML from its beginning to its end and calls `open` and `close` for each element; texts between them are passed
 * over. Strict: what is not closed, wrongly closed, or declares a document type (the door of every XML attack) throws XmlError.
 */
export function readXml(text: string, reader: { open(element: XmlElement): void; close(name: string): void }): void {
  const opened: string[] = []
  let elements = 0
  for (let at = text.indexOf('<'); at >= 0; ) {
    PASSED_OVER.lastIndex = at
    ELEMENT.lastIndex = at
    const passed = PASSED_OVER.exec(text)
    const element = passed ? null : ELEMENT.exec(text)
    if (!passed && !element) throw new XmlError(`no XML at character ${at}: ${text.slice(at, at + 40)}`)
    if (element) {
      const [, closing, qualified = '', attributes = '', empty] = element
      if (opened.length === 0 && elements > 0) throw new XmlError(`a second root at character ${at}`)
      if (closing) {
        if (opened.pop() !== qualified) throw new XmlError(`</${qualified}> closes nothing at character ${at}`)
        if (opened.length === 0) elements++
      } else {
        reader.open({ name: localName(qualified), attributes: attributesOf(attributes) })
        if (!empty && opened.push(qualified) > DEPTH_MAX) throw new XmlError(`deeper than ${DEPTH_MAX} elements`)
      }
      if (closing || empty) reader.close(localName(qualified))
    }
    at = text.indexOf('<', passed ? PASSED_OVER.lastIndex : ELEMENT.lastIndex)
  }
  if (opened.length > 0) throw new XmlError(`<${opened.at(-1)}> is never closed`)
  if (elements === 0) throw new XmlError('no element at all')
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {}
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    attributes[localName(name)] = decoded(double ?? single ?? '')
  }
  return attributes
}

function localName(qualified: string): string {
  return qualified.slice(qualified.indexOf(':') + 1)
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(/&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|(\w+));/g, (whole, hex, digits, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
