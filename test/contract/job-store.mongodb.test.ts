import { randomUUID } from 'node:crypto'
import { describe } from '@jest/globals'
import { MongoClient } from 'mongodb'
import { type HarmedStore, jobStoreContract } from './job-store.contract.ts'
import { startWireProxy } from './wire-proxy.ts'

const COLLECTION = 'countersign_ticks'

async function open(): Promise<HarmedStore> {
  const url = new URL(process.env.MONGODB_URL_FOR_TESTS ?? '')
  url.pathname = `/test_${randomUUID().replaceAll('-', '')}`
  const client = await MongoClient.connect(url.href)
  const proxy = await startWireProxy({ host: url.hostname, port: Number(url.port) })
  // Without this the driver would ask the server for its own address, and go past the wire that a test cuts.
  url.searchParams.set('directConnection', 'true')
  url.port = String(proxy.port)
  const ticks = client.db().collection(COLLECTION)
  return {
    store: { kind: 'mongodb', url: url.href },
    async names() {
      const found = await ticks.find().sort({ name: 1 }).toArray()
      return found.map(({ name }) => String(name))
    },
    empty: async () => {
      await ticks.deleteMany({})
    },
    demolish: async () => {
      await ticks.drop()
    },
    cut: proxy.cut,
    mend: proxy.mend,
    async close() {
      await client.db().dropDatabase()
      await client.close()
      await proxy.close()
    },
  }
}

describe('ticks in MongoDB', () => {
  jobStoreContract({
    open,
    nowhere: () => ({ kind: 'mongodb', url: 'mongodb://someone:very-secret@127.0.0.1:1/countersign' }),
  })
})
