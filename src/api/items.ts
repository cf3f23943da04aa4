import { Arg, Authorized, Ctx, ID, Mutation, Resolver, UseMiddleware } from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { ItemPull } from '../domain/item-pull.ts'
import { Role } from '../domain/kinds.ts'
import { idFrom } from '../storage/pages.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'

/** Each a permission, an audit entry and one call. */
@Resolver()
export class ItemMutations {
  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => ItemPull, {
    description:
      'Matches the items of the mirror to the products of the CRM now, as every night, and waits until it is done.',
  })
  pullItems(@Arg('connectionId', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<ItemPull> {
    return services.pullItems({ connectionId: idFrom({ id, what: 'connection' }) })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => Connection, {
    description:
      'Says whether items that orders need, and QuickBooks lacks, are created there: as services, booked to the income account that an account mapping chooses.',
  })
  setItemCreation(
    @Arg('connectionId', () => ID) id: string,
    @Arg('allowed', () => Boolean) allowed: boolean,
    @Ctx() { services }: ApiContext,
  ): Promise<Connection> {
    return services.setItemCreation({ connectionId: idFrom({ id, what: 'connection' }), allowed })
  }
}
