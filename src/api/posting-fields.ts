import { Ctx, Field, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { Exchange } from '../domain/exchange.ts'
import { Posting } from '../domain/posting.ts'
import { EXCHANGES_OF_POSTING_MAX } from '../storage/exchange-pages.ts'
import type { ApiContext } from './context.ts'

@ObjectType({ description: 'The pair of a CRM record and its QuickBooks record.' })
class Link {
  @Field(() => ID, { description: 'The id in the CRM.' })
  sourceId!: string

  @Field({ description: 'The id in QuickBooks.' })
  quickBooksId!: string
}

/** What a posting shows beyond its own columns. */
@Resolver(() => Posting)
export class PostingFields {
  @FieldResolver(() => Connection)
  async connection(@Root() posting: Posting, @Ctx() { loaders }: ApiContext): Promise<Connection | undefined> {
    return (await loaders.connections()).find(({ id }) => id === posting.connectionId)
  }

  @FieldResolver(() => Link, { nullable: true, description: 'Empty until QuickBooks has it.' })
  link(@Root() { sourceId, quickBooksId }: Posting): Link | null {
    return quickBooksId === null ? null : { sourceId, quickBooksId }
  }

  @FieldResolver(() => [Exchange], {
    description: `Its newest ${EXCHANGES_OF_POSTING_MAX} exchanges, newest first; \`exchanges\` pages through all.`,
    complexity: ({ childComplexity }) => EXCHANGES_OF_POSTING_MAX * childComplexity,
  })
  exchanges(@Root() { id }: Posting, @Ctx() { loaders }: ApiContext): Promise<Exchange[]> {
    return loaders.exchangesOfPosting.load(id)
  }
}
