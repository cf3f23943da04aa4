import { test } from '@jest/globals'
import { outliveStorm } from './stormy-company.ts'

test(
  'two workers, killed and frozen at random, answers lost after the fact: each order has exactly one invoice',
  () => outliveStorm({ orders: 20, blows: 4 }),
  90_000,
)
