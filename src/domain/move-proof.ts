import 'reflect-metadata'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import type { Money } from './money.ts'
import { ResetAction, ResetResult } from './reset-plan.ts'
import { PostingState } from './transitions.ts'

export enum MovePlace {
  OLD = 'OLD',
  NEW = 'NEW',
  NOT_INVOICED = 'NOT_INVOICED',
  LEFT_BEHIND = 'LEFT_BEHIND',
  TWICE = 'TWICE',
}
registerEnumType(MovePlace, {
  name: 'MovePlace',
  valuesConfig: {
    OLD: { description: 'In the old company, and in no other.' },
    NEW: { description: 'In the new company, and in no other that counts.' },
    NOT_INVOICED: { description: 'In none, and rightly: the order is not to be invoiced.' },
    LEFT_BEHIND: { description: 'In none yet, or not proven; `why` says what to do.' },
    TWICE: { description: 'In both.' },
  },
})

/** Where one order of a move is. */
@ObjectType({ description: 'Where one order of a move is, and that it is nowhere else.' })
export class MoveProofRow {
  @Field(() => ID, { description: 'The row of the plan.' })
  id!: string

  @Field(() => String, { nullable: true })
  orderNumber!: string | null

  @Field(() => String, { nullable: true })
  documentNumber!: string | null

  @Field(() => String, { nullable: true, description: 'A decimal string with two places.' })
  total!: Money | null

  @Field(() => String, { nullable: true, description: 'ISO 4217.' })
  currency!: string | null

  @Field(() => ResetAction, { nullable: true, description: 'What was planned.' })
  action!: ResetAction | null

  @Field(() => ResetResult, { nullable: true, description: 'What came of the plan.' })
  result!: ResetResult | null

  @Field(() => MovePlace)
  place!: MovePlace

  @Field(() => ID, { nullable: true, description: 'The connection of its posting.' })
  connectionId!: string | null

  @Field(() => PostingState, { nullable: true })
  state!: PostingState | null

  @Field(() => String, { nullable: true, description: 'The record that it became.' })
  quickBooksId!: string | null

  @Field(() => String, { nullable: true, description: 'EQUAL or ACCEPTED: how it was held against the order.' })
  verification!: string | null

  @Field(() => Date, { nullable: true, description: 'When QuickBooks was last seen to have it as it was posted.' })
  evidenceAt!: Date | null

  @Field(() => [String], { description: 'What bears its number in the old company.' })
  inOld!: string[]

  @Field(() => [String], { description: 'What bears its number in the new company.' })
  inNew!: string[]

  @Field({ description: 'Why it is said to be there, and what to do where something is left.' })
  why!: string
}

/** How many orders are at one place, and what they come to in one currency. */
@ObjectType()
class MoveCount {
  @Field(() => MovePlace)
  place!: MovePlace

  @Field(() => String, { nullable: true })
  currency!: string | null

  @Field(() => Int)
  count!: number

  @Field(() => String, { description: 'A decimal string with two places.' })
  total!: Money
}

/** Whether a move is complete. */
@ObjectType({ description: 'Whether a move is complete: each order in one company, and none left behind.' })
export class MoveProof {
  @Field(() => ID)
  planId!: string

  @Field({
    description:
      'Nothing is left behind, nothing is there twice, and both companies were read since it was applied; a sandbox need not be.',
  })
  isProven!: boolean

  @Field(() => Date, { nullable: true, description: 'Up to when the invoices of the old company are known.' })
  oldReadAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'Up to when the invoices of the new company are known.' })
  newReadAt!: Date | null

  @Field(() => [MoveCount])
  counts!: MoveCount[]

  @Field(() => Int, {
    description: 'Orders of the old company that the plan does not name: plan the move once more.',
  })
  strays!: number

  @Field(() => Int, {
    description:
      'What else the old company still has to post: payments, voids and changes of what stayed there. While it is read-only they wait.',
  })
  waiting!: number

  @Field(() => [MoveProofRow], { description: 'What is not in order, at most 200 of it.' })
  unproven!: MoveProofRow[]
}
