import { Decimal } from 'decimal.js'
import type { QuickBooksRecord } from './company.ts'
import { refValue } from './company.ts'
import type { Fields } from './json-text.ts'

/** Amounts of one account, or of a sum, by column. */
export type RowAmounts = (Decimal | undefined)[]

/** The accounts of a section that moved, or below which one did; each below its parent. */
export function accountRows(args: {
  accounts: QuickBooksRecord[]
  amountsOf: (account: QuickBooksRecord) => RowAmounts | undefined
}): Fields[] {
  return childrenOf(undefined, args).map(({ row }) => row)
}

interface Placed {
  row: Fields
  sum: RowAmounts
}

/** What was booked on an account with others below it stands in its head; the sum of all of them below. */
function childrenOf(parentId: string | undefined, args: Parameters<typeof accountRows>[0]): Placed[] {
  const { accounts, amountsOf } = args
  const known = new Set(accounts.map(({ Id }) => Id))
  const parentOf = ({ ParentRef }: QuickBooksRecord) => {
    const id = refValue(ParentRef)
    return id !== undefined && known.has(id) ? id : undefined
  }
  return accounts
    .filter((account) => parentOf(account) === parentId)
    .flatMap((account): Placed[] => {
      const own = amountsOf(account)
      const below = childrenOf(account.Id, args)
      if (!own && below.length === 0) return []
      const head = [
        { value: String(account.Name), id: account.Id },
        ...(own ?? below[0]?.sum.map(() => undefined) ?? []).map(cell),
      ]
      if (below.length === 0) return [{ row: { ColData: head, type: 'Data' }, sum: own ?? [] }]
      const sum = added([...(own ? [own] : []), ...below.map((one) => one.sum)])
      const summary = [{ value: `Total ${String(account.Name)}` }, ...sum.map(cell)]
      const rows = { Row: below.map(({ row }) => row) }
      return [{ row: { Header: { ColData: head }, Rows: rows, Summary: { ColData: summary }, type: 'Section' }, sum }]
    })
}

function added(rows: RowAmounts[]): RowAmounts {
  return (rows[0] ?? []).map((_, at) => rows.reduce<Decimal>((sum, row) => sum.plus(row[at] ?? 0), new Decimal(0)))
}

/** An account that did not move in a column has an empty cell. */
export const cell = (amount: Decimal | undefined): Fields => ({
  value: amount === undefined ? '' : amount.toFixed(2),
})
