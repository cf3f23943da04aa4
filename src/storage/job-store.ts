import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Agenda keeps its ticks in a schema of its own, so that the tables of the house stay exactly what the migrations say. */
export const JOB_SCHEMA = 'agenda'

export async function ensureJobSchema(database: Database): Promise<void> {
  await database.run(sql`create schema if not exists ${sql.id(JOB_SCHEMA)}`)
}
