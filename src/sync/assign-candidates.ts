import { ADOPTED_FROM, APART_FROM, SHOWN_FROM } from './likeness.ts'

/** An order and an invoice that it may have become. */
export interface Pair {
  rowId: string
  quickBooksId: string
  score: number
  /** What the score would be if all that is not known spoke for it. */
  scoreMax: number
  /** Nothing but the number differs, and no other order names the invoice. */
  isEqual: boolean
}

/** What is to become of an order; one without an entry has nothing that is like it. */
export type Assignment = { kind: 'adopt'; quickBooksId: string } | { kind: 'refuse'; why: 'likely' | 'several' }

/**
 * Gives each invoice to at most one order. A pair is adopted when each is by far the best for the other; what is nearly equal
 * is for a person, and so is an order whose invoice went to another one that is more like it. Pure.
 */
export function assignCandidates(pairs: Pair[]): Map<string, Assignment> {
  const shown = pairs.filter(({ score }) => score >= SHOWN_FROM)
  const byRow = Map.groupBy(shown, ({ rowId }) => rowId)
  const byInvoice = Map.groupBy(shown, ({ quickBooksId }) => quickBooksId)
  const adopted = new Map<string, string>()
  for (const pair of shown) {
    const isChosen =
      pair.score >= ADOPTED_FROM &&
      pair.isEqual &&
      isBest(pair, byRow.get(pair.rowId)) &&
      isBest(pair, byInvoice.get(pair.quickBooksId))
    if (isChosen) adopted.set(pair.quickBooksId, pair.rowId)
  }
  const assigned = new Map<string, Assignment>()
  for (const [rowId, ofRow] of byRow) {
    const [best] = ofRow.filter(({ quickBooksId }) => adopted.get(quickBooksId) === rowId)
    if (best) {
      assigned.set(rowId, { kind: 'adopt', quickBooksId: best.quickBooksId })
      continue
    }
    // What another order has adopted is gone, unless it might as well have been this one's.
    const open = ofRow.filter(({ quickBooksId, score }) => !adopted.has(quickBooksId) || score >= ADOPTED_FROM)
    if (open.length === 0) continue
    const top = Math.max(...open.map(({ score }) => score))
    const near = open.filter(({ score }) => top - score < APART_FROM)
    assigned.set(rowId, { kind: 'refuse', why: near.length > 1 ? 'several' : 'likely' })
  }
  return assigned
}

/** Far enough before all others, of an order or of an invoice, whatever is not known of them. */
function isBest(pair: Pair, all: Pair[] = []): boolean {
  return all.every((other) => other === pair || pair.score - other.scoreMax >= APART_FROM)
}
