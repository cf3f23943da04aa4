import { test } from '@jest/globals'
import pg from 'pg'
import { drainWhileWiped } from './job-store.ts'

test('a job store in PostgreSQL that is wiped in the middle of a drain loses no work, and its ticks come back', async () => {
  await drainWhileWiped({
    settings: {},
    store: 'POSTGRESQL',
    async wipe({ databaseUrl }) {
      const client = new pg.Client({ connectionString: databaseUrl })
      await client.connect()
      await client.query('drop schema if exists agenda cascade')
      await client.end()
    },
  })
}, 120_000)
