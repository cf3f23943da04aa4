import { sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { Database } from './database.ts'

export type AuditResult = 'OK' | 'ERROR' | 'DENIED'

/** Adds one entry to the trail; entries are never changed. */
export async function writeAudit(
  database: Database,
  args: { author: string; action: string; subject: string | null; result: AuditResult; now: Date },
): Promise<void> {
  const id = uuidv7({ msecs: args.now.getTime() })
  await database.run(sql`
    insert into audit_entry (id, at, author, action, subject, result)
    values (${id}, ${args.now}, ${args.author}, ${args.action}, ${args.subject}, ${args.result})`)
}
