import { describe, expect, test } from '@jest/globals'
import { type FaultRule, Faults } from '../../src/sandbox/faults.ts'
import { Random } from '../../src/sandbox/random.ts'

const occasion = { system: 'creatio', method: 'GET', path: '/0/odata/Order?$top=1', entity: 'Order' } as const
const fault = { kind: 'status', status: 503 } as const

function firings({
  rule,
  requests,
  seed = 1,
}: {
  rule: Omit<FaultRule, 'system' | 'fault'>
  requests: number
  seed?: number
}) {
  const faults = new Faults(new Random(seed))
  faults.add({ system: 'creatio', fault, ...rule })
  return Array.from({ length: requests }, () => (faults.take(occasion) ? 1 : 0)).join('')
}

describe('fault rules', () => {
  test('the n-th, every n-th and at most so many matching requests meet the fault', () => {
    expect(firings({ rule: { onNth: 3 }, requests: 5 })).toBe('00100')
    expect(firings({ rule: { everyNth: 2 }, requests: 5 })).toBe('01010')
    expect(firings({ rule: { times: 2 }, requests: 5 })).toBe('11000')
    expect(firings({ rule: { everyNth: 2, times: 1 }, requests: 6 })).toBe('010000')
  })

  test('chance comes from the seed', () => {
    const rule = { probability: 0.5 }
    expect(firings({ rule, requests: 64, seed: 7 })).toBe(firings({ rule, requests: 64, seed: 7 }))
    expect(firings({ rule, requests: 64, seed: 7 })).not.toBe(firings({ rule, requests: 64, seed: 8 }))
  })

  test('method, path, entity and system narrow a rule, and only what matches is counted', () => {
    expect(firings({ rule: { method: 'POST' }, requests: 2 })).toBe('00')
    expect(firings({ rule: { path: 'OrderProduct' }, requests: 2 })).toBe('00')
    expect(firings({ rule: { entity: 'Order', path: '$top', method: 'get' }, requests: 2 })).toBe('11')
    const faults = new Faults(new Random(1))
    faults.add({ system: 'oauth', fault })
    expect(faults.take(occasion)).toBeUndefined()
  })

  test('every matching rule counts a request, the first that is due fires, and clear ends them all', () => {
    const faults = new Faults(new Random(1))
    faults.add({ id: 'first', system: 'creatio', onNth: 1, fault })
    faults.add({ system: 'creatio', onNth: 2, fault: { kind: 'cut' } })
    expect([faults.take(occasion)?.kind, faults.take(occasion)?.kind, faults.take(occasion)]).toEqual([
      'status',
      'cut',
      undefined,
    ])
    expect(faults.list().map(({ matched, fired }) => [matched, fired])).toEqual([
      [3, 1],
      [3, 1],
    ])
    faults.clear()
    expect(faults.list()).toEqual([])
  })
})
