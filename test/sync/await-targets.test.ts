import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import type { Document, DocumentReference, InvoiceDocument, PaymentDocument } from '../../src/domain/document.ts'
import { PostingKind } from '../../src/domain/kinds.ts'
import { LinkKind } from '../../src/domain/link.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { saveLinks } from '../../src/storage/links.ts'
import { awaitTargets } from '../../src/sync/await-targets.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, insertRows, postingRow, processed } from '../storage/rows.ts'
import { aPosting, mappedInvoice, now } from './samples.ts'

const invoice = mappedInvoice.document as InvoiceDocument
const reference: DocumentReference = { kind: 'INVOICE', sourceId: invoice.sourceId, number: invoice.number }
const { dueDate: _due, shipDate: _ship, ...content } = invoice
const row = connectionRow()

let fresh: FreshDatabase
let connection: Connection
beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [row])
  const found = await findConnection(fresh.database, { id: row.id })
  if (!found) throw new Error('there is no connection')
  connection = found
})
beforeEach(async () => {
  await fresh.database.run(sql`delete from link`)
  await fresh.database.run(sql`delete from posting`)
})
afterAll(() => fresh?.close())

function payment(invoiceReference: DocumentReference): PaymentDocument {
  const { customer, date, currency, orderNumber } = invoice
  const head = {
    sourceId: '99999999-9999-4999-8999-999999999999',
    orderNumber,
    number: 'CHQ-1',
    customer,
    date,
    currency,
  }
  return { kind: 'PAYMENT', ...head, amount: '5.00', applications: [{ invoice: invoiceReference, amount: '5.00' }] }
}

async function decide(document: Document): Promise<string> {
  const kind = PostingKind[document.kind]
  const posting = aPosting({ kind, document, documentNumber: 'CHQ-1' })
  const { ready, aside } = await awaitTargets({ database: fresh.database }, { connection, postings: [posting] })
  if (ready.length === 1 && aside.length === 0) return 'goes'
  const [{ to, reason, waitingFor, blockedById } = { to: 'nowhere' as never }] = aside
  return [to, reason?.code ?? waitingFor, blockedById ? 'and is let go with it' : 'alone'].join(' ')
}

async function invoicePosting(state: string): Promise<void> {
  const given = state === 'PROCESSED' ? processed(now.toISOString()) : { state, claim_token: crypto.randomUUID() }
  await insertRows(fresh.database, 'posting', [
    postingRow({ connection_id: row.id, source_id: invoice.sourceId, kind: 'INVOICE', ...given }),
  ])
}

describe('a payment', () => {
  test.each([
    ['waits', 'PENDING', 'PENDING DOCUMENT and is let go with it'],
    ['waits', 'SENT', 'PENDING DOCUMENT and is let go with it'],
    ['waits', 'UNKNOWN', 'PENDING DOCUMENT and is let go with it'],
    ['fails', 'FAILED', 'FAILED DOCUMENT_NOT_POSTED and is let go with it'],
    ['fails', 'SKIPPED', 'FAILED DOCUMENT_NOT_POSTED and is let go with it'],
    ['goes', 'PROCESSED', 'goes'],
  ])('%s when its invoice is %s', async (_, state, expected) => {
    await invoicePosting(state)
    expect(await decide(payment(reference))).toBe(expected)
  })

  test('of an invoice that nobody put on the road is for a person', async () => {
    expect(await decide(payment(reference))).toBe('FAILED DOCUMENT_NOT_POSTED alone')
  })

  test('goes when its invoice is linked, whoever posted it, or when its id is known', async () => {
    expect(await decide(payment({ ...reference, quickBooksId: '145' }))).toBe('goes')
    const { sourceId } = invoice
    const links = [{ kind: LinkKind.INVOICE, sourceId, quickBooksId: '145', name: '61000' }]
    await saveLinks(fresh.database, { connectionId: row.id, links, now })
    expect(await decide(payment(reference))).toBe('goes')
  })
})

describe('what takes an invoice back', () => {
  test('as a credit memo waits for that invoice; one that names none goes', async () => {
    await invoicePosting('PENDING')
    expect(await decide({ ...content, kind: 'CREDIT_MEMO', corrects: reference })).toMatch(/^PENDING DOCUMENT/)
    expect(await decide({ ...content, kind: 'CREDIT_MEMO', corrects: null })).toBe('goes')
  })

  test('as a refund waits for an invoice that is on its way, but needs none that we posted', async () => {
    expect(await decide({ ...content, kind: 'REFUND', corrects: reference })).toBe('goes')
    await invoicePosting('PENDING')
    expect(await decide({ ...content, kind: 'REFUND', corrects: reference })).toMatch(/^PENDING DOCUMENT/)
  })

  test('as an application waits for its credit memo', async () => {
    await invoicePosting('PROCESSED')
    const credit = { kind: 'CREDIT_MEMO' as const, sourceId: invoice.sourceId, number: '61000-C' }
    const applications = [{ invoice: reference, amount: '5.00', credit }]
    expect(await decide({ ...payment(reference), applications })).toBe('FAILED DOCUMENT_NOT_POSTED alone')
  })
})
