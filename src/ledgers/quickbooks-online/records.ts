import { z } from 'zod'
import { LinkKind } from '../../domain/link.ts'
import { decimal, isZero, type Money, money, plain, type Quantity, sum, ZERO } from '../../domain/money.ts'
import type { LedgerRecord } from '../ledger.ts'
import { isNumberLiteral, type NumberLiteral } from './exact-json.ts'

/** Our kinds of records in QuickBooks' words. */
export const ENTITIES = {
  INVOICE: 'Invoice',
  CUSTOMER: 'Customer',
  ITEM: 'Item',
  ACCOUNT: 'Account',
} as const satisfies Record<`${LinkKind}`, string>

export type EntityName = (typeof ENTITIES)[keyof typeof ENTITIES]

const KINDS = {
  Invoice: LinkKind.INVOICE,
  Customer: LinkKind.CUSTOMER,
  Item: LinkKind.ITEM,
  Account: LinkKind.ACCOUNT,
} as const satisfies Record<EntityName, LinkKind>

/** The item by which QuickBooks knows the shipping line of an invoice. */
export const SHIPPING_ITEM_ID = 'SHIPPING_ITEM_ID'

const literal = z.custom<NumberLiteral>(isNumberLiteral)
const amount = literal
  .refine(({ rawJSON }) => decimal(rawJSON).decimalPlaces() <= 2)
  .transform(({ rawJSON }): Money => money(rawJSON))
const quantity = literal.transform(({ rawJSON }): Quantity => plain(rawJSON))
const reference = z.object({ value: z.string() })
const id = z.string().min(1)

const InvoiceJson = z.object({
  Id: id,
  DocNumber: z.string().nullish(),
  TxnDate: z.string(),
  DueDate: z.string().nullish(),
  PrivateNote: z.string().nullish(),
  CustomerRef: reference,
  TotalAmt: amount,
  TxnTaxDetail: z.object({ TotalTax: amount.nullish() }).nullish(),
  Line: z.array(
    z.object({
      Amount: amount.nullish(),
      DetailType: z.string(),
      SalesItemLineDetail: z
        .object({
          ItemRef: reference.nullish(),
          Qty: quantity.nullish(),
          UnitPrice: quantity.nullish(),
          TaxCodeRef: reference.nullish(),
        })
        .nullish(),
    }),
  ),
})

type InvoiceLine = z.infer<typeof InvoiceJson>['Line'][number]

const NamedJson = z.object({ Id: id, Active: z.boolean().nullish() })
const NAMED = {
  Customer: NamedJson.extend({ DisplayName: z.string() }).transform((json) => ({ ...json, name: json.DisplayName })),
  Item: NamedJson.extend({ Name: z.string() }).transform((json) => ({ ...json, name: json.Name })),
  Account: NamedJson.extend({ Name: z.string() }).transform((json) => ({ ...json, name: json.Name })),
}

/** Reads a record that QuickBooks returned; null when it is not one, or lacks what a record must have. */
export function readRecord({ entity, json }: { entity: EntityName; json: unknown }): LedgerRecord | null {
  if (entity === 'Invoice') return readInvoice(json)
  const { data } = NAMED[entity].safeParse(json)
  return data ? { entity: KINDS[entity], quickBooksId: data.Id, name: data.name, active: data.Active !== false } : null
}

function readInvoice(json: unknown): LedgerRecord | null {
  const { data } = InvoiceJson.safeParse(json)
  if (!data) return null
  const { discounts, shippings, sales } = sortLines(data.Line)
  return {
    entity: KINDS.Invoice,
    quickBooksId: data.Id,
    name: null,
    active: true,
    invoice: {
      number: data.DocNumber ?? '',
      date: data.TxnDate,
      dueDate: data.DueDate ?? null,
      customerId: data.CustomerRef.value,
      total: data.TotalAmt,
      tax: data.TxnTaxDetail?.TotalTax ?? ZERO,
      discount: sum(discounts.map(amountOf)),
      shipping: sum(shippings.map(amountOf)),
      voided: isVoided(data),
      note: data.PrivateNote ?? null,
      lines: sales.map(({ SalesItemLineDetail: detail, ...line }) => ({
        itemId: detail?.ItemRef?.value ?? null,
        quantity: detail?.Qty ?? null,
        unitPrice: detail?.UnitPrice ?? null,
        amount: amountOf(line),
        taxable: detail?.TaxCodeRef?.value === 'TAX',
      })),
    },
  }
}

/**
 * Which line means what. The subtotal is QuickBooks' own, and a line of text alone bills nothing; both are dropped.
 * A line of a type that we never send stays among the sales, so that the comparison sees it.
 */
function sortLines(lines: InvoiceLine[]) {
  const billed = lines.filter(
    ({ DetailType, Amount }) =>
      DetailType !== 'SubTotalLineDetail' && !(DetailType === 'DescriptionOnly' && isZero(Amount ?? ZERO)),
  )
  const isDiscount = (line: InvoiceLine) => line.DetailType === 'DiscountLineDetail'
  const isShipping = (line: InvoiceLine) => line.SalesItemLineDetail?.ItemRef?.value === SHIPPING_ITEM_ID
  return {
    discounts: billed.filter(isDiscount),
    shippings: billed.filter(isShipping),
    sales: billed.filter((line) => !isDiscount(line) && !isShipping(line)),
  }
}

/** QuickBooks has no status for it: a voided invoice says so in its note, and every amount of it is zero. */
function isVoided({ PrivateNote, TotalAmt, Line }: z.infer<typeof InvoiceJson>): boolean {
  return (
    (PrivateNote ?? '').startsWith('Voided') && isZero(TotalAmt) && Line.every((line) => isZero(line.Amount ?? ZERO))
  )
}

function amountOf({ Amount }: { Amount?: Money | null | undefined }): Money {
  return Amount ?? ZERO
}
