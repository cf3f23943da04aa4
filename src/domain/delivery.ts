import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Trigger } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { Connection } from './connection.ts'
import { ExchangePurpose } from './kinds.ts'

/** One HTTP request or one qbXML message set: the envelope of 1..n exchanges. Immutable once it was sent and answered. */
@ObjectType({ description: 'One request to QuickBooks: the envelope of one or more exchanges.' })
@Entity({ tableName: 'delivery' })
@Index({ name: 'delivery_by_connection_sent', properties: ['connectionId', 'sentAt'] })
@Index({ name: 'delivery_by_sent', properties: ['sentAt'] })
@Index({
  name: 'delivery_to_prune',
  expression: `create index "delivery_to_prune" on "delivery" ("carries", "sent_at") where "response" is not null`,
})
@Trigger({
  name: 'delivery_never_changes',
  timing: 'before',
  events: ['update'],
  body: `if row(new.id, new.connection_id, new.lane_epoch, new.method, new.path, new.body_hash, new.size, new.carries, new.created_at) is distinct from row(old.id, old.connection_id, old.lane_epoch, old.method, old.path, old.body_hash, old.size, old.carries, old.created_at) or old.sent_at is not null and new.sent_at is distinct from old.sent_at or old.answered_at is not null and row(new.answered_at, new.status, new.duration_ms, new.intuit_tid, new.lost_reason) is distinct from row(old.answered_at, old.status, old.duration_ms, old.intuit_tid, old.lost_reason) or old.answered_at is not null and new.response is distinct from old.response and not (old.pruned_at is null and new.pruned_at is not null and new.response is null) or old.pruned_at is not null and new.pruned_at is distinct from old.pruned_at then raise exception 'delivery %: what was asked, when it was sent and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new`,
})
export class Delivery {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** The epoch of the lane under which it was recorded. */
  @Property({ type: 'integer' })
  laneEpoch!: number

  @Field()
  @Property({ type: 'text' })
  method!: string

  /** The path and query, as sent. A query may name a customer, so that only the path is shown to everybody. */
  @Property({ type: 'text' })
  path!: string

  /** SHA-256 of the body: the bytes themselves are packed again from the exchanges, and must give this hash. */
  @Property({ type: 'text' })
  bodyHash!: string

  @Field(() => Int, { description: 'How many exchanges it carries.' })
  @Property({ type: 'integer' })
  size!: number

  @Field(() => ExchangePurpose, {
    description: 'What it carries: a single write among other questions makes it a write.',
  })
  @Enum({ items: () => ExchangePurpose, type: 'text' })
  carries!: ExchangePurpose

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  sentAt: Date | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  answeredAt: Date | null = null

  @Field(() => Int, { nullable: true, description: 'The HTTP status; empty when no answer came.' })
  @Property({ type: 'integer', nullable: true })
  status: number | null = null

  @Field(() => Int, { nullable: true })
  @Property({ type: 'integer', nullable: true })
  durationMs: number | null = null

  @Field(() => String, { nullable: true, description: "Intuit's trace id." })
  @Property({ type: 'text', nullable: true })
  intuitTid: string | null = null

  /** The body as it came; or null, and `lostReason` says how the answer was lost. */
  @Property({ type: 'text', nullable: true })
  response: string | null = null

  @Field(() => String, { nullable: true, description: 'How the answer was lost, if it was.' })
  @Property({ type: 'text', nullable: true })
  lostReason: string | null = null

  /** All else of it stays: bodies are large and personal, and are kept for so many days. */
  @Field(() => Date, {
    nullable: true,
    description: 'When its bodies were deleted, after the days for which they are kept.',
  })
  @Property({ type: 'timestamptz', nullable: true })
  prunedAt: Date | null = null

  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => String, { name: 'path', description: 'The path, without its query.' })
  get endpoint(): string {
    return this.path.split('?')[0] ?? ''
  }
}
