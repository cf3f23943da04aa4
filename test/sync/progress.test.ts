import { describe, expect, test } from '@jest/globals'
import type { Progress } from '../../src/storage/progress.ts'
import { progressLine, summary } from '../../src/sync/progress.ts'

const none: Progress = { total: 0, processed: 0, adopted: 0, underWay: 0, atRest: [], rowsWithoutPosting: [] }
const some: Progress = {
  total: 40,
  processed: 20,
  adopted: 3,
  underWay: 10,
  atRest: [
    { state: 'SKIPPED', reason: 'ORDER_EMPTY', count: 4 },
    { state: 'FAILED', reason: 'ACCOUNT_NOT_FOUND', count: 5 },
    { state: 'MISMATCHED', reason: 'INVOICE_DIFFERS', count: 1 },
  ],
  rowsWithoutPosting: [{ reason: 'COMMISSION_ROW', count: 2 }],
}

describe('the line of progress', () => {
  test('says how many are processed, to go and set aside, and draws the share that came to rest', () => {
    expect(progressLine(some, { seconds: 7 })).toBe(
      `${'█'.repeat(15)}${'░'.repeat(5)} 20 of 40 invoices processed, 10 to go, 10 set aside (7 s)`,
    )
  })

  test('of nothing is a line all the same', () => {
    expect(progressLine(none, { seconds: 0 })).toBe(
      `${'░'.repeat(20)} 0 of 0 invoices processed, 0 to go, 0 set aside (0 s)`,
    )
  })

  test('is full only when nothing is under way', () => {
    expect(progressLine({ ...some, underWay: 1 }, { seconds: 1 })).toContain('░')
    expect(progressLine({ ...some, underWay: 0 }, { seconds: 1 })).not.toContain('░')
  })
})

describe('the summary', () => {
  const told = summary(
    { ...some, underWay: 0 },
    {
      first: { ...none, processed: 5, adopted: 1 },
      seconds: 12,
      examples: [
        { state: 'FAILED', code: 'ACCOUNT_NOT_FOUND', sentence: 'QuickBooks has no active account named "Discount".' },
      ],
    },
  )

  test('counts what this run did, not what was there before', () => {
    expect(told[0]).toBe('Every invoice has come to rest after 12 s.')
    expect(told[1]).toMatch(/^ {2}posted +13 /)
    expect(told[2]).toMatch(/^ {2}adopted +2 /)
  })

  test('gives each reason with its count and a sentence, what went wrong first', () => {
    expect(told.slice(3).map((line) => line.replace(/ +/g, ' '))).toEqual([
      expect.stringMatching(/^ mismatched 1 INVOICE_DIFFERS: Somebody entered or changed it/),
      ' failed 5 ACCOUNT_NOT_FOUND: QuickBooks has no active account named "Discount".',
      ' skipped 4 ORDER_EMPTY: An invoice needs at least one line.',
      expect.stringMatching(/^ log rows 2 COMMISSION_ROW: /),
    ])
  })

  test('says so when something is still under way', () => {
    expect(summary(some, { first: none, seconds: 3, examples: [] })[0]).toBe(
      '10 invoices are still under way after 3 s.',
    )
  })
})
