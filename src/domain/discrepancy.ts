import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import { MirrorEntity, type MirroredEntity } from './mirror.ts'
import type { Money } from './money.ts'
import { Posting } from './posting.ts'

export enum DiscrepancyKind {
  VOIDED = 'VOIDED',
  DELETED = 'DELETED',
  EDITED = 'EDITED',
}
registerEnumType(DiscrepancyKind, {
  name: 'DiscrepancyKind',
  valuesConfig: {
    VOIDED: { description: 'It was voided in QuickBooks after it was posted.' },
    DELETED: { description: 'It was deleted in QuickBooks after it was posted.' },
    EDITED: { description: 'It was changed in QuickBooks after it was posted, and no longer says the same.' },
  },
})

export enum DiscrepancyState {
  OPEN = 'OPEN',
  GONE = 'GONE',
}
registerEnumType(DiscrepancyState, {
  name: 'DiscrepancyState',
  valuesConfig: {
    OPEN: { description: 'The two sides differ.' },
    GONE: { description: 'The two sides were seen to be equal again.' },
  },
})

/** A difference between what was posted and what QuickBooks has now. */
@ObjectType({ description: 'A difference between what was posted and what QuickBooks has now.' })
@Entity({ tableName: 'discrepancy' })
@Index({
  name: 'discrepancy_one_open',
  expression: `create unique index "discrepancy_one_open" on "discrepancy" ("posting_id") where "state" = 'OPEN' and "posting_id" is not null`,
})
@Index({ name: 'discrepancy_by_connection', properties: ['connectionId', 'id'] })
@Index({ name: 'discrepancy_by_state', properties: ['state', 'id'] })
@Index({ name: 'discrepancy_by_kind', properties: ['kind', 'id'] })
export class Discrepancy {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => ID, { nullable: true })
  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'posting_id', nullable: true })
  postingId: string | null = null

  @Field(() => DiscrepancyKind)
  @Enum({ items: () => DiscrepancyKind, type: 'text' })
  kind!: DiscrepancyKind

  @Field(() => DiscrepancyState)
  @Enum({ items: () => DiscrepancyState, type: 'text' })
  state: DiscrepancyState = DiscrepancyState.OPEN

  @Field(() => MirrorEntity)
  @Enum({ items: () => MirrorEntity, type: 'text' })
  entity!: MirroredEntity

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  quickBooksId: string | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  documentNumber: string | null = null

  @Field(() => String, { nullable: true, description: 'What was posted: a decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  ourTotal: Money | null = null

  @Field(() => String, { nullable: true, description: 'What QuickBooks has now: a decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  theirTotal: Money | null = null

  @Field(() => [String], { description: 'Each difference in words, what was posted first.' })
  @Property({ type: 'array', columnType: 'text[]' })
  differences!: string[]

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  foundAt!: Date

  @Field(() => Date, { description: 'When it was last seen.' })
  @Property({ type: 'timestamptz' })
  seenAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  resolvedAt: Date | null = null
}
