// The room of QuickBooks Desktop: how a document becomes qbXML (to-request, by the table in schema/), travels in message
// sets (pack, set-sizes) through a letterbox that the Web Connector empties (wire), and how every answer is understood
// (from-answer, with the tables in faults and hresults, and the record reader in records). Intuit's words stay inside.
import { setTimeout as wait } from 'node:timers/promises'
import type { MappedDocument } from '../../domain/document.ts'
import { LedgerKind } from '../../domain/kinds.ts'
import type { Answer, Envelope, Ledger } from '../ledger.ts'
import type { Conversation, Mailbox } from '../mailbox.ts'
import { checkCompany, type ExpectedCompany } from './check.ts'
import { openFigures } from './figures.ts'
import { fromAnswer } from './from-answer.ts'
import { blamesTheSet, refusalOf } from './hresults.ts'
import { lossesOf } from './losses.ts'
import { versionDefault, versionOf } from './message-set.ts'
import { openMirror } from './mirror.ts'
import { type CompanyFacts, ITEM_NAMES, type ItemNames, namesWith, UNKNOWN_COMPANY } from './names.ts'
import { openPace } from './pace.ts'
import { askAgain, packAgain, packInto } from './pack.ts'
import { problemsOf } from './problems.ts'
import { answers } from './questions.ts'
import { allOf, readAnswer } from './read-xml.ts'
import { needsOf } from './sales-tax.ts'
import { openSetSizes, setMax } from './set-sizes.ts'
import { linkIdOf } from './to-payment.ts'
import { DELETED, toRequest } from './to-request.ts'
import { openWire } from './wire.ts'

export interface QuickBooksDesktopOptions {
  /** Asked for in each conversation, before anything is asked of the company. */
  expected: () => Promise<ExpectedCompany>
  now: () => Date
  /** Waits, and ends without an error when the signal says so. */
  sleep?: (ms: number, signal?: AbortSignal) => Promise<void>
  itemNames?: Partial<ItemNames>
  /** For how long after a set left the lane must be ours: 30 by default. */
  answerTimeoutSeconds?: number
  /** QuickBooks works on nothing once its answer was lost: 0 by default. */
  settleSeconds?: number
}

/** A ledger that does not call but is called, and the letterbox for whoever calls. */
export interface QuickBooksDesktop extends Ledger {
  readonly mailbox: Mailbox
}

const LIMITS = {
  documentNumberLengthMax: 11,
  paymentNumberLengthMax: 20,
  customerNameLengthMax: 41,
  itemNameLengthMax: 31,
  descriptionLengthMax: 4095,
  purchaseOrderNumberLengthMax: 25,
  lookUpValuesMax: 100,
  packMax: setMax,
  concurrentMax: 1,
} as const

/** Opens a ledger that speaks to one company file through the Web Connector. Opening touches nothing. */
export function openQuickBooksDesktop(options: QuickBooksDesktopOptions): QuickBooksDesktop {
  const { expected, now, sleep = pause, answerTimeoutSeconds = 30, settleSeconds = 0 } = options
  const names = { ...ITEM_NAMES, ...options.itemNames }
  const pace = openPace({ now, sleep })
  const sizes = openSetSizes()
  // What was learnt of a company stays until the next one has said who it is: a road that a new conversation overtook ends
  // by what it began with, and until then nothing that it lays in leaves.
  let company: CompanyFacts = UNKNOWN_COMPANY
  let checked: Conversation | null = null
  let version = versionDefault
  const isKnown = () => checked !== null && wire.mailbox.current() === checked
  const wire = openWire({ now, sleep, version: () => version, isKnown, opened: () => greet() })
  const greet = () => {
    pace.resume()
    version = versionSaidBy(wire.caller()) ?? versionDefault
  }
  const reading = () => ({ ...company, itemNames: names })
  const setting = () => ({ names, company, version })
  const send = async (envelope: Envelope, right?: { before: Date }): Promise<Answer> => {
    if (wire.mailbox.current() !== null && !isKnown()) return UNCHECKED
    const answer = await wire.send(envelope, right)
    learn(sizes, { answer, envelope })
    return answer
  }
  return {
    kind: LedgerKind.QUICKBOOKS_DESKTOP,
    limits: { ...LIMITS, answerTimeoutSeconds, settleSeconds },
    pace,
    refusesTakenNumbers: false,
    booksLinesToAccounts: true,
    deletes: DELETED,
    unapplies: false,
    mailbox: wire.mailbox,
    reach: wire.mailbox.current,
    needs: (document, chosen = {}) => needsOf({ document, names: namesWith(chosen, names), company }),
    answers,
    idOf,
    problems: (mapped) => problemsOf(mapped, setting()),
    losses: (mapped) => lossesOf(mapped, setting()),
    encode: (what, idempotencyKey) => toRequest(what, setting(), idempotencyKey),
    pack: (exchanges) => packInto({ exchanges, sizes, version }),
    packAgain: (lost) => packAgain({ ...lost, version }),
    askAgain: (lost) => askAgain({ ...lost, version }),
    settled: ({ path }) => wire.settled(path),
    send,
    decode: (exchanges, answer) => fromAnswer({ exchanges, answer, reading: reading() }),
    mirror: openMirror({ version: () => version, reading }),
    figures: openFigures({ version: () => version }),
    async check(right) {
      const caller = wire.caller()
      const talk = wire.mailbox.current()
      const said = await checkCompany({
        expected: await expected(),
        caller,
        version,
        send: (envelope) => wire.send(envelope, right),
      })
      if (said.facts && wire.mailbox.current() === talk) {
        company = said.facts
        version = said.version ?? version
        checked = talk
      }
      return said.check
    },
  }
}

/** An answer says how long its set took, or that the set itself was to blame. */
function learn(
  sizes: ReturnType<typeof openSetSizes>,
  { answer, envelope: { exchanges } }: { answer: Answer; envelope: Envelope },
): void {
  if (answer.kind !== 'answered') return
  if (answer.status === 200) sizes.answered({ exchanges, durationMs: answer.durationMs })
  else {
    const refusal = refusalOf(answer.body)
    if (refusal && blamesTheSet(refusal.hresult)) sizes.refused(exchanges)
  }
}

/** Nothing but the question who it is leaves for a company that has not yet answered it in this conversation. */
const UNCHECKED: Answer = { kind: 'not-sent', detail: 'the company file has not said yet who it is', durationMs: 0 }

/** QuickBooks numbers what it makes itself; what is changed or voided has its id already, and a link bears those of its ends. */
function idOf(mapped: MappedDocument): string | null {
  if (mapped.kind === 'VOID') return mapped.targetId
  if (mapped.kind === 'PAYMENT') return linkIdOf(mapped)
  return mapped.kind === 'CUSTOMER' ? (mapped.update?.quickBooksId ?? null) : null
}

/** What the caller says of the versions: its host's own list, or the one that it names. */
function versionSaidBy(caller: { qbXmlVersion: string; hcpResponse: string } | null): number | null {
  if (caller === null) return null
  const read = readAnswer({
    body: caller.hcpResponse,
    read: (record) => allOf(record, 'SupportedQBXMLVersion').map(({ text }) => text),
  })
  const listed = read.kind === 'read' ? read.responses.flatMap(({ found }) => found.flat()) : []
  return versionOf(listed) ?? versionOf([caller.qbXmlVersion])
}

/** An interrupted wait is no error. */
async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined)
}
