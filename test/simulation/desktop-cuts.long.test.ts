import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { DesktopCuts, playDays } from './desktop-cuts.ts'
import { MOMENTS, POINTS } from './desktop-plans.ts'

const seeds = Array.from({ length: 20 }, (_, day) => day + 1)

let cuts: DesktopCuts
beforeAll(async () => {
  cuts = await DesktopCuts.open({ days: seeds.length })
}, 60_000)
afterAll(() => cuts?.end())

test('sessions cut at all nine points, before, while and after each: each order has exactly one invoice and is PROCESSED', async () => {
  const { wrong, happened } = await playDays({ cuts, seeds, tellsAll: false })
  expect(wrong).toEqual([])
  const wanted = POINTS.flatMap((point) => MOMENTS.map((moment) => `${point} ${moment}`))
  expect(happened).toEqual(expect.arrayContaining(wanted))
}, 240_000)
