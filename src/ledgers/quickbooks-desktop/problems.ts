import type { InvoiceDocument, MappedDocument } from '../../domain/document.ts'
import { isZero, minus, sum } from '../../domain/money.ts'
import { checkRequest } from './check-request.ts'
import { planTax } from './sales-tax.ts'
import { type Setting, valuesOf } from './to-request.ts'

/** What QuickBooks Desktop would not take of a document, in words, all at once. */
export function problemsOf(mapped: MappedDocument, setting: Setting): string[] {
  const name = mapped.kind === 'INVOICE' ? 'InvoiceAdd' : 'CustomerAdd'
  const said = checkRequest({ name, values: valuesOf(mapped, setting), version: setting.version }).filter(
    (problem) => !LIMITED.test(problem),
  )
  if (mapped.kind === 'CUSTOMER') return said.map((problem) => inWords(problem, []))
  const { document } = mapped
  const { closingDate } = setting.company
  return [
    ...said.map((problem) => inWords(problem, linesOf(document))),
    ...planTax({ mapped, ...setting }).problems,
    ...(closingDate !== null && document.date <= closingDate
      ? [`its date ${document.date} lies in the closed period, which ends on ${closingDate}`]
      : []),
  ]
}

/** What each line of the request stands for, in its order. */
function linesOf({ lines, discount, shipping }: InvoiceDocument): string[] {
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
const LIMITED = /(RefNumber|PONumber|Desc|CustomerAdd, Name) has \d+ characters/

/** The elements that people know under another name. */
const WORDS: Readonly<Record<string, string>> = {
  RefNumber: 'the invoice number',
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

function inWords(problem: string, lines: string[]): string {
  return problem.replace(PATH, (path) => {
    const [, ...elements] = path.split(', ')
    return elements.map((element) => wordOf(element, lines)).join(', ')
  })
}

function wordOf(element: string, lines: string[]): string {
  const [name = '', index = '1'] = element.split(' ')
  if (name === 'InvoiceLineAdd') return lines[Number(index) - 1] ?? element
  const street = /^Addr(\d)$/.exec(name)?.[1]
  return street ? `street line ${street}` : (WORDS[name] ?? element)
}
