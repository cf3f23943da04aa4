import { Arg, Authorized, Ctx, Field, ID, InputType, Int, Query, Resolver, UseMiddleware } from 'type-graphql'
import { DryRunPage } from '../domain/dry-run.ts'
import { Role } from '../domain/kinds.ts'
import { idFrom } from '../storage/pages.ts'
import type { DryRunFilter as Filter } from '../sync/dry-run-orders.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { PostingFilter } from './postings.ts'

@InputType({
  description: 'Orders by their numbers; else those of some postings; else those created between two instants.',
})
class DryRunFilter implements Filter {
  @Field(() => [String], { nullable: true, description: 'At most 1,000.' })
  orderNumbers?: string[] | null

  @Field(() => PostingFilter, { nullable: true })
  postings?: PostingFilter | null

  @Field(() => Date, { nullable: true, description: 'Created in the CRM at or after.' })
  from?: Date | null

  @Field(() => Date, { nullable: true, description: 'Created in the CRM before.' })
  to?: Date | null
}

@Resolver()
export class DryRunQueries {
  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Query(() => DryRunPage, {
    description:
      'What would be sent for orders as they are in the CRM now, to the last byte. Sends nothing and asks QuickBooks nothing; it shows names, so reading it is recorded in the audit trail.',
    // It asks the CRM for each order.
    complexity: ({ args, childComplexity }) => 100 + Number(args.first ?? 20) * childComplexity,
  })
  dryRun(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('filter', () => DryRunFilter) filter: DryRunFilter,
    @Arg('first', () => Int, { defaultValue: 20, description: 'From 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The `endCursor` of the page before.' })
    after: string | null,
    @Ctx() { services }: ApiContext,
  ): Promise<DryRunPage> {
    const id = idFrom({ id: connectionId, what: 'connection' })
    return services.dryRun({ connectionId: id, filter, first, after })
  }
}
