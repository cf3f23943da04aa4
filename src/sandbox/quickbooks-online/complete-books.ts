import { Decimal } from 'decimal.js'
import type { Company } from './company.ts'
import { refValue } from './company.ts'
import type { Completed, Draft } from './draft.ts'
import { businessRule, cannotBeLinked, objectNotFound, requiredMissing } from './fault.ts'
import { type Fields, isFields, type Json, money, toCents } from './json-text.ts'
import { addDays } from './time.ts'
import { homeCurrency } from './validate.ts'

/** Bills, vendor credits and purchases: lines by account or item, a total, and for bills a balance and a due date. */
export function completeExpense(draft: Draft): Completed {
  const { company, entity, previous } = draft
  const fields = withDates(draft)
  const lines = numberedLines(fields)
  const tax = isFields(fields.TxnTaxDetail) ? money(fields.TxnTaxDetail.TotalTax) : new Decimal(0)
  const total = sumOf(lines).plus(tax)
  const paid = money(previous?.TotalAmt).minus(money(previous?.Balance ?? previous?.TotalAmt))
  const completed: Fields = { ...fields, Line: lines, TotalAmt: total.toFixed(), LinkedTxn: fields.LinkedTxn ?? [] }
  if (entity.name === 'Purchase') return { fields: completed }
  completed.Balance = total.minus(paid).toFixed()
  completed.APAccountRef = fields.APAccountRef ?? accountOfType({ company, type: 'Accounts Payable' })
  if (entity.name !== 'Bill') return { fields: completed }
  const term = company.get('Term', refValue(fields.SalesTermRef) ?? '')
  const days = Number(term?.DueDays ?? company.settings.defaultDueDays)
  completed.DueDate = fields.DueDate ?? addDays({ day: String(fields.TxnDate), days })
  return { fields: completed }
}

/** Journal entries: debits equal credits, or fault 6000. */
export function completeJournal(draft: Draft): Completed {
  const fields = withDates(draft)
  const lines = numberedLines(fields)
  const sumOfType = (type: string): Decimal =>
    sumOf(
      lines.filter((line) => {
        const detail = line.JournalEntryLineDetail
        return isFields(detail) && detail.PostingType === type
      }),
    )
  if (!sumOfType('Debit').equals(sumOfType('Credit'))) {
    throw businessRule('The total debits must equal the total credits.')
  }
  return {
    fields: {
      ...fields,
      Line: lines,
      Adjustment: fields.Adjustment ?? false,
      TotalAmt: sumOfType('Debit').toFixed(),
    },
  }
}

/** Deposits: the payments and receipts taken to the bank are marked, and cannot be changed until the deposit is undone. */
export function completeDeposit(draft: Draft): Completed {
  const { company, id } = draft
  const fields = withDates(draft)
  const lines = numberedLines(fields)
  const taken = lines.flatMap((line) => (Array.isArray(line.LinkedTxn) ? line.LinkedTxn : []))
  for (const link of taken) {
    const { TxnId, TxnType } = isFields(link) ? link : {}
    if (!company.get(String(TxnType), String(TxnId))) throw objectNotFound()
    if (TxnType !== 'Payment' && TxnType !== 'SalesReceipt') throw cannotBeLinked(`A ${TxnType} cannot be deposited.`)
  }
  return {
    fields: { ...fields, Line: lines, TotalAmt: sumOf(lines).toFixed() },
    afterwards: () => markDeposited({ company, links: taken, depositId: id, isDeposited: true }),
  }
}

/** Sets or takes away the deposit's link on what it took to the bank. */
export function markDeposited({ company, links, depositId, isDeposited }: DepositMark): void {
  for (const link of links) {
    if (!isFields(link)) continue
    const entityName = String(link.TxnType)
    const record = company.get(entityName, String(link.TxnId))
    if (!record) continue
    const known = Array.isArray(record.LinkedTxn) ? record.LinkedTxn : []
    const others = known.filter((other) => !(isFields(other) && other.TxnType === 'Deposit'))
    const linked = isDeposited ? [...others, { TxnId: depositId, TxnType: 'Deposit' }] : others
    company.put({ entityName, record: company.touched({ ...record, LinkedTxn: linked }) })
  }
}

interface DepositMark {
  company: Company
  links: Json[]
  depositId: string
  isDeposited: boolean
}

function withDates({ company, fields }: Draft): Fields {
  return {
    ...fields,
    TxnDate: String(fields.TxnDate ?? company.today()).slice(0, 10),
    CurrencyRef: fields.CurrencyRef ?? homeCurrency,
  }
}

function numberedLines(fields: Fields): Fields[] {
  const lines = Array.isArray(fields.Line) ? fields.Line.filter(isFields) : []
  return lines.map((line, position) => {
    if (line.Amount === undefined) throw requiredMissing(['Line.Amount'])
    const amount = toCents(money(line.Amount)).toFixed()
    return { ...line, Id: String(line.Id ?? position + 1), LineNum: position + 1, Amount: amount }
  })
}

const sumOf = (lines: Fields[]): Decimal => lines.reduce((sum, line) => sum.plus(money(line.Amount)), new Decimal(0))

function accountOfType({ company, type }: { company: Company; type: string }): Fields | undefined {
  for (const account of company.table('Account').all()) {
    if (account.AccountType === type) return { value: account.Id, name: account.Name }
  }
  return undefined
}
