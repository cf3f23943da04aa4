import type { MoveProofRow } from '../domain/move-proof.ts'
import { writeAudit } from '../storage/audit.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { moveProof, proofRows } from '../sync/move-proof.ts'
import { KEY_WANTED } from './access.ts'
import type { Download } from './commission-download.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'
import { lineOf } from './reconciliation-report.ts'

const LINES_MAX = 500

/** Each column of the file, and what stands in it. */
const COLUMNS: [name: string, of: (row: MoveProofRow) => string | null][] = [
  ['order_number', ({ orderNumber }) => orderNumber],
  ['document_number', ({ documentNumber }) => documentNumber],
  ['total', ({ total }) => total],
  ['currency', ({ currency }) => currency],
  ['planned', ({ action }) => action],
  ['result', ({ result }) => result],
  ['place', ({ place }) => place],
  ['connection', ({ connectionId }) => connectionId],
  ['state', ({ state }) => state],
  ['quick_books_id', ({ quickBooksId }) => quickBooksId],
  ['verification', ({ verification }) => verification],
  ['evidence_at', ({ evidenceAt }) => evidenceAt?.toISOString() ?? null],
  ['in_old_company', ({ inOld }) => inOld.join(' ')],
  ['in_new_company', ({ inNew }) => inNew.join(' ')],
  ['why', ({ why }) => why],
]

/**
 * The proof of a move as CSV: its head, then each order. Whatever comes of it, an entry in the audit trail says who asked for
 * it. Throws ApiError and InvalidRequest.
 */
export async function openMoveDownload(args: { context: ApiContext; file: string }): Promise<Download> {
  const { caller, services, now } = args.context
  if (!caller) throw new ApiError('UNAUTHENTICATED', KEY_WANTED)
  const { name: author, keyId, connectionIds } = caller
  const entry = { author, keyId, connectionIds, action: 'downloadMove', subject: args.file.slice(0, 200) }
  try {
    const download = await prepare(args.context, args.file)
    await writeAudit(services.database, { ...entry, result: 'OK', now: now() })
    return download
  } catch (error) {
    await writeAudit(services.database, { ...entry, result: 'ERROR', now: now() })
    throw error
  }
}

async function prepare({ services: { database } }: ApiContext, file: string): Promise<Download> {
  const [, given = ''] = /^([^.]+)\.csv$/.exec(file) ?? []
  if (given === '') throw new InvalidRequest('Ask for <id of the plan of a move>.csv.')
  const planId = idFrom({ id: given, what: 'plan of a move' })
  const proof = await moveProof(database, planId)
  const head = [
    ['move', planId, proof.isProven ? 'proven' : 'not proven'],
    ['old company read', proof.oldReadAt?.toISOString() ?? 'not since the move'],
    ['new company read', proof.newReadAt?.toISOString() ?? 'not since the move'],
    ...proof.counts.map(({ place, count, total, currency }) => [place, String(count), total, currency ?? '']),
    ['postings that the plan does not name', String(proof.strays)],
    [],
    COLUMNS.map(([name]) => name),
  ]
  async function* chunks() {
    yield head.map(lineOf).join('')
    let lines: string[] = []
    for await (const row of proofRows(database, planId)) {
      lines.push(lineOf(COLUMNS.map(([, of]) => of(row) ?? '')))
      if (lines.length < LINES_MAX) continue
      yield lines.join('')
      lines = []
    }
    yield lines.join('')
  }
  return { contentType: 'text/csv; charset=utf-8', fileName: `move-${planId}.csv`, chunks: chunks() }
}
