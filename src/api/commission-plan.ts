import {
  Arg,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  UseMiddleware,
} from 'type-graphql'
import { connectionMeant } from '../commission/books.ts'
import type { OrderEarners } from '../commission/earners.ts'
import { daysFrom } from '../commission/months.ts'
import type { RateInput } from '../commission/rates.ts'
import { assertHeeds } from '../commission/report.ts'
import type { ShareInput, SplitInput } from '../commission/splits.ts'
import { type PlanDifference, previewRate, previewSplit } from '../commission/what-if.ts'
import { CommissionRate, CommissionSplit, RateMode } from '../domain/commission-plan.ts'
import { Role } from '../domain/kinds.ts'
import type { Money } from '../domain/money.ts'
import { listRates, listSplits } from '../storage/commission-plan.ts'
import { idFrom } from '../storage/pages.ts'
import { audited } from './access.ts'
import { CommissionReportInput } from './commission-report.ts'
import { type ApiContext, authorOf } from './context.ts'

@InputType()
class CommissionTierInput {
  @Field(() => String, { description: 'The base of a month from which on it applies; the first is 0.00.' })
  from!: Money

  @Field(() => String)
  percent!: string
}

@InputType({ description: 'For a product, a customer or all sales; of one rep or of all. The narrowest applies.' })
class CommissionRateInput {
  @Field(() => ID, { nullable: true, description: 'Left out: the default connection.' })
  connectionId?: string | null

  @Field(() => String, { nullable: true })
  rep?: string | null

  @Field(() => ID, { nullable: true, description: 'The CRM id of a product.' })
  itemId?: string | null

  @Field(() => ID, { nullable: true, description: 'The CRM id of a customer.' })
  customerId?: string | null

  @Field(() => RateMode, { defaultValue: RateMode.FLAT })
  mode!: RateMode

  @Field(() => String, { nullable: true, description: 'Of a flat rate: 0 to 100, such as "7.5".' })
  percent?: string | null

  @Field(() => [CommissionTierInput], { nullable: true })
  tiers?: CommissionTierInput[] | null

  @Field(() => Int, { defaultValue: 0 })
  holdbackDays!: number

  @Field(() => String, { description: '`yyyy-mm-dd`: the first day of the invoices that it is for.' })
  effectiveFrom!: string

  @Field(() => String, { nullable: true })
  effectiveUntil?: string | null

  @Field(() => ID, { nullable: true, description: 'The version that it ends, the day before.' })
  replaces?: string | null

  @Field(() => String, { nullable: true })
  note?: string | null
}

@InputType()
class CommissionShareInput implements ShareInput {
  @Field()
  rep!: string

  @Field(() => String, { description: 'Of 100, which all shares but overrides add up to.' })
  sharePercent!: string

  @Field(() => String, { nullable: true, description: 'A rate of this order’s whole base, instead of the rates.' })
  ratePercent?: string | null

  @Field(() => String, { nullable: true, description: 'An amount for the wholly paid order, instead of the rates.' })
  amount?: string | null

  @Field(() => Boolean, { nullable: true })
  overrides?: boolean | null
}

@InputType({ description: 'Of an order, of a customer’s orders, or of all.' })
class CommissionSplitInput {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => String, { nullable: true })
  orderNumber?: string | null

  @Field(() => ID, { nullable: true })
  customerId?: string | null

  @Field(() => [CommissionShareInput])
  shares!: CommissionShareInput[]

  @Field(() => String)
  effectiveFrom!: string

  @Field(() => String, { nullable: true })
  effectiveUntil?: string | null

  @Field(() => ID, { nullable: true })
  replaces?: string | null

  @Field(() => String, { nullable: true })
  note?: string | null
}

@InputType()
class CommissionEarnerInput {
  @Field()
  rep!: string

  @Field(() => String, { description: 'Of the whole base of the order.' })
  ratePercent!: string
}

@InputType()
class OrderEarnersInput implements OrderEarners {
  @Field()
  orderNumber!: string

  @Field(() => [CommissionEarnerInput])
  earners!: CommissionEarnerInput[]
}

@ObjectType({ description: 'What a rep earned, and what he would have earned.' })
class CommissionDifference implements PlanDifference {
  @Field(() => String, { nullable: true })
  rep!: string | null

  @Field(() => String)
  base!: Money

  @Field(() => String)
  amount!: Money

  @Field(() => String)
  assumedAmount!: Money

  @Field(() => String)
  difference!: Money
}

const PREVIEWED: Parameters<typeof assertHeeds>[1] = { what: 'a preview', heeded: ['month', 'from', 'to'] }

@Resolver()
export class CommissionPlanResolvers {
  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => CommissionRate, { description: 'Saves a version of a rate and derives anew what it changes.' })
  async setCommissionRate(
    @Arg('input', () => CommissionRateInput) input: CommissionRateInput,
    @Ctx() context: ApiContext,
  ): Promise<CommissionRate> {
    const rate = await rateOf(input, context)
    const replacesId = input.replaces ? idFrom({ id: input.replaces, what: 'rate' }) : null
    return context.services.setCommissionRate({ ...rate, replacesId, author: authorOf(context) })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => CommissionSplit, { description: 'Saves who earns on an order, a customer’s orders, or all.' })
  async setCommissionSplit(
    @Arg('input', () => CommissionSplitInput) input: CommissionSplitInput,
    @Ctx() context: ApiContext,
  ): Promise<CommissionSplit> {
    const split = await splitOf(input, context)
    const replacesId = input.replaces ? idFrom({ id: input.replaces, what: 'split' }) : null
    return context.services.setCommissionSplit({ ...split, replacesId, author: authorOf(context) })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => [String], {
    description: 'Takes over the earners of orders as the CRM has them; gives the numbers of the orders that changed.',
  })
  async importCommissionEarners(
    @Arg('orders', () => [OrderEarnersInput]) orders: OrderEarnersInput[],
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<string[]> {
    const meant = await connectionMeant(context.services.database, connectionId)
    return context.services.importCommissionEarners({ connectionId: meant, orders, author: authorOf(context) })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => Int, { description: 'Derives everything again from the ledger; gives the number of entries.' })
  async recomputeCommission(
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null | undefined,
    @Ctx() { services }: ApiContext,
  ): Promise<number> {
    return services.recomputeCommission({ connectionId: await connectionMeant(services.database, connectionId) })
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => [CommissionRate], { description: 'The rates that are in force, or all their versions.' })
  commissionRates(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('history', () => Boolean, { defaultValue: false }) history: boolean,
    @Ctx() { services }: ApiContext,
  ): Promise<CommissionRate[]> {
    return listRates(services.database, { connectionId: idFrom({ id: connectionId, what: 'connection' }), history })
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => [CommissionSplit], { description: 'The splits that are in force, or all their versions.' })
  commissionSplits(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('orderNumber', () => String, { nullable: true }) orderNumber: string | null | undefined,
    @Arg('history', () => Boolean, { defaultValue: false }) history: boolean,
    @Ctx() { services }: ApiContext,
  ): Promise<CommissionSplit[]> {
    const wanted = idFrom({ id: connectionId, what: 'connection' })
    return listSplits(services.database, { connectionId: wanted, orderNumber: orderNumber ?? null, history })
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => [CommissionDifference], {
    description: 'What a rate would have changed, over real history, locked months or not. Nothing is saved.',
  })
  async previewCommissionRate(
    @Arg('rate', () => CommissionRateInput) rate: CommissionRateInput,
    @Arg('input', () => CommissionReportInput) input: CommissionReportInput,
    @Ctx() context: ApiContext,
  ): Promise<CommissionDifference[]> {
    assertHeeds(input, PREVIEWED)
    return previewRate(context.services.database, { input: await rateOf(rate, context), ...daysFrom(input) })
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => [CommissionDifference], {
    description: 'What a split would have changed, over real history, locked months or not. Nothing is saved.',
  })
  async previewCommissionSplit(
    @Arg('split', () => CommissionSplitInput) split: CommissionSplitInput,
    @Arg('input', () => CommissionReportInput) input: CommissionReportInput,
    @Ctx() context: ApiContext,
  ): Promise<CommissionDifference[]> {
    assertHeeds(input, PREVIEWED)
    return previewSplit(context.services.database, { input: await splitOf(split, context), ...daysFrom(input) })
  }
}

async function splitOf(input: CommissionSplitInput, { services }: ApiContext): Promise<SplitInput> {
  return {
    connectionId: await connectionMeant(services.database, input.connectionId),
    orderNumber: input.orderNumber ?? null,
    customerId: input.customerId ?? null,
    shares: input.shares,
    effectiveFrom: input.effectiveFrom,
    effectiveUntil: input.effectiveUntil ?? null,
    note: input.note ?? '',
  }
}

async function rateOf(input: CommissionRateInput, { services }: ApiContext): Promise<RateInput> {
  return {
    connectionId: await connectionMeant(services.database, input.connectionId),
    rep: input.rep ?? null,
    itemId: input.itemId ?? null,
    customerId: input.customerId ?? null,
    mode: input.mode,
    percent: input.percent ?? null,
    tiers: input.tiers ?? null,
    holdbackDays: input.holdbackDays,
    effectiveFrom: input.effectiveFrom,
    effectiveUntil: input.effectiveUntil ?? null,
    note: input.note ?? '',
  }
}
