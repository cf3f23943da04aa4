import { Authorized, Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { Role } from '../domain/kinds.ts'
import type { BacklogFigures } from '../storage/status.ts'
import type { ApiContext } from './context.ts'

@ObjectType({ description: 'What is on its way.' })
export class Backlog implements BacklogFigures {
  @Field(() => Int, { description: 'Postings that are neither done nor at rest.' })
  pending!: number

  @Field(() => Date, { nullable: true, description: 'When the oldest of them was created.' })
  oldestPendingAt!: Date | null

  @Field(() => Int, {
    nullable: true,
    description: 'From the rate of the last ten minutes; empty when nothing was processed in them.',
  })
  etaSeconds!: number | null
}

@Resolver(() => Connection)
export class ConnectionQueries {
  @Authorized(Role.VIEWER)
  @Query(() => [Connection])
  connections(@Ctx() { loaders }: ApiContext): Promise<Connection[]> {
    return loaders.connections()
  }

  @FieldResolver(() => Backlog)
  async backlog(@Root() { id }: Connection, @Ctx() { loaders }: ApiContext): Promise<Backlog> {
    const { byConnection } = await loaders.backlogs()
    return byConnection.get(id) ?? { pending: 0, oldestPendingAt: null, etaSeconds: 0 }
  }
}
