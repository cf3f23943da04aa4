import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  UseMiddleware,
} from 'type-graphql'
import { BulkOperation } from '../domain/bulk-operation.ts'
import { Role } from '../domain/kinds.ts'
import { MoveProof, MoveProofRow } from '../domain/move-proof.ts'
import { ResetPlan } from '../domain/reset-plan.ts'
import type { MoveRequest } from '../sync/move.ts'
import { moveProof, moveProofPage } from '../sync/move-proof.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'
import type { Caller } from './services.ts'

@ObjectType()
class MoveProofPage extends pageOf(MoveProofRow) {}

@InputType({ description: 'From which company orders go to which.' })
class MoveInput implements MoveRequest {
  @Field(() => ID, { description: 'The connection that orders leave.' })
  from!: string

  @Field(() => ID, { description: 'The connection that orders go to.' })
  to!: string

  @Field({ description: 'The first day, yyyy-mm-dd, whose documents the new company gets.' })
  cutover!: string

  @Field(() => Boolean, {
    nullable: true,
    description: 'The history of the old company was copied into the new one: what is there and equal is linked there.',
  })
  historyCopied?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'What is not posted and dated before the cutover goes to the new company all the same.',
  })
  earlierToo?: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description:
      'The old company may still be written to: corrections and payments of its invoices go on there. Else they wait.',
  })
  oldStaysOpen?: boolean | null
}

@Resolver()
export class MoveResolvers {
  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => ResetPlan, {
    description:
      'Finds out what would become of each order in a move to another company: resetPlan and resetPlanRows show it. Nothing else happens.',
  })
  planMove(
    @Arg('input', () => MoveInput) input: MoveInput,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<ResetPlan> {
    return services.planMove({ request: input, author: caller as Caller })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, {
    description: 'Turns orders to the new company, and does just what the plan says of each.',
  })
  applyMove(
    @Arg('planId', () => ID) planId: string,
    @Arg('planHash', () => String, { description: 'The hash of the plan that was looked at.' }) planHash: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<BulkOperation> {
    return services.applyMove({ planId, planHash, author: caller as Caller })
  }

  @Authorized(Role.VIEWER)
  @Query(() => MoveProof, { description: 'Where every order of a move is: in one company, and none left behind.' })
  moveProof(@Arg('planId', () => ID) planId: string, @Ctx() { services }: ApiContext): Promise<MoveProof> {
    return moveProof(services.database, planId)
  }

  @Authorized(Role.VIEWER)
  @Query(() => MoveProofPage, { description: 'The same, order by order.' })
  async moveProofRows(
    @Arg('planId', () => ID) planId: string,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<MoveProofPage> {
    return new MoveProofPage(await moveProofPage(services.database, { planId, request }))
  }
}
