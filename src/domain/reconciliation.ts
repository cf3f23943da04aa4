import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import { Discrepancy, DiscrepancyKind } from './discrepancy.ts'
import type { Money } from './money.ts'

export enum ReconciliationState {
  RUNNING = 'RUNNING',
  DONE = 'DONE',
  FAILED = 'FAILED',
  SIGNED_OFF = 'SIGNED_OFF',
}
registerEnumType(ReconciliationState, {
  name: 'ReconciliationState',
  valuesConfig: {
    RUNNING: { description: 'Brings the mirror up to date, then compares; its bulk operation shows how far it is.' },
    DONE: { description: 'Everything of the period was compared; it may be signed off.' },
    FAILED: { description: 'The mirror could not be brought up to date; `error` says why.' },
    SIGNED_OFF: { description: 'A person has looked at it; it stays as it was then, and is a report.' },
  },
})

/** What a reconciliation goes through, one sweep after the other. */
export enum ReconciliationSweep {
  POSTINGS = 'POSTINGS',
  ORDERS = 'ORDERS',
  INVOICES = 'INVOICES',
  PAYMENTS = 'PAYMENTS',
}
export const SWEEPS = Object.values(ReconciliationSweep)

/** How far it has come: which sweep, and where in it. */
export interface ReconciliationProgress {
  sweep: number
  after: { createdOn: string; id: string } | null
}

/** One period of one connection, compared three ways: the CRM's orders, our postings, and QuickBooks. */
@ObjectType({
  description:
    'One period of one connection, compared three ways: the orders of the CRM, our postings, and QuickBooks.',
})
@Entity({ tableName: 'reconciliation' })
@Index({ name: 'reconciliation_by_connection', properties: ['connectionId', 'id'] })
@Index({ name: 'reconciliation_by_operation', properties: ['operationId'] })
export class Reconciliation {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field({ name: 'from', description: 'The first day, YYYY-MM-DD.' })
  @Property({ type: 'text' })
  firstDay!: string

  @Field({ name: 'to', description: 'The last day, YYYY-MM-DD.' })
  @Property({ type: 'text' })
  lastDay!: string

  @Field(() => ReconciliationState)
  @Enum({ items: () => ReconciliationState, type: 'text' })
  state: ReconciliationState = ReconciliationState.RUNNING

  @Field(() => ID, { description: 'The bulk operation that carries it out.' })
  @Property({ type: 'uuid' })
  operationId!: string

  /** The operation that brings the mirror up to date first. */
  @Property({ type: 'uuid' })
  syncOperationId!: string

  @Property({ type: 'json' })
  progress: ReconciliationProgress = { sweep: 0, after: null }

  @Field(() => Int, { description: 'Orders of the CRM that were created in the period.' })
  @Property({ type: 'integer' })
  orders: number = 0

  @Field(() => String, { description: 'What these orders are to be invoiced for: a decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  ordersTotal: Money = '0.00'

  @Field(() => Int, { description: 'Postings with a QuickBooks id whose invoice is dated in the period.' })
  @Property({ type: 'integer' })
  posted: number = 0

  @Field(() => String, { description: 'A decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  postedTotal: Money = '0.00'

  @Field(() => Int, { description: 'Invoices of QuickBooks that are dated in the period.' })
  @Property({ type: 'integer' })
  invoices: number = 0

  @Field(() => String, { description: 'A decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  invoicesTotal: Money = '0.00'

  @Field({ description: 'The name of the key that asked for it.' })
  @Property({ type: 'text' })
  author!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  error: string | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  finishedAt: Date | null = null

  @Field(() => String, { nullable: true, description: 'The name of the key under which it was signed off.' })
  @Property({ type: 'text', nullable: true })
  signedBy: string | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  signedAt: Date | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  note: string | null = null
}

/** A discrepancy that a reconciliation saw. */
@Entity({ tableName: 'reconciliation_item' })
export class ReconciliationItem {
  @ManyToOne(() => Reconciliation, {
    mapToPk: true,
    fieldName: 'reconciliation_id',
    primary: true,
    deleteRule: 'cascade',
  })
  reconciliationId!: string

  @ManyToOne(() => Discrepancy, { mapToPk: true, fieldName: 'discrepancy_id', primary: true, deleteRule: 'cascade' })
  discrepancyId!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  /** The discrepancy as it stood when the reconciliation was signed off. */
  @Property({ type: 'json', nullable: true })
  signed: Record<string, unknown> | null = null
}

/** An invoice of QuickBooks that an order without a posting accounts for; kept while the reconciliation runs. */
@Entity({ tableName: 'reconciliation_match' })
export class ReconciliationMatch {
  @ManyToOne(() => Reconciliation, {
    mapToPk: true,
    fieldName: 'reconciliation_id',
    primary: true,
    deleteRule: 'cascade',
  })
  reconciliationId!: string

  @PrimaryKey({ type: 'text' })
  quickBooksId!: string
}

/** How many discrepancies of one kind a reconciliation saw, and the dollars between the two sides. */
@ObjectType()
export class ReconciliationCount {
  @Field(() => DiscrepancyKind)
  kind!: DiscrepancyKind

  @Field(() => Int)
  count!: number

  @Field(() => Int, { description: 'Of these: still open.' })
  open!: number

  @Field(() => String, { description: 'Our totals, added up: a decimal string with two places.' })
  ours!: Money

  @Field(() => String, { description: 'Their totals, added up: a decimal string with two places.' })
  theirs!: Money
}
