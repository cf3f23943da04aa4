import { describe, expect, test } from '@jest/globals'
import type { Outcome } from '../../src/ledgers/ledger.ts'
import { assertNever, ROAD_LIMITS } from '../../src/sync/road.ts'
import { changeOf } from '../../src/sync/settle.ts'
import { aMapped, anEqualRecord, now } from './samples.ts'

const reason = 'QUICKBOOKS_REJECTED'
const detail = { message: 'no', code: '1', detail: 'no' }

function change(outcome: Outcome, { attempts = 0, random = 0.5 } = {}) {
  const one = aMapped({ attempts })
  return {
    id: one.posting.id,
    change: changeOf({ ...one, outcome }, { now, limits: ROAD_LIMITS, random: () => random }),
  }
}

function deferredBy(afterSeconds: number, attempts: number, random = 0.5) {
  const outcome: Outcome = {
    kind: 'deferred',
    reason: 'QUICKBOOKS_UNREACHABLE',
    detail: { detail: 'down' },
    afterSeconds,
    scope: 'posting',
  }
  return change(outcome, { attempts, random }).change
}

const secondsUntil = (notBefore: Date | null | undefined) =>
  ((notBefore?.getTime() ?? Number.NaN) - now.getTime()) / 1000

describe('where an outcome sends a posting', () => {
  test('posted and equal: POSTED, with the QuickBooks id', () => {
    const { id, change: made } = change({ kind: 'posted', record: anEqualRecord() })
    expect(made).toEqual({ id, to: 'POSTED', posted: { quickBooksId: '145', adopted: false } })
  })

  test('posted with a warning: POSTED all the same, and the warning is kept', () => {
    const { change: made } = change({ kind: 'posted', record: anEqualRecord(), warning: 'a field was ignored (530)' })
    expect(made?.posted).toEqual({ quickBooksId: '145', adopted: false, warning: 'a field was ignored (530)' })
  })

  test('posted and different by a cent: MISMATCHED, saying where, and without an id', () => {
    const { change: made } = change({ kind: 'posted', record: anEqualRecord({ tax: '80.24' }) })
    expect(made).toMatchObject({
      to: 'MISMATCHED',
      reason: {
        code: 'INVOICE_DIFFERS',
        detail: { documentNumber: '61000', quickBooksId: '145', differences: 'tax 80.25 against 80.24' },
      },
    })
    expect(made?.posted).toBeUndefined()
  })

  test('taken: nowhere yet, for it is looked up first', () => {
    expect(change({ kind: 'taken', reason: 'NUMBER_TAKEN', detail: {} }).change).toBeNull()
  })

  test('rejected: FAILED, with what the sentence needs about the order', () => {
    expect(change({ kind: 'rejected', reason, detail }).change).toMatchObject({
      to: 'FAILED',
      reason: {
        code: reason,
        detail: {
          ...detail,
          orderNumber: 'ORD-61000',
          documentNumber: '61000',
          date: '2026-11-02',
          customerName: 'Alder Interiors',
        },
      },
    })
  })

  test('rejected for something that QuickBooks no longer has: PENDING once, its names looked for anew, then FAILED', () => {
    const gone = { kind: 'rejected', reason, detail, staleReference: true } as const
    expect(change(gone).change).toMatchObject({ to: 'PENDING', attempts: 1, staleReference: true })
    expect(change(gone, { attempts: 1 }).change).toMatchObject({
      ...{ to: 'FAILED', staleReference: true },
      reason: { code: reason },
    })
  })

  test('deferred for the whole connection: PENDING until then, and no try is counted', () => {
    const made = change(
      { kind: 'deferred', reason: 'THROTTLED', detail: {}, afterSeconds: 60, scope: 'connection' },
      { attempts: 2 },
    ).change
    expect(made).toMatchObject({ to: 'PENDING', waitingFor: 'QUICKBOOKS', reason: { code: 'THROTTLED' } })
    expect([secondsUntil(made?.notBefore), made?.attempts]).toEqual([60, undefined])
  })

  test('deferred by an expired token: PENDING, waiting for the token', () => {
    const made = change({
      kind: 'deferred',
      reason: 'TOKEN_EXPIRED',
      detail: {},
      afterSeconds: 0,
      scope: 'connection',
    }).change
    expect(made).toMatchObject({ to: 'PENDING', waitingFor: 'TOKEN', notBefore: now })
  })

  test('stopped: PENDING, with the reason why the connection stands', () => {
    expect(change({ kind: 'stopped', reason: 'RECONNECT', detail: { detail: 'revoked' } }).change).toMatchObject({
      to: 'PENDING',
      waitingFor: 'QUICKBOOKS',
      reason: { code: 'RECONNECT' },
    })
  })

  test('unknown: UNKNOWN, and no look has been made yet', () => {
    expect(change({ kind: 'unknown', reason: 'ANSWER_LOST', detail: { detail: 'cut' } }).change).toMatchObject({
      to: 'UNKNOWN',
      absences: 0,
      reason: { code: 'ANSWER_LOST' },
    })
  })

  test('a list where a record was due: UNKNOWN, never POSTED', () => {
    expect(change({ kind: 'found', records: [anEqualRecord()] }).change).toMatchObject({
      to: 'UNKNOWN',
      reason: { code: 'ANSWER_NOT_UNDERSTOOD' },
    })
  })

  test('a kind that nobody knows is an error, not a success', () => {
    const strange = { kind: 'accepted' } as unknown as Outcome
    expect(() => change(strange)).toThrow(/Not a known case/)
    expect(() => assertNever('x' as never)).toThrow()
  })
})

describe('a posting that is deferred again and again', () => {
  test.each([
    [0, 0, 0],
    [1, 24, 36],
    [2, 96, 144],
  ])('after %d tries waits from %d to %d seconds, by chance', (attempts, least, most) => {
    expect(secondsUntil(deferredBy(0, attempts, 0)?.notBefore)).toBeCloseTo(least)
    expect(secondsUntil(deferredBy(0, attempts, 0.5)?.notBefore)).toBeCloseTo((least + most) / 2)
    expect(secondsUntil(deferredBy(0, attempts, 1)?.notBefore)).toBeCloseTo(most)
    expect(deferredBy(0, attempts)).toMatchObject({ to: 'PENDING', attempts: attempts + 1 })
  })

  test('waits at least as long as the answer asked for', () => {
    expect(secondsUntil(deferredBy(45, 0)?.notBefore)).toBe(45)
    expect(secondsUntil(deferredBy(45, 2)?.notBefore)).toBe(120)
  })

  test('is FAILED after the fourth, with the number of tries and the last cause', () => {
    expect(deferredBy(0, 3)).toMatchObject({
      to: 'FAILED',
      attempts: 4,
      reason: { code: 'RETRIES_EXHAUSTED', detail: { attempts: 4, detail: 'down' } },
    })
  })
})
