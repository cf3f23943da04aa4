import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { SalesDocument } from './document.ts'
import { PostingKind } from './kinds.ts'
import type { Money } from './money.ts'

export enum ShadowState {
  WAITING = 'WAITING',
  EQUAL = 'EQUAL',
  DIFFERING = 'DIFFERING',
  MISSING = 'MISSING',
}
registerEnumType(ShadowState, {
  name: 'ShadowState',
  valuesConfig: {
    WAITING: { description: 'Predicted, and not yet compared.' },
    EQUAL: { description: 'QuickBooks has it as it was predicted, to the penny.' },
    DIFFERING: { description: 'QuickBooks has it otherwise.' },
    MISSING: { description: 'QuickBooks does not have it.' },
  },
})

/** The document that a connection in shadow mode would post for an order, and what was found of it in QuickBooks. */
@Entity({ tableName: 'shadow_prediction' })
@Unique({ properties: ['connectionId', 'sourceId'] })
@Index({ name: 'shadow_prediction_by_due', properties: ['connectionId', 'dueAt', 'id'] })
@Index({ name: 'shadow_prediction_by_date', properties: ['connectionId', 'date'] })
export class ShadowPrediction {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** The order in the CRM. */
  @Property({ type: 'uuid' })
  sourceId!: string

  @Enum({ items: () => PostingKind, type: 'text' })
  kind!: PostingKind

  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Property({ type: 'text' })
  documentNumber!: string

  /** The day of the document, YYYY-MM-DD. */
  @Property({ type: 'text' })
  date!: string

  @Property({ type: 'decimal', precision: 18, scale: 2 })
  total!: Money

  @Property({ type: 'json' })
  document!: SalesDocument

  @Property({ type: 'text' })
  contentHash!: string

  /** The id that the other system wrote to the order. */
  @Property({ type: 'text', nullable: true })
  toldId: string | null = null

  @Enum({ items: () => ShadowState, type: 'text' })
  state: ShadowState = ShadowState.WAITING

  /** The record that was compared. */
  @Property({ type: 'text', nullable: true })
  quickBooksId: string | null = null

  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  theirTotal: Money | null = null

  @Property({ type: 'timestamptz' })
  predictedAt!: Date

  @Property({ type: 'timestamptz', nullable: true })
  comparedAt: Date | null = null

  /** When it is to be compared, the first time or again. */
  @Property({ type: 'timestamptz' })
  dueAt!: Date
}

/** One field in which QuickBooks differs from what was predicted. */
@ObjectType({
  description: 'One field in which QuickBooks differs from what a connection in shadow mode would have posted.',
})
@Entity({ tableName: 'shadow_difference' })
@Index({
  name: 'shadow_difference_one',
  expression:
    'create unique index "shadow_difference_one" on "shadow_difference" ("prediction_id", "field", coalesce("line", 0))',
})
@Index({ name: 'shadow_difference_by_connection', properties: ['connectionId', 'id'] })
export class ShadowDifference {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @ManyToOne(() => ShadowPrediction, { mapToPk: true, fieldName: 'prediction_id', deleteRule: 'cascade' })
  predictionId!: string

  @Field(() => ID, { description: 'The order in the CRM.' })
  @Property({ type: 'uuid' })
  sourceId!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field()
  @Property({ type: 'text' })
  documentNumber!: string

  /** The day of the document. */
  @Field({ description: 'YYYY-MM-DD.' })
  @Property({ type: 'text' })
  date!: string

  @Field({ description: 'Such as `total`, or `amount` of a line; `document` when QuickBooks has none.' })
  @Property({ type: 'text' })
  field!: string

  @Field(() => Int, {
    nullable: true,
    description: 'The number of the line, from 1; empty for the document as a whole.',
  })
  @Property({ type: 'integer', nullable: true })
  line: number | null = null

  @Field(() => String, { nullable: true, description: 'What Countersign would have posted.' })
  @Property({ type: 'text', nullable: true })
  ours: string | null = null

  @Field(() => String, { nullable: true, description: 'What the other system posted.' })
  @Property({ type: 'text', nullable: true })
  theirs: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'Of an amount: by how many cents theirs is more (or, below zero, less), as a whole number.',
  })
  @Property({ type: 'string', columnType: 'bigint', nullable: true })
  cents: string | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  foundAt!: Date

  @Field(() => Date, { description: 'When it was last seen.' })
  @Property({ type: 'timestamptz' })
  seenAt!: Date
}

@ObjectType({ description: 'A record of QuickBooks that no prediction accounts for.' })
class UnknownRecord {
  @Field()
  entity!: string

  @Field()
  quickBooksId!: string

  @Field(() => String, { nullable: true })
  number!: string | null

  @Field(() => String, { nullable: true })
  date!: string | null

  @Field(() => String, { nullable: true })
  total!: string | null
}

@ObjectType()
class DifferenceCount {
  @Field()
  field!: string

  @Field(() => Int)
  documents!: number
}

/** What shadow mode found, in sum. Amounts are decimal strings with two places. */
@ObjectType({ description: 'What shadow mode found between two days. Amounts are decimal strings with two places.' })
export class ShadowReport {
  @Field(() => Int, { description: 'Documents that would have been posted.' })
  predicted!: number

  @Field(() => Int, { description: 'Of these, those not yet compared.' })
  waiting!: number

  @Field(() => Int)
  equal!: number

  @Field(() => Int)
  differing!: number

  @Field(() => Int, { description: 'QuickBooks does not have them.' })
  missingThere!: number

  @Field(() => Int, {
    nullable: true,
    description: 'QuickBooks has them and no order asks for them. Empty where the mirror was not read in full.',
  })
  unknownHere!: number | null

  @Field({ description: 'Of all that was compared.' })
  ourTotal!: string

  @Field({ description: 'Of the records that they were compared with.' })
  theirTotal!: string

  @Field({ description: 'The differences of those that differ, each without its sign.' })
  differenceTotal!: string

  @Field({ description: 'Of the documents that QuickBooks does not have.' })
  missingTotal!: string

  @Field(() => [DifferenceCount], { description: 'In how many documents each field differs; the most frequent first.' })
  byField!: DifferenceCount[]

  @Field(() => [UnknownRecord], { description: 'The first hundred of `unknownHere`.' })
  unknown!: UnknownRecord[]
}
