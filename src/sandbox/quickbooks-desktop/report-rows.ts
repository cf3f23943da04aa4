import { amountText, type Pennies } from './amounts.ts'
import { tag } from './write-xml.ts'

interface NamedAmounts {
  title: string
  amounts: Pennies[]
}

/** An account that moved, or one with children that did. */
export interface AccountNode {
  name: string
  fullName: string
  amounts: Pennies[] | undefined
  children: AccountNode[]
}

/** The rows of a summary report in their order. A row of an account has RowData; subtotals and totals have none. */
export class ReportRows {
  readonly #columns: number
  readonly #rows: string[] = []

  constructor(columns: number) {
    this.#columns = columns
  }

  get count(): number {
    return this.#rows.length
  }

  get xml(): string {
    return this.#rows.join('')
  }

  text(value: string): void {
    this.#rows.push(tag({ name: 'TextRow', attributes: { rowNumber: this.count, value } }))
  }

  subtotal(row: NamedAmounts): void {
    this.#amounts({ name: 'SubtotalRow', ...row })
  }

  total(row: NamedAmounts): void {
    this.#amounts({ name: 'TotalRow', ...row })
  }

  /** A heading, the accounts below it, and their sum; nothing at all when no account moved. */
  section({ title, tops }: { title: string; tops: AccountNode[] }): Pennies[] {
    if (tops.length === 0) return this.#nothing()
    this.text(title)
    const amounts = tops.map((top) => this.#account(top)).reduce((sum, each) => this.plus(sum, each), this.#nothing())
    this.subtotal({ title: `Total ${title}`, amounts })
    return amounts
  }

  plus(left: Pennies[], right: Pennies[]): Pennies[] {
    return left.map((amount, at) => amount + (right[at] ?? 0n))
  }

  minus(left: Pennies[], right: Pennies[]): Pennies[] {
    return left.map((amount, at) => amount - (right[at] ?? 0n))
  }

  /** An account with children is a heading, its children, what was booked on itself as "- Other", and their sum. */
  #account({ name, fullName, amounts, children }: AccountNode): Pennies[] {
    if (children.length === 0) {
      this.#amounts({ name: 'DataRow', title: name, amounts: amounts ?? this.#nothing(), account: fullName })
      return amounts ?? this.#nothing()
    }
    this.text(name)
    let sum = children.map((child) => this.#account(child)).reduce((all, each) => this.plus(all, each), this.#nothing())
    if (amounts) {
      this.#amounts({ name: 'DataRow', title: `${name} - Other`, amounts, account: fullName })
      sum = this.plus(sum, amounts)
    }
    this.#amounts({ name: 'SubtotalRow', title: `Total ${name}`, amounts: sum, account: fullName })
    return sum
  }

  #amounts({ name, title, amounts, account }: NamedAmounts & { name: string; account?: string }): void {
    const row =
      account === undefined ? '' : tag({ name: 'RowData', attributes: { rowType: 'account', value: account } })
    const cells = amounts.map((amount, at) =>
      tag({ name: 'ColData', attributes: { colID: at + 2, value: amountText(amount) } }),
    )
    const label = tag({ name: 'ColData', attributes: { colID: 1, value: title } })
    this.#rows.push(tag({ name, attributes: { rowNumber: this.count }, body: row + label + cells.join('') }))
  }

  #nothing(): Pennies[] {
    return Array.from({ length: this.#columns }, () => 0n)
  }
}
