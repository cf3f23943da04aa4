import type { Connection } from '../domain/connection.ts'
import { paymentStamp } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import type { Ledger, LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { findLinks } from '../storage/links.ts'
import { ask, type Question } from './ask.ts'
import { findTargets, referencesOf } from './await-targets.ts'
import { customerIds, saysTheSame } from './map-customers.ts'
import { mapSent } from './references.ts'
import type { Road } from './road.ts'
import type { MappedPosting } from './step.ts'

/** What a look in QuickBooks found, for each posting. */
export interface Sighting {
  /** The records that may be what a posting became: one is it, none is one proof of absence, several are for a person. */
  matchesOf(posting: Posting): LedgerRecord[]
}

interface Looked {
  connection: Connection
  lane: Lane
  postings: Posting[]
}

/**
 * Looks in QuickBooks for what postings became, all of it at once: sales documents and payments by their numbers, new customers
 * and items by their names. What changes a record that was there before, a void or an update, is looked for in that record: it is done, or not.
 */
export async function lookFor(road: Road, args: Looked & { mapped: MappedPosting[] }): Promise<Sighting> {
  const ledger = road.ledgerOf(args.connection)
  const ids = new Map(args.mapped.map(({ posting, mapped }) => [posting.id, ledger.idOf(mapped)]))
  const targetOf: TargetOf = (posting) => {
    const id = ids.get(posting.id)
    return id ? { entity: changedBy(posting), id } : null
  }
  const records = await ask(road, { ...args, questions: questionsFor(args.postings, targetOf) })
  return {
    matchesOf(posting) {
      const gone = goneFor(posting, { ledger, target: targetOf(posting), records })
      return gone ? [gone] : records.filter(isWhatBecameOf(posting, targetOf(posting)))
    },
  }
}

/**
 * What this kind of QuickBooks takes back by deleting it was there when the deletion was asked for: that it is asked for by its
 * id and is there no more is what the deletion became.
 */
function goneFor(
  { document }: Posting,
  args: { ledger: Pick<Ledger, 'deletes'>; target: Target | null; records: LedgerRecord[] },
): LedgerRecord | null {
  const { ledger, target, records } = args
  if (document?.kind !== 'VOID' || target === null || !ledger.deletes.includes(document.target.kind)) return null
  const { entity, id } = target
  if (records.some((record) => record.entity === entity && record.quickBooksId === id)) return null
  return { entity, quickBooksId: id, name: null, active: false, revision: null, deleted: true }
}

/** What a posting will be known by before it is posted; null for one that makes a record. */
type TargetOf = (posting: Posting) => Target | null
type Target = { entity: LinkKind; id: string }

function changedBy({ kind, document }: Posting): LinkKind {
  if (document?.kind === 'VOID') return LinkKind[document.target.kind]
  return kind === PostingKind.VOID ? LinkKind.INVOICE : LinkKind[kind]
}

const NUMBERED = [PostingKind.INVOICE, PostingKind.CREDIT_MEMO, PostingKind.REFUND, PostingKind.PAYMENT] as const

function questionsFor(postings: Posting[], targetOf: TargetOf): Question[] {
  const unknown = postings.filter((posting) => targetOf(posting) === null)
  const targets = postings.flatMap((posting) => targetOf(posting) ?? [])
  const values = (kind: PostingKind) =>
    unknown.filter((posting) => posting.kind === kind).flatMap(({ documentNumber }) => documentNumber ?? [])
  return [
    ...NUMBERED.map((kind) => ({ entity: LinkKind[kind], by: 'NUMBER' as const, values: values(kind) })),
    { entity: LinkKind.CUSTOMER, by: 'NAME', values: values(PostingKind.CUSTOMER) },
    { entity: LinkKind.ITEM, by: 'NAME', values: values(PostingKind.ITEM) },
    ...[...Map.groupBy(targets, ({ entity }) => entity)].map(([entity, ofKind]) => ({
      entity,
      by: 'ID' as const,
      values: ofKind.map(({ id }) => id),
    })),
  ]
}

function isWhatBecameOf(posting: Posting, target: Target | null): (record: LedgerRecord) => boolean {
  const { document, documentNumber } = posting
  if (target !== null) {
    const isTarget = ({ entity, quickBooksId }: LedgerRecord) => entity === target.entity && quickBooksId === target.id
    if (document?.kind === 'VOID')
      return (record) => isTarget(record) && (record.sale?.voided ?? record.payment?.voided ?? false)
    return document?.kind === 'CUSTOMER' ? (record) => isTarget(record) && saysTheSame(document, record) : isTarget
  }
  if (posting.kind === PostingKind.CUSTOMER || posting.kind === PostingKind.ITEM) {
    const wanted = documentNumber?.toLowerCase()
    const of = LinkKind[posting.kind]
    return ({ entity, name }) => entity === of && name?.toLowerCase() === wanted
  }
  if (document?.kind === 'PAYMENT') {
    // A number of a payment is nobody's alone: ours bears our stamp, and says the same amount.
    const stamp = paymentStamp(document)
    return ({ payment }) =>
      payment !== undefined &&
      payment.number === documentNumber &&
      (payment.note ?? '').startsWith(stamp) &&
      payment.amount === document.amount
  }
  return ({ entity, sale }) => `${entity}` === `${posting.kind}` && sale?.number === documentNumber
}

/**
 * The mapping of postings that were sent before; one whose names are gone from QuickBooks since has none. What they were
 * about when they were sent is what they are held against.
 */
export async function mappedAgain(road: Road, args: Looked): Promise<MappedPosting[]> {
  const sales = await mapSent(road, args)
  const references = args.postings.flatMap(({ document }) => referencesOf(document))
  const { ids } = await findTargets(road, { connection: args.connection, references })
  const customers = await customerIds(road, { ...args, postings: customersOf(args.postings) })
  const accounts = await accountIds(road, args)
  return args.postings.flatMap((posting): MappedPosting[] => {
    const { document } = posting
    if (document?.kind === 'CUSTOMER') {
      const quickBooksId = customers.get(posting.sourceId)
      const update = quickBooksId ? { update: { quickBooksId, revision: '' } } : {}
      return [{ posting, mapped: { kind: 'CUSTOMER', document, ...update } }]
    }
    if (document?.kind === 'ITEM') {
      const incomeAccountId = accounts.get(posting.mapping?.[0]?.target ?? '') ?? ''
      return [{ posting, mapped: { kind: 'ITEM', document, incomeAccountId } }]
    }
    if (document?.kind === 'VOID') {
      const targetId = ids.of(document.target)
      return targetId ? [{ posting, mapped: { kind: 'VOID', document, targetId, revision: '' } }] : []
    }
    if (document?.kind === 'PAYMENT') {
      const customerId = customers.get(document.customer.sourceId)
      const applications = document.applications.map(({ invoice, amount, credit }) => {
        const creditId = credit && ids.of(credit)
        return { invoiceId: ids.of(invoice) ?? '', amount, ...(creditId ? { creditId } : {}) }
      })
      return customerId ? [{ posting, mapped: { kind: 'PAYMENT', document, customerId, applications } }] : []
    }
    const mapped = sales.get(posting.id)
    return mapped ? [{ posting, mapped }] : []
  })
}

/** The accounts that were chosen for new items, by their names. */
async function accountIds(road: Road, { connection, postings }: Looked): Promise<Map<string, string>> {
  const names = postings.flatMap(({ kind, mapping }) => (kind === PostingKind.ITEM ? (mapping?.[0]?.target ?? []) : []))
  if (names.length === 0) return new Map()
  return findLinks(road.database, { connectionId: connection.id, kind: LinkKind.ACCOUNT, sourceIds: names })
}

/** The customers of postings, in such a form that their ids are found as those of customers' postings are. */
function customersOf(postings: Posting[]): Pick<Posting, 'sourceId'>[] {
  return postings.flatMap(({ document, sourceId }) => {
    if (document?.kind === 'CUSTOMER') return [{ sourceId }]
    return document?.kind === 'PAYMENT' ? [{ sourceId: document.customer.sourceId }] : []
  })
}
