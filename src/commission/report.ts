import { type Money, sum } from '../domain/money.ts'
import { openFrom } from '../storage/commission-periods.ts'
import {
  type ReportKey,
  type ReportRow,
  type ReportSelection,
  reportRows,
  type StatementLine,
  statementLines,
} from '../storage/commission-report.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { connectionMeant } from './books.ts'
import { assertDay, daysFrom } from './months.ts'

/** What a report is asked for; null and left out are the same, except of `rep`: see `house`. */
export interface ReportRequest {
  connectionId?: string | null
  month?: string | null
  from?: string | null
  to?: string | null
  rep?: string | null
  /** Only the house account. */
  house?: boolean | null
  asOf?: Date | null
  effectiveUntil?: string | null
}

/** Throws InvalidRequest when a request asks for what its answer would not heed: it would be taken for the answer to that. */
export function assertHeeds(
  request: ReportRequest,
  { what, heeded }: { what: string; heeded: (keyof ReportRequest)[] },
): void {
  const names = ['month', 'from', 'to', 'rep', 'house', 'asOf', 'effectiveUntil'] as const
  const ignored = names.find((name) => request[name] && !heeded.includes(name))
  if (ignored) throw new InvalidRequest(`"${ignored}" means nothing to ${what}: leave it out.`)
}

export interface Report {
  selection: ReportSelection
  rows: ReportRow[]
  base: Money
  amount: Money
}

/** Makes a selection of a request. Throws InvalidRequest. */
async function selectionFrom(database: Database, request: ReportRequest): Promise<ReportSelection> {
  const { asOf = null, effectiveUntil = null, rep } = request
  if (effectiveUntil !== null) assertDay(effectiveUntil, 'effectiveUntil')
  const connectionId = await connectionMeant(database, request.connectionId)
  return {
    connectionId,
    ...daysFrom(request),
    ...(request.house ? { rep: null } : rep ? { rep } : {}),
    openFrom: await openFrom(database, { connectionId, knownAt: asOf }),
    recordedUntil: asOf,
    effectiveUntil,
    whatIf: [],
  }
}

/** The commission of some days by rep, order or month. Throws InvalidRequest. */
export async function commissionReport(
  database: Database,
  { request, by }: { request: ReportRequest; by: ReportKey },
): Promise<Report> {
  const selection = await selectionFrom(database, request)
  const rows = await reportRows(database, { selection, by })
  return { selection, rows, base: sum(rows.map(({ base }) => base)), amount: sum(rows.map(({ amount }) => amount)) }
}

const LINES_MAX = 1_000

/** Up to 1,000 lines after the given place. Throws InvalidRequest. */
export function reportLines(
  database: Database,
  { selection, first, after }: { selection: ReportSelection; first: number; after: number },
): Promise<StatementLine[]> {
  if (!Number.isInteger(first) || first < 1 || first > LINES_MAX)
    throw new InvalidRequest(`"first" is ${first}: ask for 1 to ${LINES_MAX} lines.`)
  if (!Number.isInteger(after) || after < 0)
    throw new InvalidRequest('"after" is the place of the last line that you have; 0 begins.')
  return statementLines(database, { selection, first, after })
}
