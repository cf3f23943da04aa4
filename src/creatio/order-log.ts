import type { LogStatus } from '../domain/log-row.ts'
import { CreatioError } from './creatio-error.ts'
import type { CrmTables } from './crm-tables.ts'
import { type KeyCursor, keyedPage } from './keyed-page.ts'
import { anyOf, anyTextOf, noneOf, portions, type Query, textLiteral } from './odata.ts'
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

/** How far a reader of the order log has come. */
export type LogCursor = KeyCursor

/** Which rows are read: those in the given statuses, or those whose status the profile does not know. */
export type WantedStatuses = LogStatus[] | 'unknown'

export interface LogPage {
  rows: CrmLogRow[]
  next: LogCursor | null
}

/** One page of log rows, by CreatedOn and Id. `next` is null only when nothing came. */
export async function logRows(args: {
  tables: CrmTables
  profile: Profile
  statuses: WantedStatuses
  after: LogCursor | null
  limit: number
}): Promise<LogPage> {
  const { tables, profile, statuses, after, limit } = args
  if (statuses.length === 0 || limit < 1) return { rows: [], next: null }
  const { set, select } = logQuery(profile)
  const rowsMax = Math.min(limit, profile.limits.pageRowsMax)
  const query = { set, select, filter: statusFilter(profile, statuses) }
  const { rows, next } = await keyedPage({ tables, query, after, rowsMax })
  return { rows: rows.map((row) => readLogRow(row, profile)), next }
}

function statusFilter({ orderLog }: Profile, statuses: WantedStatuses): string {
  const path = `${orderLog.status}/Id`
  return statuses === 'unknown'
    ? noneOf(path, Object.values(orderLog.statuses))
    : anyOf(
        path,
        statuses.map((status) => orderLog.statuses[status]),
      )
}

/** Where the order log ends, or begins: the key of its newest or oldest row; null when it is empty. */
export async function edgeOfLog(args: {
  tables: CrmTables
  profile: Profile
  edge: 'newest' | 'oldest'
}): Promise<LogCursor | null> {
  const { tables, profile, edge } = args
  const orderBy = edge === 'newest' ? ['CreatedOn desc', 'Id desc'] : ['CreatedOn', 'Id']
  const { rows } = await tables.page({ set: profile.orderLog.set, select: ['Id', 'CreatedOn'], orderBy, top: 1 })
  const id = readGuid(rows[0]?.Id)
  const createdOn = readText(rows[0]?.CreatedOn)
  return id === null || createdOn === null ? null : { createdOn, id }
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

/** Log rows that tell a number as their name: those of a record that is gone, or of another type, are found so. None where the site has no such column. */
export async function logRowsNamed(args: { tables: CrmTables; profile: Profile; name: string }): Promise<CrmLogRow[]> {
  const { tables, profile } = args
  if (profile.orderLog.name === null) return []
  const filter = `${profile.orderLog.name} eq ${textLiteral(args.name)}`
  const { rows } = await tables.page({ ...logQuery(profile), filter, top: NAMED_ROWS_MAX })
  return rows.map((row) => readLogRow(row, profile))
}

const NAMED_ROWS_MAX = 50

/** What was found to be the kind of the column, for as long as the site is open. */
const recordIdKinds = new WeakMap<CrmTables, 'guid' | 'text'>()

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
