import { Arg, Authorized, Ctx, ID, Query, Resolver } from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import { DocumentNumbers } from '../domain/number-sequence.ts'
import { idFrom } from '../storage/pages.ts'
import type { ApiContext } from './context.ts'

@Resolver()
export class DocumentNumberQueries {
  @Authorized(Role.VIEWER)
  @Query(() => DocumentNumbers, {
    description: 'Gaps and collisions in the document numbers of a connection, and the next free number.',
  })
  documentNumbers(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('from', () => String, { nullable: true, description: 'Only its sequence, from this number on.' })
    from: string | null,
    @Ctx() { services }: ApiContext,
  ): Promise<DocumentNumbers> {
    return services.documentNumbers({ connectionId: idFrom({ id: connectionId, what: 'connection' }), from })
  }
}
