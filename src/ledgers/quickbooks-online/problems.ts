import type { Address, CustomerDocument, MappedDocument, MappedPayment, MappedSale } from '../../domain/document.ts'
import { decimal, isZero } from '../../domain/money.ts'
import { closedPeriodProblems, type Problem, problem } from '../../domain/problem.ts'
import type { CompanyCheck } from '../ledger.ts'
import { taxProblems } from './sales-tax.ts'
import { taxCodesOf } from './to-sale.ts'

/** Characters that the parts of a customer may have, beside those that stand in the ledger's limits. */
const LENGTHS = {
  'company name': 100,
  'e-mail address': 100,
  'phone number': 30,
  street: 500,
  city: 255,
  state: 255,
  'postal code': 30,
  country: 255,
} as const

/** What is known of the company, and of whether it may be written to at all. */
interface Standing {
  closingDate: string | null
  /** Why nothing at all may be sent, such as another environment. */
  locked: string | null
  salesTax: CompanyCheck['salesTax']
}

/** What QuickBooks Online would not take of a document, all of it at once. */
export function problemsOf(mapped: MappedDocument, standing: Partial<Standing> = {}): Problem[] {
  const { closingDate = null, locked = null, salesTax = null } = standing
  const { document } = mapped
  return [
    ...(locked === null ? [] : [environmentProblem(locked)]),
    ...('date' in document && document.date ? closedPeriodProblems({ date: document.date, closingDate }) : []),
    ...ownProblems(mapped, salesTax),
  ]
}

function environmentProblem(locked: string): Problem {
  const remedy = 'Post it through a connection of the environment that this installation is set up for.'
  return problem({ field: 'environment', value: null, problem: locked, remedy })
}

function ownProblems(mapped: MappedDocument, salesTax: Standing['salesTax']): Problem[] {
  switch (mapped.kind) {
    case 'INVOICE':
    case 'CREDIT_MEMO':
    case 'REFUND':
      return saleProblems(mapped, salesTax)
    case 'PAYMENT':
      return paymentProblems(mapped)
    case 'VOID':
    case 'ITEM':
      return []
    case 'CUSTOMER':
      return customerProblems(mapped.document)
  }
}

function saleProblems(mapped: MappedSale, salesTax: Standing['salesTax']): Problem[] {
  const { customer, shipTo } = mapped.document
  const codes = taxCodesOf(mapped)
  return [
    ...addressProblems('billing address', customer.billing),
    ...addressProblems('shipping address', shipTo),
    ...tooLong('e-mail address', customer.email),
    ...taxProblems(mapped, { salesTax }),
    ...(codes.length > 1
      ? [
          problem({
            field: 'tax code',
            value: codes.join(', '),
            problem: `QuickBooks Online takes one tax code for a whole document, and this one was given ${codes.length}`,
            remedy: 'Let the account mappings choose one tax code for all lines of an order.',
          }),
        ]
      : []),
  ]
}

function customerProblems(customer: CustomerDocument): Problem[] {
  return [
    ...(/[:\t\n\r]/.test(customer.name)
      ? [
          problem({
            field: 'name',
            value: customer.name,
            problem: 'the name has a colon, a tab or a line break, which QuickBooks Online takes in no name',
            remedy: 'Write the name without them in the CRM.',
          }),
        ]
      : []),
    ...tooLong('company name', customer.companyName),
    ...tooLong('e-mail address', customer.email),
    ...tooLong('phone number', customer.phone),
    ...addressProblems('billing address', customer.billing),
  ]
}

/** Money pays what it pays; a credit pays one invoice, and brings no money: so an answer tells which pays which. */
function paymentProblems({ document, applications }: MappedPayment): Problem[] {
  const credited = applications.filter(({ creditId }) => creditId !== undefined)
  const paid = new Set(applications.map(({ invoiceId }) => invoiceId))
  const mixed = credited.length > 0 && (applications.length > 1 || !isZero(document.amount))
  const remedy = 'Record it as several payments in the CRM.'
  const said = (words: string) => problem({ field: 'applications', value: document.number, problem: words, remedy })
  return [
    ...(mixed ? [said('a payment that applies a credit memo applies it to one invoice, and brings no money')] : []),
    ...(paid.size < applications.length ? [said('a payment names one invoice twice')] : []),
    ...(applications.some(({ amount }) => !decimal(amount).greaterThan(0))
      ? [said('a payment applies nothing, or less, to an invoice')]
      : []),
  ]
}

function addressProblems(which: string, address: Address | undefined): Problem[] {
  if (!address) return []
  const { lines, city, state, postalCode, country } = address
  return [
    ...lines.flatMap((line) => tooLong('street', line, which)),
    ...tooLong('city', city, which),
    ...tooLong('state', state, which),
    ...tooLong('postal code', postalCode, which),
    ...tooLong('country', country, which),
  ]
}

function tooLong(part: keyof typeof LENGTHS, text: string | undefined, of?: string): Problem[] {
  const lengthMax = LENGTHS[part]
  if (text === undefined || text.length <= lengthMax) return []
  const field = of === undefined ? part : `${of}, ${part}`
  return [
    problem({
      field,
      value: text,
      problem: `the ${field} has ${text.length} characters, QuickBooks Online takes ${lengthMax}`,
      remedy: `Shorten it to ${lengthMax} characters in the CRM.`,
    }),
  ]
}
