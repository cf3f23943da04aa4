import {
  Arg,
  Authorized,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  UseMiddleware,
} from 'type-graphql'
import { ApiKey } from '../domain/access.ts'
import { Role } from '../domain/kinds.ts'
import { type IssuedKey, listApiKeys, type NewApiKey } from '../storage/api-keys.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { failureAudited } from './access.ts'
import type { ApiContext } from './context.ts'

@InputType()
class ApiKeyInput implements NewApiKey {
  @Field({ description: 'Whose key it is: the audit trail shows it.' })
  name!: string

  @Field(() => Role)
  role!: Role

  @Field(() => [ID], {
    nullable: true,
    description: 'The connections that it may see and change; left out, all of them.',
  })
  connectionIds?: string[] | null

  @Field(() => Date, { nullable: true, description: 'Left out, it lasts until it is revoked.' })
  expiresAt?: Date | null
}

@ObjectType()
class IssuedApiKey implements IssuedKey {
  @Field(() => ApiKey)
  apiKey!: ApiKey

  @Field({ description: 'The key itself. It is shown this once, and kept nowhere.' })
  key!: string
}

@Resolver()
export class KeyResolvers {
  @Authorized(Role.ADMIN)
  @Query(() => [ApiKey], { description: 'Every key there ever was, oldest first, without its text.' })
  apiKeys(@Ctx() { services }: ApiContext): Promise<ApiKey[]> {
    return listApiKeys(services.database)
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => IssuedApiKey)
  createApiKey(
    @Arg('input', () => ApiKeyInput) input: ApiKeyInput,
    @Ctx() { services }: ApiContext,
  ): Promise<IssuedApiKey> {
    return services.createApiKey({ ...input })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => Boolean, { description: 'Closes a key for good. False when there is no such open key.' })
  async revokeApiKey(@Arg('id', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<boolean> {
    const outcome = await services.revokeApiKey(id)
    if (outcome === 'last-admin') throw new LastAdminKey()
    return outcome === 'revoked'
  }
}

class LastAdminKey extends InvalidRequest {
  constructor() {
    super(
      'This is the last key of an admin, and without it nobody could make another: create one first, or close it with "countersign keys revoke <id> --force".',
    )
  }
}
