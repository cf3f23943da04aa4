import type { MirrorPage, NextPage } from '../../domain/mirror-page.ts'
import { asking } from './pull.ts'
import type { Response } from './read-xml.ts'
import { REQUESTS, type RequestName } from './schema/requests.ts'
import type { Values } from './values.ts'
import { iteratesSince } from './write-xml.ts'

/** An invoice with its lines takes some kilobytes, and an answer may have 64 MB: a page is well below that, and soon answered. */
export const pageRowsMax = 500

/** What QuickBooks says of an iterator that it does not have: another conversation began it. */
const ITERATOR_GONE = '3391'

/** How many records an answer may hold; nothing where there are no pages, for there a limit would cut off the rest for good. */
export function limited({ name, version, rowsMax }: { name: RequestName; version: number; rowsMax: number }): Values {
  return iterates(name, version) ? { MaxReturned: String(rowsMax) } : {}
}

function iterates(name: RequestName, version: number): boolean {
  return version >= iteratesSince && REQUESTS[name].iterates
}

/**
 * The request for one page of a listing, and what is left from it on, in words that `nextPage` reads again. A cursor is what was
 * left and QuickBooks' name for the iterator; the values must be those of the page before.
 */
export function askForPage(args: {
  name: RequestName
  values: Values
  version: number
  page: Pick<MirrorPage, 'cursor' | 'rowsMax'>
}): { request: string; left: string } {
  const { name, values, version, page } = args
  const { cursor, rowsMax } = page
  const [, left, iteratorID] = /^(\d+) (.+)$/.exec(cursor ?? '') ?? []
  const request = asking({
    ...{ name, version, values: { ...limited({ name, version, rowsMax }), ...values } },
    iteration: iteratorID ? { iterator: 'Continue', iteratorID } : { iterator: 'Start' },
  })
  return { request, left: left === undefined ? '' : `, ${left} left` }
}

/** True for the refusal of a page that was to go on where another conversation had stopped. */
export function isForgotten({ request, page }: { request: string; page: Response<unknown> | undefined }): boolean {
  return page?.statusCode === ITERATOR_GONE && request.includes(' iterator="Continue"')
}

/**
 * What comes after a page; null when it promises more and brings nothing, or says what nobody understands. Where the page and what is
 * left behind it do not add up to what was left before it, an answer was lost on the way and the iterator went on without us.
 */
export function nextPage({ operation, page }: { operation: string; page: Response<unknown> }): NextPage | null {
  const { iteratorID, iteratorRemainingCount = '0' } = page.attributes
  if (!/^\d{1,9}$/.test(iteratorRemainingCount)) return null
  const [, before] = /, (\d+) left$/.exec(operation) ?? []
  const left = Number(iteratorRemainingCount)
  if (before !== undefined && Number(before) !== page.found.length + left) return 'FORGOTTEN'
  if (left === 0) return { cursor: null }
  return iteratorID && page.found.length > 0 ? { cursor: `${left} ${iteratorID}` } : null
}
