import { Arg, Authorized, Ctx, ID, Mutation, Resolver, UseMiddleware } from 'type-graphql'
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
}
