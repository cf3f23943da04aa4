import { ArgsType, Field, Int, ObjectType } from 'type-graphql'
import type { KeysetPage, PageRequest } from '../storage/pages.ts'

/** Makes the object type of a page of nodes; a subclass gives it its name. */
export function pageOf<Node extends object>(node: new () => Node) {
  @ObjectType()
  abstract class Page {
    private readonly page: KeysetPage<Node>

    constructor(page: KeysetPage<Node>) {
      this.page = page
    }

    @Field(() => [node])
    get nodes(): Node[] {
      return this.page.nodes
    }

    @Field(() => String, { nullable: true, description: 'Pass it as `after` for the next page.' })
    get endCursor(): string | null {
      return this.page.endCursor
    }

    @Field(() => Boolean)
    get hasNextPage(): boolean {
      return this.page.hasNextPage
    }

    @Field(() => Int, { description: 'Counted only when asked for; counting stops at 10,000.' })
    async totalCount(): Promise<number> {
      return (await this.page.count()).total
    }

    @Field(() => Boolean, { description: 'There are more than `totalCount` says.' })
    async totalCountCapped(): Promise<boolean> {
      return (await this.page.count()).capped
    }
  }
  return Page
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 50, description: 'From 1 to 200.' })
  first!: number

  @Field(() => String, { nullable: true, description: 'The `endCursor` of the page before.' })
  after?: string | null

  get request(): PageRequest {
    return { first: this.first, after: this.after ?? null }
  }
}
