import { Arg, Authorized, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql'
import { Alert } from '../domain/alert.ts'
import { Connection } from '../domain/connection.ts'
import { Role } from '../domain/kinds.ts'
import { listAlerts } from '../storage/alerts.ts'
import type { ApiContext } from './context.ts'

@Resolver(() => Alert)
export class AlertQueries {
  @Authorized(Role.VIEWER)
  @Query(() => [Alert], {
    description: 'What a person should know of now, or, with `open: false`, what is over; the newest 200.',
  })
  alerts(
    @Arg('open', () => Boolean, { defaultValue: true }) open: boolean,
    @Ctx() { services }: ApiContext,
  ): Promise<Alert[]> {
    return listAlerts(services.database, { open })
  }

  @FieldResolver(() => Connection, { nullable: true, description: 'Empty for what concerns every connection.' })
  async connection(@Root() alert: Alert, @Ctx() { loaders }: ApiContext): Promise<Connection | null> {
    return (await loaders.connections()).find(({ id }) => id === alert.connectionId) ?? null
  }
}
