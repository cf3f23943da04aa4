import { ExchangePurpose } from '../../domain/kinds.ts'
import type { Answer, Carry, CompanyCheck, Outcome, StoredExchange } from '../ledger.ts'
import { membersOf, readJson } from './exact-json.ts'
import { fromAnswer } from './from-answer.ts'
import { readOf } from './pack.ts'

interface CheckOptions {
  realmId: string
  carry: Carry
  now: () => Date
}

/**
 * Asks the company for its name, its currency, its sales tax and whether documents keep our numbers. QuickBooks names a company by the
 * realm of the address alone, and answers only when the token belongs to that realm: another company's token is refused
 * with code 100, which stops as WRONG_COMPANY. A `stop` of THROTTLED, TOKEN_EXPIRED, QUICKBOOKS_UNREACHABLE or
 * ANSWER_NOT_UNDERSTOOD may pass: check again.
 */
export async function checkCompany(options: CheckOptions): Promise<CompanyCheck> {
  const company = await read({ ...options, resource: `companyinfo/${options.realmId}`, member: 'CompanyInfo' })
  if ('stop' in company) return stopped(company.stop)
  const preferences = await read({ ...options, resource: 'preferences', member: 'Preferences' })
  if ('stop' in preferences) return stopped(preferences.stop)

  const companyName = company.found.CompanyName
  const currency = membersOf(membersOf(preferences.found.CurrencyPrefs).HomeCurrency).value
  if (typeof companyName !== 'string' || typeof currency !== 'string') {
    return stopped({ reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail: 'a company without a name or a currency' } })
  }
  const customTransactionNumbers = membersOf(preferences.found.SalesFormsPrefs).CustomTxnNumbers === true
  const salesTax = salesTaxOf(preferences.found)
  const { BookCloseDate } = membersOf(preferences.found.AccountingInfoPrefs)
  const closingDate = typeof BookCloseDate === 'string' && BookCloseDate !== '' ? BookCloseDate : null
  const { clockSkewSeconds } = preferences
  return { companyName, currency, customTransactionNumbers, salesTax, closingDate, clockSkewSeconds, stop: null }
}

function salesTaxOf(preferences: Record<string, unknown>): NonNullable<CompanyCheck['salesTax']> {
  const { UsingSalesTax, PartnerTaxEnabled } = membersOf(preferences.TaxPrefs)
  if (UsingSalesTax !== true) return 'OFF'
  return PartnerTaxEnabled === true ? 'AUTOMATED' : 'BY_RATE'
}

type Stop = NonNullable<CompanyCheck['stop']>

/** One reading; a token that turns out to have expired is renewed once. */
async function read({
  realmId,
  carry,
  now,
  resource,
  member,
}: CheckOptions & { resource: string; member: string }): Promise<Reading> {
  const question = { ...QUESTION, operation: `read ${member}` }
  const envelope = { ...readOf({ realmId, resource }), exchanges: [question] }
  const meaning = (answer: Answer) => (foundIn(answer, member) ? 'found' : outcomeOf(answer).kind)
  let answer = await carry(envelope, meaning)
  if (stopOf(answer).reason === 'TOKEN_EXPIRED') answer = await carry(envelope, meaning)
  const found = foundIn(answer, member)
  return found ? { found, clockSkewSeconds: skewOf({ answer, now: now() }) } : { stop: stopOf(answer) }
}

function foundIn(answer: Answer, member: string): Record<string, unknown> | null {
  const found =
    answer.kind === 'answered' && answer.status === 200 ? membersOf(readJson(answer.body))[member] : undefined
  return found ? membersOf(found) : null
}

type Reading = { found: Record<string, unknown>; clockSkewSeconds: number | null } | { stop: Stop }

function skewOf({ answer, now }: { answer: Answer; now: Date }): number | null {
  const told = answer.kind === 'answered' ? Date.parse(answer.date ?? '') : Number.NaN
  return Number.isNaN(told) ? null : Math.round((told - now.getTime()) / 1000)
}

const QUESTION: StoredExchange = {
  id: 'check',
  position: 0,
  purpose: ExchangePurpose.PULL,
  operation: 'read the company',
  request: '',
  idempotencyKey: '',
}

/** Why an answer that holds no company holds none: the fault table says it. */
function stopOf(answer: Answer): Stop {
  const outcome = outcomeOf(answer)
  return 'reason' in outcome
    ? { reason: outcome.reason, detail: outcome.detail }
    : { reason: 'ANSWER_NOT_UNDERSTOOD', detail: { detail: outcome.kind } }
}

function outcomeOf(answer: Answer): Outcome {
  return fromAnswer({ exchanges: [QUESTION], answer }).get(QUESTION.id)!.outcome
}

function stopped(stop: Stop): CompanyCheck {
  const unasked = { companyName: '', currency: '', customTransactionNumbers: false }
  return { ...unasked, salesTax: null, clockSkewSeconds: null, stop }
}
