import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { BulkOperation } from './bulk-operation.ts'
import { Connection } from './connection.ts'
import { MirrorEntity, type MirroredEntity } from './mirror.ts'

export enum SyncMode {
  FULL = 'FULL',
  INCREMENTAL = 'INCREMENTAL',
}
registerEnumType(SyncMode, {
  name: 'SyncMode',
  valuesConfig: {
    FULL: { description: 'Reads every record, and finds out what is gone.' },
    INCREMENTAL: { description: 'Reads what changed since the last time; in full where that cannot be told.' },
  },
})

/** How far the mirror of one kind of record has come. */
@ObjectType({ description: 'How far the mirror of one kind of record has come.' })
@Entity({ tableName: 'sync_cursor' })
@Unique({ properties: ['connectionId', 'entity'] })
export class SyncCursor {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => MirrorEntity)
  @Enum({ items: () => MirrorEntity, type: 'text' })
  entity!: MirroredEntity

  @Field(() => Date, { nullable: true, description: 'When it was last read in full, to the end.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastFullAt: Date | null = null

  @Field(() => Date, { nullable: true, description: 'Every change until then is in the mirror.' })
  @Property({ type: 'timestamptz', nullable: true })
  changedThrough: Date | null = null

  @Field(() => Date, { nullable: true, description: 'When QuickBooks last told us of a change by itself.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastWebhookAt: Date | null = null

  /** When its changes are to be asked for; null when nobody asked. */
  @Property({ type: 'timestamptz', nullable: true })
  changesDueAt: Date | null = null

  /** True when the numbers of records on both sides are to be compared as well. */
  @Property({ type: 'boolean' })
  countDue: boolean = false

  @Field(() => String, { nullable: true, description: 'What went wrong the last time, if anything.' })
  @Property({ type: 'text', nullable: true })
  error: string | null = null
}

export enum PortionState {
  READING = 'READING',
  VERIFYING = 'VERIFYING',
  DONE = 'DONE',
}

/** One kind of record of an operation that brings the mirror up to date, and how far it has come. */
@Entity({ tableName: 'sync_portion' })
@Index({ name: 'sync_portion_by_connection', properties: ['connectionId'] })
export class SyncPortion {
  @ManyToOne(() => BulkOperation, { mapToPk: true, fieldName: 'operation_id', primary: true, deleteRule: 'cascade' })
  operationId!: string

  @Enum({ items: () => MirrorEntity, type: 'text', primary: true })
  entity!: MirroredEntity

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** Its place among the kinds of the operation. */
  @Property({ type: 'integer' })
  place!: number

  @Enum({ items: () => SyncMode, type: 'text' })
  mode!: SyncMode

  @Enum({ items: () => PortionState, type: 'text' })
  state: PortionState = PortionState.READING

  /** Only what changed since; null for every record. */
  @Property({ type: 'timestamptz', nullable: true })
  changedSince: Date | null = null

  /** Where the next page begins, from 1. */
  @Property({ type: 'integer' })
  position: number = 1

  /**
   * The last record of the page before, which the next page begins with again: if it does not, rows have moved. Where pages go by a
   * cursor: the cursor.
   */
  @Property({ type: 'text', nullable: true })
  lastId: string | null = null

  @Property({ type: 'integer' })
  rowsRead: number = 0

  @Property({ type: 'timestamptz', nullable: true })
  startedAt: Date | null = null
}

/** Reads of one connection in one month: QuickBooks meters them, and refuses all of them when the month's are used up. */
@ObjectType({ description: 'Metered reads of one month.' })
@Entity({ tableName: 'read_meter' })
export class ReadMeter {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true })
  connectionId!: string

  @Field({ description: 'YYYY-MM, in UTC.' })
  @PrimaryKey({ type: 'text' })
  month!: string

  @Field(() => Int)
  @Property({ type: 'integer' })
  reads: number = 0
}
