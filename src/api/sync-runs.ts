import { Args, ArgsType, Authorized, Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { SyncRun } from '../domain/sync-run.ts'
import { syncRunPage } from '../storage/sync-runs.ts'
import type { ApiContext } from './context.ts'
import { pageOf } from './page.ts'

@ObjectType()
class SyncRunPage extends pageOf(SyncRun) {}

@ArgsType()
class SyncRunArgs {
  @Field(() => Int, { defaultValue: 100, description: 'From 1 to 200.' })
  first!: number

  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' })
  after?: string | null
}

@Resolver()
export class SyncRunQueries {
  @Authorized(Role.VIEWER)
  @Query(() => SyncRunPage, {
    description: 'The polls, newest first. They read the log of every connection: a scoped key sees none.',
  })
  async syncRuns(
    @Args(() => SyncRunArgs) { first, after = null }: SyncRunArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<SyncRunPage> {
    return new SyncRunPage(await syncRunPage(services.database, { request: { first, after } }))
  }
}
