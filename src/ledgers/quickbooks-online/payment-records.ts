import { z } from 'zod'
import { decimal, isZero, type Money, minus, money } from '../../domain/money.ts'
import type { LedgerPayment, LedgerRecord } from '../ledger.ts'
import { amount, RecordJson, reference } from './record-json.ts'
import { saysVoided } from './sale-records.ts'

const PaymentJson = RecordJson.extend({
  PaymentRefNum: z.string().nullish(),
  TxnDate: z.string(),
  CustomerRef: reference,
  TotalAmt: amount,
  UnappliedAmt: amount.nullish(),
  PrivateNote: z.string().nullish(),
  Line: z
    .array(
      z.object({
        Amount: amount,
        LinkedTxn: z.array(z.object({ TxnId: z.string(), TxnType: z.string() })).nullish(),
      }),
    )
    .nullish(),
})

/** What QuickBooks says of a payment; null when it is none. */
export function readPayment(json: unknown): Omit<LedgerRecord, 'entity'> | null {
  const { data } = PaymentJson.safeParse(json)
  if (!data) return null
  const lines = data.Line ?? []
  return {
    quickBooksId: data.Id,
    name: null,
    active: true,
    revision: data.SyncToken ?? null,
    payment: {
      number: data.PaymentRefNum ?? '',
      date: data.TxnDate,
      customerId: data.CustomerRef.value,
      amount: data.TotalAmt,
      unapplied: data.UnappliedAmt ?? null,
      voided: saysVoided(data.PrivateNote) && isZero(data.TotalAmt) && lines.length === 0,
      note: data.PrivateNote ?? null,
      applications: applicationsOf({ invoices: linksOf(lines, 'Invoice'), credits: linksOf(lines, 'CreditMemo') }),
    },
  }
}

interface Link {
  id: string
  amount: Money
}

type Line = NonNullable<z.infer<typeof PaymentJson>['Line']>[number]

function linksOf(lines: Line[], type: string): Link[] {
  return lines.flatMap(({ Amount, LinkedTxn }) =>
    (LinkedTxn ?? []).filter(({ TxnType }) => TxnType === type).map(({ TxnId }) => ({ id: TxnId, amount: Amount })),
  )
}

/**
 * Which credit pays which invoice QuickBooks does not say: it lists what is paid, and what pays. The credits are used up
 * in their order, from the first invoice on; the money pays the rest.
 */
function applicationsOf({ invoices, credits }: { invoices: Link[]; credits: Link[] }): LedgerPayment['applications'] {
  const left = credits.map((credit) => ({ ...credit }))
  return invoices.flatMap(({ id: invoiceId, amount }) => {
    const parts: LedgerPayment['applications'] = []
    let rest = amount
    while (!isZero(rest) && left[0]) {
      const used = smaller(rest, left[0].amount)
      parts.push({ invoiceId, amount: used, creditId: left[0].id })
      rest = minus(rest, used)
      left[0].amount = minus(left[0].amount, used)
      if (isZero(left[0].amount)) left.shift()
    }
    return isZero(rest) && parts.length > 0 ? parts : [...parts, { invoiceId, amount: rest, creditId: null }]
  })
}

function smaller(one: Money, other: Money): Money {
  return decimal(one).lessThan(other) ? money(one) : money(other)
}
