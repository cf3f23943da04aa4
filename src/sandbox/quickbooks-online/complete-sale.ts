import type { Decimal } from 'decimal.js'
import type { Company, QuickBooksRecord } from './company.ts'
import { refValue } from './company.ts'
import type { Completed, Draft } from './draft.ts'
import { businessRule, cannotBeLinked } from './fault.ts'
import { type Fields, isFields, type Json, money } from './json-text.ts'
import { completeSaleLines } from './sale-lines.ts'
import { completeTax } from './sales-tax.ts'
import { addDays } from './time.ts'
import { homeCurrency } from './validate.ts'

/** Invoices, sales receipts, credit memos, refund receipts, estimates: lines, tax, totals, and what is defaulted. */
export function completeSale(draft: Draft): Completed {
  const { company, entity, previous, sent } = draft
  const customer = company.get('Customer', refValue(draft.fields.CustomerRef) ?? '')
  const fields = withDefaults({ draft, customer })
  const previousLines = previous?.Line ?? []
  const parts = completeSaleLines({
    company,
    given: fields.Line as Json[],
    lastLineId: lastLineId(previousLines),
    keepIds: previous !== undefined,
  })
  const taxSent = company.settings.automatedSalesTax ? sent.TxnTaxDetail : fields.TxnTaxDetail
  const tax = completeTax({ company, fields, sent: isFields(taxSent) ? taxSent : undefined, parts })
  const total = parts.subTotal.plus(parts.shipping).minus(parts.discount).plus(money(tax.TotalTax))
  if (total.isNegative()) throw businessRule('The total amount of a transaction must be zero or greater.')
  return {
    fields: {
      ...fields,
      Line: parts.lines,
      TxnTaxDetail: tax,
      TotalAmt: total.toFixed(),
      ...balances({ entityName: entity.name, total, fields, previous }),
    },
  }
}

function withDefaults({ draft, customer }: { draft: Draft; customer: QuickBooksRecord | undefined }): Fields {
  const { company, entity, fields, previous } = draft
  const isInvoice = entity.name === 'Invoice'
  const takesDeposit = entity.name === 'SalesReceipt' || entity.name === 'RefundReceipt'
  const txnDate = String(fields.TxnDate ?? company.today()).slice(0, 10)
  const copied = previous ? undefined : customer
  const term = fields.SalesTermRef ?? copied?.SalesTermRef
  if (!previous) checkLinks({ company, links: fields.LinkedTxn })
  const defaults: Fields = {
    ...fields,
    CustomField: customFields(fields.CustomField),
    TxnDate: txnDate,
    CurrencyRef: fields.CurrencyRef ?? homeCurrency,
    BillAddr: addressOf({ company, address: fields.BillAddr ?? copied?.BillAddr }),
    ShipAddr: addressOf({ company, address: fields.ShipAddr ?? copied?.ShipAddr }),
    ApplyTaxAfterDiscount: fields.ApplyTaxAfterDiscount ?? false,
    PrintStatus: fields.PrintStatus ?? 'NeedToPrint',
    EmailStatus: fields.EmailStatus ?? 'NotSet',
  }
  if (entity.name === 'Estimate') defaults.TxnStatus = fields.TxnStatus ?? 'Pending'
  if (takesDeposit) defaults.DepositToAccountRef = fields.DepositToAccountRef ?? undepositedFunds(company)
  if (!isInvoice) return defaults
  for (const flag of [
    'AllowIPNPayment',
    'AllowOnlinePayment',
    'AllowOnlineCreditCardPayment',
    'AllowOnlineACHPayment',
  ]) {
    defaults[flag] = fields[flag] ?? false
  }
  return {
    ...defaults,
    LinkedTxn: fields.LinkedTxn ?? [],
    SalesTermRef: term,
    DueDate: fields.DueDate ?? addDays({ day: txnDate, days: dueDays({ company, term }) }),
  }
}

function balances({ entityName, total, fields, previous }: BalanceWork): Fields {
  if (entityName === 'Invoice') {
    const settled = money(previous?.TotalAmt).minus(money(previous?.Balance)).minus(money(previous?.Deposit))
    const open = total.minus(money(fields.Deposit)).minus(settled)
    if (open.isNegative()) throw businessRule('The total may not be lower than what has been paid already.')
    return { Balance: open.toFixed() }
  }
  if (entityName === 'CreditMemo') {
    const used = money(previous?.TotalAmt).minus(money(previous?.RemainingCredit))
    const rest = total.minus(used)
    if (rest.isNegative()) throw businessRule('The total may not be lower than what has been applied already.')
    return { Balance: rest.toFixed(), RemainingCredit: rest.toFixed() }
  }
  return entityName === 'Estimate' ? {} : { Balance: '0' }
}

interface BalanceWork {
  entityName: string
  total: Decimal
  fields: Fields
  previous: QuickBooksRecord | undefined
}

/** The company has one custom field on its sales forms; every answer carries its definition. */
function customFields(given: Json | undefined): Json {
  const sent = Array.isArray(given) ? given.find((field) => isFields(field) && field.DefinitionId === '1') : undefined
  const value = isFields(sent) ? sent.StringValue : undefined
  return [{ DefinitionId: '1', Name: 'Sales Rep', Type: 'StringType', StringValue: value }]
}

function addressOf({ company, address }: { company: Company; address: Json | undefined }): Json | undefined {
  if (!isFields(address)) return undefined
  return address.Id === undefined ? { Id: company.nextNumber('address'), ...address } : address
}

function dueDays({ company, term }: { company: Company; term: Json | undefined }): number {
  const record = company.get('Term', refValue(term) ?? '')
  return record?.DueDays === undefined ? company.settings.defaultDueDays : Number(record.DueDays)
}

function checkLinks({ company, links }: { company: Company; links: Json | undefined }): void {
  for (const link of Array.isArray(links) ? links : []) {
    const { TxnId, TxnType } = isFields(link) ? link : {}
    if (!company.get(String(TxnType), String(TxnId)))
      throw cannotBeLinked(`${TxnType} ${TxnId} is not there to be linked.`)
  }
}

/** Where money waits that no deposit has taken to the bank yet. */
export function undepositedFunds(company: Company): Fields | undefined {
  for (const account of company.table('Account').all()) {
    if (account.AccountSubType === 'UndepositedFunds') return { value: account.Id, name: account.Name }
  }
  return undefined
}

const lastLineId = (lines: Json): number =>
  Array.isArray(lines) ? Math.max(0, ...lines.map((line) => (isFields(line) ? Number(line.Id ?? 0) : 0))) : 0
