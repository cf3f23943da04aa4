import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType } from 'type-graphql'

/** One poll: what it read from the order log and what became of it. */
@ObjectType({ description: 'One poll: what it read from the order log and what became of it.' })
@Entity({ tableName: 'sync_run' })
@Index({ name: 'sync_run_by_start', properties: ['startedAt', 'id'] })
export class SyncRun {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  startedAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null = null

  @Field(() => Int, { description: 'Log rows read.' })
  @Property({ type: 'integer' })
  read: number = 0

  @Field(() => Int, { description: 'Postings created or set going again.' })
  @Property({ type: 'integer' })
  accepted: number = 0

  @Field(() => Int, { description: 'Log rows that need no posting.' })
  @Property({ type: 'integer' })
  skipped: number = 0

  @Field(() => String, { nullable: true, description: 'What went wrong, if the run did not finish.' })
  @Property({ type: 'text', nullable: true })
  error: string | null = null
}

/** How far a reader has come. The value is kept as the other system wrote it, to the last digit. */
@Entity({ tableName: 'cursor' })
export class Cursor {
  @PrimaryKey({ type: 'text' })
  name!: string

  @Property({ type: 'json' })
  value!: Record<string, string>

  @Property({ type: 'timestamptz' })
  updatedAt!: Date
}
