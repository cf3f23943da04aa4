import { LedgerKind } from '../../src/domain/kinds.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { takePayments } from '../../src/sync/payments.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

/** A site that says which order a credit memo corrects, which accounts are closed, and that its payments go to QuickBooks. */
const PROFILE = {
  order: { correctedOrder: 'BGCorrectedOrder' },
  account: { inactive: 'BGInactive', email: 'Email' },
  payment: {
    pushed: true,
    reference: 'BGReference',
    method: 'BGMethod',
    quickBooksId: 'BGQuickBooksId',
    since: '2020-01-01',
  },
}

const CREDIT_MEMO = 'c26d3478-7ac1-49e9-97f9-1c0809552f1f'
const REFUNDED = '3e9d7b14-62a8-4c0d-b1f5-08d6e2a47f04'
const CHECK = 'b61c0f52-3d0e-4b8a-9a57-6f1e2c7d8a01'

/** Where each played QuickBooks keeps its records, and what it calls what we ask of them. */
const PLACES = {
  [LedgerKind.QUICKBOOKS_ONLINE]: {
    invoices: 'qbo.Invoice',
    creditMemos: 'qbo.CreditMemo',
    refunds: 'qbo.RefundReceipt',
    payments: 'qbo.Payment',
    customers: 'qbo.Customer',
    number: 'DocNumber',
    balance: 'Balance',
    credit: 'Balance',
    note: 'PrivateNote',
  },
  [LedgerKind.QUICKBOOKS_DESKTOP]: {
    invoices: 'quickbooksDesktop.invoices',
    creditMemos: 'quickbooksDesktop.creditMemos',
    refunds: 'quickbooksDesktop.creditMemos',
    payments: 'quickbooksDesktop.payments',
    customers: 'quickbooksDesktop.customers',
    number: 'RefNumber',
    balance: 'BalanceRemaining',
    credit: 'CreditRemaining',
    note: 'Memo',
  },
} as const

type Place = 'invoices' | 'creditMemos' | 'refunds' | 'payments' | 'customers'

/** A story of every kind of document, beside either QuickBooks. */
export class DocumentStory {
  readonly story: Story
  readonly kind: LedgerKind
  #made = 0

  private constructor(story: Story, kind: LedgerKind) {
    this.story = story
    this.kind = kind
  }

  static async open(kind: LedgerKind, { orders }: { orders: number }): Promise<DocumentStory> {
    const sandbox = { settings: { webConnectorNoOpSeconds: 0.05 } }
    const story = await openStory({
      kind,
      counts: { pending: orders },
      profile: PROFILE,
      sandbox,
      answerTimeoutSeconds: 2,
    })
    await story.books.giveTo(await story.books.orders(), 'known')
    return new DocumentStory(story, kind)
  }

  get books() {
    return this.story.books
  }

  /** The orders that are sales, the first made first. */
  async sales(): Promise<Fields[]> {
    return (await this.books.orders()).filter((order) => !String(order.Number).startsWith('CM-'))
  }

  async order(number: unknown): Promise<Fields> {
    const found = (await this.books.orders()).find((order) => order.Number === number)
    if (!found) throw new Error(`there is no order ${number}`)
    return found
  }

  /** Polls, and works until nothing moves any more. */
  async poll(): Promise<void> {
    await this.story.poll()
    await this.settle()
  }

  /** Works until nothing changes any more. */
  async settle(): Promise<void> {
    let before = ''
    for (let rounds = 0; rounds < 8; rounds += 1) {
      await this.story.work()
      const now = (await this.books.postings()).map(({ id, revision }) => `${id} ${revision}`).join()
      if (now === before) return
      before = now
    }
  }

  /** A credit memo in the CRM for all that an order sold, with its log row. */
  async credit(order: Fields, { refunded = false } = {}): Promise<Fields> {
    this.#made += 1
    const { Id: _, ...fields } = order
    const credit: Fields = {
      ...fields,
      Id: crypto.randomUUID(),
      Number: `CM-${this.#made}`,
      BGNumberInvoice: `CR${this.#made}`,
      BGQuickBooksId: '',
      BGTransactionTypeId: CREDIT_MEMO,
      BGCorrectedOrderId: order.Id,
      ...(refunded ? { PaymentStatusId: REFUNDED } : {}),
    }
    await this.books.put('creatio.Order', credit)
    const lines = await this.books.records('creatio.OrderProduct')
    for (const line of lines.filter(({ OrderId }) => OrderId === order.Id))
      await this.books.put('creatio.OrderProduct', { ...line, Id: crypto.randomUUID(), OrderId: credit.Id })
    await this.books.addLogRow(credit, { action: 'Insert' })
    return credit
  }

  /** Money for an order, recorded in the CRM; without a day it is a plan. */
  async pay(order: Fields, { amount, day }: { amount: string; day: string | null }): Promise<Fields> {
    this.#made += 1
    const now = new Date(Date.now() + this.#made).toISOString()
    const payment: Fields = {
      Id: crypto.randomUUID(),
      CreatedOn: now,
      ModifiedOn: now,
      Name: 'Payment',
      OrderId: order.Id,
      AmountPlan: amount,
      ...(day === null ? {} : { DateFact: `${day}T05:00:00Z`, AmountFact: amount }),
      BGReference: `CHQ-${this.#made}`,
      BGMethodId: CHECK,
    }
    await this.books.put('creatio.SupplyPaymentElement', payment)
    return payment
  }

  async takePayments() {
    const taken = await takePayments(this.story.road)
    await this.settle()
    return taken
  }

  /** Changes an order after its invoice was posted, and has the CRM log it. Gives the log row. */
  async edit(order: Fields, fields: Record<string, unknown>): Promise<string> {
    await this.books.change('creatio.Order', order.Id, fields)
    return this.books.addLogRow(order)
  }

  async logRow(order: Fields, id: string): Promise<{ status: string; message: string } | undefined> {
    return (await this.books.logRows(order.Id)).find((row) => row.id === id)
  }

  async postings(order: Fields, kind?: string): Promise<Posting[]> {
    const all = await this.books.postings()
    return all.filter((posting) => posting.sourceId === order.Id && (!kind || posting.kind === kind))
  }

  /** `KIND STATE`, with the reason where there is one, in the order in which they were made. */
  async states(order: Fields): Promise<string[]> {
    return (await this.postings(order)).map(({ kind, state, reasonCode }) =>
      [kind, state, ...(reasonCode ? [reasonCode] : [])].join(' '),
    )
  }

  /** What QuickBooks has of a kind under a number. */
  async inQuickBooks(place: Place, number: unknown): Promise<Fields[]> {
    const places = PLACES[this.kind]
    return (await this.books.records(places[place])).filter((record) => record[places.number] === number)
  }

  async paymentsNumbered(number: unknown): Promise<Fields[]> {
    const column = this.kind === LedgerKind.QUICKBOOKS_ONLINE ? 'PaymentRefNum' : 'RefNumber'
    return (await this.books.records(PLACES[this.kind].payments)).filter((record) => record[column] === number)
  }

  /** What is still owed of an invoice. */
  async owed(number: unknown): Promise<number> {
    const [invoice] = await this.inQuickBooks('invoices', number)
    return Number(invoice?.[PLACES[this.kind].balance])
  }

  /** What is left of a credit memo. */
  async left(number: unknown): Promise<number> {
    const [memo] = await this.inQuickBooks('creditMemos', number)
    return Number(memo?.[PLACES[this.kind].credit])
  }

  async isVoided(number: unknown): Promise<boolean> {
    const [invoice] = await this.inQuickBooks('invoices', number)
    return /^VOID/i.test(String(invoice?.[PLACES[this.kind].note]))
  }

  get customersTable(): string {
    return PLACES[this.kind].customers
  }

  /** The QuickBooks customer of an account of the CRM. */
  async customer(account: Fields): Promise<Fields | undefined> {
    const customers = await this.books.records(PLACES[this.kind].customers)
    // QuickBooks Online writes "(deleted)" behind the name of what is inactive.
    return customers.find(
      (one) => String(one.DisplayName ?? one.Name).replace(/ \(deleted\)$/, '') === account.BGQBName,
    )
  }
}
