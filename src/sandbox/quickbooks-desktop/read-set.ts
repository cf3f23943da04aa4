import { type Books, textsOf } from './books.ts'
import { RequestReader } from './check-request.ts'
import { supportedVersions } from './company-info.ts'
import type { Paging } from './iterators.ts'
import { latin1 } from './literals.ts'
import { type Element, readXml } from './read-xml.ts'
import { shapeOf } from './requests.ts'
import { CannotParse, Refusal } from './status.ts'
import { checksumOf } from './stored-answers.ts'
import type { Fields } from './write-xml.ts'

export interface PlannedRequest {
  /** Without `Rq`. */
  name: string
  requestId: string | undefined
  fields: Fields
  only: string[]
  paging: Paging
  /** What speaks against it before it has been tried. */
  refusal: Refusal | undefined
}

export interface MessageSet {
  stopsOnError: boolean
  oldId: string | undefined
  newId: string | undefined
  checksum: string
  requests: PlannedRequest[]
}

/** Reads and checks a whole set. Throws CannotParse when anything in it is not as the schema of its version has it. */
export function readSet({ books, text }: { books: Books; text: string }): MessageSet {
  const { root, version } = readXml({ text, takesRawCharacters: books.settings.quickBooksDesktopTakesRawCharacters })
  if (version === undefined || !supportedVersions(books).includes(version)) {
    throw new CannotParse(`version ${version ?? 'none'} is not supported`)
  }
  const [messages, stranger] = root.children
  if (root.name !== 'QBXML' || messages?.name !== 'QBXMLMsgsRq' || stranger) throw new CannotParse('no message set')
  const { onError, oldMessageSetID, newMessageSetID, responseData = 'includeAll', ...unknown } = messages.attributes
  if ((onError !== 'stopOnError' && onError !== 'continueOnError') || responseData !== 'includeAll') {
    throw new CannotParse('onError must be stopOnError or continueOnError')
  }
  noMore(unknown)
  const requests = messages.children.map((element) => readRequest({ books, element, version: Number(version) }))
  return {
    stopsOnError: onError === 'stopOnError',
    oldId: oldMessageSetID,
    newId: newMessageSetID,
    checksum: checksumOf(messages.children),
    requests,
  }
}

function readRequest({ books, element, version }: { books: Books; element: Element; version: number }): PlannedRequest {
  const name = /^(\w+)Rq$/.exec(element.name)?.[1] ?? ''
  const shape = shapeOf(name)
  if (!shape) throw new CannotParse(`no request is called ${element.name}`)
  const { requestID, iterator, iteratorID, metaData: _, ...unknown } = element.attributes
  noMore(unknown)
  if (iterator !== undefined || iteratorID !== undefined) {
    const isIterator = iterator === 'Start' || (iterator === 'Continue' && iteratorID !== undefined)
    if (!shape.isIterable || !isIterator) throw new CannotParse(`${name} cannot be read page by page so`)
  }
  const reader = new RequestReader({ version, latin1: (text) => takenText({ books, text }) })
  const { IncludeRetElement, ...fields } = reader.read({ element, particles: shape.particles })
  const maxReturned = fields.MaxReturned === undefined ? undefined : Number(fields.MaxReturned)
  return {
    name,
    requestId: requestID,
    fields,
    only: textsOf(IncludeRetElement),
    paging: { iterator, iteratorId: iteratorID, maxReturned },
    refusal: requestID !== undefined && requestID.length > 50 ? badRequestId(requestID) : reader.refusal,
  }
}

function badRequestId(id: string): Refusal {
  const message = `The request ID "${id}" is invalid, possibly too long, max 50 chars.`
  return new Refusal({ statusCode: 1060, message })
}

function noMore(unknown: Record<string, string>): void {
  const [name] = Object.keys(unknown)
  if (name !== undefined) throw new CannotParse(`an attribute ${name}`)
}

function takenText({ books, text }: { books: Books; text: string }): string {
  const taken = latin1(text)
  const isChanged = taken !== text && books.settings.quickBooksDesktopNonLatin1 === 'refuse'
  if (taken === undefined || isChanged) throw new CannotParse('a character that is not taken')
  return taken
}
