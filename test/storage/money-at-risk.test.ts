import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { moneyAtRisk } from '../../src/storage/money-at-risk.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from './rows.ts'

const now = new Date('2026-03-11T12:00:00Z')
const connection = connectionRow()
const connection_id = connection.id
const created_at = '2026-03-01T12:00:00Z'

let fresh: FreshDatabase
beforeAll(async () => {
  fresh = await freshDatabase()
  await insertRows(fresh.database, 'connection', [connection])
})
afterAll(() => fresh.close())

const posting = (row: object) => postingRow({ connection_id, created_at, ...row })
const dated = (date: string) => ({ document: { kind: 'INVOICE', date } })

test('each open dollar is at risk for one reason, from the day of its document, and what is done is not', async () => {
  const done = posting({ ...processed(created_at), total: '1000.00' })
  const contradicted = posting({ ...processed(created_at), quick_books_id: '7', total: '70.00' })
  await insertRows(fresh.database, 'posting', [
    posting({ total: '10.00', ...dated('2026-03-01') }),
    posting({ state: 'FAILED', reason_code: 'ITEM_NOT_FOUND', total: '5.50', ...dated('2025-12-31') }),
    // Not yet due for anything: a negative age would hide another's.
    posting({ total: '3.00', ...dated('2026-04-01') }),
    posting({ state: 'SKIPPED', total: '99.00' }),
    posting({ state: 'CANCELLED', total: '99.00' }),
    posting({ kind: 'CUSTOMER', total: null }),
    posting({ state: 'UNKNOWN', total: '20.00' }),
    posting({ state: 'MISMATCHED', total: '30.00' }),
    posting({ state: 'FAILED', quick_books_id: '9', reason_code: 'WRITE_BACK_FAILED', total: '40.00' }),
    done,
    contradicted,
  ])
  const [unlogged, claimed] = [idAt(created_at), idAt(created_at)]
  await insertRows(fresh.database, 'unlogged_order', [
    {
      ...{
        id: idAt(created_at),
        source_id: unlogged,
        order_number: 'ORD-1',
        date: '2026-03-09',
        total: '8.00',
        currency: 'USD',
      },
      ...{ reason_code: 'ORDER_NOT_LOGGED', reason_detail: {}, found_at: created_at, seen_at: created_at },
    },
  ])
  const differing = (row: object) => ({
    id: idAt(created_at),
    ...{
      connection_id,
      state: 'OPEN',
      entity: 'INVOICE',
      differences: [],
      lines: [],
      found_at: created_at,
      seen_at: created_at,
    },
    ...{ date: '2026-03-01', ...row },
  })
  const twice = {
    subject: `posting:${contradicted.id}`,
    posting_id: contradicted.id,
    source_id: contradicted.source_id,
  }
  await insertRows(fresh.database, 'discrepancy', [
    differing({
      kind: 'FALSE_PROCESSED',
      subject: `order:${claimed}`,
      source_id: claimed,
      our_total: '600.00',
      date: '2023-08-14',
    }),
    // The same order is known to have no log row.
    differing({ kind: 'MISSING_IN_QUICKBOOKS', subject: `order:${unlogged}`, source_id: unlogged, our_total: '8.00' }),
    differing({ ...twice, kind: 'AMOUNT', our_total: '70.00', their_total: '71.00' }),
    differing({ ...twice, kind: 'DATE', our_total: '70.00', their_total: '71.00' }),
    differing({ kind: 'TAX', state: 'RESOLVED', subject: 'order:x', source_id: idAt(created_at), our_total: '9.00' }),
    differing({ kind: 'UNKNOWN_IN_CRM', subject: 'INVOICE:77', their_total: '9.00' }),
  ])
  const standing = (status: string, due: string, invoice_on: string) => ({
    ...{
      id: idAt(created_at),
      connection_id,
      invoice_id: idAt(created_at),
      source_id: idAt(created_at),
      order_number: 'ORD',
    },
    ...{ status, total: '50.00', paid: '0.00', credited: '0.00', due, invoice_on, revision: 1, attempts: 0 },
  })
  await insertRows(fresh.database, 'invoice_standing', [
    standing('SENT', '50.00', '2026-03-10'),
    standing('PARTIAL', '12.50', '2026-03-01'),
    standing('OVERDUE', '7.00', '2026-01-10'),
    standing('PAID', '0.00', '2026-01-01'),
    standing('CANCELLED', '50.00', '2026-01-01'),
  ])
  expect(await moneyAtRisk(fresh.database, { now })).toEqual([
    // 10.00 × 10 + 5.50 × 70 + 8.00 × 2 + 600.00 × 940 days
    { risk: 'NOT_POSTED', count: 5, amount: '626.50', dollarDays: '564501.00', oldest: '2023-08-14' },
    { risk: 'NOT_VERIFIED', count: 4, amount: '160.00', dollarDays: '1600.00', oldest: '2026-03-01' },
    { risk: 'UNPAID', count: 3, amount: '69.50', dollarDays: '595.00', oldest: '2026-01-10' },
  ])
})
