import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import { MirrorEntity, type MirroredEntity } from './mirror.ts'

enum WebhookState {
  PENDING = 'PENDING',
  PROCESSED = 'PROCESSED',
  IGNORED = 'IGNORED',
}
registerEnumType(WebhookState, {
  name: 'WebhookState',
  valuesConfig: {
    PENDING: { description: 'Stored; what it names is yet to be read.' },
    PROCESSED: { description: 'The mirror has what it tells of.' },
    IGNORED: { description: 'It is about a company, or a kind of record, that is not mirrored here.' },
  },
})

/** What an event says was done. */
export type WebhookOperation = 'CREATED' | 'UPDATED' | 'DELETED' | 'MERGED' | 'VOIDED'

/** A change that QuickBooks told us of, in canonical words. */
export interface WebhookNotice {
  realmId: string
  entityName: string
  /** Null for a kind that is not mirrored. */
  entity: MirroredEntity | null
  quickBooksId: string
  operation: WebhookOperation
  /** The record that a merge did away with. */
  mergedId: string | null
  /** ISO 8601; null where it was not told. */
  occurredAt: string | null
}

/** One change that QuickBooks told us of. The same event twice is one row: nothing is lost, and nothing is done twice. */
@ObjectType({ description: 'One change that QuickBooks told us of by itself.' })
@Entity({ tableName: 'webhook_event' })
@Index({
  name: 'webhook_event_pending',
  expression: `create index "webhook_event_pending" on "webhook_event" ("connection_id", "id") where "state" = 'PENDING'`,
})
@Index({ name: 'webhook_event_by_connection', properties: ['connectionId', 'id'] })
@Index({ name: 'webhook_event_by_received', properties: ['receivedAt'] })
export class WebhookEvent {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  /** SHA-256 of realm, entity, id, operation and time: equal for every telling of the same change, in either format. */
  @Property({ type: 'text', unique: true })
  key!: string

  /** Null when no connection has this realm. */
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', nullable: true })
  connectionId: string | null = null

  @Field()
  @Property({ type: 'text' })
  realmId!: string

  @Field({ description: "The kind of record in QuickBooks' own words." })
  @Property({ type: 'text' })
  entityName!: string

  @Field(() => MirrorEntity, { nullable: true })
  @Enum({ items: () => MirrorEntity, type: 'text', nullable: true })
  entity: MirroredEntity | null = null

  @Field()
  @Property({ type: 'text' })
  quickBooksId!: string

  @Field(() => String)
  @Property({ type: 'text' })
  operation!: WebhookOperation

  /** The record that a merge did away with. */
  @Property({ type: 'text', nullable: true })
  mergedId: string | null = null

  @Field(() => WebhookState)
  @Enum({ items: () => WebhookState, type: 'text' })
  state: WebhookState = WebhookState.PENDING

  @Field(() => Int, { description: 'How often it was told again.' })
  @Property({ type: 'integer' })
  repeats: number = 0

  @Field(() => Date, { nullable: true, description: 'When the record changed, as QuickBooks says.' })
  @Property({ type: 'timestamptz', nullable: true })
  occurredAt: Date | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  receivedAt!: Date

  /** Not taken up before this time: QuickBooks could not be asked. */
  @Property({ type: 'timestamptz', nullable: true })
  notBefore: Date | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  processedAt: Date | null = null
}

/** A request that claimed to be QuickBooks and was not: of its body only the hash is kept. */
@Entity({ tableName: 'webhook_refusal' })
export class WebhookRefusal {
  /** SHA-256 of the body. */
  @PrimaryKey({ type: 'text' })
  hash!: string

  @Property({ type: 'integer' })
  times: number = 1

  @Property({ type: 'timestamptz' })
  firstAt!: Date

  @Property({ type: 'timestamptz' })
  lastAt!: Date
}
