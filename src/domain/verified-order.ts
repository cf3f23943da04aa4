import 'reflect-metadata'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import type { Money } from './money.ts'
import { PostingState } from './transitions.ts'

export enum VerificationSource {
  QUICKBOOKS = 'QUICKBOOKS',
  MIRROR = 'MIRROR',
}
registerEnumType(VerificationSource, {
  name: 'VerificationSource',
  valuesConfig: {
    QUICKBOOKS: { description: 'QuickBooks was asked just now.' },
    MIRROR: {
      description: 'The mirror says so: QuickBooks Desktop is asked when the Web Connector calls, or nobody answered.',
    },
  },
})

/** One order on all three sides, as they are now. */
@ObjectType({ description: 'One order on all three sides, as they are now.' })
export class VerifiedOrder {
  @Field()
  number!: string

  @Field(() => ID)
  connectionId!: string

  @Field({ description: 'The CRM has it.' })
  inCrm!: boolean

  @Field(() => String, { nullable: true, description: 'A decimal string with two places.' })
  crmTotal!: Money | null

  @Field(() => ID, { nullable: true, description: 'The id that the CRM shows.' })
  crmQuickBooksId!: string | null

  @Field(() => ID, { nullable: true })
  postingId!: string | null

  @Field(() => PostingState, { nullable: true })
  postingState!: PostingState | null

  @Field(() => ID, { nullable: true })
  quickBooksId!: string | null

  @Field(() => String, { nullable: true, description: 'A decimal string with two places.' })
  quickBooksTotal!: Money | null

  @Field(() => VerificationSource)
  source!: VerificationSource

  @Field({ description: 'All three sides say the same, to the penny.' })
  isEqual!: boolean

  @Field(() => [String], { description: 'Each difference in words, ours first.' })
  differences!: string[]
}
