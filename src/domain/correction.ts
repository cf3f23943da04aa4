import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { CorrectableDocument } from './document.ts'
import { CorrectionMethod } from './kinds.ts'
import { Posting } from './posting.ts'

export enum CorrectionState {
  PROPOSED = 'PROPOSED',
  APPLIED = 'APPLIED',
  DISMISSED = 'DISMISSED',
  GONE = 'GONE',
}
registerEnumType(CorrectionState, {
  name: 'CorrectionState',
  valuesConfig: {
    PROPOSED: { description: 'Waits for a person to apply or to dismiss it.' },
    APPLIED: { description: 'Its postings are on the road, or done: they say how far.' },
    DISMISSED: { description: 'A person decided that what was posted stays as it is.' },
    GONE: { description: 'The CRM says again what was posted: nothing is to be corrected.' },
  },
})

export enum CorrectionCause {
  EDITED = 'EDITED',
  CANCELLED = 'CANCELLED',
  DELETED = 'DELETED',
}
registerEnumType(CorrectionCause, {
  name: 'CorrectionCause',
  valuesConfig: {
    EDITED: { description: 'The order, or the payment, says something else than what was posted.' },
    CANCELLED: {
      description: 'The order was cancelled, nothing of it is left to bill, or the payment is no fact any more.',
    },
    DELETED: { description: 'The order, or the payment, was deleted.' },
  },
})

/** What is to be done about a document whose record in the CRM changed after it was posted: what was posted is never rewritten. */
@ObjectType({
  description:
    'What is to be done about an invoice, a credit memo, a refund or a payment that the CRM changed after it was posted.',
})
@Entity({ tableName: 'correction' })
@Index({
  name: 'correction_one_open',
  expression: `create unique index "correction_one_open" on "correction" ("posting_id") where "state" in ('PROPOSED', 'APPLIED')`,
})
@Index({ name: 'correction_by_posting', properties: ['postingId', 'id'] })
@Index({ name: 'correction_by_state', properties: ['state', 'id'] })
@Index({ name: 'correction_by_connection', properties: ['connectionId', 'id'] })
export class Correction {
  /** A UUID of version 7. */
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** The posting of what is corrected. */
  @Field(() => ID)
  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'posting_id' })
  postingId!: string

  @Field(() => ID, { description: 'The order, or the payment, in the CRM.' })
  @Property({ type: 'uuid' })
  sourceId!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field({ description: 'The number of what was posted.' })
  @Property({ type: 'text' })
  documentNumber!: string

  @Field(() => CorrectionState)
  @Enum({ items: () => CorrectionState, type: 'text' })
  state: CorrectionState = CorrectionState.PROPOSED

  @Field(() => CorrectionCause)
  @Enum({ items: () => CorrectionCause, type: 'text' })
  cause!: CorrectionCause

  @Field(() => CorrectionMethod, {
    description: "How it is, or would be, corrected: the connection's method unless another was chosen.",
  })
  @Enum({ items: () => CorrectionMethod, type: 'text' })
  method!: CorrectionMethod

  /** What was posted. */
  @Property({ type: 'json' })
  before!: CorrectableDocument

  /** What the CRM says now; null when nothing of it is to be posted. */
  @Property({ type: 'json', nullable: true })
  after: CorrectableDocument | null = null

  /** Of `after`; empty when there is none. */
  @Property({ type: 'text' })
  contentHash!: string

  @Field(() => [String], { description: 'Each difference in words, what was posted first.' })
  @Property({ type: 'array', columnType: 'text[]' })
  differences!: string[]

  @Field(() => String, { nullable: true, description: 'What the person said who decided.' })
  @Property({ type: 'text', nullable: true })
  note: string | null = null

  @Field(() => String, { nullable: true, description: 'Who decided; empty when it was applied by itself.' })
  @Property({ type: 'text', nullable: true })
  author: string | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  decidedAt: Date | null = null

  @Property({ type: 'timestamptz' })
  updatedAt!: Date
}
