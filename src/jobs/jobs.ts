// When things happen: one file beside this one for each clock tick, with a name, an interval and one call. Agenda carries
// the ticks, in PostgreSQL or MongoDB; nothing but ticks is in its store, so that losing it loses no work.
import { MongoBackend } from '@agendajs/mongo-backend'
import { PostgresBackend } from '@agendajs/postgres-backend'
import { Agenda } from 'agenda'
import type { Logger } from 'pino'

/** A tick: what is called, and how often. A call that is still running is not begun again by its own process. */
export interface Tick {
  name: string
  everySeconds: number
  run: () => Promise<unknown>
}

/** Where Agenda keeps its ticks. */
export type JobStore = { kind: 'postgresql'; url: string; schema: string } | { kind: 'mongodb'; url: string }

/** A tick whose process died is given to another one after this long. */
const LOCK_SECONDS = 30

/** Starts the ticks; `stop` waits for those that run. */
export async function startTicks(args: {
  store: JobStore
  ticks: Tick[]
  log: Logger
}): Promise<{ stop(): Promise<void> }> {
  const agenda = new Agenda({
    backend: backendOf(args.store),
    processEvery: 1000,
    defaultConcurrency: 1,
    defaultLockLifetime: LOCK_SECONDS * 1000,
  })
  agenda.on('error', (error: Error) => args.log.error({ error: error.message }, 'the job store has a problem'))
  for (const tick of args.ticks) {
    agenda.define(tick.name, async () => {
      try {
        await tick.run()
      } catch (error) {
        args.log.error(
          { tick: tick.name, error: error instanceof Error ? error.stack : String(error) },
          'a tick failed',
        )
      }
    })
  }
  await agenda.start()
  for (const tick of args.ticks) await agenda.every(`${tick.everySeconds} seconds`, tick.name)
  return {
    async stop() {
      await agenda.drain(10_000)
      await agenda.stop(true)
    },
  }
}

function backendOf(store: JobStore): PostgresBackend | MongoBackend {
  if (store.kind === 'mongodb') return new MongoBackend({ address: store.url })
  return new PostgresBackend({
    poolConfig: { connectionString: store.url, options: `-c search_path=${store.schema}`, max: 3 },
  })
}
