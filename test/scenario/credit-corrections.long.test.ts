import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { LedgerKind } from '../../src/domain/kinds.ts'
import { correctionPage } from '../../src/storage/corrections.ts'
import { applyCorrection, correctionPlan } from '../../src/sync/corrections.ts'
import { ownerName } from '../../src/sync/lane.ts'
import { findMissedPayments } from '../../src/sync/payments.ts'
import { retryPostings } from '../../src/sync/retry.ts'
import { tell, work } from '../../src/sync/work.ts'
import { Mortal } from '../simulation/mortal.ts'
import type { Fields } from './books.ts'
import { DocumentStory } from './document-story.ts'

const ONLINE = LedgerKind.QUICKBOOKS_ONLINE
const CANCELED = '7c1b2a90-4d5e-4f60-8a71-92b3c4d5e605'

/** Documents other than invoices, and what their corrections do to them. */
class Corrected {
  readonly here: DocumentStory
  #sales: Fields[] = []

  constructor(here: DocumentStory) {
    this.here = here
  }

  static async open(kind: LedgerKind, orders: number): Promise<Corrected> {
    const made = new Corrected(await DocumentStory.open(kind, { orders }))
    made.#sales = await made.here.sales()
    await made.here.poll()
    return made
  }

  get road() {
    return this.here.story.road
  }

  sale(): Fields {
    const order = this.#sales.pop()
    if (!order) throw new Error('there is no order left')
    return order
  }

  /** An order with a credit memo of its own, applied to its invoice; or a refund. */
  async credited({ refunded = false } = {}): Promise<{ order: Fields; credit: Fields }> {
    const order = this.sale()
    const credit = await this.here.credit(order, { refunded })
    await this.here.poll()
    return { order, credit }
  }

  async paid(amount = '2.00'): Promise<{ order: Fields; payment: Fields }> {
    const order = this.sale()
    const payment = await this.here.pay(order, { amount, day: '2026-11-10' })
    await this.here.takePayments()
    expect(await this.here.states(payment)).toEqual(['PAYMENT PROCESSED'])
    return { order, payment }
  }

  async change(payment: Fields, fields: Record<string, unknown>): Promise<void> {
    const ModifiedOn = new Date(Date.now() + 2_000).toISOString()
    await this.here.books.change('creatio.SupplyPaymentElement', payment.Id, { ...fields, ModifiedOn })
    await this.here.takePayments()
  }

  async correction(sourceId: string) {
    const page = await correctionPage(this.here.story.database, { selection: {}, request: { first: 50, after: null } })
    const found = page.nodes.find((one) => one.sourceId === sourceId)
    if (!found) throw new Error(`${sourceId} has no correction`)
    return found
  }

  async apply(record: Fields): Promise<void> {
    const { id } = await this.correction(record.Id)
    await applyCorrection(this.road, { id, author: 'a person' })
    await this.here.settle()
  }

  /** What a person does who takes a credit off an invoice of QuickBooks Desktop. */
  async takeOff(order: Fields, credit: Fields): Promise<void> {
    const { books } = this.here
    const [invoice] = await this.here.inQuickBooks('invoices', order.BGNumberInvoice)
    const [memo] = await this.here.inQuickBooks('creditMemos', credit.BGNumberInvoice)
    if (!invoice || !memo) throw new Error('nothing is applied')
    const owed = String(invoice.AppliedAmount).replace('-', '')
    const free = { LinkedTxn: [], AppliedAmount: '0.00', BalanceRemaining: owed, IsPaid: 'false' }
    await books.change('quickbooksDesktop.invoices', invoice.Id, free)
    await books.change('quickbooksDesktop.creditMemos', memo.Id, { LinkedTxn: [], CreditRemaining: memo.TotalAmount })
  }

  async retryFailed(record: Fields): Promise<void> {
    const ids = (await this.here.postings(record)).filter(({ state }) => state === 'FAILED').map(({ id }) => id)
    await retryPostings(this.road, ids)
    await this.here.settle()
  }

  /** The live credit memos, or refunds, of QuickBooks whose numbers begin with one: what books a credit twice shows here. */
  async live(place: 'creditMemos' | 'refunds', number: unknown): Promise<string[]> {
    const kept = this.here.kind === ONLINE ? 'DocNumber' : 'RefNumber'
    const table = TABLES[this.here.kind][place]
    const records = (await this.here.books.records(table)).filter((one) => String(one[kept]).startsWith(String(number)))
    return records.filter((one) => !/^VOID/i.test(String(one.PrivateNote ?? one.Memo))).map((one) => String(one[kept]))
  }

  /** The amounts of the live payments of a number. */
  async payments(payment: Fields): Promise<number[]> {
    const all = await this.here.paymentsNumbered(payment.BGReference)
    const live = all.filter((one) => !/^VOID/i.test(String(one.PrivateNote ?? one.Memo)))
    return live.map((one) => Number(one.TotalAmt ?? one.TotalAmount))
  }
}

const TABLES = {
  [LedgerKind.QUICKBOOKS_ONLINE]: { creditMemos: 'qbo.CreditMemo', refunds: 'qbo.RefundReceipt' },
  [LedgerKind.QUICKBOOKS_DESKTOP]: {
    creditMemos: 'quickbooksDesktop.creditMemos',
    refunds: 'quickbooksDesktop.creditMemos',
  },
}

describe.each(Object.values(LedgerKind))(
  'credit memos, refunds and payments that the CRM changed, beside %s',
  (kind) => {
    let company: Corrected
    let here: DocumentStory

    beforeAll(async () => {
      company = await Corrected.open(kind, 9)
      here = company.here
    }, 60_000)
    afterAll(() => here?.story.end())

    test('an applied credit memo is shown, taken off its invoice, taken back, posted anew and applied again', async () => {
      const { order, credit } = await company.credited()
      const row = await here.edit(credit, { BGShippingCharge: '3.00' })
      await here.poll()
      const correction = await company.correction(credit.Id)
      expect(correction).toMatchObject({ state: 'PROPOSED', cause: 'EDITED', method: 'VOID' })
      expect(correction.differences).toContainEqual(expect.stringMatching(/^shipping .* became 3.00$/))
      const plan = await correctionPlan(company.road, { correction, method: correction.method })
      expect(plan?.problems).toEqual([])
      expect(plan?.warnings).toHaveLength(kind === ONLINE ? 0 : 1)
      expect(plan?.replacement).toMatchObject({ kind: 'CREDIT_MEMO', number: `${credit.BGNumberInvoice}-2` })
      await company.apply(credit)
      if (kind !== ONLINE) {
        expect(await here.states(credit)).toEqual([
          'CREDIT_MEMO PROCESSED',
          'PAYMENT PROCESSED',
          'VOID FAILED CREDIT_APPLIED',
          'CREDIT_MEMO FAILED DOCUMENT_FAILED',
        ])
        await company.takeOff(order, credit)
        await company.retryFailed(credit)
      }
      const states = await here.states(credit)
      expect(states.filter((state) => !state.endsWith('PROCESSED'))).toEqual([])
      expect(states.toSorted()).toEqual([
        'CREDIT_MEMO PROCESSED',
        'CREDIT_MEMO PROCESSED',
        'PAYMENT PROCESSED',
        'PAYMENT PROCESSED',
        'VOID PROCESSED',
      ])
      expect(await company.live('creditMemos', credit.BGNumberInvoice)).toEqual([`${credit.BGNumberInvoice}-2`])
      const [billed] = await here.postings(order, 'INVOICE')
      const newer = (await here.postings(credit, 'CREDIT_MEMO')).at(-1)
      expect(await here.owed(order.BGNumberInvoice)).toBeCloseTo(Number(billed?.total) - Number(newer?.total), 2)
      expect(await here.left(`${credit.BGNumberInvoice}-2`)).toBe(0)
      expect(await here.order(credit.Number)).toMatchObject({ BGQuickBooksId: newer?.quickBooksId })
      expect(await here.logRow(credit, row)).toMatchObject({ status: 'Processed', message: '' })

      const echo = await here.books.addLogRow(credit)
      await here.poll()
      expect(await here.logRow(credit, echo)).toMatchObject({ status: 'Processed', message: '' })
      expect(await here.states(credit)).toEqual(states)
    })

    test('a refund that was cancelled is taken back, and posted anew when it comes back to life', async () => {
      const { credit } = await company.credited({ refunded: true })
      await here.edit(credit, { StatusId: CANCELED })
      await here.poll()
      expect(await company.correction(credit.Id)).toMatchObject({ cause: 'CANCELLED', after: null, method: 'VOID' })
      await company.apply(credit)
      expect(await here.states(credit)).toEqual([
        'REFUND PROCESSED',
        'VOID PROCESSED',
        'REFUND SKIPPED ORDER_CANCELLED',
      ])
      expect(await company.live('refunds', credit.BGNumberInvoice)).toEqual([])
      await here.edit(credit, { StatusId: credit.StatusId })
      await here.poll()
      expect(await here.states(credit)).toEqual(['REFUND PROCESSED', 'VOID PROCESSED', 'REFUND PROCESSED'])
      expect(await company.live('refunds', credit.BGNumberInvoice)).toEqual([`${credit.BGNumberInvoice}-2`])
    })

    test('a credit memo that was deleted in the CRM is taken back, and nothing takes its place', async () => {
      const { order, credit } = await company.credited()
      await here.books.remove('creatio.Order', credit.Id)
      await here.books.addLogRow(credit, { action: 'Delete' })
      await here.poll()
      expect(await company.correction(credit.Id)).toMatchObject({ cause: 'DELETED', after: null })
      if (kind !== ONLINE) await company.takeOff(order, credit)
      await company.apply(credit)
      expect((await here.states(credit)).toSorted()).toEqual([
        'CREDIT_MEMO PROCESSED',
        'CREDIT_MEMO SKIPPED ORDER_NOT_FOUND',
        'PAYMENT PROCESSED',
        'VOID PROCESSED',
      ])
      expect(await company.live('creditMemos', credit.BGNumberInvoice)).toEqual([])
      expect(await here.owed(order.BGNumberInvoice)).toBeGreaterThan(0)
    })

    test('a payment of another amount is shown, voided and posted anew; said again as it was, it is left alone', async () => {
      const { order, payment } = await company.paid('2.00')
      const owed = await here.owed(order.BGNumberInvoice)
      await company.change(payment, { AmountFact: '1.25' })
      expect(await company.correction(payment.Id)).toMatchObject({
        ...{ state: 'PROPOSED', cause: 'EDITED', method: 'VOID' },
        differences: ['amount 2.00 became 1.25'],
      })
      await company.change(payment, { AmountFact: '2.00' })
      expect(await company.correction(payment.Id)).toMatchObject({ state: 'GONE' })
      await company.change(payment, { AmountFact: '1.25' })
      await company.apply(payment)
      expect((await here.states(payment)).toSorted()).toEqual([
        'PAYMENT PROCESSED',
        'PAYMENT PROCESSED',
        'VOID PROCESSED',
      ])
      expect(await company.payments(payment)).toEqual([1.25])
      expect(await here.owed(order.BGNumberInvoice)).toBeCloseTo(owed + 0.75, 2)
      const newer = (await here.postings(payment, 'PAYMENT')).at(-1)
      const [kept] = (await here.books.records('creatio.SupplyPaymentElement')).filter(({ Id }) => Id === payment.Id)
      expect(kept).toMatchObject({ BGQuickBooksId: newer?.quickBooksId })
    })

    test('a payment that was deleted in the CRM is found by the daily sweep, and voided', async () => {
      const { order, payment } = await company.paid()
      const owed = await here.owed(order.BGNumberInvoice)
      await here.books.remove('creatio.SupplyPaymentElement', payment.Id)
      await findMissedPayments(company.road)
      expect(await company.correction(payment.Id)).toMatchObject({ cause: 'DELETED', after: null })
      await findMissedPayments(company.road)
      await company.apply(payment)
      expect(await here.states(payment)).toEqual([
        'PAYMENT PROCESSED',
        'VOID PROCESSED',
        'PAYMENT SKIPPED PAYMENT_GONE',
      ])
      expect(await company.payments(payment)).toEqual([])
      expect(await here.owed(order.BGNumberInvoice)).toBeCloseTo(owed + 2, 2)
      expect(await findMissedPayments(company.road)).toMatchObject({ corrected: 0 })
    })

    test('a payment that is no fact any more, and comes back while it is being voided, is there once', async () => {
      const { payment } = await company.paid('1.50')
      await company.change(payment, { DateFact: '0001-01-01T00:00:00Z' })
      await findMissedPayments(company.road)
      expect(await company.correction(payment.Id)).toMatchObject({ cause: 'CANCELLED', after: null })
      const { id } = await company.correction(payment.Id)
      await applyCorrection(company.road, { id, author: 'a person' })
      await company.change(payment, { DateFact: '2026-11-10T05:00:00Z', AmountFact: '1.50' })
      await here.settle()
      expect((await here.states(payment)).toSorted()).toEqual([
        'PAYMENT PROCESSED',
        'PAYMENT PROCESSED',
        'VOID PROCESSED',
      ])
      expect(await company.payments(payment)).toEqual([1.5])
    })

    test('a payment that is deposited is not voided: it is said, with what helps, and nothing is posted beside it', async () => {
      const { payment } = await company.paid('1.75')
      const [kept] = await here.paymentsNumbered(payment.BGReference)
      await deposit(kept)
      await company.change(payment, { AmountFact: '1.00' })
      await company.apply(payment)
      expect(await here.states(payment)).toEqual([
        'PAYMENT PROCESSED',
        'VOID FAILED VOID_REFUSED',
        'PAYMENT FAILED DOCUMENT_FAILED',
      ])
      expect(await company.payments(payment)).toEqual([1.75])
      await expect(company.apply(payment)).rejects.toThrow('It is applied already: retry what failed of its postings.')
    })

    /** What a person does who puts a payment into a deposit at the bank. */
    async function deposit(payment: Fields | undefined): Promise<void> {
      if (!payment) throw new Error('there is no payment')
      if (kind === ONLINE) {
        const LinkedTxn = [{ TxnId: '9001', TxnType: 'Deposit' }]
        await here.books.change('qbo.Payment', payment.Id, { LinkedTxn })
      } else {
        await here.books.change('quickbooksDesktop.payments', payment.Id, {
          LinkedTxn: [{ TxnID: '9001-1', TxnType: 'Deposit' }],
        })
      }
    }
  },
)

const LOST = Object.values(LedgerKind).flatMap((kind) => [
  { kind, when: 'after', name: `${kind}, and it was done` },
  { kind, when: 'before', name: `${kind}, and it was not done` },
])

/** What takes back a credit memo and a payment, as either QuickBooks calls it. */
const TAKES_BACK = {
  [LedgerKind.QUICKBOOKS_ONLINE]: {
    creditMemo: [
      { entity: 'Payment', operation: 'void' },
      { entity: 'CreditMemo', operation: 'delete' },
      { entity: 'CreditMemo', operation: 'create' },
    ],
    payment: [
      { entity: 'Payment', operation: 'void' },
      { entity: 'Payment', operation: 'create' },
    ],
  },
  [LedgerKind.QUICKBOOKS_DESKTOP]: {
    creditMemo: [{ operation: 'TxnVoid' }, { operation: 'CreditMemoAdd' }],
    payment: [{ operation: 'TxnDel' }, { operation: 'ReceivePaymentAdd' }],
  },
}

describe.each(LOST)('the answer to each write of a correction is lost: $name', ({ kind, when }) => {
  let company: Corrected
  let here: DocumentStory

  beforeAll(async () => {
    company = await Corrected.open(kind, 3)
    here = company.here
  }, 60_000)
  afterAll(() => here?.story.end())

  async function lose(what: 'creditMemo' | 'payment'): Promise<void> {
    const isOnline = kind === ONLINE
    const system = isOnline ? 'quickbooks-online' : 'quickbooks-desktop'
    for (const write of TAKES_BACK[kind][what])
      await here.story.fault({ system, ...write, times: 1, fault: { kind: isOnline ? 'cut' : 'crash', when } })
  }

  /** Lets all the time pass that proof of absence takes, and more. */
  async function endure(): Promise<void> {
    for (let rounds = 0; rounds < 16; rounds += 1) {
      await here.story.work()
      await here.story.pass(63)
    }
    await here.settle()
    const rules = await here.story.sandbox.fetchControl<{ fired: number }[]>('/faults')
    expect(rules.map(({ fired }) => fired)).toEqual(rules.map(() => 1))
    await here.story.mend()
  }

  test('a credit memo is there once, as the CRM says it now', async () => {
    const { order, credit } = await company.credited()
    await here.edit(credit, { BGShippingCharge: '3.00' })
    await here.poll()
    if (kind !== ONLINE) await company.takeOff(order, credit)
    const { id } = await company.correction(credit.Id)
    await lose('creditMemo')
    await applyCorrection(company.road, { id, author: 'a person' })
    await endure()
    expect((await here.states(credit)).filter((state) => !state.endsWith('PROCESSED'))).toEqual([])
    expect(await company.live('creditMemos', credit.BGNumberInvoice)).toEqual([`${credit.BGNumberInvoice}-2`])
    expect(await here.owed(order.BGNumberInvoice)).toBe(0)
  })

  test('a payment is there once, as the CRM says it now', async () => {
    const { payment } = await company.paid('2.00')
    await company.change(payment, { AmountFact: '1.25' })
    const { id } = await company.correction(payment.Id)
    await lose('payment')
    await applyCorrection(company.road, { id, author: 'a person' })
    await endure()
    expect((await here.states(payment)).filter((state) => !state.endsWith('PROCESSED'))).toEqual([])
    expect(await company.payments(payment)).toEqual([1.25])
  })
})

describe('the process dies while it corrects', () => {
  let company: Corrected
  let here: DocumentStory

  beforeAll(async () => {
    company = await Corrected.open(ONLINE, 2)
    here = company.here
  }, 60_000)
  afterAll(() => here?.story.end())

  /** Another process takes the work over for so many statements, and dies; gives whether it did. */
  async function dies(statements: number): Promise<boolean> {
    const mortal = new Mortal(here.story.database)
    mortal.dieAfter({ statements, died: () => {} })
    const road = { ...company.road, database: mortal.database, owner: ownerName({ instance: randomUUID() }) }
    await work(road).catch(() => undefined)
    await tell(road).catch(() => undefined)
    return mortal.isDead
  }

  /** Longer than any lease, and than QuickBooks takes. */
  async function later(): Promise<void> {
    for (let rounds = 0; rounds < 4; rounds += 1) {
      await here.story.pass(7_300)
      await here.settle()
    }
  }

  test('between any two statements, and all is there once, as the CRM says it now', async () => {
    const { credit } = await company.credited()
    const { payment } = await company.paid('2.00')
    let charge = 3
    let deaths = 0
    for (let statements = 4; statements < 80; statements += 5) {
      charge += 1
      await here.edit(credit, { BGShippingCharge: `${charge}.00` })
      await here.poll()
      await company.change(payment, { AmountFact: `${charge}.25` })
      for (const { Id } of [credit, payment]) {
        const { id, state } = await company.correction(Id)
        expect(state).toBe('PROPOSED')
        await applyCorrection(company.road, { id, author: 'a person' })
      }
      await here.story.pass(7_300)
      if (await dies(statements)) deaths += 1
      await later()
      for (const record of [credit, payment])
        expect((await here.states(record)).filter((state) => !/PROCESSED|NOTHING_TO_APPLY/.test(state))).toEqual([])
      expect(await company.payments(payment)).toEqual([charge + 0.25])
      expect(await company.live('creditMemos', credit.BGNumberInvoice)).toHaveLength(1)
    }
    expect(deaths).toBeGreaterThan(10)
  }, 120_000)
})
