import type { CrmAccount } from './crm-order.ts'
import type { CrmTables } from './crm-tables.ts'
import { anyOf, type Expansion, portions } from './odata.ts'
import type { Profile } from './profile.ts'
import { isObject, present, readFlag, readGuid, readLookup, readText } from './values.ts'

/** Reads accounts by id. The map's keys are the ids in lower case; an account that does not exist is absent. Throws CreatioError. */
export async function accounts(args: {
  tables: CrmTables
  profile: Profile
  ids: string[]
}): Promise<Map<string, CrmAccount>> {
  const { tables, profile, ids } = args
  const pages = await tables.all(
    portions(ids, profile.limits).map((portion) => ({
      set: profile.account.set,
      ...accountColumns(profile),
      filter: anyOf('Id', portion),
      orderBy: ['Id'],
      top: profile.limits.pageRowsMax,
    })),
  )
  return new Map(
    pages.flat().flatMap((row) => {
      const account = readAccount(row, profile)
      return account ? [[account.id, account] as const] : []
    }),
  )
}

/** All that a customer needs of an account, as columns of a question or of an expansion. */
export function accountColumns({ account }: Profile): { select: string[]; expand: Expansion[] } {
  const { name, quickBooksName, quickBooksId, email, phone, street, postalCode, inactive } = account
  return {
    select: present(['Id', name, quickBooksName, quickBooksId, email, phone, street, postalCode, inactive]),
    expand: present([account.city, account.state, account.country]).map((navigation) => ({
      navigation,
      select: ['Id', 'Name'],
    })),
  }
}

export function readAccount(value: unknown, { account }: Profile): CrmAccount | null {
  const id = isObject(value) ? readGuid(value.Id) : null
  if (!isObject(value) || id === null) return null
  const text = (column: string | null) => (column === null ? null : readText(value[column]))
  const named = (lookup: string | null) => (lookup === null ? null : (readLookup(value[lookup])?.name ?? null))
  return {
    id,
    name: text(account.name),
    quickBooksName: text(account.quickBooksName),
    quickBooksId: text(account.quickBooksId),
    email: text(account.email),
    phone: text(account.phone),
    street: text(account.street),
    city: named(account.city),
    state: named(account.state),
    postalCode: text(account.postalCode),
    country: named(account.country),
    inactive: account.inactive !== null && readFlag(value[account.inactive]),
  }
}
