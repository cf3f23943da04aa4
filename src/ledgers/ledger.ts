// The contract that every kind of QuickBooks fulfils. The road knows only this file: documents go in, outcomes come
// out, and nobody outside a ledger's own folder speaks its dialect. Encoding, packing, splitting and decoding are pure;
// only `send` touches the network.
import type { MappedDocument } from '../domain/document.ts'
import type { ExchangePurpose, LedgerKind } from '../domain/kinds.ts'
import type { LinkKind } from '../domain/link.ts'
import type { MirrorDraft, MirroredEntity } from '../domain/mirror.ts'
import type { Money, Quantity } from '../domain/money.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'

/** A question that writes nothing: records of one kind by their names, or by their numbers. */
export interface LookUp {
  kind: 'LOOK_UP'
  entity: LinkKind
  by: 'NAME' | 'NUMBER'
  /** At most `limits.lookUpValuesMax`. */
  values: string[]
}

/** What one exchange asks, in the ledger's own dialect. The same question gives the same bytes. */
export interface LedgerRequest {
  purpose: ExchangePurpose
  /** In the ledger's own words, for people: `create Invoice`, `query Customer`. */
  operation: string
  /** The body of the question, as it is stored and packed. */
  request: string
}

/** The part of a stored exchange that packing and understanding need. */
export interface StoredExchange extends LedgerRequest {
  id: string
  position: number
  idempotencyKey: string
}

/** One delivery to be: the exchanges that travel together, and the exact bytes. Packing the same exchanges gives the same envelope. */
export interface Envelope {
  method: string
  /** Path and query below the company's address; carries no secret. */
  path: string
  contentType: string
  body: string
  exchanges: StoredExchange[]
}

/** What came of sending: an answer, however bad, or the certainty that it never left, or silence. */
export type Answer =
  | {
      kind: 'answered'
      status: number
      body: string
      contentType: string
      intuitTid: string | null
      /** QuickBooks' own clock, as the answer's header says it. */
      date?: string | null
      durationMs: number
    }
  | { kind: 'not-sent'; detail: string; durationMs: number }
  | { kind: 'lost'; detail: string; durationMs: number }
  /** The sign-in was refused before anything was sent: a person must act, and nothing was written. */
  | {
      kind: 'refused-sign-in'
      reason: 'RECONNECT' | 'CLIENT_CONFIGURATION'
      detail: string
      durationMs: number
    }

/** A record that QuickBooks itself returned, in canonical words. */
export interface LedgerRecord {
  entity: LinkKind
  quickBooksId: string
  name: string | null
  active: boolean
  /** Set on invoices only. */
  invoice?: {
    number: string
    date: string
    dueDate: string | null
    customerId: string
    total: Money
    tax: Money
    discount: Money
    shipping: Money
    voided: boolean
    /** Where the order number was stamped. */
    note: string | null
    lines: {
      itemId: string | null
      quantity: Quantity | null
      unitPrice: Quantity | null
      amount: Money
      taxable: boolean
    }[]
  }
}

/** What an answer means. An answer that nobody recognises is `unknown`, never success. */
export type Outcome =
  /** QuickBooks saved it and returned the record. */
  | { kind: 'posted'; record: LedgerRecord }
  /** A look-up was answered; an empty list is one proof of absence, not two. */
  | { kind: 'found'; records: LedgerRecord[] }
  /** The number or the name is taken: look it up, adopt what is ours. */
  | { kind: 'taken'; reason: ReasonCode; detail: ReasonDetail }
  /** QuickBooks said no, and wrote nothing: a person must act. */
  | { kind: 'rejected'; reason: ReasonCode; detail: ReasonDetail }
  /** QuickBooks did not try: send it again later. */
  | {
      kind: 'deferred'
      reason: ReasonCode
      detail: ReasonDetail
      afterSeconds: number
      scope: 'posting' | 'connection'
    }
  /** The whole connection must stop: a person must act before anything more is sent. */
  | { kind: 'stopped'; reason: ReasonCode; detail: ReasonDetail }
  /** Whether QuickBooks has it is not known: look before anything is sent again. */
  | { kind: 'unknown'; reason: ReasonCode; detail: ReasonDetail }

/** Keeps a connection within its limits. */
export interface Pace {
  /** Waits until one more delivery may go; call the returned function when its answer has come. */
  turn(envelope: Envelope): Promise<() => void>
  /** Fills the window with what an earlier owner of the lane sent: times and sizes of the last minute's deliveries. */
  remember(past: { sentAt: Date; path: string }[]): void
  /** Lets nothing go before a time: after a 429, say. */
  pauseUntil(time: Date): void
}

export interface LedgerLimits {
  documentNumberLengthMax: number
  customerNameLengthMax: number
  descriptionLengthMax: number
  purchaseOrderNumberLengthMax: number
  lookUpValuesMax: number
  /** Exchanges that may travel in one delivery. */
  packMax: number
  /** Deliveries in flight at once. */
  concurrentMax: number
  /** How long `send` waits for an answer. */
  answerTimeoutSeconds: number
  /** How long QuickBooks itself may still work on a request whose answer was lost. */
  settleSeconds: number
}

/** Speaks to one QuickBooks company. */
export interface Ledger {
  readonly kind: LedgerKind
  readonly limits: LedgerLimits
  readonly pace: Pace
  /** Puts a document, or a question, into the ledger's dialect. Pure. */
  encode(what: MappedDocument | LookUp): LedgerRequest
  /** Puts exchanges into envelopes, in order. Pure: the same exchanges give the same bytes. */
  pack(exchanges: StoredExchange[]): Envelope[]
  /**
   * Puts exchanges that travelled together and whose answer was lost into an envelope again: the same path, so the same
   * key, each at its old position with its old bytes. Those that were settled meanwhile are left out. Pure.
   */
  packAgain(lost: { path: string; exchanges: StoredExchange[] }): Envelope
  /**
   * Sends one envelope. Never throws for what the network or QuickBooks does: that is an answer. When `before` has
   * come, nothing leaves any more: whoever slept too long has lost the right to send.
   */
  send(envelope: Envelope, right?: { before: Date }): Promise<Answer>
  /** Understands a stored answer: one outcome for each exchange of the envelope, by its id. Pure. */
  decode(exchanges: StoredExchange[], answer: Answer): Map<string, { outcome: Outcome; response: string | null }>
  /** Asks QuickBooks which company this is and whether it is fit to post to. Called at the start and before the first write. */
  check(right?: { before: Date }): Promise<CompanyCheck>
  /** Absent where this kind of QuickBooks is not mirrored. */
  readonly mirror?: MirrorReader
}

/** A question for the mirror: it writes nothing, and is metered. */
export type Pull =
  /** One page, in an order that stays, beginning at `position` (from 1); of those that changed since a time, or of all. */
  | { kind: 'PAGE'; entity: MirroredEntity; position: number; rowsMax: number; changedSince: Date | null }
  /** Records by their ids, at most `idsMax`. */
  | { kind: 'IDS'; entity: MirroredEntity; ids: string[] }
  /** What changed since a time, deletions too. */
  | { kind: 'CHANGES'; entities: MirroredEntity[]; changedSince: Date }
  | { kind: 'COUNT'; entity: MirroredEntity }

/** What an answer to a pull means. `cut`: something may have been kept back; `toldAt`: QuickBooks' own clock, ISO 8601. */
export type Pulled =
  | { kind: 'pulled'; records: MirrorDraft[]; cut: boolean; count: number | null; toldAt: string | null }
  | Extract<Outcome, { kind: 'rejected' | 'deferred' | 'stopped' | 'unknown' }>

/** Reads records for the mirror, in the ledger's dialect. All of it is pure; `Ledger.send` carries it. */
export interface MirrorReader {
  /** The kinds whose changes can be asked for; any other is read in full. */
  readonly captured: readonly MirroredEntity[]
  /** How far back changes can be asked for. */
  readonly lookBackSeconds: number
  readonly pageRowsMax: number
  readonly idsMax: number
  encode(pull: Pull): LedgerRequest
  pack(exchange: StoredExchange): Envelope
  decode(exchange: StoredExchange, answer: Answer): Pulled
  /** The record in canonical words, from its raw JSON; null for a kind that postings never become. */
  recordOf(draft: Pick<MirrorDraft, 'entity' | 'raw'>): LedgerRecord | null
}

/** What the company says of itself. */
export interface CompanyCheck {
  companyName: string
  currency: string
  /** False when QuickBooks gives its own numbers instead of ours. */
  customTransactionNumbers: boolean
  /** Who computes sales tax; null when it could not be asked. */
  salesTax: 'OFF' | 'BY_RATE' | 'AUTOMATED' | null
  /** How far QuickBooks' clock is ahead of ours, in whole seconds; null when it did not tell the time. */
  clockSkewSeconds: number | null
  /** Set when nothing may be written: the wrong company, a dead sign-in… */
  stop: { reason: ReasonCode; detail: ReasonDetail } | null
}
