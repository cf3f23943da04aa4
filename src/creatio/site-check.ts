import type { CrmTables } from './crm-tables.ts'
import { noneOf } from './odata.ts'
import type { Profile } from './profile.ts'
import { findRuntime } from './site.ts'
import { isObject, type Row, readGuid, readText } from './values.ts'
import type { Wire } from './wire.ts'

/** How a site answers before anybody signs in. */
export interface SitePing {
  /** Sites on .NET Framework serve below `/0`, sites on .NET at the root. */
  pathStyle: '.NET Framework (/0)' | '.NET (no prefix)'
  /** How far its clock is ahead of ours, in whole seconds; null when it does not tell the time. */
  clockSkewSeconds: number | null
}

/** Asks the health check, without a session. Throws CreatioError. */
export async function pingSite(args: { siteUrl: string; wire: Wire; now: () => Date }): Promise<SitePing> {
  const { prefix, answer } = await findRuntime(args)
  const told = Date.parse(answer.date ?? '')
  return {
    pathStyle: prefix === '/0' ? '.NET Framework (/0)' : '.NET (no prefix)',
    clockSkewSeconds: Number.isNaN(told) ? null : Math.round((told - args.now().getTime()) / 1000),
  }
}

/** Log rows whose status, type or action the profile does not name. */
export interface UnknownLookup {
  column: 'status' | 'type' | 'action'
  rows: number
  /** Some of the values: their names in the CRM, else their ids. An empty lookup is `(empty)`. */
  values: string[]
}

/** Values are told apart in this many rows; the count is of all. */
const EXAMPLE_ROWS_MAX = 100

/** Counts, in the CRM, the log rows that the profile does not understand; none is an empty list. Throws CreatioError. */
export async function unknownLookups({
  tables,
  profile,
}: {
  tables: CrmTables
  profile: Profile
}): Promise<UnknownLookup[]> {
  const { statuses, types, actions, status, type, action } = profile.orderLog
  const asked = [
    { column: 'status' as const, navigation: status, ids: Object.values(statuses) },
    { column: 'type' as const, navigation: type, ids: Object.values(types) },
    { column: 'action' as const, navigation: action, ids: Object.values(actions) },
  ]
  const found = await tables.sideBySide(
    asked.map(({ column, navigation, ids }) => async () => {
      const { rows, total } = await tables.page({
        set: profile.orderLog.set,
        select: ['Id', `${navigation}Id`],
        expand: [{ navigation, select: ['Id', 'Name'] }],
        filter: noneOf(`${navigation}/Id`, ids),
        orderBy: ['CreatedOn', 'Id'],
        top: EXAMPLE_ROWS_MAX,
        counted: true,
      })
      return {
        column,
        rows: total ?? rows.length,
        values: [...new Set(rows.map((row) => lookupName(row, navigation)))],
      }
    }),
  )
  return found.filter(({ rows }) => rows > 0)
}

function lookupName(row: Row, navigation: string): string {
  const value = row[navigation]
  const named = isObject(value) ? readText(value.Name) : null
  return named ?? readGuid(row[`${navigation}Id`]) ?? '(empty)'
}
