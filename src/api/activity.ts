import { Arg, Authorized, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { type ActivityFigures, type ActivityHour, activityByHour, sumOf } from '../storage/activity.ts'
import { InvalidRequest } from '../storage/pages.ts'
import type { ApiContext } from './context.ts'

const HOURS_MAX = 720

@ObjectType()
abstract class Figures implements ActivityFigures {
  @Field(() => Int, { description: 'Requests to QuickBooks.' })
  calls!: number

  @Field(() => Int, { description: 'Of these: answered with an error, or not at all.' })
  errors!: number

  @Field(() => Int, { description: 'Of these: QuickBooks asked to slow down.' })
  throttles!: number

  @Field(() => Int, { description: 'Questions whose answer was lost or not understood.' })
  unknownAnswers!: number

  @Field(() => Int, { description: 'Readings of the order log. They concern every connection: 0 for a scoped key.' })
  polls!: number

  @Field(() => Int, { description: 'Log rows read by them.' })
  rowsRead!: number

  @Field(() => Int, { description: 'Postings that became PROCESSED.' })
  postingsProcessed!: number

  @Field(() => Int, { description: 'Renewals of sign-ins to QuickBooks, the failed ones included.' })
  refreshes!: number

  @Field(() => Int, { description: 'Changes that QuickBooks told us of by itself, the repeated ones left out.' })
  webhooks!: number

  @Field(() => Int, {
    description:
      'The longest time from the telling of one of them until the mirror had it; what waits still counts too.',
  })
  webhookLagSecondsMax!: number
}

@ObjectType()
class ActivityBucket extends Figures implements ActivityHour {
  @Field(() => Date, { description: 'The beginning of the hour.' })
  hour!: Date
}

@ObjectType({ description: 'What happened in the last hours, the one under way included.' })
class Activity extends Figures {
  @Field(() => Date)
  since!: Date

  @Field(() => [ActivityBucket], { description: 'Hour by hour, oldest first; quiet hours too.' })
  buckets!: ActivityBucket[]
}

@Resolver()
export class ActivityQueries {
  @Authorized(Role.VIEWER)
  @Query(() => Activity)
  async activity(
    @Arg('hours', () => Int, { defaultValue: 24, description: `From 1 to ${HOURS_MAX}.` }) hours: number,
    @Ctx() { services, now }: ApiContext,
  ): Promise<Activity> {
    if (hours < 1 || hours > HOURS_MAX) throw new InvalidRequest(`"hours" is ${hours}: ask for 1 to ${HOURS_MAX}.`)
    const at = now()
    const buckets = await activityByHour(services.database, { hours, now: at })
    return { ...sumOf(buckets), since: buckets[0]?.hour ?? at, buckets }
  }
}
