import { type RawBuilder, sql } from 'kysely'
import { v7 as uuidv7 } from 'uuid'
import type { PostingKind } from '../domain/kinds.ts'
import type { LinkKind } from '../domain/link.ts'
import { type Database, recordset } from './database.ts'

/** The QuickBooks ids that CRM records are known by. */
export async function findLinks(
  database: Database,
  args: { connectionId: string; kind: LinkKind; sourceIds: string[] },
): Promise<Map<string, string>> {
  const rows = await database.rows(sql<{ source_id: string; quick_books_id: string }>`
    select source_id, quick_books_id from link
    where connection_id = ${args.connectionId} and kind = ${args.kind} and source_id = any(${args.sourceIds}::text[])`)
  return new Map(rows.map((row) => [row.source_id, row.quick_books_id]))
}

export interface LinkDraft {
  kind: LinkKind
  sourceId: string
  quickBooksId: string
  name: string
}

/** A link that is to be made when a posting moves. */
export interface PostingLink extends LinkDraft {
  postingId: string
}

export async function saveLinks(
  database: Database,
  args: { connectionId: string; links: LinkDraft[]; now: Date },
): Promise<void> {
  if (args.links.length > 0) await database.run(savingLinks({ ...args, of: sql`true` }))
}

/** The statement that saves links, of those whose drafts a condition lets pass; a draft may bear a `posting_id`. */
export function savingLinks(args: {
  connectionId: string
  links: (LinkDraft | PostingLink)[]
  of: RawBuilder<unknown>
  now: Date
}): RawBuilder<unknown> {
  const rows = args.links.map((link) => ({
    id: uuidv7(),
    posting_id: 'postingId' in link ? link.postingId : null,
    kind: link.kind,
    source_id: link.sourceId,
    quick_books_id: link.quickBooksId,
    name: link.name,
  }))
  return sql`
    insert into link (id, connection_id, kind, source_id, quick_books_id, name, updated_at)
    select id, ${args.connectionId}, kind, source_id, quick_books_id, name, ${args.now}
    from jsonb_to_recordset(${recordset(rows)}::jsonb) as draft (id uuid, posting_id uuid, kind text, source_id text, quick_books_id text, name text)
    where ${args.of}
    on conflict (connection_id, kind, source_id) do update
      set quick_books_id = excluded.quick_books_id, name = excluded.name, updated_at = excluded.updated_at`
}

/** Forgets what a posting's names were linked to, so that its next try asks QuickBooks afresh. */
export async function forgetLinks(
  database: Database,
  args: { connectionId: string; sourceIds: string[] },
): Promise<void> {
  await database.run(sql`
    delete from link where connection_id = ${args.connectionId} and kind in ('CUSTOMER', 'ITEM', 'ACCOUNT', 'TAX_CODE', 'TERM')
      and source_id = any(${args.sourceIds}::text[])`)
}

/** The QuickBooks ids that records of the CRM were last posted under, by their CRM ids. */
export async function lastQuickBooksIds(
  database: Database,
  args: { connectionId: string; kind: PostingKind; sourceIds: string[] },
): Promise<Map<string, string>> {
  const rows = await database.rows(sql<{ source_id: string; quick_books_id: string }>`
    select distinct on (source_id) source_id, quick_books_id from posting
    where connection_id = ${args.connectionId} and kind = ${args.kind} and source_id = any(${args.sourceIds}::uuid[])
      and quick_books_id is not null order by source_id, generation desc`)
  return new Map(rows.map((row) => [row.source_id, row.quick_books_id]))
}
