import type { BookRecord } from './books.ts'
import { textOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { Refusal } from './status.ts'
import { secondOf } from './time.ts'
import type { Fields } from './write-xml.ts'

/** One page of a query by filters: status 1 when nothing matched at all. */
export function pageOf({
  call,
  find,
  write,
}: {
  call: Call
  find: () => BookRecord[]
  write: (record: BookRecord) => string
}): Answered {
  const ordered = () => (call.books.settings.quickBooksDesktopNewestFirst ? find().reverse() : find())
  const query = { ...call.fields, name: call.name }
  const { records, attributes } = call.iterators.page({ query, paging: call.paging, find: ordered })
  const answer: Answered = {
    attributes: { retCount: records.length, ...attributes },
    body: records.map(write).join(''),
  }
  if (records.length > 0) return answer
  return { ...answer, statusCode: 1, message: 'A query request did not find a matching object in QuickBooks' }
}

/** A test whether a Unix second lies between two date-time literals. Throws 3030 when the first is after the second. */
export function spanOf({ from, to }: { from: Fields[string]; to: Fields[string] }): (second: number) => boolean {
  const first = textOf(from) ? secondOf(String(from)) : Number.NEGATIVE_INFINITY
  const last = textOf(to) ? endOf(String(to)) : Number.POSITIVE_INFINITY
  if (first > last) {
    throw new Refusal({ statusCode: 3030, message: 'Invalid date range: From date is greater than To date.' })
  }
  return (second) => second >= first && second <= last
}

/** A bare date as an end means the whole of that day. */
const endOf = (literal: string): number => secondOf(literal) + (literal.includes('T') ? 0 : 86_399)
