import 'reflect-metadata'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'

export enum LintCode {
  PATTERN_INVALID = 'PATTERN_INVALID',
  SHADOWED = 'SHADOWED',
  SHADOWED_IN_HISTORY = 'SHADOWED_IN_HISTORY',
  NEVER_MATCHED = 'NEVER_MATCHED',
  NO_EFFECT = 'NO_EFFECT',
  NAME_MISSING = 'NAME_MISSING',
  NAME_INACTIVE = 'NAME_INACTIVE',
  ACCOUNT_TYPE_WRONG = 'ACCOUNT_TYPE_WRONG',
  CUSTOMER_MISSING = 'CUSTOMER_MISSING',
  CUSTOMER_INACTIVE = 'CUSTOMER_INACTIVE',
  ITEM_ACCOUNT_UNCHOSEN = 'ITEM_ACCOUNT_UNCHOSEN',
  FALLS_TO_DEFAULT = 'FALLS_TO_DEFAULT',
  NOT_CHECKED = 'NOT_CHECKED',
  ANSWERED_EARLIER = 'ANSWERED_EARLIER',
}
registerEnumType(LintCode, {
  name: 'LintCode',
  valuesConfig: {
    PATTERN_INVALID: { description: 'A pattern cannot be used, so that its rule never matches.' },
    SHADOWED: { description: 'A rule can never win: an earlier one matches all that it matches.' },
    SHADOWED_IN_HISTORY: { description: 'A rule matched lines of the last days, and earlier rules won all of them.' },
    NEVER_MATCHED: { description: 'A rule matched no line of the last days.' },
    NO_EFFECT: { description: 'This kind of QuickBooks does not book such lines with what the rule chooses.' },
    NAME_MISSING: { description: 'QuickBooks has no account, item or tax code of a name that is needed.' },
    NAME_INACTIVE: { description: 'QuickBooks has it, and it is inactive.' },
    ACCOUNT_TYPE_WRONG: { description: 'An account is of a type that does not fit what it is used for.' },
    CUSTOMER_MISSING: { description: 'An order has no customer that QuickBooks could bill.' },
    CUSTOMER_INACTIVE: { description: 'QuickBooks has the customer of an order, and it is inactive.' },
    ITEM_ACCOUNT_UNCHOSEN: { description: 'Items may be created, and no rule chooses what they are booked to.' },
    FALLS_TO_DEFAULT: { description: 'Lines of the last days that no rule matched.' },
    NOT_CHECKED: { description: 'Something could not be asked just now.' },
    ANSWERED_EARLIER: { description: 'When a QuickBooks that calls us last said what it has.' },
  },
})

export enum LintSeverity {
  ERROR = 'ERROR',
  WARNING = 'WARNING',
  INFO = 'INFO',
}
registerEnumType(LintSeverity, {
  name: 'LintSeverity',
  valuesConfig: {
    ERROR: { description: 'Postings fail because of it, or will.' },
    WARNING: { description: 'Something is booked, or counted, otherwise than it seems.' },
    INFO: { description: 'Good to know.' },
  },
})

/** One thing that is wrong, or worth knowing, about the account mappings of a connection. */
@ObjectType({ description: 'One thing that is wrong, or worth knowing, about the account mappings of a connection.' })
export class MappingLint {
  @Field(() => LintCode)
  code!: LintCode

  @Field(() => LintSeverity)
  severity!: LintSeverity

  @Field({ description: 'What it is about: the name of a rule, an account, an item, a tax code or a customer.' })
  subject!: string

  @Field({ description: 'What is the case.' })
  sentence!: string

  @Field({ description: 'What to do.' })
  remedy!: string

  @Field(() => ID, { nullable: true, description: 'The rule that it is about.' })
  mappingId: string | null = null

  @Field(() => [String], { description: 'A few of the orders, items or accounts that it concerns.' })
  examples: string[] = []

  @Field(() => Int, { description: 'The lines, or orders, that it concerns.' })
  count: number = 0

  @Field(() => String, { nullable: true, description: 'Their sum: a decimal string with two places.' })
  amount: string | null = null

  @Field(() => String, {
    nullable: true,
    description: 'The reason code under which postings fail because of it: `fixAndRetry` frees them when it is mended.',
  })
  reasonCode: string | null = null

  @Field(() => Int, { description: 'Postings of the connection that stand for this reason now.' })
  stuck: number = 0
}

const SEVERITIES: Record<LintCode, LintSeverity> = {
  [LintCode.PATTERN_INVALID]: LintSeverity.ERROR,
  [LintCode.NAME_MISSING]: LintSeverity.ERROR,
  [LintCode.NAME_INACTIVE]: LintSeverity.ERROR,
  [LintCode.CUSTOMER_MISSING]: LintSeverity.ERROR,
  [LintCode.CUSTOMER_INACTIVE]: LintSeverity.ERROR,
  [LintCode.ITEM_ACCOUNT_UNCHOSEN]: LintSeverity.ERROR,
  [LintCode.ACCOUNT_TYPE_WRONG]: LintSeverity.WARNING,
  [LintCode.SHADOWED]: LintSeverity.WARNING,
  [LintCode.SHADOWED_IN_HISTORY]: LintSeverity.WARNING,
  [LintCode.NO_EFFECT]: LintSeverity.WARNING,
  [LintCode.NEVER_MATCHED]: LintSeverity.INFO,
  [LintCode.FALLS_TO_DEFAULT]: LintSeverity.INFO,
  [LintCode.NOT_CHECKED]: LintSeverity.INFO,
  [LintCode.ANSWERED_EARLIER]: LintSeverity.INFO,
}

type Said = Pick<MappingLint, 'code' | 'subject' | 'sentence' | 'remedy'> & Partial<MappingLint>

export function lintOf(said: Said): MappingLint {
  return Object.assign(new MappingLint(), { severity: SEVERITIES[said.code], ...said })
}
