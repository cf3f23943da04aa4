// The one door of the house: an HTTP server, on loopback unless told otherwise, with the admin API and its explorer, the
// questions of probes and Prometheus, and nothing that it was not handed. Who may ask for what is not decided here: the
// API's own context reads the key.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloServer, type ApolloServerOptionsWithSchema, type BaseContext } from '@apollo/server'
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import { connectedPage, type Received } from './connected-page.ts'
import { explorer } from './explorer.ts'
import { health, type Readiness } from './health.ts'
import type { Metrics } from './metrics.ts'
import { type OpenDownload, reports } from './reports.ts'
import { type WebhookReceiver, webhooks } from './webhooks.ts'

const BODY_BYTES_MAX = 1_000_000
/** Words and signs of a query: several times what the explorer's own introspection has. */
const QUERY_TOKENS_MAX = 2_000
/** Brackets within brackets of a query: many more than a query has that fits, and too few to exhaust the parser's stack. */
const QUERY_NESTING_MAX = 100
const HEADERS_TIMEOUT_SECONDS = 15
const REQUEST_TIMEOUT_SECONDS = 60
/** The Web Connector waits five seconds between calls: a connection that is closed at that moment would lose one. */
const KEEP_ALIVE_SECONDS = 65
/** An answer of QuickBooks may have tens of megabytes, and come over the uplink of an office. */
const LARGE_REQUEST_TIMEOUT_SECONDS = 300
const CLOSE_GRACE_SECONDS = 10

export interface HttpServer {
  url: string
  /** Lets requests that are under way end, for ten seconds, and takes no new ones. */
  close(): Promise<void>
}

/** What the admin API brings along: the options of its GraphQL server, and how a request becomes its context. */
export interface ServedApi<Context extends BaseContext> {
  server: Required<
    Pick<ApolloServerOptionsWithSchema<Context>, 'schema' | 'validationRules' | 'plugins' | 'formatError'>
  >
  context(headers: Record<string, string | string[] | undefined>): Promise<Context>
  /** Opens /reports/commission. */
  download?: OpenDownload
  /** Opens /reports/reconciliation/<file>. */
  reconciliation?: OpenFile
  /** Opens /reports/move/<file>. */
  move?: OpenFile
}

type OpenFile = (args: {
  headers: Record<string, string | string[] | undefined>
  file: string
}) => ReturnType<OpenDownload>

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
  const apollo = args.api ? await startApollo({ api: args.api, server, log: args.log }) : null
  const close = () => apollo?.stop() ?? closed(server)
  app.disable('x-powered-by')
  app.set('trust proxy', args.trustedProxy ?? false)
  app.use(observed(args.metrics), hardened)
  app.use(health(args))
  if (args.webhooks) app.use(webhooks(args.webhooks))
  if (args.receive) app.get('/oauth/quickbooks/callback', connectedPage(args.receive))
  const { webConnector } = args
  if (webConnector) app.use('/web-connector', (request, response) => webConnector(request, response))
  if (args.api && apollo) {
    serveApi({ app, apollo, api: args.api })
    const { download, reconciliation, move } = args.api
    if (download) app.get('/reports/commission', reports({ open: download, log: args.log }))
    for (const [name, openFile] of Object.entries({ reconciliation, move })) {
      if (!openFile) continue
      const open: OpenDownload = ({ headers, file = '' }) => openFile({ headers, file })
      app.get(`/reports/${name}/:file`, reports({ open, log: args.log }))
    }
  }
  app.use((_, response) => {
    const message = args.api
      ? 'Nothing is here: the API is at /graphql.'
      : 'Nothing is here: this process serves no API.'
    response.status(404).json({ errors: [{ message }] })
  })
  app.use(failed(args.log))
  try {
    await listen({ server, host: args.host, port: args.port })
  } catch (error) {
    await apollo?.stop()
    throw error
  }
  const { address, family, port } = server.address() as AddressInfo
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, close }
}

async function startApollo<Context extends BaseContext>(args: {
  api: ServedApi<Context>
  server: Server
  log: Logger
}): Promise<ApolloServer<Context>> {
  const apollo = new ApolloServer<Context>({
    ...args.api.server,
    plugins: [
      ...args.api.server.plugins,
      ApolloServerPluginDrainHttpServer({
        httpServer: args.server,
        stopGracePeriodMillis: CLOSE_GRACE_SECONDS * 1000,
      }),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    parseOptions: { maxTokens: QUERY_TOKENS_MAX },
    allowBatchedHttpRequests: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    logger: args.log,
  })
  await apollo.start()
  return apollo
}

function serveApi<Context extends BaseContext>(args: {
  app: Express
  apollo: ApolloServer<Context>
  api: ServedApi<Context>
}): void {
  const { app, apollo, api } = args
  app.get('/', (_, response) => response.redirect('/graphql'))
  app.use('/graphql', explorer())
  app.post(
    '/graphql',
    express.json({ limit: BODY_BYTES_MAX }),
    nestedLittle,
    expressMiddleware(apollo, { context: ({ req }) => api.context(req.headers) }),
  )
}

/** The parser calls itself for each bracket within another, so that they are counted before it begins. */
const nestedLittle: RequestHandler = (request, response, next) => {
  const { query } = (request.body ?? {}) as { query?: unknown }
  if (typeof query !== 'string' || nestingOf(query) <= QUERY_NESTING_MAX) return next()
  const message = `The query nests more than ${QUERY_NESTING_MAX} brackets: ask for less of it at once.`
  response.status(400).json({ errors: [{ message, extensions: { code: 'QUERY_TOO_LARGE' } }] })
}

/** How deep brackets stand within brackets; those in texts count too, which is too strict only for a strange text. */
function nestingOf(query: string): number {
  let depth = 0
  let deepest = 0
  for (const sign of query) {
    if (sign === '{' || sign === '(' || sign === '[') depth += 1
    else if (sign === '}' || sign === ')' || sign === ']') depth -= 1
    deepest = Math.max(deepest, depth)
  }
  return deepest
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
  return (error: { status?: number; type?: string; message?: string }, _request, response, _next) => {
    const status = error.status ?? 500
    if (status >= 500) log.error({ error: error.message }, 'a request failed')
    const message =
      error.type === 'entity.too.large'
        ? `The request is larger than ${BODY_BYTES_MAX} bytes: ask for less at once.`
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
