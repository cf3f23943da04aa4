import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import express, { type Router } from 'express'

/** Nothing from elsewhere, nothing inline but the style attributes that the editor sets on what it draws. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src-elem 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The files of the page: ours by name, GraphiQL's and React's from their npm packages as they are. */
const FILES = [
  ['react.js', 'react', 'umd/react.production.min.js'],
  ['react-dom.js', 'react-dom', 'umd/react-dom.production.min.js'],
  ['graphiql.js', 'graphiql', 'graphiql.min.js'],
  ['graphiql.css', 'graphiql', 'graphiql.min.css'],
] as const

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Countersign · API explorer</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/graphql/explorer/graphiql.css" />
    <link rel="stylesheet" href="/graphql/explorer/page.css" />
  </head>
  <body>
    <div id="explorer">Loading the explorer…</div>
    <script src="/graphql/explorer/react.js"></script>
    <script src="/graphql/explorer/react-dom.js"></script>
    <script src="/graphql/explorer/graphiql.js"></script>
    <script src="/graphql/explorer/page.js"></script>
  </body>
</html>
`

const STYLE = 'body { margin: 0 } #explorer { height: 100vh }\n'

const QUERY = `# Welcome to Countersign.
# Every question needs an API key: put yours
# into the Headers panel below. The first start
# printed one and left it in the data directory:
# .countersign/admin-key
# Then press the triangle, or Ctrl+Enter.
query Welcome {
  status {
    version
    crm {
      state
    }
    backlog {
      pending
      etaSeconds
    }
    postingCounts {
      key
      count
    }
  }
  postings(first: 10) {
    nodes {
      orderNumber
      documentNumber
      state
      total
      link {
        quickBooksId
      }
      reason {
        sentence
        remedy
      }
    }
    hasNextPage
    endCursor
  }
}
`

const HEADERS = `{
  "Authorization": "Bearer paste your key here"
}
`

const START = `ReactDOM.createRoot(document.getElementById('explorer')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultQuery: ${JSON.stringify(QUERY)},
    defaultHeaders: ${JSON.stringify(HEADERS)},
    defaultEditorToolsVisibility: 'headers',
  }),
)
`

/** The explorer: GraphiQL from our own npm files, which works without a network. Mounted at /graphql. */
export function explorer(): Router {
  const router = express.Router()
  router.get('/', (request, response) => {
    if (request.accepts(['json', 'html']) !== 'html') {
      response
        .status(405)
        .set('allow', 'POST')
        .json({ errors: [{ message: 'Send queries with POST; a browser gets the explorer here.' }] })
      return
    }
    response.set('content-security-policy', CONTENT_SECURITY_POLICY).type('html').send(PAGE)
  })
  const ours = { 'page.js': ['js', START], 'page.css': ['css', STYLE] } as const
  for (const [name, [type, text]] of Object.entries(ours)) {
    router.get(`/explorer/${name}`, (_, response) => {
      response.type(type).send(text)
    })
  }
  const { resolve } = createRequire(import.meta.url)
  for (const [name, from, path] of FILES) {
    const file = join(dirname(resolve(`${from}/package.json`)), path)
    router.get(`/explorer/${name}`, (_, response) => {
      response.set('cache-control', 'public, max-age=3600').sendFile(file, { dotfiles: 'allow' })
    })
  }
  return router
}
