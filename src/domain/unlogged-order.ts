import { Entity, Index, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'
import type { Money } from './money.ts'
import { Reason, type ReasonCode, type ReasonDetail, reasonOf } from './reason.ts'

/**
 * An order that could be invoiced and that no row of the order log asks for: found by the nightly difference, explained,
 * and never posted by itself.
 */
@ObjectType({ description: 'An order of the CRM that no row of its order log asks to post.' })
@Entity({ tableName: 'unlogged_order' })
@Unique({ properties: ['sourceId'] })
@Index({
  name: 'unlogged_order_open',
  expression: 'create index "unlogged_order_open" on "unlogged_order" ("id") where "resolved_at" is null',
})
export class UnloggedOrder {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  /** The id of the order in the CRM. */
  @Field(() => ID)
  @Property({ type: 'uuid' })
  sourceId!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field(() => String, { nullable: true, description: 'The day of its invoice, as yyyy-mm-dd.' })
  @Property({ type: 'text', nullable: true })
  date: string | null = null

  @Field(() => String, { nullable: true, description: 'What its invoice would be: a decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  total: Money | null = null

  @Field(() => String, { nullable: true, description: 'ISO 4217.' })
  @Property({ type: 'text', nullable: true })
  currency: string | null = null

  @Property({ type: 'text' })
  reasonCode!: ReasonCode

  @Property({ type: 'json' })
  reasonDetail!: ReasonDetail

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  foundAt!: Date

  /** When it was last seen to be without a log row. */
  @Property({ type: 'timestamptz' })
  seenAt!: Date

  /** When it was seen to have a log row or a posting, or to need no invoice any more. */
  @Property({ type: 'timestamptz', nullable: true })
  resolvedAt: Date | null = null

  @Field(() => Reason, { description: 'Why it is not on the road, and what to do.' })
  get reason(): Reason {
    return reasonOf(this.reasonCode, this.reasonDetail)
  }
}
