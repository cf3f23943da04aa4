import { z } from 'zod'
import { LogStatus } from '../domain/log-row.ts'

/** What differs from one Creatio site to the next, as configuration: names of tables and columns, ids of lookup values, rules, limits. */

const name = z.string().regex(/^[A-Za-z_]\w*$/, 'must be the name of a table or column')
const guid = z.guid().transform((id) => id.toLowerCase())

/** A column that a site may not have: null leaves it unread. */
const maybe = (column: string) => name.nullable().default(column)
const count = (standard: number, most: number) => z.int().min(1).max(most).default(standard)

/** The lookup columns here are named as their navigation, without the `Id`. */
function orderLog(prefix: string) {
  return z.strictObject({
    set: name.default(`${prefix}QuickBooksIntegrationLogDetail`),
    type: name.default(`${prefix}Type`),
    action: name.default(`${prefix}Action`),
    status: name.default(`${prefix}Status`),
    /** The number of the order as the row tells it: it finds rows whose record is gone, or is of another type. */
    name: maybe(`${prefix}Name`),
    recordId: name.default(`${prefix}RecordId`),
    recordIdKind: z.enum(['detected', 'guid', 'text']).default('detected'),
    message: name.default(`${prefix}ErrorMessage`),
    messageCharactersMax: count(500, 100_000),
    statuses: z
      .strictObject({
        [LogStatus.PENDING]: guid.default('c97db3bc-634d-4c90-8432-ec7141c87640'),
        [LogStatus.PROCESSING]: guid.default('fc2a1755-cdb8-43ec-a637-cdbcb6ef4bef'),
        [LogStatus.PROCESSED]: guid.default('e7428193-4cf1-4d1b-abae-00e93ab5e1c5'),
        [LogStatus.ERROR]: guid.default('bdfc60c7-55fd-4cbd-9a2c-dca2def46d80'),
        [LogStatus.RE_PROCESS]: guid.default('ff92e20c-da27-4255-96bc-57e32f0944f4'),
      })
      .prefault({}),
    types: z
      .strictObject({
        CUSTOMER_ORDER: guid.default('14535998-d4c0-45ac-bbac-8c0185bfcc1a'),
        FACTORY_ORDER: guid.default('1f2a682d-0d58-4a7a-89fa-3a7622d79c12'),
        INVENTORY_ADJUSTMENT: guid.default('e918270e-770e-4265-98be-2c6436178aa6'),
        COMMISSION: guid.default('93d75da5-3101-49f2-9829-7eb7025205cc'),
      })
      .prefault({}),
    actions: z
      .strictObject({
        INSERT: guid.default('facb63c3-3599-4cb5-b86d-179b0636a3cb'),
        UPDATE: guid.default('9065a18f-7c4c-49fb-a9ec-4f6f9d342c43'),
        DELETE: guid.default('1569077b-41ca-4267-b07c-96277fa979fc'),
        LOG: guid.default('44ff0873-6f74-490a-8088-10670bbd8180'),
      })
      .prefault({}),
  })
}

function order(prefix: string) {
  return z.strictObject({
    set: name.default('Order'),
    number: name.default('Number'),
    date: name.default('Date'),
    account: name.default('Account'),
    contact: name.default('Contact'),
    status: name.default('Status'),
    currency: name.default('Currency'),
    quickBooksId: name.default(`${prefix}QuickBooksId`),
    /** Where the order says that it has a log row. */
    hasLog: maybe(`${prefix}HasQuickBooksLog`),
    invoiceNumber: maybe(`${prefix}NumberInvoice`),
    invoiceDate: maybe(`${prefix}InvoiceDate`),
    dueDate: maybe(`${prefix}InvoiceDueDate`),
    shipDate: maybe(`${prefix}ShipDate`),
    shipping: maybe(`${prefix}ShippingCharge`),
    taxed: maybe(`${prefix}TaxCheckbox`),
    tax: maybe(`${prefix}TaxAmount`),
    /** What the CRM itself says that an order comes to, such as `Amount`: one that contradicts its lines is not posted. */
    amount: name.nullable().default(null),
    purchaseOrderNumber: maybe(`${prefix}PONumber`),
    salesGroup: maybe(`${prefix}SalesGroup`),
    transactionType: maybe(`${prefix}TransactionType`),
    transactionTypes: z
      .strictObject({
        SALES: guid.default('b4494f26-26c2-4aa6-951c-658d0828d0d0'),
        CREDIT_MEMO: guid.default('c26d3478-7ac1-49e9-97f9-1c0809552f1f'),
      })
      .prefault({}),
    /** The lookup of the order that a credit memo corrects, where a site has one: the credit is then applied to its invoice. */
    correctedOrder: name.nullable().default(null),
    /** A credit memo whose payment status has one of these names (in any case) is a refund: the money was given back. */
    paymentStatus: maybe('PaymentStatus'),
    refundedStatusNames: z.array(z.string()).default(['Refunded']),
    /** A lookup of the order that names its sales tax as QuickBooks does; before it counts what the taxed lines name. */
    taxName: name.nullable().default(null),
    /** Where an order is shipped to, if the site says so: sales tax may depend on it. City, state and country are lookups. */
    shipTo: z
      .strictObject({
        street: name.nullable().default(null),
        city: name.nullable().default(null),
        state: name.nullable().default(null),
        postalCode: name.nullable().default(null),
        country: name.nullable().default(null),
      })
      .prefault({}),
    /** The terms of payment by their names, where a site keeps them in a lookup of the order. */
    terms: name.nullable().default(null),
    /** Order statuses differ from site to site: an order is cancelled when its status has one of these ids or (in any case) names. */
    cancelledStatusIds: z.array(guid).default([]),
    cancelledStatusNames: z.array(z.string()).default(['Canceled', 'Cancelled']),
    documentNumber: z
      .enum(['invoice-number-else-order-number', 'invoice-number', 'order-number'])
      .default('invoice-number-else-order-number'),
  })
}

function orderLine(prefix: string) {
  return z.strictObject({
    set: name.default('OrderProduct'),
    order: name.default('Order'),
    product: name.default('Product'),
    name: name.default('Name'),
    /** Where a site numbers its lines; else they stand in the order of their entry. */
    position: name.nullable().default(null),
    /** The first of the two columns that has a value counts. */
    price: maybe(`${prefix}ItemPrice`),
    standardPrice: name.default('Price'),
    quantity: maybe(`${prefix}ItemQuantity`),
    standardQuantity: name.default('Quantity'),
    discountPercent: maybe(`${prefix}ItemDiscount`),
    standardDiscountPercent: name.default('DiscountPercent'),
    taxable: maybe(`${prefix}Taxable`),
    /** The lookup of a line's tax, such as `Tax`, where its names are names of taxes in QuickBooks. */
    taxName: name.nullable().default(null),
    /** True on a site that writes 0 where its own price or quantity column was never filled: then 0 falls back to the standard column. */
    zeroMeansMissing: z.boolean().default(false),
  })
}

function account(prefix: string) {
  return z.strictObject({
    set: name.default('Account'),
    name: name.default('Name'),
    quickBooksName: maybe(`${prefix}QBName`),
    quickBooksId: name.default(`${prefix}QuickBooksId`),
    /** Creatio keeps an account's addresses apart; where a site has a column of its own, it comes before the e-mail of the order's contact. */
    email: name.nullable().default(null),
    phone: maybe('Phone'),
    street: maybe('Address'),
    postalCode: maybe('Zip'),
    /** Lookups, read by their names. */
    city: maybe('City'),
    state: maybe('Region'),
    country: maybe('Country'),
    /** A flag of the site's own on accounts that are no longer sold to: their customers are made inactive. */
    inactive: name.nullable().default(null),
  })
}

/** Payments that are recorded in the CRM. */
const payment = z.strictObject({
  /** They go to QuickBooks only where a site says so: elsewhere they are entered there by hand, and would stand there twice. */
  pushed: z.boolean().default(false),
  set: name.default('SupplyPaymentElement'),
  order: name.default('Order'),
  amount: name.default('AmountFact'),
  /** Set when the money came: until then an element is a plan, and no payment. */
  date: name.default('DateFact'),
  /** The number of the cheque, say; without one a payment is numbered by its id. */
  reference: name.nullable().default(null),
  /** A lookup, read by its name. */
  method: name.nullable().default(null),
  quickBooksId: name.nullable().default(null),
  /** Payments before this day are not pushed; null: those before the day on which they were first looked at. */
  since: z.iso
    .date()
    .transform((day) => `${day}T00:00:00Z`)
    .nullable()
    .default(null),
})

/** Who earns on an order; null where a site keeps no such table. */
function commissionEarner(prefix: string) {
  return z.strictObject({
    set: maybe(`${prefix}CommissionEarner`),
    order: name.default(`${prefix}Order`),
    rep: name.default(`${prefix}SalesRep`),
    repName: name.default('Name'),
    rate: maybe(`${prefix}CommissionRate`),
  })
}

/** The CRM's own table of what payments earned. Nothing is written until its set is named. */
function commissionDownload(prefix: string) {
  return z.strictObject({
    set: name.nullable().default(null),
    name: maybe(`${prefix}Name`),
    order: name.default(`${prefix}Order`),
    rep: name.default(`${prefix}SalesRep`),
    invoiceNumber: name.default(`${prefix}InvoiceNumber`),
    paymentId: name.default(`${prefix}QuickBooksPaymentId`),
    paidOn: name.default(`${prefix}PaymentDate`),
    amount: name.default(`${prefix}Amount`),
    commission: name.default(`${prefix}CommissionAmount`),
    employees: name.default('Employee'),
    employeeName: name.default('Name'),
  })
}

/**
 * What an order is told of how its invoice stands. Nothing is told until a column is named. A status is the id of a lookup value, or
 * a text: null leaves the column as it is.
 */
const standing = z.strictObject({
  status: name.nullable().default(null),
  statusKind: z.enum(['lookup', 'text']).default('text'),
  statuses: z
    .strictObject({
      DRAFT: z.string().nullable().default('Draft'),
      SENT: z.string().nullable().default('Sent'),
      PARTIAL: z.string().nullable().default('Partial'),
      PAID: z.string().nullable().default('Paid'),
      OVERDUE: z.string().nullable().default('Overdue'),
      CANCELLED: z.string().nullable().default('Cancelled'),
    })
    .prefault({}),
  paid: name.nullable().default(null),
  due: name.nullable().default(null),
  paidOn: name.nullable().default(null),
  method: name.nullable().default(null),
})

/** The nightly search for orders that no log row asks for. */
const difference = z.strictObject({
  /** Orders created before this day (in UTC) or instant are not looked at; null: before the oldest log row. */
  ordersSince: z
    .union([z.iso.date().transform((day) => `${day}T00:00:00Z`), z.iso.datetime({ offset: true })])
    .nullable()
    .default(null),
  /** An order in a status of these names (in any case) is not yet to be invoiced, so it needs no log row. */
  unreleasedStatusNames: z.array(z.string()).default(['Draft']),
})

const limits = z.strictObject({
  /** Small, because the servers of .NET limit a filter to 100 nodes (four per id) and a query to about 2,000 characters. */
  idsPerFilterMax: count(20, 200),
  ordersPerBatchMax: count(200, 1_000),
  /** Creatio's own limit. */
  batchPartsMax: count(100, 100),
  /** Creatio refuses more than 20,000 rows in one answer. */
  pageRowsMax: count(5_000, 20_000),
  requestsAtOnceMax: count(4, 32),
  bodyBytesMax: count(64 * 1024 * 1024, 1024 * 1024 * 1024),
})

function schemaOf(prefix: string) {
  return z.strictObject({
    prefix: z.string().default(prefix),
    orderLog: orderLog(prefix).prefault({}),
    order: order(prefix).prefault({}),
    orderLine: orderLine(prefix).prefault({}),
    account: account(prefix).prefault({}),
    contact: z.strictObject({ email: maybe('Email'), phone: maybe('Phone') }).prefault({}),
    product: z
      .strictObject({
        set: name.default('Product'),
        code: name.default('Code'),
        /** Where no item has a product's code, one of this name is looked for. */
        standardName: name.default('Name'),
        /** What the items of QuickBooks are written into, every night; a column that is not named is left alone. */
        fromQuickBooks: z
          .strictObject({
            quickBooksId: name.nullable().default(null),
            name: name.nullable().default(null),
            price: name.nullable().default(null),
            description: name.nullable().default(null),
            active: name.nullable().default(null),
            /** The same the other way round, such as `IsArchive`. */
            inactive: name.nullable().default(null),
            /** A flag of the site's own: while it is set, people keep the price, and it is never written. */
            manualPrice: name.nullable().default(null),
          })
          .prefault({}),
        /** The lookup of its category, such as `Category`, where account mappings are to look at it. */
        category: name.nullable().default(null),
      })
      .prefault({}),
    currency: z.strictObject({ code: name.default('ShortName') }).prefault({}),
    payment: payment.prefault({}),
    commissionEarner: commissionEarner(prefix).prefault({}),
    commissionDownload: commissionDownload(prefix).prefault({}),
    standing: standing.prefault({}),
    difference: difference.prefault({}),
    limits: limits.prefault({}),
  })
}

export type Profile = z.output<ReturnType<typeof schemaOf>>

/** Parses a profile once; what is left out has the defaults of its prefix, so that nothing at all is the standard profile. Throws ZodError, which names unknown and malformed settings. */
export function parseProfile(input: unknown = {}): Profile {
  const { prefix } = z.looseObject({ prefix: z.string().regex(/^\w*$/).default('BG') }).parse(input)
  return schemaOf(prefix).parse(input)
}
