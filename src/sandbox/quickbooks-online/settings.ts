import type { Settings } from '../settings.ts'

/** The switches of QuickBooks Online and its OAuth. Where nobody knows what Intuit really does, a switch plays either. */
export interface QuickBooksOnlineSettings {
  quickBooksLatencyMs: number
  batchItemLatencyMs: number
  /** What a repeated requestid gets: the first answer again, nothing special, or fault 600. */
  requestIdMode: 'replay' | 'ignore' | 'duplicate-600'
  quickBooksClientId: string
  quickBooksClientSecret: string
  /** The administrator refuses consent: the authorize redirect carries error=access_denied. */
  consentDenied: boolean
  refreshRotation: 'daily' | 'always'
  invalidClientStatus: number
  /** False plays the older invalid_grant body, which has no description. */
  invalidGrantDescription: boolean
  quickBooksLimits: boolean
  requestsPerMinuteMax: number
  requestsPerSecondMax: number
  concurrentRequestsMax: number
  batchesPerMinuteMax: number
  reportsPerMinuteMax: number
  readsPerMonthMax: number
  /** Whether each item of a batch counts towards requestsPerMinuteMax; those above it get fault 3001 one by one. */
  batchItemsCount: boolean
  throttleBody: 'xml' | 'json'
  throttleStatus: number
  /** An ISO time: until then every API request is throttled. Empty: none. */
  throttledUntil: string
  batchOrder: 'kept' | 'shuffled'
  appAuthorized: boolean
  adminAccess: boolean
  subscriptionActive: boolean
  customTxnNumbers: boolean
  automatedSalesTax: boolean
  multiCurrency: boolean
  allowDiscount: boolean
  allowShipping: boolean
  /** A payment without lines pays the customer's oldest invoices by itself. */
  autoApplyPayments: boolean
  defaultDueDays: number
  /** YYYY-MM-DD: the books are closed up to and including this day. Empty: open. */
  bookCloseDate: string
  bookCloseHasPassword: boolean
  privateNoteQueryable: boolean
  customerEmailQueryable: boolean
  webhookUrl: string
  webhookVerifierToken: string
  webhookFormat: 'event-notifications' | 'cloud-events'
}

const defaults: QuickBooksOnlineSettings = {
  quickBooksLatencyMs: 0,
  batchItemLatencyMs: 0,
  requestIdMode: 'replay',
  quickBooksClientId: 'sandbox-qbo-client',
  quickBooksClientSecret: 'sandbox-qbo-secret',
  consentDenied: false,
  refreshRotation: 'daily',
  invalidClientStatus: 401,
  invalidGrantDescription: true,
  quickBooksLimits: true,
  requestsPerMinuteMax: 500,
  requestsPerSecondMax: 10,
  concurrentRequestsMax: 10,
  batchesPerMinuteMax: 40,
  reportsPerMinuteMax: 200,
  readsPerMonthMax: 500_000,
  batchItemsCount: false,
  throttleBody: 'xml',
  throttleStatus: 429,
  throttledUntil: '',
  batchOrder: 'kept',
  appAuthorized: true,
  adminAccess: true,
  subscriptionActive: true,
  customTxnNumbers: true,
  automatedSalesTax: false,
  multiCurrency: false,
  allowDiscount: true,
  allowShipping: true,
  autoApplyPayments: false,
  defaultDueDays: 30,
  bookCloseDate: '',
  bookCloseHasPassword: false,
  privateNoteQueryable: false,
  customerEmailQueryable: true,
  webhookUrl: '',
  webhookVerifierToken: '',
  webhookFormat: 'event-notifications',
}

export const declareSettings = (settings: Settings): QuickBooksOnlineSettings =>
  settings.declare<QuickBooksOnlineSettings>(defaults)
