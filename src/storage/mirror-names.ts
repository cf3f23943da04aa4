import { sql } from 'kysely'
import type { MirroredEntity } from '../domain/mirror.ts'
import type { Database } from './database.ts'

const NAMES_MAX = 10_000

/** A record of the mirror, as far as its name goes. */
export interface MirroredName {
  quickBooksId: string
  name: string
  active: boolean
  /** The record as JSON. */
  raw: string
}

/** Every record of a kind that is not deleted; at most 10,000. */
export function mirroredNames(
  database: Database,
  { connectionId, entity }: { connectionId: string; entity: MirroredEntity },
): Promise<MirroredName[]> {
  return database.rows(sql<MirroredName>`
    select quick_books_id as "quickBooksId", name, active, raw::text as raw from mirror_record
    where connection_id = ${connectionId} and entity = ${entity} and deleted_at is null and name is not null
    order by name, id limit ${NAMES_MAX}`)
}

/**
 * Records of a kind by their names, in any case. A name that is made inactive is marked as deleted by QuickBooks, so that it
 * is free for another: it is found all the same.
 */
export function mirroredByName(
  database: Database,
  { connectionId, entity, names }: { connectionId: string; entity: MirroredEntity; names: string[] },
): Promise<MirroredName[]> {
  const wanted = names.flatMap((name) => [name.toLowerCase(), `${name.toLowerCase()} (deleted)`])
  return database.rows(sql<MirroredName>`
    select quick_books_id as "quickBooksId", name, active, raw::text as raw from mirror_record
    where connection_id = ${connectionId} and entity = ${entity} and deleted_at is null and lower(name) = any(${wanted}::text[])
    order by id limit ${NAMES_MAX}`)
}

/**
 * Active records of a kind that hold one of these texts anywhere, in any case. Every record of the kind is looked at: for
 * what is seldom asked.
 */
export function mirroredMentioning(
  database: Database,
  { connectionId, entity, texts }: { connectionId: string; entity: MirroredEntity; texts: string[] },
): Promise<MirroredName[]> {
  // As the text stands in JSON, and no character of it a wildcard.
  const patterns = texts.map(
    (text) =>
      `%${JSON.stringify(text)
        .slice(1, -1)
        .replace(/[\\%_]/g, '\\$&')}%`,
  )
  return database.rows(sql<MirroredName>`
    select quick_books_id as "quickBooksId", name, active, raw::text as raw from mirror_record
    where connection_id = ${connectionId} and entity = ${entity} and deleted_at is null and active and name is not null
      and raw::text ilike any(${[...new Set(patterns)]}::text[])
    order by id limit ${NAMES_MAX}`)
}
