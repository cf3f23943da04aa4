import type { Connection } from '../domain/connection.ts'
import type { Document } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import type { Lane } from '../storage/lanes.ts'
import { findLinks, saveLinks } from '../storage/links.ts'
import { ask } from './ask.ts'
import type { Road } from './road.ts'

/**
 * The QuickBooks ids of the methods that payments name: by link, then by name. A method that QuickBooks does not have is left
 * out: the payment is posted all the same.
 */
export async function findMethods(
  road: Road,
  args: { connection: Connection; lane: Lane; documents: (Document | null)[] },
): Promise<Map<string, string>> {
  const named = args.documents.flatMap((document) => (document?.kind === 'PAYMENT' ? (document.method ?? []) : []))
  const names = [...new Set(named)]
  const kind = LinkKind.PAYMENT_METHOD
  const askable = road.ledgerOf(args.connection).answers({ entity: kind, by: 'NAME' })
  if (names.length === 0 || !askable) return new Map()
  const connectionId = args.connection.id
  const methods = await findLinks(road.database, { connectionId, kind, sourceIds: names })
  const missing = names.filter((name) => !methods.has(name))
  const found = await ask(road, { ...args, questions: [{ entity: kind, by: 'NAME', values: missing }] })
  const links = missing.flatMap((name) => {
    const record = found.find((one) => one.active && one.name?.toLowerCase() === name.toLowerCase())
    return record ? [{ kind, sourceId: name, quickBooksId: record.quickBooksId, name }] : []
  })
  for (const { name, quickBooksId } of links) methods.set(name, quickBooksId)
  await saveLinks(road.database, { connectionId, links, now: road.now() })
  return methods
}
