import {
  Check,
  Entity,
  Enum,
  Index,
  ManyToOne,
  PrimaryKey,
  Property,
  Trigger,
  Unique,
} from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { METRIC_CATEGORIES } from './account-mapping.ts'
import { Connection } from './connection.ts'
import type { Money } from './money.ts'
import { type AccountFigure, BooksSection } from './profit-and-loss.ts'

/** What accounts are counted for: categories that raise profit, and those that lower it. */
export const REVENUE_CATEGORIES: readonly string[] = METRIC_CATEGORIES.slice(0, 5)
export const EXPENSE_CATEGORIES: readonly string[] = METRIC_CATEGORIES.slice(5)

/** What is computed of them, and told beside them. */
export const COMPUTED_METRICS = ['total_revenue', 'total_expenses', 'net_profit'] as const
export const EMPLOYEES = 'employees'
/** Every figure of a month, in the order in which they are shown. */
export const LEDGER_METRICS: readonly string[] = [...METRIC_CATEGORIES, ...COMPUTED_METRICS, EMPLOYEES]
/** What no rule counts, as it bears on profit: kept beside the figures, and shown with their month. */
export const UNMAPPED = 'unmapped'

/** Why a figure has another version than before. */
export enum MetricCause {
  FIRST = 'FIRST',
  RESTATED = 'RESTATED',
  REMAPPED = 'REMAPPED',
}
registerEnumType(MetricCause, {
  name: 'MetricCause',
  valuesConfig: {
    FIRST: { description: 'It was told for the first time.' },
    RESTATED: { description: 'QuickBooks told another figure than before.' },
    REMAPPED: { description: 'The account mappings changed; QuickBooks was not asked.' },
  },
})

/** An account in a figure, and the rule by which it counts there. */
@ObjectType({ description: 'An account of the books in a figure, and the rule by which it counts there.' })
export class MetricAccount implements AccountFigure {
  @Field({ description: 'Its name, below the names of its parents: `Payroll:Taxes`.' })
  path!: string

  @Field(() => BooksSection)
  section!: BooksSection

  @Field(() => String, { description: 'As its section shows it: an expense is positive.' })
  amount!: Money

  @Field(() => ID, { nullable: true, description: 'Empty where no rule of its side matches.' })
  ruleId!: string | null

  @Field(() => String, { nullable: true })
  rule!: string | null

  @Field(() => Int, { nullable: true })
  ruleVersion!: number | null
}

/** One version of one figure of one month. What it says never changes; only its end is set, when another version takes its place. */
@ObjectType({ description: 'One figure of one month, in one of its versions.' })
@Entity({ tableName: 'ledger_metric' })
@Unique({ properties: ['connectionId', 'month', 'category', 'version'] })
@Index({
  name: 'ledger_metric_one_open',
  expression:
    'create unique index "ledger_metric_one_open" on "ledger_metric" ("connection_id", "month", "category") where "known_until" is null',
})
@Check({ name: 'ledger_metric_has_version', expression: 'version >= 1' })
export class LedgerMetric {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', deleteRule: 'cascade' })
  connectionId!: string

  @Field({ description: '`yyyy-mm`.' })
  @Property({ type: 'text' })
  month!: string

  @Field({
    description:
      'nrr, mrr, orr, product_sales, misc_revenue; employee_expense, owner_comp, owner_comp_taxes, product_cogs, other_expenses; total_revenue, total_expenses, net_profit; employees.',
  })
  @Property({ type: 'text' })
  category!: string

  @Field(() => Int, {
    description: 'Counts from 1; each restatement, and each change of the rules, is another version.',
  })
  @Property({ type: 'integer' })
  version!: number

  @Property({ type: 'decimal', precision: 18, scale: 2 })
  amount!: Money

  @Field(() => MetricCause)
  @Enum({ items: () => MetricCause, type: 'text' })
  cause!: MetricCause

  @Field(() => [MetricAccount], { description: 'The accounts that make the figure; none of one that is computed.' })
  @Property({ type: 'json' })
  accounts!: MetricAccount[]

  /** The answer of QuickBooks that it was made of. */
  @Field(() => ID, { description: 'The answer of QuickBooks that it was made of: `ledgerMetricAnswer`.' })
  @ManyToOne(() => MetricAnswer, { mapToPk: true, fieldName: 'answer_id' })
  answerId!: string

  @Field(() => Date, { description: 'Since when it is what is known.' })
  @Property({ type: 'timestamptz' })
  knownFrom!: Date

  @Field(() => Date, { nullable: true, description: 'When another version took its place.' })
  @Property({ type: 'timestamptz', nullable: true })
  knownUntil: Date | null = null

  @Field(() => String, {
    name: 'amount',
    description: 'A decimal string with two places; of `employees`, a whole number.',
  })
  get shown(): string {
    return this.category === EMPLOYEES ? this.amount.replace(/\..*$/, '') : this.amount
  }
}

export enum MetricQuestion {
  PROFIT_AND_LOSS = 'PROFIT_AND_LOSS',
  EMPLOYEES = 'EMPLOYEES',
}
registerEnumType(MetricQuestion, { name: 'MetricQuestion', description: 'What QuickBooks was asked.' })

export enum MetricAnswerState {
  NEW = 'NEW',
  TAKEN = 'TAKEN',
  FAULTY = 'FAULTY',
}
registerEnumType(MetricAnswerState, {
  name: 'MetricAnswerState',
  valuesConfig: {
    NEW: { description: 'Is yet to be counted.' },
    TAKEN: { description: 'Was counted.' },
    FAULTY: { description: 'Cannot be believed; nothing of it is counted.' },
  },
})

/** What QuickBooks answered to a question for figures, as it came. Kept for as long as the figures are. */
@Entity({ tableName: 'metric_answer' })
@Trigger({
  name: 'metric_answer_never_changes',
  timing: 'before',
  events: ['update'],
  body: `if row(new.id, new.connection_id, new.question, new.from_month, new.to_month, new.basis, new.position, new.operation, new.request, new.status, new.body, new.asked_at) is distinct from row(old.id, old.connection_id, old.question, old.from_month, old.to_month, old.basis, old.position, old.operation, old.request, old.status, old.body, old.asked_at) then raise exception 'metric answer %: what was asked and what was answered never change', old.id using errcode = 'restrict_violation'; end if; return new`,
})
@Index({ name: 'metric_answer_by_connection', properties: ['connectionId', 'id'] })
@Index({
  name: 'metric_answer_new',
  expression: `create index "metric_answer_new" on "metric_answer" ("connection_id", "id") where "state" = 'NEW'`,
})
export class MetricAnswer {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', deleteRule: 'cascade' })
  connectionId!: string

  @Enum({ items: () => MetricQuestion, type: 'text' })
  question!: MetricQuestion

  /** `yyyy-mm`: the months that it was asked for. */
  @Property({ type: 'text' })
  fromMonth!: string

  @Property({ type: 'text' })
  toMonth!: string

  @Property({ type: 'text' })
  basis!: 'ACCRUAL' | 'CASH'

  /** Of a list that came in pages: where this one began, from 1; the last one has no other behind it. */
  @Property({ type: 'integer' })
  position: number = 1

  /** The exchange by which it came, in the ledger's own words, for reading it again. */
  @Property({ type: 'text' })
  operation!: string

  @Property({ type: 'text' })
  request!: string

  @Property({ type: 'integer' })
  status!: number

  @Property({ type: 'text' })
  body!: string

  @Enum({ items: () => MetricAnswerState, type: 'text' })
  state: MetricAnswerState = MetricAnswerState.NEW

  @Property({ type: 'text', nullable: true })
  reason: string | null = null

  @Property({ type: 'json', nullable: true })
  reasonDetail: Record<string, string | number | null> | null = null

  @Property({ type: 'timestamptz' })
  askedAt!: Date
}

/** One version of the profit and loss of one month, as QuickBooks told it: what figures are made of, now and by other rules later. */
@Entity({ tableName: 'metric_statement' })
@Unique({ properties: ['connectionId', 'month', 'version'] })
@Index({
  name: 'metric_statement_one_open',
  expression:
    'create unique index "metric_statement_one_open" on "metric_statement" ("connection_id", "month") where "known_until" is null',
})
export class MetricStatement {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', deleteRule: 'cascade' })
  connectionId!: string

  @Property({ type: 'text' })
  month!: string

  @Property({ type: 'integer' })
  version!: number

  @Property({ type: 'text' })
  basis!: 'ACCRUAL' | 'CASH'

  @Property({ type: 'json' })
  accounts!: AccountFigure[]

  /** QuickBooks' own. */
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  netIncome!: Money

  @ManyToOne(() => MetricAnswer, { mapToPk: true, fieldName: 'answer_id' })
  answerId!: string

  @Property({ type: 'timestamptz' })
  knownFrom!: Date

  @Property({ type: 'timestamptz', nullable: true })
  knownUntil: Date | null = null
}

/** Which months of a company are still to be asked for, and by which rules its figures were counted last. */
@Entity({ tableName: 'metric_pull' })
export class MetricPull {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true, deleteRule: 'cascade' })
  connectionId!: string

  /** `yyyy-mm`: both null when nothing is to be asked. The newest months come first. */
  @Property({ type: 'text', nullable: true })
  fromMonth: string | null = null

  @Property({ type: 'text', nullable: true })
  toMonth: string | null = null

  @Property({ type: 'text' })
  basis: 'ACCRUAL' | 'CASH' = 'ACCRUAL'

  /** Not asked before then: QuickBooks did not answer the last time. */
  @Property({ type: 'timestamptz', nullable: true })
  dueAt: Date | null = null

  /** Counts what was asked for, so that what is asked meanwhile is not taken for answered. */
  @Property({ type: 'integer' })
  asked: number = 0

  /** A fingerprint of the rules by which all figures were counted. */
  @Property({ type: 'text', nullable: true })
  rules: string | null = null

  /** When QuickBooks last gave figures that were counted. */
  @Property({ type: 'timestamptz', nullable: true })
  answeredAt: Date | null = null

  /** Why the last question brought nothing; null when it did. */
  @Property({ type: 'text', nullable: true })
  reason: string | null = null

  @Property({ type: 'json', nullable: true })
  reasonDetail: Record<string, string | number | null> | null = null
}
