import { decimal, type Money, money, plain, type Quantity } from '../domain/money.ts'
import { InvalidRequest } from '../storage/pages.ts'

const NAME_LENGTH_MAX = 200
const DECIMAL = /^-?\d{1,12}(\.\d{1,10})?$/

/** A percentage from 0 to 100 with up to four places. Throws InvalidRequest. */
export function percentFrom(text: string, what: string): Quantity {
  const value = DECIMAL.test(text.trim()) ? decimal(text.trim()) : null
  if (value === null)
    throw new InvalidRequest(`${what} is "${text.slice(0, 30)}", which is no percentage: write it as 7.5.`)
  if (value.lessThan(0) || value.greaterThan(100))
    throw new InvalidRequest(`${what} is ${plain(value)} %: it lies between 0 and 100 %.`)
  if (value.decimalPlaces() > 4) throw new InvalidRequest(`${what} is ${plain(value)} %: four places are the most.`)
  return plain(value)
}

/** An amount in whole cents, which may be negative. Throws InvalidRequest. */
export function amountFrom(text: string, what: string): Money {
  const value = DECIMAL.test(text.trim()) ? decimal(text.trim()) : null
  if (value === null || value.decimalPlaces() > 2) {
    throw new InvalidRequest(
      `${what} is "${text.slice(0, 30)}", which is no amount in whole cents: write it as 1234.50.`,
    )
  }
  return money(value)
}

/** A text that is not empty. Throws InvalidRequest. */
export function nameFrom(text: string, what: string): string {
  const name = text.trim()
  if (name !== '' && name.length <= NAME_LENGTH_MAX) return name
  throw new InvalidRequest(`"${what}" is needed, with up to ${NAME_LENGTH_MAX} letters.`)
}
