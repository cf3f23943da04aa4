import { Field, Int, ObjectType } from 'type-graphql'
import type { Money } from './money.ts'
import { ResetAction } from './reset-plan.ts'

/** How many rows have one action, and what they amount to in one currency. */
@ObjectType()
export class ResetCount {
  @Field(() => ResetAction, { nullable: true, description: 'Empty: QuickBooks is still to be asked.' })
  action!: ResetAction | null

  @Field(() => String, { nullable: true, description: 'ISO 4217; empty for rows whose amount is not known.' })
  currency!: string | null

  @Field(() => Int)
  count!: number

  @Field(() => String, { description: 'A decimal string with two places.' })
  total!: Money
}
