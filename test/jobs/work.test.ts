import { expect, test } from '@jest/globals'
import { type Logger, pino } from 'pino'
import { workTick } from '../../src/jobs/work.ts'

function logged(): { lines: string[]; log: Logger } {
  const lines: string[] = []
  return { lines, log: pino({ level: 'error' }, { write: (line) => lines.push(line) }) }
}

test('a short round of work ends the tick at once, and fails it when it fails', async () => {
  const { log } = logged()
  const longerThanThisTest = { everySeconds: 3600, log }
  await workTick({ wake: async () => {}, ...longerThanThisTest }).run()
  const failing = workTick({ wake: () => Promise.reject(new Error('no lane')), ...longerThanThisTest })
  await expect(failing.run()).rejects.toThrow('no lane')
})

test('a long round gives the tick free after its interval, goes on, and says so when it fails later', async () => {
  const { lines, log } = logged()
  const round = Promise.withResolvers<void>()
  const tick = workTick({ wake: () => round.promise, log, everySeconds: 0.2 })
  const began = performance.now()
  await tick.run()
  expect(performance.now() - began).toBeGreaterThan(180)
  expect(lines).toEqual([])
  round.reject(new Error('the lane was taken'))
  await new Promise((done) => setTimeout(done, 20))
  expect(lines.join()).toContain('the lane was taken')
})

test('the tick comes every five seconds', () => {
  expect(workTick({ wake: async () => {}, log: logged().log }).everySeconds).toBe(5)
})
