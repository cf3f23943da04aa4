import { type Money, money, plain, type Quantity } from '../../domain/money.ts'
import { type Element, textAt } from './read-xml.ts'

/** An amount of an answer; null when it tells none. Throws for what is none. */
export function amountAt(element: Element, name: string): Money | null {
  const text = textAt(element, name)
  return text === undefined ? null : money(text)
}

/** A quantity, a price, or a percentage, which QuickBooks may write with its sign: `18.0%`. */
export function numberAt(element: Element, name: string): Quantity | null {
  const text = textAt(element, name)?.replace(/%$/, '')
  return text === undefined ? null : plain(text)
}
