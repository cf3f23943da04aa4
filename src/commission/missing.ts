import { MissingReason } from '../domain/commission-case.ts'
import type { Money } from '../domain/money.ts'
import { type MissingCommission, missingCounts, missingRows } from '../storage/commission-missing.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { connectionMeant } from './books.ts'
import { daysFrom } from './months.ts'
import { assertHeeds, type ReportRequest } from './report.ts'

const ROWS_MAX = 200

export interface MissingReport {
  counts: { reason: MissingReason; count: number; amount: Money }[]
  rows: MissingCommission[]
}

/** What of some days earns nothing, or not yet, and why; what is paid without a payment; what could not be believed. Throws InvalidRequest. */
export async function missingCommission(
  database: Database,
  args: { request: ReportRequest; reasons: MissingReason[] | null; first: number; after: number },
): Promise<MissingReport> {
  const { request, first, after } = args
  if (!Number.isInteger(first) || first < 1 || first > ROWS_MAX || !Number.isInteger(after) || after < 0) {
    throw new InvalidRequest(`"first" is ${first}: ask for 1 to ${ROWS_MAX} rows, "after" as many as you have.`)
  }
  assertHeeds(request, { what: 'what is missing', heeded: ['month', 'from', 'to'] })
  const connectionId = await connectionMeant(database, request.connectionId)
  const wanted = args.reasons?.length ? [...new Set(args.reasons)] : Object.values(MissingReason)
  const selection = { connectionId, ...daysFrom(request), reasons: wanted }
  const [counts, rows] = await Promise.all([
    missingCounts(database, selection),
    missingRows(database, { ...selection, first, after }),
  ])
  return { counts, rows }
}
