import { CreatioError } from './creatio-error.ts'
import type { CrmTables } from './crm-tables.ts'
import { textLiteral } from './odata.ts'
import type { Profile } from './profile.ts'
import { type Row, readGuid, readText } from './values.ts'

/** A record as it is found by what people call it. */
export interface FoundRecord {
  id: string
  /** The order number, or the name of the account. */
  name: string | null
  /** The invoice number, or the name that QuickBooks lists the account under. */
  otherName: string | null
  quickBooksId: string | null
}

/** The records that bear a number or name, and, when there is none, those that look like it. */
export interface Search {
  found: FoundRecord[]
  near: FoundRecord[]
}

const FOUND_MAX = 5

interface Searched {
  set: string
  name: string
  otherName: string | null
  quickBooksId: string
}

/** Orders by order number or invoice number. Throws CreatioError. */
export function searchOrders(args: { tables: CrmTables; profile: Profile; number: string }): Promise<Search> {
  const { order } = args.profile
  const { set, number: name, invoiceNumber: otherName, quickBooksId } = order
  // `15001` and `ORD-1501` look like `ORD-15001`: the digits are what people remember, and the last one what they mistype.
  const digits = /\d{3,}/.exec(args.number)?.[0]
  const parts = [digits ?? '', args.number.slice(0, -1)].filter((part) => part.length >= 3)
  return search({ tables: args.tables, at: { set, name, otherName, quickBooksId }, text: args.number, parts })
}

/** Accounts by name or QuickBooks name. Throws CreatioError. */
export function searchAccounts(args: { tables: CrmTables; profile: Profile; name: string }): Promise<Search> {
  const { set, name, quickBooksName: otherName, quickBooksId } = args.profile.account
  const words = args.name.split(/\s+/).filter((word) => word.length >= 3)
  return search({
    tables: args.tables,
    at: { set, name, otherName, quickBooksId },
    text: args.name,
    parts: words.slice(0, 2),
  })
}

async function search(args: { tables: CrmTables; at: Searched; text: string; parts: string[] }): Promise<Search> {
  const { at, parts } = args
  const found = await find(args, (column) => `${column} eq ${textLiteral(args.text)}`)
  if (found.length > 0 || parts.length === 0) return { found, near: [] }
  // What looks most like it comes first; the next part is asked for only when nothing does.
  for (const part of parts) {
    const near = await find(args, (column) => (column === at.name ? `contains(${column},${textLiteral(part)})` : null))
    if (near.length > 0) return { found, near }
  }
  return { found, near: [] }
}

/** One page. Where the second column is no text the CRM refuses to compare it with one: then the first alone is asked for. */
async function find(
  { tables, at }: { tables: CrmTables; at: Searched },
  conditionOn: (column: string) => string | null,
): Promise<FoundRecord[]> {
  const first = conditionOn(at.name)
  const second = at.otherName === null ? null : conditionOn(at.otherName)
  const read = async (conditions: (string | null)[]) => {
    const { rows } = await tables.page({
      set: at.set,
      select: ['Id', at.name, at.quickBooksId, ...(at.otherName === null ? [] : [at.otherName])],
      filter: conditions.filter((condition) => condition !== null).join(' or '),
      orderBy: ['CreatedOn', 'Id'],
      top: FOUND_MAX,
    })
    return rows.map((row) => foundRecord(row, at))
  }
  try {
    return await read([first, second])
  } catch (error) {
    if (second === null || !(error instanceof CreatioError && error.kind === 'refused' && error.status === 400))
      throw error
    return read([first])
  }
}

function foundRecord(row: Row, at: Searched): FoundRecord {
  return {
    id: readGuid(row.Id) ?? '',
    name: readText(row[at.name]),
    otherName: at.otherName === null ? null : readText(row[at.otherName]),
    quickBooksId: readText(row[at.quickBooksId]),
  }
}
