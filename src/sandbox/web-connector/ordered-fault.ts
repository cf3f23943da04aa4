import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../faults.ts'
import type { QuickBooksError } from './desktop.ts'
import { CallFailed, type Reply } from './soap.ts'

/** The Web Connector was ended in the midst of its work, as a fault rule ordered. */
export class Cut extends Error {}

/** What QuickBooks says with a number, where the rule that orders it says nothing of its own. */
const sentences: Record<string, string> = {
  '0x80040400': 'QuickBooks found an error when parsing the provided XML text stream.',
  '0x80040401': 'Could not access QuickBooks.',
  '0x80040402': 'Unexpected error. Check the qbsdklog.txt file for possible, additional information.',
  '0x80040408': 'Could not start QuickBooks.',
  '0x8004040A': 'A QuickBooks company data file is already open and it is different from the one requested.',
  '0x8004040D': 'The ticket parameter is invalid.',
  '0x80040410':
    'The QuickBooks company data file is currently open in a mode other than the one specified by your application.',
  '0x80040414': 'A modal dialog box is showing in the QuickBooks user interface.',
  '0x80040416': 'If QuickBooks is not running, a call to BeginSession must include the name of the data file.',
  '0x8004041A': 'This application does not have permission to access this QuickBooks company data file.',
  '0x80040420': 'The QuickBooks user has denied access.',
  '0x80040422': 'This application requires Single User file access mode.',
}

/**
 * The fault that was ordered for one step, if any, played at the moments of that step.
 * 'cut' ends the program before the call, once it is 'sent', or 'after' its answer was read; 'timeout' gives up waiting
 * (the other side has been asked, unless it is to be 'before'); 'hresult' puts an error in the place of QuickBooks'
 * answer; 'status' and 'body' put something in the place of the service's; 'delay' waits.
 */
export class OrderedFault {
  readonly #fault: Fault | undefined

  constructor(fault: Fault | undefined) {
    this.#fault = fault
  }

  async before(): Promise<void> {
    const { kind, when, seconds } = this.#fault ?? {}
    if (kind === 'delay' && when !== 'after') await sleep((seconds ?? 1) * 1000)
    if (kind === 'cut' && (when ?? 'before') === 'before') throw new Cut('cut before the call')
    if (kind === 'timeout' && when === 'before') throw new CallFailed('The operation has timed out')
  }

  async after(): Promise<void> {
    const { kind, when, seconds } = this.#fault ?? {}
    if (kind === 'delay' && when === 'after') await sleep((seconds ?? 1) * 1000)
    if (kind === 'cut') throw new Cut('cut after the answer was read')
    if (kind === 'timeout') throw new CallFailed('The operation has timed out')
  }

  /** How long after the last byte left the line is let go of; undefined for not at all. */
  get cutAfterMs(): number | undefined {
    const isMeant = this.#fault?.kind === 'cut' && this.#fault.when === 'sent'
    return isMeant ? (this.#fault?.seconds ?? 0) * 1000 : undefined
  }

  /** What stands in the place of the service's answer, before it is asked or after it was. */
  replyInstead(moment: 'before' | 'after'): Reply | null {
    const fault = this.#fault
    if (!fault || (fault.kind !== 'status' && fault.kind !== 'body') || (fault.when ?? 'before') !== moment) return null
    return {
      status: fault.status ?? (fault.kind === 'status' ? 500 : 200),
      statusText: 'Ordered',
      contentType: fault.contentType ?? 'text/html; charset=utf-8',
      text: fault.body ?? '',
    }
  }

  /** What stands in the place of QuickBooks' answer. */
  errorInstead(): (QuickBooksError & { isAfter: boolean }) | null {
    const fault = this.#fault
    if (fault?.kind !== 'hresult') return null
    const hresult = fault.code ?? '0x80040402'
    const message = typeof fault.message === 'string' ? fault.message : (sentences[hresult] ?? 'Unknown error.')
    return { hresult, message, isAfter: fault.when === 'after' }
  }
}
