/** The reasons that only QuickBooks Desktop gives. They are part of the one catalogue (see reason.ts). */
export const DESKTOP_REASONS = {
  QBXML_REFUSED: {
    sentence: 'QuickBooks could not read what was sent: {message}',
    cause: 'Something in it is beyond what QuickBooks parses; it was sent alone, and refused alone.',
    remedy: 'Look for unusual characters or values in the record, correct them in the CRM, then retry.',
  },
  NOT_TRIED: {
    sentence: 'QuickBooks did not get to it: {detail}',
    cause: 'It travelled with others, and QuickBooks stopped before it.',
    remedy: 'Nothing to do: it is sent again by itself.',
  },
  RECORD_IN_USE: {
    sentence: 'QuickBooks has it locked: {message}',
    cause: 'Somebody has the record, or one that it needs, open in QuickBooks.',
    remedy:
      'It waits, and is tried again by itself as often as it takes. If it lasts, close the windows in QuickBooks that show it, its customer or its items.',
  },
  DESKTOP_CLOSED: {
    sentence: 'QuickBooks Desktop could not be opened: {detail}',
    cause: 'QuickBooks is not running on the office machine, or could not be started.',
    remedy: 'Start QuickBooks and open the company file; the Web Connector goes on by itself.',
  },
  WRONG_COMPANY_FILE: {
    sentence: 'The Web Connector stands beside another company file than the one of this connection: {detail}',
    cause: 'The .qwc file of one company was used beside another, or the company file was moved, copied or restored.',
    remedy:
      'Open the right company file and let the Web Connector call again. If it is the same file under another path (moved, or named by a mapped drive instead of its server), make a new .qwc file with that path. Nothing was written.',
  },
  DESKTOP_OTHER_FILE: {
    sentence: 'QuickBooks has another company file open: {detail}',
    cause: 'Only one company file can be open at a time.',
    remedy: 'Open the company file of this connection in QuickBooks, or close QuickBooks; posting goes on by itself.',
  },
  DESKTOP_DIALOG_OPEN: {
    sentence: 'A window in QuickBooks waits for an answer: {detail}',
    cause: 'While a dialog is open QuickBooks lets no other program in.',
    remedy: 'Close the dialog on the office machine; posting goes on by itself.',
  },
  DESKTOP_OTHER_MODE: {
    sentence: 'QuickBooks is in the other user mode: {detail}',
    cause: 'The company file is open in single-user mode by somebody else, or must be.',
    remedy:
      'Switch QuickBooks to multi-user mode (or to single-user mode, when it asks for it); posting goes on by itself.',
  },
  DESKTOP_ACCESS_DENIED: {
    sentence: 'QuickBooks does not let us in: {detail}',
    cause: 'The permission of this application was refused or taken away in QuickBooks.',
    remedy:
      'In QuickBooks, as administrator: Edit, Preferences, Integrated Applications, Company Preferences; allow it, then resume the connection.',
  },
  DESKTOP_TOO_OLD: {
    sentence: 'This QuickBooks is too old: it speaks qbXML {version}, at least {versionMin} is needed.',
    cause: 'QuickBooks 2004 and older lack what safe posting needs.',
    remedy: 'Install a newer QuickBooks on the office machine, then resume the connection.',
  },
  WEB_CONNECTOR_OFFLINE: {
    sentence: 'The Web Connector of "{connection}" has not called since {since}; {count} postings wait for it.',
    cause: 'It should call every {minutes} minutes: its machine is off, offline, or its Windows user is signed out.',
    remedy:
      'Start the machine and the Web Connector, and tick Auto-Run; what waits goes by itself with the next call, and nothing is lost.',
  },
} as const
