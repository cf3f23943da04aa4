import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { type Served, serve, until } from './serve.ts'

let sandbox: RunningSandbox
let served: Served
let connectionId = ''

const addresses = (url: string) => ({
  QUICKBOOKS_OAUTH_AUTHORIZE_URL: `${url}/connect/oauth2`,
  QUICKBOOKS_OAUTH_REVOKE_URL: `${url}/v2/oauth2/tokens/revoke`,
})

beforeAll(async () => {
  sandbox = await startSandbox()
  served = await serve({ sandbox, settings: { QUICKBOOKS_REFRESH_TOKEN: '', ...addresses(sandbox.quickBooksOnline) } })
  connectionId = (await connection()).id
})
afterAll(async () => {
  await served.end()
  await sandbox.stop()
})

interface Connection {
  id: string
  state: string
  stateReason: { code: string; sentence: string } | null
}
const FIELDS = 'id state stateReason { code sentence }'
const connection = async (): Promise<Connection> => {
  const { connections } = await served.ask<{ connections: Connection[] }>(`{ connections { ${FIELDS} } }`)
  if (!connections[0]) throw new Error('there is no connection')
  return connections[0]
}
const stateIs = (state: string) => until(async () => (await connection()).state === state, { what: `it is ${state}` })

interface Status {
  connected: boolean
  accessExpiresAt: string | null
  hardExpiresAt: string | null
  reason: { code: string } | null
  history: { cause: string; result: string; rotated: boolean }[]
}
const STATUS = 'connected accessExpiresAt hardExpiresAt reason { code } history { cause result rotated }'
const status = async () =>
  (await served.ask<{ tokenStatus: Status }>(`{ tokenStatus(connectionId: "${connectionId}") { ${STATUS} } }`))
    .tokenStatus
const change = (mutation: string, fields = FIELDS) =>
  served.ask<Record<string, Connection>>(`mutation { ${mutation}(connectionId: "${connectionId}") { ${fields} } }`)

/** The way to Intuit, up to the address to which it sends the admin's browser back. */
async function consent(args = 'environment: SANDBOX'): Promise<URL> {
  const { connectQuickBooksOnline: start } = await served.ask<{ connectQuickBooksOnline: { url: string } }>(
    `mutation { connectQuickBooksOnline(${args}) { url expiresAt } }`,
  )
  const answer = await fetch(start.url, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location') ?? '')
  expect(back.pathname).toBe('/oauth/quickbooks/callback')
  return new URL(back.pathname + back.search, served.url)
}
async function callback(url: URL | string): Promise<{ status: number; text: string; headers: Headers }> {
  const answer = await fetch(url)
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}
const grants = async () =>
  (await sandbox.fetchControl<{ revoked: boolean }[]>('/records/qbo.Grant')).map(({ revoked }) => revoked)

describe('connecting a company', () => {
  test('without a token it is stopped, and says what to do', async () => {
    await stateIs('STOPPED')
    expect((await connection()).stateReason?.code).toBe('RECONNECT')
    expect(await status()).toMatchObject({ connected: false, reason: { code: 'RECONNECT' }, history: [] })
  })

  test('by the way to Intuit and back, it goes on, and its sign-in is known to the hour and to the year', async () => {
    const page = await callback(await consent())
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('The company is connected')])
    expect(page.text).toContain(`(company ${sandbox.realmId})`)
    await stateIs('ACTIVE')
    const { connected, hardExpiresAt, history } = await status()
    expect(connected).toBe(true)
    expect(history).toEqual([{ cause: 'CONNECT', result: 'RENEWED', rotated: true }])
    const years = (Date.parse(hardExpiresAt ?? '') - Date.now()) / (365 * 86_400_000)
    expect(Math.round(years)).toBe(5)
  })

  test('the page runs nothing, loads nothing, and shows nothing of the address', async () => {
    const page = await callback(
      `${served.url}/oauth/quickbooks/callback?state=<script>alert(1)</script>&code=a-code-of-mine`,
    )
    expect(page.status).toBe(400)
    expect(page.text).not.toMatch(/alert|a-code-of-mine|<script|src=|href=/)
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  test('an answer serves once', async () => {
    const url = await consent()
    expect((await callback(url)).status).toBe(200)
    const again = await callback(url)
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('was used already')])
    await stateIs('ACTIVE')
  })

  test('a code that Intuit has seen before is refused there, and the company stays connected as it was', async () => {
    const used = await consent()
    await callback(used)
    const fresh = await consent()
    fresh.searchParams.set('code', used.searchParams.get('code') ?? '')
    const page = await callback(fresh)
    expect([page.status, page.text]).toEqual([400, expect.stringContaining('invalid_grant')])
    expect((await status()).connected).toBe(true)
  })

  test.each([
    [
      'a state that nobody gave out',
      (url: URL) => url.searchParams.set('state', 'forged'),
      /did not ask for this answer/,
    ],
    ['no state', (url: URL) => url.searchParams.delete('state'), /did not ask for this answer/],
    ['no code', (url: URL) => url.searchParams.delete('code'), /no code or no realm/],
    [
      'a refusal at Intuit',
      (url: URL) => {
        url.searchParams.delete('code')
        url.searchParams.set('error', 'access_denied')
      },
      /was declined there/,
    ],
  ])('%s is refused, and nothing is changed', async (_, spoil, words) => {
    const url = await consent()
    spoil(url)
    const page = await callback(url)
    expect(page.status).toBe(400)
    expect(page.text).toMatch(words)
    expect((await status()).connected).toBe(true)
  })

  test('another company than the one that is to be connected again is refused, and its tokens are given back', async () => {
    const before = (await grants()).filter((revoked) => revoked).length
    const url = await consent(`environment: SANDBOX, connectionId: "${connectionId}"`)
    url.searchParams.set('realmId', '999')
    const page = await callback(url)
    expect(page.text).toMatch(/is company \d+, and company 999 was chosen in QuickBooks/)
    expect(page.text).toContain('was given back')
    expect((await grants()).filter((revoked) => revoked)).toHaveLength(before + 1)
    expect((await served.ask<{ connections: unknown[] }>('{ connections { id } }')).connections).toHaveLength(1)
  })

  test('a realm that the tokens do not belong to is refused, whatever the browser says', async () => {
    const url = await consent()
    url.searchParams.set('realmId', '999')
    const page = await callback(url)
    expect(page.text).toContain('Company 999 does not answer with these tokens.')
    expect((await served.ask<{ connections: unknown[] }>('{ connections { id } }')).connections).toHaveLength(1)
  })

  test('a production company cannot be connected to a Countersign for sandboxes', async () => {
    await expect(consent('environment: PRODUCTION')).rejects.toThrow(/set up for SANDBOX .* never mixed/)
  })

  test('the same company again is connected anew: the connection stays the one it was', async () => {
    const page = await callback(await consent(`environment: SANDBOX, connectionId: "${connectionId}"`))
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('is connected')])
    expect((await connection()).id).toBe(connectionId)
  })
})

describe('a connected company', () => {
  test('is tested, paused and resumed by an admin', async () => {
    const tested = await change('testConnection', 'fit companyName currency reason { code } connection { id }')
    expect(tested.testConnection).toMatchObject({
      fit: true,
      currency: 'USD',
      reason: null,
      connection: { id: connectionId },
    })
    expect((await change('pauseConnection')).pauseConnection?.state).toBe('PAUSED')
    await expect(change('pauseConnection')).rejects.toThrow(/is paused already/)
    expect((await change('resumeConnection')).resumeConnection?.state).toBe('ACTIVE')
    await expect(change('resumeConnection')).rejects.toThrow(/is under way already/)
  })

  test('is renewed when an admin asks', async () => {
    const { refreshToken } = (await change('refreshToken', STATUS)) as unknown as { refreshToken: Status }
    expect(refreshToken.history[0]).toMatchObject({ cause: 'PERSON', result: 'RENEWED' })
  })

  test('that an admin of the company cut off at Intuit is stopped once and for all, and comes back by being connected', async () => {
    const url = sandbox.quickBooksOnline
    const [token] = (
      await sandbox.fetchControl<{ Id: string; revoked: boolean; refreshToken: string }[]>('/records/qbo.Grant')
    )
      .filter(({ revoked }) => !revoked)
      .slice(-1)
    const answer = await fetch(`${url}/v2/oauth2/tokens/revoke`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('sandbox-qbo-client:sandbox-qbo-secret').toString('base64')}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ token: token?.refreshToken }),
    })
    expect(answer.status).toBe(200)
    await expect(change('refreshToken', STATUS)).rejects.toThrow(/no longer accepts our sign-in: invalid_grant/)
    expect(await status()).toMatchObject({
      connected: false,
      history: expect.arrayContaining([expect.objectContaining({ cause: 'PERSON', result: 'REFUSED' })]),
    })
    expect((await callback(await consent())).status).toBe(200)
    await stateIs('ACTIVE')
  })

  test('is disconnected here and at Intuit, and stays so', async () => {
    const { disconnect } = await change('disconnect')
    expect(disconnect).toMatchObject({
      state: 'STOPPED',
      stateReason: {
        code: 'DISCONNECTED',
        sentence: expect.stringMatching(/disconnected by .* QuickBooks was told\./),
      },
    })
    expect((await grants()).at(-1)).toBe(true)
    await served.ask('mutation { pollNow { run { id } } }')
    expect((await connection()).stateReason?.code).toBe('DISCONNECTED')
    await expect(change('resumeConnection')).rejects.toThrow(/cannot go on: .*not connected/)
    expect(await status()).toMatchObject({ connected: false })
  })

  test('all of it is in the audit trail, and no token, code or state is in it, in the log, or in the API', async () => {
    const { auditEntries } = await served.ask<{
      auditEntries: { nodes: { action: string; result: string; subject: string }[] }
    }>('{ auditEntries(first: 100) { nodes { action result subject author } } }')
    const actions = new Set(auditEntries.nodes.map(({ action, result }) => `${action} ${result}`))
    for (const action of [
      'connectQuickBooksOnline OK',
      'connectQuickBooksOnline ERROR',
      'quickBooksCallback OK',
      'quickBooksCallback ERROR',
      'testConnection OK',
      'pauseConnection OK',
      'pauseConnection ERROR',
      'resumeConnection OK',
      'refreshToken OK',
      'disconnect OK',
    ]) {
      expect(actions).toContain(action)
    }
    const told = `${served.output()}${JSON.stringify(auditEntries)}${JSON.stringify(await status())}`
    for (const table of ['RefreshToken', 'AccessToken', 'AuthorizationCode']) {
      const rows = await sandbox.fetchControl<{ Id: string }[]>(`/records/qbo.${table}`)
      expect(rows.length).toBeGreaterThan(0)
      for (const { Id } of rows) expect(told).not.toContain(Id)
    }
  })
})
