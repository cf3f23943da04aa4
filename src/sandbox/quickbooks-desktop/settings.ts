import type { Settings } from '../settings.ts'

/** The switches of QuickBooks Desktop. Where nobody knows what Intuit really does, a switch plays either. */
export interface QuickBooksDesktopSettings {
  /** What a message set and each request in it take; the Web Connector waits so long before it has the answer. */
  quickBooksDesktopRoundTripMs: number
  quickBooksDesktopPerRequestMs: number
  /** How QuickBooks stands in its office when the Web Connector wants to open the company file. */
  quickBooksDesktopState:
    | 'open'
    | 'closed'
    | 'not-running'
    | 'cannot-start'
    | 'another-file'
    | 'other-mode'
    | 'single-user'
    | 'modal-dialog'
    | 'no-permission'
    | 'denied'
  quickBooksDesktopProduct: string
  /** The greatest qbXML version, such as 13.0; from 1.0 to this all are supported. */
  quickBooksDesktopVersionMax: string
  quickBooksDesktopVersionMin: string
  quickBooksDesktopCountry: string
  /** YYYY-MM-DD: the books are closed up to and including this day. Empty: open. */
  quickBooksDesktopClosingDate: string
  quickBooksDesktopSalesTax: boolean
  quickBooksDesktopMultiCurrency: boolean
  quickBooksDesktopClassTracking: boolean
  /** The user whose rights the application has may not write: each write is refused with 3260. */
  quickBooksDesktopReadOnly: boolean
  /** A status such as 3175 with which each write is refused: somebody has everything locked. 0: nobody has. */
  quickBooksDesktopLockStatus: number
  /** Characters beyond ASCII that are not written as entities: taken as they are, or the set cannot be parsed. */
  quickBooksDesktopTakesRawCharacters: boolean
  /** What becomes of a character that Latin-1 lacks. */
  quickBooksDesktopNonLatin1: 'question-mark' | 'refuse'
  /** Iterators and queries without ids answer the newest first. */
  quickBooksDesktopNewestFirst: boolean
  /** How many answers are kept for message set recovery; the oldest goes first. */
  quickBooksDesktopStoredAnswersMax: number
  /** What is answered where credits were set and no payment was made: nothing beside the status, or a record without an id. */
  quickBooksDesktopCreditOnlyAnswer: 'nothing' | 'thin'
  /** What a repeated ExternalGUID is refused with: no source tells the code. */
  quickBooksDesktopUsedGuidStatus: number
}

const defaults: QuickBooksDesktopSettings = {
  quickBooksDesktopRoundTripMs: 0,
  quickBooksDesktopPerRequestMs: 0,
  quickBooksDesktopState: 'open',
  quickBooksDesktopProduct: 'QuickBooks Enterprise Solutions 24.0',
  quickBooksDesktopVersionMax: '13.0',
  quickBooksDesktopVersionMin: '1.0',
  quickBooksDesktopCountry: 'US',
  quickBooksDesktopClosingDate: '',
  quickBooksDesktopSalesTax: true,
  quickBooksDesktopMultiCurrency: false,
  quickBooksDesktopClassTracking: false,
  quickBooksDesktopReadOnly: false,
  quickBooksDesktopLockStatus: 0,
  quickBooksDesktopTakesRawCharacters: false,
  quickBooksDesktopNonLatin1: 'question-mark',
  quickBooksDesktopNewestFirst: false,
  quickBooksDesktopStoredAnswersMax: 100,
  quickBooksDesktopCreditOnlyAnswer: 'nothing',
  quickBooksDesktopUsedGuidStatus: 3100,
}

export const declareSettings = (settings: Settings): QuickBooksDesktopSettings =>
  settings.declare<QuickBooksDesktopSettings>(defaults)
