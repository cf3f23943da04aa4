import { describe, expect, test } from '@jest/globals'
import { WaitingFor } from '../../src/domain/kinds.ts'
import { LogStatus } from '../../src/domain/log-row.ts'
import { reasonText } from '../../src/domain/reason.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { statusFor } from '../../src/sync/write-back.ts'
import { aPosting } from './samples.ts'

const why = { reasonCode: 'ANSWER_LOST', reasonDetail: { detail: 'cut' } } as const
const text = reasonText('ANSWER_LOST', { detail: 'cut' })

describe('what a log row says of its posting', () => {
  test.each<[PostingState, { status: LogStatus; message: string } | null]>([
    [PostingState.CLAIMED, null],
    [PostingState.SENT, null],
    [PostingState.UNKNOWN, { status: LogStatus.PROCESSING, message: text }],
    [PostingState.POSTED, { status: LogStatus.PROCESSED, message: '' }],
    [PostingState.PROCESSED, { status: LogStatus.PROCESSED, message: '' }],
    [PostingState.FAILED, { status: LogStatus.ERROR, message: text }],
    [PostingState.MISMATCHED, { status: LogStatus.ERROR, message: text }],
    [PostingState.SKIPPED, { status: LogStatus.ERROR, message: text }],
    [PostingState.CANCELLED, { status: LogStatus.ERROR, message: text }],
  ])('%s', (state, expected) => {
    for (const status of Object.values(LogStatus)) {
      expect(statusFor(aPosting({ state, ...why }), { status })).toEqual(expected)
    }
  })

  test('PENDING: nothing while it waits for nothing, and Pending with a sentence while it waits for something', () => {
    expect(statusFor(aPosting(), { status: LogStatus.PENDING })).toBeNull()
    expect(statusFor(aPosting({ waitingFor: WaitingFor.QUICKBOOKS, ...why }), { status: LogStatus.PENDING })).toEqual({
      status: LogStatus.PENDING,
      message: text,
    })
  })

  test('PENDING after an Error: Pending again, so that nobody mends what is under way', () => {
    expect(statusFor(aPosting(), { status: LogStatus.ERROR })).toEqual({ status: LogStatus.PENDING, message: '' })
  })
})
