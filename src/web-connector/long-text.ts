import { randomUUID } from 'node:crypto'

/** A call whose longest text was taken out: in its place stands the token. */
export interface Lifted {
  body: string
  token: string
  text: string
}

const OPENING = '<response>'
const CLOSING = '</response>'
/** How a text of a call may be written, in the order in which it is read: what `&amp;` stands for is not read again. */
const WRITTEN = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&#xD;': '\r', '&#xA;': '\n', '&amp;': '&' }
const UNUSUAL = /&(?!(?:lt|gt|quot|apos|#xD|#xA|amp);)/

/**
 * Takes QuickBooks' answer out of a call before the envelope is parsed: it is all but a few of the characters of the call,
 * and to read it one by one would take longer than all the rest. Null where it is written in an unusual way, and for calls
 * that bring none: then the parser reads it all.
 */
export function lift(body: string): Lifted | null {
  const at = body.indexOf(OPENING)
  const from = at + OPENING.length
  const to = body.indexOf('<', from)
  if (at < 0 || !body.startsWith(CLOSING, to)) return null
  const [before, rest] = [body.slice(0, from), body.slice(to)]
  const written = body.slice(from, to)
  const isUnusual = before.includes('<!') || rest.includes('<!') || rest.includes(OPENING) || UNUSUAL.test(written)
  if (isUnusual || written.trim() === '') return null
  const token = randomUUID()
  const text = Object.entries(WRITTEN).reduce((read, [entity, meant]) => read.replaceAll(entity, meant), written)
  return { body: before + token + rest, token, text: text.trim() }
}
