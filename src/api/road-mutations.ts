import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { Posting } from '../domain/posting.ts'
import { SyncRun } from '../domain/sync-run.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { findPostingsById } from '../storage/postings.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'

const RETRY_IDS_MAX = 200
const ORDER_NUMBER_LENGTH_MAX = 100

@ObjectType()
class PollResult {
  @Field(() => SyncRun)
  run!: SyncRun
}

@ObjectType()
class RefusedRetry {
  @Field(() => ID)
  id!: string

  @Field({ description: 'Why it was not set going, in a sentence.' })
  reason!: string
}

@ObjectType()
class RetryResult {
  @Field(() => Int, { description: 'Postings set going again.' })
  retried!: number

  @Field(() => [RefusedRetry])
  refused!: RefusedRetry[]

  readonly retriedIds!: string[]
}

/** Each a permission, an audit entry and one call. */
@Resolver(() => RetryResult)
export class RoadMutations {
  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => PollResult, { description: 'Reads the order log now, and waits until it is read.' })
  async pollNow(@Ctx() { services }: ApiContext): Promise<PollResult> {
    return { run: await services.poll() }
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Posting, { description: 'Puts one order on the road now, with or without a log row.' })
  async syncOrder(@Arg('number', () => String) number: string, @Ctx() { services }: ApiContext): Promise<Posting> {
    const trimmed = number.trim()
    if (trimmed === '' || trimmed.length > ORDER_NUMBER_LENGTH_MAX) {
      throw new InvalidRequest('"number" is the number of one order, as the CRM shows it.')
    }
    return services.syncOrder(trimmed)
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => RetryResult, { description: 'Sets up to 200 postings going again that came to rest.' })
  async retryPostings(@Arg('ids', () => [ID]) ids: string[], @Ctx() { services }: ApiContext): Promise<RetryResult> {
    if (ids.length < 1 || ids.length > RETRY_IDS_MAX) {
      throw new InvalidRequest(`"ids" has ${ids.length} postings: name 1 to ${RETRY_IDS_MAX} at a time.`)
    }
    const wanted = ids.map((id) => idFrom({ id, what: 'posting' }))
    const { retried, refused } = await services.retryPostings(wanted)
    return { retried: retried.length, refused, retriedIds: retried }
  }

  @FieldResolver(() => [Posting], { description: 'Those that were set going, as they are now.' })
  postings(@Root() { retriedIds }: RetryResult, @Ctx() { services }: ApiContext): Promise<Posting[]> {
    return findPostingsById(services.database, retriedIds)
  }
}
