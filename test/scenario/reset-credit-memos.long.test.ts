import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import type { Author } from '../../src/domain/access.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { ResetPlan, ResetPlanRow } from '../../src/domain/reset-plan.ts'
import { findResetPlan, resetRowPage } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import type { Fields } from './books.ts'
import { DocumentStory } from './document-story.ts'

const author: Author = { name: 'ada', keyId: null, connectionIds: null }

describe.each([LedgerKind.QUICKBOOKS_ONLINE, LedgerKind.QUICKBOOKS_DESKTOP])(
  'a reset of credit memos and refunds on %s',
  (kind) => {
    let here: DocumentStory
    let missing: Fields
    let there: Fields
    let differs: Fields
    let refund: Fields
    let plan: ResetPlan
    let rows: ResetPlanRow[]

    beforeAll(async () => {
      here = await DocumentStory.open(kind, { orders: 4 })
      await here.poll()
      const [one, two, three, four] = (await here.sales()) as [Fields, Fields, Fields, Fields]
      there = await here.credit(two)
      differs = await here.credit(three)
      await here.poll()
      for (const order of [there, differs]) await forget(order)
      await here.books.change('creatio.Order', differs.Id, { BGShippingCharge: '77.00' })
      missing = await here.credit(one)
      refund = await here.credit(four, { refunded: true })
      for (const order of [missing, there, differs, refund]) await markProcessed(order)
    }, 60_000)
    afterAll(() => here?.story.end())

    /** As if another system had posted it: QuickBooks has it, and nobody here knows. */
    async function forget({ Id }: Fields): Promise<void> {
      const { database } = here.story
      await database.run(
        sql`delete from log_row where posting_id in (select id from posting where source_id = ${Id}::uuid)`,
      )
      await database.run(sql`delete from link where source_id = ${Id}`)
      await database.run(sql`delete from posting where source_id = ${Id}::uuid`)
      await here.books.change('creatio.Order', Id, { BGQuickBooksId: '' })
    }

    async function markProcessed({ Id }: Fields): Promise<void> {
      for (const { id } of await here.books.logRows(Id)) await here.books.setStatus(id, 'Processed')
    }

    const inBooks = (order: Fields, place: 'creditMemos' | 'refunds') => here.inQuickBooks(place, order.BGNumberInvoice)
    const rowOf = (order: Fields) => rows.find(({ orderNumber }) => orderNumber === order.Number)

    test('says of each what is to become of it: created, adopted, or refused', async () => {
      const { database, road } = here.story
      const begun = await planReset(database, { request: {}, author, now: road.now() })
      await here.settle()
      plan = (await findResetPlan(database, begun.id)) as ResetPlan
      expect(plan).toMatchObject({ state: 'READY' })
      const request = { first: 200, after: null }
      rows = (await resetRowPage(database, { planId: plan.id, action: null, request })).nodes
      const cause = 'FALSE_PROCESSED'
      expect(rowOf(missing)).toMatchObject({
        cause,
        action: 'CREATE',
        reasonCode: 'NOT_IN_QUICKBOOKS',
      })
      expect(rowOf(refund)).toMatchObject({ cause, action: 'CREATE', reasonCode: 'NOT_IN_QUICKBOOKS' })
      expect(rowOf(there)).toMatchObject({ cause, action: 'ADOPT', reasonCode: 'FOUND_EQUAL' })
      expect(rowOf(differs)).toMatchObject({ cause, action: 'REFUSE', reasonCode: 'RECORD_DIFFERS' })
      const sentences = [missing, there, refund].map((order) => rowOf(order)?.reason?.sentence.replace(/,.*/, ''))
      expect(sentences).toEqual([
        `QuickBooks has no credit memo ${missing.BGNumberInvoice}`,
        `QuickBooks has credit memo ${there.BGNumberInvoice}`,
        `QuickBooks has no refund ${refund.BGNumberInvoice}`,
      ])
      expect(rowOf(differs)?.reason?.sentence).toMatch(
        /^QuickBooks has credit memo CR\d of order CM-\d, and it differs: /,
      )
      expect(await inBooks(missing, 'creditMemos')).toEqual([])
    })

    test('posts what was missing, adopts what was there, and leaves alone what differs', async () => {
      const { database, road } = here.story
      await applyReset(database, { planId: plan.id, planHash: plan.hash ?? '', author, now: road.now() })
      await runBulkOperations(road)
      await here.settle()
      for (const order of [missing, there]) {
        expect(await here.states(order)).toContain('CREDIT_MEMO PROCESSED')
        expect(await inBooks(order, 'creditMemos')).toHaveLength(1)
      }
      expect((await here.postings(there, 'CREDIT_MEMO'))[0]).toMatchObject({ adopted: true })
      expect(await here.states(refund)).toEqual(['REFUND PROCESSED'])
      expect(await inBooks(refund, 'refunds')).toHaveLength(1)
      expect(await here.states(differs)).toEqual([])
      expect(await inBooks(differs, 'creditMemos')).toHaveLength(1)
    })
  },
)
