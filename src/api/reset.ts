import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql'
import { BulkOperation } from '../domain/bulk-operation.ts'
import { Role } from '../domain/kinds.ts'
import { Posting } from '../domain/posting.ts'
import { ResetCount } from '../domain/reset-count.ts'
import { ResetAction, ResetCause, ResetPlan, ResetPlanRow } from '../domain/reset-plan.ts'
import { idFrom } from '../storage/pages.ts'
import { findResetPlan, resetCounts, resetPlanPage, resetRowPage } from '../storage/reset-plans.ts'
import type { ResetRequest } from '../sync/reset.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'
import type { Caller } from './services.ts'

@ObjectType()
class ResetPlanPage extends pageOf(ResetPlan) {}

@ObjectType()
class ResetPlanRowPage extends pageOf(ResetPlanRow) {}

@InputType({ description: 'Each part narrows the plan; what is left out, or an empty list, does not.' })
class ResetFilter implements ResetRequest {
  @Field(() => ID, { nullable: true, description: 'Left out: the default connection.' })
  connectionId?: string | null

  @Field(() => [ResetCause], { nullable: true })
  causes?: ResetCause[] | null

  @Field(() => [String], { nullable: true, description: 'Codes of the reasons for which postings failed.' })
  reasonCodes?: string[] | null

  @Field(() => [String], { nullable: true })
  orderNumbers?: string[] | null

  @Field(() => String, { nullable: true, description: 'The first day, yyyy-mm-dd, on which the row was created.' })
  from?: string | null

  @Field(() => String, { nullable: true, description: 'The last day, yyyy-mm-dd, on which the row was created.' })
  to?: string | null
}

@Resolver(() => ResetPlan)
export class ResetResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => ResetPlan, { nullable: true })
  resetPlan(@Arg('id', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<ResetPlan | null> {
    return findResetPlan(services.database, idFrom({ id, what: 'reset plan' }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => ResetPlanPage, { description: 'Newest first.' })
  async resetPlans(
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<ResetPlanPage> {
    return new ResetPlanPage(await resetPlanPage(services.database, { request }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => ResetPlanRowPage, { description: 'Each row of a plan with what is to become of it, and why.' })
  async resetPlanRows(
    @Arg('planId', () => ID) planId: string,
    @Arg('action', () => ResetAction, { nullable: true }) action: ResetAction | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<ResetPlanRowPage> {
    const id = idFrom({ id: planId, what: 'reset plan' })
    return new ResetPlanRowPage(await resetRowPage(services.database, { planId: id, action, request }))
  }

  @FieldResolver(() => [ResetCount], { description: 'How many rows have each action, and what they amount to.' })
  counts(@Root() { id }: ResetPlan, @Ctx() { services }: ApiContext): Promise<ResetCount[]> {
    return resetCounts(services.database, id)
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => ResetPlan, {
    description: 'Finds out what would become of each record that the filter selects. Nothing else happens.',
  })
  planReset(
    @Arg('filter', () => ResetFilter) filter: ResetFilter,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<ResetPlan> {
    return services.planReset({ request: filter, author: caller as Caller })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, {
    description: 'Does just what the plan says. A row whose world has changed since is left as it is, and listed.',
  })
  applyReset(
    @Arg('planId', () => ID) planId: string,
    @Arg('planHash', () => String, { description: 'The hash of the plan that was looked at.' }) planHash: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<BulkOperation> {
    return services.applyReset({ planId, planHash, author: caller as Caller })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Posting, {
    description:
      'Decides that an invoice which the plan shows for a refused row is the order’s, whatever its number. Where it differs, the difference is accepted with the note.',
  })
  adoptCandidate(
    @Arg('rowId', () => ID) rowId: string,
    @Arg('quickBooksId', () => ID) quickBooksId: string,
    @Arg('note', () => String, { description: 'Why it is this one.' }) note: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<Posting> {
    return services.adoptCandidate({ rowId, quickBooksId, note, author: caller as Caller })
  }
}
