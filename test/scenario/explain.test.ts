import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { type Explanation, RecordKind } from '../../src/domain/explanation.ts'
import { explain } from '../../src/sync/explain.ts'
import { type Clinic, type Fields, openClinic } from './clinic.ts'

const counts = {
  falselyProcessed: 2,
  processed: 1,
  stuckAbsent: 1,
  stuckInQuickBooks: 0,
  timedOutAbsent: 1,
  timedOutInQuickBooks: 0,
  pending: 3,
  adoptable: 1,
  mismatched: 2,
  discounted: 1,
  unknownCustomer: 1,
  cancelled: 1,
  empty: 1,
  zeroQuantity: 1,
  severalRows: 1,
  deleteRows: 5,
  factoryRows: 1,
  inventoryRows: 1,
  commissionRows: 1,
  withoutLogRow: 1,
}
const logTable = 'creatio.BGQuickBooksIntegrationLogDetail'
const statusIds = {
  Pending: 'c97db3bc-634d-4c90-8432-ec7141c87640',
  Processing: 'fc2a1755-cdb8-43ec-a637-cdbcb6ef4bef',
  Processed: 'e7428193-4cf1-4d1b-abae-00e93ab5e1c5',
  Error: 'bdfc60c7-55fd-4cbd-9a2c-dca2def46d80',
}
const cancelledStatus = '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e605'

let clinic: Clinic
let orders: Fields[]
let rows: Fields[]

beforeAll(async () => {
  clinic = await openClinic({ counts })
  orders = await clinic.records('creatio.Order')
  rows = await clinic.records(logTable)
}, 90_000)
afterAll(() => clinic?.close())

const rowsOf = (order: Fields) => rows.filter(({ BGRecordId }) => BGRecordId === order.Id)
const order = (found: (order: Fields) => boolean): string => {
  const one = orders.find(found)
  if (!one) throw new Error('the world has no such order')
  return String(one.Number)
}
const inStatus = (status: keyof typeof statusIds) => (one: Fields) =>
  rowsOf(one).some(({ BGStatusId }) => BGStatusId === statusIds[status])
const ask = (number: string, kind = RecordKind.ORDER) => explain(clinic.road, { kind, number })
const answerTo = ({ checks }: Explanation, question: string) => {
  const check = checks.find((one) => one.question === question)
  if (!check) throw new Error(`nobody asked "${question}"; asked were: ${checks.map((one) => one.question).join(' ')}`)
  return check
}
async function inState(state: string, reason: string | null = null): Promise<string> {
  const [row] = await clinic.database.rows(sql<{ order_number: string }>`
    select order_number from posting where kind = 'INVOICE' and state = ${state}
      and (${reason}::text is null or reason_code = ${reason}) order by id limit 1`)
  if (!row) throw new Error(`no posting is ${state}`)
  return row.order_number
}

describe('before the first poll', () => {
  test('an order whose row is Pending is taken up with the next poll', async () => {
    const found = await ask(
      order(
        (one) =>
          inStatus('Pending')(one) &&
          rowsOf(one).length === 1 &&
          one.StatusId !== cancelledStatus &&
          one.AccountId !== '00000000-0000-0000-0000-000000000000' &&
          one.Amount !== '0.00',
      ),
    )
    expect(found.verdict).toMatch(
      /^Order ORD-\d+ is not in QuickBooks yet: its log row is taken up with the next poll\.$/,
    )
    expect(answerTo(found, 'Does the CRM answer?').result).toBe('OK')
    expect(answerTo(found, 'Has it log rows?')).toMatchObject({
      result: 'OK',
      answer: expect.stringMatching(/^One: \(1\) INSERT of CUSTOMER_ORDER, PENDING/),
    })
    expect(answerTo(found, 'Can its invoice be made?').result).toBe('OK')
    expect(found.posting).toBeNull()
  })

  test('an order that is falsely Processed is not proven, and the remedy is to have it posted', async () => {
    const found = await ask(order((one) => inStatus('Processed')(one) && one.BGQuickBooksId === ''))
    expect(found.verdict).toContain('is not proven to be in QuickBooks: its log row says Processed')
    expect(answerTo(found, 'Has it a QuickBooks id?')).toMatchObject({ result: 'NO', answer: 'No.' })
    expect(answerTo(found, 'Does the CRM know?')).toMatchObject({
      result: 'NO',
      remedy: expect.stringContaining('Re-Process'),
    })
  })

  test('an order that the system before us posted is told with its id, and as nothing that we have seen', async () => {
    const found = await ask(order((one) => one.BGQuickBooksId !== ''))
    expect(found.verdict).toMatch(/is in QuickBooks as \d+ if the CRM is right: Countersign did not post it/)
    expect(answerTo(found, 'Has it a QuickBooks id?').result).toBe('UNKNOWN')
  })

  test('an order without a log row says that nothing asked for it', async () => {
    const found = await ask(order((one) => rowsOf(one).length === 0))
    expect(found.verdict).toContain('it has no log row, so nothing asked for it')
    expect(answerTo(found, 'Has it log rows?')).toMatchObject({
      result: 'NO',
      remedy: expect.stringContaining('Sync now'),
    })
  })

  test('an order that is stuck in Processing, and one that timed out, say what their rows say', async () => {
    expect((await ask(order(inStatus('Processing')))).verdict).toContain(
      'its log row says Processing, and nobody here works on it',
    )
    const timedOut = await ask(order(inStatus('Error')))
    expect(timedOut.verdict).toContain('its log row says Error ("Connection timeout"). Set it to Re-Process')
  })

  test('an order is found by its invoice number too', async () => {
    const [one] = orders
    const found = await ask(String(one?.BGNumberInvoice))
    expect(answerTo(found, 'Does the order exist?').answer).toContain(
      `order ${one?.Number}, invoice ${one?.BGNumberInvoice}`,
    )
  })

  test('a number that the CRM does not have is said so, with those that look like it', async () => {
    const number = String(orders[0]?.Number)
    const found = await ask(`${number}7`)
    expect(found.verdict).toBe(`The CRM has no order ${number}7. Look alike: "${number}".`)
    expect(found.checks.map(({ result }) => result)).toEqual(['OK', 'NO'])
    expect((await ask("O'Hara; 🤷 or 1 eq 1")).verdict).toBe("The CRM has no order O'Hara; 🤷 or 1 eq 1.")
  })

  test.each([
    ['FO-9000', 'A FactoryOrder row is not a sales order.'],
    ['IA-9000', 'A InventoryAdjustment row is not a sales order.'],
    ['Commission 9000', 'A commission row asks for payments, not for an invoice.'],
    ['ORD-9000', 'The order was deleted and QuickBooks never had it.'],
  ])('%s, which is no order, is found by its log row: %s', async (number, reason) => {
    const found = await ask(number)
    expect(found.verdict).toBe(`The CRM has no order ${number}. A log row bears this name: ${reason}`)
    expect(answerTo(found, 'Is it a sale that is invoiced?')).toMatchObject({ result: 'NO', answer: reason })
  })

  test.each([
    [
      'cancelled',
      (one: Fields) =>
        one.StatusId === cancelledStatus &&
        rowsOf(one).every(({ BGActionId }) => BGActionId !== '1569077b-41ca-4267-b07c-96277fa979fc'),
      /is cancelled in the CRM/,
    ],
    [
      'deleted by its row',
      (one: Fields) => rowsOf(one).some(({ BGActionId }) => BGActionId === '1569077b-41ca-4267-b07c-96277fa979fc'),
      /is cancelled in the CRM/,
    ],
  ])('an order that is %s is not meant to be there', async (_, which, reason) => {
    const found = await ask(order(which))
    expect(found.verdict).toMatch(/is not in QuickBooks, and not meant to be/)
    expect(answerTo(found, 'Is it a sale that is invoiced?')).toMatchObject({
      result: 'NO',
      answer: expect.stringMatching(reason),
    })
  })

  test('an order with several rows tells each of them', async () => {
    const found = await ask(order((one) => rowsOf(one).length === 2))
    expect(answerTo(found, 'Has it log rows?').answer).toMatch(/^2: \(1\) INSERT .*; \(2\) UPDATE /)
  })

  test('a row whose status the profile does not know is named', async () => {
    const [row] = rows.filter(({ BGStatusId }) => BGStatusId === statusIds.Processed)
    const strange = '11111111-2222-4333-8444-555555555555'
    await clinic.change(logTable, String(row?.Id), { BGStatusId: strange })
    const found = await ask(String(row?.BGName))
    await clinic.change(logTable, String(row?.Id), { BGStatusId: row?.BGStatusId })
    expect(answerTo(found, 'Has it log rows?')).toMatchObject({
      result: 'NO',
      answer: expect.stringContaining(`The profile does not know the status ${strange}`),
      remedy: expect.stringContaining('profile'),
    })
  })
})

describe('after the first day', () => {
  beforeAll(() => clinic.day(), 60_000)

  test('a PROCESSED order says when, under which id, and how it was verified', async () => {
    const found = await ask(await inState('PROCESSED'))
    expect(found.verdict).toMatch(
      / is in QuickBooks as \d+, since .* UTC: .*equals it to the penny .*, and the CRM was told\.$/,
    )
    expect(found.checks.filter(({ result }) => result === 'NO')).toEqual([])
    expect(answerTo(found, 'What did QuickBooks answer?')).toMatchObject({
      result: 'OK',
      answer: expect.stringMatching(/1 try; .*HTTP 200, intuit_tid /),
    })
    expect(answerTo(found, 'Does the CRM know?').result).toBe('OK')
    expect(found.posting).toMatchObject({ state: 'PROCESSED' })
  })

  test('a PROCESSED order whose id was taken from the CRM afterwards says so', async () => {
    const number = await inState('PROCESSED')
    const [one] = orders.filter((each) => each.Number === number)
    await clinic.change('creatio.Order', String(one?.Id), { BGQuickBooksId: '' })
    expect(answerTo(await ask(number), 'Does the CRM know?')).toMatchObject({
      result: 'NO',
      answer: expect.stringContaining('has no id instead of'),
    })
  })

  test('a MISMATCHED order shows both sides', async () => {
    const found = await ask(await inState('MISMATCHED'))
    expect(found.verdict).toMatch(
      /is not proven: the CRM \(total [\d.]+ USD\) and QuickBooks \(QuickBooks id \d+\) differ; the CRM's side first: .+ against .+\./,
    )
    expect(answerTo(found, 'Where does its posting stand?')).toMatchObject({
      result: 'NO',
      remedy: expect.stringContaining('Make the two equal'),
    })
  })

  test.each([
    ['ACCOUNT_NOT_FOUND', 'QuickBooks has no active account named "Discount"', 'Create the account "Discount"'],
    ['CUSTOMER_NOT_FOUND', 'has no customer that QuickBooks could bill', 'Choose the account of the order'],
  ])('an order that FAILED with %s says why and what to do', async (reason, sentence, remedy) => {
    const found = await ask(await inState('FAILED', reason))
    expect(found.verdict).toContain('is not in QuickBooks: ')
    expect(answerTo(found, 'Where does its posting stand?')).toMatchObject({
      result: 'NO',
      answer: expect.stringContaining(sentence),
      remedy: expect.stringContaining(remedy),
    })
  })

  test.each(['ORDER_CANCELLED', 'ORDER_EMPTY', 'ORDER_ALL_ZERO'])(
    'an order that was SKIPPED with %s is not meant to be there',
    async (reason) => {
      const found = await ask(await inState('SKIPPED', reason))
      expect(found.verdict).toContain('is not in QuickBooks, and not meant to be: ')
      expect(answerTo(found, 'Is it a sale that is invoiced?').result).toBe('NO')
    },
  )

  test('a row of another type tells what was decided about it', async () => {
    expect(answerTo(await ask('FO-9000'), 'Has it log rows?').answer).toContain(
      'decided: A FactoryOrder row is not a sales order.',
    )
  })

  test('an order that is on its way says what it waits for', async () => {
    const number = await inState('PROCESSED')
    await clinic.database.transaction(async (transaction) => {
      await transaction.run(sql`update posting set state = 'PENDING', quick_books_id = null, verification = null, waiting_for = 'QUICKBOOKS',
        not_before = now() + interval '1 hour', reason_code = 'THROTTLED', reason_detail = '{}' where order_number = ${number}`)
    })
    const found = await ask(number)
    expect(found.verdict).toMatch(
      /is on its way: it waits for QuickBooks, not before .* UTC\. QuickBooks asked us to slow down/,
    )
    expect(answerTo(found, 'Where does its posting stand?').result).toBe('WAITS')
  })

  test('an order whose answer was lost says that it is being looked up', async () => {
    const number = await inState('PROCESSED')
    await clinic.database.run(sql`update posting set state = 'UNKNOWN', reason_code = 'ANSWER_LOST', reason_detail = '{"detail":"cut"}'
      where order_number = ${number}`)
    expect((await ask(number)).verdict).toContain('may be in QuickBooks: The answer of QuickBooks was lost')
  })

  test('an order that was deleted in the CRM is still explained by its posting', async () => {
    const number = await inState('PROCESSED')
    const [one] = orders.filter((each) => each.Number === number)
    await clinic.sandbox.fetchControl(`/records/creatio.Order/${one?.Id}`, { method: 'DELETE' })
    const found = await ask(number)
    expect(found.verdict).toContain('is in QuickBooks as')
    expect(answerTo(found, 'Does the order exist?')).toMatchObject({
      result: 'NO',
      answer: expect.stringContaining('It was there: it has a posting.'),
    })
  })

  test('nothing of all this asked QuickBooks, and nothing was written to the CRM', async () => {
    const before = await clinic.sandbox.fetchControl<unknown[]>('/log?system=quickbooks-online')
    const [writes] = [await clinic.sandbox.fetchControl<unknown[]>('/log?system=creatio&method=PATCH')]
    for (const { Number: number } of orders) await ask(String(number))
    expect(await clinic.sandbox.fetchControl<unknown[]>('/log?system=quickbooks-online')).toHaveLength(before.length)
    expect(await clinic.sandbox.fetchControl<unknown[]>('/log?system=creatio&method=PATCH')).toHaveLength(writes.length)
  })
})

describe('a customer', () => {
  test('that was found in QuickBooks by its name is there', async () => {
    const [link] = await clinic.database.rows(sql<{ name: string; quick_books_id: string }>`
      select name, quick_books_id from link where kind = 'CUSTOMER' and name <> '' order by id limit 1`)
    const found = await ask(String(link?.name), RecordKind.CUSTOMER)
    expect(found.verdict).toContain(`Customer "${link?.name}" is in QuickBooks as`)
    expect(answerTo(found, 'Does QuickBooks know it?').result).toBe('OK')
  })

  test('that no order needed yet is not known to be there', async () => {
    const known = new Set(
      (await clinic.database.rows(sql<{ source_id: string }>`select source_id from link`)).map(
        ({ source_id }) => source_id,
      ),
    )
    const account = (await clinic.records('creatio.Account')).find(({ Id }) => !known.has(Id))
    const found = await ask(String(account?.BGQBName), RecordKind.CUSTOMER)
    expect(found.verdict).toContain('no order of it has been posted yet')
  })

  test('whose name QuickBooks would refuse says so', async () => {
    const [account] = (await clinic.records('creatio.Account')).slice(-1)
    await clinic.change('creatio.Account', String(account?.Id), { BGQBName: 'Alder: Outdoor' })
    const found = await ask('Alder: Outdoor', RecordKind.CUSTOMER)
    expect(answerTo(found, 'Can it be a customer of QuickBooks?')).toMatchObject({
      result: 'NO',
      answer: expect.stringContaining('colon'),
    })
  })

  test('that the CRM does not have is said so, with those that look like it', async () => {
    const [account] = await clinic.records('creatio.Account')
    const name = String(account?.Name)
    const found = await ask(`${name.split(' ')[0]} Limited`, RecordKind.CUSTOMER)
    expect(found.verdict).toMatch(/^The CRM has no account named ".+ Limited"\. Look alike: /)
  })
})

describe('an order whose new customer QuickBooks refuses', () => {
  let other: Clinic
  afterAll(() => other?.close())

  test('says that its customer failed, and the customer says why', async () => {
    other = await openClinic({
      counts: { ...Object.fromEntries(Object.keys(counts).map((name) => [name, 0])), pending: 1 },
    })
    const [one] = await other.records('creatio.Order')
    const known = new Set((await other.records('qbo.Customer')).map(({ DisplayName }) => DisplayName))
    const account = (await other.records('creatio.Account')).find(({ BGQBName }) => !known.has(BGQBName))
    await other.change('creatio.Order', String(one?.Id), { AccountId: account?.Id })
    await other.fault({
      system: 'quickbooks-online',
      entity: 'Customer',
      operation: 'create',
      fault: { kind: 'fault', code: '6240' },
    })
    await other.day()
    const order = await explain(other.road, { kind: RecordKind.ORDER, number: String(one?.Number) })
    expect(order.verdict).toContain('could not be created in QuickBooks, so order')
    expect(answerTo(order, 'Does QuickBooks know its customer?')).toMatchObject({
      result: 'NO',
      answer: expect.stringContaining('is taken in QuickBooks by a vendor'),
    })
    const customer = await explain(other.road, { kind: RecordKind.CUSTOMER, number: String(account?.BGQBName) })
    expect(customer.verdict).toMatch(/^Customer ".+" is not in QuickBooks: The name ".+" is taken in QuickBooks/)
    expect(answerTo(customer, 'Where does its posting stand?').remedy).toContain('Rename or reactivate')
  })
})

describe('when the CRM is down', () => {
  beforeAll(() => clinic.fault({ system: 'creatio', fault: { kind: 'status', status: 503 } }))
  afterAll(() => clinic.mend())

  test('an order with a posting is explained by that, and one without says that nothing is known', async () => {
    const found = await ask(await inState('MISMATCHED'))
    expect(found.verdict).toContain('is not proven')
    expect(answerTo(found, 'Does the CRM answer?')).toMatchObject({
      result: 'NO',
      remedy: expect.stringContaining('doctor'),
    })
    expect((await ask('ORD-1')).verdict).toBe(
      'Nothing is known of ORD-1: the CRM could not be asked, and it has no posting.',
    )
  })
})
