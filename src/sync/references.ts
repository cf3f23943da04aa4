import type { Connection } from '../domain/connection.ts'
import {
  type Charge,
  type ChargeRole,
  type CustomerDocument,
  contentHash,
  type Document,
  type InvoiceDocument,
  type MappedInvoice,
} from '../domain/document.ts'
import { PostingKind, WaitingFor } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord, Need } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { findLinks, type LinkDraft, saveLinks } from '../storage/links.ts'
import { acceptPostings, type Change, findPostings } from '../storage/postings.ts'
import { ask } from './ask.ts'
import type { Road } from './road.ts'
import { alone, type MappedPosting, type Step } from './step.ts'

interface Names {
  customers: Map<string, string>
  items: Map<string, string>
  /** What charges are booked with: by kind and name. */
  charges: Map<string, string>
  inactiveCustomers: Set<string>
}

/**
 * Turns names into QuickBooks ids: by link, then by name in QuickBooks. A customer that QuickBooks does not have gets a
 * posting of its own, and the invoice waits for it; an item or an account that is missing is a matter for a person.
 */
export async function mapReferences(
  road: Road,
  args: { connection: Connection; lane: Lane; postings: Posting[] },
): Promise<Step<MappedPosting>> {
  const invoices = args.postings.filter((posting) => posting.kind === PostingKind.INVOICE)
  const names = await findNames(road, { ...args, documents: invoices.map(invoiceOf) })
  const blockers = await postMissingCustomers(road, { ...args, invoices, names })
  const ledger = road.ledgerOf(args.connection)
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  for (const posting of args.postings) {
    const result = alone(posting, () =>
      posting.kind === PostingKind.INVOICE
        ? mapInvoice(posting, { names, blockers, needs: ledger.needs(invoiceOf(posting)) })
        : mapCustomer(posting),
    )
    if ('mapped' in result) step.ready.push(result)
    else step.aside.push(result)
  }
  return step
}

/** The mapping of postings that were sent before; one whose names are gone from QuickBooks since has none. */
export async function mapSent(
  road: Road,
  args: { connection: Connection; lane: Lane; postings: Posting[] },
): Promise<Map<string, MappedInvoice>> {
  const invoices = args.postings.filter((posting) => posting.kind === PostingKind.INVOICE)
  const names = await findNames(road, { ...args, documents: invoices.map(invoiceOf) })
  return new Map(
    invoices.flatMap((posting) => {
      const document = invoiceOf(posting)
      const mapped = mapWith(document, { names, needs: road.ledgerOf(args.connection).needs(document) })
      return 'missing' in mapped ? [] : [[posting.id, mapped] as const]
    }),
  )
}

function invoiceOf(posting: Posting): InvoiceDocument {
  if (posting.document?.kind !== 'INVOICE') throw new Error(`Posting ${posting.id} carries no invoice`)
  return posting.document
}

type NamedNeed = Extract<Need, { name: string }>

function chargeKey({ entity, name }: NamedNeed): string {
  return `${entity} ${name}`
}

/** The charges of documents that go by a name, each name once. */
function namedNeeds(road: Road, args: { connection: Connection; documents: InvoiceDocument[] }): NamedNeed[] {
  const ledger = road.ledgerOf(args.connection)
  const named = args.documents.flatMap((document) => ledger.needs(document).filter((need) => 'name' in need))
  return [...new Map(named.map((need) => [chargeKey(need), need])).values()]
}

async function linkedNames(
  road: Road,
  args: { connection: Connection; documents: InvoiceDocument[]; needs: NamedNeed[] },
): Promise<Names> {
  const connectionId = args.connection.id
  const find = (kind: LinkKind, sourceIds: string[]) =>
    findLinks(road.database, { connectionId, kind, sourceIds: [...new Set(sourceIds)] })
  const [customers, items, ...linked] = await Promise.all([
    find(
      LinkKind.CUSTOMER,
      args.documents.map(({ customer }) => customer.sourceId),
    ),
    find(
      LinkKind.ITEM,
      args.documents.flatMap(({ lines }) => lines.map(({ item }) => item.sourceId)),
    ),
    ...args.needs.map(({ entity, name }) => find(entity, [name])),
  ])
  const charges = args.needs.flatMap((need, index): [string, string][] => {
    const id = linked[index]?.get(need.name)
    return id === undefined ? [] : [[chargeKey(need), id]]
  })
  return { customers, items, charges: new Map(charges), inactiveCustomers: new Set() }
}

/** Links first; what they do not know is asked of QuickBooks by name, and linked. */
async function findNames(
  road: Road,
  args: { connection: Connection; lane: Lane; documents: InvoiceDocument[] },
): Promise<Names> {
  const needs = namedNeeds(road, args)
  const names = await linkedNames(road, { ...args, needs })
  const { connection } = args
  const customers = args.documents
    .map(({ customer }) => customer)
    .filter(({ sourceId }) => !names.customers.has(sourceId))
  const items = args.documents
    .flatMap(({ lines }) => lines.map(({ item }) => item))
    .filter(({ sourceId }) => !names.items.has(sourceId))
  const charges = needs.filter((need) => !names.charges.has(chargeKey(need)))
  const chargesOf = (kind: LinkKind) => charges.filter(({ entity }) => entity === kind).map(({ name }) => name)
  const found = await ask(road, {
    ...args,
    questions: [
      { entity: LinkKind.CUSTOMER, by: 'NAME', values: customers.map(({ name }) => name) },
      { entity: LinkKind.ITEM, by: 'NAME', values: [...items.map(({ name }) => name), ...chargesOf(LinkKind.ITEM)] },
      { entity: LinkKind.ACCOUNT, by: 'NAME', values: chargesOf(LinkKind.ACCOUNT) },
    ],
  })
  for (const { sourceId, name } of customers) {
    if (named(found, LinkKind.CUSTOMER, name).some((record) => !record.active)) names.inactiveCustomers.add(sourceId)
  }
  const links = [
    ...linksOf(found, { kind: LinkKind.CUSTOMER, wanted: customers, into: names.customers }),
    ...linksOf(found, { kind: LinkKind.ITEM, wanted: items, into: names.items }),
    ...charges.flatMap((need) => {
      const wanted = [{ sourceId: need.name, name: need.name }]
      const into = new Map<string, string>()
      const links = linksOf(found, { kind: need.entity, wanted, into })
      for (const id of into.values()) names.charges.set(chargeKey(need), id)
      return links
    }),
  ]
  await saveLinks(road.database, { connectionId: connection.id, links, now: road.now() })
  return names
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

/** Makes a posting for each customer that QuickBooks lacks; gives the posting to wait for, by the customer's CRM id. */
async function postMissingCustomers(
  road: Road,
  args: { connection: Connection; invoices: Posting[]; names: Names },
): Promise<Map<string, string>> {
  const missing = new Map<string, CustomerDocument>()
  for (const posting of args.invoices) {
    const { customer } = invoiceOf(posting)
    if (!args.names.customers.has(customer.sourceId) && !args.names.inactiveCustomers.has(customer.sourceId))
      missing.set(customer.sourceId, customer)
  }
  if (missing.size === 0) return new Map()
  const drafts = [...missing.values()].map((document) => ({
    connectionId: args.connection.id,
    kind: PostingKind.CUSTOMER,
    sourceId: document.sourceId,
    orderNumber: null,
    documentNumber: document.name,
    total: null,
    currency: null,
    document: document as Document,
    contentHash: contentHash(document),
    state: PostingState.PENDING as const,
    reason: null,
  }))
  await acceptPostings(road.database, { drafts, now: road.now() })
  const blockers = await findPostings(road.database, { kind: PostingKind.CUSTOMER, sourceIds: [...missing.keys()] })
  return new Map(blockers.filter((blocker) => !blocker.quickBooksId).map((blocker) => [blocker.sourceId, blocker.id]))
}

function mapCustomer(posting: Posting): MappedPosting {
  if (posting.document?.kind !== 'CUSTOMER') throw new Error(`Posting ${posting.id} carries no customer`)
  return { posting, mapped: { kind: 'CUSTOMER', document: posting.document } }
}

function mapInvoice(
  posting: Posting,
  { names, blockers, needs }: { names: Names; blockers: Map<string, string>; needs: Need[] },
): MappedPosting | Change {
  const document = invoiceOf(posting)
  const { customer } = document
  const blockedById = blockers.get(customer.sourceId)
  const orderNumber = document.orderNumber
  if (blockedById) {
    return { id: posting.id, to: PostingState.PENDING, blockedById, waitingFor: WaitingFor.CUSTOMER }
  }
  if (!names.customers.has(customer.sourceId)) {
    const code = names.inactiveCustomers.has(customer.sourceId) ? 'NAME_TAKEN' : 'CUSTOMER_VANISHED'
    return {
      id: posting.id,
      to: PostingState.FAILED,
      reason: { code, detail: { customerName: customer.name, orderNumber } },
    }
  }
  const missing = [
    ...new Set(
      document.lines.filter(({ item }) => !names.items.has(item.sourceId)).map(({ item }) => `"${item.name}"`),
    ),
  ]
  if (missing.length > 0) {
    return {
      id: posting.id,
      to: PostingState.FAILED,
      reason: { code: 'ITEM_NOT_FOUND', detail: { items: missing.join(', '), orderNumber } },
    }
  }
  const mapped = mapWith(document, { names, needs })
  if (!('missing' in mapped)) return { posting, mapped }
  const { entity, name } = mapped.missing
  const reason =
    entity === LinkKind.ACCOUNT
      ? { code: 'ACCOUNT_NOT_FOUND' as const, detail: { account: name, orderNumber } }
      : { code: 'ITEM_NOT_FOUND' as const, detail: { items: `"${name}"`, orderNumber } }
  return { id: posting.id, to: PostingState.FAILED, reason }
}

/** The invoice with ids for its names; or the first name that QuickBooks does not have. */
function mapWith(
  document: InvoiceDocument,
  { names, needs }: { names: Names; needs: Need[] },
): MappedInvoice | { missing: { entity: LinkKind; name: string } } {
  const { customer } = document
  const customerId = names.customers.get(customer.sourceId)
  if (customerId === undefined) return { missing: { entity: LinkKind.CUSTOMER, name: customer.name } }
  const unknown = document.lines.find(({ item }) => !names.items.has(item.sourceId))
  if (unknown) return { missing: { entity: LinkKind.ITEM, name: unknown.item.name } }
  const charges: Partial<Record<ChargeRole, Charge>> = {}
  for (const need of needs) {
    const id = 'name' in need ? names.charges.get(chargeKey(need)) : undefined
    if ('charge' in need) charges[need.role] = need.charge
    else if (id !== undefined) charges[need.role] = { id }
    else if (!need.optional) return { missing: need }
  }
  const itemIds = document.lines.flatMap(({ item }) => names.items.get(item.sourceId) ?? [])
  return { kind: 'INVOICE', document, customerId, itemIds, charges }
}
