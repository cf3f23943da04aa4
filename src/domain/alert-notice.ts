import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Alert } from './alert.ts'

export enum NoticeEvent {
  RAISED = 'RAISED',
  CLEARED = 'CLEARED',
}

export enum NoticeChannel {
  EMAIL = 'EMAIL',
  WEBHOOK = 'WEBHOOK',
}

/** One message to the people outside: that an alert was raised, or is over, by one channel. Sent once, and kept. */
@Entity({ tableName: 'alert_notice' })
@Unique({ name: 'alert_notice_once', properties: ['alertId', 'event', 'channel'] })
@Index({
  name: 'alert_notice_open',
  expression:
    'create index "alert_notice_open" on "alert_notice" ("not_before") where "sent_at" is null and "given_up_at" is null',
})
export class AlertNotice {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Alert, { mapToPk: true, fieldName: 'alert_id' })
  alertId!: string

  @Enum({ items: () => NoticeEvent, type: 'text' })
  event!: NoticeEvent

  @Enum({ items: () => NoticeChannel, type: 'text' })
  channel!: NoticeChannel

  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Property({ type: 'timestamptz' })
  notBefore!: Date

  @Property({ type: 'integer' })
  attempts: number = 0

  /** Who is at it, and until when he is believed to be. */
  @Property({ type: 'uuid', nullable: true })
  claimToken: string | null = null

  @Property({ type: 'timestamptz', nullable: true })
  leaseUntil: Date | null = null

  @Property({ type: 'timestamptz', nullable: true })
  sentAt: Date | null = null

  @Property({ type: 'timestamptz', nullable: true })
  givenUpAt: Date | null = null

  @Property({ type: 'text', nullable: true })
  lastError: string | null = null
}
