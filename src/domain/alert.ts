import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import { type ReasonCode, type ReasonDetail, reasonOf } from './reason.ts'

export enum AlertSeverity {
  WARNING = 'WARNING',
  CRITICAL = 'CRITICAL',
}
registerEnumType(AlertSeverity, {
  name: 'AlertSeverity',
  valuesConfig: {
    WARNING: { description: 'Some records wait for a person.' },
    CRITICAL: { description: 'Nothing moves until somebody acts.' },
  },
})

/** A condition that a person should know of: raised once when it begins, cleared by itself when it is over. */
@ObjectType({ description: 'A condition that a person should know of. It clears by itself when it is over.' })
@Entity({ tableName: 'alert' })
@Index({
  name: 'alert_one_open',
  expression:
    'create unique index "alert_one_open" on "alert" ("code", "subject", "connection_id") nulls not distinct where "cleared_at" is null',
})
@Index({ name: 'alert_by_raised', properties: ['raisedAt', 'id'] })
export class Alert {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => String, { description: 'A stable code.' })
  @Property({ type: 'text' })
  code!: ReasonCode

  @Field(() => AlertSeverity)
  @Enum({ items: () => AlertSeverity, type: 'text' })
  severity!: AlertSeverity

  @Field({ description: 'What it is about: the CRM, a connection, the reason that postings share.' })
  @Property({ type: 'text' })
  subject!: string

  /** Empty for what concerns every connection. */
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', nullable: true })
  connectionId: string | null = null

  /** What fills the sentence. */
  @Property({ type: 'json' })
  detail!: ReasonDetail

  @Field(() => Int, { description: 'How many records it concerns, as last seen.' })
  @Property({ type: 'integer' })
  count!: number

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  raisedAt!: Date

  /** When the condition was last found to hold. */
  @Property({ type: 'timestamptz' })
  seenAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  clearedAt: Date | null = null

  @Field(() => String, { description: 'What is the case.' })
  get sentence(): string {
    return reasonOf(this.code, this.detail).sentence
  }

  @Field(() => String, { description: 'What to do.' })
  get remedy(): string {
    return reasonOf(this.code, this.detail).remedy
  }
}
