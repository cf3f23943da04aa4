import type { CrmTables } from './crm-tables.ts'
import { guidLiteral, instantLiteral } from './odata.ts'
import type { Profile } from './profile.ts'
import { readGuid, readText } from './values.ts'

/** How far a reader of a table's changes has come: both values as the CRM wrote them, to the last digit. */
export interface ChangeCursor {
  modifiedOn: string
  id: string
}

export interface ChangedPage {
  changed: ChangeCursor[]
  /** Null only when nothing came. */
  next: ChangeCursor | null
}

/**
 * One page of the records of a table that were changed after the cursor, by ModifiedOn and Id. A record that is changed while
 * it is read comes again. Throws CreatioError.
 */
export async function changedSince(args: {
  tables: CrmTables
  profile: Profile
  set: string
  filter?: string
  after: ChangeCursor
  limit: number
}): Promise<ChangedPage> {
  const { tables, profile, set, after, limit } = args
  const instant = instantLiteral(after.modifiedOn)
  const behind = `(ModifiedOn gt ${instant} or (ModifiedOn eq ${instant} and Id gt ${guidLiteral(after.id)}))`
  const filter = args.filter === undefined ? behind : `${args.filter} and ${behind}`
  const { rows } = await tables.page({
    set,
    select: ['Id', 'ModifiedOn'],
    filter,
    orderBy: ['ModifiedOn', 'Id'],
    top: Math.min(limit, profile.limits.pageRowsMax),
  })
  const changed = rows.flatMap((row) => {
    const id = readGuid(row.Id)
    return id === null ? [] : [{ id, modifiedOn: readText(row.ModifiedOn) ?? '' }]
  })
  const last = changed.at(-1)
  return { changed, next: last === undefined || last.id === after.id ? null : last }
}
