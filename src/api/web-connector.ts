import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  UseMiddleware,
} from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { Environment, Role } from '../domain/kinds.ts'
import { nextExpectedAt, type Standing, standingOf, WebConnectorState } from '../domain/web-connector-standing.ts'
import { idFrom } from '../storage/pages.ts'
import type { NewDesktopConnection } from '../storage/web-connector.ts'
import { failureAudited } from './access.ts'
import type { ApiContext } from './context.ts'
import type { MadeWebConnectorFile } from './services.ts'

@InputType()
class QuickBooksDesktopInput implements NewDesktopConnection {
  @Field({ description: 'What the company is called here.' })
  name!: string

  @Field(() => Environment)
  environment!: Environment

  @Field({
    defaultValue: '',
    description: 'The full path of the company file on the machine of QuickBooks; left out, the file that is open.',
  })
  companyFile!: string

  @Field({ defaultValue: false, description: 'Nothing is ever written to it.' })
  readOnly!: boolean

  @Field(() => Int, { defaultValue: 5, description: 'How often its Web Connector calls: 1 to 1440 minutes.' })
  runEveryMinutes!: number
}

@ObjectType()
class WebConnectorFile implements MadeWebConnectorFile {
  @Field()
  fileName!: string

  @Field({ description: 'The .qwc file. The password is not in it.' })
  content!: string

  @Field()
  username!: string

  @Field({ description: 'The password itself. It is shown this once, and kept nowhere.' })
  password!: string

  @Field({ description: 'What the person at the office does, step by step.' })
  guide!: string

  @Field({ description: 'True when an earlier password opens nothing any more.' })
  replaced!: boolean
}

@ObjectType({ description: 'The Web Connector of a QuickBooks Desktop company, from the last that was heard of it.' })
class WebConnector implements Standing {
  @Field()
  username!: string

  @Field(() => Date, { nullable: true, description: 'Empty when it never called.' })
  lastSeenAt!: Date | null

  @Field(() => Date, { nullable: true })
  nextExpectedAt!: Date | null

  @Field(() => WebConnectorState)
  state!: WebConnectorState

  @Field({ description: 'What is the case.' })
  sentence!: string

  @Field(() => String, { nullable: true, description: 'What to do; empty when there is nothing to do.' })
  remedy!: string | null
}

@Resolver(() => Connection)
export class WebConnectorResolvers {
  @FieldResolver(() => WebConnector, { nullable: true, description: 'Empty for QuickBooks Online.' })
  async webConnector(@Root() { id }: Connection, @Ctx() { loaders, now }: ApiContext): Promise<WebConnector | null> {
    const user = await loaders.webConnectorUser.load(id)
    if (!user) return null
    const { userName: username, lastSeenAt } = user
    return { username, lastSeenAt, nextExpectedAt: nextExpectedAt(user), ...standingOf(user, now()) }
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => Connection, { description: 'Makes the connection of a QuickBooks Desktop company.' })
  connectQuickBooksDesktop(
    @Arg('input', () => QuickBooksDesktopInput) input: QuickBooksDesktopInput,
    @Ctx() { services }: ApiContext,
  ): Promise<Connection> {
    return services.connectQuickBooksDesktop({ ...input })
  }

  @Authorized(Role.ADMIN)
  @UseMiddleware(failureAudited)
  @Mutation(() => WebConnectorFile, {
    description: 'Makes the .qwc file with a new password. An earlier password opens nothing from then on.',
  })
  createWebConnectorFile(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('companyFile', () => String, {
      nullable: true,
      description: 'The new place of the company file, if it moved.',
    })
    companyFile: string | null | undefined,
    @Ctx() { services }: ApiContext,
  ): Promise<WebConnectorFile> {
    const id = idFrom({ id: connectionId, what: 'connection' })
    return services.makeWebConnectorFile({ connectionId: id, companyFile: companyFile ?? null })
  }
}
