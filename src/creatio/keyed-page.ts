import type { CrmTables } from './crm-tables.ts'
import { guidLiteral, instantLiteral, type Query } from './odata.ts'
import { type Row, readGuid, readText } from './values.ts'

/** How far a reader of a table has come: both values as the CRM wrote them, to the last digit. */
export interface KeyCursor {
  createdOn: string
  id: string
}

/**
 * One page of a table by CreatedOn and Id, after the cursor. `next` is null only when nothing came: a page that is merely
 * shorter than asked for may have been shortened by the server. The query must select Id and CreatedOn.
 */
export async function keyedPage(args: {
  tables: CrmTables
  query: Omit<Query, 'top' | 'orderBy'>
  after: KeyCursor | null
  rowsMax: number
}): Promise<{ rows: Row[]; next: KeyCursor | null }> {
  const { tables, query, after, rowsMax } = args
  const conditions = [...(query.filter === undefined ? [] : [query.filter]), ...(after === null ? [] : [behind(after)])]
  const filter = conditions.length === 0 ? {} : { filter: conditions.join(' and ') }
  let page = await tables.page({ ...query, ...filter, orderBy: ['CreatedOn', 'Id'], top: rowsMax })
  const read = [...page.rows]
  while (page.nextPath !== null && page.rows.length > 0 && read.length < rowsMax) {
    page = await tables.nextPage(page.nextPath)
    read.push(...page.rows)
  }
  const rows = read.slice(0, rowsMax)
  const last = rows.at(-1)
  const id = readGuid(last?.Id) ?? ''
  // A server that answers with the cursor's own row would be asked for it for ever.
  const next = last === undefined || id === after?.id ? null : { createdOn: readText(last.CreatedOn) ?? '', id }
  return { rows, next }
}

/** Rows of the same instant are told apart by their id; the CRM itself orders both, so its order of GUIDs is the one that counts. */
function behind({ createdOn, id }: KeyCursor): string {
  const instant = instantLiteral(createdOn)
  return `(CreatedOn gt ${instant} or (CreatedOn eq ${instant} and Id gt ${guidLiteral(id)}))`
}
