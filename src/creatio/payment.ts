import type { CrmPayment, Unreadable } from './crm-order.ts'
import type { CrmTables } from './crm-tables.ts'
import { type KeyCursor, keyedPage } from './keyed-page.ts'
import { anyOf, instantLiteral, portions } from './odata.ts'
import type { Profile } from './profile.ts'
import {
  isObject,
  present,
  type Reading,
  type Row,
  readGuid,
  readInstant,
  readLookup,
  readNumber,
  readText,
} from './values.ts'

interface At {
  tables: CrmTables
  profile: Profile
}

/** Reads payments by id. The map's keys are the ids in lower case; one that does not exist is absent. Throws CreatioError. */
export async function payments({ tables, profile, ids }: At & { ids: string[] }): Promise<Map<string, CrmPayment>> {
  const { payment, limits } = profile
  const pages = await tables.all(
    portions(ids, limits).map((portion) => ({
      set: payment.set,
      select: present(['Id', 'ModifiedOn', `${payment.order}Id`, payment.amount, payment.date, payment.reference]),
      expand: present([payment.method]).map((navigation) => ({ navigation, select: ['Id', 'Name'] })),
      filter: anyOf('Id', portion),
      orderBy: ['Id'],
      top: limits.pageRowsMax,
    })),
  )
  const read = pages.flat().map((row) => readPayment(row, profile))
  return new Map(read.map((each) => [each.id, each]))
}

/** One page of the ids of payments whose money came since an instant, by CreatedOn and Id; `next` is null when nothing came. */
export async function paymentKeys(
  args: At & { since: string; after: KeyCursor | null; limit: number },
): Promise<{ ids: string[]; next: KeyCursor | null }> {
  const { tables, profile, since, after, limit } = args
  const { set } = profile.payment
  const query = { set, select: ['Id', 'CreatedOn'], filter: factsSince(profile, since) }
  const { rows, next } = await keyedPage({ tables, query, after, rowsMax: Math.min(limit, profile.limits.pageRowsMax) })
  return { ids: rows.flatMap(({ Id }) => readGuid(Id) ?? []), next }
}

/** The elements that are facts: those whose money came, on or after an instant. A plan has no date, which the CRM keeps as the year 1. */
export function factsSince({ payment }: Profile, since: string): string {
  return `${payment.date} ge ${instantLiteral(since)}`
}

function readPayment(row: Row, { payment }: Profile): CrmPayment {
  const unreadable: Unreadable[] = []
  const note = <T>(what: string, reading: Reading<T>): T | null => {
    if (reading.readable) return reading.value
    unreadable.push({ what, given: reading.given })
    return null
  }
  const method = payment.method === null ? null : row[payment.method]
  return {
    id: readGuid(row.Id) ?? '',
    orderId: readGuid(row[`${payment.order}Id`]),
    amount: note('the amount', readNumber(row[payment.amount])),
    date: note('the date', readInstant(row[payment.date])),
    reference: payment.reference === null ? null : readText(row[payment.reference]),
    method: isObject(method) ? (readLookup(method)?.name ?? null) : null,
    modifiedOn: readText(row.ModifiedOn) ?? '',
    unreadable,
  }
}
