import type { CrmTables } from './crm-tables.ts'
import { anyOf, guidLiteral, portions } from './odata.ts'
import type { Profile } from './profile.ts'
import { type Row, readFlag, readGuid } from './values.ts'

/** A log row that an order lacks. Its id is given, so that it is there once however often it is written. */
export interface MissingLogRow {
  id: string
  orderId: string
  orderNumber: string | null
}

/**
 * Adds the log rows that orders lack, as Pending inserts, and sets the flag on the order that says it has one. What is there
 * already is not written again, and all is read back: gives the ids of the rows that were seen in the CRM. Throws CreatioError.
 */
export async function addMissingLogRows(args: {
  tables: CrmTables
  profile: Profile
  rows: MissingLogRow[]
}): Promise<Set<string>> {
  const { tables, profile, rows } = args
  const { orderLog, order } = profile
  const ids = rows.map(({ id }) => id)
  const before = await present({ tables, profile, ids })
  const missing = rows.filter(({ id }) => !before.has(id))
  if (missing.length > 0) {
    await tables.patch(
      missing.map(({ id, orderId, orderNumber }) => ({
        set: orderLog.set,
        id: guidLiteral(id),
        method: 'POST' as const,
        body: {
          Id: guidLiteral(id),
          [orderLog.recordId]: guidLiteral(orderId),
          [`${orderLog.type}Id`]: orderLog.types.CUSTOMER_ORDER,
          [`${orderLog.action}Id`]: orderLog.actions.INSERT,
          [`${orderLog.status}Id`]: orderLog.statuses.PENDING,
          ...(orderLog.name && orderNumber ? { [orderLog.name]: orderNumber } : {}),
        },
      })),
    )
  }
  if (order.hasLog !== null) await setFlags({ tables, profile, orderIds: rows.map(({ orderId }) => orderId) })
  return missing.length > 0 ? present({ tables, profile, ids }) : before
}

async function present({
  tables,
  profile,
  ids,
}: {
  tables: CrmTables
  profile: Profile
  ids: string[]
}): Promise<Set<string>> {
  const queries = portions(ids, profile.limits).map((portion) => ({
    set: profile.orderLog.set,
    select: ['Id'],
    filter: anyOf('Id', portion),
    orderBy: ['Id'],
    top: profile.limits.pageRowsMax,
  }))
  return new Set((await tables.all(queries)).flat().flatMap((row) => readGuid(row.Id) ?? []))
}

/** Each change of an order runs the CRM's own handlers: only those whose flag is wrong are written. */
async function setFlags({
  tables,
  profile,
  orderIds,
}: {
  tables: CrmTables
  profile: Profile
  orderIds: string[]
}): Promise<void> {
  const { set, hasLog } = profile.order
  if (hasLog === null) return
  const queries = portions(orderIds, profile.limits).map((portion) => ({
    set,
    select: ['Id', hasLog],
    filter: anyOf('Id', portion),
    orderBy: ['Id'],
    top: profile.limits.pageRowsMax,
  }))
  const wrong = (await tables.all(queries)).flat().filter((row: Row) => !readFlag(row[hasLog]))
  const ids = wrong.flatMap((row) => readGuid(row.Id) ?? [])
  if (ids.length > 0) await tables.patch(ids.map((id) => ({ set, id, body: { [hasLog]: true } })))
}
