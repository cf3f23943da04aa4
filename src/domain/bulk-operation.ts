import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Posting } from './posting.ts'

export enum BulkOperationKind {
  RETRY_FAILED = 'RETRY_FAILED',
  FIX_AND_RETRY = 'FIX_AND_RETRY',
  SYNC = 'SYNC',
  RESET = 'RESET',
  RECONCILE = 'RECONCILE',
  MOVE = 'MOVE',
}
registerEnumType(BulkOperationKind, {
  name: 'BulkOperationKind',
  valuesConfig: {
    RETRY_FAILED: { description: 'Sets postings going again that came to rest.' },
    FIX_AND_RETRY: { description: 'Sets just the postings going that failed, or wait, for one reason.' },
    SYNC: { description: 'Brings the mirror of QuickBooks records up to date; `done` counts the records read.' },
    RESET: { description: 'Applies a reset plan; `done` counts the rows visited.' },
    MOVE: { description: 'Applies the plan of a move from one company to another; `done` counts the rows visited.' },
    RECONCILE: {
      description: 'Compares CRM, postings and QuickBooks over a period; `done` counts the records compared.',
    },
  },
})

enum BulkOperationState {
  RUNNING = 'RUNNING',
  PAUSED = 'PAUSED',
  DONE = 'DONE',
  FAILED = 'FAILED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(BulkOperationState, {
  name: 'BulkOperationState',
  valuesConfig: {
    RUNNING: { description: 'Is worked on, batch by batch, or waits for a worker.' },
    PAUSED: { description: 'Paused by a person; it goes on from where it stood.' },
    DONE: { description: 'Every record was visited; `restedAt` says when the last of them came to rest.' },
    FAILED: { description: 'It could not go on; `error` says why, and it may be resumed.' },
    CANCELLED: { description: 'Called off by a person; what was done stays done.' },
  },
})

/**
 * The changes of state that a person may ask for. DONE and FAILED are the runner's own; every change is guarded by the
 * states that it may come from.
 */
export const BULK_STATES_BEFORE = {
  PAUSED: [BulkOperationState.RUNNING],
  RUNNING: [BulkOperationState.PAUSED, BulkOperationState.FAILED],
  CANCELLED: [BulkOperationState.RUNNING, BulkOperationState.PAUSED, BulkOperationState.FAILED],
} as const satisfies Partial<Record<BulkOperationState, readonly BulkOperationState[]>>

export type AskedBulkState = keyof typeof BULK_STATES_BEFORE

/** One request that concerns many records: worked on in batches by whichever worker claims it, and never twice on a record. */
@ObjectType({ description: 'One request that concerns many records, worked on in batches.' })
@Entity({ tableName: 'bulk_operation' })
@Index({
  name: 'bulk_operation_one_alike',
  expression: `create unique index "bulk_operation_one_alike" on "bulk_operation" ("kind", "author", "fingerprint") where "state" in ('RUNNING', 'PAUSED')`,
})
@Index({
  name: 'bulk_operation_claimable',
  expression: `create index "bulk_operation_claimable" on "bulk_operation" ("id") where "state" = 'RUNNING'`,
})
@Index({
  name: 'bulk_operation_unrested',
  expression: 'create index "bulk_operation_unrested" on "bulk_operation" ("id") where "rested_at" is null',
})
export class BulkOperation {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => BulkOperationKind)
  @Enum({ items: () => BulkOperationKind, type: 'text' })
  kind!: BulkOperationKind

  @Field(() => BulkOperationState)
  @Enum({ items: () => BulkOperationState, type: 'text' })
  state: BulkOperationState = BulkOperationState.RUNNING

  @Property({ type: 'json' })
  filter!: Record<string, unknown>

  /** SHA-256 of filter and connections: an author who asks for the same again while it runs is given the one that runs. */
  @Property({ type: 'text' })
  fingerprint!: string

  @Field({ description: 'The name of the key that asked for it.' })
  @Property({ type: 'text' })
  author!: string

  @Property({ type: 'uuid', nullable: true })
  authorKeyId: string | null = null

  /** The connections that it is confined to; null means all. */
  @Property({ type: 'array', columnType: 'uuid[]', nullable: true })
  connectionIds: string[] | null = null

  @Field(() => Int, { description: 'Records that were selected when it began.' })
  @Property({ type: 'integer' })
  total: number = 0

  @Field(() => Int, { description: 'Records visited so far.' })
  @Property({ type: 'integer' })
  done: number = 0

  @Field(() => Int, { description: 'Records set going.' })
  @Property({ type: 'integer' })
  setGoing: number = 0

  @Field(() => Int, { description: 'Records left as they were; `summary` says why.' })
  @Property({ type: 'integer' })
  refused: number = 0

  @Field(() => Int, { description: 'Of those set going: PROCESSED so far.' })
  @Property({ type: 'integer' })
  succeeded: number = 0

  @Field(() => Int, { description: 'Of those set going: came to rest without being PROCESSED.' })
  @Property({ type: 'integer' })
  failed: number = 0

  @Field(() => [String], { description: 'What came of it, line by line.' })
  @Property({ type: 'array', columnType: 'text[]' })
  summary!: string[]

  /** The last record that was visited. */
  @Property({ type: 'uuid', nullable: true })
  cursor: string | null = null

  /** Whoever works on it, and until when nobody else may. */
  @Property({ type: 'uuid', nullable: true })
  claimToken: string | null = null

  @Property({ type: 'timestamptz', nullable: true })
  leaseUntil: Date | null = null

  /** Tries in a row that failed. */
  @Property({ type: 'integer' })
  attempts: number = 0

  @Field(() => String, { nullable: true, description: 'Why it could not go on.' })
  @Property({ type: 'text', nullable: true })
  error: string | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When every record had been visited.' })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null = null

  @Field(() => Date, { nullable: true, description: 'When the last record that was set going had come to rest.' })
  @Property({ type: 'timestamptz', nullable: true })
  restedAt: Date | null = null

  @Field(() => String, { name: 'filter', description: 'What was selected, as JSON.' })
  get filterText(): string {
    return JSON.stringify(this.filter)
  }
}

export enum BulkItemResult {
  WAITING = 'WAITING',
  SET_GOING = 'SET_GOING',
  REFUSED = 'REFUSED',
}

/** One record of a bulk operation, chosen when it began, and what came of the visit. */
@Entity({ tableName: 'bulk_operation_item' })
export class BulkOperationItem {
  @ManyToOne(() => BulkOperation, { mapToPk: true, fieldName: 'operation_id', primary: true, deleteRule: 'cascade' })
  operationId!: string

  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'posting_id', primary: true, deleteRule: 'cascade' })
  postingId!: string

  @Enum({ items: () => BulkItemResult, type: 'text' })
  result: BulkItemResult = BulkItemResult.WAITING

  /** Why it was refused, in a sentence. */
  @Property({ type: 'text', nullable: true })
  reason: string | null = null
}
