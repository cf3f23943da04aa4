import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { Money, Quantity } from './money.ts'

export enum RateMode {
  FLAT = 'FLAT',
  MARGINAL = 'MARGINAL',
  RETROACTIVE = 'RETROACTIVE',
}
registerEnumType(RateMode, {
  name: 'RateMode',
  valuesConfig: {
    FLAT: { description: 'One percentage.' },
    MARGINAL: { description: 'Each tier pays for what lies within it.' },
    RETROACTIVE: { description: 'The highest tier that the month reaches pays for the whole month.' },
  },
})

/** From this base of a month on, this percentage. */
@ObjectType()
export class CommissionTier {
  @Field(() => String, { description: 'A decimal string with two places; the first tier begins at 0.00.' })
  from!: Money

  @Field(() => String, { description: 'A percentage such as "7.5".' })
  percent!: Quantity
}

/**
 * What a sale earns. A rate is for a product, a customer or all sales, of one rep or of all; the narrowest that is in force on
 * the day of the invoice applies. A version is never changed, only followed by another.
 */
@ObjectType({ description: 'What a sale earns: the narrowest rate in force on the day of the invoice applies.' })
@Entity({ tableName: 'commission_rate' })
@Index({ name: 'commission_rate_by_scope', properties: ['connectionId', 'scopeKey'] })
@Check({ name: 'commission_rate_is_a_share', expression: 'percent is null or percent >= 0 and percent <= 100' })
@Check({
  name: 'commission_rate_ends_after_it_begins',
  expression: 'effective_until is null or effective_until >= effective_from',
})
export class CommissionRate {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** The columns that say whom and what it is for, as one key. */
  @Property({ type: 'text' })
  scopeKey!: string

  @Field(() => String, { nullable: true, description: 'Empty: every rep.' })
  @Property({ type: 'text', nullable: true })
  rep: string | null = null

  @Field(() => ID, { nullable: true, description: 'The CRM id of a product; empty: every product.' })
  @Property({ type: 'text', nullable: true })
  itemId: string | null = null

  @Field(() => ID, { nullable: true, description: 'The CRM id of a customer; empty: every customer.' })
  @Property({ type: 'text', nullable: true })
  customerId: string | null = null

  @Field(() => RateMode)
  @Enum({ items: () => RateMode, type: 'text' })
  mode!: RateMode

  @Field(() => String, { nullable: true, description: 'Of a flat rate.' })
  @Property({ type: 'decimal', precision: 7, scale: 4, nullable: true })
  percent: Quantity | null = null

  @Field(() => [CommissionTier], { nullable: true })
  @Property({ type: 'json', nullable: true })
  tiers: CommissionTier[] | null = null

  @Field(() => Int, { description: 'Days after the payment until the commission is payable.' })
  @Property({ type: 'integer' })
  holdbackDays: number = 0

  @Field(() => String)
  @Property({ type: 'date' })
  effectiveFrom!: string

  @Field(() => String, { nullable: true, description: 'The last day.' })
  @Property({ type: 'date', nullable: true })
  effectiveUntil: string | null = null

  @Field(() => Int, { description: 'Grows with each version of the same scope.' })
  @Property({ type: 'integer' })
  version: number = 1

  @Field()
  @Property({ type: 'text' })
  author!: string

  @Field()
  @Property({ type: 'text' })
  note: string = ''

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  recordedAt!: Date

  @Field(() => Date, { nullable: true, description: 'When another version took its place.' })
  @Property({ type: 'timestamptz', nullable: true })
  supersededAt: Date | null = null
}

/** What one rep has of a sale. */
@ObjectType()
export class CommissionShare {
  @Field()
  rep!: string

  @Field(() => String, {
    description: 'The part of the base that is this rep’s; of an override, the part that it is paid on.',
  })
  sharePercent!: Quantity

  /** The percentages of those before it: a share ends where the next begins, so that cents add up. */
  beforePercent!: Quantity

  @Field(() => String, {
    nullable: true,
    description: 'A rate of this order alone, of its whole base, instead of the rates.',
  })
  ratePercent!: Quantity | null

  @Field(() => String, {
    nullable: true,
    description: 'An amount for the order when it is wholly paid, instead of the rates.',
  })
  amount!: Money | null

  @Field({ description: 'Paid on top of the shares, which add up to 100 without it.' })
  overrides!: boolean
}

/** Who earns on a sale: of one order, of a customer, or of every sale. Versioned as rates are. */
@ObjectType({ description: 'Who earns on a sale: that of the order, else of the customer, else of every sale.' })
@Entity({ tableName: 'commission_split' })
@Index({ name: 'commission_split_by_scope', properties: ['connectionId', 'scopeKey'] })
@Check({
  name: 'commission_split_ends_after_it_begins',
  expression: 'effective_until is null or effective_until >= effective_from',
})
export class CommissionSplit {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Property({ type: 'text' })
  scopeKey!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field(() => ID, { nullable: true })
  @Property({ type: 'text', nullable: true })
  customerId: string | null = null

  @Field(() => [CommissionShare])
  @Property({ type: 'json' })
  shares!: CommissionShare[]

  @Field(() => String)
  @Property({ type: 'date' })
  effectiveFrom!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'date', nullable: true })
  effectiveUntil: string | null = null

  @Field(() => Int)
  @Property({ type: 'integer' })
  version: number = 1

  @Field()
  @Property({ type: 'text' })
  author!: string

  @Field()
  @Property({ type: 'text' })
  note: string = ''

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  recordedAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  supersededAt: Date | null = null
}

/** The key of a rate's scope; `storage/commission-derivation.ts` asks for it from the narrowest to the widest. */
export function rateScope(scope: { rep: string | null; itemId: string | null; customerId: string | null }): string {
  const what =
    scope.itemId !== null ? `item ${scope.itemId}` : scope.customerId !== null ? `customer ${scope.customerId}` : 'all'
  return scope.rep === null ? what : `${what} rep ${scope.rep}`
}

/** The key of a split's scope. */
export function splitScope(scope: { orderNumber: string | null; customerId: string | null }): string {
  if (scope.orderNumber !== null) return `order ${scope.orderNumber}`
  return scope.customerId === null ? 'all' : `customer ${scope.customerId}`
}
