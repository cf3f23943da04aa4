import type { JobRepository } from 'agenda'

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
