import { type Money, money, type Quantity } from '../../domain/money.ts'
import { numberAt } from './amounts.ts'
import { allOf, type Element, textAt } from './read-xml.ts'
import { readReport } from './report.ts'

type Reader<T> = (element: Element) => T

/** Must be there, and is not empty. */
const must =
  (...path: string[]): Reader<string> =>
  (element) => {
    const text = textAt(element, ...path)
    if (text === undefined) throw new RangeError(`${element.name} lacks ${path.join('/')}`)
    return text
  }
const text =
  (...path: string[]): Reader<string | null> =>
  (element) =>
    textAt(element, ...path) ?? null
const amount =
  (name: string): Reader<Money | null> =>
  (element) => {
    const written = textAt(element, name)
    return written === undefined ? null : money(written)
  }
const number =
  (name: string): Reader<Quantity | null> =>
  (element) =>
    numberAt(element, name)
const is =
  (name: string): Reader<boolean> =>
  (element) =>
    textAt(element, name) === 'true'
const each =
  <T>(name: string, read: Reader<T>): Reader<T[]> =>
  (element) =>
    allOf(element, name).map(read)

/** Reads one field after the other; throws a RangeError when one is missing or is no amount. */
function fields<Readers extends Record<string, Reader<unknown>>>(readers: Readers) {
  return (element: Element) => {
    const read = Object.entries(readers).map(([name, reader]) => [name, reader(element)])
    return Object.fromEntries(read) as { [Name in keyof Readers]: ReturnType<Readers[Name]> }
  }
}

const listed = { id: must('ListID'), name: must('Name'), active: is('IsActive') }

const transaction = {
  id: must('TxnID'),
  editSequence: text('EditSequence'),
  number: text('RefNumber'),
  date: must('TxnDate'),
  customerId: must('CustomerRef', 'ListID'),
  total: amount('TotalAmount'),
  note: text('Memo'),
  /** Local to QuickBooks' machine, as it is written. */
  changedAt: text('TimeModified'),
}

/** Each record that is read in QuickBooks' own shape, with its fields in our words. */
const RECORDS = {
  CreditMemoRet: fields({
    ...transaction,
    subtotal: amount('Subtotal'),
    tax: amount('SalesTaxTotal'),
    remaining: amount('CreditRemaining'),
    lines: each(
      'CreditMemoLineRet',
      fields({
        itemId: text('ItemRef', 'ListID'),
        description: text('Desc'),
        quantity: number('Quantity'),
        amount: amount('Amount'),
      }),
    ),
  }),
  ReceivePaymentRet: fields({
    ...transaction,
    method: text('PaymentMethodRef', 'FullName'),
    unusedPayment: amount('UnusedPayment'),
    unusedCredits: amount('UnusedCredits'),
    /** There only when line items were asked for. */
    applications: each(
      'AppliedToTxnRet',
      fields({
        id: must('TxnID'),
        type: must('TxnType'),
        number: text('RefNumber'),
        amount: amount('Amount'),
        discount: amount('DiscountAmount'),
        remaining: amount('BalanceRemaining'),
      }),
    ),
  }),
  TxnDeletedRet: fields({
    id: must('TxnID'),
    type: must('TxnDelType'),
    number: text('RefNumber'),
    deletedAt: text('TimeDeleted'),
  }),
  SalesTaxCodeRet: fields({ ...listed, taxable: is('IsTaxable') }),
  ItemSalesTaxRet: fields({ ...listed, ratePercent: number('TaxRate') }),
  StandardTermsRet: fields({ ...listed, dueDays: number('StdDueDays'), discountPercent: number('DiscountPct') }),
  DateDrivenTermsRet: fields({ ...listed, dueDayOfMonth: number('DayOfMonthDue') }),
  EmployeeRet: fields({
    ...listed,
    type: text('EmployeeType'),
    hiredOn: text('HiredDate'),
    releasedOn: text('ReleasedDate'),
  }),
  SalesRepRet: fields({
    id: must('ListID'),
    initial: must('Initial'),
    active: is('IsActive'),
    entityName: text('SalesRepEntityRef', 'FullName'),
  }),
  ReportRet: readReport,
} satisfies Record<string, Reader<object>>

type Kinds = typeof RECORDS
/** A record as QuickBooks told it, by the name that QuickBooks gives its kind. */
export type Told = { [Kind in keyof Kinds]: { kind: Kind } & ReturnType<Kinds[Kind]> }[keyof Kinds]

/** Reads a record; null when it is of no kind that is read so, or lacks what it must have. */
export function readTold(element: Element): Told | null {
  const kind = element.name
  if (!isKind(kind)) return null
  try {
    return { kind, ...RECORDS[kind](element) } as Told
  } catch (error) {
    // What one record lacks makes it unreadable, and nothing else.
    if (error instanceof RangeError) return null
    throw error
  }
}

function isKind(name: string): name is keyof Kinds {
  return Object.hasOwn(RECORDS, name)
}
