import { MongoJobRepository } from '@agendajs/mongo-backend'
import type { JobParameters, JobRepositoryOptions } from 'agenda'
import { type Db, MongoClient, MongoServerError } from 'mongodb'
import type { MongodbJobStore, OpenJobStore, ReportTrouble } from './job-store.ts'

/** A collection of our own: other programs may keep their jobs in the same database under Agenda's usual name. */
const COLLECTION = 'countersign_ticks'
const CONNECTIONS_MAX = 5
const CONNECT_TIMEOUT_SECONDS = 5
const ANSWER_TIMEOUT_SECONDS = 10
const DUPLICATE_KEY = 11_000

/** Opens the ticks' collection in MongoDB and waits until it answers. */
export async function openMongodbStore(
  { url }: MongodbJobStore,
  { report }: { report: ReportTrouble },
): Promise<OpenJobStore> {
  const client = new MongoClient(url, {
    appName: 'countersign',
    maxPoolSize: CONNECTIONS_MAX,
    connectTimeoutMS: CONNECT_TIMEOUT_SECONDS * 1000,
    serverSelectionTimeoutMS: CONNECT_TIMEOUT_SECONDS * 1000,
    socketTimeoutMS: ANSWER_TIMEOUT_SECONDS * 1000,
  })
  const repository = new TickCollection({ database: client.db(), report })
  try {
    await client.connect()
    await repository.connect()
  } catch (error) {
    await client.close()
    throw error
  }
  return { repository, prepare: () => repository.connect(), close: () => client.close() }
}

class TickCollection extends MongoJobRepository {
  readonly #report: ReportTrouble

  constructor({ database, report }: { database: Db; report: ReportTrouble }) {
    super({ mongo: database, db: { collection: COLLECTION } })
    this.#report = report
  }

  override async connect(): Promise<void> {
    await super.connect()
    await this.collection.createIndex({ name: 1 }, { name: 'oneOfEachName', unique: true })
  }

  /**
   * Agenda would find a repeated job by its name and empty its lock and its history, so that a tick which another process
   * is running would be run twice at once. Here a tick that is there only gets its new interval.
   */
  override async saveJob<Data>(
    job: JobParameters<Data>,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters<Data>> {
    if (job._id || job.type !== 'single') return super.saveJob(job, options)
    try {
      return await super.saveJob({ ...job, type: 'normal' }, options)
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) throw error
      await this.collection.updateOne({ name: job.name }, { $set: { repeatInterval: job.repeatInterval ?? null } })
      const { jobs } = await this.queryJobs({ name: job.name })
      return (jobs[0] as JobParameters<Data> | undefined) ?? job
    }
  }

  /** Agenda does not wait for this call, so that its error would be nobody's. */
  override async unlockJob(job: JobParameters): Promise<void> {
    await super.unlockJob(job).catch(this.#report)
  }
}
