import type { Connection } from '../domain/connection.ts'
import type { CustomerDocument, SalesDocument } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { findLinks, type LinkDraft, saveLinks } from '../storage/links.ts'
import { mirroredMentioning } from '../storage/mirror-names.ts'
import { ask, type Question } from './ask.ts'
import type { Road } from './road.ts'
import type { NamedReference, SalePlan } from './sale-plan.ts'

/** The QuickBooks ids of what documents name. */
export interface Names {
  /** By the CRM's ids. */
  customers: Map<string, string>
  items: Map<string, string>
  /** What goes by a name alone: see `nameKey`. */
  named: Map<string, string>
  inactiveCustomers: Set<string>
}

interface Wanted {
  documents: SalesDocument[]
  plans: SalePlan[]
}

type NamingRoad = Pick<Road, 'database' | 'ledgerOf'>
type Name = Pick<NamedReference, 'entity' | 'name'>

export function nameKey({ entity, name }: Name): string {
  return `${entity} ${name}`
}

/** Links first; what they do not know is asked of QuickBooks by name, a customer by its e-mail address too, and linked. */
export async function findNames(road: Road, args: { connection: Connection; lane: Lane } & Wanted): Promise<Names> {
  const { names, links } = await namesBy(road, { ...args, look: (questions) => ask(road, { ...args, questions }) })
  await saveLinks(road.database, { connectionId: args.connection.id, links, now: road.now() })
  return names
}

/** The same, whoever answers the questions; what was found is not linked yet. */
export async function namesBy(
  road: NamingRoad,
  args: { connection: Connection; look: (questions: Question[]) => Promise<LedgerRecord[]> } & Wanted,
): Promise<{ names: Names; links: LinkDraft[] }> {
  const wanted = [...new Map(args.plans.flatMap(({ named }) => named).map((one) => [nameKey(one), one])).values()]
  const names = await linkedNames(road, { ...args, wanted })
  const customers = args.documents
    .map(({ customer }) => customer)
    .filter(({ sourceId }) => !names.customers.has(sourceId))
  const items = ownItems(args).filter(({ sourceId }) => !names.items.has(sourceId))
  const others = wanted.filter((one) => !names.named.has(nameKey(one)))
  const answered = await args.look(questionsOf(road, { ...args, customers, items, others }))
  const found = [...answered, ...(await alikeInMirror(road, { ...args, customers, answered }))]
  const links = [
    ...customerLinks(found, { customers, names }),
    ...linksOf(found, { kind: LinkKind.ITEM, wanted: items, into: names.items }),
    ...others.flatMap(({ entity: kind, name }) => {
      const into = new Map<string, string>()
      const links = linksOf(found, { kind, wanted: [{ sourceId: name, name }], into })
      for (const id of into.values()) names.named.set(nameKey({ entity: kind, name }), id)
      return links
    }),
  ]
  return { names, links }
}

/** The items of products that no rule replaced by another. */
function ownItems({ documents, plans }: Wanted): { sourceId: string; name: string }[] {
  return documents.flatMap(({ lines }, index) =>
    lines.flatMap(({ item }, place) => (plans[index]?.lines[place]?.item ? [] : [item])),
  )
}

async function linkedNames(
  road: NamingRoad,
  args: { connection: Connection; wanted: Name[] } & Wanted,
): Promise<Names> {
  const find = (kind: LinkKind, sourceIds: string[]) =>
    findLinks(road.database, { connectionId: args.connection.id, kind, sourceIds: [...new Set(sourceIds)] })
  const kinds = [...new Set(args.wanted.map(({ entity }) => entity))]
  const namesOf = (kind: LinkKind) => args.wanted.filter(({ entity }) => entity === kind).map(({ name }) => name)
  const [customers, items, ...linked] = await Promise.all([
    find(
      LinkKind.CUSTOMER,
      args.documents.map(({ customer }) => customer.sourceId),
    ),
    find(
      LinkKind.ITEM,
      ownItems(args).map(({ sourceId }) => sourceId),
    ),
    ...kinds.map((kind) => find(kind, namesOf(kind))),
  ])
  const named = kinds.flatMap((entity, index) =>
    [...(linked[index] ?? [])].map(([name, id]): [string, string] => [nameKey({ entity, name }), id]),
  )
  return { customers, items, named: new Map(named), inactiveCustomers: new Set() }
}

function questionsOf(
  road: NamingRoad,
  args: { connection: Connection; customers: CustomerDocument[]; items: { name: string }[]; others: Name[] },
): Question[] {
  const { answers } = road.ledgerOf(args.connection)
  const kinds = [...new Set([...args.others.map(({ entity }) => entity), LinkKind.ITEM])]
  const byEmail = { entity: LinkKind.CUSTOMER, by: 'EMAIL' } as const
  return [
    { entity: LinkKind.CUSTOMER, by: 'NAME', values: args.customers.map(({ name }) => name) },
    ...(answers(byEmail) ? [{ ...byEmail, values: args.customers.flatMap(({ email }) => email ?? []) }] : []),
    ...kinds.map((entity): Question => {
      const named = args.others.filter((one) => one.entity === entity).map(({ name }) => name)
      const own = entity === LinkKind.ITEM ? args.items.map(({ name }) => name) : []
      return { entity, by: 'NAME', values: [...own, ...named] }
    }),
  ]
}

/**
 * Where QuickBooks cannot be asked by an e-mail address, the mirror is, for customers that their name did not find. What it
 * has may be a quarter of an hour old.
 */
async function alikeInMirror(
  road: NamingRoad,
  args: { connection: Connection; customers: CustomerDocument[]; answered: LedgerRecord[] },
): Promise<LedgerRecord[]> {
  const { answers, mirror } = road.ledgerOf(args.connection)
  if (!mirror || answers({ entity: LinkKind.CUSTOMER, by: 'EMAIL' })) return []
  const unknown = args.customers.filter(({ name }) => named(args.answered, LinkKind.CUSTOMER, name).length === 0)
  const emails = unknown.flatMap(({ email, companyName }) => (email && companyName ? [email] : []))
  if (emails.length === 0) return []
  const entity = MirrorEntity.CUSTOMER
  const rows = await mirroredMentioning(road.database, { connectionId: args.connection.id, entity, texts: emails })
  return rows.flatMap(({ raw }) => mirror.recordOf({ entity, raw }) ?? [])
}

/**
 * A customer is the one of its name; else the only active one of its company and e-mail address, which QuickBooks lists
 * under another name. An address alone proves nothing: it may be that of a person who buys for several companies. One
 * whose name belongs to an inactive customer is neither.
 */
function customerLinks(
  found: LedgerRecord[],
  { customers, names }: { customers: CustomerDocument[]; names: Names },
): LinkDraft[] {
  const links = linksOf(found, { kind: LinkKind.CUSTOMER, wanted: customers, into: names.customers })
  for (const { sourceId, name, companyName, email } of customers) {
    if (named(found, LinkKind.CUSTOMER, name).some((record) => !record.active)) names.inactiveCustomers.add(sourceId)
    if (names.customers.has(sourceId) || names.inactiveCustomers.has(sourceId) || !email || !companyName) continue
    const alike = found.filter(
      ({ active, customer }) => active && isSame(customer?.email, email) && isSame(customer?.companyName, companyName),
    )
    const [only, ...more] = new Map(alike.map((record) => [record.quickBooksId, record])).values()
    if (!only || more.length > 0) continue
    names.customers.set(sourceId, only.quickBooksId)
    links.push({ kind: LinkKind.CUSTOMER, sourceId, quickBooksId: only.quickBooksId, name: only.name ?? name })
  }
  return links
}

/** Whatever the letters' case. */
function isSame(theirs: string | null | undefined, ours: string): boolean {
  return theirs?.toLowerCase() === ours.toLowerCase()
}

function named(records: LedgerRecord[], kind: LinkKind, name: string): LedgerRecord[] {
  const key = name.toLowerCase()
  return records.filter((record) => record.entity === kind && record.name?.toLowerCase() === key)
}

function linksOf(
  records: LedgerRecord[],
  { kind, wanted, into }: { kind: LinkKind; wanted: { sourceId: string; name: string }[]; into: Map<string, string> },
): LinkDraft[] {
  const links = new Map<string, LinkDraft>()
  for (const { sourceId, name } of wanted) {
    const [record] = named(records, kind, name).filter(({ active }) => active)
    if (!record) continue
    into.set(sourceId, record.quickBooksId)
    links.set(sourceId, { kind, sourceId, quickBooksId: record.quickBooksId, name })
  }
  return [...links.values()]
}
