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
import { BulkOperation } from '../domain/bulk-operation.ts'
import { Discrepancy, DiscrepancyKind, DiscrepancyState } from '../domain/discrepancy.ts'
import { Role } from '../domain/kinds.ts'
import { MirrorEntity } from '../domain/mirror.ts'
import { SyncCursor, SyncMode } from '../domain/sync-cursor.ts'
import { WebhookEvent } from '../domain/webhook-event.ts'
import { type DiscrepancySelection, discrepancyPage } from '../storage/discrepancies.ts'
import { countMirrored } from '../storage/mirror.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { syncCursors } from '../storage/sync-cursors.ts'
import { findWebhookEvent, webhookEventPage } from '../storage/webhook-events.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'
import { PageArgs, pageOf } from './page.ts'
import type { Caller } from './services.ts'

@ObjectType()
class WebhookEventPage extends pageOf(WebhookEvent) {}

@ObjectType()
class DiscrepancyPage extends pageOf(Discrepancy) {}

@InputType({ description: 'Each part narrows the list; what is left out, or an empty list, does not.' })
class DiscrepancyFilter implements DiscrepancySelection {
  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => [DiscrepancyKind], { nullable: true })
  kinds?: DiscrepancyKind[] | null

  @Field(() => [DiscrepancyState], { nullable: true })
  states?: DiscrepancyState[] | null

  @Field(() => String, { nullable: true })
  documentNumber?: string | null
}

@Resolver(() => SyncCursor)
export class SyncResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => [SyncCursor], { description: 'How far the mirror of each kind of record has come.' })
  syncCursors(
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() { services }: ApiContext,
  ): Promise<SyncCursor[]> {
    return syncCursors(services.database, { connectionId: idFrom({ id: connectionId, what: 'connection' }) })
  }

  @FieldResolver(() => Int, { description: 'Records in the mirror, those left out that are gone.' })
  records(@Root() { connectionId, entity }: SyncCursor, @Ctx() { services }: ApiContext): Promise<number> {
    return countMirrored(services.database, { connectionId, entity })
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Seconds since the moment until which every change is known; empty before the first reading.',
  })
  lagSeconds(@Root() { changedThrough }: SyncCursor, @Ctx() { now }: ApiContext): number | null {
    return changedThrough ? Math.max(0, Math.round((now().getTime() - changedThrough.getTime()) / 1000)) : null
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => BulkOperation, {
    description:
      'Brings the mirror of one kind of record, or of ALL, up to date. Postings go first. Asked again while it runs, it gives the same operation.',
  })
  syncNow(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('entity', () => MirrorEntity) entity: MirrorEntity,
    @Arg('mode', () => SyncMode, { defaultValue: SyncMode.INCREMENTAL }) mode: SyncMode,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<BulkOperation> {
    const id = idFrom({ id: connectionId, what: 'connection' })
    return services.syncNow({ connectionId: id, entity, mode, author: caller as Caller })
  }
}

@Resolver()
export class WebhookResolvers {
  @Authorized(Role.VIEWER)
  @Query(() => WebhookEventPage, { description: 'What QuickBooks told us by itself, newest first.' })
  async webhookEvents(
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<WebhookEventPage> {
    return new WebhookEventPage(await webhookEventPage(services.database, { request }))
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => WebhookEvent, { description: 'Reads once more what the event names.' })
  async replayWebhookEvent(@Arg('id', () => ID) given: string, @Ctx() { services }: ApiContext): Promise<WebhookEvent> {
    const id = idFrom({ id: given, what: 'webhook event' })
    const replayed = await services.replayWebhookEvent(id)
    if (replayed) return replayed
    if (!(await findWebhookEvent(services.database, id))) {
      throw new ApiError('NOT_FOUND', `There is no webhook event ${id}.`)
    }
    throw new InvalidRequest('The event is about a company, or a kind of record, that is not mirrored here.')
  }
}

@Resolver()
export class DiscrepancyQueries {
  @Authorized(Role.VIEWER)
  @Query(() => DiscrepancyPage, { description: 'Newest find first.' })
  async discrepancies(
    @Arg('filter', () => DiscrepancyFilter, { nullable: true }) filter: DiscrepancyFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<DiscrepancyPage> {
    return new DiscrepancyPage(await discrepancyPage(services.database, { selection: filter ?? {}, request }))
  }
}
