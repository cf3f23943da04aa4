import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql'
import { buildApiSchema } from '../../src/api/schema.ts'
import { askText } from './client.ts'
import { type ServedApi, serveApi } from './served-api.ts'

const NODES = '{ nodes { id exchanges { id operation outcome purpose createdAt delivery { status } } } }'

let api: ServedApi
beforeAll(async () => {
  api = await serveApi()
})
afterAll(() => api.close())

function askAsAdmin(query: string, variables: object = {}) {
  return askText({ url: api.url, body: { query, variables }, headers: { 'x-api-key': api.keys.ADMIN } })
}

describe('a query that is too large is refused before it runs', () => {
  test.each([
    ['deep', `{ status ${'{ connections '.repeat(20)}{ id }${' }'.repeat(20)} }`, /deeper than 12 levels/],
    [
      'full of aliases',
      `{ ${Array.from({ length: 51 }, (_, i) => `a${i}: connections { id }`).join(' ')} }`,
      /more than 50 aliases/,
    ],
    ['costly', `{ postings(first: 200) ${NODES} }`, /may cost 20000/],
  ])('because it is %s', async (_, query, message) => {
    const { status, data, errors } = await askAsAdmin(query)
    expect(status).toBe(400)
    expect(data).toBeNull()
    expect(errors.map((error) => error.message).join()).toMatch(message)
    expect(['QUERY_TOO_LARGE', 'GRAPHQL_VALIDATION_FAILED']).toContain(errors[0]?.extensions.code)
  })

  test.each([
    ['spread again and again', 9, 40, /may spread 30/],
    ['as many as may be', 10, 3, /costs|deeper/],
  ])('fragments that multiply, %s, are refused before they do', async (_, levels, spreads, message) => {
    const names = Array.from({ length: levels }, (_, level) => `f${level}`)
    const fragments = names.map((name, level) => {
      const inner = level + 1 < levels ? ` ...f${level + 1}`.repeat(spreads) : ' postings(first: 200) { totalCount }'
      return `fragment ${name} on Query { ${inner} }`
    })
    // Whoever multiplied them would outlast this test: forty to the eighth.
    const { status, errors } = await askAsAdmin(`{ ...f0 } ${fragments.join(' ')}`)
    expect(status).toBe(400)
    expect(errors.map((error) => error.message).join()).toMatch(message)
  })

  test('also when its size is in the variables, or in several lists together', async () => {
    const one = `query ($n: Int!) { postings(first: $n) ${NODES} }`
    expect((await askAsAdmin(one, { n: 200 })).errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
    expect((await askAsAdmin(one, { n: 50 })).errors).toEqual([])
    const many = `{ ${Array.from({ length: 6 }, (_, i) => `a${i}: postings(first: 50) ${NODES}`).join(' ')} }`
    expect((await askAsAdmin(many)).errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_LARGE' } }])
  })
})

test('a query with as many directives as fit is refused with words', async () => {
  const { status, errors } = await askAsAdmin(`{ status { version ${'@skip(if: false) '.repeat(300)} } }`)
  expect(status).toBe(400)
  expect(errors[0]?.message).toMatch(/directive "@skip" can only be used once|more tha[nt]/)
})

test('a query that is not GraphQL, or asks for what is not there, says where and nothing of the inside', async () => {
  for (const query of ['{', '{ nothingOfTheKind }', 'query ($id: ID!) { posting(id: $id) { id } }']) {
    const { status, errors } = await askAsAdmin(query)
    expect(status).toBe(400)
    expect(JSON.stringify(errors)).not.toMatch(/node_modules|stacktrace|INTERNAL/)
  }
  expect(api.reported).toEqual([])
})

test('the schema may be read without a key: it is no secret, and the explorer needs it', async () => {
  const reply = await askText({ url: api.url, body: { query: getIntrospectionQuery() }, headers: {} })
  expect(reply).toMatchObject({ status: 200, errors: [] })
})

test('schema/schema.graphql is what the code says: npm run generate', async () => {
  const kept = await readFile(join(import.meta.dirname, '../../schema/schema.graphql'), 'utf8')
  expect(`${printSchema(lexicographicSortSchema(await buildApiSchema()))}\n`).toBe(kept)
})
