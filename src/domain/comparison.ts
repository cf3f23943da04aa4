import 'reflect-metadata'
import { Field, Int, ObjectType } from 'type-graphql'

/** One field of a document beside the same field of the record that QuickBooks returned. */
@ObjectType({ description: 'One field of a document beside the same field of what QuickBooks has.' })
export class Comparison {
  @Field({ description: 'Such as `total`, or `amount` of a line.' })
  field!: string

  @Field(() => Int, {
    nullable: true,
    description: 'The number of the line, from 1; empty for the document as a whole.',
  })
  line!: number | null

  @Field(() => String, { nullable: true, description: "The document's side." })
  ours!: string | null

  @Field(() => String, { nullable: true, description: "QuickBooks' side." })
  theirs!: string | null

  @Field({ description: 'False where the two differ.' })
  equal!: boolean
}

/** The fields that differ. */
export function differing(comparison: readonly Comparison[]): Comparison[] {
  return comparison.filter(({ equal }) => !equal)
}
