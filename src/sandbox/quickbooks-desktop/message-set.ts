import type { Fault } from '../faults.ts'
import type { Books } from './books.ts'
import type { Answered } from './call.ts'
import type { Iterators } from './iterators.ts'
import { operations } from './operations.ts'
import { type MessageSet, type PlannedRequest, readSet } from './read-set.ts'
import { CannotParse, hresults, messageOf, Refusal, severityOf } from './status.ts'
import { StoredAnswers } from './stored-answers.ts'
import { type Fields, ret, tag } from './write-xml.ts'

/** What a set came to, and how long QuickBooks was busy with it. */
export type Processed = ({ response: string } | { hresult: string; message: string }) & { tookMs: number }

interface Noted {
  requests: string[]
  requestIds: (string | undefined)[]
  statusCodes: number[]
  [more: string]: unknown
}

/** Processes message sets one after another: checks, faults to order, recovery, then request by request. */
export class MessageSetProcessor {
  readonly #books: Books
  readonly #iterators: Iterators
  readonly #stored: StoredAnswers

  constructor({ books, iterators }: { books: Books; iterators: Iterators }) {
    this.#books = books
    this.#iterators = iterators
    this.#stored = new StoredAnswers(books)
  }

  process(text: string): Processed {
    const noted: Noted = { requests: [], requestIds: [], statusCodes: [] }
    const done = this.#processNoted({ text, noted })
    const failed = 'hresult' in done
    if (failed) noted.hresult = done.hresult
    const { log, clock } = this.#books.sandbox
    const path = `message-set/${String(noted.newMessageSetId ?? '')}`
    const entry = log.note({ system: 'quickbooks-desktop', method: 'QBXML', path, detail: noted })
    entry.status = failed ? 500 : 200
    entry.answeredAt = clock.now().toISOString()
    return done
  }

  /** The answers to queries that are QuickBooks' own, without a trace in the log. */
  ask(requests: PlannedRequest[]): string {
    const answers = requests.map((request) => this.#written({ request, answered: this.#run(request) }))
    return documentOf({ body: answers.join('') })
  }

  #processNoted({ text, noted }: { text: string; noted: Noted }): Processed {
    const { quickBooksDesktopRoundTripMs: roundTripMs, quickBooksDesktopPerRequestMs: perRequestMs } =
      this.#books.settings
    let set: MessageSet
    try {
      set = readSet({ books: this.#books, text })
    } catch (error) {
      if (!(error instanceof CannotParse)) throw error
      noted.complaint = error.message
      return { ...hresults.parse, tookMs: roundTripMs }
    }
    noted.requests = set.requests.map(({ name }) => `${name}Rq`)
    noted.requestIds = set.requests.map(({ requestId }) => requestId)
    if (set.newId !== undefined) noted.newMessageSetId = set.newId
    if (set.oldId !== undefined) noted.oldMessageSetId = set.oldId
    const faults = this.#faultsOf(set)
    const first = [faults.ofSet, ...faults.ofRequests].find((fault) => fault && fault.kind !== 'status')
    if (first) noted.fault = first.kind
    const tookMs =
      roundTripMs + perRequestMs * set.requests.length + (first?.kind === 'delay' ? (first.seconds ?? 1) * 1000 : 0)
    if (first?.kind === 'hresult' && first.when !== 'after') return { ...failureOf(first), tookMs }
    // One journal entry for all that a set changes, so that a killed sandbox has all of it or nothing.
    const response = this.#books.sandbox.store.together(() => this.#answer({ set, faults, noted }))
    return { ...spoiled({ response, fault: first }), tookMs }
  }

  #faultsOf({ newId, requests }: MessageSet): Faults {
    const { faults } = this.#books.sandbox
    const occasion = { system: 'quickbooks-desktop', method: 'QBXML' } as const
    return {
      ofSet: faults.take({ ...occasion, path: `message-set/${newId ?? ''}`, operation: 'MessageSet' }),
      ofRequests: requests.map(({ name, requestId = '' }) =>
        faults.take({
          ...occasion,
          path: `${name}Rq ${requestId}`,
          operation: name,
          entity: name.replace(/(Add|Mod|Query)$/, ''),
        }),
      ),
    }
  }

  /** The response's text; undefined when QuickBooks broke down in the midst. */
  #answer({ set, faults, noted }: { set: MessageSet; faults: Faults; noted: Noted }): string | undefined {
    const { oldId, newId, checksum, requests } = set
    const recovery = this.#stored.before({ oldId, newId, checksum, isEmpty: requests.length === 0 })
    noted.recovery = recovery.kind === 'code' ? recovery.code : recovery.kind
    if (recovery.kind === 'repeat') return recovery.response
    const attributes = { newMessageSetID: newId, messageSetStatusCode: (newId ?? oldId) ? 0 : undefined }
    if (recovery.kind === 'code') {
      return documentOf({ attributes: { ...attributes, messageSetStatusCode: recovery.code }, body: '' })
    }
    const body = this.#runAll({ set, faults, noted })
    if (body === undefined) {
      if (newId !== undefined) this.#stored.put({ id: newId, checksum })
      return undefined
    }
    if (faults.ofSet?.kind === 'cannot-store') {
      return documentOf({ attributes: { ...attributes, messageSetStatusCode: 9005 }, body })
    }
    const response = documentOf({ attributes, body })
    if (newId !== undefined) this.#stored.put({ id: newId, checksum, response })
    return response
  }

  #runAll({ set, faults, noted }: { set: MessageSet; faults: Faults; noted: Noted }): string | undefined {
    let isStopped = false
    let body = ''
    for (const [at, request] of set.requests.entries()) {
      const fault = faults.ofRequests[at]
      if (fault?.kind === 'crash' && fault.when !== 'after') return undefined
      const answered: Answered = isStopped ? refused(3231) : this.#runWithFault({ request, fault })
      if (fault?.kind === 'crash') return undefined
      const { statusCode = 0 } = answered
      noted.statusCodes.push(statusCode)
      isStopped ||= set.stopsOnError && severityOf(statusCode) === 'Error'
      body += this.#written({ request, answered })
    }
    return body
  }

  /** A status of a fault is told instead of the request being done; a warning, or one that comes after, is told of a request that was done. */
  #runWithFault({ request, fault }: { request: PlannedRequest; fault: Fault | undefined }): Answered {
    if (fault?.kind !== 'status') return this.#run(request)
    const statusCode = fault.status ?? 3175
    const message = typeof fault.message === 'string' ? fault.message : messageOf(statusCode)
    if (fault.when !== 'after' && severityOf(statusCode) === 'Error') return { statusCode, message, body: '' }
    const answered = this.#run(request)
    return { ...answered, statusCode, message, body: severityOf(statusCode) === 'Error' ? '' : answered.body }
  }

  #run({ name, fields, only, paging, refusal }: PlannedRequest): Answered {
    const operation = operations[name]
    if (!operation) return refused(1030)
    const { quickBooksDesktopReadOnly: isReadOnly, quickBooksDesktopLockStatus: lockStatus } = this.#books.settings
    const isWrite = /(Add|Mod|Del|Void)$/.test(name)
    if (isWrite && isReadOnly) return refused(3260)
    if (isWrite && lockStatus > 0) return refused(lockStatus)
    try {
      if (refusal) throw refusal
      checkPlayed(fields)
      return operation({ books: this.#books, name, fields, only, paging, iterators: this.#iterators })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { statusCode, message, current } = error
      return { statusCode, message, body: current ? ret(current) : '' }
    }
  }

  #written({ request, answered }: { request: PlannedRequest; answered: Answered }): string {
    const { statusCode = 0, message = messageOf(statusCode), attributes, body } = answered
    const status = { statusCode, statusSeverity: severityOf(statusCode), statusMessage: message }
    return tag({
      name: `${request.name}Rs`,
      attributes: { requestID: request.requestId, ...status, ...attributes },
      body,
    })
  }
}

const notPlayed = /^(AccountFilter|CurrencyFilter|ClassFilter|Report(Account|Entity|Item|Class)Filter)$/

/** A filter that would be passed over in silence is refused instead. */
function checkPlayed(fields: Fields): void {
  const name = Object.keys(fields).find((field) => notPlayed.test(field))
  if (name !== undefined) throw new Refusal({ statusCode: 3250, message: `The filter "${name}" is not played here.` })
}

interface Faults {
  ofSet: Fault | undefined
  ofRequests: (Fault | undefined)[]
}

const refused = (statusCode: number): Answered => ({ statusCode, message: messageOf(statusCode), body: '' })

function documentOf({
  attributes,
  body,
}: {
  attributes?: Record<string, string | number | undefined>
  body: string
}): string {
  const messages = tag({ name: 'QBXMLMsgsRs', ...(attributes ? { attributes } : {}), body })
  return `<?xml version="1.0" ?>\n${tag({ name: 'QBXML', body: messages })}`
}

function failureOf({ code, message }: Fault): { hresult: string; message: string } {
  const known = Object.values(hresults).find(({ hresult }) => hresult === code) ?? hresults.unexpected
  return { hresult: code ?? known.hresult, message: typeof message === 'string' ? message : known.message }
}

/** What is left of an answer after the fault that was ordered. */
function spoiled({ response, fault }: { response: string | undefined; fault: Fault | undefined }) {
  if (response === undefined) return { ...hresults.unexpected }
  switch (fault?.kind) {
    case 'hresult':
      return failureOf(fault)
    case 'lost':
      return fault.code === '' ? { response: '' } : failureOf(fault)
    case 'truncated':
      return { response: response.slice(0, Math.floor(response.length / 2)) }
    case 'body':
      return { response: fault.body ?? '' }
    default:
      return { response }
  }
}
