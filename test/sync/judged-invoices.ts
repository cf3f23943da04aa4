import type { MappedInvoice } from '../../src/domain/document.ts'
import { assignCandidates } from '../../src/sync/assign-candidates.ts'
import { differencesButNumber, likeness, SHOWN_FROM } from '../../src/sync/likeness.ts'
import type { LabelledOrder, LabelledWorld } from './labelled-invoices.ts'

/** What became of a labelled world: orders of each outcome, and what is wrong. */
export interface Judgement {
  orders: number
  /** Orders that QuickBooks has. */
  known: number
  adopted: number
  adoptedWrongly: string[]
  /** Of those that QuickBooks has: shown to a person, with the right invoice among what is shown. */
  shownRightly: number
  /** Of those that QuickBooks has: neither adopted nor shown, so that they would be posted once more. */
  missed: string[]
  /** Of those that QuickBooks does not have: shown to a person all the same. */
  shownInVain: number
}

const AROUND_MS = 45 * 86_400_000

/** Has the program judge every order of a world, and holds that against the truth. */
export function judged({ orders, records }: LabelledWorld): Judgement {
  const byCustomer = Map.groupBy(records, ({ sale }) => sale?.customerId ?? '')
  const pairs = orders.flatMap((order) => {
    const at = Date.parse(order.document.date)
    const near = (byCustomer.get(order.customerId) ?? []).filter(
      ({ sale }) => Math.abs(Date.parse(sale?.date ?? '') - at) <= AROUND_MS,
    )
    return near.flatMap((record) => {
      const { score, scoreMax } = likeness(order, record)
      const isEqual = differencesButNumber(mappedOf(order), record).length === 0
      return score >= SHOWN_FROM
        ? [{ rowId: order.id, quickBooksId: record.quickBooksId, score, scoreMax, isEqual }]
        : []
    })
  })
  const assigned = assignCandidates(pairs)
  const shown = Map.groupBy(pairs, ({ rowId }) => rowId)
  const result: Judgement = {
    orders: orders.length,
    known: orders.filter(({ truth }) => truth !== null).length,
    ...{ adopted: 0, adoptedWrongly: [], shownRightly: 0, missed: [], shownInVain: 0 },
  }
  for (const { id, story, truth } of orders) {
    const assignment = assigned.get(id)
    if (assignment?.kind === 'adopt') {
      result.adopted += 1
      if (assignment.quickBooksId !== truth) result.adoptedWrongly.push(`${id}: ${story}`)
    } else if (truth === null) result.shownInVain += assignment ? 1 : 0
    else if (assignment && shown.get(id)?.some(({ quickBooksId }) => quickBooksId === truth)) result.shownRightly += 1
    else result.missed.push(`${id}: ${story}`)
  }
  return result
}

function mappedOf({ document, customerId, itemIds }: LabelledOrder): MappedInvoice {
  return { kind: 'INVOICE', document, customerId, itemIds, charges: {} }
}

/** Whole per mille, so that no float is compared. */
export function perMille(part: number, whole: number): number {
  return whole === 0 ? 1000 : Math.floor((1000 * part) / whole)
}
