import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Creatio, type CreatioOptions, openCreatio } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'

/** A request as the site saw it; `query` and the parts of a batch are decoded. */
export interface Seen {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: string
}

export interface Reply {
  status?: number
  json?: unknown
  text?: string
  headers?: Record<string, string | string[]>
  /** Closes the connection instead of answering. */
  hangUp?: boolean
  /** Never answers. */
  silent?: boolean
}

export interface BatchPart {
  id: string
  method: string
  url: string
  body?: Record<string, string>
}

export interface ScriptedSite {
  url: string
  seen: Seen[]
  logins(): number
  open(options?: Partial<CreatioOptions>): Creatio
  close(): Promise<void>
}

const LOGIN = '/ServiceModel/AuthService.svc/Login'

/** A site that answers OData requests as the test tells it to; health check and sign-in succeed unless the script speaks first. */
export async function scriptedSite(script: (request: Seen) => Reply | undefined): Promise<ScriptedSite> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1')
      const { method = '', headers } = request
      const arrived = { method, path: url.pathname, query: url.searchParams, headers, body }
      seen.push(arrived)
      send(response, script(arrived) ?? standardReply(arrived))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    seen,
    logins: () => seen.filter(({ path }) => path === LOGIN).length,
    open: (options) =>
      openCreatio({
        siteUrl: url,
        signIn: { kind: 'forms', userName: 'sync', password: 'right' },
        profile: parseProfile(),
        timeZone: 'America/New_York',
        ...options,
      }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** The parts of a batch request. */
export function partsOf({ body }: Seen): BatchPart[] {
  return (JSON.parse(body) as { requests: BatchPart[] }).requests
}

/** A batch answer that gives each part what `answer` says. */
export function batchReply(
  request: Seen,
  answer: (part: BatchPart) => { status: number; body?: unknown } | null,
): Reply {
  const responses = partsOf(request).flatMap((part) => {
    const said = answer(part)
    return said === null ? [] : [{ id: part.id, headers: {}, ...said }]
  })
  return { json: { responses } }
}

function standardReply({ path }: Seen): Reply {
  if (path === '/0/api/HealthCheck/Ping') return { text: 'Pong' }
  if (path === LOGIN) {
    const cookies = [
      'BPMLOADER=loader; path=/',
      '.ASPXAUTH=ticket; HttpOnly',
      'BPMCSRF=csrf-token; path=/',
      'UserName=115|121',
    ]
    return { json: { Code: 0, Message: '', Exception: null }, headers: { 'set-cookie': cookies } }
  }
  return { status: 404, json: { Message: 'No HTTP resource was found', MessageDetail: path } }
}

function send(response: ServerResponse, { status = 200, json, text, headers = {}, hangUp, silent }: Reply): void {
  if (silent) return
  if (hangUp) {
    response.destroy()
    return
  }
  const type = json === undefined ? 'text/plain' : 'application/json'
  response.writeHead(status, { 'content-type': type, ...headers })
  response.end(json === undefined ? (text ?? '') : JSON.stringify(json))
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const piece of request) body += String(piece)
  return body
}
