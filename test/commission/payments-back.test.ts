// Payments back from QuickBooks Online: what is done in the played company comes through the mirror into the ledger of
// payment applications, and from there into reports.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { collectMirrored, type MirroredBooks } from '../../src/commission/collect.ts'
import { setRate } from '../../src/commission/rates.ts'
import { commissionReport } from '../../src/commission/report.ts'
import { setSplit } from '../../src/commission/splits.ts'
import { RateMode } from '../../src/domain/commission-plan.ts'
import { MirrorEntity, type MirroredEntity, SETTLING } from '../../src/domain/mirror.ts'
import { SyncMode } from '../../src/domain/sync-cursor.ts'
import { tieOut } from '../../src/storage/commission-tie-out.ts'
import { customerAccount } from '../../src/storage/customer-account.ts'
import { findStandings } from '../../src/storage/invoice-standings.ts'
import { askForChanges } from '../../src/storage/sync-cursors.ts'
import { syncNow } from '../../src/sync/read-mirror.ts'
import { invoice, type Read } from '../sandbox/quickbooks-online/open-company.ts'
import { type MirrorStage, openMirrorStage } from '../sync/mirror-stage.ts'
import { creditFor, sell } from './company.ts'

let stage: MirrorStage
let books: MirroredBooks
const author = { name: 'the test', keyId: null, connectionIds: null }

beforeAll(async () => {
  stage = await openMirrorStage()
  const { road, now } = stage
  books = { database: road.database, timeZone: 'America/New_York', now, ledgerOf: road.ledgerOf }
  await setUpPlan()
  await syncNow(road, { connection: stage.connection, entity: MirrorEntity.ALL, mode: SyncMode.FULL, author })
  await stage.steps()
})
afterAll(() => stage.close())

async function setUpPlan(): Promise<void> {
  const scope = {
    connectionId: stage.connection.id,
    customerId: null,
    effectiveFrom: '2020-01-01',
    effectiveUntil: null,
  }
  const common = { ...scope, note: '', replacesId: null, author: 'an admin' }
  const rate = { rep: null, itemId: null, mode: RateMode.FLAT, percent: '10', tiers: null, holdbackDays: 0 }
  await setRate(books, { ...common, ...rate })
  await setSplit(books, { ...common, orderNumber: null, shares: [{ rep: 'Ann', sharePercent: '100' }] })
}

/** An invoice that QuickBooks has and that we posted. */
async function sold(amount: number): Promise<Read> {
  const made = await stage.company.create('Invoice', invoice({ amount, TxnDate: '2026-03-02' }))
  const invoiceId = String(made.Id)
  const lines: [string, string][] = [['lamp', `${amount}.00`]]
  const sale = { invoiceId, orderNumber: `ORD-${invoiceId}`, date: '2026-03-02', lines }
  await sell(books.database, { connectionId: stage.connection.id, sales: [sale] })
  return made
}

const part = (amount: number, { Id }: Read, TxnType = 'Invoice') => ({
  Amount: amount,
  LinkedTxn: [{ TxnId: String(Id), TxnType }],
})
const pay = (total: number, ...parts: ReturnType<typeof part>[]) =>
  stage.company.create('Payment', { CustomerRef: { value: '1' }, TxnDate: '2026-03-10', TotalAmt: total, Line: parts })

async function change(entity: string, record: Read, query: Record<string, string>, more: object = {}): Promise<void> {
  const now = await stage.company.read(entity, record.Id)
  const body = { ...more, Id: String(now.Id), SyncToken: String(now.SyncToken), sparse: true }
  const said = await stage.company.ask(entity.toLowerCase(), { body, query })
  if (said.status !== 200) throw new Error(said.text)
}

/** What changed comes by change data capture. */
async function capture(entities: readonly MirroredEntity[] = SETTLING): Promise<void> {
  stage.advance(1)
  const connectionIds = [stage.connection.id]
  await askForChanges(books.database, { connectionIds, entities, countToo: false, now: stage.now() })
  await stage.steps()
}

/** What the ledger adds up to, by record, part and invoice. */
async function ledger(...records: Read[]): Promise<string[]> {
  const rows = await books.database.rows(sql<{ line: string }>`
    select concat_ws(' ', record_id, part, coalesce(invoice_id, '-'), sum(amount)) as line from payment_application
    where record_id = any(${records.map(({ Id }) => String(Id))}::text[]) group by record_id, part, invoice_id having sum(amount) <> 0
    order by 1`)
  return rows.map(({ line }) => line)
}

async function earned(): Promise<string> {
  const request = { connectionId: stage.connection.id, from: '2026-01-01', to: '2026-12-31' }
  return (await commissionReport(books.database, { request, by: 'REP' })).amount
}

describe('a payment in QuickBooks Online', () => {
  test('earns when it comes, follows its edits, and is taken back when it is voided', async () => {
    const before = await earned()
    const lamp = await sold(1000)
    const paid = await pay(400, part(400, lamp))
    await capture()
    await collectMirrored(books)
    expect(await ledger(paid)).toEqual([`${paid.Id} CASH ${lamp.Id} 400.00`])
    expect(Number(await earned()) - Number(before)).toBe(40)

    await change('Payment', paid, {}, { CustomerRef: { value: '1' }, TotalAmt: 500, Line: [part(450, lamp)] })
    await capture()
    await collectMirrored(books)
    expect(await ledger(paid)).toEqual([`${paid.Id} CASH ${lamp.Id} 450.00`, `${paid.Id} UNAPPLIED - 50.00`])

    await change('Payment', paid, { include: 'void', operation: 'update' })
    await capture()
    await collectMirrored(books)
    expect(await ledger(paid)).toEqual([])
    expect(await earned()).toBe(before)
  })

  test('that is deleted is taken back, however late it is collected', async () => {
    const lamp = await sold(200)
    const paid = await pay(200, part(200, lamp))
    await capture()
    await change('Payment', paid, { operation: 'delete' })
    await capture()
    const other = await pay(200, part(200, lamp))
    await capture()
    await collectMirrored(books)
    expect(await ledger(paid, other)).toEqual([`${other.Id} CASH ${lamp.Id} 200.00`])
  })

  test('earns nothing for the credit memo that it sets against an invoice', async () => {
    const before = await earned()
    const [one, other] = [await sold(300), await sold(100)]
    const credit = await stage.company.create('CreditMemo', invoice({ amount: 100 }))
    const paid = await pay(300, part(300, one), part(100, other), part(100, credit, 'CreditMemo'))
    await capture()
    await collectMirrored(books)
    expect(await ledger(paid, credit)).toEqual([
      `${paid.Id} CASH ${one.Id} 225.00`,
      `${paid.Id} CASH ${other.Id} 75.00`,
      `${paid.Id} CREDIT ${one.Id} 75.00`,
      `${paid.Id} CREDIT ${other.Id} 25.00`,
    ])
    expect(Number(await earned()) - Number(before)).toBe(30)
  })

  test('that comes before we know that its invoice is ours earns when we do', async () => {
    const before = await earned()
    const made = await stage.company.create('Invoice', invoice({ amount: 50 }))
    const paid = await pay(50, part(50, made))
    await capture()
    await collectMirrored(books)
    expect(await earned()).toBe(before)
    const sale = { invoiceId: String(made.Id), orderNumber: 'ORD-late', date: '2026-03-02' }
    await sell(books.database, { connectionId: stage.connection.id, sales: [{ ...sale, lines: [['lamp', '50.00']] }] })
    await collectMirrored(books)
    expect(await ledger(paid)).toEqual([`${paid.Id} CASH ${made.Id} 50.00`])
    expect(Number(await earned()) - Number(before)).toBe(5)
  })
})

describe('nothing is lost, and nothing is booked twice', () => {
  test('a process that dies while it collects leaves all of it to the next one', async () => {
    const lamp = await sold(70)
    const paid = await pay(70, part(70, lamp))
    await capture()
    const dying = {
      ...books,
      ledgerOf: () => ({
        mirror: {
          ...mirrorOf(),
          settlementOf() {
            throw new Error('the power went out')
          },
        },
      }),
    }
    await expect(collectMirrored(dying)).rejects.toThrow('the power went out')
    expect(await ledger(paid)).toEqual([])
    await collectMirrored(books)
    expect(await ledger(paid)).toEqual([`${paid.Id} CASH ${lamp.Id} 70.00`])
  })

  test('reading everything anew books nothing anew', async () => {
    await collectMirrored(books)
    const { road, connection } = stage
    await syncNow(road, { connection, entity: MirrorEntity.PAYMENT, mode: SyncMode.FULL, author })
    await stage.steps()
    expect(await collectMirrored(books)).toEqual({ rows: 0, invoices: 0, refused: [] })
  })

  test('a refund takes back cash of no invoice, and is in the tie-out', async () => {
    await stage.company.create('RefundReceipt', {
      ...invoice({ amount: 40, TxnDate: '2026-03-11' }),
      DepositToAccountRef: { value: '5' },
    })
    await capture()
    await collectMirrored(books)
    const days = { connectionId: stage.connection.id, from: '2026-03-01', to: '2026-03-31' }
    const [tied] = await tieOut(books.database, days)
    expect(tied).toMatchObject({ received: cashOfMarch(), difference: '0.00' })
    expect(tied?.unapplied).toBe('-40.00')
  })

  test('a refund of an order that we posted takes back what the order earned, and leaves its invoice settled', async () => {
    const lamp = await sold(100)
    await pay(100, part(100, lamp))
    const refund = await stage.company.create('RefundReceipt', {
      ...invoice({ amount: 100, TxnDate: '2026-03-12' }),
      DepositToAccountRef: { value: '5' },
    })
    const { id: connectionId } = stage.connection
    const [recordId, invoiceId] = [String(refund.Id), String(lamp.Id)]
    await creditFor(books.database, { connectionId, kind: 'REFUND', recordId, invoiceId })
    const before = await earned()
    await capture()
    await collectMirrored(books)
    expect(await ledger(refund)).toEqual([
      `${recordId} CREDIT ${invoiceId} 100.00`,
      `${recordId} REFUND ${invoiceId} -100.00`,
    ])
    expect(await earned()).toBe(before)
    const [standing] = await findStandings(books.database, { orderNumber: `ORD-${invoiceId}` })
    expect(standing).toMatchObject({ status: 'PAID', paid: '0.00', credited: '100.00', due: '0.00' })
  })
})

test('the account of a customer shows all of it, and comes to what QuickBooks says he owes', async () => {
  await capture([...SETTLING, MirrorEntity.INVOICE, MirrorEntity.CUSTOMER])
  await collectMirrored(books)
  const { id: connectionId } = stage.connection
  const account = await customerAccount(books.database, { connectionId, customerId: '1', first: 1_000 })
  const owed = (await stage.company.read('Customer', 1)) as unknown as { Balance: number; DisplayName: string }
  expect(account).toMatchObject({ name: owed.DisplayName, balance: owed.Balance.toFixed(2) })
  expect(account?.entryCount).toBe(account?.entries.length)
  const [newest] = account?.entries ?? []
  expect(newest?.balance).toBe(account?.balance)
  const effects = account?.entries.reduce((cents, { effect }) => cents + BigInt(effect.replace('.', '')), 0n)
  expect(String(effects)).toBe(account?.balance.replace('.', ''))
  expect(new Set(account?.entries.map(({ kind }) => kind))).toEqual(
    new Set(['INVOICE', 'CREDIT_MEMO', 'PAYMENT', 'REFUND_RECEIPT']),
  )
  const few = await customerAccount(books.database, { connectionId, customerId: '1', first: 2 })
  expect(few).toMatchObject({ balance: account?.balance, entries: account?.entries.slice(0, 2) })
  expect(await customerAccount(books.database, { connectionId, customerId: 'nobody', first: 10 })).toBeNull()
})

function mirrorOf() {
  const { mirror } = books.ledgerOf(stage.connection)
  if (!mirror) throw new Error('QuickBooks Online is mirrored')
  return mirror
}

/** Cash of the played company, in its own words. */
function cashOfMarch(): string {
  const table = (name: string) =>
    [...stage.company.sandbox.store.table<{ Id: string; TotalAmt: string; TxnDate: string }>(`qbo.${name}`).all()]
      .filter(({ TxnDate }) => TxnDate.startsWith('2026-03'))
      .reduce((total, { TotalAmt }) => total + BigInt(Math.round(Number(TotalAmt) * 100)), 0n)
  const cents = table('Payment') - table('RefundReceipt')
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
}
