import { judged, perMille } from '../sync/judged-invoices.ts'
import { labelledWorld } from '../sync/labelled-invoices.ts'
import { type Figure, say } from './figures.ts'

/**
 * Documents without our number, on a labelled set of a year: twins, regular orders, the sales of another shop, documents that
 * were dated otherwise, edited or entered by hand. What a program adopts must be right; what it leaves a person must see.
 */
export function measureAdoptions({ orders }: { orders: number }): Figure[] {
  const result = judged(labelledWorld({ seed: 20, orders }))
  const { known, adopted, adoptedWrongly, shownRightly, missed, shownInVain } = result
  say(
    `of ${result.orders} orders QuickBooks has ${known}: ${adopted} adopted, ${shownRightly} shown to a person rightly, ` +
      `${missed.length} neither; of the others ${shownInVain} shown in vain`,
  )
  const right = adopted - adoptedWrongly.length
  return [
    { name: 'precision of adoptions', measured: perMille(right, adopted), unit: 'per mille', goal: { atLeast: 1_000 } },
    { name: 'recall of adoptions', measured: perMille(right, known), unit: 'per mille', goal: { atLeast: 690 } },
    {
      name: 'recall of adoptions and what a person is shown',
      measured: perMille(right + shownRightly, known),
      unit: 'per mille',
      goal: { atLeast: 980 },
    },
  ]
}
