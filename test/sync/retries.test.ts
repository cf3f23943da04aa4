import { describe, expect, test } from '@jest/globals'
import { PostingKind, WaitingFor } from '../../src/domain/kinds.ts'
import { Posting } from '../../src/domain/posting.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import type { Outcome } from '../../src/ledgers/ledger.ts'
import { ROAD_LIMITS } from '../../src/sync/road.ts'
import { changeOf } from '../../src/sync/settle.ts'
import { anInvoice, type CompanyRecords } from '../contract/documents.ts'

const now = new Date('2026-03-01T12:00:00Z')
const seconds = (time: Date | null | undefined) => ((time?.getTime() ?? 0) - now.getTime()) / 1000

function settled(outcome: Outcome, { attempts = 0, random = 0.5 } = {}) {
  const records: CompanyRecords = { customerId: '1', itemIds: ['1', '2'], charges: { DISCOUNT: { id: '9' } } }
  const mapped = anInvoice({ number: '1001', records })
  const posting = Object.assign(new Posting(), {
    id: 'p',
    kind: PostingKind.INVOICE,
    document: mapped.document,
    attempts,
  })
  return changeOf({ posting, mapped, outcome }, { now, limits: ROAD_LIMITS, random: () => random })
}

const passing = (args: Partial<Extract<Outcome, { kind: 'deferred' }>> = {}): Outcome => ({
  kind: 'deferred',
  reason: 'QUICKBOOKS_UNREACHABLE',
  detail: { detail: 'HTTP 503' },
  afterSeconds: 0,
  scope: 'posting',
  ...args,
})

describe('what may pass is tried again', () => {
  test.each([
    [0, 0, 0],
    [1, 24, 36],
    [2, 96, 144],
  ])('try %i waits at once, about 30 s, about 2 min, with jitter', (attempts, least, most) => {
    for (const random of [0, 0.999]) {
      const change = settled(passing(), { attempts, random })
      expect(change).toMatchObject({
        to: PostingState.PENDING,
        attempts: attempts + 1,
        waitingFor: WaitingFor.QUICKBOOKS,
      })
      expect(seconds(change?.notBefore)).toBeGreaterThanOrEqual(least)
      expect(seconds(change?.notBefore)).toBeLessThanOrEqual(most)
    }
  })

  test('after the last wait a person must act, and is told what it was', () => {
    const change = settled(passing(), { attempts: 3 })
    expect(change).toMatchObject({
      to: PostingState.FAILED,
      reason: { code: 'RETRIES_EXHAUSTED', detail: { attempts: 4, detail: 'HTTP 503' } },
    })
  })

  test('a rate-limited post is deferred with the whole connection, not rejected, and it costs no try', () => {
    const change = settled(passing({ reason: 'THROTTLED', afterSeconds: 60, scope: 'connection' }), { attempts: 3 })
    expect(change).toMatchObject({ to: PostingState.PENDING, waitingFor: WaitingFor.QUICKBOOKS })
    expect(change?.attempts).toBeUndefined()
    expect(seconds(change?.notBefore)).toBe(60)
  })

  test('an expired token is what it waits for', () => {
    const change = settled(passing({ reason: 'TOKEN_EXPIRED', scope: 'connection' }))
    expect(change).toMatchObject({ to: PostingState.PENDING, waitingFor: WaitingFor.TOKEN })
  })
})

describe('what cannot pass is not tried again', () => {
  test('a rejection fails at the first try', () => {
    const change = settled({
      kind: 'rejected',
      reason: 'QUICKBOOKS_REJECTED',
      detail: { code: '2020', message: 'Required' },
    })
    expect(change).toMatchObject({ to: PostingState.FAILED, reason: { code: 'QUICKBOOKS_REJECTED' } })
  })

  test('a lost answer is not tried again but looked up', () => {
    const change = settled({ kind: 'unknown', reason: 'ANSWER_LOST', detail: { detail: 'timeout' } })
    expect(change).toMatchObject({ to: PostingState.UNKNOWN, absences: 0 })
  })
})
