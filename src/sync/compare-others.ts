import type { MappedCustomer, MappedItem, MappedPayment, MappedVoid } from '../domain/document.ts'
import { ZERO } from '../domain/money.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import { type Compared, otherwise, Sides } from './compare-sides.ts'

export function comparePayment({ document, customerId, applications }: MappedPayment, record: LedgerRecord): Compared {
  const { payment } = record
  if (!payment) return otherwise({ ours: 'payment', theirs: 'none', words: 'QuickBooks returned no payment' })
  if (payment.voided) return otherwise({ ours: 'posted', theirs: 'voided', words: 'it is voided in QuickBooks' })
  const sides = new Sides()
  // A credit that is only applied may be no record of its own, and then has neither number nor date.
  if (payment.number !== null) sides.field('number', { ours: document.number || null, theirs: payment.number || null })
  sides.field('customer', { ours: customerId, theirs: payment.customerId })
  if (payment.date !== null) sides.field('date', { ours: document.date, theirs: payment.date })
  sides.field('amount', { ours: document.amount, theirs: payment.amount })
  const ours = applications.map(({ invoiceId, amount, creditId }) => part(invoiceId, amount, creditId ?? null)).sort()
  const theirs = payment.applications.map(({ invoiceId, amount, creditId }) => part(invoiceId, amount, creditId)).sort()
  for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
    sides.field('applied', { line: at + 1, ours: ours[at] ?? null, theirs: theirs[at] ?? null })
  }
  return sides.compared()
}

function part(invoiceId: string, amount: string, creditId: string | null): string {
  return `${amount} to ${invoiceId}${creditId === null ? '' : ` by ${creditId}`}`
}

/** What was voided keeps its id and its number; its amounts are zero. What cannot be voided is gone. */
export function compareVoid({ document, targetId }: MappedVoid, record: LedgerRecord): Compared {
  const { sale, payment } = record
  const voided = record.deleted ?? sale?.voided ?? payment?.voided ?? false
  const sides = new Sides()
  sides.field('id', { ours: targetId, theirs: record.quickBooksId })
  sides.field('state', {
    ours: 'voided',
    theirs: voided ? 'voided' : 'posted',
    words: 'it is not voided in QuickBooks',
  })
  const number = sale?.number ?? payment?.number ?? null
  if (number !== null) sides.field('number', { ours: document.target.number, theirs: number })
  const amount = sale?.total ?? payment?.amount ?? null
  if (voided && amount !== null) sides.field('total', { ours: ZERO, theirs: amount })
  return sides.compared()
}

/** Names are told apart without regard to case, as QuickBooks itself does. */
export function compareCustomer({ document, update }: MappedCustomer, record: LedgerRecord): Compared {
  const sides = new Sides()
  const sameName = record.name?.toLowerCase() === document.name.toLowerCase()
  sides.field('name', {
    ours: document.name,
    theirs: sameName ? document.name : record.name,
    words: `name "${document.name}" against "${record.name}"`,
  })
  const active = document.active ?? true
  sides.field('state', {
    ours: active ? 'active' : 'inactive',
    theirs: record.active ? 'active' : 'inactive',
    words: record.active ? 'active in QuickBooks' : 'inactive in QuickBooks',
  })
  if (!update) return sides.compared()
  sides.field('id', { ours: update.quickBooksId, theirs: record.quickBooksId })
  const { email } = record.customer ?? {}
  if (email !== undefined && document.email !== undefined)
    sides.field('e-mail address', { ours: document.email.toLowerCase(), theirs: email?.toLowerCase() ?? null })
  return sides.compared()
}

/** Its account is compared where both sides say it; price and description are the accountant's from then on. */
export function compareItem({ document, incomeAccountId }: MappedItem, record: LedgerRecord): Compared {
  const sides = new Sides()
  const sameName = record.name?.toLowerCase() === document.name.toLowerCase()
  sides.field('name', { ours: document.name, theirs: sameName ? document.name : record.name })
  sides.field('state', { ours: 'active', theirs: record.active ? 'active' : 'inactive' })
  const theirs = record.item?.incomeAccountId ?? null
  if (incomeAccountId !== '' && theirs !== null) sides.field('income account', { ours: incomeAccountId, theirs })
  return sides.compared()
}
