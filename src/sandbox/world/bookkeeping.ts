import { pennyText } from './decimals.ts'
import * as names from './names.ts'
import type { QuickBooksOnlineSeed, SeedBooking, SeedEmployee } from './seed.ts'

const months = 24

/** Those whom Creatio has as sales representatives, and since when they are there: two of them came within the last two years. */
export function salesPeople(): SeedEmployee[] {
  const hired = ['2019-04-01', '2021-09-13', '2023-08-01', '2025-03-17', '2025-10-06']
  return names.peopleLast.slice(0, 5).map((lastName, at) => ({
    firstName: names.peopleFirst[at] ?? '',
    lastName,
    hiredOn: hired[at] ?? '2025-01-01',
  }))
}

/** Adds what the company spent in the months up to `now`, the current one among them, and whom it employs. */
export function keepBooks({ books, now }: { books: QuickBooksOnlineSeed; now: string }): void {
  books.employees = salesPeople()
  const [year = 0, month = 1] = now.split('-').map(Number)
  books.journal = Array.from({ length: months }, (_, ago) => {
    const first = new Date(Date.UTC(year, month - 1 - ago, 1))
    return bookingsOf({ date: first.toISOString().slice(0, 10), at: first.getUTCFullYear() * 12 + first.getUTCMonth() })
  }).flat()
}

/** Every month has figures of its own, and each of them follows from the month alone. */
function bookingsOf({ date, at }: { date: string; at: number }): SeedBooking[] {
  const goods = 800_000n + BigInt((at * 7919) % 300_000)
  const office = 90_000n + BigInt((at * 104_729) % 25_000)
  return [
    { date, accountName: 'Cost of Goods Sold', amount: pennyText(goods) },
    { date, accountName: 'Office expenses', amount: pennyText(office) },
  ]
}
