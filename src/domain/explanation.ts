import { Field, ObjectType, registerEnumType } from 'type-graphql'
import { Posting } from './posting.ts'
import { Problem } from './problem.ts'

export enum RecordKind {
  ORDER = 'ORDER',
  CUSTOMER = 'CUSTOMER',
}
registerEnumType(RecordKind, {
  name: 'RecordKind',
  description: 'What can be explained.',
  valuesConfig: {
    ORDER: { description: 'An order of the CRM, by its order number or its invoice number.' },
    CUSTOMER: { description: 'An account of the CRM, by its name or its QuickBooks name.' },
  },
})

export enum CheckResult {
  OK = 'OK',
  NO = 'NO',
  WAITS = 'WAITS',
  UNKNOWN = 'UNKNOWN',
}
registerEnumType(CheckResult, {
  name: 'CheckResult',
  valuesConfig: {
    OK: { description: 'As it should be.' },
    NO: { description: 'This keeps it out of QuickBooks, or unproven.' },
    WAITS: { description: 'It goes on by itself.' },
    UNKNOWN: { description: 'It could not be found out, or nobody has asked yet.' },
  },
})

/** One question about a record, and what was found. */
@ObjectType({ description: 'One question about a record, and what was found.' })
export class ExplanationCheck {
  @Field()
  question!: string

  @Field({ description: 'In plain words.' })
  answer!: string

  @Field(() => CheckResult)
  result!: CheckResult

  @Field(() => String, { nullable: true, description: 'What a person must do; empty when nobody must.' })
  remedy!: string | null

  @Field(() => [Problem], { description: 'Everything that is wrong, where it is several things.' })
  problems!: Problem[]
}

/** Why a record of the CRM is, or is not, in QuickBooks: every check with its answer. */
@ObjectType({ description: 'Why a record of the CRM is, or is not, in QuickBooks: every check with its answer.' })
export class Explanation {
  @Field(() => RecordKind)
  kind!: RecordKind

  @Field({ description: 'The number or name that was asked for.' })
  number!: string

  @Field({ description: 'The whole in one sentence.' })
  verdict!: string

  @Field(() => [ExplanationCheck], { description: 'In the order of the road; the first NO is the one to begin with.' })
  checks!: ExplanationCheck[]

  @Field(() => Posting, { nullable: true })
  posting!: Posting | null
}
