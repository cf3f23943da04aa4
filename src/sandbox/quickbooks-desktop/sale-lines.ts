import { amountText, extended, type Pennies, penniesOf, percentOf, plainNumber, priceOf, rateOf } from './amounts.ts'
import { type BookRecord, type Books, fieldsOf, refTo, textOf } from './books.ts'
import { Refusal } from './status.ts'
import type { Fields } from './write-xml.ts'

export interface SaleLines {
  lines: Fields[]
  subtotal: Pennies
  /** The sum of the lines whose code is taxable; a discount line with a taxable code lowers it. */
  taxable: Pennies
}

/** Completes the lines of a sale in their order: amounts, rates, descriptions and codes as QuickBooks fills them in. */
export function completeLines({ books, sent, within, taxesCustomer }: LinesWork): SaleLines {
  const lines: Fields[] = []
  let [subtotal, taxable, sinceSubtotal, before] = [0n, 0n, 0n, undefined as Pennies | undefined]
  for (const line of sent) {
    const item = books.referred({ list: 'Item', ref: line.ItemRef, within })
    checkItem({ item, line })
    const code = taxCode({ books, line, item, within, taxesCustomer })
    const priced = priceOfLine({ line, item, before, sinceSubtotal })
    const isSubtotal = item?.kind === 'ItemSubtotalRet'
    if (!isSubtotal) {
      subtotal += priced.pennies
      sinceSubtotal += priced.pennies
      if (code?.IsTaxable === 'true') taxable += priced.pennies
    }
    if (isSubtotal) sinceSubtotal = 0n
    before = priced.pennies
    lines.push(lineRet({ books, line, item, code, priced, within }))
  }
  return { lines, subtotal, taxable }
}

interface LinesWork {
  books: Books
  /** Lines as they were sent, or as they were before where nothing was sent. */
  sent: Fields[]
  within: string
  taxesCustomer: boolean
}

interface Priced {
  pennies: Pennies
  Rate?: string
  RatePercent?: string
}

/** Tax stands on the whole document; groups, payments and assets on a line are not played. */
const noLine = new Set([
  'ItemSalesTaxRet',
  'ItemSalesTaxGroupRet',
  'ItemGroupRet',
  'ItemPaymentRet',
  'ItemFixedAssetRet',
])

function checkItem({ item, line }: { item: BookRecord | undefined; line: Fields }): void {
  if (!item && (line.Amount || line.Quantity || line.Rate)) {
    throw new Refusal({ statusCode: 3150, message: 'There is a missing element: "ItemRef".' })
  }
  if (item && noLine.has(item.kind)) {
    const message = `The item "${textOf(item.Name) ?? ''}" cannot stand on a line.`
    throw new Refusal({ statusCode: 3210, message })
  }
}

function priceOfLine({ line, item, before, sinceSubtotal }: PriceWork): Priced {
  if (item?.kind === 'ItemSubtotalRet') return { pennies: sinceSubtotal }
  if (item?.kind === 'ItemDiscountRet') return discountOf({ line, item, before })
  const quantity = textOf(line.Quantity) || '1'
  const percent = textOf(line.RatePercent)
  if (percent) return { pennies: percentOf({ percent, pennies: before ?? 0n }), RatePercent: plainNumber(percent) }
  const amount = textOf(line.Amount)
  const rate = textOf(line.Rate) || (amount ? undefined : priceIn(item))
  if (!amount) return rate ? { pennies: extended({ quantity, rate }), Rate: priceOf(rate) } : { pennies: 0n }
  const pennies = penniesOf(amount)
  // An amount has the last word: a rate that does not lead to it is worked out anew.
  const isFitting = rate !== undefined && extended({ quantity, rate }) === pennies
  const told = isFitting ? priceOf(rate) : line.Quantity || rate ? rateOf({ pennies, quantity }) : undefined
  return told === undefined ? { pennies } : { pennies, Rate: told }
}

interface PriceWork {
  line: Fields
  item: BookRecord | undefined
  /** The amount of the line above. */
  before: Pennies | undefined
  sinceSubtotal: Pennies
}

/** A discount is kept negative, whatever sign it was sent with; a percentage is of the line above. */
function discountOf({ line, item, before }: { line: Fields; item: BookRecord; before: Pennies | undefined }): Priced {
  const isAmountSent = Boolean(line.Amount || line.Rate)
  const percent = textOf(line.RatePercent) || (isAmountSent ? undefined : textOf(item.DiscountRatePercent))
  if (percent) {
    if (before === undefined) {
      const message = 'A discount of a percentage cannot be the first line: there is no line above that it could lower.'
      throw new Refusal({ statusCode: 3290, message })
    }
    return { pennies: -magnitude(percentOf({ percent, pennies: before })), RatePercent: plainNumber(percent) }
  }
  const amount = textOf(line.Amount) || textOf(line.Rate) || textOf(item.DiscountRate) || '0'
  const pennies = -magnitude(extended({ quantity: '1', rate: amount }))
  return line.Rate ? { pennies, Rate: amountText(pennies) } : { pennies }
}

const magnitude = (pennies: Pennies): Pennies => (pennies < 0n ? -pennies : pennies)

function priceIn(item: BookRecord | undefined): string | undefined {
  const alone = fieldsOf(item?.SalesOrPurchase)
  return textOf(alone?.Price) ?? textOf(fieldsOf(item?.SalesAndPurchase)?.SalesPrice) ?? textOf(item?.SalesPrice)
}

function descriptionIn(item: BookRecord | undefined): string | undefined {
  const alone = textOf(fieldsOf(item?.SalesOrPurchase)?.Desc)
  return (
    alone ?? textOf(fieldsOf(item?.SalesAndPurchase)?.SalesDesc) ?? textOf(item?.SalesDesc) ?? textOf(item?.ItemDesc)
  )
}

function taxCode({ books, line, item, within, taxesCustomer }: CodeWork): BookRecord | undefined {
  if (!books.settings.quickBooksDesktopSalesTax) {
    if (!line.SalesTaxCodeRef) return undefined
    throw new Refusal({ statusCode: 3250, message: 'Sales tax is turned off: "SalesTaxCodeRef" cannot be used.' })
  }
  const sent = books.referred({ list: 'SalesTaxCode', ref: line.SalesTaxCodeRef, within })
  if (sent || !item) return sent
  const own = taxesCustomer ? books.find({ list: 'SalesTaxCode', ref: item.SalesTaxCodeRef }) : undefined
  return own ?? books.find({ list: 'SalesTaxCode', ref: { FullName: 'Non' } })
}

interface CodeWork {
  books: Books
  line: Fields
  item: BookRecord | undefined
  within: string
  taxesCustomer: boolean
}

function lineRet({ books, line, item, code, priced, within }: LineRetWork): Fields {
  const override = books.referred({ list: 'Account', ref: line.OverrideItemAccountRef, within })
  const quantity = textOf(line.Quantity)
  return {
    TxnLineID: textOf(line.TxnLineID) || books.newTxnId(),
    ItemRef: refTo(item),
    Desc: textOf(line.Desc) ?? descriptionIn(item),
    Quantity: quantity && item?.kind !== 'ItemDiscountRet' ? plainNumber(quantity) : undefined,
    UnitOfMeasure: line.UnitOfMeasure,
    Rate: priced.Rate,
    RatePercent: priced.RatePercent,
    Amount: item ? amountText(priced.pennies) : undefined,
    ServiceDate: line.ServiceDate,
    SalesTaxCodeRef: refTo(code),
    Other1: line.Other1,
    Other2: line.Other2,
    overrideAccountId: override?.Id,
  }
}

interface LineRetWork {
  books: Books
  line: Fields
  item: BookRecord | undefined
  code: BookRecord | undefined
  priced: Priced
  within: string
}
