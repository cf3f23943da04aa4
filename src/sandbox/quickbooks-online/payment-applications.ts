import { Decimal } from 'decimal.js'
import type { Company, QuickBooksRecord } from './company.ts'
import { refValue } from './company.ts'
import { undepositedFunds } from './complete-sale.ts'
import type { Completed, Draft } from './draft.ts'
import { businessRule, cannotBeLinked, objectNotFound } from './fault.ts'
import { type Fields, isFields, type Json, money, toCents } from './json-text.ts'
import { homeCurrency } from './validate.ts'

/** One part of a payment: so much of it belongs to that invoice, or is taken from that credit memo. */
interface Application {
  type: 'Invoice' | 'CreditMemo'
  id: string
  amount: Decimal
}

/** A payment: its parts lower the balances of invoices and use up credit memos; both sides carry the link. */
export function completePayment(draft: Draft): Completed {
  const { company, id, fields, previous, sent } = draft
  const isAutomatic = company.settings.autoApplyPayments && !previous && sent.Line === undefined
  const applications = isAutomatic ? oldestFirst({ company, fields }) : applicationsOf(fields.Line)
  const before = applicationsOf(previous?.Line)
  for (const application of applications) checkApplication({ company, application, before, fields })
  const total = toCents(money(fields.TotalAmt))
  if (total.isNegative()) throw businessRule('The payment amount must be zero or greater.')
  const unapplied = total.minus(sumOf(applications, 'Invoice')).plus(sumOf(applications, 'CreditMemo'))
  if (unapplied.isNegative()) throw businessRule('The amounts applied are more than the payment and its credits.')
  return {
    fields: {
      ...fields,
      TotalAmt: total.toFixed(),
      UnappliedAmt: unapplied.toFixed(),
      ProcessPayment: fields.ProcessPayment ?? false,
      DepositToAccountRef: fields.DepositToAccountRef ?? undepositedFunds(company),
      TxnDate: String(fields.TxnDate ?? company.today()).slice(0, 10),
      CurrencyRef: fields.CurrencyRef ?? homeCurrency,
      LinkedTxn: previous?.LinkedTxn ?? [],
      Line: applications.map((application) => lineOf({ company, application })),
    },
    afterwards: () => moveApplications({ company, paymentId: id, before, now: applications }),
  }
}

/** Takes a payment's parts off its invoices and credit memos, before it is voided or deleted. */
export function releasePayment({ company, payment }: { company: Company; payment: QuickBooksRecord }): void {
  moveApplications({ company, paymentId: payment.Id, before: applicationsOf(payment.Line), now: [] })
}

/** Frees the payments of an invoice or credit memo that is deleted: their money becomes unapplied. */
export function releaseDocument({ company, type, id }: { company: Company; type: string; id: string }): void {
  const document = company.get(type, id)
  const links = Array.isArray(document?.LinkedTxn) ? document.LinkedTxn : []
  for (const link of links) {
    const payment =
      isFields(link) && link.TxnType === 'Payment' ? company.get('Payment', String(link.TxnId)) : undefined
    if (!payment) continue
    const all = applicationsOf(payment.Line)
    const kept = all.filter((application) => application.type !== type || application.id !== id)
    const freed = sumOf(all, 'Invoice').minus(sumOf(kept, 'Invoice'))
    const lines = kept.map((application) => lineOf({ company, application }))
    const unapplied = money(payment.UnappliedAmt).plus(freed).toFixed()
    company.put({
      entityName: 'Payment',
      record: company.touched({ ...payment, Line: lines, UnappliedAmt: unapplied }),
    })
    company.onChange({ entity: 'Payment', id: payment.Id, operation: 'Update' })
  }
}

function applicationsOf(lines: Json | undefined): Application[] {
  const applications: Application[] = []
  for (const line of Array.isArray(lines) ? lines : []) {
    const links = isFields(line) && Array.isArray(line.LinkedTxn) ? line.LinkedTxn : []
    for (const link of links) {
      if (!isFields(link) || !isFields(line)) continue
      const type = link.TxnType
      if (type !== 'Invoice' && type !== 'CreditMemo') throw cannotBeLinked(`A payment cannot be linked to a ${type}.`)
      applications.push({ type, id: String(link.TxnId), amount: toCents(money(line.Amount)) })
    }
  }
  return applications
}

function checkApplication({ company, application, before, fields }: ApplicationCheck): void {
  const { type, id, amount } = application
  const target = company.get(type, id)
  if (!target) throw objectNotFound()
  if (refValue(target.CustomerRef) !== refValue(fields.CustomerRef)) {
    throw cannotBeLinked(`${type} ${id} belongs to another customer.`)
  }
  const known = before.filter((other) => other.type === type && other.id === id)
  const open = known.reduce((sum, other) => sum.plus(other.amount), openOf({ type, target }))
  if (amount.isNegative() || amount.greaterThan(open)) {
    throw businessRule(`The amount applied to ${type} ${id} is more than what is open on it.`)
  }
}

interface ApplicationCheck {
  company: Company
  application: Application
  before: Application[]
  fields: Fields
}

const openOf = ({ type, target }: { type: Application['type']; target: QuickBooksRecord }): Decimal =>
  money(target[type === 'Invoice' ? 'Balance' : 'RemainingCredit'])

const sumOf = (applications: Application[], type: Application['type']): Decimal =>
  applications.filter((each) => each.type === type).reduce((sum, each) => sum.plus(each.amount), new Decimal(0))

function oldestFirst({ company, fields }: { company: Company; fields: Fields }): Application[] {
  let rest = toCents(money(fields.TotalAmt))
  const customerId = refValue(fields.CustomerRef) ?? ''
  const open = company
    .ofCustomer({ entityName: 'Invoice', customerId })
    .filter((invoice) => money(invoice.Balance).greaterThan(0))
    .sort((one, other) => String(one.TxnDate).localeCompare(String(other.TxnDate)))
  const applications: Application[] = []
  for (const invoice of open) {
    const amount = Decimal.min(rest, money(invoice.Balance))
    if (!amount.greaterThan(0)) break
    applications.push({ type: 'Invoice', id: invoice.Id, amount })
    rest = rest.minus(amount)
  }
  return applications
}

/** Moves what has changed between the old parts and the new, with the links and a new SyncToken on each target. */
function moveApplications({ company, paymentId, before, now }: ApplicationMove): void {
  const targets = new Map([...before, ...now].map(({ type, id }) => [`${type} ${id}`, { type, id }]))
  for (const { type, id } of targets.values()) {
    const amountIn = (list: Application[]): Decimal =>
      list.reduce((sum, each) => (each.type === type && each.id === id ? sum.plus(each.amount) : sum), new Decimal(0))
    const target = company.get(type, id)
    const moved = amountIn(now).minus(amountIn(before))
    if (!target || moved.isZero()) continue
    const open = openOf({ type, target }).minus(moved).toFixed()
    const links = Array.isArray(target.LinkedTxn) ? target.LinkedTxn : []
    const others = links.filter((link) => !(isFields(link) && link.TxnId === paymentId && link.TxnType === 'Payment'))
    const linked = amountIn(now).isZero() ? others : [...others, { TxnId: paymentId, TxnType: 'Payment' }]
    const balances: Fields = type === 'Invoice' ? { Balance: open } : { Balance: open, RemainingCredit: open }
    company.put({ entityName: type, record: company.touched({ ...target, ...balances, LinkedTxn: linked }) })
    company.onChange({ entity: type, id, operation: 'Update' })
  }
}

interface ApplicationMove {
  company: Company
  paymentId: string
  before: Application[]
  now: Application[]
}

function lineOf({ company, application }: { company: Company; application: Application }): Fields {
  const { type, id, amount } = application
  const target = company.get(type, id)
  const note = ({ name, value }: { name: string; value: Json | undefined }): Fields => ({
    name: '{http://schema.intuit.com/finance/v3}NameValue',
    declaredType: 'com.intuit.schema.finance.v3.NameValue',
    scope: 'javax.xml.bind.JAXBElement$GlobalScope',
    value: { Name: name, Value: value },
    nil: false,
    globalScope: true,
    typeSubstituted: false,
  })
  return {
    Amount: amount.toFixed(),
    LinkedTxn: [{ TxnId: id, TxnType: type }],
    LineEx: {
      any: [
        note({ name: 'txnId', value: id }),
        note({ name: 'txnOpenBalance', value: money(target?.TotalAmt).toFixed(2) }),
        note({ name: 'txnReferenceNumber', value: target?.DocNumber }),
      ],
    },
  }
}
