import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Posting } from './posting.ts'
import type { ReasonCode, ReasonDetail } from './reason.ts'

/** The statuses of a log row, as the profile of the CRM translates them. */
export enum LogStatus {
  PENDING = 'PENDING',
  PROCESSING = 'PROCESSING',
  PROCESSED = 'PROCESSED',
  ERROR = 'ERROR',
  RE_PROCESS = 'RE_PROCESS',
}

/** One record of the CRM's order log, as last seen, and where it went. Many log rows may point to one posting. */
@Entity({ tableName: 'log_row' })
@Index({ name: 'log_row_by_posting', properties: ['postingId'] })
@Index({ name: 'log_row_by_source', properties: ['sourceId'] })
@Index({
  name: 'log_row_write_back',
  expression: 'create index "log_row_write_back" on "log_row" ("write_back_at") where "write_back_at" is not null',
})
export class LogRow {
  /** The id of the record in the CRM. */
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'posting_id', nullable: true })
  postingId: string | null = null

  @Property({ type: 'text' })
  type!: string

  @Property({ type: 'text' })
  action!: string

  /** The CRM record that the row is about. */
  @Property({ type: 'uuid', nullable: true })
  sourceId: string | null = null

  /** Status and message in the CRM, as last read from it. Null is a status that the profile does not know: the reason names it. */
  @Enum({ items: () => LogStatus, type: 'text', nullable: true })
  status: LogStatus | null = null

  @Property({ type: 'text' })
  message: string = ''

  /** Why the row has no posting, or needs none. */
  @Property({ type: 'text', nullable: true })
  reasonCode: ReasonCode | null = null

  @Property({ type: 'json', nullable: true })
  reasonDetail: ReasonDetail | null = null

  /** The status that the row should have when no posting speaks for it; null leaves it as it is. */
  @Enum({ items: () => LogStatus, type: 'text', nullable: true })
  wantedStatus: LogStatus | null = null

  /** When the CRM is to be told next about a row without a posting; null when there is nothing to tell. */
  @Property({ type: 'timestamptz', nullable: true })
  writeBackAt: Date | null = null

  @Property({ type: 'integer' })
  writeBackAttempts: number = 0

  /** As the CRM wrote it, to the last digit. */
  @Property({ type: 'text' })
  createdOn!: string

  @Property({ type: 'text' })
  modifiedOn!: string

  @Property({ type: 'timestamptz' })
  seenAt!: Date
}
