import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { startSandbox } from '../sandbox/spawn.ts'
import { drainWhileWiped } from './job-store.ts'
import { serveInVain } from './serve.ts'

function freshUrl(): string {
  const url = new URL(process.env.MONGODB_URL_FOR_TESTS ?? '')
  url.pathname = `/test_${randomUUID().replaceAll('-', '')}`
  return url.href
}

test('with MONGODB_URL the ticks are in MongoDB; wiped in the middle of a drain it loses no work, and they come back', async () => {
  const url = freshUrl()
  const client = await MongoClient.connect(url)
  try {
    await drainWhileWiped({
      settings: { MONGODB_URL: url },
      store: 'MONGODB',
      wipe: async () => {
        await client.db().dropDatabase()
      },
    })
  } finally {
    await client.db().dropDatabase()
    await client.close()
  }
}, 120_000)

test('a MongoDB that cannot be reached ends the start with one clear sentence, and without the password', async () => {
  const sandbox = await startSandbox()
  const { code, output } = await serveInVain({
    sandbox,
    settings: { MONGODB_URL: 'mongodb://someone:very-secret@127.0.0.1:1/countersign' },
  })
  await sandbox.stop()
  expect(code).toBe(1)
  expect(output).toContain('countersign: The job store (MongoDB at 127.0.0.1:1/countersign) cannot be used: ')
  expect(output).toContain('Check MONGODB_URL, and whether the server runs.')
  expect(output).not.toContain('very-secret')
  expect(output).not.toMatch(/\n\s+at /)
}, 60_000)
