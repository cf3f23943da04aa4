import {
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  Float,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { Alert } from '../domain/alert.ts'
import { Connection } from '../domain/connection.ts'
import { Role } from '../domain/kinds.ts'
import { MoneyAtRisk } from '../domain/money-at-risk.ts'
import { SyncRun } from '../domain/sync-run.ts'
import { listAlerts } from '../storage/alerts.ts'
import { moneyAtRisk } from '../storage/money-at-risk.ts'
import { countPostings } from '../storage/posting-pages.ts'
import { lastSyncRun, processingSpeed } from '../storage/status.ts'
import { Backlog } from './connections.ts'
import type { ApiContext } from './context.ts'
import { JobStoreKind } from './job.ts'
import { PostingCount } from './postings.ts'

/** The promise of the house: from the log row to QuickBooks and back, at the 95th percentile. */
const TARGET_SECONDS = 60

enum CrmState {
  UP = 'UP',
  DOWN = 'DOWN',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CrmState, { name: 'CrmState' })

@ObjectType()
class CrmStatus {
  @Field(() => CrmState)
  state!: `${CrmState}`

  @Field(() => Date, { nullable: true })
  checkedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'What it said, when it is down.' })
  detail!: string | null
}

@ObjectType()
class ServiceLevel {
  @Field(() => Float, {
    nullable: true,
    description:
      'From creation to PROCESSED at the 95th percentile of the last 24 hours; empty when none was processed.',
  })
  p95Seconds!: number | null

  @Field(() => Int)
  targetSeconds!: number

  @Field(() => Int, { description: 'Postings processed in the last 24 hours.' })
  processed!: number
}

@ObjectType({ description: 'How Countersign is, at one look.' })
export class SystemStatus {
  @Field()
  version!: string

  @Field(() => Date)
  startedAt!: Date

  @Field({ description: 'The name of the process that answers.' })
  workerName!: string

  @Field(() => JobStoreKind)
  jobStore!: `${JobStoreKind}`

  @Field(() => CrmStatus)
  crm!: CrmStatus

  @Field(() => Date, { nullable: true })
  lastPollAt!: Date | null
}

@Resolver(() => SystemStatus)
export class StatusQueries {
  @Authorized(Role.VIEWER)
  @Query(() => SystemStatus)
  status(@Ctx() { services }: ApiContext): SystemStatus {
    return services.liveStatus()
  }

  @FieldResolver(() => [Connection])
  connections(@Ctx() { loaders }: ApiContext): Promise<Connection[]> {
    return loaders.connections()
  }

  @FieldResolver(() => [PostingCount], { description: 'By state, largest first.' })
  postingCounts(@Ctx() { services }: ApiContext): Promise<PostingCount[]> {
    return countPostings(services.database, { selection: {}, by: 'STATE' })
  }

  @FieldResolver(() => Backlog)
  async backlog(@Ctx() { loaders }: ApiContext): Promise<Backlog> {
    return (await loaders.backlogs()).total
  }

  @FieldResolver(() => SyncRun, { nullable: true, description: 'The poll that began last.' })
  lastRun(@Ctx() { services }: ApiContext): Promise<SyncRun | null> {
    return lastSyncRun(services.database)
  }

  @FieldResolver(() => [Alert], { description: 'What a person should know of now, newest first.' })
  alerts(@Ctx() { services }: ApiContext): Promise<Alert[]> {
    return listAlerts(services.database, { open: true })
  }

  @FieldResolver(() => [MoneyAtRisk], { description: 'Dollars × age of what is not posted, not verified, not paid.' })
  moneyAtRisk(@Ctx() { services, now }: ApiContext): Promise<MoneyAtRisk[]> {
    return moneyAtRisk(services.database, { now: now() })
  }

  @FieldResolver(() => ServiceLevel)
  async slo(@Ctx() { services, now }: ApiContext): Promise<ServiceLevel> {
    return { ...(await processingSpeed(services.database, { now: now() })), targetSeconds: TARGET_SECONDS }
  }
}
