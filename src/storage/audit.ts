import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import { AuditEntry } from '../domain/access.ts'
import { type Database, recordset } from './database.ts'
import { type KeysetPage, keysetPage, type PageRequest } from './pages.ts'

export type AuditResult = 'OK' | 'ERROR' | 'DENIED'

/** Adds one entry to the trail; entries are never changed. The key and its connections are left out by what is no key. */
export async function writeAudit(
  database: Database,
  args: {
    author: string
    keyId?: string | null
    connectionIds?: string[] | null
    action: string
    subject: string | null
    result: AuditResult
    now: Date
  },
): Promise<void> {
  // Not of `now`: ids of one millisecond would be in no order.
  const id = uuidv7()
  await database.run(sql`
    insert into audit_entry (id, at, author, key_id, connection_ids, action, subject, result)
    values (${id}, ${args.now}, ${args.author}, ${args.keyId ?? null}, ${args.connectionIds ?? null}::uuid[], ${args.action},
        ${args.subject}, ${args.result})`)
}

/** Adds one entry for each subject, all that went well, in one statement. */
export async function writeAuditEntries(
  database: Database,
  args: {
    author: string
    keyId: string | null
    connectionIds: string[] | null
    action: string
    entries: { subject: string }[]
    now: Date
  },
): Promise<void> {
  const rows = args.entries.map(({ subject }) => ({ id: uuidv7(), subject }))
  await database.run(sql`
    insert into audit_entry (id, at, author, key_id, connection_ids, action, subject, result)
    select id, ${args.now}::timestamptz, ${args.author}, ${args.keyId}::uuid, ${args.connectionIds}::uuid[], ${args.action}, subject, 'OK'
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as entry (id uuid, subject text)`)
}

/** What is left out filters nothing. */
export interface AuditSelection {
  author?: string | null
  action?: string | null
  /** A part of the subject, such as an id. */
  subject?: string | null
  result?: AuditResult | null
}

export function auditPage(
  database: Database,
  { selection, request }: { selection: AuditSelection; request: PageRequest },
): Promise<KeysetPage<AuditEntry>> {
  const { author, action, subject, result } = selection
  const conditions: RawBuilder<unknown>[] = [
    ...(author ? [sql`author = ${author}`] : []),
    ...(action ? [sql`action = ${action}`] : []),
    ...(subject ? [sql`position(${subject} in subject) > 0`] : []),
    ...(result ? [sql`result = ${result}`] : []),
  ]
  return keysetPage(database, { entity: AuditEntry, table: sql`audit_entry`, columns: sql`*`, conditions, request })
}
