import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { LineMapping } from './account-mapping.ts'
import type { Adoption } from './adoption.ts'
import { Comparison } from './comparison.ts'
import { Connection } from './connection.ts'
import type { Document } from './document.ts'
import { PostingKind, Verification, WaitingFor } from './kinds.ts'
import type { Money } from './money.ts'
import { Problem, problemsIn } from './problem.ts'
import { Reason, type ReasonCode, type ReasonDetail, reasonOf } from './reason.ts'
import { PostingState } from './transitions.ts'

/** One CRM record that must become exactly one QuickBooks record. Rows change only through the guarded transitions of storage. */
@ObjectType({ description: 'One CRM record that must become exactly one QuickBooks record.' })
@Entity({ tableName: 'posting' })
@Unique({ properties: ['sourceId', 'kind', 'generation'] })
@Check({
  name: 'posting_processed_is_proven',
  expression:
    "state <> 'PROCESSED' or (coalesce(quick_books_id, '') <> '' and coalesce(verification, '') in ('EQUAL', 'ACCEPTED') and verified_at is not null and written_back_at is not null)",
})
@Check({
  name: 'posting_claim_has_token',
  expression: "claim_token is not null or state <> 'CLAIMED' and state <> 'SENT'",
})
@Index({
  name: 'posting_claimable',
  expression: `create index "posting_claimable" on "posting" ("connection_id", "kind", "id") where "state" = 'PENDING' and "blocked_by_id" is null`,
})
@Index({
  name: 'posting_one_open',
  expression: `create unique index "posting_one_open" on "posting" ("source_id", "kind") where "state" <> 'PROCESSED'`,
})
@Index({
  name: 'posting_write_back',
  expression: 'create index "posting_write_back" on "posting" ("write_back_at") where "write_back_at" is not null',
})
@Index({
  name: 'posting_unsettled',
  expression: `create index "posting_unsettled" on "posting" ("state", "updated_at") where "state" in ('FAILED', 'MISMATCHED', 'UNKNOWN')`,
})
@Index({ name: 'posting_by_state', properties: ['state', 'id'] })
@Index({ name: 'posting_by_connection', properties: ['connectionId', 'id'] })
@Index({ name: 'posting_by_order', properties: ['orderNumber', 'id'] })
@Index({ name: 'posting_by_reason', properties: ['reasonCode', 'id'] })
@Index({ name: 'posting_by_kind', properties: ['kind', 'id'] })
@Index({
  name: 'posting_customer_to_be',
  expression: `create index "posting_customer_to_be" on "posting" ("id") where "kind" = 'CUSTOMER' and "quick_books_id" is null`,
})
@Index({
  name: 'posting_customer_not_as_told',
  expression: `create index "posting_customer_not_as_told" on "posting" ("source_id") where "kind" = 'CUSTOMER' and ("state" in ('PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'FAILED', 'MISMATCHED', 'CANCELLED') or "document" ->> 'active' = 'false')`,
})
@Index({
  name: 'posting_by_processed',
  expression: 'create index "posting_by_processed" on "posting" ("processed_at") where "processed_at" is not null',
})
@Index({
  name: 'posting_by_quick_books_id',
  expression:
    'create index "posting_by_quick_books_id" on "posting" ("connection_id", "quick_books_id") where "quick_books_id" is not null',
})
@Index({
  name: 'posting_by_number',
  expression: `create index "posting_by_number" on "posting" ("connection_id", "document_number") where "kind" = 'INVOICE'`,
})
@Index({
  name: 'posting_one_adopter',
  expression: `create unique index "posting_one_adopter" on "posting" ("connection_id", ("adopts" ->> 'quickBooksId')) where "adopts" is not null`,
})
@Index({ name: 'posting_by_created', properties: ['createdAt', 'id'] })
@Index({
  name: 'posting_by_correction',
  expression: 'create index "posting_by_correction" on "posting" ("correction_id") where "correction_id" is not null',
})
@Index({
  name: 'posting_blocked',
  expression: 'create index "posting_blocked" on "posting" ("blocked_by_id") where "blocked_by_id" is not null',
})
export class Posting {
  /** A UUID of version 7: ordered by the time of creation, so that pages need no other key. */
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => PostingKind)
  @Enum({ items: () => PostingKind, type: 'text' })
  kind!: PostingKind

  /**
   * The id of the CRM record: an Order for an invoice, a credit memo or a refund, a SupplyPaymentElement for a payment, an
   * Account for a customer. What a correction makes, and what applies a credit, bears the order's.
   */
  @Field(() => ID)
  @Property({ type: 'uuid' })
  sourceId!: string

  @Field(() => Int)
  @Property({ type: 'integer' })
  generation: number = 1

  @Field(() => PostingState)
  @Enum({ items: () => PostingState, type: 'text' })
  state: PostingState = PostingState.PENDING

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field(() => String, { nullable: true, description: 'The number that the document bears in QuickBooks.' })
  @Property({ type: 'text', nullable: true })
  documentNumber: string | null = null

  @Field(() => String, { nullable: true, description: 'The total of the document: a decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  total: Money | null = null

  @Field(() => String, { nullable: true, description: 'ISO 4217.' })
  @Property({ type: 'text', nullable: true })
  currency: string | null = null

  /** The canonical document, as last read from the CRM. */
  @Property({ type: 'json', nullable: true })
  document: Document | null = null

  @Property({ type: 'text', nullable: true })
  contentHash: string | null = null

  /** What account mappings chose when it was last put into QuickBooks' words; null while no rule ever matched. */
  @Property({ type: 'json', nullable: true })
  mapping: LineMapping[] | null = null

  @Property({ type: 'uuid', nullable: true })
  claimToken: string | null = null

  @Property({ type: 'integer', nullable: true })
  claimEpoch: number | null = null

  @Field(() => Date, { nullable: true, description: 'It is not sent before this time.' })
  @Property({ type: 'timestamptz', nullable: true })
  notBefore: Date | null = null

  @Field(() => WaitingFor, { nullable: true })
  @Enum({ items: () => WaitingFor, type: 'text', nullable: true })
  waitingFor: WaitingFor | null = null

  /** The posting that must be posted first: an invoice waits for its new customer. */
  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'blocked_by_id', nullable: true })
  blockedById: string | null = null

  /** The correction that made it. */
  @Field(() => ID, { nullable: true, description: 'The correction that made it.' })
  @Property({ type: 'uuid', nullable: true })
  correctionId: string | null = null

  /** What its number bears behind the CRM's own: the number of a voided or credited invoice is not free again. */
  @Property({ type: 'text', nullable: true })
  numberSuffix: string | null = null

  /** The record without our number that it adopts, or has adopted, instead of being posted. */
  @Property({ type: 'json', nullable: true })
  adopts: Adoption | null = null

  /** Tries in a row that were deferred by something that may pass. */
  @Field(() => Int)
  @Property({ type: 'integer' })
  attempts: number = 0

  /** Look-ups in a row, since the answer was lost, that found nothing. */
  @Property({ type: 'integer' })
  absences: number = 0

  @Property({ type: 'text', nullable: true })
  reasonCode: ReasonCode | null = null

  @Property({ type: 'json', nullable: true })
  reasonDetail: ReasonDetail | null = null

  @Property({ type: 'text', nullable: true })
  quickBooksId: string | null = null

  /** True when QuickBooks already had the record and it was equal. */
  @Field({ description: 'QuickBooks already had it, and it was equal.' })
  @Property({ type: 'boolean' })
  adopted: boolean = false

  /** What QuickBooks said although it saved it, such as a field that it ignored. */
  @Field(() => String, { nullable: true, description: 'What QuickBooks said although it saved it.' })
  @Property({ type: 'text', nullable: true })
  warning: string | null = null

  @Field(() => Verification, { nullable: true })
  @Enum({ items: () => Verification, type: 'text', nullable: true })
  verification: Verification | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  verifiedAt: Date | null = null

  @Field(() => String, { nullable: true, description: 'Who accepted a difference.' })
  @Property({ type: 'text', nullable: true })
  acceptedBy: string | null = null

  @Field(() => String, { nullable: true, description: 'Why the difference was accepted.' })
  @Property({ type: 'text', nullable: true })
  acceptanceNote: string | null = null

  /** Both sides as they stood when a person accepted the difference. */
  @Property({ type: 'json', nullable: true })
  acceptedComparison: Comparison[] | null = null

  @Field(() => Date, { nullable: true, description: 'When the CRM confirmed that it knows.' })
  @Property({ type: 'timestamptz', nullable: true })
  writtenBackAt: Date | null = null

  /**
   * When the CRM is to be told next: set by each change that it should see, pushed ahead while somebody is at it,
   * and cleared, at the same revision, when the CRM was seen to have it.
   */
  @Property({ type: 'timestamptz', nullable: true })
  writeBackAt: Date | null = null

  /** Tries to tell the CRM since the last change that failed. */
  @Property({ type: 'integer' })
  writeBackAttempts: number = 0

  /** Grows with each change: a reader who acts on an older revision acts on nothing. */
  @Property({ type: 'integer' })
  revision: number = 0

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  sentAt: Date | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  postedAt: Date | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  processedAt: Date | null = null

  @Field(() => Date, { nullable: true, description: 'When QuickBooks was last seen to have it as it was posted.' })
  @Property({ type: 'timestamptz', nullable: true })
  evidenceAt: Date | null = null

  @Property({ type: 'timestamptz' })
  updatedAt!: Date

  @Field(() => Reason, { nullable: true, description: 'Why it stands where it stands.' })
  get reason(): Reason | null {
    return this.reasonCode ? reasonOf(this.reasonCode, this.reasonDetail ?? {}) : null
  }

  @Field(() => [Problem], { description: 'Everything that keeps it from being sent, each with what to do.' })
  get problems(): Problem[] {
    return problemsIn(this.reasonDetail)
  }

  @Field(() => [Comparison], {
    description: 'Both sides of a mismatch, field by field and line by line; they stay when it was accepted.',
  })
  get comparison(): Comparison[] {
    const { comparison } = this.reasonDetail ?? {}
    return Array.isArray(comparison) ? (comparison as Comparison[]) : (this.acceptedComparison ?? [])
  }
}
