import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { collectPayments } from '../../src/commission/collect.ts'
import { missingCommission } from '../../src/commission/missing.ts'
import type { StandingWrite } from '../../src/creatio/creatio.ts'
import { parseProfile } from '../../src/creatio/profile.ts'
import { MissingReason } from '../../src/domain/commission-case.ts'
import { PaymentRecordKind } from '../../src/domain/payment-application.ts'
import { claimStandings, findStandings, noteTold } from '../../src/storage/invoice-standings.ts'
import type { Road } from '../../src/sync/road.ts'
import { tellStandings } from '../../src/sync/tell-standings.ts'
import { idAt, insertRows, postingRow, processed } from '../storage/rows.ts'
import { type OpenBooks, openBooks } from './books.ts'
import { payment } from './company.ts'

let books: OpenBooks
beforeEach(async () => {
  books = await openBooks()
})
afterEach(() => books.fresh.close())

/** What the CRM is told now, and then knows. */
async function told(): Promise<string[]> {
  const now = books.now()
  const claimed = await claimStandings(books.database, { limit: 100, leaseSeconds: 60, now })
  const done = claimed.map(({ id, revision }) => ({ id, revision, until: null, trouble: null }))
  await noteTold(books.database, { told: done, now })
  return claimed.map(({ invoiceId, status, paid, due }) => `${invoiceId} ${status} ${paid} ${due}`)
}

const SALE = { orderNumber: 'ORD-1', date: '2026-06-01', lines: [['Throw', '100.00']] as [string, string][] }
const pays: [string, string][] = [['145', '100.00']]

/** A correction posts another invoice of the order. */
async function correct(): Promise<void> {
  await books.sell({ ...SALE, invoiceId: '146', lines: [['Throw', '80.00']] })
  await books.fresh.database.run(sql`
    update posting set generation = 2, source_id = (select source_id from posting where quick_books_id = '145')
    where quick_books_id = '146'`)
}

describe('an order whose invoice was corrected', () => {
  test('is told how its new invoice stands, and not that the old one was settled by a credit memo afterwards', async () => {
    await books.sell({ ...SALE, invoiceId: '145' })
    await books.collect()
    expect(await told()).toEqual(['145 SENT 0.00 100.00'])
    await correct()
    await books.collect()
    expect(await told()).toEqual(['146 SENT 0.00 80.00'])
    await books.collect(payment({ recordId: '9', kind: PaymentRecordKind.CREDIT_MEMO, pays }))
    expect(await told()).toEqual([])
    await books.collect(payment({ recordId: '10', pays: [['146', '30.00']] }))
    expect(await told()).toEqual(['146 PARTIAL 30.00 50.00'])
    const both = await findStandings(books.database, { orderNumber: 'ORD-1' })
    expect(both.map(({ status }) => status).sort()).toEqual(['PAID', 'PARTIAL'])
  })
})

test('nothing is due of an invoice that was deleted in QuickBooks', async () => {
  await books.sell({ ...SALE, invoiceId: '145' })
  await books.collect()
  await told()
  const { connectionId: connection_id } = books
  const times = {
    deleted_at: '2026-06-02T00:00:00Z',
    seen_at: '2026-06-02T00:00:00Z',
    updated_at: '2026-06-02T00:00:00Z',
  }
  const copy = {
    id: idAt('2026-06-02'),
    connection_id,
    entity: 'INVOICE',
    quick_books_id: '145',
    total: '100.00',
    raw: {},
  }
  await insertRows(books.fresh.database, 'mirror_record', [{ ...copy, ...times }])
  const bring = async () => ({ events: [], changedInvoiceIds: ['145'] })
  await collectPayments(books, { connectionId: connection_id, bring })
  expect(await told()).toEqual(['145 CANCELLED 0.00 0.00'])
})

test('what earns nothing yet is what is still due: the rest of what was paid in part, and nothing of what was credited', async () => {
  for (const id of ['unpaid', 'partly', 'credited', 'paid'])
    await books.sell({ ...SALE, invoiceId: id, orderNumber: `ORD-${id}` })
  await books.collect(
    payment({
      recordId: '1',
      pays: [
        ['partly', '30.00'],
        ['paid', '100.00'],
      ],
    }),
    payment({
      ...{ recordId: '2', kind: PaymentRecordKind.CREDIT_MEMO },
      pays: [
        ['credited', '100.00'],
        ['partly', '5.00'],
      ],
    }),
  )
  const reasons = [MissingReason.POSTED_UNPAID, MissingReason.PARTLY_PAID]
  const request = { connectionId: books.connectionId, month: '2026-06' }
  const { rows } = await missingCommission(books.database, { request, reasons, first: 50, after: 0 })
  expect(rows.map(({ reason, invoiceId, amount, detail }) => [reason, invoiceId, amount, detail])).toEqual([
    ['PARTLY_PAID', 'partly', '65.00', '30.00 of 100.00 is paid, 5.00 of 100.00 is credited'],
    ['POSTED_UNPAID', 'unpaid', '100.00', null],
  ])
})

describe('an order that QuickBooks has no invoice of', () => {
  const created_at = '2026-06-10T11:50:00Z'
  const written: string[] = []
  const minuteOf = async (standing: object) => {
    const writeInvoiceStandings = async (writes: StandingWrite[]) => {
      written.push(...writes.map(({ status, paid, due }) => `${status} ${paid} ${due}`))
      return new Map(writes.map(({ sourceId }) => [sourceId, { kind: 'confirmed' }]))
    }
    const crm = { profile: parseProfile({ standing }), writeInvoiceStandings }
    const limits = { writeBackMax: 100, writeBackLeaseSeconds: 60, writeBackRetrySeconds: 15 }
    const { database, now } = books
    await tellStandings({ ...{ database, now, crm, limits }, signal: new AbortController().signal } as unknown as Road)
    return written.splice(0)
  }
  const open = async (row: object) => {
    const { connectionId: connection_id } = books
    const posting = postingRow({ connection_id, created_at, order_number: 'ORD-1', total: '100.00', ...row })
    await insertRows(books.fresh.database, 'posting', [posting])
    return posting.id
  }
  const become = (state: string) =>
    books.fresh.database.run(sql`update posting set state = ${state}, reason_code = 'X'`)

  test('is told as a draft when it waits, once, and as cancelled when it will not be invoiced', async () => {
    const standing = { status: 'UsrStatus' }
    await open({})
    expect(await minuteOf(standing)).toEqual(['DRAFT 0.00 0.00'])
    expect(await minuteOf(standing)).toEqual([])
    await become('SKIPPED')
    expect(await minuteOf(standing)).toEqual(['CANCELLED 0.00 0.00'])
    await become('PENDING')
    expect(await minuteOf(standing)).toEqual(['DRAFT 0.00 0.00'])
    await books.sell({ ...SALE, invoiceId: '145' })
    const [{ document } = {}] = await books.fresh.database.rows(
      sql<{ document: object }>`delete from posting where quick_books_id = '145' returning document`,
    )
    const posted = { ...processed('2026-06-10T12:00:00Z'), posted_at: '2026-06-10T12:00:00Z', document }
    await books.fresh.database.run(sql`
      update posting p set (state, quick_books_id, verification, verified_at, written_back_at, processed_at, posted_at, document) = (
        select n.state, n.quick_books_id, n.verification, n.verified_at, n.written_back_at, n.processed_at, n.posted_at, n.document
        from jsonb_populate_record(null::posting, ${JSON.stringify(posted)}::jsonb) as n)`)
    expect(await minuteOf(standing)).toEqual([])
    await books.collect()
    expect(await minuteOf(standing)).toEqual(['SENT 0.00 100.00'])
  })

  test('is not told when it came just now, was never to be invoiced, or the CRM has no value for it', async () => {
    await open({ created_at: '2026-06-10T11:58:00Z' })
    await open({ order_number: 'ORD-2', state: 'SKIPPED' })
    expect(await minuteOf({ status: 'UsrStatus' })).toEqual([])
    books.at('2026-06-10T12:10:00Z')
    expect(await minuteOf({ status: 'UsrStatus', statuses: { DRAFT: null } })).toEqual([])
    expect(await minuteOf({ status: 'UsrStatus', statusKind: 'lookup' })).toEqual([])
    expect(await minuteOf({ paid: 'UsrPaid' })).toEqual([])
    expect(await minuteOf({ status: 'UsrStatus' })).toEqual(['DRAFT 0.00 0.00'])
  })

  test('stands as a draft for whoever asks, whether or not the CRM is told', async () => {
    const id = await open({ state: 'FAILED', reason_code: 'ITEM_NOT_FOUND' })
    const found = async () => (await findStandings(books.database, { orderNumber: 'ORD-1' })).map((one) => ({ ...one }))
    expect(await found()).toMatchObject([{ id, invoiceId: null, status: 'DRAFT', total: '100.00', due: '0.00' }])
    await minuteOf({ status: 'UsrStatus' })
    expect(await found()).toMatchObject([{ id, invoiceId: null, status: 'DRAFT', total: '100.00', due: '0.00' }])
    await become('SKIPPED')
    await minuteOf({ status: 'UsrStatus' })
    expect(await found()).toMatchObject([{ id, status: 'CANCELLED' }])
  })
})
