import {
  Arg,
  Args,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql'
import { Delivery } from '../domain/delivery.ts'
import { Exchange } from '../domain/exchange.ts'
import { ExchangePurpose, Role } from '../domain/kinds.ts'
import { type ExchangeSelection, exchangePage } from '../storage/exchange-pages.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'

@InputType()
class ExchangeFilter implements ExchangeSelection {
  @Field(() => ID, { nullable: true })
  postingId?: string | null

  @Field(() => ID, { nullable: true })
  connectionId?: string | null

  @Field(() => ExchangePurpose, { nullable: true })
  purpose?: ExchangePurpose | null
}

@ObjectType()
class ExchangePage extends pageOf(Exchange) {}

@Resolver()
export class ExchangeQueries {
  @Authorized(Role.VIEWER)
  @Query(() => ExchangePage, { description: 'Newest first.' })
  async exchanges(
    @Arg('filter', () => ExchangeFilter, { nullable: true }) filter: ExchangeFilter | null,
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<ExchangePage> {
    return new ExchangePage(await exchangePage(services.database, { selection: filter ?? {}, request }))
  }
}

/** What an exchange shows beyond its own columns. Bodies hold personal and financial data: reading them is recorded. */
@Resolver(() => Exchange)
export class ExchangeFields {
  @FieldResolver(() => ID, { nullable: true })
  postingId(@Root() { postingId }: Exchange): string | null {
    return postingId
  }

  @FieldResolver(() => Delivery)
  delivery(@Root() { deliveryId }: Exchange, @Ctx() { loaders }: ApiContext): Promise<Delivery> {
    return loaders.delivery.load(deliveryId)
  }

  @FieldResolver(() => Int, { description: 'Which try of the same question it is, from 1.' })
  async tryNumber(@Root() { id }: Exchange, @Ctx() { loaders }: ApiContext): Promise<number> {
    return (await loaders.tryOfExchange.load(id)).number
  }

  @Authorized(Role.OPERATOR)
  @FieldResolver(() => String, {
    nullable: true,
    description: 'The body of the question. For operators; reading it is recorded in the audit trail.',
  })
  async request(@Root() { id }: Exchange, @Ctx() { loaders }: ApiContext): Promise<string> {
    return (await loaders.bodies.load(id)).request
  }

  @Authorized(Role.OPERATOR)
  @FieldResolver(() => String, {
    nullable: true,
    description: 'The body of the answer. For operators; reading it is recorded in the audit trail.',
  })
  async response(@Root() { id }: Exchange, @Ctx() { loaders }: ApiContext): Promise<string | null> {
    return (await loaders.bodies.load(id)).response
  }
}
