import { ReconciliationState } from '../domain/reconciliation.ts'
import { writeAudit } from '../storage/audit.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { findReconciliation, signedCounts } from '../storage/reconciliations.ts'
import { KEY_WANTED } from './access.ts'
import type { Download } from './commission-download.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'
import { reportCsv, reportPdf, reportWorkbook, type SignedReconciliation } from './reconciliation-report.ts'

const FORMS = {
  csv: { contentType: 'text/csv; charset=utf-8', chunksOf: async (signed) => reportCsv(signed) },
  xlsx: {
    contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    chunksOf: async (signed) => [await reportWorkbook(signed)],
  },
  pdf: { contentType: 'application/pdf', chunksOf: async (signed) => [await reportPdf(signed)] },
} satisfies Record<
  string,
  { contentType: string; chunksOf: (signed: SignedReconciliation) => Promise<Download['chunks']> }
>

/**
 * A reconciliation that was signed off, as CSV, XLSX or PDF: its head, what it saw by kind, then each discrepancy as it stood
 * then. Whatever comes of it, an entry in the audit trail says who asked for it. Throws ApiError and InvalidRequest.
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
  const [, given = '', form = ''] = /^([^.]+)\.(\w+)$/.exec(file) ?? []
  if (given === '' || !isForm(form)) throw new InvalidRequest('Ask for <id of a reconciliation>.csv, .xlsx or .pdf.')
  const reconciliation = await findReconciliation(database, idFrom({ id: given, what: 'reconciliation' }))
  const connection = reconciliation && (await findConnection(database, { id: reconciliation.connectionId }))
  if (!reconciliation || !connection) throw new InvalidRequest(`There is no reconciliation ${given}.`)
  const { state, firstDay, lastDay } = reconciliation
  if (state !== ReconciliationState.SIGNED_OFF)
    throw new InvalidRequest(`The reconciliation is ${state}: it is a report once it was signed off.`)
  const counts = await signedCounts(database, reconciliation.id)
  const { contentType, chunksOf } = FORMS[form]
  return {
    contentType,
    fileName: `reconciliation-${firstDay}-${lastDay}.${form}`,
    chunks: await chunksOf({ database, reconciliation, connection, counts }),
  }
}

function isForm(form: string): form is keyof typeof FORMS {
  return Object.hasOwn(FORMS, form)
}
