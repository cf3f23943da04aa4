import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes'

const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
const INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance'
const INTUIT = 'http://developer.intuit.com/'

/** What came back over HTTP. */
export interface Reply {
  status: number
  statusText: string
  contentType: string
  text: string
}

/** A call that brought no usable answer; the message is what the person at the office is shown. */
export class CallFailed extends Error {}

export const soapAction = (method: string): string => `"${INTUIT}${method}"`

/** The request as the real one writes it: one line, and an empty string as an empty element. */
export function envelope({ method, parameters }: { method: string; parameters: [string, string | number][] }): string {
  const inside = parameters
    .map(([name, value]) => (value === '' ? `<${name} />` : `<${name}>${escaped(String(value))}</${name}>`))
    .join('')
  const call = `<${method} xmlns="${INTUIT}"${inside === '' ? ' />' : `>${inside}</${method}>`}`
  return (
    `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${SOAP}" xmlns:xsi="${INSTANCE}" ` +
    `xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body>${call}</soap:Body></soap:Envelope>`
  )
}

/**
 * The strings of an answer: one for most methods, several for authenticate, none for a missing or nil result.
 * Throws CallFailed with the words of the real one for a fault, a page of HTML, and XML that it cannot read.
 */
export function resultOf({ method, reply }: { method: string; reply: Reply }): string[] {
  const { status, statusText, contentType, text } = reply
  if (status !== 200 && !(status === 500 && /^text\/xml\b/i.test(contentType))) {
    throw new CallFailed(`The request failed with HTTP status ${status}: ${statusText}.`)
  }
  if (!/^text\/xml\b/i.test(contentType)) {
    throw new CallFailed(`Client found response content type of '${contentType}', but expected 'text/xml'.`)
  }
  const { fault, strings, isAnswer } = read({ method, text })
  if (fault !== null) throw new CallFailed(fault)
  if (!isAnswer) throw new CallFailed(`Response is not well-formed XML: there is no ${method}Response in it.`)
  return strings
}

interface Found {
  fault: string | null
  isAnswer: boolean
  strings: string[]
}

/** Reads along the one path that an answer has; names of another namespace are strangers and are passed over. */
function read({ method, text }: { method: string; text: string }): Found {
  const found: Found = { fault: null, isAnswer: false, strings: [] }
  const path: string[] = []
  const start = `Envelope/Body/${method}Response`
  const result = `${start}/${method}Result`
  let gathered: string[] = []
  const parser = new SaxesParser({ xmlns: true, position: false })
  parser.on('error', (error) => {
    throw new CallFailed(`Response is not well-formed XML. ${error.message}`)
  })
  parser.on('doctype', () => {
    throw new CallFailed('For security reasons DTD is prohibited in this XML document.')
  })
  parser.on('opentag', (tag) => {
    path.push(nameOf(tag, path.length))
    gathered = []
    if (path.join('/') === start) found.isAnswer = true
  })
  const onText = (part: string) => gathered.push(part)
  parser.on('text', onText)
  parser.on('cdata', onText)
  parser.on('closetag', (tag) => {
    const at = path.join('/')
    path.pop()
    if (at === 'Envelope/Body/Fault/faultstring') found.fault = gathered.join('')
    else if (at === 'Envelope/Body/Fault') found.fault ??= 'The server answered with a SOAP fault.'
    else if (at === `${result}/string`) found.strings.push(gathered.join(''))
    else if (at === result && found.strings.length === 0 && !isNil(tag)) found.strings.push(gathered.join(''))
    gathered = []
  })
  parser.write(text).close()
  return found
}

/** The plain name where the namespace is the right one for its depth; the parts of a fault have none. */
function nameOf({ local, uri }: SaxesTagNS, depth: number): string {
  const isRight = depth < 2 ? uri === SOAP : local === 'Fault' ? uri === SOAP : uri === INTUIT || uri === ''
  if (!isRight || (uri === '' && !/^fault/.test(local))) return `{${uri}}${local}`
  return local
}

function isNil({ attributes }: SaxesTagNS): boolean {
  return Object.values(attributes).some(
    ({ uri, local, value }: SaxesAttributeNS) => uri === INSTANCE && local === 'nil' && /^(true|1)$/.test(value),
  )
}

function escaped(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => entities[character] ?? character)
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
