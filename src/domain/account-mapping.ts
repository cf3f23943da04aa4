import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { PatternKind } from './mapping-pattern.ts'

export enum MappingTargetKind {
  ACCOUNT = 'ACCOUNT',
  ITEM = 'ITEM',
  TAX_CODE = 'TAX_CODE',
  METRIC = 'METRIC',
}
registerEnumType(MappingTargetKind, {
  name: 'MappingTargetKind',
  description:
    'What a rule chooses. Rules of different kinds do not compete: a line may be given an item and a tax code.',
  valuesConfig: {
    ACCOUNT: { description: 'The QuickBooks account that the line is booked to.' },
    ITEM: { description: 'The QuickBooks item that the line is booked with.' },
    TAX_CODE: { description: 'The QuickBooks sales tax code of the line.' },
    METRIC: { description: 'The metric category that the line, or an account of the books, counts for.' },
  },
})

export enum LineKind {
  ITEM = 'ITEM',
  DISCOUNT = 'DISCOUNT',
  SHIPPING = 'SHIPPING',
  TAX = 'TAX',
  ROUNDING = 'ROUNDING',
}
registerEnumType(LineKind, {
  name: 'LineKind',
  valuesConfig: {
    ITEM: { description: 'A line that sells something.' },
    DISCOUNT: { description: 'The discount of a document.' },
    SHIPPING: { description: 'Its shipping charge.' },
    TAX: { description: 'Its sales tax.' },
    ROUNDING: { description: "The cents by which QuickBooks' own tax differs." },
  },
})

export enum TaxState {
  TAXABLE = 'TAXABLE',
  EXEMPT = 'EXEMPT',
}
registerEnumType(TaxState, { name: 'TaxState', description: 'Whether a line is taxed.' })

export enum MappingBasis {
  RULE = 'RULE',
  ORDER = 'ORDER',
  CUSTOMER = 'CUSTOMER',
  DEFAULT = 'DEFAULT',
}
registerEnumType(MappingBasis, {
  name: 'MappingBasis',
  description: 'What decided.',
  valuesConfig: {
    RULE: { description: 'An account mapping.' },
    ORDER: { description: 'The order itself names its sales tax.' },
    CUSTOMER: { description: "The customer's own sales tax in QuickBooks." },
    DEFAULT: { description: 'Nothing else: what the product code or the connection names.' },
  },
})

export enum MappingPatternKind {
  GLOB = 'GLOB',
  REGEX = 'REGEX',
}
registerEnumType(MappingPatternKind, {
  name: 'MappingPatternKind',
  description: 'How the patterns of a rule are read; both ignore case.',
  valuesConfig: {
    GLOB: { description: 'Held against the whole text: `*` is any run of characters, `?` any one.' },
    REGEX: { description: "A regular expression in RE2's syntax, which may match anywhere. It never takes long." },
  },
})

/** The categories that figures of the business are counted in. */
export const METRIC_CATEGORIES = [
  'nrr',
  'mrr',
  'orr',
  'product_sales',
  'misc_revenue',
  'employee_expense',
  'owner_comp',
  'owner_comp_taxes',
  'product_cogs',
  'other_expenses',
] as const

/** The day from which a rule holds that holds for ever. */
export const ALWAYS = '0001-01-01'

/** Own rules have lower places; the rules that come with Countersign stand behind them. */
export const OWN_POSITION_MAX = 9_999
export const POSITION_MAX = 99_999

/** One version of a rule. What it says never changes; only its end is set, when another version or nothing takes its place. */
@ObjectType({
  description:
    'One version of a rule that chooses the account, item, tax code or metric category of a line. Of the rules of one target kind the first that matches wins: the rules of a connection before those for all, then by position.',
})
@Entity({ tableName: 'account_mapping' })
@Index({
  name: 'account_mapping_one_open',
  expression: 'create unique index "account_mapping_one_open" on "account_mapping" ("id") where "effective_to" is null',
})
@Index({ name: 'account_mapping_by_connection', properties: ['connectionId', 'position', 'id'] })
@Check({
  name: 'account_mapping_begins_before_it_ends',
  expression: 'effective_to is null or effective_to >= effective_from',
})
@Check({ name: 'account_mapping_has_version', expression: 'version >= 1' })
export class AccountMapping {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => Int, { description: 'Counts from 1; each change is another version.' })
  @PrimaryKey({ type: 'integer' })
  version!: number

  /** Null: for all connections. */
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', nullable: true, deleteRule: 'cascade' })
  connectionId: string | null = null

  @Field()
  @Property({ type: 'text' })
  name!: string

  @Field(() => Int, { description: 'Its place: lower ones are tried first.' })
  @Property({ type: 'integer' })
  position!: number

  @Field(() => MappingPatternKind)
  @Enum({ items: () => MappingPatternKind, type: 'text' })
  patternKind: PatternKind = MappingPatternKind.GLOB

  @Field(() => String, { nullable: true, description: 'A pattern for the SKU (product code) or the name of the item.' })
  @Property({ type: 'text', nullable: true })
  item: string | null = null

  @Field(() => String, { nullable: true, description: "A pattern for the product's category in the CRM." })
  @Property({ type: 'text', nullable: true })
  category: string | null = null

  @Field(() => LineKind, { nullable: true })
  @Enum({ items: () => LineKind, type: 'text', nullable: true })
  lineKind: LineKind | null = null

  @Field(() => String, { nullable: true, description: "A pattern for the order's sales group." })
  @Property({ type: 'text', nullable: true })
  customerGroup: string | null = null

  @Field(() => TaxState, { nullable: true })
  @Enum({ items: () => TaxState, type: 'text', nullable: true })
  taxState: TaxState | null = null

  @Field(() => String, {
    nullable: true,
    description:
      'A pattern for where it is shipped to: the state, the postal code, or both with a space between, such as `CA 941*`. For the sales tax of a document only.',
  })
  @Property({ type: 'text', nullable: true })
  shipTo: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'A pattern for the name of an account of the books: for metric categories only.',
  })
  @Property({ type: 'text', nullable: true })
  account: string | null = null

  @Field(() => MappingTargetKind)
  @Enum({ items: () => MappingTargetKind, type: 'text' })
  targetKind!: MappingTargetKind

  @Field({ description: 'The name of the account, item or tax code in QuickBooks, or the key of the metric category.' })
  @Property({ type: 'text' })
  target!: string

  /** YYYY-MM-DD. */
  @Property({ type: 'text' })
  effectiveFrom: string = ALWAYS

  @Field(() => String, {
    nullable: true,
    description: 'It no longer holds for documents of this day (YYYY-MM-DD) and later; empty when it has no end.',
  })
  @Property({ type: 'text', nullable: true })
  effectiveTo: string | null = null

  @Field({ description: 'Who wrote this version.' })
  @Property({ type: 'text' })
  author!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  /** When it was ended, and by whom: by another version, or because a person deleted the rule. */
  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  endedAt: Date | null = null

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  endedBy: string | null = null

  @Field(() => String, {
    name: 'effectiveFrom',
    nullable: true,
    description: 'It holds for documents of this day (YYYY-MM-DD) and later; empty when it holds for all before, too.',
  })
  get begins(): string | null {
    return this.effectiveFrom === ALWAYS ? null : this.effectiveFrom
  }
}

/** What one rule, or none, chose for one line of a document. */
@ObjectType({ description: 'What was chosen for one line of a document, by which rule, and why.' })
export class LineMapping {
  @Field(() => Int, { nullable: true, description: 'The position of the line; empty for a charge of the document.' })
  line!: number | null

  @Field(() => LineKind)
  lineKind!: LineKind

  @Field(() => MappingTargetKind)
  targetKind!: MappingTargetKind

  @Field({ description: 'The name of the account, item or tax code, or the key of the metric category.' })
  target!: string

  @Field(() => ID, { nullable: true })
  ruleId!: string | null

  @Field(() => String, { nullable: true, description: 'The name of the rule that won; empty when the default counts.' })
  rule!: string | null

  @Field(() => Int, { nullable: true })
  version!: number | null

  @Field(() => MappingBasis, { nullable: true, description: 'Empty on what was chosen before this was kept.' })
  basis?: MappingBasis | null

  @Field(() => String, {
    nullable: true,
    description: 'The rate of a sales tax in percent, as far as QuickBooks told of it.',
  })
  ratePercent?: string | null

  @Field()
  why!: string

  @Field(() => [String], { description: 'The rules that matched too, and came later.' })
  beats!: string[]
}

/** Whether it was chosen at all: what counts by default stands in the document, or with the connection. */
export function isChosen({ ruleId, basis }: Pick<LineMapping, 'ruleId' | 'basis'>): boolean {
  return ruleId !== null || basis === MappingBasis.ORDER || basis === MappingBasis.CUSTOMER
}
