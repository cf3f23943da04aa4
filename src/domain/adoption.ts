import 'reflect-metadata'
import { Field, ID, Int, ObjectType } from 'type-graphql'
import type { Money } from './money.ts'

/** A record that a posting is to adopt although it bears another number: nothing is posted for it. */
export interface Adoption {
  quickBooksId: string
  /** The number that the record bears in QuickBooks, and the posting with it. */
  number: string
}

/** An invoice of QuickBooks without our number that may be what an order became. */
@ObjectType({ description: 'An invoice of QuickBooks without our number that may be what an order became.' })
export class AdoptionCandidate {
  @Field(() => ID)
  quickBooksId!: string

  @Field()
  number!: string

  @Field()
  date!: string

  @Field(() => String, { description: 'A decimal string with two places.' })
  total!: Money

  /** Another revision is another record than the one that was shown. */
  revision!: string | null

  @Field(() => Int, { description: 'How like it is, from 0 to 100.' })
  score!: number

  /** What the score would be if all that is not known spoke for it. */
  scoreMax!: number

  @Field(() => [String], { description: 'What speaks for it and against it, each with its points.' })
  evidence!: string[]

  @Field(() => [String], { description: 'Where it differs from the order, its number aside.' })
  differences!: string[]

  @Field(() => String, { nullable: true, description: 'Another order of the CRM that names it as its own.' })
  namedByOrder!: string | null
}
