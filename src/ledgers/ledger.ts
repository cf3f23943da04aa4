// The contract that every kind of QuickBooks fulfils. The road knows only this file: documents go in, outcomes come
// out, and nobody outside a ledger's own folder speaks its dialect. Encoding, packing, splitting and decoding are pure;
// only `send` touches the network.
import type { CompanyCheck } from '../domain/company-check.ts'
import type { Charge, ChargeRole, DocumentReference, MappedDocument, SalesDocument } from '../domain/document.ts'
import type { EmployeeSpell } from '../domain/headcount.ts'
import type { ExchangePurpose, LedgerKind } from '../domain/kinds.ts'
import type { LedgerItem, LedgerRecord, LedgerTax } from '../domain/ledger-record.ts'
import type { LinkKind } from '../domain/link.ts'
import type { MirrorDraft, MirroredEntity, MirroredTaxRecord, SettlingRecord } from '../domain/mirror.ts'
import type { MirrorPage, PulledRecords } from '../domain/mirror-page.ts'
import type { PaymentEvent } from '../domain/payment-application.ts'
import type { Problem } from '../domain/problem.ts'
import type { BooksBasis, MonthStatement } from '../domain/profit-and-loss.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import type { Mailbox } from './mailbox.ts'

export type { CompanyCheck } from '../domain/company-check.ts'
export type { AccountUse, LedgerPayment, LedgerRecord, LedgerSale } from '../domain/ledger-record.ts'

/** A question that writes nothing: records of one kind by their names, their numbers, their ids or their e-mail addresses. */
export interface LookUp {
  kind: 'LOOK_UP'
  entity: LinkKind
  /** `Ledger.answers` says what can be asked. */
  by: 'NAME' | 'NUMBER' | 'ID' | 'EMAIL'
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

/** What an answer means. An answer that nobody recognises is `unknown`, never success. */
export type Outcome =
  /** QuickBooks saved it and returned the record; it may have had something to say all the same. */
  | { kind: 'posted'; record: LedgerRecord; warning?: string }
  /** QuickBooks says that it is done, and returned no record: what it has is read before anything is believed. */
  | { kind: 'done' }
  /** A look-up was answered; an empty list is one proof of absence, not two. */
  | { kind: 'found'; records: LedgerRecord[] }
  /** QuickBooks was asked to repeat an answer, and has none stored: one proof of absence, not two. */
  | { kind: 'absent' }
  /** The number or the name is taken: look it up, adopt what is ours. */
  | { kind: 'taken'; reason: ReasonCode; detail: ReasonDetail }
  /** QuickBooks said no, and wrote nothing: a person must act. `staleReference`: it no longer knows something that was named. */
  | { kind: 'rejected'; reason: ReasonCode; detail: ReasonDetail; staleReference?: boolean }
  /** QuickBooks did not try: send it again later. */
  | {
      kind: 'deferred'
      reason: ReasonCode
      detail: ReasonDetail
      afterSeconds: number
      /**
       * `delivery`: the envelope was refused as a whole and nothing of it was tried. `record`: somebody has the record open, for
       * as long as it pleases them. Neither counts an attempt.
       */
      scope: 'posting' | 'record' | 'delivery' | 'connection'
    }
  /** The whole connection must stop: a person must act before anything more is sent. */
  | { kind: 'stopped'; reason: ReasonCode; detail: ReasonDetail }
  /** Whether QuickBooks has it is not known: look before anything is sent again. */
  | { kind: 'unknown'; reason: ReasonCode; detail: ReasonDetail }

/** Keeps a connection within its limits. */
export interface Pace {
  /** Waits until one more delivery may go; call the returned function when its answer has come. */
  turn(envelope: Envelope): Promise<() => void>
  /** Fills the window with what an earlier owner of the lane sent in the last minute, and heeds what he was told to wait for. */
  remember(past: { sentAt: Date; path: string; throttledAt?: Date | null }[]): void
  /** Lets nothing go before a time: after a 429, say. */
  pauseUntil(time: Date): void
  /** Of so many writes that are to go now, how many had better travel alone beside the packed ones; none by default. */
  alone?(count: number, limits: { packMax: number }): number
}

export interface LedgerLimits {
  documentNumberLengthMax: number
  /** Of the reference of a payment. */
  paymentNumberLengthMax: number
  customerNameLengthMax: number
  itemNameLengthMax: number
  descriptionLengthMax: number
  purchaseOrderNumberLengthMax: number
  lookUpValuesMax: number
  /** Exchanges that may travel in one delivery. */
  packMax: number
  /** Deliveries in flight at once. */
  concurrentMax: number
  /** For how long after it left the lane must be ours: an answer comes within this, or while the lane is kept. */
  answerTimeoutSeconds: number
  /** How long QuickBooks itself may still work on a request whose answer was lost. */
  settleSeconds: number
}

/** Sends a question in its turn and records it; `meaning` says what its answer is stored as. Never throws for what QuickBooks does. */
export type Carry = (envelope: Envelope, meaning: (answer: Answer) => Outcome['kind']) => Promise<Answer>

/** Speaks to one QuickBooks company. */
export interface Ledger {
  readonly kind: LedgerKind
  readonly limits: LedgerLimits
  readonly pace: Pace
  /** False where QuickBooks takes two documents of one number and says nothing: the road looks before it writes. */
  readonly refusesTakenNumbers: boolean
  /** False where a line is booked to the account of its item, whatever was chosen for it. */
  readonly booksLinesToAccounts: boolean
  /** What this kind of QuickBooks does not void: taking it back deletes it, and that it is gone is the proof. */
  readonly deletes: readonly DocumentReference['kind'][]
  /** False where an applied credit is a link and no payment: nobody but a person takes such a link away. */
  readonly unapplies: boolean
  /** Set where QuickBooks cannot be called, but calls: the road of its connection runs only in a conversation. */
  readonly mailbox?: Mailbox
  /**
   * Who is at the other end now; null when nobody is there to be asked. Whoever is there is asked once which company it
   * is: another object, such as a renewed sign-in, is another company until it has said so.
   */
  reach(): object | null
  /**
   * What a sales document must name in this kind of QuickBooks, besides its customer and its items; `chosen` names take the
   * place of the connection's own, where this kind of QuickBooks books the charge with what was chosen. Pure.
   */
  needs(document: SalesDocument, chosen?: ChosenCharges): Need[]
  /** Whether records of a kind can be asked for so. Pure. */
  answers(question: Pick<LookUp, 'entity' | 'by'>): boolean
  /** The id by which what a document becomes is known before it is posted; null where QuickBooks is yet to give one. Pure. */
  idOf(mapped: MappedDocument): string | null
  /** What this kind of QuickBooks would not take, all of it at once; empty when it may be sent. Pure. */
  problems(mapped: MappedDocument): Problem[]
  /** What this kind of QuickBooks keeps otherwise than the document says it; nothing of it stops the document. Pure. */
  losses(mapped: MappedDocument): Loss[]
  /** Puts a document, or a question, into the ledger's dialect. The key says what is meant, for ledgers that send it along. Pure. */
  encode(what: MappedDocument | LookUp, idempotencyKey?: string): LedgerRequest
  /** Puts exchanges into envelopes, in order, the last `alone` of them one by one. Pure: the same exchanges give the same bytes. */
  pack(exchanges: StoredExchange[], how?: { alone: number }): Envelope[]
  /**
   * Puts exchanges that travelled together and whose answer was lost into an envelope again: the same path, so the same
   * key, each at its old position with its old bytes. Those that were settled meanwhile are left out. Pure.
   */
  packAgain(lost: LostEnvelope): Envelope
  /**
   * Asks QuickBooks to repeat its answer to an envelope that was lost; what comes is understood with the exchanges of the
   * lost one. Missing where QuickBooks keeps no answers. Pure.
   */
  askAgain?(lost: LostEnvelope): Envelope
  /** All that travelled in an envelope is settled: nobody will ask for its answer again. Missing where QuickBooks keeps no answers. */
  settled?(envelope: Envelope): void
  /**
   * Sends one envelope. Never throws for what the network or QuickBooks does: that is an answer. When `before` has
   * come, nothing leaves any more: whoever slept too long has lost the right to send.
   */
  send(envelope: Envelope, right?: { before: Date }): Promise<Answer>
  /** Understands a stored answer: one outcome for each exchange of the envelope, by its id. Pure. */
  decode(exchanges: StoredExchange[], answer: Answer): Map<string, { outcome: Outcome; response: string | null }>
  /**
   * Asks QuickBooks which company this is and whether it is fit to post to. Called at the start and before the first write.
   * What must be called for that goes through `carry`, or is sent as it is where there is no connection to record it for.
   */
  check(right?: { before: Date; carry?: Carry }): Promise<CompanyCheck>
  /** Absent where this kind of QuickBooks is not mirrored. */
  readonly mirror?: MirrorReader
  /** Absent where this kind of QuickBooks tells no figures. */
  readonly figures?: FigureReader
}

/** A question for figures of the business, which writes nothing and is metered: of whole months `yyyy-mm`, at most `monthsMax`. */
export type FigureQuestion =
  | { kind: 'PROFIT_AND_LOSS'; from: string; to: string; basis: BooksBasis }
  /** One page of them, beginning at `position` (from 1). */
  | { kind: 'EMPLOYEES'; position: number }

/** What an answer to such a question means. `faulty`: it was answered, and is not to be believed. */
export type FiguresTold =
  | { kind: 'statements'; statements: MonthStatement[] }
  | { kind: 'employees'; employees: EmployeeSpell[]; cut: boolean }
  | { kind: 'faulty'; reason: ReasonCode; detail: ReasonDetail }
  | Refusal

/** Reads figures, in the ledger's dialect. All of it is pure; `Ledger.send` carries it. */
export interface FigureReader {
  readonly monthsMax: number
  encode(question: FigureQuestion): LedgerRequest
  pack(exchange: StoredExchange): Envelope
  decode(asked: { question: FigureQuestion; exchange: StoredExchange; answer: Answer }): FiguresTold
}

/** A question for the mirror: it writes nothing, and is metered. */
export type Pull =
  /** One page, in an order that stays; of those that changed since a time, or of all. */
  | ({ kind: 'PAGE' } & MirrorPage)
  /** Records by their ids, at most `idsMax`. */
  | { kind: 'IDS'; entity: MirroredEntity; ids: string[] }
  /** What changed since a time, deletions too. */
  | { kind: 'CHANGES'; entities: MirroredEntity[]; changedSince: Date }
  | { kind: 'COUNT'; entity: MirroredEntity }

/** What an answer to a pull means. */
export type Pulled = ({ kind: 'pulled' } & PulledRecords) | Refusal

/** Why a question that writes nothing was not answered. */
type Refusal = Extract<Outcome, { kind: 'rejected' | 'deferred' | 'stopped' | 'unknown' }>

/** Reads records for the mirror, in the ledger's dialect. All of it is pure; `Ledger.send` carries it. */
export interface MirrorReader {
  /** The kinds that are mirrored at all. */
  readonly kinds: readonly MirroredEntity[]
  /** The kinds whose changes can be asked for; any other is read in full. */
  readonly captured: readonly MirroredEntity[]
  /** How far back changes can be asked for. */
  readonly lookBackSeconds: number
  readonly pageRowsMax: number
  /** True where pages go by a cursor, which lives no longer than the conversation. */
  readonly byCursor?: boolean
  readonly idsMax: number
  encode(pull: Pull): LedgerRequest
  pack(exchange: StoredExchange): Envelope
  decode(exchange: StoredExchange, answer: Answer): Pulled
  /** The record in canonical words, from its raw JSON; null for a kind that postings neither become nor name. */
  recordOf(draft: Pick<MirrorDraft, 'entity' | 'raw'>): LedgerRecord | null
  /** An item as it is sold, from its raw JSON; null for JSON of something else. */
  itemOf(raw: string): LedgerItem | null
  /** What documents can be taxed by, from the company's tax codes and rates. */
  taxesOf(records: MirroredTaxRecord[]): LedgerTax[]
  /** The tax that a customer has of its own, from its raw JSON; null where it has none, or only what every customer has. */
  taxOfCustomer(raw: string): { id: string; name: string | null } | null
  /** What a payment, credit memo or refund does for invoices; null for any other kind. What cannot be read is not believed later. */
  settlementOf(record: SettlingRecord): PaymentEvent | null
}

/** An envelope whose answer never came: its path holds the key under which QuickBooks knows it. */
export interface LostEnvelope {
  path: string
  exchanges: StoredExchange[]
}

/** What is lost, in words that are equal for equal losses, and what happens to this document. */
export interface Loss {
  what: string
  detail: string
}

/** The names of what account mappings chose for charges. */
export type ChosenCharges = Partial<Record<ChargeRole, Partial<Record<LinkKind, string>>>>

/** What a sales document must name: known already, or to be looked up by its name; `choice`: only what is chosen is named. */
export type Need =
  | { role: ChargeRole; charge: Charge }
  | { role: ChargeRole; choice: LinkKind }
  | { role: ChargeRole; entity: LinkKind; name: string; optional?: boolean }
