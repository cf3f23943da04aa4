import { Arg, Args, Authorized, Ctx, ID, Mutation, ObjectType, Query, Resolver, UseMiddleware } from 'type-graphql'
import { type AskedBulkState, BulkOperation } from '../domain/bulk-operation.ts'
import { Role } from '../domain/kinds.ts'
import { bulkOperationPage, findBulkOperation } from '../storage/bulk-operations.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'
import { PageArgs, pageOf } from './page.ts'
import { PostingFilter } from './postings.ts'
import type { Caller } from './services.ts'

@ObjectType()
class BulkOperationPage extends pageOf(BulkOperation) {}

@Resolver()
export class BulkOperationResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => BulkOperation, { nullable: true })
  bulkOperation(@Arg('id', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<BulkOperation | null> {
    return findBulkOperation(services.database, idFrom({ id, what: 'bulk operation' }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => BulkOperationPage, { description: 'Newest first.' })
  async bulkOperations(
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<BulkOperationPage> {
    return new BulkOperationPage(await bulkOperationPage(services.database, { request }))
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, {
    description:
      'Sets every posting going again that the filter selects: the FAILED ones, unless it names FAILED or MISMATCHED. Asked again while it runs, it gives the same operation.',
  })
  retryFailedPostings(
    @Arg('filter', () => PostingFilter, { nullable: true }) filter: PostingFilter | null,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<BulkOperation> {
    return services.retryFailedPostings({ selection: { ...filter }, author: caller as Caller })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, { description: 'Stops after the batch that is under way; nothing is undone.' })
  pauseBulkOperation(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<BulkOperation> {
    return change(context, { id, to: 'PAUSED' })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, { description: 'Goes on where it stood: one that was paused, or that failed.' })
  resumeBulkOperation(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<BulkOperation> {
    return change(context, { id, to: 'RUNNING' })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, { description: 'Visits no more records; what was set going goes on.' })
  cancelBulkOperation(@Arg('id', () => ID) id: string, @Ctx() context: ApiContext): Promise<BulkOperation> {
    return change(context, { id, to: 'CANCELLED' })
  }
}

async function change({ services }: ApiContext, request: { id: string; to: AskedBulkState }): Promise<BulkOperation> {
  const id = idFrom({ id: request.id, what: 'bulk operation' })
  const changed = await services.changeBulkOperation({ id, to: request.to })
  if (changed) return changed
  const found = await findBulkOperation(services.database, id)
  if (!found) throw new ApiError('NOT_FOUND', `There is no bulk operation ${id}.`)
  throw new InvalidRequest(`The operation is ${found.state} and cannot become ${request.to}.`)
}
