import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { DesktopCuts, playDays } from './desktop-cuts.ts'
import { POINTS } from './desktop-plans.ts'

// More days, with each moment of each point, are in desktop-cuts.long.test.ts; many more in `npm run prove`.
/** `DESKTOP_SEED=n` plays the day of that number alone, and tells what happened. */
const one = process.env.DESKTOP_SEED
const seeds = one === undefined ? Array.from({ length: 9 }, (_, day) => day + 1) : [Number(one)]

let cuts: DesktopCuts
beforeAll(async () => {
  cuts = await DesktopCuts.open({ days: seeds.length })
}, 60_000)
afterAll(() => cuts?.end())

test('sessions cut at all nine points, restarts and forgotten answers: each order has exactly one invoice and is PROCESSED', async () => {
  const { wrong, happened } = await playDays({ cuts, seeds, tellsAll: one !== undefined })
  expect(wrong).toEqual([])
  const cutAt = new Set(happened.map((cut) => cut.split(' ')[0]))
  if (one === undefined) expect([...cutAt].sort()).toEqual([...POINTS].sort())
}, 240_000)
