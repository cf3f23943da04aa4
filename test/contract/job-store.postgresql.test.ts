import { describe } from '@jest/globals'
import pg from 'pg'
import { emptyDatabase } from '../database.ts'
import { type HarmedStore, jobStoreContract } from './job-store.contract.ts'
import { startWireProxy } from './wire-proxy.ts'

const SCHEMA = 'agenda'

async function open(): Promise<HarmedStore> {
  const straight = await emptyDatabase()
  const url = new URL(straight)
  const proxy = await startWireProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  const pool = new pg.Pool({ connectionString: straight, max: 2 })
  const ensureSchema = async () => {
    await pool.query(`create schema if not exists ${SCHEMA}`)
  }
  await ensureSchema()
  return {
    store: { kind: 'postgresql', url: url.href, schema: SCHEMA, ensureSchema },
    async names() {
      const { rows } = await pool.query<{ name: string }>(`select name from ${SCHEMA}.agenda_jobs order by name`)
      return rows.map(({ name }) => name)
    },
    empty: async () => {
      await pool.query(`delete from ${SCHEMA}.agenda_jobs`)
    },
    demolish: async () => {
      await pool.query(`drop schema ${SCHEMA} cascade`)
    },
    cut: proxy.cut,
    mend: proxy.mend,
    async close() {
      await pool.end()
      await proxy.close()
    },
  }
}

describe('ticks in PostgreSQL', () => {
  jobStoreContract({
    open,
    nowhere: () => ({
      kind: 'postgresql',
      url: 'postgresql://someone:very-secret@127.0.0.1:1/countersign',
      schema: SCHEMA,
      ensureSchema: async () => {},
    }),
  })
})
