import { commissionReport } from '../commission/report.ts'
import { linesAs, linesWorkbook, rowsAs, rowsWorkbook, statementOf } from '../commission/statement.ts'
import { writeAudit } from '../storage/audit.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { KEY_WANTED } from './access.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'

/** A file, as it is sent. */
export interface Download {
  contentType: string
  fileName: string
  chunks: AsyncIterable<string | Buffer> | Iterable<string | Buffer>
}

const BY = { rep: 'REP', order: 'ORDER', period: 'PERIOD' } as const
const NAMES = ['connectionId', 'month', 'from', 'to', 'rep', 'house', 'by', 'format', 'asOf', 'effectiveUntil']
const ACTION = 'downloadCommission'

/**
 * A report, or with `by=lines` (as without `by`) all its lines, as CSV, JSON or XLSX; a rep's month as PDF. Whatever comes of it, an entry in the audit trail says who
 * asked for it. Throws ApiError and InvalidRequest.
 */
export async function openCommissionDownload(args: {
  context: ApiContext
  query: Record<string, unknown>
}): Promise<Download> {
  const { caller, services, now } = args.context
  if (!caller) throw new ApiError('UNAUTHENTICATED', KEY_WANTED)
  const { database } = services
  const { name: author, keyId, connectionIds } = caller
  const entry = {
    author,
    keyId,
    connectionIds,
    action: ACTION,
    subject: JSON.stringify(args.query).slice(0, 2000),
    now: now(),
  }
  try {
    const download = await prepare(args)
    await writeAudit(database, { ...entry, result: 'OK' })
    return download
  } catch (error) {
    await writeAudit(database, { ...entry, result: 'ERROR' })
    throw error
  }
}

async function prepare({ context, query }: { context: ApiContext; query: Record<string, unknown> }): Promise<Download> {
  const { database } = context.services
  const strange = Object.keys(query).find((name) => !NAMES.includes(name))
  if (strange !== undefined)
    throw new InvalidRequest(`"${strange.slice(0, 40)}" is not known: ${NAMES.join(', ')} are.`)
  const text = (name: string) => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : null)
  const format = text('format') ?? 'csv'
  if (!isFormat(format)) throw new InvalidRequest('"format" is csv, json, xlsx or pdf.')
  const by = text('by') ?? 'lines'
  if (by !== 'lines' && !(by in BY)) throw new InvalidRequest('"by" is lines, rep, order or period.')
  const asOf = text('asOf') === null ? null : new Date(text('asOf') ?? '')
  if (asOf !== null && Number.isNaN(asOf.getTime()))
    throw new InvalidRequest('"asOf" is a time such as 2026-03-31T18:00:00Z.')
  const request = {
    connectionId: text('connectionId'),
    month: text('month'),
    from: text('from'),
    to: text('to'),
    rep: text('rep'),
    house: text('house') === 'true',
    effectiveUntil: text('effectiveUntil'),
    asOf,
  }
  const key = by === 'lines' ? 'PERIOD' : BY[by as keyof typeof BY]
  const { selection, rows } = await commissionReport(database, { request, by: key })
  const fileName = `commission-${selection.from}-${selection.to}.${format}`
  const contentType = CONTENT_TYPES[format]
  switch (format) {
    case 'csv':
    case 'json': {
      const chunks = by === 'lines' ? linesAs(database, { selection, format }) : rowsAs({ selection, rows, format })
      return { contentType, fileName, chunks }
    }
    case 'xlsx':
      return {
        contentType,
        fileName,
        chunks: [by === 'lines' ? await linesWorkbook(database, selection) : await rowsWorkbook(rows)],
      }
    case 'pdf': {
      const { month } = request
      if (month === null || by !== 'lines') throw new InvalidRequest('A PDF is the statement of one "month", by lines.')
      return { contentType, fileName, chunks: [await statementOf(database, { selection, month, now: context.now() })] }
    }
  }
}

const CONTENT_TYPES = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
}

function isFormat(format: string): format is keyof typeof CONTENT_TYPES {
  return Object.hasOwn(CONTENT_TYPES, format)
}
