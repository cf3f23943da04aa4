import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Trigger, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { Money } from './money.ts'
import { PaymentRecordKind } from './payment-application.ts'

export enum EntryKind {
  EARNED = 'EARNED',
  LATE = 'LATE',
  ADJUSTMENT = 'ADJUSTMENT',
  EXCLUDED = 'EXCLUDED',
}
registerEnumType(EntryKind, {
  name: 'CommissionEntryKind',
  valuesConfig: {
    EARNED: { description: 'What a payment earned, or a refund took back.' },
    LATE: { description: 'What changed in a locked period; `originOn` is the day that it belongs to.' },
    ADJUSTMENT: { description: 'What a person added, with an approver and a note. No payment stands behind it.' },
    EXCLUDED: { description: 'Cash that earns nothing.' },
  },
})

/** The columns of what an application earns one rep by one rule. Derived from the ledger, and made again at any time. */
abstract class EntryColumns {
  /** Without a foreign key, which would be checked for each of a million rows that are derived from rows that have one. */
  @Property({ type: 'uuid' })
  connectionId!: string

  @Enum({ items: () => EntryKind, type: 'text' })
  kind!: EntryKind

  @Property({ type: 'text', nullable: true })
  invoiceId: string | null = null

  @Enum({ items: () => PaymentRecordKind, type: 'text', nullable: true })
  recordKind: PaymentRecordKind | null = null

  @Property({ type: 'text', nullable: true })
  recordId: string | null = null

  /** The day of the payment. */
  @Property({ type: 'date' })
  effectiveOn!: string

  /** The day that decides about the period: that of the payment, and the holdback. */
  @Property({ type: 'date' })
  payableOn!: string

  /** Of a late entry: the day in a locked period that it belongs to. */
  @Property({ type: 'date', nullable: true })
  originOn: string | null = null

  /** Null is the house account. */
  @Property({ type: 'text', nullable: true })
  rep: string | null = null

  /** The rate or, when the order has one of its own, the split; the adjustment. Null when no rate is in force. */
  @Property({ type: 'uuid', nullable: true })
  ruleId: string | null = null

  @Property({ type: 'uuid', nullable: true })
  splitId: string | null = null

  /** What the commission is taken of. */
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  base: Money = '0.00'

  /** The part of the cash that this row accounts for: nothing of an override. */
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  credited: Money = '0.00'

  @Property({ type: 'decimal', precision: 18, scale: 2 })
  amount: Money = '0.00'

  /** Why cash is excluded. */
  @Property({ type: 'text', nullable: true })
  reason: string | null = null
}

@Entity({ tableName: 'commission_entry' })
@Index({ name: 'commission_entry_by_invoice', properties: ['connectionId', 'invoiceId'] })
@Index({
  name: 'commission_entry_by_period',
  expression:
    'create index "commission_entry_by_period" on "commission_entry" ("connection_id", "payable_on") include ("kind", "rep", "base", "amount") where "kind" <> \'EXCLUDED\'',
})
@Index({
  name: 'commission_entry_by_rep',
  expression:
    'create index "commission_entry_by_rep" on "commission_entry" ("connection_id", "rep", "payable_on") where "kind" <> \'EXCLUDED\'',
})
@Index({
  name: 'commission_entry_late',
  expression: 'create index "commission_entry_late" on "commission_entry" ("connection_id") where "kind" = \'LATE\'',
})
export class CommissionEntry extends EntryColumns {
  @PrimaryKey({ type: 'bigint', autoincrement: true })
  id!: string
}

const NEVER_CHANGES = "raise exception 'A locked period never changes.' using errcode = 'restrict_violation'"

/** One month of one company that was locked: what was shown then stays shown. */
@ObjectType({
  description: 'A month that was locked. It never changes; what comes late shows in the next with its origin.',
})
@Entity({ tableName: 'commission_period' })
@Unique({ properties: ['connectionId', 'month'] })
@Trigger({
  name: 'never_changes',
  timing: 'before',
  events: ['update', 'delete'],
  body: NEVER_CHANGES,
})
export class CommissionPeriod {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => String, { description: '`yyyy-mm`.' })
  @Property({ type: 'text' })
  month!: string

  @Field(() => String, { description: 'The first day.' })
  @Property({ type: 'date' })
  startsOn!: string

  @Field(() => String, { description: 'The last day.' })
  @Property({ type: 'date' })
  endsOn!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  lockedAt!: Date

  @Field()
  @Property({ type: 'text' })
  lockedBy!: string

  @Field(() => Int)
  @Property({ type: 'integer' })
  entries!: number

  @Field(() => String)
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  amount!: Money

  /** SHA-256 over all rows of the snapshot, in their order. */
  @Field({ description: 'SHA-256 over all rows of the snapshot, in their order.' })
  @Property({ type: 'text' })
  fingerprint!: string

  @Field(() => [CommissionBalance])
  @Property({ type: 'json' })
  balances!: CommissionBalance[]
}

/** What a rep was owed when the period was locked: a negative sum is carried forward, not collected. */
@ObjectType()
export class CommissionBalance {
  @Field(() => String, { nullable: true, description: 'Empty: the house account.' })
  rep!: string | null

  @Field(() => String)
  opening!: Money

  @Field(() => String)
  earned!: Money

  @Field(() => String)
  payable!: Money

  @Field(() => String)
  closing!: Money
}

@Entity({ tableName: 'commission_locked_entry' })
@Index({ name: 'commission_locked_entry_by_invoice', properties: ['connectionId', 'invoiceId'] })
@Index({ name: 'commission_locked_entry_by_day', properties: ['connectionId', 'payableOn'] })
@Trigger({
  name: 'never_changes',
  timing: 'before',
  events: ['update', 'delete'],
  body: NEVER_CHANGES,
})
export class CommissionLockedEntry extends EntryColumns {
  @ManyToOne(() => CommissionPeriod, { mapToPk: true, fieldName: 'period_id', primary: true })
  periodId!: string

  /** Its place in the snapshot. */
  @PrimaryKey({ type: 'integer' })
  place!: number
}
