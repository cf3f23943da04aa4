import type { Connection } from '../domain/connection.ts'
import type { Document, DocumentReference } from '../domain/document.ts'
import { PostingKind, WaitingFor } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { findLinks } from '../storage/links.ts'
import { type Change, findPostings } from '../storage/postings.ts'
import type { Road } from './road.ts'
import { alone, type Step } from './step.ts'

const CALLED = { INVOICE: 'invoice', CREDIT_MEMO: 'credit memo', PAYMENT: 'payment', REFUND: 'refund' } as const

/** A document that another one names, in words. */
export function called({ kind, number }: DocumentReference): string {
  return `${CALLED[kind]} ${number}`
}

/** The documents that a document is about, and without which it cannot be posted. */
export function referencesOf(document: Document | null): DocumentReference[] {
  switch (document?.kind) {
    case 'VOID':
      return [document.target]
    case 'PAYMENT':
      return document.applications.flatMap(({ invoice, credit }) => (credit ? [invoice, credit] : [invoice]))
    case 'CREDIT_MEMO':
    case 'REFUND':
      return document.corrects ? [document.corrects] : []
    default:
      return []
  }
}

/** The QuickBooks ids of documents that others name: known already, or by link, or as their posting says. */
export interface TargetIds {
  of(reference: DocumentReference): string | null
}

/**
 * Keeps back what is about a document that QuickBooks does not have yet: a payment waits for its invoice, an application for its
 * credit memo. What was never put on the road, or came to rest there, is a matter for a person; it is let go when that one is posted.
 */
export async function awaitTargets(
  road: Pick<Road, 'database'>,
  args: { connection: Connection; postings: Posting[] },
): Promise<Step<Posting>> {
  const step: Step<Posting> = { ready: [], aside: [] }
  const references = args.postings.flatMap(({ document }) => referencesOf(document))
  if (references.length === 0) return { ready: args.postings, aside: [] }
  const { ids, open } = await findTargets(road, { connection: args.connection, references })
  for (const posting of args.postings) {
    const change = alone(posting, () => waits(posting, { ids, open }))
    if (change) step.aside.push(change)
    else step.ready.push(posting)
  }
  return step
}

/** Resolves references; those whose posting has no record yet are given with it. */
export async function findTargets(
  road: Pick<Road, 'database'>,
  { connection, references }: { connection: Connection; references: DocumentReference[] },
): Promise<{ ids: TargetIds; open: (reference: DocumentReference) => Posting | undefined }> {
  const known = new Map<string, string>()
  const postings = new Map<string, Posting>()
  const kinds = new Set(references.filter(({ quickBooksId }) => !quickBooksId).map(({ kind }) => kind))
  for (const kind of kinds) {
    const sourceIds = [...new Set(references.filter((one) => one.kind === kind).map(({ sourceId }) => sourceId))]
    const links = await findLinks(road.database, { connectionId: connection.id, kind: LinkKind[kind], sourceIds })
    for (const [sourceId, id] of links) known.set(`${kind} ${sourceId}`, id)
    const missing = sourceIds.filter((sourceId) => !links.has(sourceId))
    if (missing.length === 0) continue
    for (const posting of await findPostings(road.database, { kind: PostingKind[kind], sourceIds: missing })) {
      // An id of another company names something else here.
      const isHere = posting.connectionId === connection.id
      if (posting.quickBooksId && isHere) known.set(`${kind} ${posting.sourceId}`, posting.quickBooksId)
      else postings.set(`${kind} ${posting.sourceId}`, posting)
    }
  }
  return {
    ids: { of: (reference) => reference.quickBooksId ?? known.get(`${reference.kind} ${reference.sourceId}`) ?? null },
    open: ({ kind, sourceId }) => postings.get(`${kind} ${sourceId}`),
  }
}

function waits(
  posting: Posting,
  { ids, open }: { ids: TargetIds; open: (reference: DocumentReference) => Posting | undefined },
): Change | null {
  const missing = referencesOf(posting.document).find((reference) => ids.of(reference) === null)
  if (!missing) return null
  const blocker = open(missing)
  // Money may be given back for a sale that we never posted.
  if (!blocker && posting.kind === PostingKind.REFUND) return null
  const detail = { documentNumber: posting.documentNumber, orderNumber: posting.orderNumber, target: called(missing) }
  const blocked = blocker ? { blockedById: blocker.id } : {}
  if (blocker && ON_THE_ROAD.includes(blocker.state)) {
    return { id: posting.id, to: PostingState.PENDING, waitingFor: WaitingFor.DOCUMENT, ...blocked }
  }
  return { id: posting.id, to: PostingState.FAILED, reason: { code: 'DOCUMENT_NOT_POSTED', detail }, ...blocked }
}

const ON_THE_ROAD: PostingState[] = [
  PostingState.PENDING,
  PostingState.CLAIMED,
  PostingState.SENT,
  PostingState.UNKNOWN,
  PostingState.POSTED,
]
