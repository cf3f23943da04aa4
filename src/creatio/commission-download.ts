import type { Money } from '../domain/money.ts'
import type { CrmTables, Patch } from './crm-tables.ts'
import { amountColumn, type Column, dayColumn, textColumn } from './kept-column.ts'
import { anyOf, chunks, guidLiteral, portions, textLiteral } from './odata.ts'
import type { WriteResult } from './order-status.ts'
import type { Profile } from './profile.ts'
import { isGuid, type Row, readGuid, readText } from './values.ts'

/** A row of the CRM's own table of what payments earned. */
export interface DownloadRow {
  /** Ours to give: the same payment of the same invoice and rep has the same one for ever. */
  id: string
  name: string
  /** The order. */
  sourceId: string
  /** Null is the house account. */
  rep: string | null
  invoiceNumber: string
  paymentId: string
  /** YYYY-MM-DD. */
  paidOn: string
  amount: Money
  commission: Money
}

const NOBODY = '00000000-0000-0000-0000-000000000000'

/**
 * Makes the CRM's table hold the wanted rows as they are, and the unwanted ones no more: what is missing is added under its own
 * id, what differs is changed, and all of it is read back. By id. Throws CreatioError.
 */
export async function writeDownloads(args: {
  tables: CrmTables
  profile: Profile
  timeZone: string
  wanted: DownloadRow[]
  unwanted: string[]
}): Promise<Map<string, WriteResult>> {
  const { tables, profile, timeZone, wanted, unwanted } = args
  const { set } = profile.commissionDownload
  if (set === null) return new Map()
  const reps = await employeeIds({ tables, profile, names: wanted.flatMap(({ rep }) => rep ?? []) })
  const columnsOf = new Map(wanted.map((row) => [row.id, columns({ row, profile, timeZone, reps })]))
  const ids = [...columnsOf.keys(), ...unwanted]
  const before = await readRows({ tables, profile, set, ids })
  const changes = [
    ...[...columnsOf].flatMap(([id, wantedColumns]): Patch[] => {
      const found = before.get(id)
      if (found && differing(wantedColumns, found) === null) return []
      const body = Object.fromEntries(wantedColumns.map(({ column, value }) => [column, value]))
      return [{ set, id, body: found ? body : { Id: id, ...body }, method: found ? 'PATCH' : 'POST' }]
    }),
    ...unwanted.filter((id) => before.has(id)).map((id): Patch => ({ set, id, body: {}, method: 'DELETE' })),
  ]
  const refusals = changes.length === 0 ? [] : await tables.patch(changes)
  const saidOf = new Map(changes.map(({ id }, index) => [id, refusals[index]?.detail ?? null]))
  const after = changes.length === 0 ? before : await readRows({ tables, profile, set, ids })
  return new Map(
    ids.map((id): [string, WriteResult] => {
      const row = after.get(id)
      const expected = columnsOf.get(id)
      const difference = expected
        ? row
          ? differing(expected, row)
          : 'the row is not there'
        : row
          ? 'it is still there'
          : null
      return [
        id,
        difference === null ? { kind: 'confirmed' } : { kind: 'refused', detail: saidOf.get(id) ?? difference },
      ]
    }),
  )
}

function columns(args: { row: DownloadRow; profile: Profile; timeZone: string; reps: Map<string, string> }): Column[] {
  const { row, profile, timeZone, reps } = args
  const { name, order, rep, invoiceNumber, paymentId, paidOn, amount, commission } = profile.commissionDownload
  return [
    ...(name === null ? [] : [textColumn(name, row.name)]),
    lookupColumn(order, guidLiteral(row.sourceId)),
    lookupColumn(rep, row.rep === null ? NOBODY : (reps.get(row.rep) ?? NOBODY)),
    textColumn(invoiceNumber, row.invoiceNumber),
    textColumn(paymentId, row.paymentId),
    dayColumn({ column: paidOn, day: row.paidOn, timeZone }),
    amountColumn(amount, row.amount),
    amountColumn(commission, row.commission),
  ]
}

function lookupColumn(lookup: string, id: string): Column {
  return { column: `${lookup}Id`, value: id, isKept: (found) => (readGuid(found) ?? NOBODY) === id }
}

function differing(wanted: Column[], row: Row): string | null {
  const other = wanted.find(({ column, isKept }) => !isKept(row[column]))
  return other ? `${other.column} reads "${String(row[other.column]).slice(0, 80)}"` : null
}

async function readRows(args: { tables: CrmTables; profile: Profile; set: string; ids: string[] }) {
  const { tables, profile, set, ids } = args
  const { name, order, rep, invoiceNumber, paymentId, paidOn, amount, commission } = profile.commissionDownload
  const select = ['Id', ...(name === null ? [] : [name]), `${order}Id`, `${rep}Id`]
  const rows = await tables.all(
    portions(ids, profile.limits).map((portion) => ({
      set,
      select: [...select, invoiceNumber, paymentId, paidOn, amount, commission],
      filter: anyOf('Id', portion),
      orderBy: ['Id'],
      top: profile.limits.pageRowsMax,
    })),
  )
  return new Map(rows.flat().map((row) => [readGuid(row.Id) ?? '', row]))
}

/** Employees by their names; a name that several bear, or nobody, is left out. Who is known by id alone keeps it. */
async function employeeIds(args: {
  tables: CrmTables
  profile: Profile
  names: string[]
}): Promise<Map<string, string>> {
  const { tables, profile } = args
  const names = [...new Set(args.names)]
  const { employees, employeeName } = profile.commissionDownload
  const rows = await tables.all(
    chunks(names, profile.limits.idsPerFilterMax).map((portion) => ({
      set: employees,
      select: ['Id', employeeName],
      filter: `(${portion.map((name) => `${employeeName} eq ${textLiteral(name)}`).join(' or ')})`,
      orderBy: ['Id'],
      top: profile.limits.pageRowsMax,
    })),
  )
  const found = Map.groupBy(rows.flat(), (row) => readText(row[employeeName]) ?? '')
  return new Map(
    names.flatMap((name): [string, string][] => {
      const [only, ...others] = found.get(name) ?? []
      const id = others.length === 0 && only ? readGuid(only.Id) : null
      const known = /^employee (\S+)$/.exec(name)?.[1] ?? ''
      return id !== null ? [[name, id]] : isGuid(known) ? [[name, known]] : []
    }),
  )
}
