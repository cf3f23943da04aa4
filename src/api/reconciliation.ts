import {
  Arg,
  Args,
  Authorized,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql'
import { BulkOperation } from '../domain/bulk-operation.ts'
import { Discrepancy, DiscrepancyResolution } from '../domain/discrepancy.ts'
import { Role } from '../domain/kinds.ts'
import { Reconciliation, ReconciliationCount } from '../domain/reconciliation.ts'
import { VerifiedOrder } from '../domain/verified-order.ts'
import { idFrom } from '../storage/pages.ts'
import { findReconciliation, reconciliationCounts, reconciliationPage } from '../storage/reconciliations.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'
import type { Caller } from './services.ts'

@ObjectType()
class ReconciliationPage extends pageOf(Reconciliation) {}

@Resolver(() => Reconciliation)
export class ReconciliationResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => Reconciliation, { nullable: true })
  reconciliation(@Arg('id', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<Reconciliation | null> {
    return findReconciliation(services.database, idFrom({ id, what: 'reconciliation' }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => ReconciliationPage, { description: 'Newest first.' })
  async reconciliations(
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<ReconciliationPage> {
    return new ReconciliationPage(await reconciliationPage(services.database, { request }))
  }

  @FieldResolver(() => [ReconciliationCount], { description: 'What it saw, by kind.' })
  counts(@Root() { id }: Reconciliation, @Ctx() { services }: ApiContext): Promise<ReconciliationCount[]> {
    return reconciliationCounts(services.database, id)
  }

  @Authorized(Role.OPERATOR)
  @Query(() => [VerifiedOrder], {
    description: 'Checks up to 50 named orders on the spot against QuickBooks; on Desktop against the mirror.',
  })
  verify(@Arg('numbers', () => [String]) numbers: string[], @Ctx() { services }: ApiContext): Promise<VerifiedOrder[]> {
    return services.verify({ numbers })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, {
    description:
      'Compares the orders of the CRM, our postings and QuickBooks over a period of up to 366 days. Nothing heals by itself: `discrepancies` lists what differs.',
  })
  reconcile(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('from', () => String, { description: 'The first day, yyyy-mm-dd.' }) from: string,
    @Arg('to', () => String, { description: 'The last day, yyyy-mm-dd.' }) to: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<BulkOperation> {
    const id = idFrom({ id: connectionId, what: 'connection' })
    return services.reconcile({ connectionId: id, from, to, author: caller as Caller })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Discrepancy, { description: 'Decides about an open discrepancy; the note says why.' })
  resolveDiscrepancy(
    @Arg('id', () => ID) id: string,
    @Arg('resolution', () => DiscrepancyResolution) resolution: DiscrepancyResolution,
    @Arg('note', () => String) note: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<Discrepancy> {
    return services.resolveDiscrepancy({ id, resolution, note, author: caller as Caller })
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Reconciliation, {
    description: 'Signs off a reconciliation that is DONE: it stays as it is now, and is a report.',
  })
  signOffReconciliation(
    @Arg('id', () => ID) id: string,
    @Arg('note', () => String) note: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<Reconciliation> {
    return services.signOffReconciliation({ id, note, author: caller as Caller })
  }
}
