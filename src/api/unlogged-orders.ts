import { Args, Authorized, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import type { Money } from '../domain/money.ts'
import { UnloggedOrder } from '../domain/unlogged-order.ts'
import type { Database } from '../storage/database.ts'
import { lastDifferenceAt, unloggedOrderPage, unloggedTotals } from '../storage/differences.ts'
import type { ApiContext } from './context.ts'
import { PageArgs, pageOf } from './page.ts'
import { SystemStatus } from './system-status.ts'

@ObjectType()
class UnloggedTotal {
  @Field(() => String, { nullable: true, description: 'ISO 4217; empty where the order has none.' })
  currency!: string | null

  @Field(() => Int)
  count!: number

  @Field(() => String, { description: 'A decimal string with two places.' })
  total!: Money
}

@ObjectType({ description: 'Orders that could be invoiced and that no row of the order log asks for.' })
class UnloggedFigures {
  @Field(() => Int)
  count!: number

  @Field(() => [UnloggedTotal], { description: 'By currency, largest count first.' })
  totals!: UnloggedTotal[]

  @Field(() => Date, { nullable: true, description: 'When the orders were last compared with the order log.' })
  checkedAt!: Date | null
}

@ObjectType()
class UnloggedOrderPage extends pageOf(UnloggedOrder) {}

@Resolver(() => UnloggedOrderPage)
export class UnloggedOrderQueries {
  @Authorized(Role.VIEWER)
  @Query(() => UnloggedOrderPage, {
    description: 'Orders that no row of the order log asks to post, newest find first. `syncOrder` posts one.',
  })
  async unloggedOrders(
    @Args(() => PageArgs) { request }: PageArgs,
    @Ctx() { services }: ApiContext,
  ): Promise<UnloggedOrderPage> {
    return new UnloggedOrderPage(await unloggedOrderPage(services.database, { request }))
  }

  @FieldResolver(() => UnloggedFigures, { description: 'All of them, not only those of this page.' })
  figures(@Ctx() { services }: ApiContext): Promise<UnloggedFigures> {
    return figuresOf(services.database)
  }
}

@Resolver(() => SystemStatus)
export class UnloggedOrderStatus {
  @FieldResolver(() => UnloggedFigures, { description: 'Orders that no row of the order log asks to post.' })
  unloggedOrders(@Ctx() { services }: ApiContext): Promise<UnloggedFigures> {
    return figuresOf(services.database)
  }
}

async function figuresOf(database: Database): Promise<UnloggedFigures> {
  const [totals, checkedAt] = await Promise.all([unloggedTotals(database), lastDifferenceAt(database)])
  return { count: totals.reduce((sum, { count }) => sum + count, 0), totals, checkedAt }
}
