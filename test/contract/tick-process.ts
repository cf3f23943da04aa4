// A process of its own that carries one tick which never ends. Run by Node as it is: `node tick-process.ts <store as JSON>`.
import { pino } from 'pino'
import type { JobStore } from '../../src/jobs/job-store.ts'
import { openTicks } from '../../src/jobs/jobs.ts'

const given = JSON.parse(process.argv[2] ?? '') as { store: JobStore; limits: object }
const ticks = await openTicks({
  store: { ...given.store, ensureSchema: async () => {} } as JobStore,
  ticks: [
    {
      name: 'shared',
      does: 'never ends',
      everySeconds: 1,
      run: () => {
        process.send?.('running')
        return new Promise(() => {})
      },
    },
  ],
  log: pino({ level: 'silent' }),
  limits: given.limits,
})
await ticks.start()
process.once('disconnect', () => process.exit())
