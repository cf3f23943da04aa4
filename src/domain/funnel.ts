import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { MissingReason } from './commission-case.ts'
import { DiscrepancyKind } from './discrepancy.ts'
import type { Money } from './money.ts'
import { PostingState } from './transitions.ts'

export enum FunnelStep {
  ORDERS = 'ORDERS',
  POSTED = 'POSTED',
  INVOICED = 'INVOICED',
  PAID = 'PAID',
  EARNING = 'EARNING',
}
registerEnumType(FunnelStep, {
  name: 'FunnelStep',
  valuesConfig: {
    ORDERS: { description: 'Orders that were to be invoiced; what is lost here was not posted.' },
    POSTED: { description: 'QuickBooks gave an id; what is lost here is no longer there.' },
    INVOICED: { description: 'QuickBooks has the invoice, not void; what is lost here was not paid.' },
    PAID: {
      description:
        'Settled in full, with money; the dollars are all money that came in, that of PARTLY_PAID invoices too. What is lost here earns nobody anything.',
    },
    EARNING: { description: 'The part of that money on which a rep earns by a rate.' },
  },
})

/** Where the orders or invoices of a drop are listed. */
export enum FunnelList {
  POSTINGS = 'POSTINGS',
  UNLOGGED_ORDERS = 'UNLOGGED_ORDERS',
  DISCREPANCIES = 'DISCREPANCIES',
  MISSING_COMMISSION = 'MISSING_COMMISSION',
}
registerEnumType(FunnelList, {
  name: 'FunnelList',
  valuesConfig: {
    POSTINGS: {
      description: 'postings(filter: { connectionId states reasonCode datedFrom datedTo kinds: [INVOICE] })',
    },
    UNLOGGED_ORDERS: { description: 'unloggedOrders' },
    DISCREPANCIES: { description: 'discrepancies(filter: { connectionId kinds })' },
    MISSING_COMMISSION: { description: 'missingCommission(input: { connectionId from to } reasons)' },
  },
})

/** What a list is to be asked for, to show what stands behind a drop. */
@ObjectType({ description: 'What to ask a list for, to see what stands behind a drop.' })
export class FunnelFilter {
  @Field(() => FunnelList)
  list!: FunnelList

  @Field(() => [PostingState], { nullable: true })
  states!: PostingState[] | null

  @Field(() => String, { nullable: true })
  reasonCode!: string | null

  @Field(() => [DiscrepancyKind], { nullable: true })
  discrepancyKinds!: DiscrepancyKind[] | null

  @Field(() => [MissingReason], { nullable: true })
  missingReasons!: MissingReason[] | null
}

/** What is lost between one step and the next, for one reason. */
@ObjectType({ description: 'What is lost between a step and the next, for one reason; `funnelRows` lists it.' })
export class FunnelDrop {
  @Field(() => FunnelStep, { description: 'The step that was reached last.' })
  step!: FunnelStep

  @Field({ description: 'A stable name, such as `FAILED ITEM_NOT_FOUND`, `VOIDED` or `UNPAID`.' })
  reason!: string

  @Field({ description: 'What it means.' })
  meaning!: string

  @Field(() => Int)
  count!: number

  @Field(() => String, { description: 'A decimal string with two places.' })
  amount!: Money

  @Field(() => FunnelFilter, {
    nullable: true,
    description: 'Where more is said of these; empty where no list has them.',
  })
  filter!: FunnelFilter | null
}

@ObjectType()
class FunnelStage {
  @Field(() => FunnelStep)
  step!: FunnelStep

  @Field(() => Int)
  count!: number

  @Field(() => String, { description: 'A decimal string with two places.' })
  amount!: Money

  @Field(() => [FunnelDrop], { description: 'What does not reach the next step, largest amount first.' })
  drops!: FunnelDrop[]
}

/** The road of the orders that are dated within some days, from the CRM to what reps earn. */
@ObjectType({
  description:
    'The orders that are dated within some days: how many, and how many dollars, came how far. Of each step, the next and the drops add up to it. Amounts in another currency than the company’s count as 0.00.',
})
export class Funnel {
  @Field(() => ID)
  connectionId!: string

  @Field({ description: 'The first day, yyyy-mm-dd.' })
  from!: string

  @Field({ description: 'The last day, yyyy-mm-dd.' })
  to!: string

  @Field(() => [FunnelStage])
  stages!: FunnelStage[]

  @Field(() => String, {
    description: 'The commission on it, of all reps and the house account, whenever it was paid.',
  })
  commission!: Money
}

/** One order or invoice behind a drop. */
@ObjectType()
export class FunnelRow {
  @Field(() => ID, { nullable: true })
  postingId!: string | null

  @Field(() => String, { nullable: true })
  orderNumber!: string | null

  @Field(() => String, { nullable: true })
  documentNumber!: string | null

  @Field(() => String, { nullable: true })
  quickBooksId!: string | null

  @Field(() => String)
  day!: string

  @Field(() => String, { description: 'What of it is lost here: a decimal string with two places.' })
  amount!: Money
}
