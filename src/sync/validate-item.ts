import type { ItemDocument } from '../domain/document.ts'
import { decimal } from '../domain/money.ts'
import { type Problem, problem } from '../domain/problem.ts'
import type { LedgerLimits } from '../ledgers/ledger.ts'
import { textProblems } from './validate-text.ts'

/** What is wrong with an item, whatever kind of QuickBooks it goes to. */
export function itemProblems({ name, description, price }: ItemDocument, limits: LedgerLimits): Problem[] {
  return [
    ...textProblems('item name', name, limits.itemNameLengthMax),
    ...(/[:\t\n\r]/.test(name)
      ? [
          problem({
            field: 'item name',
            value: name,
            problem: 'the item name has a colon, a tab or a line break',
            remedy: 'Give the product another code in the CRM: a colon would make it part of another item.',
          }),
        ]
      : []),
    ...textProblems('description', description, limits.descriptionLengthMax),
    ...(price !== undefined && decimal(price).isNegative()
      ? [
          problem({
            field: 'price',
            value: price,
            problem: `its price ${price} is negative`,
            remedy: 'Correct the price of the product in the CRM.',
          }),
        ]
      : []),
  ]
}
