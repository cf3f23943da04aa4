import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import { MirrorEntity, type MirroredEntity } from './mirror.ts'
import type { Money } from './money.ts'
import { Posting } from './posting.ts'

export enum DiscrepancyKind {
  MISSING_IN_QUICKBOOKS = 'MISSING_IN_QUICKBOOKS',
  MISSING_LINK = 'MISSING_LINK',
  FALSE_PROCESSED = 'FALSE_PROCESSED',
  DUPLICATE = 'DUPLICATE',
  AMOUNT = 'AMOUNT',
  TAX = 'TAX',
  DISCOUNT_ROUNDING = 'DISCOUNT_ROUNDING',
  CUSTOMER = 'CUSTOMER',
  DATE = 'DATE',
  NUMBER = 'NUMBER',
  VOIDED = 'VOIDED',
  DELETED = 'DELETED',
  EDITED = 'EDITED',
  UNKNOWN_IN_CRM = 'UNKNOWN_IN_CRM',
  PAYMENT_UNMATCHED = 'PAYMENT_UNMATCHED',
  ENVIRONMENT = 'ENVIRONMENT',
}
registerEnumType(DiscrepancyKind, {
  name: 'DiscrepancyKind',
  valuesConfig: {
    MISSING_IN_QUICKBOOKS: { description: 'It should be in QuickBooks, and is not there.' },
    MISSING_LINK: { description: 'QuickBooks has it, and the posting or the CRM does not say so.' },
    FALSE_PROCESSED: { description: 'The CRM says Processed, and QuickBooks does not have it.' },
    DUPLICATE: { description: 'QuickBooks has one more of a number that is linked already.' },
    AMOUNT: { description: 'Amounts of lines, the discount, the shipping or the total differ.' },
    TAX: { description: 'The tax differs.' },
    DISCOUNT_ROUNDING: { description: 'The discount differs by no more than a cent for each line.' },
    CUSTOMER: { description: 'It is billed to another customer.' },
    DATE: { description: 'It bears another date.' },
    NUMBER: { description: 'It bears another number, or the stamp of another order.' },
    VOIDED: { description: 'It was voided in QuickBooks after it was posted.' },
    DELETED: { description: 'It was deleted in QuickBooks after it was posted.' },
    EDITED: { description: 'Something else was changed in QuickBooks, such as a due date, an item or a quantity.' },
    UNKNOWN_IN_CRM: { description: 'QuickBooks has an invoice that no order of the CRM accounts for.' },
    PAYMENT_UNMATCHED: { description: 'A payment, or a part of it, pays no invoice.' },
    ENVIRONMENT: {
      description: 'The CRM names a record of another company: a sandbox for production, or the reverse.',
    },
  },
})

export enum DiscrepancyState {
  OPEN = 'OPEN',
  GONE = 'GONE',
  RESOLVED = 'RESOLVED',
}
registerEnumType(DiscrepancyState, {
  name: 'DiscrepancyState',
  valuesConfig: {
    OPEN: {
      description:
        'The two sides differ. With the resolution VOID: a person decided, and QuickBooks was not yet seen to have it void.',
    },
    GONE: { description: 'The two sides were seen to be equal again.' },
    RESOLVED: { description: 'A person decided: `resolution`, `resolvedBy` and `note` say what, who and why.' },
  },
})

export enum DiscrepancyResolution {
  ADOPT = 'ADOPT',
  REPOST = 'REPOST',
  VOID = 'VOID',
  ACCEPT = 'ACCEPT',
  IGNORE = 'IGNORE',
}
registerEnumType(DiscrepancyResolution, {
  name: 'DiscrepancyResolution',
  valuesConfig: {
    ADOPT: { description: 'Link the invoice that QuickBooks has.' },
    REPOST: { description: 'Post it again, once QuickBooks is known to have nothing of it.' },
    VOID: {
      description:
        'Void in QuickBooks what should not be there: nobody’s, one too many, or of an order that was cancelled or deleted. It stays OPEN until the mirror has seen it void.',
    },
    ACCEPT: { description: 'Leave the difference as it is: it is meant. It is news again only when it changes.' },
    IGNORE: { description: 'Look away from it. It is news again only when it changes.' },
  },
})

/** One place at which the two sides differ. */
@ObjectType({ description: 'One place at which the two sides differ.' })
export class DifferenceLine {
  @Field({ description: 'Such as `total`, `tax`, `customer`, or `amount` of a line.' })
  field!: string

  @Field(() => Int, { nullable: true, description: 'The line of the invoice, from 1; empty for the whole of it.' })
  line!: number | null

  @Field(() => String, { nullable: true })
  ours!: string | null

  @Field(() => String, { nullable: true })
  theirs!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Theirs less ours, in whole cents; empty where no amount differs.',
  })
  cents!: string | null
}

/** A difference between the CRM, what was posted, and what QuickBooks has. */
@ObjectType({ description: 'A difference between the CRM, what was posted, and what QuickBooks has.' })
@Entity({ tableName: 'discrepancy' })
@Index({
  name: 'discrepancy_one_open',
  expression: `create unique index "discrepancy_one_open" on "discrepancy" ("connection_id", "subject", "kind") where "state" = 'OPEN'`,
})
@Index({
  name: 'discrepancy_decided',
  expression: `create index "discrepancy_decided" on "discrepancy" ("connection_id", "subject", "kind") where "state" = 'RESOLVED'`,
})
@Index({
  name: 'discrepancy_being_voided',
  expression: `create index "discrepancy_being_voided" on "discrepancy" ("connection_id", "quick_books_id") where "state" = 'OPEN' and "resolution" = 'VOID'`,
})
@Index({ name: 'discrepancy_by_connection', properties: ['connectionId', 'id'] })
@Index({ name: 'discrepancy_by_state', properties: ['state', 'id'] })
@Index({ name: 'discrepancy_by_kind', properties: ['kind', 'id'] })
export class Discrepancy {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** What it is about, in one word: `posting:…`, `order:…`, `INVOICE:…` or `PAYMENT:…`, each with its id. */
  @Property({ type: 'text' })
  subject: string = ''

  @Field(() => ID, { nullable: true })
  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'posting_id', nullable: true })
  postingId: string | null = null

  @Field(() => DiscrepancyKind)
  @Enum({ items: () => DiscrepancyKind, type: 'text' })
  kind!: DiscrepancyKind

  @Field(() => DiscrepancyState)
  @Enum({ items: () => DiscrepancyState, type: 'text' })
  state: DiscrepancyState = DiscrepancyState.OPEN

  @Field(() => MirrorEntity)
  @Enum({ items: () => MirrorEntity, type: 'text' })
  entity!: MirroredEntity

  @Field(() => ID, { nullable: true, description: 'The order in the CRM.' })
  @Property({ type: 'uuid', nullable: true })
  sourceId: string | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field(() => String, { nullable: true, description: 'The record that QuickBooks has, or had.' })
  @Property({ type: 'text', nullable: true })
  quickBooksId: string | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  documentNumber: string | null = null

  /** The day by which a reconciliation of a period finds it again, YYYY-MM-DD. */
  @Property({ type: 'text', nullable: true })
  date: string | null = null

  @Field(() => String, { nullable: true, description: 'What was posted: a decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  ourTotal: Money | null = null

  @Field(() => String, { nullable: true, description: 'What QuickBooks has now: a decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  theirTotal: Money | null = null

  @Field(() => [String], { description: 'Each difference in words, what was posted first.' })
  @Property({ type: 'array', columnType: 'text[]' })
  differences!: string[]

  @Field(() => [DifferenceLine], { description: 'Each difference by its place, to the cent.' })
  @Property({ type: 'json' })
  lines: DifferenceLine[] = []

  @Field(() => DiscrepancyResolution, { nullable: true, description: 'What would put it right.' })
  @Enum({ items: () => DiscrepancyResolution, type: 'text', nullable: true })
  proposal: DiscrepancyResolution | null = null

  @Field(() => DiscrepancyResolution, { nullable: true, description: 'What a person decided.' })
  @Enum({ items: () => DiscrepancyResolution, type: 'text', nullable: true })
  resolution: DiscrepancyResolution | null = null

  @Field(() => ID, { nullable: true, description: 'The posting that carries out what was decided: the void.' })
  @ManyToOne(() => Posting, { mapToPk: true, fieldName: 'resolution_posting_id', nullable: true })
  resolutionPostingId: string | null = null

  @Field(() => String, { nullable: true, description: 'The name of the key under which it was decided.' })
  @Property({ type: 'text', nullable: true })
  resolvedBy: string | null = null

  @Field(() => String, { nullable: true, description: 'Why it was decided so.' })
  @Property({ type: 'text', nullable: true })
  note: string | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  foundAt!: Date

  @Field(() => Date, { description: 'When it was last seen.' })
  @Property({ type: 'timestamptz' })
  seenAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  resolvedAt: Date | null = null
}
