import type { InvoiceDocument } from '../../src/domain/document.ts'
import {
  dearer,
  type Invoice,
  isDiscount,
  isSale,
  isShipping,
  type Line,
  minus,
  type Planting,
  pennies,
  plus,
  withLine,
} from './planting.ts'

const isTaxed = (document: InvoiceDocument) => document.tax !== '0.00'
const isDiscounted = (document: InvoiceDocument) => document.discount !== '0.00'
const isPlain = (document: InvoiceDocument) => !isDiscounted(document)

/** Amounts that somebody changed in QuickBooks: of lines, shipping, discount and tax. */
export async function plantAmounts(planting: Planting): Promise<void> {
  const amount = (way: string, sold: ReturnType<Planting['take']>, Line: Line[], cents: number, kind = 'AMOUNT') =>
    planting.edit(way, sold, { body: { Line }, kind, cents })
  for (const [way, cents] of [
    ['a line is a cent dearer', 1],
    ['a line is ten dollars cheaper', -1000],
  ] as const) {
    const sold = planting.take((document) => isPlain(document) && Number(document.lines[0]?.amount) > 20)
    await amount(
      way,
      sold,
      withLine(sold.invoice.Line, isSale, (line) => dearer(line, cents)),
      cents,
    )
  }
  const more = planting.take(isPlain)
  const pattern = more.invoice.Line.find(isSale) as Line
  const extra = {
    ...pattern,
    Id: undefined,
    Amount: 5,
    SalesItemLineDetail: { ...pattern.SalesItemLineDetail, Qty: 1, UnitPrice: 5 },
  }
  await amount('a line more', more, [...more.invoice.Line, extra], 500)
  const less = planting.take((document) => document.lines.length > 1 && isPlain(document))
  const last = less.invoice.Line.filter(isSale).at(-1)
  const rest = less.invoice.Line.filter((line) => line !== last)
  await amount('a line less', less, rest, minus(less.document.lines.at(-1)?.amount ?? ''))
  const shipped = () => planting.take((document) => isPlain(document) && document.shipping !== '0.00')
  const moved = shipped()
  const dearerShipping = (line: Line) => ({ ...line, Amount: plus(line.Amount, 250) })
  await amount('the shipping is dearer', moved, withLine(moved.invoice.Line, isShipping, dearerShipping), 250)
  const free = shipped()
  const without = withLine(free.invoice.Line, isShipping, () => null)
  await amount('the shipping is gone', free, without, minus(free.document.shipping))
  for (const [way, cents, kind] of [
    ['the discount is a cent more', 1, 'DISCOUNT_ROUNDING'],
    ['the discount is a cent less', -1, 'DISCOUNT_ROUNDING'],
    ['the discount is a dollar more', 100, 'AMOUNT'],
  ] as const) {
    const sold = planting.take(isDiscounted)
    const changed = (line: Line) => ({ ...line, Amount: plus(line.Amount, cents) })
    await amount(way, sold, withLine(sold.invoice.Line, isDiscount, changed), cents, kind)
  }
  const undone = planting.take(isDiscounted)
  const full = withLine(undone.invoice.Line, isDiscount, () => null)
  await amount('the discount is gone', undone, full, minus(undone.document.discount))
  for (const [way, change] of [
    ['the tax is a cent more', 1],
    ['the tax is a cent less', -1],
    ['the tax is five dollars more', 500],
    ['the tax is gone', null],
  ] as const) {
    const sold = planting.take((document) => isPlain(document) && isTaxed(document))
    const cents = change ?? minus(sold.document.tax)
    const TotalTax = plus(sold.invoice.TxnTaxDetail?.TotalTax, cents)
    const body = { TxnTaxDetail: { ...sold.invoice.TxnTaxDetail, TotalTax } }
    await planting.edit(way, sold, { body, kind: 'TAX', cents })
  }
}

/** What else people change in an invoice: who, when, what number, whose order, what was sold. */
export async function plantEdits(planting: Planting): Promise<void> {
  const single = (document: InvoiceDocument) => document.lines.every(({ quantity }) => quantity === '1')
  const edit = async (way: string, kind: string, bodyOf: (invoice: Invoice, document: InvoiceDocument) => object) => {
    const sold = planting.take(isPlain)
    await planting.edit(way, sold, { body: bodyOf(sold.invoice, sold.document), kind, cents: '-' })
  }
  await edit('it is billed to another customer', 'CUSTOMER', (invoice) => {
    const other = planting.invoices.find(({ CustomerRef }) => CustomerRef.value !== invoice.CustomerRef.value)
    return { CustomerRef: { value: other?.CustomerRef.value } }
  })
  for (const [way, days] of [
    ['it is dated a day later', 1],
    ['it is dated a day earlier', -1],
    ['it is dated into another month', -40],
  ] as const) {
    await edit(way, 'DATE', (_, document) => {
      const TxnDate = new Date(Date.parse(document.date) + days * 86_400_000).toISOString().slice(0, 10)
      return { TxnDate }
    })
  }
  await edit('it has another number', 'NUMBER', () => ({ DocNumber: 'R-1' }))
  await edit('its note names another order', 'NUMBER', () => ({ PrivateNote: 'Order ORD-99999' }))
  await edit('it is due later', 'EDITED', () => ({ DueDate: '2031-01-01' }))
  const counted = planting.take((document) => isPlain(document) && !single(document))
  const atOnce = counted.invoice.Line.map((line) =>
    isSale(line)
      ? { ...line, SalesItemLineDetail: { ...line.SalesItemLineDetail, Qty: 1, UnitPrice: line.Amount } }
      : line,
  )
  const edited = { kind: 'EDITED', cents: '-' } as const
  await planting.edit('a quantity differs at the same amount', counted, { body: { Line: atOnce }, ...edited })
  const swapped = planting.take((document) => isPlain(document))
  const itemOf = (line: Line | undefined) => line?.SalesItemLineDetail?.ItemRef as { value: string } | undefined
  const own = itemOf(swapped.invoice.Line.find(isSale))
  const lines = planting.invoices.flatMap(({ Line }) => Line.filter(isSale))
  const ItemRef = lines.map(itemOf).find((item) => item?.value !== own?.value)
  const withItem = (line: Line) => ({ ...line, SalesItemLineDetail: { ...line.SalesItemLineDetail, ItemRef } })
  const otherItem = withLine(swapped.invoice.Line, isSale, withItem)
  await planting.edit('another item was sold at the same amount', swapped, { body: { Line: otherItem }, ...edited })
  const turned = planting.take(
    (document) => isPlain(document) && new Set(document.lines.map(({ amount }) => amount)).size > 1,
  )
  const [sales, others] = [turned.invoice.Line.filter(isSale), turned.invoice.Line.filter((line) => !isSale(line))]
  const body = { Line: [...sales.toReversed(), ...others] }
  await planting.edit('its lines stand in another order', turned, { body, ...edited })
  const twice = planting.take((document) => isPlain(document) && isTaxed(document))
  const TotalTax = plus(twice.invoice.TxnTaxDetail?.TotalTax, 7)
  const both = { DocNumber: 'R-2', TxnTaxDetail: { ...twice.invoice.TxnTaxDetail, TotalTax } }
  await planting.edit('its number and its tax: the number', twice, { body: both, kind: 'NUMBER', cents: '-' })
  planting.expect('its number and its tax: the tax', twice.posting.documentNumber, 'TAX', pennies('0.07'))
}
