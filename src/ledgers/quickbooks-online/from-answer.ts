import { ExchangePurpose } from '../../domain/kinds.ts'
import type { Answer, LedgerRecord, Outcome, StoredExchange } from '../ledger.ts'
import { isNumberLiteral, membersOf, readJson, writeJson } from './exact-json.ts'
import { type Asked, notSent, notUnderstood, outcomeOfFaults, silence } from './faults.ts'
import { queryRowsMax } from './questions.ts'
import { faultsOf, faultsOfXml } from './read-faults.ts'
import { ENTITIES, type EntityName, readRecord } from './records.ts'
import type { Verb } from './to-request.ts'

export interface Understood {
  outcome: Outcome
  /** What QuickBooks said to this one exchange; null when nothing is attributable to it. */
  response: string | null
}

/** Understands a stored answer: one outcome for each exchange, by its id. Pure, and total: no answer makes it throw. */
export function fromAnswer({
  exchanges,
  answer,
}: {
  exchanges: StoredExchange[]
  answer: Answer
}): Map<string, Understood> {
  const understand = readerOf({ exchanges, answer })
  return new Map(exchanges.map((exchange) => [exchange.id, understand(exchange)]))
}

type Reader = (exchange: StoredExchange) => Understood

function readerOf({ exchanges, answer }: { exchanges: StoredExchange[]; answer: Answer }): Reader {
  switch (answer.kind) {
    case 'not-sent':
      return () => ({ outcome: notSent(answer.detail), response: null })
    case 'refused-sign-in': {
      const { reason, detail } = answer
      return () => ({ outcome: { kind: 'stopped', reason, detail: { detail } }, response: null })
    }
    case 'lost':
      return (exchange) => ({ outcome: silence({ asked: askedBy(exchange), detail: answer.detail }), response: null })
    case 'answered':
      return readerOfBody({ answer, single: exchanges.length === 1 })
  }
}

function readerOfBody({ answer, single }: { answer: Extract<Answer, { kind: 'answered' }>; single: boolean }): Reader {
  const { status, body } = answer
  const json = readJson(body)
  const faults = json === undefined ? faultsOfXml(body) : faultsOf(json)
  if (status < 200 || status >= 300 || faults.length > 0 || json === undefined) {
    return (exchange) => ({
      outcome: outcomeOfFaults({ status, faults, asked: askedBy(exchange) }),
      response: single ? body : null,
    })
  }
  // What is left of a lost batch may be one item, and is still a batch.
  if (single && !('BatchItemResponse' in membersOf(json)))
    return (exchange) => ({ outcome: outcomeOfItem({ exchange, json }), response: body })
  return readerOfBatch(json)
}

function readerOfBatch(json: unknown): Reader {
  const answers = membersOf(json).BatchItemResponse
  const items = (Array.isArray(answers) ? answers : []) as unknown[]
  return (exchange) => {
    const ours = items.filter((item) => membersOf(item).bId === String(exchange.position))
    if (ours.length !== 1) {
      return {
        outcome: notUnderstood(`the batch holds ${ours.length} answers to item ${exchange.position}`),
        response: null,
      }
    }
    return { outcome: outcomeOfItem({ exchange, json: ours[0] }), response: writeJson(ours[0]) }
  }
}

/** What a successful answer, or one item of a batch, means to its exchange. A batch item has no HTTP status of its own. */
function outcomeOfItem({ exchange, json }: { exchange: StoredExchange; json: unknown }): Outcome {
  const members = membersOf(json)
  const entity = entityOf(exchange)
  if ('Fault' in members || 'fault' in members) {
    return outcomeOfFaults({ status: 200, faults: faultsOf(json), asked: askedBy(exchange) })
  }
  if (entity === null) return notUnderstood(`no answer is known to ${exchange.operation}`)
  return exchange.purpose === ExchangePurpose.POST
    ? outcomeOfWrite({ entity, json: members[entity], exchange })
    : outcomeOfQuery({ entity, json: members.QueryResponse })
}

function outcomeOfWrite(args: { entity: EntityName; json: unknown; exchange: StoredExchange }): Outcome {
  const { entity, json, exchange } = args
  if (exchange.operation.startsWith('delete ')) return outcomeOfDeletion({ json, request: exchange.request })
  const record = readRecord({ entity, json })
  return record ? { kind: 'posted', record } : notUnderstood(`the answer holds no ${entity} with an id`)
}

/** A deletion is told with the id alone: that it is gone is read before it is believed. */
function outcomeOfDeletion({ json, request }: { json: unknown; request: string }): Outcome {
  const { status, Id } = membersOf(json)
  const isOurs = Id !== undefined && Id === membersOf(readJson(request)).Id
  return status === 'Deleted' && isOurs ? { kind: 'done' } : notUnderstood('the answer does not say that it is deleted')
}

/** Nothing found is said by an empty response. Rows that cannot be read, or might be cut off, prove nothing. */
function outcomeOfQuery({ entity, json }: { entity: EntityName; json: unknown }): Outcome {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) return notUnderstood('no QueryResponse')
  const { [entity]: rows, startPosition: _, ...counts } = membersOf(json)
  if (rows === undefined) {
    return Object.values(counts).every(isNone) ? { kind: 'found', records: [] } : notUnderstood('no rows of its entity')
  }
  if (!Array.isArray(rows)) return notUnderstood('a QueryResponse without rows')
  if (rows.length >= queryRowsMax) return notUnderstood(`${rows.length} rows: there may be more`)
  const records = rows.map((row: unknown) => readRecord({ entity, json: row }))
  return records.every((record): record is LedgerRecord => record !== null)
    ? { kind: 'found', records }
    : notUnderstood(`a ${entity} that cannot be read`)
}

function isNone(count: unknown): boolean {
  return isNumberLiteral(count) && count.rawJSON === '0'
}

function entityOf({ operation }: StoredExchange): EntityName | null {
  const name = operation.split(' ')[1]
  return Object.values(ENTITIES).find((entity) => entity === name) ?? null
}

function askedBy({ purpose, operation, request }: StoredExchange): Asked {
  const writes = purpose === ExchangePurpose.POST
  const { DocNumber, PaymentRefNum, DisplayName, Name, TxnDate } = writes ? membersOf(readJson(request)) : {}
  return {
    writes,
    ...(writes ? { verb: operation.split(' ')[0] as Verb } : {}),
    about: {
      documentNumber: textOf(DocNumber ?? PaymentRefNum),
      customerName: textOf(DisplayName ?? Name),
      date: textOf(TxnDate),
    },
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
