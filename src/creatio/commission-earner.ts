import type { CrmTables } from './crm-tables.ts'
import { anyOf, portions } from './odata.ts'
import type { Profile } from './profile.ts'
import { present, type Row, readGuid, readLookup, readNumber } from './values.ts'

/** Who earns on an order, as the CRM has it. */
export interface CrmEarner {
  /** By name; of one who is no longer among the employees, by id, so that nobody drops out in silence. */
  rep: string
  /** Percent of what the order earns commission on; null when none is given. */
  ratePercent: string | null
}

/** The earners of orders, by the id of the order in lower case; an order without any is absent. Throws CreatioError. */
export async function earnersOfOrders(args: {
  tables: CrmTables
  profile: Profile
  orderIds: string[]
}): Promise<Map<string, CrmEarner[]>> {
  const { tables, profile, orderIds } = args
  const { set, order, rep, repName, rate } = profile.commissionEarner
  if (set === null) return new Map()
  const rows = await tables.all(
    portions(orderIds, profile.limits).map((portion) => ({
      set,
      select: present(['Id', `${order}Id`, `${rep}Id`, rate]),
      expand: [{ navigation: rep, select: ['Id', repName] }],
      filter: anyOf(`${order}/Id`, portion),
      orderBy: ['CreatedOn', 'Id'],
      top: profile.limits.pageRowsMax,
    })),
  )
  const earners = new Map<string, CrmEarner[]>()
  for (const row of rows.flat()) {
    const orderId = readGuid(row[`${order}Id`])
    if (orderId !== null) earners.set(orderId, [...(earners.get(orderId) ?? []), earnerOf(row, profile)])
  }
  return earners
}

function earnerOf(row: Row, { commissionEarner }: Profile): CrmEarner {
  const { rep, rate } = commissionEarner
  const id = readGuid(row[`${rep}Id`])
  const name = readLookup(row[rep])?.name ?? null
  const read = rate === null ? null : readNumber(row[rate])
  // A rate that nobody can read is handed on as it is, and refused with its order named.
  const ratePercent = read === null ? null : read.readable ? read.value : read.given
  return { rep: name ?? (id === null ? 'nobody named' : `employee ${id}`), ratePercent }
}
