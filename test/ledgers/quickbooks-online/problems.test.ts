import { expect, test } from '@jest/globals'
import { problemsOf } from '../../../src/ledgers/quickbooks-online/problems.ts'
import { mappedInvoice } from '../../sync/samples.ts'

test.each([
  ['2026-11-01', 0],
  ['2026-11-02', 1],
  ['2026-12-31', 1],
])('an invoice of 2026-11-02 has, where the books are closed up to %s, %i problems', (closingDate, count) => {
  expect(problemsOf(mappedInvoice, { closingDate })).toHaveLength(count)
})

test('a connection of another environment takes nothing, and says why', () => {
  expect(
    problemsOf(mappedInvoice, { locked: 'the connection is sandbox, and QUICKBOOKS_ENVIRONMENT is production' }),
  ).toEqual([
    {
      field: 'environment',
      value: null,
      problem: 'the connection is sandbox, and QUICKBOOKS_ENVIRONMENT is production',
      remedy: expect.stringContaining('connection of the environment'),
    },
  ])
})
