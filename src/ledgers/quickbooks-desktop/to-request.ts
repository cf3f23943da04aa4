import { createHash } from 'node:crypto'
import type { Address, CustomerDocument, DocumentLine, MappedDocument, MappedInvoice } from '../../domain/document.ts'
import { ExchangePurpose } from '../../domain/kinds.ts'
import { isZero, type Money, minus, money, plain, sum, ZERO } from '../../domain/money.ts'
import type { LedgerRequest, LookUp } from '../ledger.ts'
import { toLatin1 } from './latin1.ts'
import type { CompanyFacts, ItemNames } from './names.ts'
import { planTax } from './sales-tax.ts'
import type { RequestName } from './schema/requests.ts'
import type { Values } from './values.ts'
import { writeRequest } from './write-xml.ts'

/** What the dialect depends on beside the document. */
export interface Setting {
  names: ItemNames
  company: CompanyFacts
  version: number
}

/** A line of an address may be this long, and an address has so many. */
const addressLineLengthMax = 41
const addressLinesMax = 5

/** Puts a document, or a look-up, into qbXML. Throws only when the caller broke the contract: `problemsOf` (problems.ts) comes before. */
export function toRequest(what: MappedDocument | LookUp, setting: Setting, idempotencyKey?: string): LedgerRequest {
  if (what.kind === 'LOOK_UP') return query(what, setting)
  const { name, operation, values } = addOf(what, setting)
  const guid = idempotencyKey === undefined ? undefined : guidOf(idempotencyKey)
  const body = { [name]: { ...values, ExternalGUID: guid } }
  const request = writeRequest({ name, values: body, version: setting.version })
  return { purpose: ExchangePurpose.POST, operation, request }
}

/** What the request for a document says, in QuickBooks' words. */
export function valuesOf(mapped: MappedDocument, setting: Setting): Values {
  const { name, values } = addOf(mapped, setting)
  return { [name]: values }
}

interface Add {
  name: RequestName & `${string}Add`
  operation: string
  values: Values
}

function addOf(mapped: MappedDocument, setting: Setting): Add {
  return mapped.kind === 'INVOICE'
    ? { name: 'InvoiceAdd', operation: 'create Invoice', values: invoiceValues(mapped, setting) }
    : { name: 'CustomerAdd', operation: 'create Customer', values: customerValues(mapped.document) }
}

/** A second key, under which QuickBooks keeps the record: the same meaning, the same GUID. */
function guidOf(idempotencyKey: string): string {
  const hex = createHash('sha256').update(idempotencyKey).digest('hex')
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)]
  return `{${parts.join('-')}}`
}

function invoiceValues(mapped: MappedInvoice, setting: Setting): Values {
  const { document, customerId, itemIds, charges } = mapped
  const { customer } = document
  const { salesTax, taxableCode, nonTaxableCode } = setting.company
  const taxed = !isZero(document.tax)
  const code = (taxable: boolean) => ref('FullName', taxed && taxable ? taxableCode : nonTaxableCode)
  const codeOf = (taxable: boolean) => (salesTax === 'OFF' ? undefined : code(taxable))
  const charge = (amount: Money, id: string | undefined) =>
    isZero(amount) ? [] : [{ ItemRef: ref('ListID', id), Amount: money(amount), SalesTaxCodeRef: codeOf(false) }]
  const discountOf = (amount: Money, taxable: boolean) =>
    charge(minus(ZERO, amount), charges.DISCOUNT?.id).map((line) => ({ ...line, SalesTaxCodeRef: codeOf(taxable) }))
  const restOfDiscount = minus(document.discount, sum(document.lines.map(({ discountAmount }) => discountAmount)))
  return {
    CustomerRef: ref('ListID', customerId),
    TxnDate: document.date,
    RefNumber: document.number,
    BillAddress: customer.billing && addressValues(customer.billing),
    PONumber: document.purchaseOrderNumber || undefined,
    DueDate: document.dueDate,
    ShipDate: document.shipDate,
    ItemSalesTaxRef: taxed ? ref('ListID', charges.SALES_TAX?.id) : undefined,
    Memo: `Order ${document.orderNumber}`,
    CustomerSalesTaxCodeRef: taxed ? code(true) : undefined,
    InvoiceLineAdd: [
      ...document.lines.flatMap((line, index) => [
        lineValues({ line, itemId: itemIds[index], code: codeOf(line.taxable) }),
        ...discountOf(line.discountAmount, line.taxable),
      ]),
      ...discountOf(restOfDiscount, false),
      ...charge(document.shipping, charges.SHIPPING?.id),
      ...charge(planTax({ mapped, ...setting }).rounding, charges.TAX_ROUNDING?.id),
    ],
  }
}

function lineValues({
  line,
  itemId,
  code,
}: {
  line: DocumentLine
  itemId: string | undefined
  code: Values | undefined
}): Values {
  return {
    ItemRef: ref('ListID', itemId),
    Desc: line.description || undefined,
    Quantity: plain(line.quantity),
    Rate: plain(line.unitPrice),
    Amount: money(line.amount),
    SalesTaxCodeRef: code,
  }
}

/** A reference without its id would be no reference: the check says that it is missing. */
function ref(by: 'ListID' | 'FullName', value: string | undefined): Values {
  return { [by]: value ?? '' }
}

function customerValues(customer: CustomerDocument): Values {
  return {
    Name: customer.name,
    CompanyName: customer.companyName || undefined,
    BillAddress: customer.billing && addressValues(customer.billing),
    Phone: customer.phone || undefined,
    Email: customer.email || undefined,
  }
}

function addressValues({ lines, city, state, postalCode, country }: Address): Values {
  const written = lines.flatMap(folded)
  const kept = written.length > addressLinesMax ? lines : written
  return {
    ...Object.fromEntries(kept.map((line, index) => [`Addr${index + 1}`, line])),
    City: city || undefined,
    State: state || undefined,
    PostalCode: postalCode || undefined,
    Country: country || undefined,
  }
}

/** A line that is too long goes on in the next one, at a space. */
function folded(line: string): string[] {
  const { text } = toLatin1(line)
  if (text.length <= addressLineLengthMax) return line === '' ? [] : [line]
  const space = text.lastIndexOf(' ', addressLineLengthMax)
  return space <= 0 || text.length < line.length ? [line] : [text.slice(0, space), ...folded(text.slice(space + 1))]
}

interface Question {
  name: RequestName
  element: string
  /** Nothing longer is in QuickBooks. */
  lengthMax: number
  more: Values
}

function listQuestion(name: RequestName, lengthMax: number): Question {
  // The less we want of each record, the faster QuickBooks is.
  return {
    name,
    element: 'FullName',
    lengthMax,
    more: { IncludeRetElement: ['ListID', 'Name', 'FullName', 'IsActive'] },
  }
}

/** What is asked, and by which element. Lists are asked by name, inactive records among them. */
const QUESTIONS: Readonly<Record<LookUp['entity'], Partial<Record<LookUp['by'], Question>>>> = {
  INVOICE: {
    NUMBER: { name: 'InvoiceQuery', element: 'RefNumber', lengthMax: 11, more: { IncludeLineItems: 'true' } },
  },
  CUSTOMER: { NAME: listQuestion('CustomerQuery', 209) },
  ITEM: { NAME: listQuestion('ItemQuery', 209) },
  ACCOUNT: { NAME: listQuestion('AccountQuery', 159) },
}

/** Nothing in QuickBooks is called so: a colon has no name before it. A question without a name would be for all. */
const nobody = ':'

function query({ entity, by, values }: LookUp, { version }: Setting): LedgerRequest {
  const question = QUESTIONS[entity][by]
  if (question === undefined) throw new RangeError(`QuickBooks Desktop does not look up ${entity} by ${by}`)
  const { name, element, lengthMax, more } = question
  // What QuickBooks cannot store it cannot have: it is not asked for, and so not found.
  const askable = values.filter((value) => {
    const { text, refused } = toLatin1(value)
    return refused.length === 0 && text.trim() !== '' && text.length <= lengthMax
  })
  const request = writeRequest({
    name,
    values: { [element]: askable.length > 0 ? askable : [nobody], ...more },
    version,
  })
  return {
    purpose: entity === 'INVOICE' || entity === 'CUSTOMER' ? ExchangePurpose.LOOK_UP : ExchangePurpose.PULL,
    operation: `query ${name.replace('Query', '')}`,
    request,
  }
}
