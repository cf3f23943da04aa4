import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Author } from '../../src/domain/access.ts'
import { LedgerKind } from '../../src/domain/kinds.ts'
import type { ResetPlan } from '../../src/domain/reset-plan.ts'
import { findResetPlan, resetCounts } from '../../src/storage/reset-plans.ts'
import { runBulkOperations } from '../../src/sync/bulk-runner.ts'
import { applyReset, planReset } from '../../src/sync/reset.ts'
import { work } from '../../src/sync/work.ts'
import { bookedDesktop } from './booked.ts'
import { openStory, type Story } from './road.ts'

const counts = { falselyProcessed: 5, withoutLogRow: 2, deleteRows: 2, pending: 1 }
const author: Author = { name: 'ada', keyId: null, connectionIds: null }

let story: Story

beforeAll(async () => {
  story = await openStory({ kind: LedgerKind.QUICKBOOKS_DESKTOP, counts })
  await story.poll()
})
afterAll(() => story?.end())

const look = async (id: string) => (await findResetPlan(story.database, id)) as ResetPlan

test('a reset on QuickBooks Desktop waits for the Web Connector to call, and posts each order once', async () => {
  const before = (await bookedDesktop(story.books)).length
  const begun = await planReset(story.database, { request: {}, author, now: story.road.now() })
  await work(story.road)
  expect(await look(begun.id)).toMatchObject({ state: 'PLANNING' })
  await story.office?.call()
  const ready = await look(begun.id)
  expect(ready).toMatchObject({ state: 'READY' })
  expect(await resetCounts(story.database, ready.id)).toMatchObject([
    { action: 'CREATE', count: counts.falselyProcessed + counts.withoutLogRow },
    { action: 'SKIP', count: counts.deleteRows },
  ])
  await applyReset(story.database, { planId: ready.id, planHash: ready.hash ?? '', author, now: story.road.now() })
  await runBulkOperations(story.road)
  await story.work()
  const booked = await bookedDesktop(story.books)
  expect(booked.length - before).toBe(counts.falselyProcessed + counts.withoutLogRow)
  expect(new Set(booked.map(({ number }) => number)).size).toBe(booked.length)
  expect(await story.books.states()).toEqual({
    PROCESSED: counts.falselyProcessed + counts.withoutLogRow + counts.pending,
  })
})
