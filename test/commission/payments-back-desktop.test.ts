// Payments back from QuickBooks Desktop: what is done in the played company file comes through conversations and the mirror
// into the ledger of payment applications.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { pino } from 'pino'
import { collectMirrored, type MirroredBooks } from '../../src/commission/collect.ts'
import type { Connection } from '../../src/domain/connection.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { tieOut } from '../../src/storage/commission-tie-out.ts'
import { listConnections } from '../../src/storage/connections.ts'
import { customerAccount } from '../../src/storage/customer-account.ts'
import { askForChanges, isReadDue } from '../../src/storage/sync-cursors.ts'
import { ownerName } from '../../src/sync/lane.ts'
import { ROAD_LIMITS, type Road } from '../../src/sync/road.ts'
import { converse } from '../../src/sync/work.ts'
import { type FreshDatabase, freshDatabase } from '../database.ts'
import { caller, fileId, openDesktop, ownerId } from '../ledgers/quickbooks-desktop/office.ts'
import { customer, line, OpenFile, statusOf, textAt } from '../sandbox/quickbooks-desktop/company-file.ts'
import { connectionRow, insertRows } from '../storage/rows.ts'
import { creditFor, sell } from './company.ts'

const ledgerOfFile = openDesktop()
let fresh: FreshDatabase
let file: OpenFile
let books: MirroredBooks
let connection: Connection
let road: Road

beforeAll(async () => {
  fresh = await freshDatabase()
  const { database } = fresh
  const row = { kind: LedgerKind.QUICKBOOKS_DESKTOP, is_default: true, state: 'ACTIVE' }
  await insertRows(database, 'connection', [connectionRow(row)])
  const [found] = await listConnections(database)
  if (!found) throw new Error('there is no connection')
  connection = found
  const now = () => new Date(Date.now() + aheadSeconds * 1_000)
  road = {
    database,
    crm: undefined as never,
    ledgerOf: () => ledgerOfFile,
    now,
    random: () => 0.5,
    sleep: () => Promise.resolve(),
    log: pino({ level: 'silent' }),
    watch: { delivery: () => undefined, poll: () => undefined },
    owner: ownerName({ instance: 'one' }),
    limits: { ...ROAD_LIMITS, readsPerMonthMax: 500_000 },
    wake: () => undefined,
    signal: new AbortController().signal,
  }
  books = { database, timeZone: 'America/New_York', now, ledgerOf: road.ledgerOf }
  file = new OpenFile()
  file.quickBooks.stampFileId({ ownerId, fileId })
  // Long before the stories: what was there when the company was connected.
  lamp = addInvoice('500.00')
  first = pay('200.00', applied(lamp, '150.00'))
  await sellOurs(lamp, '500.00')
  await visit()
})
afterAll(() => fresh.close())

let lamp: string
/** How far the story's clock is ahead. */
let aheadSeconds = 0
let first: string

function addInvoice(amount: string): string {
  return textAt(file.addInvoice('', line({ amount, code: 'Non' })), 'InvoiceRet/TxnID') ?? ''
}

async function sellOurs(invoiceId: string, net: string): Promise<void> {
  const lines: [string, string][] = [['lamp', net]]
  const sale = { invoiceId, orderNumber: `ORD-${invoiceId}`, date: '2026-03-02', lines }
  await sell(books.database, { connectionId: connection.id, sales: [sale] })
}

const applied = (id: string, amount: string, more = '') =>
  `<AppliedToTxnAdd><TxnID>${id}</TxnID><PaymentAmount>${amount}</PaymentAmount>${more}</AppliedToTxnAdd>`

function pay(total: string, applications: string): string {
  const head = `${customer}<TxnDate>2026-03-10</TxnDate><TotalAmount>${total}</TotalAmount>`
  const said = file.askOne(
    `<ReceivePaymentAddRq><ReceivePaymentAdd>${head}${applications}</ReceivePaymentAdd></ReceivePaymentAddRq>`,
  )
  if (statusOf(said) !== 0) throw new Error(JSON.stringify(said))
  return textAt(said, 'ReceivePaymentRet/TxnID') ?? ''
}

function addMemo(rate: string): string {
  const lines = line({ quantity: '1', rate, code: 'Non' }).replaceAll('InvoiceLineAdd', 'CreditMemoLineAdd')
  const memo = file.askOne(`<CreditMemoAddRq><CreditMemoAdd>${customer}${lines}</CreditMemoAdd></CreditMemoAddRq>`)
  return textAt(memo, 'CreditMemoRet/TxnID') ?? ''
}

/** What a bookkeeper pays out of a credit memo. */
function refund(type: 'Check' | 'ARRefundCreditCard', memo: string, amount: string, day: string): string {
  const date = `<TxnDate>${day}</TxnDate>`
  const add = {
    Check:
      `<AccountRef><FullName>Undeposited Funds</FullName></AccountRef>${customer.replaceAll('CustomerRef', 'PayeeEntityRef')}${date}` +
      `<ApplyCheckToTxnAdd><TxnID>${memo}</TxnID><Amount>${amount}</Amount></ApplyCheckToTxnAdd>`,
    ARRefundCreditCard:
      customer +
      date +
      `<RefundAppliedToTxnAdd><TxnID>${memo}</TxnID><RefundAmount>${amount}</RefundAmount></RefundAppliedToTxnAdd>`,
  }[type]
  const said = file.askOne(`<${type}AddRq><${type}Add>${add}</${type}Add></${type}AddRq>`)
  if (statusOf(said) !== 0) throw new Error(JSON.stringify(said))
  return textAt(said, `${type}Ret/TxnID`) ?? ''
}

async function standing(invoiceId: string): Promise<string> {
  const [row] = await books.database.rows(sql<{ line: string }>`
    select concat_ws(' ', status, paid, credited, due) as line from invoice_standing where invoice_id = ${invoiceId}`)
  return row?.line ?? 'none'
}

/** What went back, by day. */
async function days(recordId: string): Promise<string[]> {
  const rows = await books.database.rows(sql<{ line: string }>`
    select concat_ws(' ', effective_on, sum(amount)) as line from payment_application
    where record_id = ${recordId} group by effective_on having sum(amount) <> 0 order by effective_on`)
  return rows.map(({ line }) => line)
}

let asked: string[] = []
beforeEach(() => {
  asked = []
})

/** The Web Connector calls, the mirror reads what is due, and the payments are collected. */
async function visit({ cutAfter = Number.POSITIVE_INFINITY } = {}): Promise<void> {
  const entities = ledgerOfFile.mirror?.kinds ?? []
  await askForChanges(books.database, { connectionIds: [connection.id], entities, countToo: false, now: books.now() })
  const talk = ledgerOfFile.mailbox.open(caller)
  const speaking = converse(road, connection.id).finally(() => talk.finish())
  for (let said = 0; ; said += 1) {
    const next = await talk.next({ withinMs: 2_000 })
    if (next === 'done') break
    if (next === 'later') continue
    if (said >= cutAfter) {
      talk.end('the line was cut')
      break
    }
    asked.push(next.body)
    const done = { response: '', hresult: '', message: '', ...file.process(next.body) }
    await talk.answer({ ...done, withinMs: 2_000 })
  }
  await speaking
  await collectMirrored(books)
}

async function ledger(...records: string[]): Promise<string[]> {
  const rows = await books.database.rows(sql<{ line: string }>`
    select concat_ws(' ', record_id, part, coalesce(invoice_id, '-'), sum(amount)) as line from payment_application
    where record_id = any(${records}::text[]) group by record_id, part, invoice_id having sum(amount) <> 0 order by part, record_id`)
  return rows.map(({ line }) => line)
}

describe('payments of a company file', () => {
  test('that were there before are read in full, once, in the first conversation', async () => {
    expect(await ledger(first)).toEqual([`${first} CASH ${lamp} 150.00`, `${first} UNAPPLIED - 50.00`])
    await visit()
    const queries = asked.filter((body) => body.includes('ReceivePaymentQuery'))
    expect(queries.map((body) => body.includes('<FromModifiedDate>'))).toEqual([true])
  })

  test('come with what they pay of each invoice, and with discounts that are no cash', async () => {
    const [one, other] = [addInvoice('100.00'), addInvoice('60.00')]
    await sellOurs(one, '100.00')
    const paid = pay('140.00', applied(one, '95.00', '<DiscountAmount>5.00</DiscountAmount>') + applied(other, '45.00'))
    await visit()
    expect((await ledger(paid)).sort()).toEqual(
      [`${paid} CASH ${one} 95.00`, `${paid} CASH ${other} 45.00`, `${paid} DISCOUNT ${one} 5.00`].sort(),
    )
  })

  test('set credits against invoices, of which the credit memo tells', async () => {
    const one = addInvoice('100.00')
    const memoId = addMemo('30.00')
    const credit = `<SetCredit><CreditTxnID>${memoId}</CreditTxnID><AppliedAmount>30.00</AppliedAmount></SetCredit>`
    const paid = pay('70.00', applied(one, '70.00', credit))
    await visit()
    expect(await ledger(paid)).toEqual([`${paid} CASH ${one} 70.00`])
    expect(await ledger(memoId)).toEqual([`${memoId} CREDIT ${one} 30.00`])
  })

  test('that are deleted are taken back, by what QuickBooks says it deleted', async () => {
    const one = addInvoice('40.00')
    const paid = pay('40.00', applied(one, '40.00'))
    await visit()
    expect(await ledger(paid)).toEqual([`${paid} CASH ${one} 40.00`])
    file.askOne(`<TxnDelRq><TxnDelType>ReceivePayment</TxnDelType><TxnID>${paid}</TxnID></TxnDelRq>`)
    await visit()
    expect(await ledger(paid)).toEqual([])
  })

  test('of which the rest was paid out are less by that', async () => {
    const memo = addMemo('35.00')
    const cheque = refund('Check', memo, '10.00', '2026-03-20')
    refund('ARRefundCreditCard', memo, '15.00', '2026-03-21')
    await visit()
    expect(await ledger(memo)).toEqual([`${memo} REFUND - -25.00`])
    expect(await days(memo)).toEqual(['2026-03-20 -10.00', '2026-03-21 -15.00'])
    file.askOne(`<TxnDelRq><TxnDelType>Check</TxnDelType><TxnID>${cheque}</TxnID></TxnDelRq>`)
    await visit()
    expect(await days(memo)).toEqual(['2026-03-21 -15.00'])
  })

  test('of an order that was refunded take back what they earned, and leave the invoice settled', async () => {
    const sold = addInvoice('80.00')
    await sellOurs(sold, '80.00')
    const paid = pay('80.00', applied(sold, '80.00'))
    const memo = addMemo('80.00')
    await creditFor(books.database, {
      connectionId: connection.id,
      kind: 'CREDIT_MEMO',
      recordId: memo,
      invoiceId: sold,
    })
    await visit()
    expect(await standing(sold)).toBe('PAID 80.00 0.00 0.00')
    refund('Check', memo, '80.00', '2026-03-25')
    await visit()
    expect(await ledger(paid, memo)).toEqual([
      `${paid} CASH ${sold} 80.00`,
      `${memo} CREDIT ${sold} 80.00`,
      `${memo} REFUND ${sold} -80.00`,
    ])
    expect(await standing(sold)).toBe('PAID 0.00 80.00 0.00')
    const { database } = books
    const earned = await database.rows(sql<{ line: string }>`
      select concat_ws(' ', record_kind, effective_on, base) as line from commission_entry
      where invoice_id = ${sold} and kind = 'EARNED' order by effective_on`)
    expect(earned.map(({ line }) => line)).toEqual(['PAYMENT 2026-03-10 80.00', 'CREDIT_MEMO 2026-03-25 -80.00'])
  })

  test('leave an invoice cancelled that was voided, or deleted, in QuickBooks', async () => {
    const [voided, deleted] = [addInvoice('45.00'), addInvoice('46.00')]
    await sellOurs(voided, '45.00')
    await sellOurs(deleted, '46.00')
    await visit()
    expect(await standing(voided)).toBe('SENT 0.00 0.00 45.00')
    file.askOne(`<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>${voided}</TxnID></TxnVoidRq>`)
    file.askOne(`<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>${deleted}</TxnID></TxnDelRq>`)
    await visit()
    expect(await standing(voided)).toMatch(/^CANCELLED /)
    expect(await standing(deleted)).toMatch(/^CANCELLED /)
  })

  test('are not lost when the line is cut in the midst of it', async () => {
    const one = addInvoice('25.00')
    const paid = pay('25.00', applied(one, '25.00'))
    await visit({ cutAfter: 1 })
    expect(await ledger(paid)).toEqual([])
    // It is asked again after a minute.
    aheadSeconds += 61
    await visit()
    expect(await ledger(paid)).toEqual([`${paid} CASH ${one} 25.00`])
  })

  test('add up to the cash that the company file has, to the cent', async () => {
    const [tied] = await tieOut(books.database, { connectionId: connection.id, from: '2026-03-01', to: '2026-03-31' })
    // 200.00 at first, then 140.00, 70.00, 80.00 and 25.00; 40.00 were deleted; 15.00 and 80.00 went back.
    expect(tied).toMatchObject({ received: '420.00', unapplied: '35.00', difference: '0.00' })
  })

  test('come to what the company file says that the customer owes', async () => {
    const said = file.askOne(`<CustomerQueryRq><FullName>Ida's Interiors</FullName></CustomerQueryRq>`)
    const [customerId = '', owed] = ['ListID', 'Balance'].map((name) => textAt(said, `CustomerRet/${name}`))
    const account = await customerAccount(books.database, { connectionId: connection.id, customerId, first: 100 })
    expect(account?.balance).toBe(owed)
  })

  test('are worth a call only when somebody has waited for them', async () => {
    const { database, now } = books
    const { id: connectionId } = connection
    await askForChanges(database, {
      connectionIds: [connectionId],
      entities: ['PAYMENT'] as never,
      countToo: false,
      now: now(),
    })
    const anHourAgo = new Date(now().getTime() - 3_600_000)
    expect(await isReadDue(database, { connectionId, askedBefore: anHourAgo })).toBe(false)
    expect(await isReadDue(database, { connectionId, askedBefore: new Date(now().getTime() + 1_000) })).toBe(true)
  })
})
