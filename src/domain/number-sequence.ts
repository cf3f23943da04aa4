import 'reflect-metadata'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Money } from './money.ts'

/** A document number that ends in digits: `INV-0045` is prefix `INV-`, digits `0045`. */
export interface NumberParts {
  prefix: string
  digits: string
}

/** The digits at the end are what is counted on; null where there are none, or more than anybody counts. */
export function partsOfNumber(number: string): NumberParts | null {
  const [, prefix, digits] = /^(.*?)(\d{1,15})$/s.exec(number) ?? []
  return prefix === undefined || digits === undefined || /\d$/.test(prefix) ? null : { prefix, digits }
}

/** A number of a sequence, as wide as its others are where those begin with zeros. */
export function numberOf({ prefix, value, width }: { prefix: string; value: bigint; width: number }): string {
  return prefix + value.toString().padStart(width, '0')
}

@ObjectType({ description: 'Numbers of one sequence that nothing bears.' })
class NumberGap {
  @Field()
  from!: string

  @Field()
  to!: string

  @Field({ description: 'How many numbers, in digits.' })
  count!: string
}

@ObjectType({ description: 'The document numbers of one prefix, counted on by the digits at their end.' })
class NumberSequence {
  @Field({ description: 'What stands before the digits; empty for plain numbers.' })
  prefix!: string

  @Field()
  first!: string

  @Field()
  last!: string

  @Field(() => Int, { description: 'Numbers that are borne.' })
  count!: number

  @Field({ description: 'Numbers between the first and the last that nothing bears, in digits.' })
  missing!: string

  @Field(() => [NumberGap], { description: 'The first 100, lowest first.' })
  gaps!: NumberGap[]

  @Field({ description: 'The number after the last.' })
  nextFree!: string

  @Field({ description: 'False when the next free number is longer than this kind of QuickBooks takes.' })
  nextFreeFits!: boolean
}

enum NumberSide {
  POSTING = 'POSTING',
  QUICKBOOKS = 'QUICKBOOKS',
}
registerEnumType(NumberSide, {
  name: 'NumberSide',
  valuesConfig: {
    POSTING: { description: 'A posting of ours.' },
    QUICKBOOKS: { description: 'A record of QuickBooks that no posting of ours made.' },
  },
})

@ObjectType({ description: 'What bears a number.' })
export class NumberHolder {
  @Field(() => NumberSide)
  side!: NumberSide

  @Field({ description: 'Such as INVOICE or CREDIT_MEMO.' })
  kind!: string

  @Field(() => ID, { nullable: true, description: 'The posting; empty for what QuickBooks alone has.' })
  postingId!: string | null

  @Field(() => ID, { nullable: true })
  quickBooksId!: string | null

  @Field(() => String, { nullable: true })
  orderNumber!: string | null

  @Field(() => String, { nullable: true, description: 'Where the posting stands.' })
  state!: string | null

  @Field(() => String, { nullable: true, description: 'A decimal string with two places.' })
  total!: Money | null
}

@ObjectType({ description: 'One number that several documents bear.' })
class NumberCollision {
  @Field()
  number!: string

  @Field(() => [NumberHolder])
  holders!: NumberHolder[]
}

@ObjectType({
  description: 'The document numbers of a connection: where they have gaps, where they collide, and which is free.',
})
export class DocumentNumbers {
  @Field(() => [NumberSequence], { description: 'The longest first, at most 20.' })
  sequences!: NumberSequence[]

  @Field(() => [NumberCollision], { description: 'The first 100.' })
  collisions!: NumberCollision[]

  @Field(() => String, { nullable: true, description: 'The next free number of the longest sequence.' })
  nextFree!: string | null
}
