import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import {
  type PaymentEvent,
  PaymentPart,
  PaymentRecordKind,
  PaymentRecordState,
} from '../../src/domain/payment-application.ts'
import { addPaymentEvents, lockCommission } from '../../src/storage/payment-applications.ts'
import { company, payment } from '../commission/company.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'

let fresh: FreshDatabase
let connectionId: string
beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(() => fresh.close())
beforeEach(async () => {
  connectionId = await company(fresh.database)
})

const add = (events: PaymentEvent[], time = '2026-04-01T00:00:00Z') =>
  fresh.database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    return addPaymentEvents(transaction, { connectionId, events, now: new Date(time) })
  })

const rows = () =>
  fresh.database.rows(sql<{ text: string }>`
    select concat_ws(' ', record_id, part, coalesce(invoice_id, '-'), amount, effective_on, to_char(recorded_at at time zone 'UTC', 'MM-DD')) as text
    from payment_application where connection_id = ${connectionId} order by recorded_at, record_id, invoice_id, amount, effective_on`)
const texts = async () => (await rows()).map(({ text }) => text)

describe('the ledger of payment applications', () => {
  test('grows by a reversal and a new row when a payment is edited, and keeps both times', async () => {
    await add([
      payment({
        recordId: '1',
        total: '120.00',
        parts: [{ part: PaymentPart.CASH, invoiceId: '145', amount: '100.00' }],
      }),
    ])
    const moved = payment({ recordId: '1', version: '1', date: '2026-03-06', pays: [['146', '90.00']] })
    expect(await add([moved], '2026-04-02T00:00:00Z')).toMatchObject({ rows: 3, invoiceIds: ['145', '146'] })
    expect(await texts()).toEqual([
      '1 CASH 145 100.00 2026-03-05 04-01',
      '1 UNAPPLIED - 20.00 2026-03-05 04-01',
      '1 CASH 145 -100.00 2026-03-05 04-02',
      '1 CASH 146 90.00 2026-03-06 04-02',
      '1 UNAPPLIED - -20.00 2026-03-05 04-02',
    ])
  })

  test('grows by nothing when the same comes again, or an older version comes late', async () => {
    const [first, second] = ['0', '1'].map((version) =>
      payment({ recordId: '1', version, pays: [['145', `${version}5.00`]] }),
    )
    await add([second as PaymentEvent])
    expect(await add([first as PaymentEvent, second as PaymentEvent])).toEqual({ rows: 0, invoiceIds: [], refused: [] })
    expect(await texts()).toEqual(['1 CASH 145 15.00 2026-03-05 04-01'])
  })

  test('gives money back for a refund, settles without money for a credit, and takes everything back for a void', async () => {
    const refund = payment({ recordId: '2', kind: PaymentRecordKind.REFUND, pays: [['145', '10.00']] })
    const credit = payment({ recordId: '3', kind: PaymentRecordKind.CREDIT_MEMO, pays: [['145', '5.00']] })
    await add([{ ...refund, total: '12.00' }, credit])
    expect(await texts()).toEqual([
      '2 REFUND 145 -10.00 2026-03-05 04-01',
      '2 REFUND - -2.00 2026-03-05 04-01',
      '3 CREDIT 145 5.00 2026-03-05 04-01',
    ])
    const gone = [refund, credit].map((one) => ({ ...one, version: '1', state: PaymentRecordState.VOIDED }))
    expect(await add(gone, '2026-04-02T00:00:00Z')).toMatchObject({ rows: 3 })
    const [sum] = await fresh.database.rows(sql<{ left: string }>`
      select sum(abs(left_over))::text as left from (
        select sum(amount) as left_over from payment_application where connection_id = ${connectionId} group by record_id, part, invoice_id
      ) as sums`)
    expect(sum?.left).toBe('0.00')
  })

  test('adds up to the newest version when all of them come at once from several processes', async () => {
    const versions = ['3', '1', '4', '2'].map((version) =>
      payment({ recordId: '1', version, pays: [['145', `${version}0.00`]] }),
    )
    await Promise.all(versions.map((one) => add([one])))
    const [row] = await fresh.database.rows(sql<{ sum: string }>`
      select sum(amount)::text as sum from payment_application where connection_id = ${connectionId}`)
    expect(row?.sum).toBe('40.00')
  })

  test('keeps what cannot be believed out of its sums, and the newest that can be believed in them', async () => {
    await add([payment({ recordId: '1', pays: [['145', '10.00']] })])
    const { refused, rows: added } = await add([
      payment({ recordId: '1', version: '1', total: '1.00', pays: [['145', '20.00']] }),
    ])
    expect([added, refused]).toEqual([
      0,
      [
        {
          kind: 'PAYMENT',
          recordId: '1',
          version: '1',
          reason: 'Its parts add up to 20.00, more than its total of 1.00.',
        },
      ],
    ])
  })
})
