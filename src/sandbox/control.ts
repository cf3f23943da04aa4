import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Sandbox } from './context.ts'
import type { FaultRule } from './faults.ts'
import type { RequestLogQuery } from './request-log.ts'
import type { Row } from './store.ts'
import { readBody, sendJson } from './wire.ts'

export interface ControlCall {
  sandbox: Sandbox
  method: string
  /** The path's parts, decoded. */
  parts: string[]
  query: URLSearchParams
  body: unknown
}

export interface ControlAnswer {
  status?: number
  body: unknown
}

/** What stands behind the first part of a path. */
export type ControlDoor = (call: ControlCall) => ControlAnswer | Promise<ControlAnswer>

const ownDoors: Record<string, ControlDoor> = {
  health: () => ({ body: { ok: true } }),
  clock,
  faults,
  settings,
  log,
  count: ({ sandbox, parts }) => ({ body: { count: tableOf({ sandbox, name: parts[1] ?? '' }).size } }),
  records,
  tables: ({ sandbox }) => ({
    body: Object.fromEntries(sandbox.store.tableNames().map((name) => [name, sandbox.store.table(name).size])),
  }),
}

/**
 * The control port's listener: JSON in, JSON out; 404 for what is not there, 400 with `{error}` for what cannot be done.
 * A played system adds doors of its own with `moreDoors`.
 * Writes to /records are like direct SQL: no handler of the played system runs and no ModifiedOn moves unless it is given.
 */
export function createControl(
  sandbox: Sandbox,
  moreDoors: Record<string, ControlDoor> = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  const doors = { ...ownDoors, ...moreDoors }
  return (request, response) => {
    answer({ sandbox, request, doors }).then(
      ({ status = 200, body }) => sendJson({ response, status, body }),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error)
        sendJson({ response, status: error instanceof Absent ? 404 : 400, body: { error: message } })
      },
    )
  }
}

async function answer({
  sandbox,
  request,
  doors,
}: {
  sandbox: Sandbox
  request: IncomingMessage
  doors: Record<string, ControlDoor>
}): Promise<ControlAnswer> {
  const url = new URL(request.url ?? '/', 'http://sandbox')
  const parts = url.pathname.split('/').filter(Boolean).map(decodeURIComponent)
  const bytes = await readBody(request)
  const body: unknown = bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : undefined
  const door = doors[parts[0] ?? '']
  if (!door) throw new Absent(`no such door: ${url.pathname}; there are ${Object.keys(doors).join(', ')}`)
  return door({ sandbox, method: request.method ?? 'GET', parts, query: url.searchParams, body })
}

/** What is asked for is not there: a 404. */
export class Absent extends Error {}

function clock({ sandbox, method, body }: ControlCall): ControlAnswer {
  if (method === 'POST') sandbox.clock.advance({ seconds: (body as { seconds: number }).seconds })
  return { body: { now: sandbox.clock.now().toISOString(), offsetSeconds: sandbox.clock.offsetSeconds } }
}

function faults({ sandbox, method, body }: ControlCall): ControlAnswer {
  if (method === 'DELETE') {
    sandbox.faults.clear()
    return { body: { cleared: true } }
  }
  if (method !== 'POST') return { body: sandbox.faults.list() }
  const rule = body as FaultRule
  if (!rule?.system || !rule.fault?.kind) throw new TypeError('a fault rule needs system and fault.kind')
  return { status: 201, body: { id: sandbox.faults.add(rule) } }
}

function settings({ sandbox, method, body }: ControlCall): ControlAnswer {
  if (method === 'PATCH') sandbox.settings.change(body as Record<string, unknown>)
  return { body: sandbox.settings.all() }
}

function log({ sandbox, query }: ControlCall): ControlAnswer {
  const wanted: RequestLogQuery = { since: Number(query.get('since') ?? 0) }
  const system = query.get('system')
  const method = query.get('method')
  const path = query.get('path')
  const limit = query.get('limit')
  if (system) wanted.system = system
  if (method) wanted.method = method
  if (path) wanted.path = path
  if (limit) wanted.limit = Number(limit)
  return { body: sandbox.log.query(wanted) }
}

function records({ sandbox, method, parts, query, body }: ControlCall): ControlAnswer {
  const [, name = '', id] = parts
  const table = tableOf({ sandbox, name, mayBeNew: method === 'PUT' })
  if (id === undefined) {
    const wanted = [...query]
    const found = [...table.all()].filter((record) =>
      wanted.every(([field, value]) => String((record as unknown as Record<string, unknown>)[field] ?? '') === value),
    )
    return { body: found }
  }
  const known = table.get(id)
  if (method === 'PUT') {
    table.put({ ...(body as object), Id: id })
    return { status: known ? 200 : 201, body: table.get(id) }
  }
  if (!known) throw new Absent(`no record ${id} in ${name}`)
  if (method === 'PATCH') table.put({ ...known, ...(body as object), Id: id })
  if (method === 'DELETE') table.delete(id)
  return { body: table.get(id) ?? { deleted: true } }
}

function tableOf({ sandbox, name, mayBeNew = false }: { sandbox: Sandbox; name: string; mayBeNew?: boolean }) {
  if (!mayBeNew && !sandbox.store.hasTable(name)) throw new Absent(`no table ${name}; see /tables`)
  return sandbox.store.table<Row>(name)
}
