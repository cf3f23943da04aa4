import { describe, test } from '@jest/globals'
import { commitThenFail } from './commit-then-fail.ts'

describe.each(['replay', 'duplicate-600'])(
  'QuickBooks saves and its answer is lost; requestid mode %s',
  (requestIdMode) => {
    test('for batches, in every form: each order has exactly one invoice and is PROCESSED', () =>
      commitThenFail({ requestIdMode, saved: 'batches' }))

    test('for single invoices and customers, in every form: each order has exactly one invoice and is PROCESSED', () =>
      commitThenFail({ requestIdMode, saved: 'singles' }))
  },
)
