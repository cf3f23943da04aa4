import { describe, expect, test } from '@jest/globals'
import type { Answer, Ledger } from '../../src/ledgers/ledger.ts'
import { Breaker, breakerOf } from '../../src/sync/breaker.ts'

const start = Date.UTC(2026, 10, 2)
const at = (seconds: number) => new Date(start + seconds * 1000)
const answered = (status: number): Answer => ({
  kind: 'answered',
  ...{ status, body: '', contentType: '', intuitTid: null, durationMs: 1 },
})
const lost: Answer = { kind: 'lost', detail: 'ECONNRESET', durationMs: 1 }
const notSent: Answer = { kind: 'not-sent', detail: 'ECONNREFUSED', durationMs: 1 }

function note(breaker: Breaker, answers: Answer[], { second = 0, random = 0 } = {}): Breaker {
  for (const answer of answers) breaker.note({ answer, now: at(second), random: () => random })
  return breaker
}

const openOne = () => note(new Breaker(), Array<Answer>(5).fill(lost))

describe('the breaker of a connection', () => {
  test('opens with the fifth silence in a row, whatever its form, and lets nothing go', () => {
    const breaker = note(new Breaker(), [lost, notSent, answered(503), answered(408)])
    expect([breaker.state, breaker.lets()]).toEqual(['CLOSED', true])
    note(breaker, [answered(500)])
    expect([breaker.state, breaker.lets()]).toEqual(['OPEN', false])
    expect(breaker.outage).toEqual({ since: at(0), until: at(30) })
  })

  test.each([200, 400, 401, 403, 429])('is closed by any word, even HTTP %i', (status) => {
    const breaker = note(new Breaker(), [lost, lost, lost, lost, answered(status), lost, lost, lost, lost])
    expect(breaker.state).toBe('CLOSED')
  })

  test('lets exactly one probe go, and only when it is time', () => {
    const breaker = openOne()
    expect(breaker.probe(at(29))).toBe(false)
    expect(breaker.lets()).toBe(false)
    expect(breaker.probe(at(30))).toBe(true)
    expect(breaker.state).toBe('HALF_OPEN')
    expect([breaker.lets(), breaker.lets()]).toEqual([true, false])
  })

  test('a probe that is answered closes it, and forgets every silence', () => {
    const breaker = openOne()
    breaker.probe(at(30))
    note(breaker, [answered(200), lost, lost, lost, lost], { second: 31 })
    expect(breaker.state).toBe('CLOSED')
    expect(breaker.outage).toBeNull()
  })

  test('each silent probe waits longer, up to five minutes, and the outage keeps its beginning', () => {
    const breaker = openOne()
    const waits = [30, 30, 30, 30, 30].map(() => {
      const second = ((breaker.outage?.until.getTime() ?? 0) - start) / 1000
      breaker.probe(at(second))
      breaker.lets()
      note(breaker, [answered(503)], { second })
      return ((breaker.outage?.until.getTime() ?? 0) - at(second).getTime()) / 1000
    })
    expect(waits).toEqual([60, 120, 300, 300, 300])
    expect(breaker.outage?.since).toEqual(at(0))
  })

  test('waits are drawn out by chance, by a fifth at most', () => {
    const breaker = note(new Breaker(), Array<Answer>(5).fill(lost), { random: 0.999 })
    const seconds = ((breaker.outage?.until.getTime() ?? 0) - start) / 1000
    expect(seconds).toBeGreaterThan(35.9)
    expect(seconds).toBeLessThan(36)
  })

  test('what was under way when it opened, and comes back silent, does not put off the probe', () => {
    const breaker = note(openOne(), [lost, lost, answered(502)], { second: 20 })
    expect(breaker.outage?.until).toEqual(at(30))
  })

  test('each ledger has one of its own', () => {
    const [one, other] = [{} as Ledger, {} as Ledger]
    expect(breakerOf(one)).toBe(breakerOf(one))
    expect(breakerOf(one)).not.toBe(breakerOf(other))
  })
})
