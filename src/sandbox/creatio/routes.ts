import type { IncomingMessage } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { Answer } from './answer.ts'
import { serveDataService } from './data-service.ts'
import { serveBatch } from './odata/batch.ts'
import type { BatchPart } from './odata/batch-part.ts'
import { type ODataRequest, serveOData, type Target, targetOf } from './odata/service.ts'
import { Broken, spoiltAnswer, unknownFault } from './refusal.ts'
import { serveRest, serveServiceModel } from './services.ts'
import type { Site } from './site.ts'

export interface Call {
  site: Site
  request: IncomingMessage
  body: Buffer
  url: URL
}

/** Where a request goes, with what it is about for fault rules and the request log. */
export interface Route {
  target: { entity?: string; operation: string }
  detail?: Record<string, unknown>
  answer: (call: Call) => Answer | Promise<Answer>
}

const html = { 'Content-Type': 'text/html; charset=utf-8' }
const page = (title: string) => `<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>`

/** Finds the door for a request. The path prefix of the site's runtime decides which doors there are. */
export function routeOf(call: Call): Route {
  const { url, request, site } = call
  const path = decodePath(url.pathname)
  const prefix = site.switches.creatioRuntime === 'framework' ? '/0' : ''
  const login = '/ServiceModel/AuthService.svc/Login'
  if (path === login && request.method === 'POST') return signInRoute('sign-in', () => site.signIn.login(text(call)))
  if (path === `/0${login}`) return signInRoute('sign-in', () => ({ status: 401, headers: html, body: '' }))
  if (path === `${site.switches.oauthMount === 'site' ? prefix : ''}/connect/token` && request.method === 'POST') {
    return signInRoute('token', () => site.signIn.token(text(call)))
  }
  if (path === '/Login/Login.html')
    return signInRoute('login-page', () => ({ status: 200, headers: html, body: page('Log in') }))
  if (path === `${prefix}/api/HealthCheck/Ping`) {
    return {
      target: { operation: 'ping' },
      answer: () => ({ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'Pong' }),
    }
  }
  if (path.startsWith(`${prefix}/odata/`) || path === `${prefix}/odata`) {
    return odataRoute({ call, path: path.slice(`${prefix}/odata`.length).replace(/^\//, ''), prefix })
  }
  const service = /^\/DataService\/json\/(?:SyncReply|reply)\/(\w+)$/i.exec(under({ path, prefix }))?.[1]
  if (service) {
    const target = { operation: service }
    return {
      target,
      answer: signedIn({ redirect: false, answer: () => serveDataService({ name: service, body: text(call), site }) }),
    }
  }
  if (under({ path, prefix }).startsWith('/ServiceModel/')) {
    const name = path.slice(`${prefix}/ServiceModel/`.length)
    const answer = () => serveServiceModel({ name, body: text(call), site })
    return { target: { operation: name }, answer: signedIn({ redirect: true, answer }) }
  }
  if (under({ path, prefix }).startsWith('/rest/')) {
    const name = path.slice(`${prefix}/rest/`.length)
    const answer = () => serveRest({ name, site })
    return { target: { operation: name }, answer: signedIn({ redirect: true, answer }) }
  }
  return {
    target: { operation: 'unknown' },
    answer: () => ({ status: 404, headers: html, body: page('404 Not Found') }),
  }
}

function signInRoute(operation: string, answer: () => Answer): Route {
  return { target: { operation }, answer }
}

function odataRoute({ call, path, prefix }: { call: Call; path: string; prefix: string }): Route {
  const { request, url, site } = call
  const root = `${url.origin}${prefix}/odata`
  if (path === '$batch') {
    const answer = () =>
      serveBatch({
        contentType: request.headers['content-type'] ?? '',
        prefer: String(request.headers.prefer ?? ''),
        body: call.body,
        records: site.records,
        servePart: (part) => preparePart({ part, root, site }),
      })
    return { target: { operation: 'batch' }, answer: signedIn({ redirect: false, answer }) }
  }
  const method = request.method ?? 'GET'
  const served: ODataRequest = { method, path, options: url.searchParams, body: text(call), root }
  const route: Route = {
    target: targetOf({ method, path }),
    answer: signedIn({ redirect: false, answer: () => serveOData({ request: served, records: site.records }) }),
  }
  // A read of all columns would bring card numbers along: the request log lets a test notice it.
  if (method === 'GET' && !url.searchParams.has('$select')) route.detail = { allColumns: true }
  return route
}

/** One part of a batch, with a fault of its own: a wait happens now, the rest when the part is carried out. */
async function preparePart({ part, root, site }: { part: BatchPart; root: string; site: Site }): Promise<() => Answer> {
  const url = new URL(part.url, `${root}/`)
  const path = decodePath(url.pathname).slice(new URL(root).pathname.length + 1)
  const target: Target = targetOf({ method: part.method, path })
  const request: ODataRequest = { method: part.method, path, options: url.searchParams, body: part.body, root }
  const run = () => serveOData({ request, records: site.records })
  const where = `${url.pathname}${url.search}`
  const fault = site.sandbox.faults.take({ system: 'creatio', method: part.method, path: where, ...target })
  if (!fault) return run
  if (fault.kind === 'delay') await wait((fault.seconds ?? 1) * 1000)
  const spoilt = spoiltAnswer({ fault, path: where })
  const breaks = fault.kind === 'cut' || fault.kind === 'timeout'
  if (fault.kind === 'delay') return run
  return () => {
    if (fault.when === 'after') run()
    if (breaks) throw new Broken(fault)
    return spoilt ?? unknownFault(fault)
  }
}

/**
 * Lets a request through whose session or token lives. Else: 401 to a read, 403 to a write (also for a bad BPMCSRF), and
 * for services the redirect to the login page that looks like success to a client that follows it.
 */
function signedIn({ redirect, answer }: { redirect: boolean; answer: Route['answer'] }): Route['answer'] {
  return (call) => {
    const { request, site, url } = call
    const standing = site.signIn.standing(request)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (standing === 'alive' || (standing === 'forged' && reads)) return answer(call)
    if (standing === 'forged') return { status: 403, headers: html, body: page('403 Forbidden') }
    if (request.headers.authorization) {
      return { status: 401, headers: { ...html, 'WWW-Authenticate': 'Bearer error="invalid_token"' }, body: '' }
    }
    if (!redirect) return { status: reads ? 401 : 403, headers: html, body: '' }
    const target = `/Login/Login.html?ReturnUrl=${encodeURIComponent(url.pathname)}`
    return { status: 302, headers: { ...html, Location: target }, body: page('Object moved') }
  }
}

function under({ path, prefix }: { path: string; prefix: string }): string {
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : ''
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function text(call: Call): string {
  return call.body.toString('utf8')
}
