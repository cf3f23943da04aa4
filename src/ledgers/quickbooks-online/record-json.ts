import { z } from 'zod'
import { decimal, type Money, money, plain, type Quantity } from '../../domain/money.ts'
import { isNumberLiteral, type NumberLiteral } from './exact-json.ts'

/** The parts that records consist of, as they stand in QuickBooks' JSON. */

const literal = z.custom<NumberLiteral>(isNumberLiteral)

/** An amount in whole cents; what has more digits makes its record unreadable. */
export const amount = literal
  .refine(({ rawJSON }) => decimal(rawJSON).decimalPlaces() <= 2)
  .transform(({ rawJSON }): Money => money(rawJSON))

export const quantity = literal.transform(({ rawJSON }): Quantity => plain(rawJSON))

export const reference = z.object({ value: z.string() })

/** What every record has. */
export const RecordJson = z.object({ Id: z.string().min(1), SyncToken: z.string().nullish() })
