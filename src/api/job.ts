import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum JobStoreKind {
  POSTGRESQL = 'postgresql',
  MONGODB = 'mongodb',
}
registerEnumType(JobStoreKind, { name: 'JobStoreKind', description: 'Where the clock ticks are kept.' })

@ObjectType({ description: 'A clock tick: what Countersign does by itself, how often, and how that goes.' })
export class Job {
  @Field()
  name!: string

  @Field({ description: 'What it does, in words.' })
  does!: string

  @Field(() => Float)
  everySeconds!: number

  @Field(() => JobStoreKind, { description: 'The store that this was read from.' })
  store!: `${JobStoreKind}`

  @Field({ description: 'Whether a process runs it at this moment.' })
  running!: boolean

  @Field(() => Date, {
    nullable: true,
    description: 'Empty when the store has lost it; it is scheduled again by itself.',
  })
  nextRunAt!: Date | null

  @Field(() => Date, { nullable: true })
  lastRunAt!: Date | null

  @Field(() => Date, { nullable: true })
  lastFinishedAt!: Date | null

  @Field(() => Float, { nullable: true, description: 'Empty while it runs, and before its first run.' })
  lastDurationSeconds!: number | null

  @Field(() => Int, { description: 'Since it last went well.' })
  consecutiveFailures!: number

  @Field(() => Date, { nullable: true })
  lastFailedAt!: Date | null

  @Field(() => String, { nullable: true, description: 'Why it last failed.' })
  lastFailure!: string | null
}
