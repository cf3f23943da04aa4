// The one door of the house: an HTTP server, on loopback unless told otherwise, with the admin API and its explorer, the
// questions of probes and Prometheus, and nothing that it was not handed. Who may ask for what is not decided here: the
// API's own context reads the key.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BaseContext } from '@apollo/server'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import { connectedPage, type Received } from './connected-page.ts'
import { health, type Readiness } from './health.ts'
import type { Metrics } from './metrics.ts'
import { type OpenDownload, reports } from './reports.ts'
import type { ServedApi } from './served-api.ts'
import { type WebhookReceiver, webhooks } from './webhooks.ts'

const HEADERS_TIMEOUT_SECONDS = 15
const REQUEST_TIMEOUT_SECONDS = 60
/** The Web Connector waits five seconds between calls: a connection that is closed at that moment would lose one. */
const KEEP_ALIVE_SECONDS = 65
/** An answer of QuickBooks may have tens of megabytes, and come over the uplink of an office. */
const LARGE_REQUEST_TIMEOUT_SECONDS = 300

export interface HttpServer {
  url: string
  /** Lets requests that are under way end, for ten seconds, and takes no new ones. */
  close(): Promise<void>
}

/** Answers the calls of the Web Connector; `ip` is the caller's address, as a trusted proxy tells it. */
type WebConnectorHandler = (
  request: IncomingMessage & { ip?: string | undefined },
  response: ServerResponse,
) => Promise<void>

/** Opens the server. Rejects, saying what to do, when the port cannot be had. */
export async function startHttpServer<Context extends BaseContext>(args: {
  /** Null for a worker, which only answers probes and Prometheus. */
  api: ServedApi<Context> | null
  /** Takes what QuickBooks tells by itself; left out, it is told that nothing is here. */
  webhooks?: WebhookReceiver
  /** Takes in an admin who comes back from Intuit; null where companies are not connected. */
  receive?: ((args: { url: string }) => Promise<Received>) | null
  /** Null where no QuickBooks Desktop calls. */
  webConnector?: WebConnectorHandler | null
  /** Whose word about the caller's address counts, in the words of Express: `loopback`, addresses, networks. Null for nobody's. */
  trustedProxy?: string | null
  metrics: Metrics
  readiness: () => Promise<Readiness>
  host: string
  port: number
  log: Logger
}): Promise<HttpServer> {
  const app = express()
  const server = createServer(app)
  server.headersTimeout = HEADERS_TIMEOUT_SECONDS * 1000
  server.requestTimeout = (args.webConnector ? LARGE_REQUEST_TIMEOUT_SECONDS : REQUEST_TIMEOUT_SECONDS) * 1000
  if (args.webConnector) server.keepAliveTimeout = KEEP_ALIVE_SECONDS * 1000
  const { api } = args
  // A worker, which serves no API, does not carry the code for one.
  const graphql = api ? await (await import('./graphql.ts')).openGraphql({ api, server, log: args.log }) : null
  const close = () => graphql?.stop() ?? closed(server)
  app.disable('x-powered-by')
  app.set('trust proxy', args.trustedProxy ?? false)
  app.use(observed(args.metrics), hardened)
  app.use(health(args))
  if (args.webhooks) app.use(webhooks(args.webhooks))
  if (args.receive) app.get('/oauth/quickbooks/callback', connectedPage(args.receive))
  const { webConnector } = args
  if (webConnector) app.use('/web-connector', (request, response) => webConnector(request, response))
  if (api && graphql) {
    app.use(graphql.routes)
    const { download, reconciliation, move } = api
    if (download) app.get('/reports/commission', reports({ open: download, log: args.log }))
    for (const [name, openFile] of Object.entries({ reconciliation, move })) {
      if (!openFile) continue
      const open: OpenDownload = ({ headers, file = '' }) => openFile({ headers, file })
      app.get(`/reports/${name}/:file`, reports({ open, log: args.log }))
    }
  }
  app.use((_, response) => {
    const message = api ? 'Nothing is here: the API is at /graphql.' : 'Nothing is here: this process serves no API.'
    response.status(404).json({ errors: [{ message }] })
  })
  app.use(failed(args.log))
  try {
    await listen({ server, host: args.host, port: args.port })
  } catch (error) {
    await graphql?.stop()
    throw error
  }
  const { address, family, port } = server.address() as AddressInfo
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, close }
}

/** Takes no new requests and lets those that are under way end. */
function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => done())
    server.closeIdleConnections()
  })
}

const hardened: RequestHandler = (_, response, next) => {
  response.set({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
  next()
}

const ROUTES = new Set([
  '/',
  '/graphql',
  '/web-connector',
  '/reports/commission',
  '/health',
  '/ready',
  '/metrics',
  '/oauth/quickbooks/callback',
])

/** Paths that are not ours share one name: a stranger must not be able to make metrics. */
function observed(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const began = performance.now()
    const { method, path } = request
    response.once('finish', () => {
      const route = ROUTES.has(path) ? path : 'other'
      metrics.request({ route, method, status: response.statusCode, durationMs: performance.now() - began })
    })
    next()
  }
}

/** What Express or the body's reader throws. Its own words leave only when they concern the request. */
function failed(log: Logger): ErrorRequestHandler {
  return (error: { status?: number; type?: string; limit?: number; message?: string }, _request, response, _next) => {
    const status = error.status ?? 500
    if (status >= 500) log.error({ error: error.message }, 'a request failed')
    const message =
      error.type === 'entity.too.large'
        ? `The request is larger than ${error.limit} bytes: ask for less at once.`
        : status < 500
          ? 'The request cannot be read: send JSON such as {"query": "{ status { version } }"}.'
          : 'Something went wrong inside Countersign; its log says more.'
    const code = status < 500 ? 'BAD_REQUEST' : 'INTERNAL'
    response.status(status).json({ errors: [{ message, extensions: { code } }] })
  }
}

function listen({ server, host, port }: { server: Server; host: string; port: number }): Promise<void> {
  return new Promise((done, refused) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} of ${host} is taken: stop what uses it, or set PORT to another.`
      refused(error.code === 'EADDRINUSE' ? new Error(taken) : error)
    })
    server.listen(port, host, done)
  })
}
