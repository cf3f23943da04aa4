import type { Fields } from './write-xml.ts'

/** The whole set cannot be parsed: QuickBooks gives hresult 0x80040400 and says nothing about any request. */
export class CannotParse extends Error {}

/** One request is refused with a status code; `current` is the object as it is, for a stale EditSequence. */
export class Refusal extends Error {
  readonly statusCode: number
  readonly current: { kind: string; fields: Fields } | undefined

  constructor({ statusCode, message, current }: RefusalOptions) {
    super(message)
    this.statusCode = statusCode
    this.current = current
  }
}

interface RefusalOptions {
  statusCode: number
  message: string
  current?: { kind: string; fields: Fields }
}

export type Severity = 'Info' | 'Warn' | 'Error'

export const severityOf = (statusCode: number): Severity =>
  statusCode <= 1 ? 'Info' : statusCode < 1000 ? 'Warn' : 'Error'

/** What QuickBooks says by the code alone, for a code that a fault rule orders. */
const messages: Record<number, string> = {
  0: 'Status OK',
  1: 'A query request did not find a matching object in QuickBooks',
  500: 'The query request has not been fully completed. There was a required element that could not be found in QuickBooks.',
  530: 'The request has been completed, but a field was ignored.',
  550: 'The object was saved, but its notes were not.',
  570: 'The transaction was saved, but it could not be linked.',
  3170: 'There was an error when modifying the object. Another user has modified it.',
  3171: 'An attempt was made to modify a transaction with a date that is on or before the closing date of the company.',
  3175: 'There was an error when modifying the object. It is locked: another user or window has it in use.',
  3176: 'A related object is in use by another user or window.',
  3180: 'There was an error when saving the object. QuickBooks error message: the record is in use and could not be locked.',
  3231: 'The request has not been processed.',
  3250: 'This feature is not enabled or not available in this version of QuickBooks.',
  3260: 'Insufficient permission level to perform this action.',
  3261: 'The application has no permission to do this in this company file.',
}

export const messageOf = (statusCode: number): string =>
  messages[statusCode] ?? `The request has been refused with the status ${statusCode}.`

/** What each refusal to open, or a failure of a whole set, is called. */
export const hresults = {
  parse: {
    hresult: '0x80040400',
    message: 'QuickBooks found an error when parsing the provided XML text stream.',
  },
  noAccess: { hresult: '0x80040401', message: 'Could not access QuickBooks.' },
  unexpected: {
    hresult: '0x80040402',
    message: 'There was an unexpected error. Check the qbsdklog.txt file for possible additional information.',
  },
  couldNotStart: { hresult: '0x80040408', message: 'Could not start QuickBooks.' },
  anotherFile: {
    hresult: '0x8004040A',
    message: 'A QuickBooks company data file is already open and it is different from the one requested.',
  },
  invalidTicket: { hresult: '0x8004040D', message: 'An invalid ticket was passed to the request processor.' },
  otherMode: {
    hresult: '0x80040410',
    message: 'The QuickBooks company data file is currently open in a mode other than the one specified.',
  },
  modalDialog: {
    hresult: '0x80040414',
    message:
      'A modal dialog box is showing in the QuickBooks user interface. Your application cannot access QuickBooks until the user dismisses the dialog box.',
  },
  notRunning: {
    hresult: '0x80040416',
    message:
      'If QuickBooks is not running, a call to the "BeginSession" method must include the name of the company data file.',
  },
  noPermission: {
    hresult: '0x8004041A',
    message: 'This application does not have permission to access this QuickBooks company data file.',
  },
  denied: { hresult: '0x80040420', message: 'The QuickBooks user has denied access.' },
  singleUser: { hresult: '0x80040422', message: 'This application requires Single User file access mode.' },
} as const
