import { z } from 'zod'
import { isZero, type Money, sum, ZERO } from '../../domain/money.ts'
import type { LedgerRecord, LedgerSale } from '../ledger.ts'
import { amount, quantity, RecordJson, reference } from './record-json.ts'

/** The item by which QuickBooks knows the shipping line of a sales document. */
export const SHIPPING_ITEM_ID = 'SHIPPING_ITEM_ID'

const SaleJson = RecordJson.extend({
  MetaData: z.object({ CreateTime: z.string().nullish() }).nullish(),
  DocNumber: z.string().nullish(),
  TxnDate: z.string(),
  DueDate: z.string().nullish(),
  PrivateNote: z.string().nullish(),
  CustomerRef: reference,
  TotalAmt: amount,
  Balance: amount.nullish(),
  RemainingCredit: amount.nullish(),
  SalesTermRef: reference.nullish(),
  TxnTaxDetail: z.object({ TotalTax: amount.nullish(), TxnTaxCodeRef: reference.nullish() }).nullish(),
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

type Sale = z.infer<typeof SaleJson>
type SaleLine = Sale['Line'][number]

/** What QuickBooks says of an invoice, a credit memo or a refund; null when it is none. */
export function readSale({
  json,
  balanceOf,
}: {
  json: unknown
  balanceOf: 'Balance' | 'RemainingCredit' | null
}): Omit<LedgerRecord, 'entity'> | null {
  const { data } = SaleJson.safeParse(json)
  if (!data) return null
  return {
    quickBooksId: data.Id,
    name: null,
    active: true,
    revision: data.SyncToken ?? null,
    ...creationOf(data),
    sale: saleOf(data, balanceOf === null ? null : (data[balanceOf] ?? null)),
  }
}

function creationOf({ MetaData }: Sale): { createdAt?: string } {
  const at = Date.parse(MetaData?.CreateTime ?? '')
  return Number.isNaN(at) ? {} : { createdAt: new Date(at).toISOString() }
}

function saleOf(data: Sale, balance: Money | null): LedgerSale {
  const { discounts, shippings, sales } = sortLines(data.Line)
  return {
    number: data.DocNumber ?? '',
    date: data.TxnDate,
    dueDate: data.DueDate ?? null,
    customerId: data.CustomerRef.value,
    total: data.TotalAmt,
    tax: data.TxnTaxDetail?.TotalTax ?? ZERO,
    discount: sum(discounts.map(amountOf)),
    shipping: sum(shippings.map(amountOf)),
    balance,
    voided: isVoided(data),
    note: data.PrivateNote ?? null,
    termsId: data.SalesTermRef?.value ?? null,
    lines: sales.map(({ SalesItemLineDetail: detail, ...line }) => ({
      itemId: detail?.ItemRef?.value ?? null,
      quantity: detail?.Qty ?? null,
      unitPrice: detail?.UnitPrice ?? null,
      amount: amountOf(line),
      taxable: detail?.TaxCodeRef?.value === 'TAX',
      taxCodeId: taxCodeOf(detail?.TaxCodeRef?.value, data),
    })),
  }
}

/** A taxed line says only that it is taxed; how, says the document for all of them, when it was told. */
function taxCodeOf(code: string | undefined, { TxnTaxDetail }: Sale): string | null {
  return (code === 'TAX' ? TxnTaxDetail?.TxnTaxCodeRef?.value : undefined) ?? code ?? null
}

/**
 * Which line means what. The subtotal is QuickBooks' own, and a line of text alone bills nothing; both are dropped.
 * A line of a type that we never send stays among the sales, so that the comparison sees it.
 */
function sortLines(lines: SaleLine[]) {
  const billed = lines.filter(
    ({ DetailType, Amount }) =>
      DetailType !== 'SubTotalLineDetail' && !(DetailType === 'DescriptionOnly' && isZero(Amount ?? ZERO)),
  )
  const isDiscount = (line: SaleLine) => line.DetailType === 'DiscountLineDetail'
  const isShipping = (line: SaleLine) => line.SalesItemLineDetail?.ItemRef?.value === SHIPPING_ITEM_ID
  return {
    discounts: billed.filter(isDiscount),
    shippings: billed.filter(isShipping),
    sales: billed.filter((line) => !isDiscount(line) && !isShipping(line)),
  }
}

/** QuickBooks has no status for it: what is voided says so in its note, and every amount of it is zero. */
function isVoided({ PrivateNote, TotalAmt, Line }: Sale): boolean {
  return saysVoided(PrivateNote) && isZero(TotalAmt) && Line.every((line) => isZero(line.Amount ?? ZERO))
}

export function saysVoided(note: string | null | undefined): boolean {
  return (note ?? '').startsWith('Voided')
}

function amountOf({ Amount }: { Amount?: Money | null | undefined }): Money {
  return Amount ?? ZERO
}
