import type { Company } from './company.ts'
import { refValue } from './company.ts'
import type { Entity } from './entity.ts'
import {
  badLength,
  businessRule,
  invalidEnumeration,
  invalidId,
  invalidReference,
  invalidString,
  objectNotFound,
  requiredMissing,
  unknownProperty,
} from './fault.ts'
import { type Fields, isDecimalField, isFields, type Json, money } from './json-text.ts'

const lengthsMax: Record<string, number> = {
  DocNumber: 21,
  PaymentRefNum: 21,
  TrackingNum: 31,
  Title: 16,
  Suffix: 16,
  GivenName: 100,
  MiddleName: 100,
  FamilyName: 100,
  DisplayName: 100,
  CompanyName: 100,
  PrintOnCheckName: 110,
  Name: 100,
  Sku: 100,
  AcctNum: 20,
  Notes: 2000,
  PrivateNote: 4000,
  Memo: 4000,
  Description: 4000,
  CustomerMemo: 1000,
  StringValue: 31,
  City: 255,
  Country: 255,
  CountrySubDivisionCode: 255,
  PostalCode: 30,
  FreeFormNumber: 30,
  Address: 100,
  URI: 1000,
}
for (const line of [1, 2, 3, 4, 5]) lengthsMax[`Line${line}`] = 500

const referenced: Record<string, string> = {
  CustomerRef: 'Customer',
  VendorRef: 'Vendor',
  EmployeeRef: 'Employee',
  ItemRef: 'Item',
  SalesTermRef: 'Term',
  TermRef: 'Term',
  ClassRef: 'Class',
  DepartmentRef: 'Department',
  PaymentMethodRef: 'PaymentMethod',
  TxnTaxCodeRef: 'TaxCode',
  TaxRateRef: 'TaxRate',
  AgencyRef: 'TaxAgency',
}
for (const role of 'Income Expense Asset Discount DepositTo AR AP Bank ItemAccount Payroll'.split(' ')) {
  referenced[`${role}AccountRef`] = 'Account'
}
referenced.AccountRef = 'Account'

const lineFields = new Set(
  (
    'Id LineNum Description Amount DetailType LinkedTxn LineEx CustomField Received ReceivedDate SalesItemLineDetail ' +
    'SubTotalLineDetail DiscountLineDetail DescriptionLineDetail GroupLineDetail TaxLineDetail DepositLineDetail ' +
    'AccountBasedExpenseLineDetail ItemBasedExpenseLineDetail JournalEntryLineDetail PaymentLineDetail'
  ).split(' '),
)
const salesDetailFields = new Set(
  (
    'ItemRef ClassRef UnitPrice Qty RatePercent PriceLevelRef MarkupInfo ItemAccountRef UOMSetRef TaxCodeRef ServiceDate ' +
    'DiscountRate DiscountAmt TaxInclusiveAmt TaxClassificationRef DeferredRevenue'
  ).split(' '),
)
const detailTypes = new Set(
  (
    'SalesItemLineDetail SubTotalLineDetail DiscountLineDetail DescriptionOnly GroupLineDetail TaxLineDetail ' +
    'DepositLineDetail AccountBasedExpenseLineDetail ItemBasedExpenseLineDetail JournalEntryLineDetail PaymentLineDetail'
  ).split(' '),
)

/** The checks of form that every written body passes before any rule of its kind. Throws the first fault found. */
export function validateForm({ entity, body }: { entity: Entity; body: Fields }): void {
  for (const name of Object.keys(body)) {
    if (!entity.fields.has(name) && name !== 'status') throw unknownProperty(name)
  }
  const lines = body.Line ?? []
  if (!Array.isArray(lines)) throw unknownProperty('Line')
  for (const line of lines) validateLine(line)
  for (const [name, allowed] of Object.entries(entity.enumerations ?? {})) {
    const value = body[name]
    if (typeof value === 'string' && !allowed.split(',').includes(value)) throw invalidEnumeration({ name, value })
  }
  visit(body, validateField)
  const uniqueName = entity.uniqueName && body[entity.uniqueName.field]
  // A colon parts the levels of a name; QuickBooks takes neither it nor a line break inside one.
  if (typeof uniqueName === 'string' && /[:\t\n\r]/.test(uniqueName)) {
    throw invalidString({ name: entity.uniqueName?.field ?? '', value: uniqueName })
  }
}

function validateLine(line: Json): void {
  if (!isFields(line)) throw unknownProperty('Line')
  for (const name of Object.keys(line)) if (!lineFields.has(name)) throw unknownProperty(name)
  const type = line.DetailType
  if (typeof type === 'string' && !detailTypes.has(type)) throw invalidEnumeration({ name: 'DetailType', value: type })
  const detail = line.SalesItemLineDetail
  if (!isFields(detail)) return
  for (const name of Object.keys(detail)) if (!salesDetailFields.has(name)) throw unknownProperty(name)
}

function validateField({ name, value, owner }: Visit): void {
  if (typeof value === 'string') {
    const lengthName = name === 'value' && owner === 'CustomerMemo' ? owner : name
    const max = lengthsMax[lengthName]
    if (max !== undefined && value.length > max) {
      throw badLength({ name: lengthName, min: 0, max, length: value.length })
    }
    if (/Date$/.test(name) && value !== '' && !isDay(value)) throw invalidString({ name, value })
  }
  const isNumber = typeof value === 'string' || typeof value === 'number'
  if (isDecimalField(name) && value !== undefined && value !== null) {
    if (!isNumber || money(value).isNaN()) throw unknownProperty(name)
  }
}

const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)))

interface Visit {
  name: string
  value: Json | undefined
  /** The name of the object that holds the field. */
  owner: string
  holder: Fields
}

function visit(holder: Fields, see: (visit: Visit) => void, owner = ''): void {
  for (const [name, value] of Object.entries(holder)) {
    see({ name, value, owner, holder })
    if (isFields(value)) visit(value, see, name)
    if (Array.isArray(value)) for (const each of value) if (isFields(each)) visit(each, see, name)
  }
}

/** Faults 2020, all missing fields in one answer. */
export function requireFields({ entity, fields }: { entity: Entity; fields: Fields }): void {
  const missing = entity.required.filter((name) => {
    const value = fields[name]
    const isEmptyList = Array.isArray(value) && value.length === 0
    return value === undefined || value === null || value === '' || isEmptyList
  })
  if (missing.length > 0) throw requiredMissing(missing)
}

/** Fills the name of every reference in a copy of the body. Throws 2500 for an unknown and 610 for an inactive one. */
export function resolveReferences({
  company,
  entity,
  body,
}: {
  company: Company
  entity: Entity
  body: Fields
}): Fields {
  const copy = structuredClone(body)
  visit(copy, ({ name, value, owner, holder }) => {
    if (!isFields(value)) return
    if (name === 'CurrencyRef') holder[name] = currencyOf({ company, value: refValue(value) })
    const list = name === 'ParentRef' ? entity.name : referenced[name]
    if (!list || owner === 'CurrencyRef') return
    const id = refValue(value)
    if (id === undefined || id === '') throw requiredMissing([`${name}.value`])
    if (name === 'ItemRef' && id === 'SHIPPING_ITEM_ID') {
      if (!company.settings.allowShipping) throw businessRule('Shipping is turned off in the sales preferences.')
      holder[name] = { value: id }
      return
    }
    const found = company.get(list, id)
    if (!found) throw invalidReference({ list: `${list}s`, id })
    if (found.Active === false) throw objectNotFound()
    holder[name] = { value: id, name: nameOf(found) }
  })
  return copy
}

export const nameOf = (record: Fields): Json | undefined =>
  record.DisplayName ?? record.FullyQualifiedName ?? record.Name

export const homeCurrency: Fields = { value: 'USD', name: 'United States Dollar' }

function currencyOf({ company, value }: { company: Company; value: string | undefined }): Fields {
  if (value === undefined || value === 'USD') return homeCurrency
  if (!company.settings.multiCurrency) {
    throw businessRule(
      'You must enable multicurrency in the company settings to use a currency other than the home currency.',
    )
  }
  return { value }
}

/** Fault 2030 unless the text is a number, as every Id of QuickBooks Online is (the codes TAX and NON aside). */
export function validateId({ name, value }: { name: string; value: string }): void {
  if (!/^\d{1,18}$/.test(value) && value !== 'TAX' && value !== 'NON') throw invalidId({ name, value })
}
