import 'reflect-metadata'
import { Field, ID, ObjectType } from 'type-graphql'

/** How orders go from one company to another. */
@ObjectType({ description: 'How orders go from one company to another.' })
export class MoveTerms {
  @Field(() => ID, { description: 'The connection that orders leave.' })
  fromId!: string

  @Field({ description: 'The first day, yyyy-mm-dd, whose documents the new company gets.' })
  cutover!: string

  @Field({ description: 'The history of the old company was copied into the new one, by Intuit’s tool for instance.' })
  historyCopied!: boolean

  @Field({ description: 'What is not posted and dated before the cutover goes to the new company all the same.' })
  earlierToo!: boolean

  @Field({ description: 'The old company may still be written to: corrections and payments of its invoices go on.' })
  oldStaysOpen!: boolean
}
