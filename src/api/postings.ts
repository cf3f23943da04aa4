import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql'
import { PostingKind, Role } from '../domain/kinds.ts'
import { Posting } from '../domain/posting.ts'
import { PostingState } from '../domain/transitions.ts'
import { idFrom } from '../storage/pages.ts'
import { countPostings, type PostingCountBy, type PostingSelection, postingPage } from '../storage/posting-pages.ts'
import { findPostingsById } from '../storage/postings.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'

@InputType({ description: 'Each part narrows the list; what is left out, or an empty list, does not.' })
export class PostingFilter implements PostingSelection {
  @Field(() => [PostingState], { nullable: true })
  states?: PostingState[] | null

  @Field(() => [PostingKind], { nullable: true })
  kinds?: PostingKind[] | null

  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => String, { nullable: true })
  orderNumber?: string | null

  @Field(() => String, { nullable: true, description: 'The code of its reason.' })
  reasonCode?: string | null

  @Field(() => Date, { nullable: true, description: 'Created at or after.' })
  from?: Date | null

  @Field(() => Date, { nullable: true, description: 'Created before.' })
  to?: Date | null

  @Field(() => String, {
    nullable: true,
    description:
      'Whose document is dated on that day or later, yyyy-mm-dd; without a document, created then. As in `funnel`.',
  })
  datedFrom?: string | null

  @Field(() => String, { nullable: true, description: 'Dated on that day or before.' })
  datedTo?: string | null
}

@ObjectType()
class PostingPage extends pageOf(Posting) {}

enum PostingCountKey {
  STATE = 'STATE',
  REASON = 'REASON',
  KIND = 'KIND',
  DAY = 'DAY',
}
registerEnumType(PostingCountKey, {
  name: 'PostingCountKey',
  valuesConfig: {
    REASON: { description: 'By reason code; postings without a reason are not counted.' },
    DAY: { description: 'By the day of creation in UTC, newest first, at most 366.' },
  },
})

@ObjectType()
export class PostingCount {
  @Field()
  key!: string

  @Field(() => Int)
  count!: number
}

@Resolver()
export class PostingQueries {
  @Authorized(Role.VIEWER)
  @Query(() => Posting, { nullable: true })
  async posting(@Arg('id', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<Posting | null> {
    const [posting] = await findPostingsById(services.database, [idFrom({ id, what: 'posting' })])
    return posting ?? null
  }

  @Authorized(Role.VIEWER)
  @Query(() => PostingPage, { description: 'Newest first.' })
  async postings(
    @Arg('filter', () => PostingFilter, { nullable: true }) filter: PostingFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<PostingPage> {
    return new PostingPage(await postingPage(services.database, { selection: filter ?? {}, request }))
  }

  @Authorized(Role.VIEWER)
  @Query(() => [PostingCount], { description: 'Largest first.' })
  postingCounts(
    @Arg('filter', () => PostingFilter, { nullable: true }) filter: PostingFilter | null,
    @Arg('by', () => PostingCountKey, { defaultValue: PostingCountKey.STATE }) by: PostingCountBy,
    @Ctx() { services }: ApiContext,
  ): Promise<PostingCount[]> {
    return countPostings(services.database, { selection: filter ?? {}, by })
  }
}
