import type { LogStatus } from '../domain/log-row.ts'
import { CreatioError } from './creatio-error.ts'
import type { CrmTables } from './crm-tables.ts'
import { anyOf, anyTextOf, guidLiteral, instantLiteral, portions, type Query } from './odata.ts'
import type { Profile } from './profile.ts'
import { type Row, readGuid, readText } from './values.ts'

export type LogType = keyof Profile['orderLog']['types']
export type LogAction = keyof Profile['orderLog']['actions']

/** One record of the order log. A lookup value that the profile does not name is null here, and stands in its `raw…` field as given. */
export interface CrmLogRow {
  id: string
  type: LogType | null
  action: LogAction | null
  status: LogStatus | null
  rawType: string
  rawAction: string
  rawStatus: string
  recordId: string | null
  message: string
  createdOn: string
  modifiedOn: string
}

/** How far a reader of the order log has come: both values as the CRM wrote them, to the last digit. */
export interface LogCursor {
  createdOn: string
  id: string
}

export interface LogPage {
  rows: CrmLogRow[]
  next: LogCursor | null
}

/**
 * One page of log rows in the given statuses, by CreatedOn and Id. `next` is null only when nothing came: a page that is merely
 * shorter than asked for may have been shortened by the server.
 */
export async function logRows(args: {
  tables: CrmTables
  profile: Profile
  statuses: LogStatus[]
  after: LogCursor | null
  limit: number
}): Promise<LogPage> {
  const { tables, profile, statuses, after, limit } = args
  if (statuses.length === 0 || limit < 1) return { rows: [], next: null }
  const { orderLog, limits } = profile
  const inStatus = anyOf(
    `${orderLog.status}/Id`,
    statuses.map((status) => orderLog.statuses[status]),
  )
  const filter = after === null ? inStatus : `${inStatus} and ${behind(after)}`
  const wanted = Math.min(limit, limits.pageRowsMax)
  let page = await tables.page({ ...logQuery(profile), filter, top: wanted })
  const read = [...page.rows]
  while (page.nextPath !== null && page.rows.length > 0 && read.length < wanted) {
    page = await tables.nextPage(page.nextPath)
    read.push(...page.rows)
  }
  const rows = read.slice(0, wanted).map((row) => readLogRow(row, profile))
  const last = rows.at(-1)
  // A server that answers with the cursor's own row would be asked for it for ever.
  const next = last === undefined || last.id === after?.id ? null : { createdOn: last.createdOn, id: last.id }
  return { rows, next }
}

/**
 * All log rows that point to the given records, whatever their status. The column is a GUID on some sites and a text on others,
 * and a filter of the wrong kind is refused with 400; unless the profile knows, the other kind is tried then.
 */
export async function logRowsOfRecords(args: {
  tables: CrmTables
  profile: Profile
  recordIds: string[]
}): Promise<CrmLogRow[]> {
  const { tables, profile, recordIds } = args
  const { recordId, recordIdKind } = profile.orderLog
  const read = async (kind: 'guid' | 'text') => {
    const queries = portions(recordIds, profile.limits).map((ids) => ({
      ...logQuery(profile),
      filter: kind === 'guid' ? anyOf(recordId, ids) : anyTextOf(recordId, ids),
      top: profile.limits.pageRowsMax,
    }))
    const pages = await tables.all(queries)
    return pages.flat().map((row) => readLogRow(row, profile))
  }
  if (recordIdKind !== 'detected') return read(recordIdKind)
  const known = recordIdKinds.get(tables) ?? 'guid'
  try {
    return await read(known)
  } catch (error) {
    if (!(error instanceof CreatioError && error.kind === 'refused' && error.status === 400)) throw error
    const other = known === 'guid' ? 'text' : 'guid'
    const rows = await read(other)
    recordIdKinds.set(tables, other)
    return rows
  }
}

/** What was found to be the kind of the column, for as long as the site is open. */
const recordIdKinds = new WeakMap<CrmTables, 'guid' | 'text'>()

/** Rows of the same instant are told apart by their id; the CRM itself orders both, so its order of GUIDs is the one that counts. */
function behind({ createdOn, id }: LogCursor): string {
  const instant = instantLiteral(createdOn)
  return `(CreatedOn gt ${instant} or (CreatedOn eq ${instant} and Id gt ${guidLiteral(id)}))`
}

function logQuery({ orderLog }: Profile): Omit<Query, 'top'> {
  const { set, type, action, status, recordId, message } = orderLog
  return {
    set,
    select: ['Id', `${type}Id`, `${action}Id`, `${status}Id`, recordId, message, 'CreatedOn', 'ModifiedOn'],
    orderBy: ['CreatedOn', 'Id'],
  }
}

function readLogRow(row: Row, { orderLog }: Profile): CrmLogRow {
  const rawType = readText(row[`${orderLog.type}Id`]) ?? ''
  const rawAction = readText(row[`${orderLog.action}Id`]) ?? ''
  const rawStatus = readText(row[`${orderLog.status}Id`]) ?? ''
  return {
    id: readGuid(row.Id) ?? '',
    type: nameOf(orderLog.types, rawType),
    action: nameOf(orderLog.actions, rawAction),
    status: nameOf(orderLog.statuses, rawStatus),
    rawType,
    rawAction,
    rawStatus,
    recordId: readGuid(row[orderLog.recordId]),
    message: readText(row[orderLog.message]) ?? '',
    createdOn: readText(row.CreatedOn) ?? '',
    modifiedOn: readText(row.ModifiedOn) ?? '',
  }
}

function nameOf<Name extends string>(ids: Record<Name, string>, raw: string): Name | null {
  const lower = raw.toLowerCase()
  for (const name in ids) if (ids[name] === lower) return name
  return null
}
