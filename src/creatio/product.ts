import type { CrmTables } from './crm-tables.ts'
import { type KeyCursor, keyedPage } from './keyed-page.ts'
import { anyOf, guidLiteral, portions } from './odata.ts'
import { type Change, type WriteResult, writeAndReadBack } from './order-status.ts'
import type { Profile } from './profile.ts'
import { present, type Row, readFlag, readGuid, readLookup, readNumber, readText } from './values.ts'

/** What QuickBooks says of an item, as far as the CRM's products have columns for it. */
export interface ProductFacts {
  quickBooksId: string
  name: string
  /** A plain decimal; null where QuickBooks has no price. */
  price: string | null
  description: string
  active: boolean
  inactive: boolean
}

export interface CrmProduct {
  id: string
  code: string | null
  name: string | null
  /** True when people keep the price in the CRM. */
  priceIsManual: boolean
  /** What stands in the columns that the profile names; a column that it does not name is missing. */
  facts: Partial<ProductFacts>
}

/** A product as it is sold. */
export interface CrmWare {
  id: string
  code: string | null
  name: string | null
  /** In the column that the profile names for prices; null where it names none, or the product has none. */
  price: string | null
  category: string | null
}

export interface ProductWrite {
  id: string
  facts: Partial<ProductFacts>
}

type At = { tables: CrmTables; profile: Profile }

/** One page of products, by CreatedOn and Id; `next` is null when nothing came. Throws CreatioError. */
export async function products(
  args: At & { after: KeyCursor | null; limit: number },
): Promise<{ products: CrmProduct[]; next: KeyCursor | null }> {
  const { tables, profile, after, limit } = args
  const { set, code, standardName, fromQuickBooks } = profile.product
  const select = [...new Set(present(['Id', 'CreatedOn', code, standardName, ...Object.values(fromQuickBooks)]))]
  const rowsMax = Math.min(limit, profile.limits.pageRowsMax)
  const { rows, next } = await keyedPage({ tables, query: { set, select }, after, rowsMax })
  return { products: rows.flatMap((row) => readProduct(row, profile) ?? []), next }
}

/** Products with what an item of QuickBooks is made of, by id in lower case; one that does not exist is absent. Throws CreatioError. */
export async function productsById({ tables, profile, ids }: At & { ids: string[] }): Promise<Map<string, CrmWare>> {
  const { set, code, standardName, category, fromQuickBooks } = profile.product
  const { price } = fromQuickBooks
  const pages = await tables.all(
    portions(ids, profile.limits).map((portion) => ({
      set,
      select: [...new Set(present(['Id', code, standardName, price]))],
      expand: present([category]).map((navigation) => ({ navigation, select: ['Id', 'Name'] })),
      filter: anyOf('Id', portion),
      orderBy: ['Id'],
      top: profile.limits.pageRowsMax,
    })),
  )
  return new Map(
    pages.flat().flatMap((row) => {
      const id = readGuid(row.Id)
      const read = price === null ? null : readNumber(row[price])
      const known = category === null ? null : readLookup(row[category])
      const ware = {
        ...{ code: readText(row[code]), name: readText(row[standardName]) },
        ...{ price: read?.readable ? read.value : null, category: known?.name ?? null },
      }
      return id === null ? [] : [[id, { id, ...ware }] as const]
    }),
  )
}

function readProduct(row: Row, { product }: Profile): CrmProduct | null {
  const id = readGuid(row.Id)
  if (id === null) return null
  const { code, standardName, fromQuickBooks } = product
  const { manualPrice } = fromQuickBooks
  return {
    id,
    code: readText(row[code]),
    name: readText(row[standardName]),
    priceIsManual: manualPrice !== null && readFlag(row[manualPrice]),
    facts: factsIn(row, fromQuickBooks),
  }
}

function factsIn(row: Row, columns: Profile['product']['fromQuickBooks']): Partial<ProductFacts> {
  const price = columns.price === null ? null : readNumber(row[columns.price])
  return {
    ...(columns.quickBooksId ? { quickBooksId: readText(row[columns.quickBooksId]) ?? '' } : {}),
    ...(columns.name ? { name: readText(row[columns.name]) ?? '' } : {}),
    ...(price ? { price: price.readable ? price.value : null } : {}),
    ...(columns.description ? { description: readText(row[columns.description]) ?? '' } : {}),
    ...(columns.active ? { active: readFlag(row[columns.active]) } : {}),
    ...(columns.inactive ? { inactive: readFlag(row[columns.inactive]) } : {}),
  }
}

/** Writes facts into the columns that the profile names, and reads each product back. Keyed by id. Throws CreatioError. */
export function writeProducts({
  tables,
  profile,
  writes,
}: At & { writes: ProductWrite[] }): Promise<Map<string, WriteResult>> {
  const { set, fromQuickBooks } = profile.product
  const changes = writes.map(({ id, facts }): Change => {
    const wanted = Object.entries(facts).flatMap(([name, value]) => {
      const column = fromQuickBooks[name as keyof ProductFacts]
      return column === null || value === null ? [] : [{ name: name as keyof ProductFacts, column, value }]
    })
    const kept = (row: Row) => {
      const found = factsIn(row, fromQuickBooks)
      const lost = wanted.find(({ name, value }) => found[name] !== value)
      return lost ? `the column ${lost.column} reads "${found[lost.name] ?? ''}"` : null
    }
    const body = Object.fromEntries(wanted.map(({ column, value }) => [column, value]))
    return { set, id: guidLiteral(id), body, select: wanted.map(({ column }) => column), kept }
  })
  return writeAndReadBack({ tables, profile, changes })
}
