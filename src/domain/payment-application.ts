import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Trigger, Unique } from '@mikro-orm/decorators/legacy'
import { registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import { decimal, isZero, type Money, minus, money, sum } from './money.ts'

export enum PaymentRecordKind {
  PAYMENT = 'PAYMENT',
  CREDIT_MEMO = 'CREDIT_MEMO',
  REFUND = 'REFUND',
}
registerEnumType(PaymentRecordKind, {
  name: 'PaymentRecordKind',
  description: 'A QuickBooks record that settles invoices.',
})

export enum PaymentRecordState {
  LIVE = 'LIVE',
  VOIDED = 'VOIDED',
  DELETED = 'DELETED',
}

/** What a part of a record does for an invoice. CASH, UNAPPLIED and REFUND are money; the others settle without any. */
export enum PaymentPart {
  CASH = 'CASH',
  UNAPPLIED = 'UNAPPLIED',
  REFUND = 'REFUND',
  DISCOUNT = 'DISCOUNT',
  WRITE_OFF = 'WRITE_OFF',
  CREDIT = 'CREDIT',
}

/** A part of a record, as the mirror tells of it: amounts are positive, whatever the part does. */
export interface PaymentEventPart {
  part: PaymentPart
  /** The QuickBooks id of the invoice; null when the record does not say which. */
  invoiceId: string | null
  amount: Money
  /** The day of money that a credit memo or payment was given back with later, `yyyy-mm-dd`; without it, the day is the record's. */
  on?: string
}

/**
 * One version of a payment, credit memo or refund, as QuickBooks has it. Versions may come in any order and more than once:
 * the newest counts, and a deleted record stays deleted.
 */
export interface PaymentEvent {
  kind: PaymentRecordKind
  /** The QuickBooks id. */
  recordId: string
  /** Digits that grow with each edit: SyncToken, EditSequence. */
  version: string
  /** When QuickBooks changed it. */
  changedAt: Date
  /** The day of the payment, `yyyy-mm-dd`, in the business's time zone. */
  date: string
  state: PaymentRecordState
  /** ISO 4217. */
  currency: string
  /** What QuickBooks itself gives as its total: cash of a payment or refund. */
  total: Money
  /** How it was paid, in QuickBooks' words: `Check`; null when the record does not say. */
  method: string | null
  parts: PaymentEventPart[]
}

const PARTS_OF = {
  // A payment may say which credit it sets against an invoice, besides its own cash.
  [PaymentRecordKind.PAYMENT]: [PaymentPart.CASH, PaymentPart.DISCOUNT, PaymentPart.WRITE_OFF, PaymentPart.CREDIT],
  [PaymentRecordKind.CREDIT_MEMO]: [PaymentPart.CREDIT],
  [PaymentRecordKind.REFUND]: [PaymentPart.REFUND, PaymentPart.CREDIT],
} satisfies Record<PaymentRecordKind, PaymentPart[]>

/** What makes an event unusable, in a sentence; null when it can be believed. Such an event is kept and listed, not dropped. */
export function faultOf(event: PaymentEvent): string | null {
  const { kind, date, version, currency, total, parts, recordId } = event
  if (recordId.trim() === '') return 'It has no QuickBooks id.'
  if (!/^\d{1,20}$/.test(version)) return `Its version "${version}" is not a number.`
  // Of a deleted record QuickBooks tells its id and nothing else.
  if (event.state === PaymentRecordState.DELETED) return null
  if (!isDay(date)) return `Its date "${date}" is no day.`
  if (!/^[A-Z]{3}$/.test(currency)) return `Its currency "${currency}" is no code of ISO 4217.`
  const wrong = [total, ...parts.map(({ amount }) => amount)].find((amount) => !isAmount(amount))
  if (wrong !== undefined) return `"${wrong}" is not an amount in whole cents, zero or more.`
  const strange = parts.find((part) => !isGivenBack(part) && !(PARTS_OF[kind] as PaymentPart[]).includes(part.part))
  if (strange) return `A ${kind} has no part ${strange.part}.`
  const dayless = parts.find(({ on }) => on !== undefined && !isDay(on))
  if (dayless) return `The day "${dayless.on}" of a refund is no day.`
  const cash = sum(parts.filter(isOfTotal).map(({ amount }) => amount))
  if (kind !== PaymentRecordKind.CREDIT_MEMO && decimal(cash).greaterThan(total)) {
    return `Its parts add up to ${cash}, more than its total of ${total}.`
  }
  return null
}

/** The rows that the ledger must add up to for a record in this version: signed, with the rest that is applied to nothing. */
export function settledParts(event: PaymentEvent): PaymentEventPart[] {
  const { kind, state, total, parts } = event
  if (state !== PaymentRecordState.LIVE) return []
  // Cash of no invoice is the rest, whether the mirror names it or not.
  const named = parts.filter((part) => part.invoiceId !== null || !isOfTotal(part))
  const settled = named.map(signed)
  if (kind === PaymentRecordKind.CREDIT_MEMO) return settled
  const rest = minus(total, sum(named.filter(isOfTotal).map(({ amount }) => amount)))
  return isZero(rest) ? settled : [...settled, signed({ part: restPart(kind), invoiceId: null, amount: rest })]
}

/** What goes back is negative. */
function signed(part: PaymentEventPart): PaymentEventPart {
  return part.part === PaymentPart.REFUND ? { ...part, amount: money(decimal(part.amount).negated()) } : part
}

/** Money that the total of the record is made of. */
function isOfTotal(part: PaymentEventPart): boolean {
  return part.part === PaymentPart.CASH || (part.part === PaymentPart.REFUND && !isGivenBack(part))
}

/** Money that a credit memo or a payment was given back with on a day of its own, which its total does not tell. */
function isGivenBack({ part, on }: PaymentEventPart): boolean {
  return part === PaymentPart.REFUND && on !== undefined
}

/**
 * The event with its refunds of no invoice told as refunds of this one. What is given back takes back so much of the sale too: the
 * invoice stands as settled as before.
 */
export function refundedOf(event: PaymentEvent, invoiceId: string): PaymentEvent {
  const parts = event.parts.flatMap((one): PaymentEventPart[] =>
    one.part === PaymentPart.REFUND && one.invoiceId === null
      ? [
          { ...one, invoiceId },
          { ...one, part: PaymentPart.CREDIT, invoiceId },
        ]
      : [one],
  )
  return { ...event, parts }
}

function restPart(kind: PaymentRecordKind): PaymentPart {
  return kind === PaymentRecordKind.REFUND ? PaymentPart.REFUND : PaymentPart.UNAPPLIED
}

function isAmount(amount: string): boolean {
  return /^\d{1,15}(\.\d{1,2})?$/.test(amount)
}

/** True of `yyyy-mm-dd` when the calendar has that day. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '1900') return false
  const time = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text)
}

const NEVER_CHANGES =
  "raise exception 'Rows of % are only ever added.', tg_table_name using errcode = 'restrict_violation'"

/** A version of a payment, credit memo or refund, as it came. */
@Entity({ tableName: 'payment_event' })
@Unique({ properties: ['connectionId', 'kind', 'recordId', 'version', 'changedAt', 'contentHash'] })
@Index({
  name: 'payment_event_faulty',
  expression: 'create index "payment_event_faulty" on "payment_event" ("connection_id") where "fault" is not null',
})
@Trigger({ name: 'only_grows', timing: 'before', events: ['update', 'delete'], body: NEVER_CHANGES })
export class StoredPaymentEvent {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Enum({ items: () => PaymentRecordKind, type: 'text' })
  kind!: PaymentRecordKind

  @Property({ type: 'text' })
  recordId!: string

  @Property({ type: 'decimal', precision: 20, scale: 0 })
  version!: string

  @Property({ type: 'timestamptz' })
  changedAt!: Date

  @Property({ type: 'date', nullable: true })
  date: string | null = null

  @Enum({ items: () => PaymentRecordState, type: 'text' })
  state!: PaymentRecordState

  @Property({ type: 'text' })
  currency!: string

  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  total: Money | null = null

  @Property({ type: 'text', nullable: true })
  method: string | null = null

  /** What the ledger must add up to, signed; empty for a voided or deleted record. */
  @Property({ type: 'json' })
  parts!: PaymentEventPart[]

  @Property({ type: 'text' })
  contentHash!: string

  /** Why it is not believed. */
  @Property({ type: 'text', nullable: true })
  fault: string | null = null

  @Property({ type: 'timestamptz' })
  recordedAt!: Date
}

/**
 * One row of the ledger of payment applications: a part of a payment that pays one invoice, or what takes such a part back.
 * Rows are only ever added; what is true is their sum.
 */
@Entity({ tableName: 'payment_application' })
@Index({ name: 'payment_application_by_invoice', properties: ['connectionId', 'invoiceId'] })
@Index({ name: 'payment_application_by_record', properties: ['connectionId', 'kind', 'recordId'] })
@Index({ name: 'payment_application_by_day', properties: ['connectionId', 'effectiveOn'] })
@Trigger({
  name: 'only_grows',
  timing: 'before',
  events: ['update', 'delete'],
  body: NEVER_CHANGES,
})
export class PaymentApplication {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** The event that made it necessary. */
  @ManyToOne(() => StoredPaymentEvent, { mapToPk: true, fieldName: 'event_id' })
  eventId!: string

  @Enum({ items: () => PaymentRecordKind, type: 'text' })
  kind!: PaymentRecordKind

  @Property({ type: 'text' })
  recordId!: string

  @Property({ type: 'text', nullable: true })
  invoiceId: string | null = null

  @Enum({ items: () => PaymentPart, type: 'text' })
  part!: PaymentPart

  /** Signed: negative takes back, or gives back. */
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  amount!: Money

  @Property({ type: 'text' })
  currency!: string

  /** The day of the payment, in the business's time zone: event time. */
  @Property({ type: 'date' })
  effectiveOn!: string

  /** When this ledger learned of it: knowledge time. */
  @Property({ type: 'timestamptz' })
  recordedAt!: Date
}
