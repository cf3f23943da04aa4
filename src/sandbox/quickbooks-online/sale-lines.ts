import { Decimal } from 'decimal.js'
import type { Company } from './company.ts'
import { refValue } from './company.ts'
import { amountNotProduct, businessRule, invalidTaxCode, requiredMissing } from './fault.ts'
import { type Fields, isFields, type Json, money, toCents } from './json-text.ts'
import { nameOf } from './validate.ts'

export interface SaleLines {
  /** In the order of an answer: items, the SubTotalLine, then shipping and discount. */
  lines: Fields[]
  subTotal: Decimal
  discount: Decimal
  shipping: Decimal
  /** The part of the sum whose tax code is TAX, before any discount. */
  taxable: Decimal
}

/** Completes the lines of a sales document: checks each (6070, 6100), fills what was left out, adds the SubTotalLine. */
export function completeSaleLines({
  company,
  given,
  lastLineId,
  keepIds,
}: {
  company: Company
  given: Json[]
  lastLineId: number
  keepIds: boolean
}): SaleLines {
  const parts: SaleLines = zeroParts()
  const items: Fields[] = []
  const after: Fields[] = []
  let nextId = lastLineId
  for (const line of given) {
    if (!isFields(line) || line.DetailType === 'SubTotalLineDetail') continue
    const isDiscount = line.DetailType === 'DiscountLineDetail'
    const id = keepIds && line.Id ? String(line.Id) : String(++nextId)
    // Discounts of a percentage need the subtotal, so they are completed when all items are known.
    if (isDiscount) after.push({ ...line, Id: id })
    else (isShipping(line) ? after : items).push(completeLine({ company, line, id, parts }))
  }
  if (items.length === 0 && after.length === 0) throw requiredMissing(['Line'])
  const numbered = items.map((line, position) => inLineOrder({ ...line, LineNum: position + 1 }))
  const subTotalLine: Fields = {
    Amount: parts.subTotal.toFixed(),
    DetailType: 'SubTotalLineDetail',
    SubTotalLineDetail: {},
  }
  const closing = after.map((line) =>
    line.DetailType === 'DiscountLineDetail' ? completeDiscount({ company, line, parts }) : inLineOrder(line),
  )
  parts.lines = [...numbered, subTotalLine, ...closing]
  return parts
}

const zeroParts = (): SaleLines => ({
  lines: [],
  subTotal: new Decimal(0),
  discount: new Decimal(0),
  shipping: new Decimal(0),
  taxable: new Decimal(0),
})

const isShipping = (line: Fields): boolean => {
  const detail = line.SalesItemLineDetail
  return isFields(detail) && refValue(detail.ItemRef) === 'SHIPPING_ITEM_ID'
}

interface LineWork {
  company: Company
  line: Fields
  id: string
  parts: SaleLines
}

function completeLine({ company, line, id, parts }: LineWork): Fields {
  const type = line.DetailType ?? 'SalesItemLineDetail'
  if (type === 'DescriptionOnly') return { ...line, Id: id, DescriptionLineDetail: line.DescriptionLineDetail ?? {} }
  if (line.Amount === undefined) throw requiredMissing(['Line.Amount'])
  const amount = toCents(money(line.Amount))
  if (type !== 'SalesItemLineDetail') {
    parts.subTotal = parts.subTotal.plus(amount)
    return { ...line, Id: id, Amount: amount.toFixed() }
  }
  const detail = completeDetail({ company, line })
  if (isShipping(line)) parts.shipping = parts.shipping.plus(amount)
  else parts.subTotal = parts.subTotal.plus(amount)
  if (refValue(detail.TaxCodeRef) === 'TAX') parts.taxable = parts.taxable.plus(amount)
  return { ...line, Id: id, Amount: amount.toFixed(), DetailType: type, SalesItemLineDetail: detail }
}

function completeDetail({ company, line }: { company: Company; line: Fields }): Fields {
  const given = isFields(line.SalesItemLineDetail) ? line.SalesItemLineDetail : {}
  const { ItemRef, ClassRef, UnitPrice, Qty, TaxCodeRef, ...rest } = given
  if (UnitPrice !== undefined && Qty !== undefined) {
    const product = toCents(money(UnitPrice).times(money(Qty)))
    if (!product.equals(money(line.Amount))) throw amountNotProduct(String(line.Amount))
  }
  const taxCode = refValue(TaxCodeRef) ?? 'NON'
  if (taxCode !== 'TAX' && taxCode !== 'NON') throw invalidTaxCode(taxCode)
  return { ItemRef: ItemRef ?? defaultItem(company), ClassRef, UnitPrice, Qty, ...rest, TaxCodeRef: { value: taxCode } }
}

/** A line without an item is sold as the company's first service. */
function defaultItem(company: Company): Fields {
  for (const item of company.table('Item').all()) {
    if (item.Type === 'Service' && item.Active !== false) return { value: item.Id, name: nameOf(item) }
  }
  throw requiredMissing(['Line.SalesItemLineDetail.ItemRef'])
}

function completeDiscount({ company, line, parts }: Omit<LineWork, 'id'>): Fields {
  if (!company.settings.allowDiscount) throw businessRule('Discounts are turned off in the sales preferences.')
  const given = isFields(line.DiscountLineDetail) ? line.DiscountLineDetail : {}
  const isPercent = given.PercentBased === true
  if (!isPercent && line.Amount === undefined) throw requiredMissing(['Line.Amount'])
  const amount = isPercent
    ? toCents(parts.subTotal.times(money(given.DiscountPercent)).dividedBy(100))
    : toCents(money(line.Amount))
  parts.discount = parts.discount.plus(amount)
  const detail: Fields = {
    PercentBased: isPercent,
    DiscountPercent: isPercent ? given.DiscountPercent : undefined,
    DiscountAccountRef: given.DiscountAccountRef ?? defaultDiscountAccount(company),
  }
  return { Id: line.Id, Amount: amount.toFixed(), DetailType: 'DiscountLineDetail', DiscountLineDetail: detail }
}

function defaultDiscountAccount(company: Company): Fields {
  for (const account of company.table('Account').all()) {
    const isDiscount = account.AccountSubType === 'DiscountsRefundsGiven'
    if (isDiscount && account.Active !== false) return { value: account.Id, name: nameOf(account) }
  }
  throw businessRule('There is no discount account: choose one in the sales preferences.')
}

function inLineOrder({ Id, LineNum, Description, LinkedTxn, Amount, DetailType, ...detail }: Fields): Fields {
  return { Id, LineNum, Description, LinkedTxn, Amount, DetailType, ...detail }
}
