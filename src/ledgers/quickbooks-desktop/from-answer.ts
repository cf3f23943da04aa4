import { ExchangePurpose } from '../../domain/kinds.ts'
import { LinkKind } from '../../domain/link.ts'
import type { Answer, LedgerRecord, Outcome, StoredExchange } from '../ledger.ts'
import { type Asked, meaningOf, notSent, notUnderstood, silence } from './faults.ts'
import { outcomeOfRefusal, refusalOf } from './hresults.ts'
import { requestsOf } from './pack.ts'
import { type Element, type ReadAnswer, type Response, readAnswer } from './read-xml.ts'
import { readRecord } from './records.ts'
import type { Verb } from './to-request.ts'
import { type Reading, readLinks } from './txn-records.ts'

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
        ? readerOfBody({ body: answer.body, exchanges, reading })
        : always(notUnderstood(`neither qbXML nor an error of QuickBooks: status ${answer.status}`))
    }
  }
}

/** The records of an element, which most often is one; or the name of one that could not be read. */
type Found = LedgerRecord[] | { unread: string }

function readerOfBody({
  body,
  exchanges,
  reading,
}: {
  body: string
  exchanges: StoredExchange[]
  reading: Reading
}): Reader {
  const exchangeOf = new Map(
    exchanges.flatMap((exchange) => requestsOf(exchange).map(({ requestId }) => [requestId, exchange])),
  )
  const answer = readAnswer<Found>({
    body,
    read: (element, { requestId }) =>
      readRecords(element, { reading, exchange: exchangeOf.get(requestId) }) ?? { unread: element.name },
  })
  if (answer.kind === 'unreadable') {
    return () => ({ outcome: notUnderstood(`the answer cannot be read: ${answer.detail}`), response: null })
  }
  const byId = Map.groupBy(answer.responses, ({ requestId }) => requestId)
  return (exchange) => {
    const asked = requestsOf(exchange)
    const said = asked.map(({ requestId }) => byId.get(requestId) ?? [])
    if (said.every((responses) => responses.length === 0)) {
      return { outcome: outcomeOfNothing({ answer, exchange }), response: null }
    }
    const outcomes = asked.map(({ name }, index) => {
      const [response, ...more] = said[index] ?? []
      return response && more.length === 0
        ? outcomeOfResponse({ exchange, asked: name, response })
        : notUnderstood(`the set holds ${said[index]?.length} answers to ${exchange.operation}`)
    })
    const words = said.flat().map((response) => saidTo({ exchange, response, body }))
    return { outcome: together(outcomes), response: words.join('\n') }
  }
}

/** What an element holds, as it was asked for: a refund is a credit memo here, and a credit that was only set is a link. */
function readRecords(
  element: Element,
  { reading, exchange }: { reading: Reading; exchange: StoredExchange | undefined },
): LedgerRecord[] | null {
  const { operation = '', purpose } = exchange ?? {}
  // What was written is answered by its own kind of record, and by no other.
  if (purpose === ExchangePurpose.POST && element.name !== `${operation.split(' ')[1]}Ret`) return null
  if (element.name === 'InvoiceRet' && operation === 'query ReceivePayment') return readLinks(element)
  const record = readRecord(element, reading)
  return record && [operation.endsWith('(refund)') ? { ...record, entity: LinkKind.REFUND } : record]
}

/** What the requests of one exchange found is one answer; what one of them says else, counts for all. */
function together(outcomes: Outcome[]): Outcome {
  const records = outcomes.flatMap((outcome) => (outcome.kind === 'found' ? outcome.records : []))
  return outcomes.find(({ kind }) => kind !== 'found') ?? { kind: 'found', records }
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

function outcomeOfResponse({
  exchange,
  asked,
  response: { name, statusCode, statusMessage, found },
}: {
  exchange: StoredExchange
  asked: string
  response: Response<Found>
}): Outcome {
  if (name !== `${asked}Rs`) return notUnderstood(`${name} is no answer to ${exchange.operation}`)
  const outcome = meaningOf({ code: statusCode, message: statusMessage }, askedBy(exchange))
  if (outcome !== 'fine') return outcome
  if (tellsNoRecord(exchange)) return { kind: 'done' }
  const records = found.flatMap((one) => ('unread' in one ? [] : one))
  if (found.some((one) => 'unread' in one)) return notUnderstood(`${name} holds a record that cannot be read`)
  if (exchange.purpose !== ExchangePurpose.POST) return { kind: 'found', records }
  const [record] = records
  return record && records.length === 1
    ? { kind: 'posted', record, ...(statusCode === '0' ? {} : { warning: `${statusMessage} (${statusCode})` }) }
    : notUnderstood(`${name} holds ${records.length} records`)
}

/** QuickBooks tells of a void or a deletion only that it was done; and where a credit is only set, it makes no record at all. */
function tellsNoRecord({ purpose, request }: StoredExchange): boolean {
  return purpose === ExchangePurpose.POST && (/^<Txn(Void|Del)Rq/.test(request) || request.includes('<SetCredit>'))
}

function askedBy({ purpose, operation, request }: StoredExchange): Asked {
  if (purpose !== ExchangePurpose.POST) {
    return { writes: false, about: { documentNumber: null, customerName: null, date: null } }
  }
  const said = (element: string) => new RegExp(`<${element}>([^<]*)<`).exec(request)?.[1] ?? null
  return {
    writes: true,
    verb: operation.split(' ')[0] as Verb,
    about: { documentNumber: said('RefNumber'), customerName: said('Name'), date: said('TxnDate') },
  }
}
