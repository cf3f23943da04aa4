import { Field, ID, Int, ObjectType } from 'type-graphql'
import { LineKind, MappingTargetKind } from './account-mapping.ts'

/** How often one target would have taken the place of another. */
@ObjectType({ description: 'How often one target would have taken the place of another.' })
export class MappingChange {
  @Field(() => LineKind)
  lineKind!: LineKind

  @Field(() => String, { nullable: true, description: 'Empty where nothing was chosen.' })
  from!: string | null

  @Field(() => String, { nullable: true })
  to!: string | null

  @Field(() => Int)
  postings!: number

  @Field(() => Int)
  lines!: number

  @Field({
    description: 'The sum of the lines: a decimal string with two places. Discounts and credits count below zero.',
  })
  amount!: string
}

/** One line that would have been booked otherwise. */
@ObjectType({ description: 'One line that would have been booked otherwise.' })
export class MappingChangeRow {
  @Field(() => ID)
  postingId!: string

  @Field(() => String, { nullable: true })
  orderNumber!: string | null

  @Field(() => String, { nullable: true })
  documentNumber!: string | null

  @Field(() => Int, { nullable: true, description: 'The position of the line; empty for a charge of the document.' })
  line!: number | null

  @Field(() => LineKind)
  lineKind!: LineKind

  @Field(() => String, { nullable: true })
  from!: string | null

  @Field(() => String, { nullable: true })
  to!: string | null

  @Field()
  amount!: string

  @Field({ description: 'Why the new target would have won.' })
  why!: string
}

/** An account of the books that would count for another metric category. */
@ObjectType({ description: 'An account of the books that would count for another metric category.' })
export class MappingAccountChange {
  @Field()
  account!: string

  @Field(() => String, { nullable: true })
  from!: string | null

  @Field(() => String, { nullable: true })
  to!: string | null
}

/** What a rule would have changed. Nothing is changed by asking. */
@ObjectType({ description: 'What a rule would have changed over some days of history. Nothing is changed by asking.' })
export class AccountMappingPreview {
  @Field(() => Int)
  days!: number

  @Field(() => MappingTargetKind)
  targetKind!: MappingTargetKind

  @Field(() => Int, { description: 'Postings that were looked at.' })
  postings!: number

  @Field(() => Int, { description: 'Lines and charges that were looked at.' })
  lines!: number

  @Field(() => Int, { description: 'Lines that the rule matches, whether it wins them or not.' })
  matchedLines!: number

  @Field(() => Int)
  changedPostings!: number

  @Field(() => Int)
  changedLines!: number

  @Field({ description: 'The sum of the changed lines: a decimal string with two places.' })
  changedAmount!: string

  @Field(() => [MappingChange], { description: 'Old target → new target, most lines first; at most 1,000.' })
  changes!: MappingChange[]

  @Field(() => [MappingChangeRow], { description: 'The first lines that would change, at most `rows`.' })
  rows!: MappingChangeRow[]

  @Field(() => [MappingAccountChange], {
    description: 'Of a rule about accounts: those of the mirror that it would move.',
  })
  accounts!: MappingAccountChange[]

  @Field(() => [String], { description: 'Why the rule would be refused as it stands, or would never win.' })
  warnings!: string[]
}
