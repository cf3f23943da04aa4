// A process of its own that speaks to one company, over the compiled sources. Run by Node as it is: `node renewing-process.ts
// <what it is given, as JSON>`. It says `ready`; told `go`, it looks at the company so many times at once, says how many looks
// were answered, and waits. With `stopAt: 'answered'` it comes to a stand between the answer of Intuit and its saving.
import { join } from 'node:path'

const dist = join(import.meta.dirname, '../../dist')
const load = <Module>(path: string) => import(join(dist, path)) as Promise<Module>
await import('reflect-metadata')
const { openDatabase } = await load<typeof import('../../src/storage/database.ts')>('storage/database.js')
const { sealWith } = await load<typeof import('../../src/storage/seal.ts')>('storage/seal.js')
const { tokensOf } = await load<typeof import('../../src/storage/tokens.ts')>('storage/tokens.js')
const { openQuickBooksOnline } = await load<typeof import('../../src/ledgers/quickbooks-online/ledger.ts')>(
  'ledgers/quickbooks-online/ledger.js',
)

const given = JSON.parse(process.argv[2] ?? '') as {
  databaseUrl: string
  connectionId: string
  realmId: string
  quickBooks: string
  masterKey: string
  looks: number
  stopAt?: 'answered'
}
const { database } = await openDatabase({ url: given.databaseUrl, poolMax: 5 })
const sealed = sealWith(given.masterKey)
const stuck = () => {
  process.send?.('answered')
  return new Promise<string>(() => {})
}
const seal = given.stopAt === 'answered' ? { ...sealed, close: stuck } : sealed
const now = () => new Date()
const ledger = openQuickBooksOnline({
  realmId: given.realmId,
  apiUrl: given.quickBooks,
  oauth: {
    clientId: 'sandbox-qbo-client',
    clientSecret: 'sandbox-qbo-secret',
    tokenUrl: `${given.quickBooks}/oauth2/v1/tokens/bearer`,
    authorizeUrl: `${given.quickBooks}/connect/oauth2`,
    revokeUrl: `${given.quickBooks}/v2/oauth2/tokens/revoke`,
    redirectUri: 'http://127.0.0.1/callback',
  },
  vault: tokensOf(database, { connectionId: given.connectionId, seal, now }),
  now,
  random: Math.random,
  sleep: (ms) => new Promise((done) => setTimeout(done, ms)),
  limits: { requestsPerSecond: 10_000, requestsPerMinute: 10_000, concurrent: 1_000 },
})

process.on('message', async () => {
  const looks = await Promise.all(Array.from({ length: given.looks }, () => ledger.check()))
  process.send?.({
    answered: looks.filter(({ stop }) => stop === null).length,
    stops: [...new Set(looks.flatMap(({ stop }) => (stop ? [stop.reason] : [])))],
  })
})
process.once('disconnect', () => process.exit())
process.send?.('ready')
