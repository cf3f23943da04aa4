import { type JobStore, JobStoreUnreachable, type OpenJobStore, type ReportTrouble } from './job-store.ts'

const CHECK = { postgresql: 'DATABASE_URL', mongodb: 'MONGODB_URL' } satisfies Record<JobStore['kind'], string>
const NAME = { postgresql: 'PostgreSQL', mongodb: 'MongoDB' } satisfies Record<JobStore['kind'], string>

/** Opens it, whichever it is. Throws JobStoreUnreachable. */
export async function openJobStore(store: JobStore, { report }: { report: ReportTrouble }): Promise<OpenJobStore> {
  try {
    // The driver of the one is not loaded for the other: MongoDB's is a large part of what a small process holds.
    if (store.kind === 'mongodb') {
      const { openMongodbStore } = await import('./mongodb.ts')
      return await openMongodbStore(store, { report })
    }
    const { openPostgresqlStore } = await import('./postgresql.ts')
    return await openPostgresqlStore(store, { report })
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
