/** What a walk through a document tells, in the order of the document; positions are those behind the tag. */
export interface Walker {
  open(tag: { name: string; attributes: Record<string, string> }, position: number): void
  text(text: string): void
  close(position: number): void
}

const prolog =
  /^(?:<\?xml version="1\.0"(?: encoding="[A-Za-z][\w.-]*")?(?: standalone="(?:yes|no)")? ?\?>)?[ \t\r\n]*(?:<\?qbxml version="[\d.]+" ?\?>)?[ \t\r\n]*/
const opening = /<([A-Za-z_][\w.-]*)((?:[ \t\r\n]+[A-Za-z_][\w.-]*="[^"<\t\r\n]*")*)[ \t\r\n]*(\/?)>/y
const attribute = /([A-Za-z_][\w.-]*)="([^"]*)"/g
const nothingMore = /^[ \t\r\n]*$/
/** Characters that are forbidden or come in pairs, and what must not stand in a text. */
const unplain = /[^\t\n\r\x20-\x7E\xA0-\uD7FF\uE000-\uFFFD]|\]\]>/

/**
 * Walks fast through XML as QuickBooks writes it: elements, attributes and text, whole from the first tag to the last. False
 * for all that is anything else, well-formed or not: what was told until then is worth nothing, and a full parser must judge.
 */
export function walkPlainXml(body: string, walker: Walker): boolean {
  if (unplain.test(body)) return false
  const open: string[] = []
  let at = prolog.exec(body)?.[0].length ?? 0
  do {
    const next = body.indexOf('<', at)
    if (next < 0) return false
    if (next > at) {
      const text = open.length === 0 ? null : textOf(body.slice(at, next))
      if (text === null) return false
      walker.text(text)
    }
    if (body[next + 1] === '/') {
      const tag = `</${open.pop()}>`
      if (!body.startsWith(tag, next)) return false
      at = next + tag.length
      walker.close(at)
      continue
    }
    opening.lastIndex = next
    const [tag, name, said = '', isEmpty] = opening.exec(body) ?? []
    const attributes = attributesOf(said)
    if (tag === undefined || name === undefined || attributes === null) return false
    at = next + tag.length
    walker.open({ name, attributes }, at)
    if (isEmpty) walker.close(at)
    else open.push(name)
  } while (open.length > 0)
  return nothingMore.test(body.slice(at))
}

const none: Record<string, string> = Object.freeze(Object.create(null))

/** Null for one that is said twice, or holds what is no character. */
function attributesOf(said: string): Record<string, string> | null {
  if (said === '') return none
  const attributes: Record<string, string> = Object.create(null)
  for (const [, name = '', value = ''] of said.matchAll(attribute)) {
    const text = textOf(value)
    if (text === null || name in attributes) return null
    attributes[name] = text
  }
  return attributes
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The text that is meant; null where it names what is none. */
function textOf(written: string): string | null {
  const lines = written.includes('\r') ? written.replace(/\r\n?/g, '\n') : written
  if (!lines.includes('&')) return lines
  let isText = true
  const text = lines.replace(
    /&(?:(lt|gt|amp|quot|apos)|#(\d{1,7})|#x([\dA-Fa-f]{1,6}))?(;?)/g,
    (_, name, ten, sixteen, end) => {
      if (name !== undefined && end) return named[name] ?? ''
      const code = ten === undefined ? Number.parseInt(sixteen ?? '', 16) : Number(ten)
      if (end && isCharacter(code)) return String.fromCodePoint(code)
      isText = false
      return ''
    },
  )
  return isText ? text : null
}

/** Whether XML may name a character so. */
function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x09 || code === 0x0a || code === 0x0d
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code < 0x110000)
}
