import type { AccountMapping } from '../domain/account-mapping.ts'
import type { LineFacts } from '../domain/mapping-choice.ts'
import { keptFromWinning } from '../domain/mapping-input.ts'
import {
  AccountMappingPreview,
  MappingAccountChange,
  MappingChange,
  MappingChangeRow,
} from '../domain/mapping-preview.ts'
import { decimal, type Money, money, ZERO } from '../domain/money.ts'
import type { PastSale } from '../storage/posting-history.ts'

const CHANGES_MAX = 1_000

/** One pair of targets, and what would move from the one to the other; amounts are whole cents. */
export interface Totals extends Pick<MappingChange, 'lineKind' | 'from' | 'to' | 'postings' | 'lines'> {
  why: string
  cents: bigint
  /** The posting that was counted last: lines of one posting come one after the other. */
  last: string
}

/** Adds up what would change; grows with the pairs of targets, and not with the history. */
export class Tally {
  readonly #preview: AccountMappingPreview
  readonly #rowsMax: number
  readonly #changes = new Set<Totals>()

  constructor({
    days,
    rows,
    mapping,
    rules,
  }: { days: number; rows: number; mapping: AccountMapping; rules: AccountMapping[] }) {
    const kept = keptFromWinning(mapping, rules)
    const names = kept.slice(0, 5).map(({ name }) => `"${name}"`)
    this.#rowsMax = rows
    this.#preview = Object.assign(new AccountMappingPreview(), {
      ...{ days, targetKind: mapping.targetKind, postings: 0, lines: 0, matchedLines: 0 },
      ...{ changedPostings: 0, changedLines: 0, changedAmount: ZERO, changes: [], rows: [], accounts: [] },
      warnings:
        kept.length > 0
          ? [`It has no condition and would win every line before ${names.join(', ')}: it would be refused.`]
          : [],
    })
  }

  posting(): void {
    this.#preview.postings += 1
  }

  line({ isMatched }: { isMatched: boolean }): void {
    this.#preview.lines += 1
    if (isMatched) this.#preview.matchedLines += 1
  }

  account(change: { account: string; from: string | null; to: string | null }): void {
    if (this.#preview.accounts.length < CHANGES_MAX)
      this.#preview.accounts.push(Object.assign(new MappingAccountChange(), change))
  }

  change(totals: Totals, { sale, facts, isFirst }: { sale: PastSale; facts: LineFacts; isFirst: boolean }): void {
    const sign = sale.document.kind === 'INVOICE' ? 1n : -1n
    const cents = sign * centsOf(facts.amount)
    this.#preview.changedLines += 1
    if (isFirst) this.#preview.changedPostings += 1
    this.#changes.add(totals)
    if (totals.last !== sale.id) totals.postings += 1
    totals.last = sale.id
    totals.lines += 1
    totals.cents += cents
    if (this.#preview.rows.length >= this.#rowsMax) return
    const { line, kind: lineKind } = facts
    const { id: postingId, orderNumber, documentNumber } = sale
    const { from, to, why } = totals
    const row = { postingId, orderNumber, documentNumber, line, lineKind, from, to, amount: amountOf(cents), why }
    this.#preview.rows.push(Object.assign(new MappingChangeRow(), row))
  }

  preview(): AccountMappingPreview {
    const totals = [...this.#changes].toSorted((one, other) => other.lines - one.lines)
    const changes = totals
      .slice(0, CHANGES_MAX)
      .map(({ lineKind, from, to, postings, lines, cents }) =>
        Object.assign(new MappingChange(), { lineKind, from, to, postings, lines, amount: amountOf(cents) }),
      )
    const changedAmount = amountOf(totals.reduce((sum, { cents }) => sum + cents, 0n))
    return Object.assign(this.#preview, { changes, changedAmount })
  }
}

/** Whole cents, exactly: a history has too many lines for anything slower. */
function centsOf(amount: Money): bigint {
  return BigInt(money(amount).replace('.', ''))
}

function amountOf(cents: bigint): Money {
  return money(decimal(String(cents)).dividedBy(100))
}
