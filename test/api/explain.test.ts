import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { parse } from 'graphql'
import { Explanation, type RecordKind } from '../../src/domain/explanation.ts'
import { Role } from '../../src/domain/kinds.ts'
import { type ServedApi, serveApi } from './served-api.ts'

interface Explained {
  explain: { verdict: string; checks: { question: string; result: string; remedy: string | null }[]; posting: null }
}
const EXPLAIN = parse(`query ($kind: RecordKind!, $number: String!) {
  explain(kind: $kind, number: $number) { kind number verdict checks { question answer result remedy } posting { id } }
}`) as TypedDocumentNode<Explained, { kind: string; number: string }>

let api: ServedApi
let asked: { kind: RecordKind; number: string }[]

beforeAll(async () => {
  api = await serveApi({
    explain: async (what) => {
      asked.push(what)
      const checks = [{ question: 'Does it exist?', answer: 'No.', result: 'NO', remedy: 'Look it up.' }]
      return Object.assign(new Explanation(), { ...what, verdict: 'It is not there.', checks, posting: null })
    },
  })
})
beforeEach(() => {
  asked = []
})
afterAll(() => api?.close())

describe('explain', () => {
  test('a viewer reads the verdict and every check, and that he read it is in the audit trail', async () => {
    const { data } = await api.ask(EXPLAIN, { kind: 'ORDER', number: ' ORD-1 ' }, Role.VIEWER)
    expect(data?.explain).toEqual({
      kind: 'ORDER',
      number: 'ORD-1',
      verdict: 'It is not there.',
      checks: [{ question: 'Does it exist?', answer: 'No.', result: 'NO', remedy: 'Look it up.' }],
      posting: null,
    })
    expect(asked).toEqual([{ kind: 'ORDER', number: 'ORD-1' }])
    expect((await api.audit()).at(-1)).toMatchObject({
      author: 'viewer',
      action: 'explain',
      subject: 'number  ORD-1 , kind ORDER',
      result: 'OK',
    })
  })

  test('nobody reads it without a key', async () => {
    const { errors } = await api.ask(EXPLAIN, { kind: 'ORDER', number: 'ORD-1' }, null)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(asked).toEqual([])
  })

  test.each(['', '   ', 'x'.repeat(201)])(
    'a number that is none is refused before anybody is asked',
    async (number) => {
      const { errors } = await api.ask(EXPLAIN, { kind: 'CUSTOMER', number })
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
      expect(asked).toEqual([])
    },
  )
})
