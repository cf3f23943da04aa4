import { describe, test } from '@jest/globals'
import { commitThenFail } from './commit-then-fail.ts'

// The mode in which QuickBooks does not help; the other two are in commit-then-fail.long.test.ts.
describe('QuickBooks saves and its answer is lost; requestid mode ignore', () => {
  test('for batches, in every form: each order has exactly one invoice and is PROCESSED', () =>
    commitThenFail({ requestIdMode: 'ignore', saved: 'batches' }))

  test('for single invoices and customers, in every form: each order has exactly one invoice and is PROCESSED', () =>
    commitThenFail({ requestIdMode: 'ignore', saved: 'singles' }))
})
