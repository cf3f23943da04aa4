// The CRM's language, in and out: signs in to a Creatio site, reads its order log and its orders, and writes back what became of them.
// This file is the whole of what other rooms see of it, with `to-document.ts` (order → invoice) and `profile.ts` (names and ids).
// The road of a call: creatio → order-log | order | order-status → crm-tables (OData) → site (session) → wire (network).
import type { LogStatus } from '../domain/log-row.ts'
import { openTables } from './crm-tables.ts'
import { type CrmOrder, orderIdByNumber, orders } from './order.ts'
import { type CrmLogRow, type LogCursor, type LogPage, logRows, logRowsOfRecords } from './order-log.ts'
import {
  type LogRowWrite,
  type QuickBooksIdWrite,
  type WriteResult,
  writeLogRows,
  writeQuickBooksIds,
} from './order-status.ts'
import type { Profile } from './profile.ts'
import { openSignIn, type SignInOptions } from './sign-in.ts'
import { openSite } from './site.ts'
import { openWire } from './wire.ts'

export { CreatioError, type CreatioErrorKind } from './creatio-error.ts'
export type { CrmAccount, CrmOrder, CrmOrderLine, Lookup, Unreadable } from './order.ts'
export type { CrmLogRow, LogAction, LogCursor, LogPage, LogType } from './order-log.ts'
export type { LogRowWrite, QuickBooksIdWrite, WriteResult } from './order-status.ts'
export type { SignInOptions } from './sign-in.ts'

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
  logRows(args: { statuses: LogStatus[]; after: LogCursor | null; limit: number }): Promise<LogPage>
  /** Every log row of the given records, whatever its status. */
  logRowsOfRecords(recordIds: string[]): Promise<CrmLogRow[]>
  /** Orders with all that their invoices need, by id in lower case; an order that does not exist is absent. */
  orders(ids: string[]): Promise<Map<string, CrmOrder>>
  orderIdByNumber(number: string): Promise<string | null>
  /** Writes and reads back; by sourceId in lower case. */
  writeQuickBooksIds(writes: QuickBooksIdWrite[]): Promise<Map<string, WriteResult>>
  /** Writes and reads back; by id in lower case. */
  writeLogRows(writes: LogRowWrite[]): Promise<Map<string, WriteResult>>
  /** Signs in and reads one row. */
  ping(): Promise<void>
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
  const tables = openTables({ site: openSite({ siteUrl, signIn, wire }), limits: profile.limits })
  const at = { tables, profile }
  return {
    profile,
    timeZone,
    logRows: (args) => logRows({ ...at, ...args }),
    logRowsOfRecords: (recordIds) => logRowsOfRecords({ ...at, recordIds }),
    orders: (ids) => orders({ ...at, ids }),
    orderIdByNumber: (number) => orderIdByNumber({ ...at, number }),
    writeQuickBooksIds: async (writes) => writeQuickBooksIds({ ...at, writes }),
    writeLogRows: async (writes) => writeLogRows({ ...at, writes }),
    async ping() {
      await tables.page({ set: profile.orderLog.set, select: ['Id'], orderBy: ['CreatedOn', 'Id'], top: 1 })
    },
  }
}
