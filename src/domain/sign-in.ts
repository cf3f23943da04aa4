import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import { Environment } from './kinds.ts'

/** The tokens of a QuickBooks Online connection, sealed. Both are null once the company was disconnected. */
@Entity({ tableName: 'connection_token' })
export class ConnectionToken {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true })
  connectionId!: string

  @Property({ type: 'text', nullable: true })
  sealedAccessToken: string | null = null

  @Property({ type: 'text', nullable: true })
  sealedRefreshToken: string | null = null

  @Property({ type: 'timestamptz' })
  accessTokenExpiresAt!: Date

  @Property({ type: 'timestamptz' })
  refreshTokenExpiresAt!: Date

  /** However often it is renewed, the sign-in ends then; null until Intuit has said it. */
  @Property({ type: 'timestamptz', nullable: true })
  refreshTokenHardExpiresAt: Date | null = null

  @Property({ type: 'timestamptz' })
  refreshedAt!: Date

  /** When the refresh token last became another one. */
  @Property({ type: 'timestamptz', nullable: true })
  rotatedAt: Date | null = null

  /** Intuit refused the refresh token: it is never sent again, and only a person can bring one that works. */
  @Property({ type: 'timestamptz', nullable: true })
  refusedAt: Date | null = null

  @Property({ type: 'text', nullable: true })
  refusal: string | null = null

  /** SHA-256 of the refresh token that was handed in by configuration: another one replaces the tokens, the same one does not. */
  @Property({ type: 'text', nullable: true })
  importHash: string | null = null
}

export enum RefreshCause {
  SCHEDULE = 'SCHEDULE',
  CALL = 'CALL',
  PERSON = 'PERSON',
  CONNECT = 'CONNECT',
  IMPORT = 'IMPORT',
}
registerEnumType(RefreshCause, {
  name: 'RefreshCause',
  valuesConfig: {
    SCHEDULE: { description: 'It was due: less than 30 minutes were left.' },
    CALL: { description: 'A call needed it.' },
    PERSON: { description: 'An admin asked for it.' },
    CONNECT: { description: 'The company was connected.' },
    IMPORT: { description: 'A token was handed in.' },
  },
})

export enum RefreshResult {
  RENEWED = 'RENEWED',
  REFUSED = 'REFUSED',
  UNREACHABLE = 'UNREACHABLE',
  CUT_OFF = 'CUT_OFF',
}
registerEnumType(RefreshResult, {
  name: 'RefreshResult',
  valuesConfig: {
    RENEWED: { description: 'The sign-in was renewed, and is saved.' },
    REFUSED: { description: 'QuickBooks refused it.' },
    UNREACHABLE: { description: 'QuickBooks could not be asked, or gave no usable answer: it is asked again.' },
    CUT_OFF: { description: 'The process that asked ended before it had saved the answer.' },
  },
})

/** One renewal of the sign-in of a company: saved when it begins, completed when it ends. It holds no token. */
@ObjectType({ description: 'One renewal of the sign-in of a company.' })
@Entity({ tableName: 'token_refresh' })
@Index({ name: 'token_refresh_by_connection', properties: ['connectionId', 'id'] })
@Index({ name: 'token_refresh_by_time', properties: ['at'] })
export class TokenRefresh {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  at!: Date

  @Field(() => RefreshCause)
  @Enum({ items: () => RefreshCause, type: 'text' })
  cause!: RefreshCause

  @Field(() => RefreshResult, { nullable: true, description: 'Empty while it is under way.' })
  @Enum({ items: () => RefreshResult, type: 'text', nullable: true })
  result: RefreshResult | null = null

  @Field({ description: 'QuickBooks gave another refresh value; the one before is dead.' })
  @Property({ type: 'boolean' })
  rotated: boolean = false

  @Field(() => String, { nullable: true, description: 'What QuickBooks or the network said, when it failed.' })
  @Property({ type: 'text', nullable: true })
  detail: string | null = null

  @Field(() => Int, { nullable: true })
  @Property({ type: 'integer', nullable: true })
  durationMs: number | null = null
}

/** The `state` of one way to Intuit and back: given to one admin, good once, for ten minutes. Only its hash is kept. */
@Entity({ tableName: 'sign_in_attempt' })
export class SignInAttempt {
  /** SHA-256 of the state. */
  @PrimaryKey({ type: 'text' })
  stateHash!: string

  @Enum({ items: () => Environment, type: 'text' })
  environment!: Environment

  /** The connection whose company is to be connected again; null for whichever company the admin chooses. */
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', nullable: true })
  connectionId: string | null = null

  /** The admin: what comes of it is recorded under his name. */
  @Property({ type: 'text' })
  author!: string

  @Property({ type: 'uuid', nullable: true })
  authorKeyId: string | null = null

  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Property({ type: 'timestamptz' })
  expiresAt!: Date

  @Property({ type: 'timestamptz', nullable: true })
  usedAt: Date | null = null
}

/** A key that tokens are sealed with, drawn from a master key that the database never sees. One is current. */
@Entity({ tableName: 'sealing_key' })
@Index({
  name: 'sealing_key_one_current',
  expression: 'create unique index "sealing_key_one_current" on "sealing_key" ((true)) where "retired_at" is null',
})
export class SealingKey {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Property({ type: 'text' })
  salt!: string

  /** A known text, sealed: the master key that opens it is the right one. */
  @Property({ type: 'text' })
  check!: string

  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Property({ type: 'timestamptz', nullable: true })
  retiredAt: Date | null = null
}
