import type { Server } from 'node:http'
import { ApolloServer, type BaseContext } from '@apollo/server'
import {
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import express, { type RequestHandler, Router } from 'express'
import type { Logger } from 'pino'
import { explorer } from './explorer.ts'
import type { ServedApi } from './served-api.ts'

const BODY_BYTES_MAX = 1_000_000
/** Words and signs of a query: several times what the explorer's own introspection has. */
const QUERY_TOKENS_MAX = 2_000
/** Brackets within brackets of a query: many more than a query has that fits, and too few to exhaust the parser's stack. */
const QUERY_NESTING_MAX = 100
const CLOSE_GRACE_SECONDS = 10

/** The API and its explorer, at /graphql. */
export interface Graphql {
  routes: Router
  /** Ends the HTTP server with it: requests that are under way may end, for ten seconds. */
  stop(): Promise<void>
}

/** Starts the GraphQL server of the admin API. It takes the end of the HTTP server on itself. */
export async function openGraphql<Context extends BaseContext>(args: {
  api: ServedApi<Context>
  server: Server
  log: Logger
}): Promise<Graphql> {
  const { api, server, log } = args
  const apollo = new ApolloServer<Context>({
    ...api.server,
    plugins: [
      ...api.server.plugins,
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: CLOSE_GRACE_SECONDS * 1000 }),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    parseOptions: { maxTokens: QUERY_TOKENS_MAX },
    allowBatchedHttpRequests: false,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    logger: log,
  })
  await apollo.start()
  const routes = Router()
  routes.get('/', (_, response) => response.redirect('/graphql'))
  routes.use('/graphql', explorer())
  routes.post(
    '/graphql',
    express.json({ limit: BODY_BYTES_MAX }),
    nestedLittle,
    expressMiddleware(apollo, { context: ({ req }) => api.context(req.headers) }),
  )
  return { routes, stop: () => apollo.stop() }
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
