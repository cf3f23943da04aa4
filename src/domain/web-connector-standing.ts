import { registerEnumType } from 'type-graphql'
import type { WebConnectorUser } from './web-connector.ts'

/** How a Web Connector stands, from the last that was heard of it. */
export enum WebConnectorState {
  NO_FILE = 'NO_FILE',
  NEVER_CALLED = 'NEVER_CALLED',
  REFUSED = 'REFUSED',
  OFFLINE = 'OFFLINE',
  QUICKBOOKS_CLOSED = 'QUICKBOOKS_CLOSED',
  ANOTHER_FILE = 'ANOTHER_FILE',
  DIALOG_OPEN = 'DIALOG_OPEN',
  SINGLE_USER = 'SINGLE_USER',
  NOT_PERMITTED = 'NOT_PERMITTED',
  TROUBLE = 'TROUBLE',
  CALLING = 'CALLING',
}
registerEnumType(WebConnectorState, {
  name: 'WebConnectorState',
  valuesConfig: {
    NO_FILE: { description: 'Its .qwc file was not made yet.' },
    NEVER_CALLED: { description: 'It never called.' },
    REFUSED: { description: 'It calls, and its password is refused.' },
    OFFLINE: { description: 'It has not called for twice its interval.' },
    QUICKBOOKS_CLOSED: { description: 'It calls, and cannot start or reach QuickBooks.' },
    ANOTHER_FILE: { description: 'It calls, and QuickBooks has another company file open.' },
    DIALOG_OPEN: { description: 'It calls, and a dialog in QuickBooks waits for somebody.' },
    SINGLE_USER: { description: 'It calls, and QuickBooks is in the wrong one of its single- and multi-user modes.' },
    NOT_PERMITTED: { description: 'It calls, and QuickBooks does not let us in.' },
    TROUBLE: { description: 'It calls, and told of a trouble of another kind.' },
    CALLING: { description: 'It calls, and all is well.' },
  },
})

export interface Standing {
  state: WebConnectorState
  sentence: string
  /** Null when there is nothing to do. */
  remedy: string | null
}

/** Our own word beside the codes of QuickBooks: the file that was named is not the one that was named first. */
export const OTHER_FILE_CODE = 'OTHER_FILE'

interface Trouble {
  state: WebConnectorState
  sentence: string
  remedy: string
}

const CLOSED: Trouble = {
  state: WebConnectorState.QUICKBOOKS_CLOSED,
  sentence: 'The Web Connector calls, but QuickBooks is closed or could not be started.',
  remedy:
    'Open QuickBooks with the company file on the machine of the Web Connector, or let it open the file unattended.',
}
const ANOTHER_FILE: Trouble = {
  state: WebConnectorState.ANOTHER_FILE,
  sentence: 'The Web Connector calls, but another company file is open in QuickBooks.',
  remedy:
    'Open the company file of this connection; if the file was moved, make a new .qwc file for its new place. Nothing was written.',
}
const DIALOG: Trouble = {
  state: WebConnectorState.DIALOG_OPEN,
  sentence: 'The Web Connector calls, but a dialog is open in QuickBooks.',
  remedy: 'Close the dialog that waits in QuickBooks; the next call goes on by itself.',
}
const SINGLE_USER: Trouble = {
  state: WebConnectorState.SINGLE_USER,
  sentence: 'The Web Connector calls, but QuickBooks is in the wrong mode (single-user or multi-user).',
  remedy:
    'Switch QuickBooks to the mode that its File menu offers, or close it so that the Web Connector opens the file itself.',
}
const NOT_PERMITTED: Trouble = {
  state: WebConnectorState.NOT_PERMITTED,
  sentence: 'The Web Connector calls, but QuickBooks does not let it in.',
  remedy:
    'In QuickBooks, as its Admin: Edit, Preferences, Integrated Applications, Company Preferences: allow Countersign, also when QuickBooks is not running.',
}

/** The codes in which QuickBooks says why nobody can be asked. */
const BY_CODE: Record<string, Trouble> = {
  [OTHER_FILE_CODE]: ANOTHER_FILE,
  '0x80040401': NOT_PERMITTED,
  '0x80040408': CLOSED,
  '0x8004040A': ANOTHER_FILE,
  '0x80040410': SINGLE_USER,
  '0x80040414': DIALOG,
  '0x80040416': CLOSED,
  '0x8004041A': NOT_PERMITTED,
  '0x80040420': NOT_PERMITTED,
  '0x80040422': SINGLE_USER,
}

/** A code as QuickBooks writes it: `0x` and eight digits in capitals, whatever the Web Connector made of it. */
export function codeOf(hresult: string): string {
  const digits = hresult.trim().replace(/^0x/i, '').toUpperCase()
  return /^[0-9A-F]{1,8}$/.test(digits) ? `0x${digits.padStart(8, '0')}` : hresult.trim().slice(0, CODE_LENGTH_MAX)
}

const CODE_LENGTH_MAX = 40

/** How a Web Connector stands at a time, in words for people. */
export function standingOf(user: WebConnectorUser, now: Date): Standing {
  const { userName } = user
  if (user.passwordHash === null) {
    return {
      state: WebConnectorState.NO_FILE,
      sentence: 'The file for the Web Connector was not made yet.',
      remedy: 'Make it with createWebConnectorFile or `countersign web-connector-file`.',
    }
  }
  if (user.lockedUntil !== null && user.lockedUntil > now) {
    return refused(
      `The sign-ins of "${userName}" are locked until ${timeOf(user.lockedUntil)}: too many bad passwords.`,
    )
  }
  if (user.lastRefusedAt !== null && (user.lastSeenAt === null || user.lastRefusedAt > user.lastSeenAt)) {
    return refused(`The Web Connector calls, but its password was refused at ${timeOf(user.lastRefusedAt)}.`)
  }
  if (user.lastSeenAt === null) {
    return {
      state: WebConnectorState.NEVER_CALLED,
      sentence: 'The Web Connector never called.',
      remedy:
        'Open the .qwc file on the machine of QuickBooks, type the password, tick the application and its schedule.',
    }
  }
  if (now > offlineFrom({ ...user, lastSeenAt: user.lastSeenAt })) {
    return {
      state: WebConnectorState.OFFLINE,
      sentence: `The Web Connector last called at ${timeOf(user.lastSeenAt)}, and should every ${user.runEveryMinutes} minutes.`,
      remedy:
        'Start the machine and its Web Connector, and tick Auto-Run; what waits goes by itself with the next call.',
    }
  }
  if (user.lastCode !== null) return troubleOf(user.lastCode, user.lastMessage)
  return {
    state: WebConnectorState.CALLING,
    sentence: `The Web Connector last called at ${timeOf(user.lastSeenAt)}.`,
    remedy: null,
  }
}

/** When the next call is due; null before the first one. */
export function nextExpectedAt({ lastSeenAt, runEveryMinutes }: WebConnectorUser): Date | null {
  return lastSeenAt && new Date(lastSeenAt.getTime() + runEveryMinutes * MINUTE_MS)
}

const MINUTE_MS = 60_000
/** Intervals without a call after which nobody is there. */
const OFFLINE_INTERVALS = 2

function offlineFrom({ lastSeenAt, runEveryMinutes }: { lastSeenAt: Date; runEveryMinutes: number }): Date {
  return new Date(lastSeenAt.getTime() + OFFLINE_INTERVALS * runEveryMinutes * MINUTE_MS)
}

function refused(sentence: string): Standing {
  const remedy =
    'Make a new .qwc file, which brings a new password, and type it into the Web Connector; or wait if somebody else is guessing.'
  return { state: WebConnectorState.REFUSED, sentence, remedy }
}

/** What a code means, with the words of QuickBooks behind it. */
export function troubleOf(code: string, message: string | null): Trouble {
  const known = BY_CODE[code]
  const told = message ? ` QuickBooks said: ${message}` : ''
  if (known) return { ...known, sentence: `${known.sentence}${told} (${code})` }
  return {
    state: WebConnectorState.TROUBLE,
    sentence: `The Web Connector calls, but QuickBooks refuses with ${code}.${told}`,
    remedy: 'Look at QuickBooks and at the log of the Web Connector; the next call tries again.',
  }
}

function timeOf(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z')
}
