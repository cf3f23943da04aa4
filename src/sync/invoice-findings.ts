import { type DifferenceLine, DiscrepancyKind, DiscrepancyResolution } from '../domain/discrepancy.ts'
import { type MappedInvoice, otherStamp } from '../domain/document.ts'
import { decimal, type Money, minus, plain, sum } from '../domain/money.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'

/** One kind of difference of one subject. `record` is what a resolution would act on in QuickBooks. */
export interface Finding {
  kind: DiscrepancyKind
  lines: DifferenceLine[]
  proposal: DiscrepancyResolution
  quickBooksId: string | null
  theirTotal: Money | null
}

type Invoice = NonNullable<LedgerRecord['sale']>
type Kinded = { kind: DiscrepancyKind; line: DifferenceLine }

/**
 * Each difference by its kind, to the cent; none exactly when `compare` finds none. The total follows from its parts and is
 * named only where it does not.
 */
export function invoiceFindings(mapped: MappedInvoice, record: LedgerRecord): Finding[] {
  const { sale: invoice, quickBooksId } = record
  if (!invoice) return []
  const { document } = mapped
  const theirTotal = invoice.total
  if (invoice.voided) {
    const lines = [moneyLine({ field: 'total', ours: document.total, theirs: invoice.total })]
    return [{ kind: DiscrepancyKind.VOIDED, lines, proposal: DiscrepancyResolution.REPOST, quickBooksId, theirTotal }]
  }
  const found = [...named(mapped, invoice), ...amounts(mapped, invoice)]
  return [...Map.groupBy(found, ({ kind }) => kind)].map(([kind, all]) => ({
    kind,
    lines: all.map(({ line }) => line),
    proposal: DiscrepancyResolution.ACCEPT,
    quickBooksId,
    theirTotal,
  }))
}

function named({ document, customerId }: MappedInvoice, invoice: Invoice): Kinded[] {
  const other = otherStamp(invoice.note, document.orderNumber)
  return [
    ...differing(DiscrepancyKind.NUMBER, 'number', document.number, invoice.number),
    ...(other === null ? [] : differing(DiscrepancyKind.NUMBER, 'order', document.orderNumber, other)),
    ...differing(DiscrepancyKind.CUSTOMER, 'customer', customerId, invoice.customerId),
    ...differing(DiscrepancyKind.DATE, 'date', document.date, invoice.date),
    ...(document.dueDate ? differing(DiscrepancyKind.EDITED, 'due date', document.dueDate, invoice.dueDate) : []),
  ]
}

function differing(kind: DiscrepancyKind, field: string, ours: string, theirs: string | null): Kinded[] {
  return ours === theirs ? [] : [{ kind, line: { field, line: null, ours, theirs, cents: null } }]
}

function amounts(mapped: MappedInvoice, invoice: Invoice): Kinded[] {
  const { document } = mapped
  const lines = lineDifferences(mapped, invoice)
  const apart = (ours: Money, theirs: Money) => minus(theirs, ours)
  const discount = apart(document.discount, invoice.discount)
  const isRounding = decimal(discount).abs().times(100).lte(Math.max(1, document.lines.length))
  const explained = sum([
    apart(document.tax, invoice.tax),
    minus('0.00', discount),
    apart(document.shipping, invoice.shipping),
    apart(sum(document.lines.map(({ amount }) => amount)), sum(invoice.lines.map(({ amount }) => amount))),
  ])
  const isExplained = apart(document.total, invoice.total) === explained
  const whole = (kind: DiscrepancyKind, field: string, ours: Money, theirs: Money): Kinded[] =>
    ours === theirs ? [] : [{ kind, line: moneyLine({ field, ours, theirs }) }]
  return [
    ...lines,
    ...whole(DiscrepancyKind.TAX, 'tax', document.tax, invoice.tax),
    ...whole(
      isRounding ? DiscrepancyKind.DISCOUNT_ROUNDING : DiscrepancyKind.AMOUNT,
      'discount',
      document.discount,
      invoice.discount,
    ),
    ...whole(DiscrepancyKind.AMOUNT, 'shipping', document.shipping, invoice.shipping),
    ...(isExplained ? [] : whole(DiscrepancyKind.AMOUNT, 'total', document.total, invoice.total)),
  ]
}

/** Line by line; where the same lines only stand in another order, that is the one difference. */
function lineDifferences({ document, itemIds }: MappedInvoice, invoice: Invoice): Kinded[] {
  const ours = document.lines.map((line, index) => keyOf({ ...line, itemId: itemIds[index] ?? null }))
  const theirs = invoice.lines.map(keyOf)
  if (ours.join() === theirs.join()) return []
  if (ours.toSorted().join() === theirs.toSorted().join())
    return [
      {
        kind: DiscrepancyKind.EDITED,
        line: { field: 'order of lines', line: null, ours: 'as sold', theirs: 'another', cents: null },
      },
    ]
  const count = Math.max(ours.length, theirs.length)
  return Array.from({ length: count }, (_, index) => index).flatMap((index): Kinded[] => {
    const [our, their, line] = [document.lines[index], invoice.lines[index], index + 1]
    if (!our || !their) {
      const [mine, other] = [our?.amount ?? null, their?.amount ?? null]
      return [
        { kind: DiscrepancyKind.AMOUNT, line: { ...moneyLine({ field: 'line', ours: mine, theirs: other }), line } },
      ]
    }
    const text = (kind: DiscrepancyKind, field: string, mine: string, other: string | null): Kinded[] =>
      differing(kind, field, mine, other).map((one) => ({ ...one, line: { ...one.line, line } }))
    const isDearer = our.amount !== their.amount
    const quantity = their.quantity === null ? null : plain(their.quantity)
    return [
      ...(isDearer
        ? [
            {
              kind: DiscrepancyKind.AMOUNT,
              line: { ...moneyLine({ field: 'amount', ours: our.amount, theirs: their.amount }), line },
            },
          ]
        : []),
      ...text(DiscrepancyKind.EDITED, 'item', itemIds[index] ?? '', their.itemId),
      ...text(isDearer ? DiscrepancyKind.AMOUNT : DiscrepancyKind.EDITED, 'quantity', plain(our.quantity), quantity),
    ]
  })
}

function keyOf(line: { itemId: string | null; amount: Money; quantity: string | null }): string {
  return `${line.itemId}|${line.amount}|${line.quantity === null ? '' : plain(line.quantity)}`
}

/** Theirs less ours, in whole cents. A side that is not there is nothing. */
export function moneyLine(args: { field: string; ours: Money | null; theirs: Money | null }): DifferenceLine {
  const cents = plain(
    decimal(args.theirs ?? '0')
      .minus(args.ours ?? '0')
      .times(100),
  )
  return { field: args.field, line: null, ours: args.ours, theirs: args.theirs, cents }
}

/** A difference as a sentence, what was posted first. */
export function inWords({ field, line, ours, theirs }: DifferenceLine): string {
  return `${line === null || field === 'line' ? '' : `line ${line} `}${field === 'line' ? `line ${line}` : field} ${ours ?? 'none'} against ${theirs ?? 'none'}`
}
