// The incident, told from its end: what was falsely called Processed, stuck, timed out or never logged is planned, applied and
// reconciled, until every order is PROCESSED and proven, or has a named reason; on either QuickBooks.
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { Discrepancy } from '../../src/domain/discrepancy.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { findBulkOperation } from '../../src/storage/bulk-operations.ts'
import { findResetPlan, resetCounts } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { fixAndRetry } from '../../src/sync/fix-and-retry.ts'
import { reconcile } from '../../src/sync/reconcile.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import { bookedDesktop, bookedOnline } from './booked.ts'
import type { Fields } from './books.ts'
import { openStory, type Story } from './road.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }

export interface IncidentOptions {
  kind: LedgerKind
  counts: Record<string, number>
  /** When the oldest orders were made; an instant. */
  since?: string
}

const ROUNDS_MAX = 10
const A_WHILE_SECONDS = 900
const INCIDENT_SINCE = '2023-08-14T14:00:00Z'

/** A company after the incident, and the person who cleans up. */
export class Incident {
  readonly story: Story
  readonly #firstYear: number

  private constructor({ story, firstYear }: { story: Story; firstYear: number }) {
    this.story = story
    this.#firstYear = firstYear
  }

  static async open({ kind, counts, since = INCIDENT_SINCE }: IncidentOptions): Promise<Incident> {
    const story = await openStory({ kind, counts, limited: false, sandbox: { since } })
    const incident = new Incident({ story, firstYear: Number(since.slice(0, 4)) })
    if (kind === LedgerKind.QUICKBOOKS_DESKTOP) await incident.#showDesktopIds()
    return incident
  }

  get isDesktop(): boolean {
    return this.story.office !== null
  }

  /** The world's orders know their invoices by the ids of QuickBooks Online; the office had Desktop's. */
  async #showDesktopIds(): Promise<void> {
    const { books } = this.story
    const invoices = await books.records('quickbooksDesktop.invoices')
    const idOf = new Map(invoices.map(({ RefNumber, TxnID }) => [RefNumber, TxnID]))
    for (const order of await books.orders()) {
      const id = idOf.get(order.BGNumberInvoice)
      if (order.BGQuickBooksId) await books.change('creatio.Order', order.Id, { BGQuickBooksId: id })
    }
  }

  /** Plans everything, and gives how many rows of each action the plan has. */
  async plan(): Promise<{ plan: ResetPlan; actions: Record<string, number> }> {
    const { database, road } = this.story
    const { id } = await planReset(database, { request: {}, author, now: road.now() })
    await this.story.work()
    const plan = (await findResetPlan(database, id)) as ResetPlan
    const counts = await resetCounts(database, id)
    const actions: Record<string, number> = {}
    for (const { action, count } of counts) actions[String(action)] = (actions[String(action)] ?? 0) + count
    return { plan, actions }
  }

  /** Applies a plan, and lets everything that it set going come to rest. */
  async apply({ id, hash }: ResetPlan) {
    const { database, road } = this.story
    const { id: operationId } = await applyReset(database, {
      ...{ planId: id, planHash: hash ?? '' },
      ...{ author, now: road.now() },
    })
    await runBulkOperations(road)
    await this.rest()
    return findBulkOperation(database, operationId)
  }

  /** Lets everything come to rest: what waits for something gets its turn, some minutes later. */
  async rest(): Promise<void> {
    await this.story.work()
    await this.story.poll()
    for (let round = 0; round < ROUNDS_MAX && (await this.#underWay()); round += 1) {
      if (round > 0) await this.story.pass(A_WHILE_SECONDS)
      await this.story.work()
    }
    await runBulkOperations(this.story.road)
  }

  async #underWay(): Promise<boolean> {
    const live = await this.story.database.rows(sql`
      select 1 from posting where state in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED') or write_back_at is not null limit 1`)
    return live.length > 0
  }

  /** Compares all years, and gives what is open then, as kind and order number. It is night, and nothing is new any more. */
  async reconcile(): Promise<string[]> {
    const { road, connection, database } = this.story
    await this.story.pass(3_600)
    const thisYear = road.now().getUTCFullYear()
    for (let year = this.#firstYear; year <= thisYear; year += 1) {
      const period = { from: `${year}-01-01`, to: `${year}-12-31` }
      const { id } = await reconcile(road, { connectionId: connection.id, ...period, author })
      await this.story.work()
      await runBulkOperations(road)
      const done = await findBulkOperation(database, id)
      if (done?.state !== 'DONE') throw new Error(`the reconciliation of ${year} is ${done?.state}: ${done?.error}`)
    }
    const open = await database.entities(Discrepancy, sql`select * from discrepancy where state = 'OPEN'`)
    return open.map(({ kind, orderNumber }) => `${kind} ${orderNumber}`).sort()
  }

  /** What a person does: makes the account or item for discounts, and gives the order a customer. Then asks for both again. */
  async fixBoth(): Promise<void> {
    const { books, road, database, connection } = this.story
    await (this.isDesktop ? this.#addDiscountItem() : this.#addDiscountAccount())
    const [lost] = (await books.orders()).filter(({ AccountId }) => AccountId === ZERO_ID)
    const known = (await books.orders()).find(({ BGQuickBooksId }) => BGQuickBooksId)
    await books.change('creatio.Order', lost?.Id ?? '', { AccountId: known?.AccountId })
    const reasons = new Set((await this.failed()).flatMap(({ reasonCode }) => reasonCode ?? []))
    for (const reasonCode of reasons)
      await fixAndRetry(database, { reasonCode, connectionId: connection.id, author, now: road.now() })
    await runBulkOperations(road)
    await this.rest()
  }

  async #addDiscountAccount(): Promise<void> {
    const { books } = this.story
    const [pattern] = await books.records('qbo.Account')
    await books.put('qbo.Account', { ...pattern, Id: '990', Name: 'Discount', FullyQualifiedName: 'Discount' })
  }

  async #addDiscountItem(): Promise<void> {
    const { books } = this.story
    const [pattern] = (await books.records('quickbooksDesktop.items')).filter(({ Name }) => Name === 'Shipping')
    const [Id, Name] = ['80000990-1665654029', 'Discount']
    await books.put('quickbooksDesktop.items', { ...pattern, Id, ListID: Id, Name, FullName: Name })
  }

  async failed() {
    return (await this.story.books.invoicePostings()).filter(({ state }) => state === 'FAILED')
  }

  /** The numbers of all invoices in QuickBooks. */
  async numbers(): Promise<string[]> {
    const { books } = this.story
    const booked = this.isDesktop ? await bookedDesktop(books) : await bookedOnline(books)
    return booked.map(({ number }) => number)
  }

  /** Orders that are neither PROCESSED under an id that the CRM shows, nor left alone for a reason that the CRM shows. */
  async unaccounted(): Promise<string[]> {
    const { books, database } = this.story
    const postings = new Map((await books.invoicePostings()).map((posting) => [posting.sourceId, posting]))
    const told = await database.rows(sql<{ source_id: string }>`
      select source_id from log_row where source_id is not null and reason_code is not null`)
    const explained = new Set(told.map(({ source_id }) => source_id))
    return (await books.orders()).flatMap((order: Fields) => {
      const posting = postings.get(order.Id)
      if (!posting) return order.BGQuickBooksId || explained.has(order.Id) ? [] : [String(order.Number)]
      const isProven = posting.state === 'PROCESSED' && posting.quickBooksId === order.BGQuickBooksId
      return isProven || posting.reasonCode !== null ? [] : [`${order.Number} ${posting.state}`]
    })
  }
}

const ZERO_ID = '00000000-0000-0000-0000-000000000000'
