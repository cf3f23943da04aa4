import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { Environment } from '../../src/domain/kinds.ts'
import { sealWith } from '../../src/storage/seal.ts'
import { importRefreshToken, tokensOf } from '../../src/storage/tokens.ts'
import { finishConnecting, type Reception, startConnecting } from '../../src/sync/connect.ts'
import { disconnect } from '../../src/sync/tend-connection.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'

const began = new Date('2026-03-01T12:00:00Z')
const author = { name: 'an admin', keyId: null, connectionIds: null }
const unasked = () => Promise.reject(new Error('nobody was to be asked'))

let fresh: FreshDatabase
let time: Date
let taken: number

beforeEach(async () => {
  fresh = await freshDatabase()
  time = began
  taken = 0
})
afterEach(() => fresh.close())

function reception(): Reception {
  return {
    database: fresh.database,
    seal: sealWith('a master key of this test, forty characters long'),
    now: () => time,
    wake: () => undefined,
    intuit: {
      environment: Environment.SANDBOX,
      authorizeUrl: (state) => `https://intuit.example.com/connect?state=${state}`,
      // Intuit is asked only for an answer that is still good, and says no.
      async take() {
        taken += 1
        return { kind: 'refused', reason: 'RECONNECT', detail: 'invalid_grant' }
      },
      ...{ adopt: unasked, check: unasked, revoke: unasked, renew: unasked },
    },
  }
}

/** An admin goes the way to Intuit, and comes back after so many seconds. */
async function comeBack({ afterSeconds }: { afterSeconds: number }): Promise<string> {
  time = began
  const asked = { environment: Environment.SANDBOX, connectionId: null, author }
  const { url, expiresAt } = await startConnecting(reception(), asked)
  expect(expiresAt).toEqual(new Date(began.getTime() + 600_000))
  const state = new URL(url).searchParams.get('state')
  time = new Date(began.getTime() + afterSeconds * 1000)
  const answer = `/oauth/quickbooks/callback?state=${state}&code=a-code&realmId=1`
  const result = await finishConnecting(reception(), { url: answer })
  return result.kind === 'refused' ? result.sentence : result.kind
}

describe('the way to Intuit and back', () => {
  test('is open for ten minutes: an older state is refused before anybody is asked', async () => {
    expect(await comeBack({ afterSeconds: 600 })).toBe(
      'The answer of QuickBooks came too late: the way there is open for 10 minutes.',
    )
    expect(taken).toBe(0)
    expect(await comeBack({ afterSeconds: 599 })).toMatch(/invalid_grant/)
    expect(taken).toBe(1)
  })
})

test('disconnecting while Intuit is down drops the tokens first and all the same, and the connection says that it must be told', async () => {
  const connection = connectionRow({ name: 'Alder' })
  await insertRows(fresh.database, 'connection', [connection])
  const connectionId = connection.id
  const { intuit, ...here } = reception()
  const { seal, now } = here
  await importRefreshToken(fresh.database, { connectionId, seal, refreshToken: 'a refresh token', now: now() })
  const kept = () => tokensOf(fresh.database, { connectionId, seal, now }).read()
  const given: string[] = []
  const disconnected = await disconnect(
    {
      ...here,
      intuit: {
        ...intuit,
        async revoke({ refreshToken }) {
          given.push(refreshToken)
          expect(await kept()).toBeNull()
          return { revoked: false, detail: 'connect ECONNREFUSED' }
        },
      },
    },
    { id: connectionId, author },
  )
  expect(given).toEqual(['a refresh token'])
  expect(disconnected).toMatchObject({ state: 'STOPPED', stateReason: { code: 'DISCONNECTED' } })
  expect(disconnected.stateReason?.sentence).toMatch(
    /QuickBooks could not be told \(connect ECONNREFUSED\): remove the app/,
  )
})
