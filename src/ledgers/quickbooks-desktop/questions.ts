import { ExchangePurpose } from '../../domain/kinds.ts'
import type { LinkKind } from '../../domain/link.ts'
import type { LedgerRequest, LookUp } from '../ledger.ts'
import { toLatin1 } from './latin1.ts'
import type { RequestName } from './schema/requests.ts'
import { linkedInvoice } from './to-payment.ts'
import type { Setting } from './to-request.ts'
import type { Values } from './values.ts'
import { writeRequest } from './write-xml.ts'

interface Question {
  name: RequestName
  element: string
  /** Nothing longer is in QuickBooks. */
  lengthMax: number
  more: Values
}

/** Nothing in QuickBooks is called so: a colon has no name before it. A question without a name would be for all. */
const nobody = ':'

/** An id as QuickBooks writes them, which no record bears. */
const nobodysId = '1-1'

const idLengthMax = 36

/** The less we want of each record, the faster QuickBooks is. */
const NAMED = ['ListID', 'EditSequence', 'Name', 'FullName', 'IsActive']
const PERSON = [...NAMED, 'CompanyName', 'BillAddress', 'Phone', 'Email']

function named(name: RequestName, lengthMax: number, wanted = NAMED): Question {
  return { name, element: 'FullName', lengthMax, more: { IncludeRetElement: wanted } }
}

function txnQuestions(name: RequestName, numberLengthMax: number): Record<'NUMBER' | 'ID', Question> {
  const more = { IncludeLineItems: 'true' }
  return {
    NUMBER: { name, element: 'RefNumber', lengthMax: numberLengthMax, more },
    ID: { name, element: 'TxnID', lengthMax: idLengthMax, more },
  }
}

const PERSON_BY_ID: Question = {
  name: 'CustomerQuery',
  element: 'ListID',
  lengthMax: idLengthMax,
  more: { IncludeRetElement: PERSON },
}

/** What is asked, and by which element. Lists are asked by name, inactive records among them. Refunds are credit memos. */
const QUESTIONS: Readonly<Record<LinkKind, Partial<Record<LookUp['by'], Question>>>> = {
  INVOICE: txnQuestions('InvoiceQuery', 11),
  CREDIT_MEMO: txnQuestions('CreditMemoQuery', 11),
  REFUND: txnQuestions('CreditMemoQuery', 11),
  PAYMENT: txnQuestions('ReceivePaymentQuery', 20),
  CUSTOMER: { NAME: named('CustomerQuery', 209, PERSON), ID: PERSON_BY_ID },
  ITEM: { NAME: named('ItemQuery', 209, [...NAMED, 'SalesOrPurchase', 'SalesAndPurchase', 'IncomeAccountRef']) },
  ACCOUNT: { NAME: named('AccountQuery', 159, [...NAMED, 'AccountType']) },
  TAX_CODE: { NAME: named('SalesTaxCodeQuery', 3) },
  TERM: { NAME: named('TermsQuery', 31) },
  PAYMENT_METHOD: { NAME: named('PaymentMethodQuery', 31) },
}

/** What postings become: whether it is there settles what was sent. */
const SETTLING: readonly string[] = [
  'INVOICE',
  'CREDIT_MEMO',
  'REFUND',
  'PAYMENT',
  'CUSTOMER',
  'ITEM',
] satisfies `${LinkKind}`[]

/** Whether records of a kind can be asked for so. */
export function answers({ entity, by }: Pick<LookUp, 'entity' | 'by'>): boolean {
  return QUESTIONS[entity][by] !== undefined
}

/** Puts a look-up into qbXML. Throws when QuickBooks has no element for it, which `answers` says before. */
export function query({ entity, by, values }: LookUp, { version }: Setting): LedgerRequest {
  const question = QUESTIONS[entity][by]
  if (question === undefined) throw new RangeError(`QuickBooks Desktop does not look up ${entity} by ${by}`)
  const links = entity === 'PAYMENT' && by === 'ID' ? values.flatMap((value) => linkedInvoice(value) ?? []) : []
  const others = links.length === 0 ? values : values.filter((value) => linkedInvoice(value) === null)
  const requests = [
    ...(links.length === 0 || others.length > 0 ? [asked(question, { values: others, by, version })] : []),
    ...(links.length > 0 ? [asked(LINKS, { values: [...new Set(links)], by, version })] : []),
  ]
  return {
    purpose: SETTLING.includes(entity) ? ExchangePurpose.LOOK_UP : ExchangePurpose.PULL,
    operation: `query ${question.name.replace('Query', '')}${entity === 'REFUND' ? ' (refund)' : ''}`,
    request: requests.join(''),
  }
}

/** A credit that was only set is a link of its invoice. */
const LINKS: Question = {
  name: 'InvoiceQuery',
  element: 'TxnID',
  lengthMax: idLengthMax,
  more: { IncludeLinkedTxns: 'true' },
}

function asked(
  { name, element, lengthMax, more }: Question,
  { values, by, version }: { values: string[]; by: LookUp['by']; version: number },
): string {
  // What QuickBooks cannot store it cannot have: it is not asked for, and so not found.
  const askable = values.filter((value) => {
    const { text, refused } = toLatin1(value)
    return refused.length === 0 && text.trim() !== '' && text.length <= lengthMax
  })
  const none = by === 'ID' ? nobodysId : nobody
  return writeRequest({ name, values: { [element]: askable.length > 0 ? askable : [none], ...more }, version })
}
