import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Trigger } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { Money } from './money.ts'

export enum AdjustmentKind {
  BONUS = 'BONUS',
  CORRECTION = 'CORRECTION',
  DRAW = 'DRAW',
  RECOVERY = 'RECOVERY',
}
registerEnumType(AdjustmentKind, {
  name: 'CommissionAdjustmentKind',
  valuesConfig: {
    BONUS: { description: 'On top of what was earned.' },
    CORRECTION: { description: 'Mends what the rules did not know.' },
    DRAW: { description: 'An advance.' },
    RECOVERY: { description: 'Takes an advance back.' },
  },
})

const ONLY_GROWS =
  "raise exception 'Rows of % are only ever added.', tg_table_name using errcode = 'restrict_violation'"

/** An amount that a person added, and who approved it. Another one takes it back. */
@ObjectType({ description: 'An amount that a person added, and who approved it. Another one takes it back.' })
@Entity({ tableName: 'commission_adjustment' })
@Index({ name: 'commission_adjustment_by_day', properties: ['connectionId', 'effectiveOn'] })
@Trigger({ name: 'only_grows', timing: 'before', events: ['update', 'delete'], body: ONLY_GROWS })
export class CommissionAdjustment {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field()
  @Property({ type: 'text' })
  rep!: string

  @Field(() => AdjustmentKind)
  @Enum({ items: () => AdjustmentKind, type: 'text' })
  kind!: AdjustmentKind

  @Field(() => String)
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  amount!: Money

  @Field(() => String, { description: '`yyyy-mm-dd`: the day that decides about its period.' })
  @Property({ type: 'date' })
  effectiveOn!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field()
  @Property({ type: 'text' })
  note!: string

  @Field({ description: 'Who approved it: never the rep.' })
  @Property({ type: 'text' })
  approver!: string

  @Field()
  @Property({ type: 'text' })
  author!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  recordedAt!: Date
}

export enum DisputeState {
  OPEN = 'OPEN',
  UPHELD = 'UPHELD',
  REJECTED = 'REJECTED',
}
registerEnumType(DisputeState, { name: 'CommissionDisputeState' })

/** What somebody said of a dispute. */
@ObjectType()
@Entity({ tableName: 'commission_dispute_note' })
@Index({ name: 'commission_dispute_note_by_dispute', properties: ['disputeId', 'id'] })
@Trigger({
  name: 'only_grows',
  timing: 'before',
  events: ['update', 'delete'],
  body: ONLY_GROWS,
})
export class CommissionDisputeNote {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @ManyToOne(() => CommissionDispute, { mapToPk: true, fieldName: 'dispute_id' })
  disputeId!: string

  @Field()
  @Property({ type: 'text' })
  author!: string

  @Field()
  @Property({ type: 'text' })
  text!: string

  @Field(() => DisputeState, { description: 'The state from then on.' })
  @Enum({ items: () => DisputeState, type: 'text' })
  state!: DisputeState

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  at!: Date
}

/** Somebody who does not agree with what an order earned him. Its state is that of its last note. */
@ObjectType({ description: 'Somebody does not agree with what an order earned. Money moves by an adjustment alone.' })
@Entity({ tableName: 'commission_dispute' })
export class CommissionDispute {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field()
  @Property({ type: 'text' })
  rep!: string

  @Field()
  @Property({ type: 'text' })
  orderNumber!: string

  @Field()
  @Property({ type: 'text' })
  author!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  openedAt!: Date
}

/** Why an order, a payment or an amount needs a look before a rep asks about it. */
export enum MissingReason {
  ORDER_NOT_POSTED = 'ORDER_NOT_POSTED',
  POSTED_UNPAID = 'POSTED_UNPAID',
  PARTLY_PAID = 'PARTLY_PAID',
  PAID_UNMATCHED = 'PAID_UNMATCHED',
  FOREIGN_CURRENCY = 'FOREIGN_CURRENCY',
  NO_EARNER = 'NO_EARNER',
  NO_RATE = 'NO_RATE',
  WITHOUT_PAYMENT = 'WITHOUT_PAYMENT',
  FAULTY_RECORD = 'FAULTY_RECORD',
}
registerEnumType(MissingReason, {
  name: 'MissingCommissionReason',
  valuesConfig: {
    ORDER_NOT_POSTED: { description: 'QuickBooks has no invoice of it, so that nobody can pay one.' },
    POSTED_UNPAID: { description: 'QuickBooks has the invoice, something is due, and no cash came in for it.' },
    PARTLY_PAID: { description: 'What is still due of an invoice that was paid in part.' },
    PAID_UNMATCHED: { description: 'Cash that pays no invoice of ours.' },
    FOREIGN_CURRENCY: { description: 'Cash in another currency than its invoice.' },
    NO_EARNER: { description: 'Nobody is named as the one who earns on it.' },
    NO_RATE: { description: 'Somebody earns on it, and no rate is in force.' },
    WITHOUT_PAYMENT: {
      description:
        'Commission with no payment behind it: an adjustment, or a row that others put into the CRM’s own table of commission.',
    },
    FAULTY_RECORD: { description: 'A payment, as it came, that cannot be believed.' },
  },
})
