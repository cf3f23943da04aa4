import { Arg, Authorized, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { Connection } from '../domain/connection.ts'
import { Role } from '../domain/kinds.ts'
import { Reason, reasonOf } from '../domain/reason.ts'
import { TokenRefresh } from '../domain/sign-in.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { idFrom } from '../storage/pages.ts'
import { findTokenRow, listRefreshes } from '../storage/token-refreshes.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'

const HISTORY_MAX = 50

@ObjectType('TokenStatus', {
  description:
    'How long our right to speak to a QuickBooks Online company lasts. Nothing of the tokens themselves is shown.',
})
export class SignInStatus {
  @Field(() => Connection)
  connection!: Connection

  @Field({ description: 'There is a sign-in, and QuickBooks has not refused it.' })
  connected!: boolean

  @Field(() => Reason, { nullable: true, description: 'Why it is not connected.' })
  reason!: Reason | null

  @Field(() => Date, {
    nullable: true,
    description: 'When the present access ends; it is renewed half an hour before.',
  })
  accessExpiresAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it can no longer be renewed, unless it is renewed before.' })
  refreshExpiresAt!: Date | null

  @Field(() => Date, {
    nullable: true,
    description:
      'When the company must be connected again however often it was renewed; empty until QuickBooks says it.',
  })
  hardExpiresAt!: Date | null

  @Field(() => Date, { nullable: true })
  refreshedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When QuickBooks last gave another refresh value.' })
  rotatedAt!: Date | null

  @Field(() => [TokenRefresh], { description: `The last ${HISTORY_MAX} renewals, newest first.` })
  history!: TokenRefresh[]
}

@Resolver()
export class SignInQueries {
  @Authorized(Role.VIEWER)
  @Query(() => SignInStatus)
  async tokenStatus(@Arg('connectionId', () => ID) id: string, @Ctx() { services }: ApiContext): Promise<SignInStatus> {
    const connection = await findConnection(services.database, { id: idFrom({ id, what: 'connection' }) })
    if (!connection) throw new ApiError('NOT_FOUND', `There is no connection ${id}.`)
    return signInStatus(services.database, { connection })
  }
}

/** The status of a connection that the caller may see. */
export async function signInStatus(
  database: Database,
  { connection }: { connection: Connection },
): Promise<SignInStatus> {
  const connectionId = connection.id
  const row = await findTokenRow(database, { connectionId })
  const history = await listRefreshes(database, { connectionId, limit: HISTORY_MAX })
  const none = {
    accessExpiresAt: null,
    refreshExpiresAt: null,
    hardExpiresAt: null,
    refreshedAt: null,
    rotatedAt: null,
  }
  if (row?.sealedRefreshToken == null) {
    const reason = reasonOf('RECONNECT', { detail: 'the company is not connected' })
    return Object.assign(new SignInStatus(), { ...none, connection, connected: false, reason, history })
  }
  return Object.assign(new SignInStatus(), {
    connection,
    connected: row.refusedAt === null,
    reason: row.refusedAt === null ? null : reasonOf('RECONNECT', { detail: row.refusal }),
    accessExpiresAt: row.accessTokenExpiresAt,
    refreshExpiresAt: row.refreshTokenExpiresAt,
    hardExpiresAt: row.refreshTokenHardExpiresAt,
    refreshedAt: row.refreshedAt,
    rotatedAt: row.rotatedAt,
    history,
  })
}
