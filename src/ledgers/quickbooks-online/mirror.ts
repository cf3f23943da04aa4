import { ExchangePurpose } from '../../domain/kinds.ts'
import { MIRRORED, type MirrorDraft, type MirroredEntity } from '../../domain/mirror.ts'
import type { Answer, Envelope, LedgerRequest, MirrorReader, Pull, Pulled, StoredExchange } from '../ledger.ts'
import { isNumberLiteral, membersOf, readJson } from './exact-json.ts'
import { fromAnswer } from './from-answer.ts'
import { CAPTURED, draftOf, instantOf, kindNamed, recordOf, SOURCES } from './mirror-records.ts'
import { itemOf } from './mirrored-items.ts'
import { packInto, readOf } from './pack.ts'
import { settlementOf } from './payments.ts'
import { faultsOf } from './read-faults.ts'
import { taxesOf, taxOfCustomer } from './taxes.ts'

/** Intuit's own limits: rows of a page, objects of an answer about changes, and how far back those go. */
const pageRowsMax = 1000
const changesMax = 1000
const lookBackSeconds = 30 * 86_400
/** Ids in one query: its text stays well below what a request may hold. */
const idsMax = 200

const CAPTURE = 'changes'

/** Reads records for the mirror: pages, records by id, and changes. Pure; a question that the API does not know is never made. */
export function openMirror({ realmId }: { realmId: string }): MirrorReader {
  return {
    kinds: MIRRORED,
    captured: CAPTURED,
    lookBackSeconds,
    pageRowsMax,
    idsMax,
    encode,
    pack: (exchange) => pack({ exchange, realmId }),
    decode,
    recordOf,
    itemOf,
    taxesOf,
    taxOfCustomer,
    settlementOf,
  }
}

function encode(pull: Pull): LedgerRequest {
  const purpose = ExchangePurpose.PULL
  if (pull.kind === 'CHANGES') {
    const entities = pull.entities.map((entity) => SOURCES[entity].name).join(',')
    const request = new URLSearchParams({ entities, changedSince: pull.changedSince.toISOString() })
    return { purpose, operation: `${CAPTURE} ${entities}`, request: request.toString() }
  }
  const { name, hides, single } = SOURCES[pull.entity]
  const conditions: string[] = []
  // Names that were made inactive are hidden from a query that does not ask for them.
  if (hides) conditions.push('Active IN (true,false)')
  if (pull.kind === 'IDS') conditions.push(`Id IN (${pull.ids.map(quoted).join(',')})`)
  if (pull.kind === 'PAGE' && pull.changedSince) {
    conditions.push(`MetaData.LastUpdatedTime >= '${pull.changedSince.toISOString()}'`)
  }
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  const operation = `query ${name}`
  if (pull.kind === 'COUNT') return { purpose, operation, request: `SELECT COUNT(*) FROM ${name}${where}` }
  const order = single || pull.kind === 'IDS' ? '' : ' ORDERBY Id'
  const span =
    pull.kind === 'PAGE' ? ` STARTPOSITION ${pull.position} MAXRESULTS ${pull.rowsMax}` : ` MAXRESULTS ${pageRowsMax}`
  return { purpose, operation, request: `SELECT * FROM ${name}${where}${order}${span}` }
}

/** Ids come from QuickBooks, but through webhooks that anybody may try to write. */
function quoted(id: string): string {
  return `'${id.replace(/[\\']/g, '\\$&')}'`
}

function pack({ exchange, realmId }: { exchange: StoredExchange; realmId: string }): Envelope {
  if (!isCapture(exchange)) {
    const [envelope] = packInto({ exchanges: [exchange], realmId, batchItemsMax: 1 })
    if (envelope) return envelope
  }
  const read = readOf({ realmId, resource: 'cdc' })
  return { ...read, path: `${read.path}&${exchange.request}`, exchanges: [exchange] }
}

function isCapture({ operation }: StoredExchange): boolean {
  return operation.startsWith(`${CAPTURE} `)
}

function decode(exchange: StoredExchange, answer: Answer): Pulled {
  const json = answer.kind === 'answered' && answer.status >= 200 && answer.status < 300 ? readJson(answer.body) : null
  const members = membersOf(json)
  const isFaulty = json === undefined || json === null || faultsOf(json).length > 0
  if (isFaulty) return refusal(exchange, answer)
  const read = isCapture(exchange) ? changesOf(members.CDCResponse) : rowsOf(exchange, members.QueryResponse)
  return typeof read === 'string' ? misunderstood(read) : { kind: 'pulled', toldAt: instantOf(members.time), ...read }
}

/** What was read, or why it cannot be. */
type Read = { records: MirrorDraft[]; cut: boolean; count: number | null } | string

function refusal(exchange: StoredExchange, answer: Answer): Pulled {
  const outcome = fromAnswer({ exchanges: [exchange], answer }).get(exchange.id)?.outcome
  switch (outcome?.kind) {
    case 'rejected':
    case 'deferred':
    case 'stopped':
    case 'unknown':
      return outcome
    default:
      return misunderstood(`nothing that a pull can be answered with: ${outcome?.kind}`)
  }
}

function rowsOf({ operation }: StoredExchange, response: unknown): Read {
  const entity = kindNamed(operation.split(' ')[1] ?? '')
  if (entity === null || response === null || typeof response !== 'object') return 'no QueryResponse'
  const members = membersOf(response)
  if (isNumberLiteral(members.totalCount)) {
    return { records: [], cut: false, count: Number(members.totalCount.rawJSON) }
  }
  const { [SOURCES[entity].name]: rows = [], startPosition: _, maxResults: __, ...others } = members
  if (!Array.isArray(rows) || Object.values(others).some(Array.isArray)) return 'rows of another kind'
  const records = rows.map((row: unknown) => draftOf({ entity, json: row }))
  if (!records.every((record): record is MirrorDraft => record !== null)) {
    return `a ${SOURCES[entity].name} that cannot be read`
  }
  return { records, cut: rows.length >= pageRowsMax, count: null }
}

/** `{}` says that nothing changed; a deleted record has its id and `status: "Deleted"`, and nothing else. */
function changesOf(response: unknown): Read {
  const sets = (Array.isArray(response) ? response : []).flatMap((part: unknown) => {
    const { QueryResponse } = membersOf(part)
    return Array.isArray(QueryResponse) ? (QueryResponse as unknown[]) : []
  })
  if (!Array.isArray(response)) return 'no CDCResponse'
  const records: MirrorDraft[] = []
  for (const set of sets) {
    for (const [name, rows] of Object.entries(membersOf(set))) {
      if (!Array.isArray(rows)) continue
      const entity: MirroredEntity | null = kindNamed(name)
      const drafts = entity === null ? [null] : rows.map((row: unknown) => draftOf({ entity, json: row }))
      if (!drafts.every((draft): draft is MirrorDraft => draft !== null)) {
        return `a change of ${name} that cannot be read`
      }
      records.push(...drafts)
    }
  }
  return { records, cut: records.length >= changesMax, count: null }
}

function misunderstood(detail: string): Pulled {
  return { kind: 'unknown', reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail } }
}
