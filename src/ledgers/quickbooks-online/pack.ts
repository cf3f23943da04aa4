import { createHash } from 'node:crypto'
import { ExchangePurpose } from '../../domain/kinds.ts'
import type { Envelope, StoredExchange } from '../ledger.ts'
import { ENTITIES } from './records.ts'

/** Minor versions below 75 are ignored; naming it keeps the shape that we know. */
const minorVersion = 75

/** Puts exchanges into envelopes, in order: one alone is a request of its own, more make batches, but for the last `alone`. Pure. */
export function packInto({
  exchanges,
  realmId,
  batchItemsMax,
  alone = 0,
}: {
  exchanges: StoredExchange[]
  realmId: string
  batchItemsMax: number
  alone?: number
}): Envelope[] {
  const envelopes: Envelope[] = []
  const packed = exchanges.length - alone
  for (let start = 0, end = 0; start < exchanges.length; start = end) {
    end = start < packed ? Math.min(start + batchItemsMax, packed) : start + 1
    const placed = exchanges.slice(start, end).map((exchange, position) => ({ ...exchange, position }))
    envelopes.push(
      placed.length === 1 ? single({ exchange: placed[0]!, realmId }) : batch({ exchanges: placed, realmId }),
    )
  }
  return envelopes
}

/**
 * Packs again what is left of a lost envelope. Its path holds the requestid under which QuickBooks knows it, and the items
 * of a batch are known by requestid and bId: so the rest of a batch stays a batch, be it of one item.
 */
export function packAgain({ path, exchanges }: { path: string; exchanges: StoredExchange[] }): Envelope {
  const envelope = { method: 'POST', path, contentType: 'application/json', exchanges }
  const isBatch = /\/batch\?/.test(path)
  return { ...envelope, body: isBatch ? batchBody(exchanges) : exchanges.map(({ request }) => request).join('') }
}

function single({ exchange, realmId }: { exchange: StoredExchange; realmId: string }): Envelope {
  const writes = exchange.purpose === ExchangePurpose.POST
  const { verb, entity } = wordsOf(exchange)
  return {
    method: 'POST',
    path: pathOf({
      realmId,
      resource: writes ? entity.toLowerCase() : 'query',
      requestId: writes ? requestIdOf([exchange]) : null,
      more: writes ? operationQuery(verb, entity) : '',
    }),
    contentType: writes ? 'application/json' : 'application/text',
    body: exchange.request,
    exchanges: [exchange],
  }
}

function batch({ exchanges, realmId }: { exchanges: StoredExchange[]; realmId: string }): Envelope {
  const writes = exchanges.some(({ purpose }) => purpose === ExchangePurpose.POST)
  return {
    method: 'POST',
    // Look-ups alone carry no request id: an answer replayed from memory would be no second look.
    path: pathOf({ realmId, resource: 'batch', requestId: writes ? requestIdOf(exchanges) : null }),
    contentType: 'application/json',
    body: batchBody(exchanges),
    exchanges,
  }
}

function batchBody(exchanges: StoredExchange[]): string {
  return `{"BatchItemRequest":[${exchanges.map(batchItem).join(',')}]}`
}

/** The stored bytes of the request are embedded as they are. */
function batchItem(exchange: StoredExchange): string {
  const bId = `"bId":"${exchange.position}"`
  if (exchange.purpose !== ExchangePurpose.POST) return `{${bId},"Query":${JSON.stringify(exchange.request)}}`
  const { verb, entity } = wordsOf(exchange)
  return `{${bId},${verb === 'void' ? voidOperation(entity) : `"operation":"${verb}"`},"${entity}":${exchange.request}}`
}

/** Only an invoice is voided by an operation of its own; a payment or a refund by an update that says so beside it. */
function operationQuery(verb: string, entity: string): string {
  if (verb === 'delete') return '&operation=delete'
  if (verb !== 'void') return ''
  return entity === ENTITIES.INVOICE ? '&operation=void' : '&operation=update&include=void'
}

function voidOperation(entity: string): string {
  return entity === ENTITIES.INVOICE ? '"operation":"void"' : '"operation":"update","optionsData":"void"'
}

/** The name of an operation says what is done, and to what kind of record: `create Invoice`. */
function wordsOf({ operation }: StoredExchange): { verb: string; entity: string } {
  const [verb = '', entity = ''] = operation.split(' ')
  return { verb, entity }
}

/** 32 characters: QuickBooks takes 50 on a single request and 36 on a batch. */
function requestIdOf(exchanges: StoredExchange[]): string {
  const keys = JSON.stringify(exchanges.map(({ idempotencyKey }) => idempotencyKey))
  return createHash('sha256').update(keys).digest('hex').slice(0, 32)
}

function pathOf({
  realmId,
  resource,
  requestId,
  more = '',
}: {
  realmId: string
  resource: string
  requestId: string | null
  more?: string
}): string {
  const query = requestId ? `requestid=${requestId}&minorversion=${minorVersion}` : `minorversion=${minorVersion}`
  return `/v3/company/${encodeURIComponent(realmId)}/${resource}?${query}${more}`
}

/** A question about the company itself, outside of any posting. */
export function readOf({ realmId, resource }: { realmId: string; resource: string }): Envelope {
  return {
    method: 'GET',
    path: pathOf({ realmId, resource, requestId: null }),
    contentType: 'application/json',
    body: '',
    exchanges: [],
  }
}
