import { ReconciliationState } from '../domain/reconciliation.ts'
import { writeAudit } from '../storage/audit.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { findReconciliation, signedRows } from '../storage/reconciliations.ts'
import { KEY_WANTED } from './access.ts'
import type { Download } from './commission-download.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'

const ROWS_MAX = 500
const COLUMNS = [
  ...['kind', 'state', 'document_number', 'order_number', 'quick_books_id', 'date', 'our_total', 'their_total'],
  ...['differences', 'proposal', 'resolution', 'resolved_by', 'note', 'found_at'],
]

/**
 * A reconciliation that was signed off, as CSV: its head, then each discrepancy as it stood then. Whatever comes of it, an
 * entry in the audit trail says who asked for it. Throws ApiError and InvalidRequest.
 */
export async function openReconciliationDownload(args: { context: ApiContext; file: string }): Promise<Download> {
  const { caller, services, now } = args.context
  if (!caller) throw new ApiError('UNAUTHENTICATED', KEY_WANTED)
  const { name: author, keyId, connectionIds } = caller
  const entry = { author, keyId, connectionIds, action: 'downloadReconciliation', subject: args.file.slice(0, 200) }
  try {
    const download = await prepare(services.database, args.file)
    await writeAudit(services.database, { ...entry, result: 'OK', now: now() })
    return download
  } catch (error) {
    await writeAudit(services.database, { ...entry, result: 'ERROR', now: now() })
    throw error
  }
}

async function prepare(database: Database, file: string): Promise<Download> {
  const [, given = ''] = /^([^.]+)\.csv$/.exec(file) ?? []
  if (given === '') throw new InvalidRequest('Ask for <id of a reconciliation>.csv.')
  const found = await findReconciliation(database, idFrom({ id: given, what: 'reconciliation' }))
  if (!found) throw new InvalidRequest(`There is no reconciliation ${given}.`)
  if (found.state !== ReconciliationState.SIGNED_OFF)
    throw new InvalidRequest(`The reconciliation is ${found.state}: it is a report once it was signed off.`)
  const { firstDay, lastDay } = found
  const head = [
    ['reconciliation', found.id],
    ['from', firstDay, 'to', lastDay],
    ['orders', String(found.orders), found.ordersTotal],
    ['posted', String(found.posted), found.postedTotal],
    ['invoices', String(found.invoices), found.invoicesTotal],
    ['signed off by', found.signedBy ?? '', found.signedAt?.toISOString() ?? '', found.note ?? ''],
    [],
    COLUMNS,
  ]
  async function* chunks() {
    yield head.map(lineOf).join('')
    for (let after: string | null = null; ; ) {
      const rows = await signedRows(database, { id: given, after, limit: ROWS_MAX })
      yield rows.map(({ signed }) => lineOf(COLUMNS.map((column) => textOf(signed[column])))).join('')
      after = rows.at(-1)?.id ?? null
      if (rows.length < ROWS_MAX) return
    }
  }
  return {
    contentType: 'text/csv; charset=utf-8',
    fileName: `reconciliation-${firstDay}-${lastDay}.csv`,
    chunks: chunks(),
  }
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  return Array.isArray(value) ? value.join('; ') : String(value)
}

/** A cell that a table would take for a formula is told to be text. */
function lineOf(cells: string[]): string {
  const safe = cells.map((cell) => (/^[=+@\t\r]|^-(?!\d)/.test(cell) ? `'${cell}` : cell))
  return `${safe.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join()}\r\n`
}
