import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Trigger } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'
import { Connection } from './connection.ts'
import { Delivery } from './delivery.ts'
import { ExchangePurpose } from './kinds.ts'
import { Posting } from './posting.ts'

/** One question to QuickBooks and its answer, stored before it is sent and before it is understood. */
@ObjectType({ description: 'One question to QuickBooks and its answer.' })
@Entity({ tableName: 'exchange' })
@Index({ name: 'exchange_by_posting', properties: ['postingId', 'id'] })
@Index({ name: 'exchange_by_delivery', properties: ['deliveryId', 'position'] })
@Index({ name: 'exchange_by_purpose', properties: ['purpose', 'id'] })
@Index({ name: 'exchange_by_connection', properties: ['connectionId', 'id'] })
@Index({
  name: 'exchange_unknown',
  expression: `create index "exchange_unknown" on "exchange" ("created_at") where "outcome" = 'unknown'`,
})
@Trigger({
  name: 'exchange_never_changes',
  timing: 'before',
  events: ['update'],
  body: `if row(new.id, new.connection_id, new.delivery_id, new.position, new.purpose, new.operation, new.idempotency_key, new.created_at) is distinct from row(old.id, old.connection_id, old.delivery_id, old.position, old.purpose, old.operation, old.idempotency_key, old.created_at) or new.posting_id is not null and new.posting_id is distinct from old.posting_id or old.outcome is not null and new.outcome is distinct from old.outcome or (new.request is distinct from old.request or old.outcome is not null and new.response is distinct from old.response) and not (new.request = '' and new.response is null and exists (select from delivery where delivery.id = old.delivery_id and delivery.pruned_at is not null)) then raise exception 'exchange %: what was asked and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new`,
})
export class Exchange {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** Empty when it serves many postings: a pull of items, say. */
  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'posting_id', nullable: true })
  postingId: string | null = null

  @ManyToOne(() => Delivery, { mapToPk: true, fieldName: 'delivery_id' })
  deliveryId!: string

  /** The place within its delivery, from 0. */
  @Property({ type: 'integer' })
  position!: number

  @Field(() => ExchangePurpose)
  @Enum({ items: () => ExchangePurpose, type: 'text' })
  purpose!: ExchangePurpose

  /** What it does in the ledger's own words: `create Invoice`, `query Customer`. */
  @Field({ description: "What it does in the ledger's own words, such as `create Invoice`." })
  @Property({ type: 'text' })
  operation!: string

  /** posting + generation + content: equal for every try that means the same. */
  @Property({ type: 'text' })
  idempotencyKey!: string

  /** Empty once its delivery was pruned, as the response is then. */
  @Property({ type: 'text' })
  request!: string

  @Property({ type: 'text', nullable: true })
  response: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'What the answer meant: posted, found, rejected, deferred or unknown.',
  })
  @Property({ type: 'text', nullable: true })
  outcome: string | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date
}
