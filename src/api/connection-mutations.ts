import { Arg, Authorized, Ctx, Field, ID, Int, Mutation, ObjectType, Resolver, UseMiddleware } from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { Environment, Role } from '../domain/kinds.ts'
import { Reason } from '../domain/reason.ts'
import { InvalidRequest, idFrom } from '../storage/pages.ts'
import { WrongEnvironment } from '../sync/connect.ts'
import { audited, failureAudited } from './access.ts'
import type { ApiContext } from './context.ts'
import type { Caller } from './services.ts'
import { SignInStatus, signInStatus } from './sign-in-status.ts'

@ObjectType({ description: 'The way to Intuit, where an admin of the company allows Countersign in.' })
class OAuthStart {
  @Field({
    description:
      'Open it in the browser of whoever may allow it. It leads back to Countersign, which says what came of it.',
  })
  url!: string

  @Field(() => Date, { description: 'The answer must be back by then; it serves once.' })
  expiresAt!: Date
}

@ObjectType({ description: 'What a look at the company found. Nothing was written there.' })
class ConnectionTest {
  @Field(() => Connection)
  connection!: Connection

  @Field({ description: 'It can be posted to.' })
  get fit(): boolean {
    return this.reason === null
  }

  @Field(() => String, { nullable: true, description: 'As QuickBooks says it.' })
  companyName!: string | null

  @Field(() => String, { nullable: true })
  currency!: string | null

  @Field(() => Reason, { nullable: true, description: 'Why it cannot be posted to.' })
  reason!: Reason | null

  @Field(() => Int)
  durationMs!: number
}

const connectionId = (id: string) => idFrom({ id, what: 'connection' })

/** Each a permission, an audit entry and one call. */
@Resolver()
export class ConnectionMutations {
  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => OAuthStart, {
    description:
      'Begins to connect a QuickBooks Online company. With a connection, only the company of that connection is let in again.',
  })
  async connectQuickBooksOnline(
    @Arg('environment', () => Environment) environment: Environment,
    @Arg('connectionId', () => ID, { nullable: true }) id: string | null,
    @Ctx() { services, caller }: ApiContext,
  ): Promise<OAuthStart> {
    const asked = { environment, connectionId: id ? connectionId(id) : null, author: caller as Caller }
    try {
      return await services.connectQuickBooksOnline(asked)
    } catch (error) {
      throw error instanceof WrongEnvironment ? new InvalidRequest(error.message) : error
    }
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => ConnectionTest, { description: 'Asks the company who it is, and whether it can be posted to.' })
  async testConnection(
    @Arg('connectionId', () => ID) id: string,
    @Ctx() { services }: ApiContext,
  ): Promise<ConnectionTest> {
    return Object.assign(new ConnectionTest(), await services.testConnection({ id: connectionId(id) }))
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(audited)
  @Mutation(() => SignInStatus, { description: 'Renews the sign-in now, also one that QuickBooks refused.' })
  async refreshToken(
    @Arg('connectionId', () => ID) id: string,
    @Ctx() { services }: ApiContext,
  ): Promise<SignInStatus> {
    const connection = await services.refreshToken({ id: connectionId(id) })
    return signInStatus(services.database, { connection })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => Connection, { description: 'Posts nothing more to it until it is resumed; postings wait.' })
  pauseConnection(@Arg('connectionId', () => ID) id: string, @Ctx() context: ApiContext): Promise<Connection> {
    return context.services.pauseConnection({ id: connectionId(id), author: context.caller as Caller })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => Connection, { description: 'Goes on with one that was paused, or stopped, if QuickBooks agrees.' })
  resumeConnection(@Arg('connectionId', () => ID) id: string, @Ctx() context: ApiContext): Promise<Connection> {
    return context.services.resumeConnection({ id: connectionId(id), author: context.caller as Caller })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => Connection, {
    description:
      'Ends our right to speak to the company, here and at Intuit. Its postings wait until it is connected again.',
  })
  disconnect(@Arg('connectionId', () => ID) id: string, @Ctx() context: ApiContext): Promise<Connection> {
    return context.services.disconnect({ id: connectionId(id), author: context.caller as Caller })
  }
}
