import { createHash } from 'node:crypto'
import type { Answer, Envelope, Outcome, StoredExchange } from '../ledger.ts'
import { meaningOf, notSent, notUnderstood, silence } from './faults.ts'
import { outcomeOfRefusal, refusalOf } from './hresults.ts'
import { messageSet } from './message-set.ts'
import { answerBytesMax, type Element, type Response, readAnswer } from './read-xml.ts'
import type { RequestName } from './schema/requests.ts'
import type { Values } from './values.ts'
import { attributesOf, type Iteration, writeRequest } from './write-xml.ts'

/** Why a question that writes nothing was not answered. */
export type Refused = Extract<Outcome, { kind: 'rejected' | 'deferred' | 'stopped' | 'unknown' }>

/** A request that writes nothing, under an id of its content, by which its answer is found. */
export function asking(args: { name: RequestName; values: Values; version: number; iteration?: Iteration }): string {
  const { name } = args
  const request = writeRequest(args)
  const requestID = `${name}-${createHash('sha256').update(request).digest('hex').slice(0, 16)}`
  return request.replace(/^<\w+/, (tag) => tag + attributesOf({ requestID }))
}

export function packOne(exchange: StoredExchange, version: number): Envelope {
  const body = messageSet({ requests: [exchange.request], version })
  return { method: 'QBXML', path: 'message-set', contentType: 'application/qbxml', body, exchanges: [exchange] }
}

const ASKED = { writes: false, about: { documentNumber: null, customerName: null, date: null } }

interface Read<Found> {
  request: string
  answer: Answer
  read: (record: Element) => Found
}

/** What `read` made of all records that the requests of one exchange were answered with, in their order; or why there are none. */
export function readPulled<Found>(args: Read<Found>): Found[] | Refused {
  const responses = readResponses(args)
  if (!Array.isArray(responses)) return responses
  const records: Found[] = []
  for (const response of responses) {
    const found = foundIn(response)
    if (!Array.isArray(found)) return found
    for (const record of found) records.push(record)
  }
  return records
}

/** What was said to each request of one exchange, in their order, whatever it was; or why there is nothing. */
export function readResponses<Found>({ request, answer, read }: Read<Found>): Response<Found>[] | Refused {
  if (answer.kind !== 'answered') return refused(unanswered(answer))
  const refusal = answer.status === 500 ? refusalOf(answer.body) : null
  if (refusal) return refused(outcomeOfRefusal({ refusal, asked: ASKED, alone: true }))
  // To ask again would bring as long an answer again.
  if (answer.body.length > answerBytesMax) {
    const detail = `the answer is longer than ${answerBytesMax} bytes`
    return { kind: 'rejected', reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail } }
  }
  const told = readAnswer<Found>({ body: answer.body, read })
  if (told.kind === 'unreadable') return refused(notUnderstood(`the answer cannot be read: ${told.detail}`))
  const responses: Response<Found>[] = []
  for (const [, requestId] of request.matchAll(/requestID="([^"]+)"/g)) {
    const [response, ...others] = told.responses.filter((one) => one.requestId === requestId)
    if (!response || others.length > 0)
      return refused(notUnderstood(`the set holds ${others.length + (response ? 1 : 0)} answers`))
    responses.push(response)
  }
  return responses
}

/** The records of a response, where its status says that they are what was asked for. */
export function foundIn<Found>({
  statusCode: code,
  statusMessage: message,
  found,
}: Response<Found>): Found[] | Refused {
  const meaning = meaningOf({ code, message }, ASKED)
  return meaning === 'fine' ? found : refused(meaning)
}

function unanswered(answer: Exclude<Answer, { kind: 'answered' }>): Outcome {
  switch (answer.kind) {
    case 'not-sent':
      return notSent(answer.detail)
    case 'lost':
      return silence({ asked: ASKED, detail: answer.detail })
    case 'refused-sign-in':
      return { kind: 'stopped', reason: answer.reason, detail: { detail: answer.detail } }
  }
}

/** Of all that an outcome may be, a pull knows how it failed. */
export function refused(outcome: Outcome): Refused {
  switch (outcome.kind) {
    case 'rejected':
    case 'deferred':
    case 'stopped':
    case 'unknown':
      return outcome
    default:
      return {
        kind: 'unknown',
        reason: 'ANSWER_NOT_UNDERSTOOD',
        detail: { detail: `nothing for a pull: ${outcome.kind}` },
      }
  }
}
