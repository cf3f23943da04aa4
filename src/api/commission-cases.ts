import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql'
import { connectionMeant } from '../commission/books.ts'
import { type MissingReport, missingCommission } from '../commission/missing.ts'
import {
  AdjustmentKind,
  CommissionAdjustment,
  CommissionDispute,
  CommissionDisputeNote,
  DisputeState,
  MissingReason,
} from '../domain/commission-case.ts'
import { CommissionPeriod } from '../domain/commission-entry.ts'
import { Role } from '../domain/kinds.ts'
import type { Money } from '../domain/money.ts'
import { disputePage, notesOfDisputes } from '../storage/commission-cases.ts'
import type { MissingCommission } from '../storage/commission-missing.ts'
import { audited } from './access.ts'
import { CommissionReportInput } from './commission-report.ts'
import { type ApiContext, authorOf } from './context.ts'
import { ApiError } from './errors.ts'
import { PageArgs, pageOf } from './page.ts'

@InputType()
class CommissionAdjustmentInput {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field()
  rep!: string

  @Field(() => AdjustmentKind)
  kind!: AdjustmentKind

  @Field(() => String, { description: 'A decimal string with two places; it may be negative.' })
  amount!: Money

  @Field(() => String, { description: '`yyyy-mm-dd`, in a month that is not locked.' })
  effectiveOn!: string

  @Field(() => String, { nullable: true })
  orderNumber?: string | null

  @Field()
  note!: string

  @Field({ description: 'Who approved it: never the rep.' })
  approver!: string
}

@InputType()
class CommissionPeriodInput {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => String, { description: '`yyyy-mm`: a month that is over.' })
  month!: string
}

@InputType()
class CommissionDisputeInput {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field()
  rep!: string

  @Field()
  orderNumber!: string

  @Field()
  text!: string
}

@ObjectType()
class CommissionDisputePage extends pageOf(CommissionDispute) {}

@ObjectType()
class MissingCommissionRow implements MissingCommission {
  @Field(() => MissingReason)
  reason!: MissingReason

  @Field(() => String, { nullable: true })
  orderNumber!: string | null

  @Field(() => ID, { nullable: true })
  invoiceId!: string | null

  @Field(() => String, { nullable: true })
  recordKind!: string | null

  @Field(() => ID, { nullable: true })
  recordId!: string | null

  @Field(() => String, { nullable: true })
  rep!: string | null

  @Field()
  day!: string

  @Field(() => String, { nullable: true })
  amount!: Money | null

  @Field(() => String, { nullable: true })
  detail!: string | null
}

@ObjectType()
class MissingCommissionCount {
  @Field(() => MissingReason)
  reason!: MissingReason

  @Field(() => Int)
  count!: number

  @Field(() => String)
  amount!: Money
}

@ObjectType()
class MissingCommissionReport implements MissingReport {
  @Field(() => [MissingCommissionCount])
  counts!: MissingCommissionCount[]

  @Field(() => [MissingCommissionRow])
  rows!: MissingCommissionRow[]
}

@Resolver(() => CommissionDispute)
export class CommissionCaseResolvers {
  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => CommissionAdjustment, {
    description: 'Adds an amount by hand, which is listed as having no payment.',
  })
  async adjustCommission(
    @Arg('input', () => CommissionAdjustmentInput) input: CommissionAdjustmentInput,
    @Ctx() context: ApiContext,
  ): Promise<CommissionAdjustment> {
    const { services } = context
    const connectionId = await connectionMeant(services.database, input.connectionId)
    const orderNumber = input.orderNumber ?? null
    return services.adjustCommission({ ...input, connectionId, orderNumber, author: authorOf(context) })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => CommissionPeriod, { description: 'What the month shows now, it shows for ever.' })
  async lockCommissionPeriod(
    @Arg('input', () => CommissionPeriodInput) { connectionId, month }: CommissionPeriodInput,
    @Ctx() context: ApiContext,
  ): Promise<CommissionPeriod> {
    const meant = await connectionMeant(context.services.database, connectionId)
    return context.services.lockCommissionPeriod({ connectionId: meant, month, author: authorOf(context) })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => CommissionDispute)
  async openCommissionDispute(
    @Arg('input', () => CommissionDisputeInput) input: CommissionDisputeInput,
    @Ctx() context: ApiContext,
  ): Promise<CommissionDispute> {
    const connectionId = await connectionMeant(context.services.database, input.connectionId)
    return context.services.openCommissionDispute({ ...input, connectionId, author: authorOf(context) })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => CommissionDispute, { description: 'Adds a note, and brings the dispute to a state.' })
  async noteCommissionDispute(
    @Arg('id', () => ID) id: string,
    @Arg('text', () => String) text: string,
    @Arg('state', () => DisputeState) state: DisputeState,
    @Ctx() context: ApiContext,
  ): Promise<CommissionDispute> {
    const noted = await context.services.noteCommissionDispute({ id, text, state, author: authorOf(context) })
    if (!noted) throw new ApiError('NOT_FOUND', 'There is no such dispute: the query "commissionDisputes" lists them.')
    return noted
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => CommissionDisputePage, { description: 'Newest first.' })
  async commissionDisputes(
    @Arg('connectionId', () => ID, { nullable: true }) connectionId: string | null,
    @Arg('rep', () => String, { nullable: true }) rep: string | null | undefined,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<CommissionDisputePage> {
    const meant = await connectionMeant(services.database, connectionId)
    return new CommissionDisputePage(
      await disputePage(services.database, { connectionId: meant, rep: rep ?? null, request }),
    )
  }

  @FieldResolver(() => [CommissionDisputeNote], { description: 'Oldest first; the last one gives the state.' })
  notes(@Root() { id }: CommissionDispute, @Ctx() { services }: ApiContext): Promise<CommissionDisputeNote[]> {
    return notesOfDisputes(services.database, [id])
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => MissingCommissionReport, { description: 'What earns nothing, or not yet, and why.' })
  missingCommission(
    @Arg('input', () => CommissionReportInput) input: CommissionReportInput,
    @Arg('reasons', () => [MissingReason], { nullable: true }) reasons: MissingReason[] | null | undefined,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => Int, { defaultValue: 0, description: 'How many rows to leave out.' }) after: number,
    @Ctx() { services }: ApiContext,
  ): Promise<MissingCommissionReport> {
    return missingCommission(services.database, { request: input, reasons: reasons ?? null, first, after })
  }
}
