import { Check, Entity, Enum, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'
import {
  ConnectionMode,
  ConnectionState,
  CorrectionApproval,
  CorrectionMethod,
  Environment,
  LedgerKind,
} from './kinds.ts'
import { Reason, type ReasonCode, type ReasonDetail, reasonOf } from './reason.ts'

/** One QuickBooks company: Online (a realm) or Desktop (a company file). */
@ObjectType({ description: 'One QuickBooks company.' })
@Entity({ tableName: 'connection' })
@Index({
  name: 'connection_one_default',
  expression: 'create unique index "connection_one_default" on "connection" ("is_default") where "is_default"',
})
@Check({ name: 'connection_epoch_grows', expression: 'lane_epoch >= 0' })
export class Connection {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => LedgerKind)
  @Enum({ items: () => LedgerKind, type: 'text' })
  kind!: LedgerKind

  /** What the company calls itself; two companies may share it. */
  @Field()
  @Property({ type: 'text' })
  name!: string

  @Field(() => Environment)
  @Enum({ items: () => Environment, type: 'text' })
  environment!: Environment

  @Field(() => ConnectionState)
  @Enum({ items: () => ConnectionState, type: 'text' })
  state: ConnectionState = ConnectionState.ACTIVE

  @Property({ type: 'text', nullable: true })
  stateReasonCode: ReasonCode | null = null

  @Property({ type: 'json', nullable: true })
  stateReasonDetail: ReasonDetail | null = null

  /** The realm of a QuickBooks Online company. */
  @Field(() => String, { nullable: true, description: 'The realm of a QuickBooks Online company.' })
  @Property({ type: 'text', unique: true, nullable: true })
  realmId: string | null = null

  /** Where log rows go that no route sends elsewhere. */
  @Field()
  @Property({ type: 'boolean' })
  isDefault: boolean = false

  @Field()
  @Property({ type: 'boolean' })
  readOnly: boolean = false

  @Field(() => ConnectionMode)
  @Enum({ items: () => ConnectionMode, type: 'text' })
  mode: ConnectionMode = ConnectionMode.WRITING

  /** The company's own currency, as ISO 4217. */
  @Field()
  @Property({ type: 'text' })
  currency: string = 'USD'

  /** The plain default of account mapping: the account that discounts are booked to; in QuickBooks Desktop it is an item. */
  @Field()
  @Property({ type: 'text' })
  discountAccountName: string = 'Discount'

  /** The item of shipping charges, where QuickBooks wants one: in QuickBooks Desktop. */
  @Property({ type: 'text' })
  shippingItemName: string = 'Shipping'

  /** The sales tax item by which QuickBooks Desktop computes the tax of an invoice. */
  @Property({ type: 'text' })
  salesTaxItemName: string = 'Sales tax'

  /** The item that takes the cents by which QuickBooks Desktop's own tax differs from the order's. */
  @Property({ type: 'text' })
  taxRoundingItemName: string = 'Sales tax rounding'

  /** The account that refunds are paid from, where QuickBooks wants one: in QuickBooks Online. */
  @Property({ type: 'text' })
  refundAccountName: string = 'Undeposited Funds'

  @Field(() => CorrectionMethod, {
    description: 'How an invoice is corrected whose order changed after it was posted.',
  })
  @Enum({ items: () => CorrectionMethod, type: 'text' })
  correctionMethod: CorrectionMethod = CorrectionMethod.CREDIT_MEMO

  @Field(() => CorrectionApproval, { description: 'Who applies corrections.' })
  @Enum({ items: () => CorrectionApproval, type: 'text' })
  correctionApproval: CorrectionApproval = CorrectionApproval.ASK

  @Field({ description: 'Whether items that orders need, and QuickBooks lacks, are created there.' })
  @Property({ type: 'boolean' })
  createItems: boolean = false

  /** Who may send: see law 11. The owner is a process; the epoch grows with each takeover. */
  @Property({ type: 'text', nullable: true })
  laneOwner: string | null = null

  @Property({ type: 'integer' })
  laneEpoch: number = 0

  @Property({ type: 'timestamptz', nullable: true })
  laneLeaseUntil: Date | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Reason, { nullable: true, description: 'Why it is stopped.' })
  get stateReason(): Reason | null {
    return this.stateReasonCode ? reasonOf(this.stateReasonCode, this.stateReasonDetail ?? {}) : null
  }
}

/** Whether a connection only predicts and compares, beside a system that posts. */
export function isShadow({ mode }: Pick<Connection, 'mode'>): boolean {
  return mode === ConnectionMode.SHADOW
}
