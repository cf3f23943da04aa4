import { setTimeout as sleep } from 'node:timers/promises'
import { PostgresJobRepository } from '@agendajs/postgres-backend'
import type { JobParameters } from 'agenda'
import type { OpenJobStore, PostgresqlJobStore, ReportTrouble } from './job-store.ts'

const CONNECTIONS_MAX = 3
const CONNECT_TIMEOUT_SECONDS = 5
const ANSWER_TIMEOUT_SECONDS = 10
const PREPARE_ATTEMPTS = 4
const PREPARE_PAUSE_SECONDS = 0.1

/** Opens the ticks' tables in PostgreSQL and waits until it answers. */
export async function openPostgresqlStore(
  store: PostgresqlJobStore,
  { report }: { report: ReportTrouble },
): Promise<OpenJobStore> {
  const repository = new TickTable({ store, report })
  const prepare = () =>
    inTurns(async () => {
      await store.ensureSchema()
      await repository.connect()
    })
  try {
    await prepare()
  } catch (error) {
    await repository.disconnect()
    throw error
  }
  return { repository, prepare, close: () => repository.disconnect() }
}

/** Two processes that make the same table at once get in each other's way; whoever tries again finds it made. */
async function inTurns(make: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await make()
    } catch (error) {
      // PostgreSQL's own errors have a severity; a connection that fails has none, and is not asked again.
      const answered = error instanceof Error && 'severity' in error
      if (!answered || attempt === PREPARE_ATTEMPTS) throw error
      await sleep(PREPARE_PAUSE_SECONDS * 1000 * attempt)
    }
  }
}

class TickTable extends PostgresJobRepository {
  readonly #report: ReportTrouble

  constructor({ store, report }: { store: PostgresqlJobStore; report: ReportTrouble }) {
    super({
      poolConfig: {
        connectionString: store.url,
        options: `-c search_path=${store.schema}`,
        max: CONNECTIONS_MAX,
        connectionTimeoutMillis: CONNECT_TIMEOUT_SECONDS * 1000,
        query_timeout: ANSWER_TIMEOUT_SECONDS * 1000,
        keepAlive: true,
      },
    })
    this.#report = report
    // An idle connection that breaks has no caller; unheard, its error would end the process.
    this.getPool().on('error', report)
  }

  /** Agenda does not wait for this call, so that its error would be nobody's. */
  override async unlockJob(job: JobParameters): Promise<void> {
    await super.unlockJob(job).catch(this.#report)
  }
}
