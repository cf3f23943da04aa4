import { type Answer, odataHeaders } from '../answer.ts'
import type { Records } from '../records.ts'
import { noHttpResource, Refusal } from '../refusal.ts'
import { type Entity, type Entry, entities } from '../schema.ts'
import { metadataXml } from './metadata.ts'
import { present, presentValue } from './present.ts'
import { parseQuery, runQuery } from './query.ts'
import { readValues } from './values.ts'

/** One OData request: of its own, or one part of a batch. */
export interface ODataRequest {
  method: string
  /** The path below the service root, decoded, such as `Order(…)/Number`. */
  path: string
  options: URLSearchParams
  body: string
  /** The service root with its host, for contexts and next links. */
  root: string
}

/** What a request is about, for fault rules and the request log. */
export interface Target {
  entity?: string
  operation: 'read' | 'create' | 'update' | 'delete' | 'metadata'
}

const operations: Record<string, Target['operation']> = {
  GET: 'read',
  POST: 'create',
  PATCH: 'update',
  DELETE: 'delete',
}
const addressed = /^([A-Za-z]\w*)(?:\(([^)]*)\))?(?:\/(.+))?$/
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function targetOf({ method, path }: { method: string; path: string }): Target {
  const entity = addressed.exec(path)?.[1]
  if (path === '' || path === '$metadata' || !entity) return { operation: 'metadata' }
  return { entity, operation: operations[method] ?? 'read' }
}

/** Answers one request. Throws a Refusal where Creatio would say no; an unknown entity set is answered by setting (401). */
export function serveOData({ request, records }: { request: ODataRequest; records: Records }): Answer {
  if (request.path === '') return serviceDocument(request)
  if (request.path === '$metadata') {
    return { status: 200, headers: { 'Content-Type': 'application/xml; charset=utf-8' }, body: metadataXml() }
  }
  const [, name = '', key, rest] = addressed.exec(request.path) ?? []
  const entity = entities.get(name)
  if (!entity) return unknownSet({ request, records })
  if (key === undefined) return serveSet({ request, entity, rest, records })
  if (!guid.test(key)) throw new Refusal({ status: 400, message: `The key value '${key}' is not a guid.` })
  return serveRecord({ request, entity, id: key.toLowerCase(), rest, records })
}

interface Served {
  request: ODataRequest
  entity: Entity
  rest: string | undefined
  records: Records
}

function serveSet({ request, entity, rest, records }: Served): Answer {
  if (rest === '$count') return countOnly({ request, entity, records })
  if (rest !== undefined) return unknownSet({ request, records })
  if (request.method === 'GET') return readSet({ request, entity, records })
  if (request.method !== 'POST') return notAllowed(request)
  const record = records.insert({ entity, values: readValues({ body: parseBody(request), entity, records }) })
  const context = `${request.root}/$metadata#${entity.name}/$entity`
  return {
    status: 201,
    headers: { ...odataHeaders, Location: `${request.root}/${entity.name}(${record.Id})` },
    body: { '@odata.context': context, ...present({ record, entity, records }) },
  }
}

function serveRecord({ request, entity, id, rest, records }: Served & { id: string }): Answer {
  const record = records.table(entity.name).get(id)
  if (request.method === 'GET') {
    if (!record) return missing({ entity, id })
    return rest === undefined
      ? readRecord({ request, entity, record, records })
      : readProperty({ request, entity, record, rest, records })
  }
  if (request.method === 'PATCH') {
    const values = readValues({ body: parseBody(request), entity, records })
    if (record) records.update({ entity, record, values })
    else if (records.switches.patchMissingStatus !== 204) return missing({ entity, id })
    return { status: 204, headers: { 'OData-Version': '4.0' } }
  }
  if (request.method !== 'DELETE') return notAllowed(request)
  if (!record) return missing({ entity, id })
  records.remove({ entity, record })
  return { status: 204, headers: { 'OData-Version': '4.0' } }
}

function readSet({ request, entity, records }: Omit<Served, 'rest'>): Answer {
  const query = parseQuery({ options: request.options, entity })
  const { rows, total } = runQuery({ query, entity, records })
  const { maxEntityRowCount, nextLinkRows } = records.switches
  if (rows.length > maxEntityRowCount) {
    const inner = `Maximum number of ${maxEntityRowCount} records exceeded while loading entity collection ${entity.name}.`
    throw new Refusal({ status: 500, message: 'An error has occurred.', inner })
  }
  const shown = nextLinkRows > 0 ? rows.slice(0, nextLinkRows) : rows
  const columns = query.select ? `(${query.select.join(',')})` : ''
  const body: Record<string, unknown> = { '@odata.context': `${request.root}/$metadata#${entity.name}${columns}` }
  if (query.count) body['@odata.count'] = total
  body.value = shown.map((record) => present({ record, entity, select: query.select, expand: query.expand, records }))
  if (shown.length < rows.length)
    body['@odata.nextLink'] = nextLink({ request, shown: shown.length, wanted: query.top })
  return { status: 200, headers: odataHeaders, body }
}

/** The same question further on; a $top that was given counts down. */
function nextLink({
  request,
  shown,
  wanted,
}: {
  request: ODataRequest
  shown: number
  wanted: number | undefined
}): string {
  const options = new URLSearchParams(request.options)
  options.set('$skip', String(Number(options.get('$skip') ?? 0) + shown))
  if (wanted !== undefined) options.set('$top', String(wanted - shown))
  return `${request.root}/${request.path}?${options}`
}

function countOnly({ request, entity, records }: Omit<Served, 'rest'>): Answer {
  const query = parseQuery({ options: request.options, entity })
  const { total } = runQuery({ query: { ...query, orderBy: [], top: 0 }, entity, records })
  return {
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'OData-Version': '4.0' },
    body: String(total),
  }
}

function readRecord({ request, entity, record, records }: Omit<Served, 'rest'> & { record: Entry }): Answer {
  const { select, expand } = parseQuery({ options: request.options, entity })
  const columns = select ? `(${select.join(',')})` : ''
  const context = `${request.root}/$metadata#${entity.name}${columns}/$entity`
  return {
    status: 200,
    headers: odataHeaders,
    body: { '@odata.context': context, ...present({ record, entity, select, expand, records }) },
  }
}

function readProperty({ request, entity, record, rest, records }: Served & { record: Entry; rest: string }): Answer {
  const [name = '', asValue] = rest.split('/')
  const navigation = entity.navigations.get(name)
  if (navigation?.reference && asValue === undefined) {
    const target = records.follow({ record, column: navigation })
    const owner = entities.get(navigation.reference)
    if (!target || !owner) return { status: 204, headers: { 'OData-Version': '4.0' } }
    return readRecord({ request, entity: owner, record: target, records })
  }
  const column = entity.columns.get(name)
  if (!column || (asValue !== undefined && asValue !== '$value')) return unknownSet({ request, records })
  const value = presentValue({ record, column, records })
  if (asValue) {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8', 'OData-Version': '4.0' }, body: text }
  }
  const context = `${request.root}/$metadata#${entity.name}(${record.Id})/${name}`
  return { status: 200, headers: odataHeaders, body: { '@odata.context': context, value } }
}

function serviceDocument(request: ODataRequest): Answer {
  const value = [...entities.keys()].map((name) => ({ name, kind: 'EntitySet', url: name }))
  return { status: 200, headers: odataHeaders, body: { '@odata.context': `${request.root}/$metadata`, value } }
}

/** Live sites answer 401 for a set that does not exist, as if the session had died. */
function unknownSet({ request, records }: { request: ODataRequest; records: Records }): Answer {
  const status = records.switches.unknownEntitySet
  if (status === 401) return { status, headers: { 'Content-Type': 'text/html' }, body: '' }
  const body = noHttpResource(`${request.root}/${request.path}`)
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body }
}

function missing({ entity, id }: { entity: Entity; id: string }): Answer {
  throw new Refusal({ status: 404, message: `${entity.name} with key ${id} was not found.` })
}

function notAllowed(request: ODataRequest): Answer {
  throw new Refusal({
    status: 405,
    message: `The requested resource does not support http method '${request.method}'.`,
  })
}

function parseBody(request: ODataRequest): unknown {
  try {
    return JSON.parse(request.body)
  } catch {
    throw new Refusal({ status: 400, message: 'The request body could not be read as JSON.' })
  }
}
