import { afterEach, describe, expect, test } from '@jest/globals'
import { CreatioError } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { type Reply, type ScriptedSite, type Seen, scriptedSite } from './scripted-site.ts'

let site: ScriptedSite
const start = async (script: (request: Seen) => Reply | undefined) => {
  site = await scriptedSite(script)
  return site
}
afterEach(() => site.close())

const isData = ({ path }: Seen) => path.includes('/odata/')

/** The error that a call ends with; fails when it ends well. */
async function errorOf(call: Promise<unknown>): Promise<CreatioError> {
  const error = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CreatioError)) throw new Error(`Expected a CreatioError, got ${String(error)}`)
  return error
}

describe('what can go wrong on the way', () => {
  const nested = {
    error: { message: 'An error has occurred.', innererror: { message: 'Maximum number of 20000 records exceeded' } },
  }
  test.each<[string, Reply, string, string]>([
    ['an OData error', { status: 500, json: nested }, 'refused', 'Maximum number of 20000 records exceeded'],
    ['an OData error under a 200', { json: nested }, 'refused', 'Maximum number of 20000 records exceeded'],
    [
      'an exception of .NET',
      { status: 500, json: { Message: 'Oops', ExceptionMessage: 'Deadlock' } },
      'refused',
      'Deadlock',
    ],
    [
      'an exception of .NET under a 200',
      { json: { Message: 'Oops', ExceptionMessage: 'Deadlock' } },
      'refused',
      'Deadlock',
    ],
    [
      'a missing table',
      { status: 404, json: { Message: 'No HTTP resource was found', MessageDetail: 'no type' } },
      'refused',
      'no type',
    ],
    [
      'a missing table under a 200',
      { json: { Message: 'No HTTP resource was found', MessageDetail: 'no type' } },
      'refused',
      'no type',
    ],
    [
      'an error page',
      { status: 500, text: '<title>Runtime Error</title>', headers: { 'content-type': 'text/html' } },
      'refused',
      'Runtime Error',
    ],
    [
      'a gateway in front of a site that is down',
      { status: 502, text: '<title>Bad Gateway</title>' },
      'unreachable',
      'Bad Gateway',
    ],
    ['rows that break off in the middle', { text: '{"value":[{"Id":"1"},' }, 'not-understood', 'not JSON'],
    [
      'rows with an error behind them',
      { json: { value: [], error: { message: 'broke off' } } },
      'refused',
      'broke off',
    ],
    ['something else', { json: { hello: 1 } }, 'not-understood', 'hello'],
    ['a connection that closes', { hangUp: true }, 'unreachable', '127.0.0.1'],
  ])('%s is told in words', async (_, reply, kind, words) => {
    const { open } = await start((request) => (isData(request) ? reply : undefined))
    const error = await errorOf(open().ping())
    expect(error.kind).toBe(kind)
    expect(error.message).toContain(words)
  })

  test('a site that never answers is left after the timeout', async () => {
    const { open } = await start((request) => (isData(request) ? { silent: true } : undefined))
    expect(await errorOf(open({ requestTimeoutSeconds: 0.2 }).ping())).toMatchObject({ kind: 'timeout' })
  })

  test('an answer above the size limit is not read to its end', async () => {
    const { open } = await start((request) => (isData(request) ? { text: 'x'.repeat(300_000) } : undefined))
    const profile = parseProfile({ limits: { bodyBytesMax: 100_000 } })
    expect((await errorOf(open({ profile }).ping())).message).toContain('larger than the limit')
  })

  test('nobody listening is unreachable', async () => {
    const { open, close } = await start(() => undefined)
    const creatio = open()
    await close()
    expect(await errorOf(creatio.ping())).toMatchObject({ kind: 'unreachable' })
    await start(() => undefined)
  })
})
