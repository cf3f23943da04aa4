// The CRM's language, in and out: signs in to a Creatio site, reads its order log and its orders, and writes back what became of them.
// This file is the whole of what other rooms see of it, with `to-document.ts` (order → invoice) and `profile.ts` (names and ids).
// The road of a call: creatio → order-log | order | order-status → crm-tables (OData) → site (session) → wire (network).
import { accounts } from './account.ts'
import { type Search, searchAccounts, searchOrders } from './account-search.ts'
import { type ChangeCursor, type ChangedPage, changedSince } from './changes.ts'
import { type DownloadRow, writeDownloads } from './commission-download.ts'
import { type CrmEarner, earnersOfOrders } from './commission-earner.ts'
import { type CommissionRow, commissionRows } from './commission-rows.ts'
import type { CrmAccount, CrmOrder, CrmPayment } from './crm-order.ts'
import { openTables } from './crm-tables.ts'
import { type InvoiceClaim, invoiceClaims } from './invoice-claims.ts'
import { type StandingWrite, writeInvoiceStandings } from './invoice-standing.ts'
import type { KeyCursor } from './keyed-page.ts'
import { addMissingLogRows, type MissingLogRow } from './log-repair.ts'
import { readMetadata, type SiteMetadata } from './metadata.ts'
import { type OrderKeyPage, orderIdByNumber, orderKeys, orders } from './order.ts'
import {
  type CrmLogRow,
  edgeOfLog,
  type LogCursor,
  type LogPage,
  logRows,
  logRowsNamed,
  logRowsOfRecords,
  type WantedStatuses,
} from './order-log.ts'
import {
  type LogRowWrite,
  type QuickBooksIdWrite,
  type WriteResult,
  writeLogRows,
  writeQuickBooksIds,
} from './order-status.ts'
import { factsSince, paymentKeys, payments } from './payment.ts'
import { type CrmProduct, type CrmWare, type ProductWrite, products, productsById, writeProducts } from './product.ts'
import type { Profile } from './profile.ts'
import { openSignIn, type SignInOptions } from './sign-in.ts'
import { openSite } from './site.ts'
import { pingSite, type SitePing, type UnknownLookup, unknownLookups } from './site-check.ts'
import { type QuickBooksSettings, readQuickBooksSettings } from './sys-settings.ts'
import { openWire } from './wire.ts'

export type { Search } from './account-search.ts'
export type { ChangeCursor, ChangedPage } from './changes.ts'
export type { DownloadRow } from './commission-download.ts'
export type { CrmEarner } from './commission-earner.ts'
export { CreatioError, type CreatioErrorKind } from './creatio-error.ts'
export type { CrmAccount, CrmOrder, CrmOrderLine, CrmPayment, Unreadable } from './crm-order.ts'
export { type StandingWrite, tellsDrafts, tellsStandings } from './invoice-standing.ts'
export type { OrderKey } from './order.ts'
export type { CrmLogRow, LogAction, LogCursor, LogPage, LogType, WantedStatuses } from './order-log.ts'
export type { LogRowWrite, QuickBooksIdWrite, WriteResult } from './order-status.ts'
export type { CrmProduct, CrmWare, ProductFacts, ProductWrite } from './product.ts'
export type { SignInOptions } from './sign-in.ts'
export type { SitePing } from './site-check.ts'
export type { QuickBooksSettings } from './sys-settings.ts'
export type { Lookup } from './values.ts'

export interface CreatioOptions {
  siteUrl: string
  signIn: SignInOptions
  profile: Profile
  /** The business's own time zone, as IANA names it. */
  timeZone: string
  requestTimeoutSeconds?: number
  /** Sent along as the header `x-countersign-worker`. */
  workerName?: string
  /** Lets a token be renewed before it dies; without a clock it is renewed when the CRM no longer takes it. */
  now?: () => Date
}

/** A Creatio site. Every method throws CreatioError; ids are GUIDs in lower case, and anything else in their place is a RangeError. */
export interface Creatio {
  readonly profile: Profile
  readonly timeZone: string
  /** One page of log rows in the given statuses, ordered by CreatedOn and Id, after the cursor. `next` is null when nothing is left. */
  logRows(args: { statuses: WantedStatuses; after: LogCursor | null; limit: number }): Promise<LogPage>
  /** The key of the newest or the oldest log row; null when there is none. */
  edgeOfLog(edge: 'newest' | 'oldest'): Promise<LogCursor | null>
  /** Every log row of the given records, whatever its status. */
  logRowsOfRecords(recordIds: string[]): Promise<CrmLogRow[]>
  /** Orders with all that their invoices need, by id in lower case; an order that does not exist is absent. */
  orders(ids: string[]): Promise<Map<string, CrmOrder>>
  /** Accounts with all that a customer needs, by id in lower case; one that does not exist is absent. */
  accounts(ids: string[]): Promise<Map<string, CrmAccount>>
  orderIdByNumber(number: string): Promise<string | null>
  /** Accounts that were changed after the cursor, by ModifiedOn and Id. */
  changedAccounts(args: { after: ChangeCursor; limit: number }): Promise<ChangedPage>
  /** Payments whose money came since an instant and that were changed after the cursor, by ModifiedOn and Id. */
  changedPayments(args: { since: string; after: ChangeCursor; limit: number }): Promise<ChangedPage>
  /** The ids of payments whose money came since an instant, by CreatedOn and Id. */
  paymentKeys(args: {
    since: string
    after: KeyCursor | null
    limit: number
  }): Promise<{ ids: string[]; next: KeyCursor | null }>
  /** Payments by id in lower case; one that does not exist is absent. */
  payments(ids: string[]): Promise<Map<string, CrmPayment>>
  /** One page of the keys of orders created from `since` (null: ever) up to `before`, by CreatedOn and Id. */
  orderKeys(args: {
    since: string | null
    before: string
    after: KeyCursor | null
    limit: number
  }): Promise<OrderKeyPage>
  /** The orders that name invoices of these numbers or QuickBooks ids as their own. */
  invoiceClaims(args: { numbers: string[]; quickBooksIds: string[] }): Promise<InvoiceClaim[]>
  /** Log rows that bear a number as their name. */
  logRowsNamed(name: string): Promise<CrmLogRow[]>
  /** Orders by order number or invoice number, else those that look like it. */
  searchOrders(number: string): Promise<Search>
  /** Accounts by name or QuickBooks name, else those that look like it. */
  searchAccounts(name: string): Promise<Search>
  /** Writes and reads back; by sourceId in lower case. */
  writeQuickBooksIds(writes: QuickBooksIdWrite[]): Promise<Map<string, WriteResult>>
  /** One page of products, by CreatedOn and Id. */
  products(args: {
    after: KeyCursor | null
    limit: number
  }): Promise<{ products: CrmProduct[]; next: KeyCursor | null }>
  /** Products with what an item is made of, by id in lower case; one that does not exist is absent. */
  productsById(ids: string[]): Promise<Map<string, CrmWare>>
  /** Writes into the columns that the profile names, and reads back; by id in lower case. */
  writeProducts(writes: ProductWrite[]): Promise<Map<string, WriteResult>>
  /** Writes and reads back; by id in lower case. */
  writeLogRows(writes: LogRowWrite[]): Promise<Map<string, WriteResult>>
  /** Adds log rows that orders lack, and says so on the order; gives the ids of those that were seen there then. */
  addMissingLogRows(rows: MissingLogRow[]): Promise<Set<string>>
  /** Who earns on orders, by the id of the order in lower case; an order without earners is absent. */
  earnersOfOrders(orderIds: string[]): Promise<Map<string, CrmEarner[]>>
  /** How invoices stand, to their orders: writes and reads back; by sourceId in lower case. */
  writeInvoiceStandings(writes: StandingWrite[]): Promise<Map<string, WriteResult>>
  /** Makes the CRM's table of commission hold the wanted rows and not the unwanted: writes and reads back; by id. */
  writeDownloads(args: { wanted: DownloadRow[]; unwanted: string[] }): Promise<Map<string, WriteResult>>
  /** One page of the CRM's table of commission, whoever wrote its rows, by CreatedOn and Id; none where no table is named. */
  commissionRows(args: {
    after: KeyCursor | null
    limit: number
  }): Promise<{ rows: CommissionRow[]; next: KeyCursor | null }>
  /** Signs in and reads one row. */
  ping(): Promise<void>
  /** How it signs in, for people. */
  readonly signInKind: SignInOptions['kind']
  /** Asks the health check, without signing in. */
  pingSite(args: { now: () => Date }): Promise<SitePing>
  /** What the site says of its tables. */
  metadata(): Promise<SiteMetadata>
  /** Log rows with lookup values that the profile does not name. */
  unknownLookups(): Promise<UnknownLookup[]>
  /** What the CRM's own QuickBooks integration is set to. */
  quickBooksSettings(): Promise<QuickBooksSettings>
}

const REQUEST_TIMEOUT_SECONDS = 60

/** Opens a site without speaking to it. Throws RangeError on an unknown time zone and TypeError on an address that is none. */
export function openCreatio(options: CreatioOptions): Creatio {
  const { profile, timeZone, requestTimeoutSeconds = REQUEST_TIMEOUT_SECONDS, workerName, now } = options
  new Intl.DateTimeFormat('en-US', { timeZone })
  const siteUrl = new URL(options.siteUrl).href.replace(/\/+$/, '')
  const wire = openWire({
    timeoutSeconds: requestTimeoutSeconds,
    bodyBytesMax: profile.limits.bodyBytesMax,
    workerName,
  })
  const signIn = openSignIn({ siteUrl, options: options.signIn, wire, now })
  const site = openSite({ siteUrl, signIn, wire })
  const tables = openTables({ site, limits: profile.limits })
  const at = { tables, profile }
  return {
    profile,
    timeZone,
    logRows: (args) => logRows({ ...at, ...args }),
    edgeOfLog: (edge) => edgeOfLog({ ...at, edge }),
    logRowsOfRecords: (recordIds) => logRowsOfRecords({ ...at, recordIds }),
    orders: (ids) => orders({ ...at, ids }),
    accounts: (ids) => accounts({ ...at, ids }),
    orderIdByNumber: (number) => orderIdByNumber({ ...at, number }),
    orderKeys: (args) => orderKeys({ ...at, ...args }),
    invoiceClaims: (args) => invoiceClaims({ ...at, ...args }),
    changedAccounts: (args) => changedSince({ ...at, set: profile.account.set, ...args }),
    changedPayments: ({ since, ...args }) =>
      changedSince({ ...at, set: profile.payment.set, filter: factsSince(profile, since), ...args }),
    paymentKeys: (args) => paymentKeys({ ...at, ...args }),
    payments: (ids) => payments({ ...at, ids }),
    logRowsNamed: (name) => logRowsNamed({ ...at, name }),
    searchOrders: (number) => searchOrders({ ...at, number }),
    searchAccounts: (name) => searchAccounts({ ...at, name }),
    writeQuickBooksIds: async (writes) => writeQuickBooksIds({ ...at, writes }),
    products: (args) => products({ ...at, ...args }),
    productsById: (ids) => productsById({ ...at, ids }),
    writeProducts: async (writes) => writeProducts({ ...at, writes }),
    writeLogRows: async (writes) => writeLogRows({ ...at, writes }),
    addMissingLogRows: (rows) => addMissingLogRows({ ...at, rows }),
    writeDownloads: async (args) => writeDownloads({ ...at, timeZone, ...args }),
    commissionRows: async (args) => commissionRows({ ...at, timeZone, ...args }),
    earnersOfOrders: async (orderIds) => earnersOfOrders({ ...at, orderIds }),
    writeInvoiceStandings: async (writes) => writeInvoiceStandings({ ...at, timeZone, writes }),
    async ping() {
      await tables.page({ set: profile.orderLog.set, select: ['Id'], orderBy: ['CreatedOn', 'Id'], top: 1 })
    },
    signInKind: options.signIn.kind,
    pingSite: (args) => pingSite({ siteUrl, wire, ...args }),
    metadata: () => readMetadata(site),
    unknownLookups: () => unknownLookups(at),
    quickBooksSettings: () => readQuickBooksSettings({ site, profile }),
  }
}
