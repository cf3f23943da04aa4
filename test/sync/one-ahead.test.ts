import { expect, test } from '@jest/globals'
import { oneAhead } from '../../src/sync/one-ahead.ts'

async function* numbers(log: string[], { failsAt = 9 } = {}): AsyncGenerator<number> {
  try {
    for (let number = 1; number <= 3; number += 1) {
      log.push(`read ${number}`)
      await Promise.resolve()
      if (number === failsAt) throw new Error(`no ${number}`)
      yield number
    }
  } finally {
    log.push('closed')
  }
}

test('the next value is on its way while one is worked on, and each comes once, in order', async () => {
  const log: string[] = []
  for await (const number of oneAhead(numbers(log))) log.push(`work ${number}`)
  expect(log).toEqual(['read 1', 'read 2', 'work 1', 'read 3', 'work 2', 'closed', 'work 3'])
})

test('what fails on its way is thrown after all that came before it was worked on', async () => {
  const log: string[] = []
  const reading = async () => {
    for await (const number of oneAhead(numbers(log, { failsAt: 2 }))) log.push(`work ${number}`)
  }
  await expect(reading()).rejects.toThrow('no 2')
  expect(log).toContain('work 1')
})

test('a reader that stops leaves nothing under way', async () => {
  const log: string[] = []
  for await (const number of oneAhead(numbers(log))) {
    log.push(`work ${number}`)
    break
  }
  expect(log.at(-1)).toBe('closed')
})
