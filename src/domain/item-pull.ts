import 'reflect-metadata'
import { Field, Int, ObjectType } from 'type-graphql'

/** What came of matching the items of a company to the products of the CRM. */
@ObjectType({ description: 'What came of matching the items of a company to the products of the CRM.' })
export class ItemPull {
  @Field(() => Int, { description: 'Products and services that QuickBooks has.' })
  items!: number

  @Field(() => Int, { description: 'Products that the CRM has.' })
  products!: number

  @Field(() => Int, { description: 'Products with an item.' })
  matched!: number

  @Field(() => Int, { description: 'Those that were linked now.' })
  linked!: number

  @Field(() => Int, { description: 'Products that were changed in the CRM.' })
  written!: number

  @Field(() => Int, { description: 'Products without an item.' })
  unmatched!: number

  @Field(() => Int, { description: 'Products whose stock number or name several items have.' })
  ambiguous!: number

  @Field(() => [String], { description: 'Products that the CRM did not change, and why.' })
  refused!: string[]
}
