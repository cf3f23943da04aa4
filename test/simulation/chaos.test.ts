import { test } from '@jest/globals'
import { outliveStorm } from './stormy-company.ts'

// More blows, and more orders, are in chaos.long.test.ts; many more in `npm run prove`.
test(
  'two workers, killed and frozen at random, answers lost after the fact: each order has exactly one invoice',
  () => outliveStorm({ orders: 12, blows: 2 }),
  90_000,
)
