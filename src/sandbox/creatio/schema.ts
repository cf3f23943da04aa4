import { zeroDate, zeroGuid } from './lookups.ts'

export type ColumnType = 'guid' | 'text' | 'integer' | 'decimal' | 'boolean' | 'date' | 'lookup'

/** A column as OData shows it: a lookup `Account` is the column AccountId with the navigation Account. */
export interface Column {
  name: string
  type: ColumnType
  /** Digits after the point of a decimal; money has 2. */
  scale: number
  navigation?: string
  reference?: string
}

export interface Entity {
  name: string
  columns: Map<string, Column>
  /** Lookup columns by navigation name. */
  navigations: Map<string, Column>
}

export type Stored = string | number | boolean
export type Entry = { Id: string } & Record<string, Stored>

const lookup = 'Name text, Description text'
const line = `Name text, Order > Order, Product > Product, Unit > Unit, Quantity decimal 3, Price decimal 2, Amount decimal 2,
  DiscountPercent decimal 2, DiscountAmount decimal 2, Tax > Tax, TaxAmount decimal 2, TotalAmount decimal 2,
  BGItemPrice decimal 5, BGItemQuantity decimal 3, BGItemDiscount decimal 4, BGTaxable boolean, Position integer`
const order = `Number text, Date date, Account > Account, Contact > Contact, Owner > Contact, Status > OrderStatus,
  PaymentStatus > OrderPaymentStatus, DeliveryStatus > OrderDeliveryStatus, Currency > Currency, CurrencyRate decimal 4,
  Amount decimal 2, PaymentAmount decimal 2, DueDate date, ActualDate date, Notes text, DeliveryAddress text,
  BGQuickBooksId text, BGHasQuickBooksLog boolean, BGHasInvoice boolean, BGNumberInvoice text, BGInvoiceDate date,
  BGInvoiceDueDate date, BGShipDate date, BGShippingCharge decimal 2, BGTaxCheckbox boolean, BGTaxAmount decimal 2,
  BGPONumber text, BGSalesGroup > BGSalesGroup, BGTransactionType > BGTransactionType,
  BGCorrectedOrder > Order, BGTax > Tax, BGTerms > BGTerms, BGShipToStreet text, BGShipToZip text, BGShipToCity > City,
  BGShipToState > Region, BGShipToCountry > Country, CardNumber text, BankAccount text`

/** The tables by entity: `Name type [scale]`, or `Navigation > Entity` for a lookup. Every table also has the base columns. */
const tables: Record<string, string> = {
  Order: order,
  OrderProduct: line,
  Account: `Name text, BGQBName text, BGQuickBooksId text, Phone text, Email text, Web text, Owner > Contact,
    PrimaryContact > Contact, Address text, Zip text, City > City, Region > Region, Country > Country,
    BGInactive boolean`,
  Contact: 'Name text, Account > Account, Email text, Phone text, BGBuyerCode text, BGQuickBooksId text',
  Product: `Name text, Code text, Price decimal 5, Description text, Unit > Unit, Tax > Tax, Category > ProductCategory,
    IsArchive boolean,
    BGQuickBooksId text`,
  Currency: 'Name text, ShortName text, Symbol text, Rate decimal 4',
  Tax: 'Name text, Percent decimal 4',
  Invoice: `Number text, StartDate date, Order > Order, Account > Account, Currency > Currency, Amount decimal 2,
    PaymentAmount decimal 2, PaymentStatus > OrderPaymentStatus`,
  SupplyPaymentElement: `Name text, Order > Order, Invoice > Invoice, DatePlan date, DateFact date, Percentage decimal 2,
    AmountPlan decimal 2, AmountFact decimal 2, BGReference text, BGQuickBooksId text, BGMethod > BGPaymentMethod`,
  Employee: 'Name text, Contact > Contact, Account > Account, BGQuickBooksId text',
  BGQuickBooksIntegrationLog: 'BGName text, BGDate date, BGStatus > BGQuickBooksIntegrationStatus',
  BGQuickBooksIntegrationLogDetail: `BGName text, BGType > BGQuickBooksIntegrationType,
    BGAction > BGQuickBooksIntegrationAction, BGStatus > BGQuickBooksIntegrationStatus, BGRecordId text,
    BGErrorMessage text, BGDate date, BGQuickBooksIntegrationLog > BGQuickBooksIntegrationLog`,
  BGCommissionEarner: 'BGOrder > Order, BGSalesRep > Employee, BGCommissionRate decimal 4',
  BGCommissionReportQBDownload: `BGName text, BGOrder > Order, BGSalesRep > Employee, BGInvoiceNumber text,
    BGQuickBooksPaymentId text, BGPaymentDate date, BGAmount decimal 2, BGCommissionAmount decimal 2`,
  SysSettings: 'Code text, Name text, ValueTypeName text, TextValue text',
  BGQuickBooksIntegrationStatus: lookup,
  BGQuickBooksIntegrationType: lookup,
  BGQuickBooksIntegrationAction: lookup,
  BGTransactionType: lookup,
  BGSalesGroup: lookup,
  BGPaymentMethod: lookup,
  BGTerms: lookup,
  OrderStatus: lookup,
  OrderPaymentStatus: lookup,
  OrderDeliveryStatus: lookup,
  Unit: lookup,
  ProductCategory: lookup,
  City: lookup,
  Region: lookup,
  Country: lookup,
}
const base = 'Id guid, CreatedOn date, CreatedBy > Contact, ModifiedOn date, ModifiedBy > Contact'

/** Every entity of the played site, by name. */
export const entities: ReadonlyMap<string, Entity> = new Map(
  Object.entries(tables).map(([name, columns]) => [name, entityOf({ name, columns: `${base}, ${columns}` })]),
)

/** What a column holds when nothing was written to it. */
export function emptyOf(column: Column): Stored {
  switch (column.type) {
    case 'guid':
    case 'lookup':
      return zeroGuid
    case 'date':
      return zeroDate
    case 'text':
      return ''
    case 'boolean':
      return false
    case 'integer':
      return 0
    case 'decimal':
      return '0'
  }
}

function entityOf({ name, columns }: { name: string; columns: string }): Entity {
  const parsed = columns.split(',').map((text) => columnOf(text.trim()))
  return {
    name,
    columns: new Map(parsed.map((column) => [column.name, column])),
    navigations: new Map(parsed.flatMap((column) => (column.navigation ? [[column.navigation, column]] : []))),
  }
}

function columnOf(text: string): Column {
  const [name = '', type = '', scale = '0'] = text.split(/\s+/)
  if (type === '>') return { name: `${name}Id`, type: 'lookup', scale: 0, navigation: name, reference: scale }
  return { name, type: type as ColumnType, scale: Number(scale) }
}
