import { createHash } from 'node:crypto'
import { ExchangePurpose } from '../../domain/kinds.ts'
import type { Envelope, LostEnvelope, StoredExchange } from '../ledger.ts'
import { messageSet } from './message-set.ts'
import type { SetSizes } from './set-sizes.ts'
import { attributesOf } from './write-xml.ts'

const writePath = 'message-set'
const againSuffix = '?again'

/**
 * Puts exchanges into sets, in order. Writes travel apart from look-ups, for only a set of writes has an id that
 * QuickBooks remembers it by; customers apart from invoices, for an invoice must not go on when its customer failed.
 * Pure, but for the sizes that sets may have now.
 */
export function packInto({
  exchanges,
  sizes,
  version,
}: {
  exchanges: StoredExchange[]
  sizes: SetSizes
  version: number
}): Envelope[] {
  const groups = new Map<string, StoredExchange[]>()
  for (const exchange of exchanges) {
    const group = groupOf(exchange)
    groups.set(group, [...(groups.get(group) ?? []), exchange])
  }
  return [...groups].flatMap(([group, members]) => {
    const sets = group === lookUpGroup ? inPortions(members, sizes.lookUpsMax()) : sizes.portions(members)
    return sets.map((set) => envelopeOf({ exchanges: set, version }))
  })
}

const lookUpGroup = 'look up'

function groupOf({ purpose, operation }: StoredExchange): string {
  return purpose === ExchangePurpose.POST ? operation : lookUpGroup
}

function inPortions<One>(all: One[], size: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size))
}

function envelopeOf({ exchanges, version }: { exchanges: StoredExchange[]; version: number }): Envelope {
  const placed = exchanges.map((exchange, position) => ({ ...exchange, position }))
  const writes = placed.some(({ purpose }) => purpose === ExchangePurpose.POST)
  const path = writes ? `${writePath}/${messageSetIdOf(placed)}` : writePath
  return envelope({ path, exchanges: placed, version })
}

/** The same path, so the same id; each exchange at its old position with its old bytes. */
export function packAgain({ path, exchanges, version }: LostEnvelope & { version: number }): Envelope {
  return envelope({ path, exchanges, version })
}

function envelope({ path, exchanges, version }: LostEnvelope & { version: number }): Envelope {
  const requests = exchanges.toSorted((a, b) => a.position - b.position).map(withId)
  const newMessageSetID = messageSetIdIn(path)
  const body = messageSet({ requests, version, ...(newMessageSetID ? { newMessageSetID } : {}) })
  return { method: 'QBXML', path, contentType: 'application/qbxml', body, exchanges }
}

/** An empty set under the old id: QuickBooks repeats the answer that it has stored for it. */
export function askAgain({ path, exchanges, version }: LostEnvelope & { version: number }): Envelope {
  const setId = messageSetIdIn(path) ?? ''
  const body = messageSet({ requests: [], version, newMessageSetID: setId, oldMessageSetID: setId })
  return { method: 'QBXML', path: `${path}${againSuffix}`, contentType: 'application/qbxml', body, exchanges }
}

/** Lets QuickBooks forget the stored answer of a set. */
export function forget({ messageSetId, version }: { messageSetId: string; version: number }): string {
  return messageSet({ requests: [], version, oldMessageSetID: messageSetId })
}

/** Null when QuickBooks remembers nothing of what travels there. */
export function messageSetIdIn(path: string): string | null {
  return /^message-set\/(\w+)/.exec(path)?.[1] ?? null
}

/**
 * 23 characters: Intuit's pages allow 23 or 24, not always the same. The exchanges' own ids are part of it: what was refused or put off goes again
 * under another id, for under the old one QuickBooks would only repeat what it said.
 */
function messageSetIdOf(exchanges: StoredExchange[]): string {
  return hashOf(exchanges.map(({ id, idempotencyKey }) => [id, idempotencyKey])).slice(0, 23)
}

/**
 * By this id a request is found in an answer. It names the content and the place and not the try, so that a lost set goes
 * again in the same bytes, and an answer to another set fits nothing here.
 */
export function requestIdOf({ position, idempotencyKey, purpose, request }: StoredExchange): string {
  const key = purpose === ExchangePurpose.POST ? idempotencyKey : request
  return `${position}-${hashOf([key]).slice(0, 24)}`
}

/** Every element of a request ends with it, and none within one. */
const requestTag = /<(\w+)Rq(?=[ >])/g

/** The requests of an exchange, of which most have one: their names, and the ids under which they are answered. */
export function requestsOf(exchange: StoredExchange): { name: string; requestId: string }[] {
  const id = requestIdOf(exchange)
  return [...exchange.request.matchAll(requestTag)].map(([, name = ''], index) => ({
    name,
    requestId: index === 0 ? id : `${id}-${index + 1}`,
  }))
}

function withId(exchange: StoredExchange): string {
  const requests = requestsOf(exchange).values()
  return exchange.request.replace(
    requestTag,
    (tag) => tag + attributesOf({ requestID: requests.next().value?.requestId }),
  )
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex')
}
