import type { Sandbox } from '../context.ts'
import type { Index, Row, Table } from '../store.ts'
import type { QuickBooksDesktopSettings } from './settings.ts'
import { Refusal } from './status.ts'
import { dayOf, stampOf } from './time.ts'
import type { Fields } from './write-xml.ts'

/** A record of the company file: its kind of Ret and the fields of that Ret. What begins with a small letter is never answered. */
export type BookRecord = Row & { kind: string } & Fields

/** An amount on an account, in the direction of that account. */
export type Booking = Row & { date: string; accountName: string; amount: string }

const lists = {
  Account: 'accounts',
  Customer: 'customers',
  Vendor: 'vendors',
  Employee: 'employees',
  SalesRep: 'salesReps',
  Terms: 'terms',
  SalesTaxCode: 'salesTaxCodes',
  Item: 'items',
  PaymentMethod: 'paymentMethods',
  ShipMethod: 'shipMethods',
} as const
const transactions = {
  Invoice: 'invoices',
  CreditMemo: 'creditMemos',
  ReceivePayment: 'payments',
  Check: 'checks',
  ARRefundCreditCard: 'cardRefunds',
} as const

export type ListName = keyof typeof lists
export type TxnName = keyof typeof transactions

const unlisted = ['Class', 'Template', 'CustomerMsg', 'CustomerType', 'InventorySite', 'UnitOfMeasureSet']

/** Customers, vendors and employees have their names from one pool. */
const namePool: ListName[] = ['Customer', 'Vendor', 'Employee']

export const isTxnName = (name: string): name is TxnName => name in transactions

/** The company file: its tables in the sandbox's store (`quickbooksDesktop.invoices` …), ids, time and references. */
export class Books {
  readonly sandbox: Sandbox
  readonly settings: QuickBooksDesktopSettings

  constructor({ sandbox, settings }: { sandbox: Sandbox; settings: QuickBooksDesktopSettings }) {
    this.sandbox = sandbox
    this.settings = settings
    // Each table is there from the start, so that the control port shows it before its first record.
    for (const name of Object.keys(lists)) this.list(name as ListName)
    for (const name of Object.keys(transactions)) this.transactions(name as TxnName)
    for (const name of ['deletedTransactions', 'deletedLists', 'dataExts', 'journal', 'messageSets']) this.table(name)
  }

  table<T extends Row = BookRecord>(name: string): Table<T> {
    return this.sandbox.store.table<T>(`quickbooksDesktop.${name}`)
  }

  /** What the bookkeeper entered by hand, which no request reads but a report. */
  journal(): Table<Booking> {
    return this.table('journal')
  }

  list(name: ListName): Table<BookRecord> {
    return this.table(lists[name])
  }

  transactions(name: TxnName): Table<BookRecord> {
    return this.table(transactions[name])
  }

  /** Records of a list by full name in small letters: names do not differ by case. */
  byFullName(name: ListName): Index<BookRecord> {
    return this.list(name).index('fullName', (record) => fullNameOf(record).toLowerCase())
  }

  /** Transactions by RefNumber in small letters; several may share one. */
  byRefNumber(name: TxnName): Index<BookRecord> {
    return this.transactions(name).index('refNumber', ({ RefNumber }) =>
      typeof RefNumber === 'string' ? RefNumber.toLowerCase() : undefined,
    )
  }

  byCustomer(name: TxnName): Index<BookRecord> {
    return this.transactions(name).index('customer', ({ CustomerRef }) => refOf(CustomerRef)?.ListID)
  }

  now(): number {
    return Math.floor(this.sandbox.clock.now().getTime() / 1000)
  }

  today(): string {
    return dayOf(this.now())
  }

  /** What every new record begins with: an id that ends in the second of its creation, times and EditSequence. */
  listHead(second = this.now()): { Id: string } & Fields {
    const id = `${(0x80000000 + this.next('listIds')).toString(16).toUpperCase()}-${second}`
    return { Id: id, ListID: id, ...this.#times(second) }
  }

  txnHead(second = this.now()): { Id: string } & Fields {
    const id = this.newTxnId(second)
    return { Id: id, TxnID: id, ...this.#times(second), TxnNumber: String(this.next('txnNumbers')) }
  }

  /** Transactions and their lines share one numbering. */
  newTxnId(second = this.now()): string {
    return `${(0x4000 + this.next('txnIds')).toString(16).toUpperCase()}-${second}`
  }

  #times(second: number): Fields {
    const at = stampOf(second)
    return { TimeCreated: at, TimeModified: at, EditSequence: String(second), modifiedSecond: String(second) }
  }

  /** The head of a record that has been changed now: EditSequence is new even within the same second. */
  modified({ EditSequence }: BookRecord, second = this.now()): Fields {
    const sequence = Math.max(second, Number(EditSequence) + 1)
    return { TimeModified: stampOf(second), EditSequence: String(sequence), modifiedSecond: String(second) }
  }

  next(counter: string): number {
    const value = this.sandbox.store.value<number>(`quickbooksDesktop.${counter}`)
    const number = (value.get() ?? 0) + 1
    value.set(number)
    return number
  }

  /** Lets a counter go on after a number. */
  setNext({ counter, number }: { counter: string; number: number }): void {
    this.sandbox.store.value<number>(`quickbooksDesktop.${counter}`).set(number)
  }

  find({ list, ref }: { list: ListName; ref: Fields[string] }): BookRecord | undefined {
    const { ListID, FullName } = refOf(ref) ?? {}
    if (ListID) return this.list(list).get(ListID)
    return FullName ? this.byFullName(list).get(FullName.toLowerCase())[0] : undefined
  }

  /** The record that a reference names, or undefined when there is no reference. Throws 3140 for one that leads nowhere. */
  referred({ list, ref, within }: { list: ListName; ref: Fields[string]; within: string }): BookRecord | undefined {
    const { ListID, FullName } = refOf(ref) ?? {}
    if (!ListID && !FullName) return undefined
    const record = this.find({ list, ref })
    if (record) return record
    throw invalidReference({ list, name: ListID ?? FullName ?? '', within })
  }

  /** Refuses references to lists that this company file has nothing in: classes (when they are on), templates, types, sites. */
  checkUnlisted({ fields, within }: { fields: Fields; within: string }): void {
    for (const name of unlisted) {
      if (name === 'Class' && !this.settings.quickBooksDesktopClassTracking) continue
      const { ListID, FullName } = refOf(fields[`${name}Ref`]) ?? {}
      if (ListID || FullName) throw invalidReference({ list: name, name: ListID ?? FullName ?? '', within })
    }
  }

  /** What a request that went well must be warned of: 530 for a field whose feature is off, 570 for a link that is not made. */
  warningOf(fields: Fields): { statusCode?: number; message?: string } {
    const ignored = [
      ...(fields.ClassRef && !this.settings.quickBooksDesktopClassTracking ? ['ClassRef'] : []),
      ...(fields.ExchangeRate && !this.settings.quickBooksDesktopMultiCurrency ? ['ExchangeRate'] : []),
    ]
    if (ignored.length > 0) {
      return { statusCode: 530, message: `The field "${ignored.join(', ')}" is not supported by this implementation.` }
    }
    const [link] = textsOf(fields.LinkToTxnID)
    if (link === undefined) return {}
    return { statusCode: 570, message: `Unable to link to transaction "${link}" because it has already been closed.` }
  }

  /** Refuses a name (3100) that a customer, vendor or employee has already. */
  checkName({ name, except }: { name: string; except?: string }): void {
    for (const list of namePool) {
      const other = this.byFullName(list)
        .get(name.toLowerCase())
        .find(({ Id }) => Id !== except)
      if (other) throw nameInUse(name)
    }
  }

  /** Refuses a write dated on or before the closing date (3171). */
  checkOpen({ day, object }: { day: string; object: string }): void {
    const { quickBooksDesktopClosingDate: closed } = this.settings
    if (closed === '' || day > closed) return
    const message =
      `An attempt was made to modify a ${object} with a date that is on or before the closing date of the company. ` +
      'If you are trying to update transactions before the closing date, change the closing date.'
    throw new Refusal({ statusCode: 3171, message })
  }

  /** Refuses an ExternalGUID that some record has already. */
  takeGuid(guid: Fields[string]): void {
    if (typeof guid !== 'string' || guid === '' || guid === '0') return
    const table = this.table<Row>('externalGuids')
    const Id = guid.toLowerCase()
    if (table.get(Id)) {
      const message = `The ExternalGUID "${guid}" is already in use.`
      throw new Refusal({ statusCode: this.settings.quickBooksDesktopUsedGuidStatus, message })
    }
    table.put({ Id })
  }
}

export const nameInUse = (name: string): Refusal =>
  new Refusal({ statusCode: 3100, message: `The name "${name}" of the list element is already in use.` })

export const fullNameOf = ({ FullName, Name, Initial }: BookRecord): string =>
  textOf(FullName) ?? textOf(Name) ?? textOf(Initial) ?? ''

export const textOf = (value: Fields[string]): string | undefined => (typeof value === 'string' ? value : undefined)

export const fieldsOf = (value: Fields[string]): Fields | undefined =>
  typeof value === 'object' && !Array.isArray(value) ? value : undefined

export function listOf(value: Fields[string]): Fields[] {
  return Array.isArray(value) ? value.filter((each): each is Fields => typeof each === 'object') : []
}

export const textsOf = (value: Fields[string]): string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []

export function refOf(value: Fields[string]): { ListID?: string; FullName?: string } | undefined {
  return fieldsOf(value) as { ListID?: string; FullName?: string } | undefined
}

/** A reference as an answer carries it. */
export const refTo = (record: BookRecord | undefined): Fields | undefined =>
  record && { ListID: record.Id, FullName: fullNameOf(record) }

function invalidReference({ list, name, within }: { list: string; name: string; within: string }): Refusal {
  const message =
    `There is an invalid reference to QuickBooks ${list} "${name}" in the ${within}. ` +
    'QuickBooks error message: Invalid argument.  The specified record does not exist in the list.'
  return new Refusal({ statusCode: 3140, message })
}

export function notFound(id: string): Refusal {
  const message = `Object "${id}" specified in the request cannot be found.  QuickBooks error message: Invalid argument.  The specified record does not exist in the list.`
  return new Refusal({ statusCode: 3120, message })
}

/** Refuses a change of an object that has been changed since it was read (3200), and tells how it is now. */
export function checkSequence({ record, sequence }: { record: BookRecord; sequence: Fields[string] }): void {
  if (record.EditSequence === sequence) return
  const message = `The provided edit sequence "${textOf(sequence) ?? ''}" is out-of-date. `
  throw new Refusal({ statusCode: 3200, message, current: { kind: record.kind, fields: record } })
}
