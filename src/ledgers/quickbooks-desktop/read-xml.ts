import { SaxesParser, type SaxesTagPlain } from 'saxes'

/** An answer may be this long. */
export const answerBytesMax = 64 * 1024 * 1024

/** The text is handed to the parser in pieces, so that what was understood can be let go. */
const pieceLength = 256 * 1024

/** An element of an answer. */
export interface Element {
  name: string
  attributes: Record<string, string>
  /** Its text, trimmed at both ends; empty when it holds elements. */
  text: string
  of: Element[]
}

/** What QuickBooks said to one request. */
export interface Response<Found> {
  /** Such as `InvoiceAddRs`. */
  name: string
  requestId: string
  statusCode: string
  statusSeverity: string
  statusMessage: string
  attributes: Record<string, string>
  /** What `read` made of each record in it. */
  found: Found[]
  /** Where it stands in the body, from its first character to behind its last. */
  from: number
  to: number
}

export type ReadAnswer<Found> =
  | { kind: 'read'; messageSetStatusCode: string | null; responses: Response<Found>[] }
  /** Truncated, too long, no qbXML, or with a document type or entities of its own. */
  | { kind: 'unreadable'; detail: string }

/** The elements around the records of an answer: the document, the message set, the response. */
const responseDepth = 3

/**
 * Reads an answer as a stream of events: each record goes through `read` as soon as it is complete, and its elements are
 * let go. Never throws. An answer that is not whole from its first tag to its last is unreadable, never half an answer.
 */
export function readAnswer<Found>({
  body,
  read,
}: {
  body: string
  read: (record: Element, response: Response<Found>) => Found
}): ReadAnswer<Found> {
  if (body.length > answerBytesMax)
    return { kind: 'unreadable', detail: `the answer is longer than ${answerBytesMax} bytes` }
  const reader = new AnswerReader(read)
  try {
    const parser = new SaxesParser({ position: true })
    // A document type is where entities come from; neither belongs in an answer.
    parser.on('doctype', () => parser.fail('a document type is refused'))
    parser.on('error', (error) => {
      throw error
    })
    parser.on('opentag', (tag) => reader.open(tag as SaxesTagPlain, parser.position))
    parser.on('text', (text) => reader.text(text))
    parser.on('cdata', (text) => reader.text(text))
    parser.on('closetag', () => reader.close(parser.position))
    for (let start = 0; start < body.length; start += pieceLength) parser.write(body.slice(start, start + pieceLength))
    parser.close()
  } catch (error) {
    return { kind: 'unreadable', detail: error instanceof Error ? error.message.split('\n')[0]! : String(error) }
  }
  return reader.isAnswer
    ? { kind: 'read', messageSetStatusCode: reader.messageSetStatusCode, responses: reader.responses }
    : { kind: 'unreadable', detail: 'it holds no message set' }
}

class AnswerReader<Found> {
  readonly responses: Response<Found>[] = []
  messageSetStatusCode: string | null = null
  isAnswer = false
  readonly #read: (record: Element, response: Response<Found>) => Found
  /** The open elements below the response. */
  #open: Element[] = []
  #depth = 0
  /** Where the last response ended, or the message set began. */
  #end = 0

  constructor(read: (record: Element, response: Response<Found>) => Found) {
    this.#read = read
  }

  open({ name, attributes }: SaxesTagPlain, position: number): void {
    this.#depth += 1
    if (this.#depth === responseDepth - 1 && name === 'QBXMLMsgsRs') {
      this.isAnswer = true
      this.messageSetStatusCode = attributes.messageSetStatusCode ?? null
      this.#end = position
    }
    if (this.#depth === responseDepth) this.responses.push(responseOf<Found>({ name, attributes, from: this.#end }))
    if (this.#depth <= responseDepth) return
    const element: Element = { name, attributes, text: '', of: [] }
    this.#open.at(-1)?.of.push(element)
    this.#open.push(element)
  }

  text(text: string): void {
    const element = this.#open.at(-1)
    if (element) element.text += text
  }

  close(position: number): void {
    const response = this.responses.at(-1)
    if (this.#depth === responseDepth && response) {
      response.to = position
      this.#end = position
    }
    this.#depth -= 1
    const element = this.#open.pop()
    if (!element) return
    element.text = element.of.length > 0 ? '' : element.text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
    if (this.#open.length === 0 && response) response.found.push(this.#read(element, response))
  }
}

function responseOf<Found>({
  name,
  attributes,
  from,
}: Pick<SaxesTagPlain, 'name' | 'attributes'> & { from: number }): Response<Found> {
  return {
    name,
    requestId: attributes.requestID ?? '',
    statusCode: attributes.statusCode ?? '',
    statusSeverity: attributes.statusSeverity ?? '',
    statusMessage: attributes.statusMessage ?? '',
    attributes,
    found: [],
    from,
    to: from,
  }
}

/** The text of the element at a path of names; undefined when there is none, or it is empty. */
export function textAt(element: Element, ...path: string[]): string | undefined {
  let found: Element | undefined = element
  for (const name of path) found = found?.of.find((inner) => inner.name === name)
  return found?.text || undefined
}

/** The elements of one name, directly below. */
export function allOf(element: Element, name: string): Element[] {
  return element.of.filter((inner) => inner.name === name)
}
