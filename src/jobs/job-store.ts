import type { JobRepository } from 'agenda'
import { openMongodbStore } from './mongodb.ts'
import { openPostgresqlStore } from './postgresql.ts'

/** Where Agenda keeps its ticks. */
export type JobStore = PostgresqlJobStore | MongodbJobStore

export interface PostgresqlJobStore {
  kind: 'postgresql'
  url: string
  /** The schema in which Agenda keeps its tables. */
  schema: string
  /** Makes that schema, unless it is there. */
  ensureSchema: () => Promise<void>
}

export interface MongodbJobStore {
  kind: 'mongodb'
  url: string
}

/** What the ticks need of a store, whichever it is. */
export interface OpenJobStore {
  repository: JobRepository
  /** Makes what the store needs to hold ticks, unless it is there: schema and tables, collection and indexes. */
  prepare(): Promise<void>
  close(): Promise<void>
}

/** Told of every problem that has no caller of its own. */
export type ReportTrouble = (error: unknown) => void

/** Nobody answers where the ticks should be kept. The message says where that is, and never how one signs in there. */
export class JobStoreUnreachable extends Error {}

const CHECK = { postgresql: 'DATABASE_URL', mongodb: 'MONGODB_URL' } satisfies Record<JobStore['kind'], string>
const NAME = { postgresql: 'PostgreSQL', mongodb: 'MongoDB' } satisfies Record<JobStore['kind'], string>

export async function openJobStore(store: JobStore, { report }: { report: ReportTrouble }): Promise<OpenJobStore> {
  try {
    return store.kind === 'mongodb'
      ? await openMongodbStore(store, { report })
      : await openPostgresqlStore(store, { report })
  } catch (error) {
    const reason = error instanceof Error ? error.message || String(error) : String(error)
    throw new JobStoreUnreachable(
      `The job store (${NAME[store.kind]} at ${placeOf(store.url)}) cannot be used: ${reason}. ` +
        `Check ${CHECK[store.kind]}, and whether the server runs.`,
      { cause: error },
    )
  }
}

/** Host, port and database of an address; not the user and the password in it. */
function placeOf(url: string): string {
  return url
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/^.*@/, '')
    .replace(/\?.*$/, '')
}
