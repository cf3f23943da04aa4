import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { AdoptionCandidate } from './adoption.ts'
import { Connection } from './connection.ts'
import type { Document } from './document.ts'
import type { Money } from './money.ts'
import { MoveTerms } from './move-terms.ts'
import { Reason, type ReasonCode, type ReasonDetail, reasonOf } from './reason.ts'

export enum ResetCause {
  FALSE_PROCESSED = 'FALSE_PROCESSED',
  STUCK = 'STUCK',
  ERROR = 'ERROR',
  NO_LOG_ROW = 'NO_LOG_ROW',
  MOVE = 'MOVE',
}
registerEnumType(ResetCause, {
  name: 'ResetCause',
  valuesConfig: {
    FALSE_PROCESSED: { description: 'The log row says Processed, and its record has no QuickBooks id.' },
    STUCK: { description: 'The log row says Processing, and nobody works on it.' },
    ERROR: { description: 'The log row says Error.' },
    NO_LOG_ROW: { description: 'The order could be invoiced and has no log row.' },
    MOVE: { description: 'An order of a company that is moved from; only planMove selects them.' },
  },
})

export enum ResetPlanState {
  PLANNING = 'PLANNING',
  READY = 'READY',
  APPLYING = 'APPLYING',
  DONE = 'DONE',
  FAILED = 'FAILED',
}
registerEnumType(ResetPlanState, {
  name: 'ResetPlanState',
  valuesConfig: {
    PLANNING: {
      description: 'Reads the CRM, then asks QuickBooks; on Desktop it waits for the Web Connector to call.',
    },
    READY: { description: 'Complete: it may be looked at, and applied by its hash.' },
    APPLYING: { description: 'Is being applied; its bulk operation shows how far it is.' },
    DONE: { description: 'Applied: each of its rows was set going, or left with a reason.' },
    FAILED: { description: 'It could not be made; `error` says why, and what to ask for instead.' },
  },
})

export enum ResetAction {
  CREATE = 'CREATE',
  ADOPT = 'ADOPT',
  UPDATE = 'UPDATE',
  SKIP = 'SKIP',
  REFUSE = 'REFUSE',
  STAY = 'STAY',
  MOVE = 'MOVE',
}
registerEnumType(ResetAction, {
  name: 'ResetAction',
  valuesConfig: {
    CREATE: { description: 'QuickBooks has nothing of it: it is posted.' },
    ADOPT: { description: 'QuickBooks has it, equal to the penny: it is linked.' },
    UPDATE: { description: 'It is posted and proven; only the CRM does not say so, and is told.' },
    SKIP: { description: 'Nothing is to be done; the reason says why.' },
    REFUSE: { description: 'A person must decide; the reason says why.' },
    STAY: { description: 'Of a move: the old company has it, keeps it, and the new one never gets it.' },
    MOVE: { description: 'Of a move: the old company does not have it, and the new one gets it.' },
  },
})

export enum ResetResult {
  APPLIED = 'APPLIED',
  CHANGED = 'CHANGED',
}
registerEnumType(ResetResult, {
  name: 'ResetResult',
  valuesConfig: {
    APPLIED: { description: 'Set going, or told to the CRM.' },
    CHANGED: { description: 'Its world had changed since the plan: it was left as it is.' },
  },
})

/** What was asked for; what is left out filters nothing. Dates are days, `yyyy-mm-dd`, of the log row's or the order's creation. */
export interface ResetSelection {
  causes: ResetCause[]
  reasonCodes: ReasonCode[]
  orderNumbers: string[]
  from: string | null
  to: string | null
}

/** How far the reading of the CRM has come: which cause, where in it, and how many rows the plan has by then. */
export interface ResetProgress {
  cause: number
  after: { createdOn: string; id: string } | null
  rows: number
}

/** What would happen to each record that a filter selects, shown before anything happens. */
@ObjectType({
  description: 'What would happen to each record that the filter selects. Nothing happens before it is applied.',
})
@Entity({ tableName: 'reset_plan' })
@Index({ name: 'reset_plan_by_connection', properties: ['connectionId', 'id'] })
export class ResetPlan {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => ResetPlanState)
  @Enum({ items: () => ResetPlanState, type: 'text' })
  state: ResetPlanState = ResetPlanState.PLANNING

  @Property({ type: 'json' })
  selection!: ResetSelection

  /** Set for a move: the connection of the plan is then the one that orders go to. */
  @Field(() => MoveTerms, { nullable: true, description: 'Set for the plan of a move.' })
  @Property({ type: 'json', nullable: true })
  move: MoveTerms | null = null

  @Property({ type: 'json', nullable: true })
  progress: ResetProgress | null = null

  /** When all that the CRM has to say was read; what is left is to ask QuickBooks. */
  @Property({ type: 'timestamptz', nullable: true })
  gatheredAt: Date | null = null

  /** What brings the mirror of invoices up to date, in which documents without our number are looked for. */
  @Property({ type: 'uuid', nullable: true })
  syncOperationId: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'Of its rows: applyReset wants it, so that what was seen is what is done.',
  })
  @Property({ type: 'text', nullable: true })
  hash: string | null = null

  @Field({ description: 'The name of the key that asked for it.' })
  @Property({ type: 'text' })
  author!: string

  @Field(() => ID, { nullable: true, description: 'The bulk operation that applies it.' })
  @Property({ type: 'uuid', nullable: true })
  operationId: string | null = null

  @Field(() => String, { nullable: true, description: 'Why it could not be made.' })
  @Property({ type: 'text', nullable: true })
  error: string | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  readyAt: Date | null = null

  @Field(() => String, { name: 'filter', description: 'What was selected, as JSON.' })
  get filterText(): string {
    return JSON.stringify(this.selection)
  }
}

/** One log row, or one order without one, and what is to become of it. */
@ObjectType({ description: 'One log row, or one order without one, and what is to become of it.' })
@Entity({ tableName: 'reset_plan_row' })
@Index({ name: 'reset_plan_row_by_plan', properties: ['planId', 'id'] })
@Index({
  name: 'reset_plan_row_undecided',
  expression: 'create index "reset_plan_row_undecided" on "reset_plan_row" ("plan_id", "id") where "action" is null',
})
@Index({
  name: 'reset_plan_row_by_number',
  expression:
    'create index "reset_plan_row_by_number" on "reset_plan_row" ("plan_id", "document_number") where "document_number" is not null',
})
@Index({
  name: 'reset_plan_row_likely',
  expression: 'create index "reset_plan_row_likely" on "reset_plan_row" ("plan_id", "id") where "likely" is not null',
})
@Index({
  name: 'reset_plan_row_unapplied',
  expression: `create index "reset_plan_row_unapplied" on "reset_plan_row" ("plan_id", "id") where "settled_at" is null and "action" in ('CREATE', 'ADOPT', 'UPDATE', 'STAY', 'MOVE')`,
})
export class ResetPlanRow {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => ResetPlan, { mapToPk: true, fieldName: 'plan_id', deleteRule: 'cascade' })
  planId!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => ResetCause)
  @Enum({ items: () => ResetCause, type: 'text' })
  cause!: ResetCause

  @Field(() => ID, { nullable: true, description: 'The log row in the CRM.' })
  @Property({ type: 'uuid', nullable: true })
  logRowId: string | null = null

  /** As the CRM wrote it: of several rows of one order the newest acts. */
  @Property({ type: 'text' })
  createdOn: string = ''

  /** Of a move: the posting that the old company has of it. */
  @Property({ type: 'uuid', nullable: true })
  postingId: string | null = null

  /** When the CRM's log says that somebody worked on it. */
  @Property({ type: 'array', columnType: 'text[]', nullable: true })
  workedOnAt: string[] | null = null

  @Property({ type: 'uuid', nullable: true })
  sourceId: string | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  documentNumber: string | null = null

  @Field(() => String, { nullable: true, description: 'A decimal string with two places.' })
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  total: Money | null = null

  @Field(() => String, { nullable: true, description: 'ISO 4217.' })
  @Property({ type: 'text', nullable: true })
  currency: string | null = null

  @Field(() => ResetAction, { nullable: true, description: 'Empty while QuickBooks is still to be asked.' })
  @Enum({ items: () => ResetAction, type: 'text', nullable: true })
  action: ResetAction | null = null

  @Property({ type: 'text', nullable: true })
  reasonCode: ReasonCode | null = null

  @Property({ type: 'json', nullable: true })
  reasonDetail: ReasonDetail | null = null

  @Field(() => String, { nullable: true, description: 'The record that QuickBooks has.' })
  @Property({ type: 'text', nullable: true })
  quickBooksId: string | null = null

  /** Null: nothing without our number was like it. */
  @Property({ type: 'json', nullable: true })
  likely: AdoptionCandidate[] | null = null

  /** What the decision rests on; a row whose world is another when it is applied is left alone. */
  @Property({ type: 'text' })
  world!: string

  /** The invoice that is looked for in QuickBooks, until it was. */
  @Property({ type: 'json', nullable: true })
  document: Document | null = null

  @Field(() => ResetResult, { nullable: true })
  @Enum({ items: () => ResetResult, type: 'text', nullable: true })
  result: ResetResult | null = null

  /** When nothing was left to do for it, in the CRM either. */
  @Property({ type: 'timestamptz', nullable: true })
  settledAt: Date | null = null

  @Field(() => [AdoptionCandidate], {
    description: 'Invoices without its number that may be what it became, the likeliest first.',
  })
  get candidates(): AdoptionCandidate[] {
    return this.likely ?? []
  }

  @Field(() => Reason, { nullable: true, description: 'Why this is to become of it.' })
  get reason(): Reason | null {
    return this.reasonCode ? reasonOf(this.reasonCode, this.reasonDetail ?? {}) : null
  }
}
