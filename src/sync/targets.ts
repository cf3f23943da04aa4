import type { Connection } from '../domain/connection.ts'
import type { DocumentReference, MappedPayment, MappedVoid, PaymentDocument } from '../domain/document.ts'
import { LinkKind } from '../domain/link.ts'
import { decimal, isZero, type Money, minus, ZERO } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { saveDocuments } from '../storage/posting-documents.ts'
import { ask } from './ask.ts'
import { called, findTargets, referencesOf, type TargetIds } from './await-targets.ts'
import { mapCustomers } from './map-customers.ts'
import { mapItems } from './map-items.ts'
import { findMethods } from './payment-methods.ts'
import type { Road } from './road.ts'
import { type Aside, alone, type MappedPosting, type Step } from './step.ts'

interface Held {
  connection: Connection
  lane: Lane
  claimToken: string
}

/**
 * Turns payments, voids, customers and items into what a ledger can encode. What they are about is read in QuickBooks first, all of
 * it at once: how much of an invoice is still owed, whether it may be voided, at which revision a customer stands.
 */
export async function mapTargets(road: Road, args: Held & { postings: Posting[] }): Promise<Step<MappedPosting>> {
  const customers = await mapCustomers(road, {
    ...args,
    postings: args.postings.filter(({ document }) => document?.kind === 'CUSTOMER'),
  })
  const items = await mapItems(road, args)
  const others = args.postings.filter(({ document }) => document?.kind === 'PAYMENT' || document?.kind === 'VOID')
  const step: Step<MappedPosting> = {
    ready: [...items.ready, ...customers.ready],
    aside: [...items.aside, ...customers.aside],
  }
  if (others.length === 0) return step
  const references = others.flatMap(({ document }) => referencesOf(document))
  const { ids } = await findTargets(road, { connection: args.connection, references })
  const read = await readTargets(road, { ...args, references, ids })
  const methods = await findMethods(road, { ...args, documents: others.map(({ document }) => document) })
  const trimmed: Posting[] = []
  for (const posting of others) {
    const mapped = alone(posting, () => mapOne(posting, { read, methods }))
    if ('to' in mapped) step.aside.push(mapped)
    else step.ready.push({ posting, mapped })
    // What can be applied is kept, so that what QuickBooks has later is held against what it was asked for.
    if ('applied' in mapped) trimmed.push(Object.assign(posting, { document: mapped.document }))
  }
  await saveDocuments(road.database, { postings: trimmed, claimToken: args.claimToken, now: road.now() })
  return step
}

type ReadTarget = (reference: DocumentReference) => LedgerRecord | null

async function readTargets(
  road: Road,
  args: Held & { references: DocumentReference[]; ids: TargetIds },
): Promise<ReadTarget> {
  const kinds = ['INVOICE', 'CREDIT_MEMO', 'PAYMENT', 'REFUND'] as const
  const records = await ask(road, {
    ...args,
    questions: kinds.map((kind) => ({
      entity: LinkKind[kind],
      by: 'ID' as const,
      values: args.references.filter((one) => one.kind === kind).flatMap((one) => args.ids.of(one) ?? []),
    })),
  })
  const byId = new Map(records.map((record) => [`${record.entity} ${record.quickBooksId}`, record]))
  return (reference) => byId.get(`${reference.kind} ${args.ids.of(reference)}`) ?? null
}

type Mapped = (MappedPayment & { applied: true }) | MappedVoid

function mapOne(
  posting: Posting,
  { read, methods }: { read: ReadTarget; methods: Map<string, string> },
): Mapped | Aside {
  const { document } = posting
  if (document?.kind === 'PAYMENT') return mapPayment(posting, { document, read, methods })
  if (document?.kind !== 'VOID') throw new Error(`Posting ${posting.id} carries neither a payment nor a void`)
  const record = read(document.target)
  if (!record) return vanished(posting, document.target)
  const { quickBooksId, revision, sale, payment } = record
  if (sale?.voided || payment?.voided) {
    // Somebody voided it already, or we did and never heard: it is as it should be.
    return { id: posting.id, to: PostingState.POSTED, posted: { quickBooksId, adopted: true } }
  }
  const applied = sale?.balance ? minus(sale.total, sale.balance) : ZERO
  if (sale && !isZero(applied)) {
    const { number: documentNumber, orderNumber } = document
    const detail = { documentNumber, applied, total: sale.total, orderNumber, target: sentenceOf(document.target) }
    const code = document.target.kind === 'INVOICE' ? ('INVOICE_PAID' as const) : ('CREDIT_APPLIED' as const)
    return { id: posting.id, to: PostingState.FAILED, reason: { code, detail } }
  }
  return { kind: 'VOID', document, targetId: quickBooksId, revision: revision ?? '' }
}

/** What is still owed of an invoice, and left of a credit, limits what can be applied; what a payment leaves stays with the customer. */
function mapPayment(
  posting: Posting,
  args: { document: PaymentDocument; read: ReadTarget; methods: Map<string, string> },
): (MappedPayment & { applied: true }) | Aside {
  const { document, read, methods } = args
  const applications: MappedPayment['applications'] = []
  const kept: PaymentDocument['applications'] = []
  let customerId: string | null = null
  for (const application of document.applications) {
    const invoice = read(application.invoice)
    if (!invoice?.sale) return vanished(posting, application.invoice)
    const credit = application.credit ? read(application.credit) : null
    if (application.credit && !credit?.sale) return vanished(posting, application.credit)
    customerId ??= invoice.sale.customerId
    const amount = least([application.amount, invoice.sale.balance, credit?.sale?.balance ?? null])
    if (isZero(amount)) continue
    kept.push({ ...application, amount })
    applications.push({
      invoiceId: invoice.quickBooksId,
      amount,
      ...(credit ? { creditId: credit.quickBooksId } : {}),
    })
  }
  const [first] = document.applications
  if (first?.credit && applications.length === 0) {
    const detail = { documentNumber: document.number, target: called(first.invoice), orderNumber: document.orderNumber }
    return { id: posting.id, to: PostingState.SKIPPED, reason: { code: 'NOTHING_TO_APPLY', detail } }
  }
  if (customerId === null) throw new Error(`Payment ${document.number} names no invoice`)
  const methodId = methods.get(document.method ?? '')
  return {
    kind: 'PAYMENT',
    document: { ...document, applications: kept },
    customerId,
    applications,
    ...(methodId ? { methodId } : {}),
    applied: true,
  }
}

function sentenceOf(reference: DocumentReference): string {
  const words = called(reference)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function least(amounts: (Money | null)[]): Money {
  const known = amounts.filter((amount) => amount !== null)
  const [smallest] = known.toSorted((a, b) => decimal(a).comparedTo(b))
  return smallest && decimal(smallest).greaterThan(0) ? smallest : ZERO
}

function vanished(posting: Posting, reference: DocumentReference): Aside {
  const detail = { target: called(reference), documentNumber: posting.documentNumber, orderNumber: posting.orderNumber }
  return { id: posting.id, to: PostingState.FAILED, reason: { code: 'DOCUMENT_VANISHED', detail } }
}
