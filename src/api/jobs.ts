import { Authorized, Ctx, Query, Resolver } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'
import { Job } from './job.ts'

@Resolver(() => Job)
export class JobQueries {
  @Authorized(Role.VIEWER)
  @Query(() => [Job])
  async jobs(@Ctx() { services }: ApiContext): Promise<Job[]> {
    try {
      return await services.jobs()
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new ApiError(
        'UNAVAILABLE',
        `The job store (${services.liveStatus().jobStore}) does not answer: ${reason}. No work is lost meanwhile; ticks go on when it is back.`,
      )
    }
  }
}
