import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { InvoiceDocument } from './document.ts'
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
    DISMISSED: { description: 'A person decided that the invoice stays as it is.' },
    GONE: { description: 'The order says again what was posted: nothing is to be corrected.' },
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
    EDITED: { description: 'The order says something else than its invoice.' },
    CANCELLED: { description: 'The order was cancelled, or nothing of it is left to bill.' },
    DELETED: { description: 'The order was deleted.' },
  },
})

/** What is to be done about an invoice whose order changed after it was posted: a posted invoice is never rewritten. */
@ObjectType({ description: 'What is to be done about an invoice whose order changed after it was posted.' })
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

  /** The posting of the invoice that is corrected. */
  @Field(() => ID)
  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'posting_id' })
  postingId!: string

  @Field(() => ID, { description: 'The order in the CRM.' })
  @Property({ type: 'uuid' })
  sourceId!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field({ description: 'The number of the invoice that was posted.' })
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
  before!: InvoiceDocument

  /** What the order says now; null when nothing of it is to be billed. */
  @Property({ type: 'json', nullable: true })
  after: InvoiceDocument | null = null

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
