import { ExchangePurpose } from '../../domain/kinds.ts'
import type { Answer, LedgerRecord, Outcome, StoredExchange } from '../ledger.ts'
import { type Asked, meaningOf, notSent, notUnderstood, silence } from './faults.ts'
import { outcomeOfRefusal, refusalOf } from './hresults.ts'
import { requestIdOf } from './pack.ts'
import { type ReadAnswer, type Response, readAnswer } from './read-xml.ts'
import { type Reading, readRecord } from './records.ts'

export interface Understood {
  outcome: Outcome
  /** What QuickBooks said to this one exchange; null when nothing is attributable to it. */
  response: string | null
}

/** Understands a stored answer: one outcome for each exchange, by its id. Pure, and total: no answer makes it throw. */
export function fromAnswer({
  exchanges,
  answer,
  reading,
}: {
  exchanges: StoredExchange[]
  answer: Answer
  reading: Reading
}): Map<string, Understood> {
  const understand = readerOf({ exchanges, answer, reading })
  return new Map(exchanges.map((exchange) => [exchange.id, understand(exchange)]))
}

type Reader = (exchange: StoredExchange) => Understood

function readerOf({
  exchanges,
  answer,
  reading,
}: {
  exchanges: StoredExchange[]
  answer: Answer
  reading: Reading
}): Reader {
  const always = (outcome: Outcome) => () => ({ outcome, response: null })
  switch (answer.kind) {
    case 'not-sent':
      return always(notSent(answer.detail))
    case 'refused-sign-in':
      return always({ kind: 'stopped', reason: answer.reason, detail: { detail: answer.detail } })
    case 'lost':
      return (exchange) => ({ outcome: silence({ asked: askedBy(exchange), detail: answer.detail }), response: null })
    case 'answered': {
      const refusal = answer.status === 500 ? refusalOf(answer.body) : null
      const alone = exchanges.length === 1
      if (refusal) {
        return (exchange) => ({
          outcome: outcomeOfRefusal({ refusal, asked: askedBy(exchange), alone }),
          response: answer.body,
        })
      }
      return answer.status === 200
        ? readerOfBody(answer.body, reading)
        : always(notUnderstood(`neither qbXML nor an error of QuickBooks: status ${answer.status}`))
    }
  }
}

/** A record as it was read, or the name of one that could not be. */
type Found = LedgerRecord | { unread: string }

function readerOfBody(body: string, reading: Reading): Reader {
  const answer = readAnswer<Found>({
    body,
    read: (element) => readRecord(element, reading) ?? { unread: element.name },
  })
  if (answer.kind === 'unreadable') {
    return () => ({ outcome: notUnderstood(`the answer cannot be read: ${answer.detail}`), response: null })
  }
  const byId = new Map<string, Response<Found>[]>()
  for (const response of answer.responses) {
    byId.set(response.requestId, [...(byId.get(response.requestId) ?? []), response])
  }
  return (exchange) => {
    const ours = byId.get(requestIdOf(exchange)) ?? []
    const [response] = ours
    if (!response) return { outcome: outcomeOfNothing({ answer, exchange }), response: null }
    const outcome =
      ours.length === 1
        ? outcomeOfResponse({ exchange, response })
        : notUnderstood(`the set holds ${ours.length} answers to ${exchange.operation}`)
    return { outcome, response: saidTo({ exchange, response, body }) }
  }
}

/** To a write, every word. To a question, how it went: its records may be many, and stand in the answer as a whole. */
function saidTo({
  exchange,
  response: { name, statusCode, statusMessage, found, from, to },
  body,
}: {
  exchange: StoredExchange
  response: Response<Found>
  body: string
}): string {
  return exchange.purpose === ExchangePurpose.POST
    ? body.slice(from, to).trim()
    : `${name} ${statusCode} ${statusMessage}, ${found.length} records`
}

/** QuickBooks has nothing stored under the id of the set. (9002 is another matter: it may have broken down in its midst.) */
const nothingStored = '600'

function outcomeOfNothing({
  answer,
  exchange,
}: {
  answer: Extract<ReadAnswer<Found>, { kind: 'read' }>
  exchange: StoredExchange
}): Outcome {
  const { messageSetStatusCode, responses } = answer
  const absent = responses.length === 0 && messageSetStatusCode === nothingStored
  if (absent && exchange.purpose === ExchangePurpose.POST) return { kind: 'absent' }
  const status = messageSetStatusCode ? ` (set status ${messageSetStatusCode})` : ''
  return notUnderstood(`the set holds no answer to ${exchange.operation}${status}`)
}

function outcomeOfResponse({ exchange, response }: { exchange: StoredExchange; response: Response<Found> }): Outcome {
  const { statusCode, statusMessage, name, found } = response
  if (name !== answerNameOf(exchange)) return notUnderstood(`${name} is no answer to ${exchange.operation}`)
  const outcome = meaningOf({ code: statusCode, message: statusMessage }, askedBy(exchange))
  if (outcome !== 'fine') return outcome
  const records = found.filter((record): record is LedgerRecord => 'entity' in record)
  if (records.length < found.length) return notUnderstood(`${name} holds a record that cannot be read`)
  if (exchange.purpose !== ExchangePurpose.POST) return { kind: 'found', records }
  const [record] = records
  return record && records.length === 1
    ? { kind: 'posted', record, ...(statusCode === '0' ? {} : { warning: `${statusMessage} (${statusCode})` }) }
    : notUnderstood(`${name} holds ${records.length} records`)
}

function answerNameOf({ request }: StoredExchange): string {
  return `${/^<(\w+)Rq/.exec(request)?.[1] ?? ''}Rs`
}

function askedBy({ purpose, request }: StoredExchange): Asked {
  const writes = purpose === ExchangePurpose.POST
  const said = (element: string) => new RegExp(`<${element}>([^<]*)<`).exec(request)?.[1] ?? null
  const about = writes
    ? { documentNumber: said('RefNumber'), customerName: said('Name'), date: said('TxnDate') }
    : { documentNumber: null, customerName: null, date: null }
  return { writes, about }
}
