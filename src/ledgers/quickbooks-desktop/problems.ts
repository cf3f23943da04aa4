import { isMappedSale, type MappedDocument, type MappedPayment, type SalesDocument } from '../../domain/document.ts'
import { decimal, isZero, minus, sum } from '../../domain/money.ts'
import { closedPeriodProblems, type Problem, problem } from '../../domain/problem.ts'
import { checkRequest } from './check-request.ts'
import { planTax } from './sales-tax.ts'
import { setCreditSince } from './to-payment.ts'
import { type Setting, writeOf } from './to-request.ts'
import type { Value, Values } from './values.ts'
import { isList } from './write-xml.ts'

/** What QuickBooks Desktop would not take of a document, all at once. */
export function problemsOf(mapped: MappedDocument, setting: Setting): Problem[] {
  const { name, values } = writeOf(mapped, setting)
  const said = checkRequest({ name, values, version: setting.version }).filter((words) => !LIMITED.test(words))
  const lines = isMappedSale(mapped) ? linesOf(mapped.document) : []
  return [
    ...said.map((words) => inWords(words, { values, lines })),
    ...(isMappedSale(mapped) ? planTax({ mapped, ...setting }).problems : []),
    ...(mapped.kind === 'PAYMENT' ? paymentProblems(mapped, setting) : []),
    ...('date' in mapped.document && mapped.document.date
      ? closedPeriodProblems({ date: mapped.document.date, ...setting.company })
      : []),
  ]
}

/** Money pays what it pays; a credit pays one invoice, and brings no money, for then it is known which pays which. */
function paymentProblems({ document, applications }: MappedPayment, { version }: Setting): Problem[] {
  const credited = applications.some(({ creditId }) => creditId !== undefined)
  const paid = new Set(applications.map(({ invoiceId }) => invoiceId))
  const remedy = 'Record it as several payments in the CRM.'
  const said = (words: string, how = remedy) =>
    problem({ field: 'applications', value: document.number, problem: words, remedy: how })
  return [
    ...(credited && (applications.length > 1 || !isZero(document.amount))
      ? [said('a payment that applies a credit memo applies it to one invoice, and brings no money')]
      : []),
    ...(credited && version < setCreditSince
      ? [said('this QuickBooks is too old to apply a credit memo', 'Apply the credit memo in QuickBooks.')]
      : []),
    ...(paid.size < applications.length ? [said('a payment names one invoice twice')] : []),
    ...(applications.some(({ amount }) => !decimal(amount).greaterThan(0))
      ? [said('a payment applies nothing, or less, to an invoice')]
      : []),
  ]
}

/** What each line of the request stands for, in its order. */
function linesOf({ lines, discount, shipping }: SalesDocument): string[] {
  const rest = minus(discount, sum(lines.map(({ discountAmount }) => discountAmount)))
  return [
    ...lines.flatMap(({ position, discountAmount }) => [
      `line ${position}`,
      ...(isZero(discountAmount) ? [] : [`the discount of line ${position}`]),
    ]),
    ...(isZero(rest) ? [] : ['the discount']),
    ...(isZero(shipping) ? [] : ['the shipping']),
    'the rest of the sales tax',
  ]
}

/** Lengths that stand in the ledger's limits, which the road has checked already. */
const LIMITED = /(RefNumber|PONumber|Desc|(Customer|ItemService)(Add|Mod), Name) has \d+ characters/

/** The elements that people know under another name. */
const WORDS: Readonly<Record<string, string>> = {
  RefNumber: 'the number',
  PONumber: 'the purchase order number',
  Memo: 'the order number',
  TxnDate: 'the date',
  DueDate: 'the due date',
  ShipDate: 'the shipping date',
  CustomerRef: 'the customer',
  Name: 'the name',
  CompanyName: 'the company name',
  Phone: 'the phone number',
  Email: 'the e-mail address',
  BillAddress: 'the billing address',
  ShipAddress: 'the shipping address',
  TermsRef: 'the terms',
  PaymentMethodRef: 'the payment method',
  TotalAmount: 'the amount',
  AppliedToTxnAdd: 'application',
  PaymentAmount: 'amount',
  OverrideItemAccountRef: 'account',
  SalesTaxCodeRef: 'tax code',
  City: 'city',
  State: 'state',
  PostalCode: 'postal code',
  Country: 'country',
  ItemRef: 'item',
  Desc: 'description',
  Quantity: 'quantity',
  Rate: 'price',
  Amount: 'amount',
}

/** A problem begins with the path to its element: `InvoiceAdd, InvoiceLineAdd 2, Desc has …`. */
const PATH = /^[A-Z]\w*(?: \d+)?(?:, [A-Z]\w*(?: \d+)?)*/

function inWords(said: string, { values, lines }: { values: Values; lines: string[] }): Problem {
  const path = PATH.exec(said)?.[0] ?? ''
  const [, ...elements] = path.split(', ')
  const field = elements.map((element) => wordOf(element, lines)).join(', ')
  const value = valueAt(values, path.split(', '))
  return problem({ field, value, problem: said.replace(PATH, () => field), remedy: remedyOf(said) })
}

/** What stands at a path such as `InvoiceAdd, InvoiceLineAdd 2, Desc`; null when no text does. */
function valueAt(values: Values, path: string[]): string | null {
  let value: Value | undefined = values
  for (const element of path) {
    const [name = '', index = '1'] = element.split(' ')
    const of: Value | undefined = typeof value === 'object' && !isList(value) ? value[name] : undefined
    value = of !== undefined && isList(of) ? of[Number(index) - 1] : of
  }
  return typeof value === 'string' ? value : null
}

function remedyOf(said: string): string {
  const lengthMax = /(\d+) are allowed$/.exec(said)?.[1]
  if (lengthMax) return `Shorten it to ${lengthMax} characters in the CRM.`
  if (said.endsWith(' is missing')) return 'Fill it in in the CRM.'
  if (said.includes('cannot store')) return 'Write it with letters of Western Europe in the CRM.'
  return 'Correct it in the CRM.'
}

function wordOf(element: string, lines: string[]): string {
  const [name = '', index = '1'] = element.split(' ')
  if (name === 'InvoiceLineAdd' || name === 'CreditMemoLineAdd') return lines[Number(index) - 1] ?? element
  const street = /^Addr(\d)$/.exec(name)?.[1]
  return street ? `street line ${street}` : (WORDS[name] ?? element)
}
