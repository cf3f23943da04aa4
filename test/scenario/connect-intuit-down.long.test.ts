import { expect, test } from '@jest/globals'
import { startSandbox } from '../sandbox/spawn.ts'
import { serve } from './serve.ts'

const addresses = (url: string) => ({
  QUICKBOOKS_OAUTH_AUTHORIZE_URL: `${url}/connect/oauth2`,
  QUICKBOOKS_OAUTH_REVOKE_URL: `${url}/v2/oauth2/tokens/revoke`,
})

interface Connection {
  id: string
  state: string
  stateReason: { sentence: string } | null
}
const FIELDS = 'id state stateReason { sentence }'

test('disconnecting while Intuit is down drops the tokens all the same, and says that it must be told', async () => {
  const other = await startSandbox()
  const alone = await serve({
    sandbox: other,
    settings: { ...addresses(other.quickBooksOnline), QUICKBOOKS_OAUTH_REVOKE_URL: 'http://127.0.0.1:9/revoke' },
  })
  const { connections } = await alone.ask<{ connections: Connection[] }>(`{ connections { ${FIELDS} } }`)
  const id = connections[0]?.id ?? ''
  const { disconnect } = await alone.ask<{ disconnect: Connection }>(
    `mutation { disconnect(connectionId: "${id}") { ${FIELDS} } }`,
  )
  expect(disconnect.state).toBe('STOPPED')
  expect(disconnect.stateReason?.sentence).toMatch(/QuickBooks could not be told \(.+\): remove the app there too\./)
  const { databaseUrl, key } = alone
  await alone.end()
  const again = await serve({
    sandbox: other,
    settings: addresses(other.quickBooksOnline),
    again: { databaseUrl, key },
  })
  const after = await again.ask<{ tokenStatus: { connected: boolean } }>(
    `{ tokenStatus(connectionId: "${id}") { connected } }`,
  )
  expect(after.tokenStatus.connected).toBe(false)
  await again.end()
  await other.stop()
}, 90_000)
