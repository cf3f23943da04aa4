import { Arg, Authorized, Ctx, ID, Mutation, Resolver, UseMiddleware } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { Posting } from '../domain/posting.ts'
import { idFrom } from '../storage/pages.ts'
import { failureAudited } from './access.ts'
import type { ApiContext } from './context.ts'
import type { Caller } from './services.ts'

/** Each a permission, an audit entry and one call. */
@Resolver()
export class MismatchMutations {
  @Authorized(Role.OPERATOR)
  @UseMiddleware(failureAudited)
  @Mutation(() => Posting, {
    description:
      'Lets the difference of a MISMATCHED posting stand: it goes on as POSTED, verified as ACCEPTED, with author and note.',
  })
  async acceptMismatch(
    @Arg('id', () => ID) id: string,
    @Arg('note', () => String, { description: 'Why it may stand.' }) note: string,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<Posting> {
    return services.acceptMismatch({ id: idFrom({ id, what: 'posting' }), note, author: caller as Caller })
  }
}
