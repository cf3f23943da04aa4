import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType } from 'type-graphql'
import { Connection } from './connection.ts'
import { Role } from './kinds.ts'

/** A key that opens the API. Only its hash is kept. */
@ObjectType()
@Entity({ tableName: 'api_key' })
export class ApiKey {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field()
  @Property({ type: 'text' })
  name!: string

  @Field(() => Role)
  @Enum({ items: () => Role, type: 'text' })
  role!: Role

  /** SHA-256 of the key. The key has 256 bits of chance, so a slow hash would protect nothing more. */
  @Property({ type: 'text', unique: true })
  hash!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null = null
}

/** Who did, or read, what, when, and with which result. Rows are only ever added. */
@ObjectType()
@Entity({ tableName: 'audit_entry' })
@Index({ name: 'audit_entry_by_time', properties: ['at'] })
export class AuditEntry {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  at!: Date

  /** The name of the key, or of the part of Countersign that acted. */
  @Field()
  @Property({ type: 'text' })
  author!: string

  @Field()
  @Property({ type: 'text' })
  action!: string

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  subject: string | null = null

  @Field()
  @Property({ type: 'text' })
  result!: string
}

/** The tokens of a QuickBooks Online connection, sealed under the master key. */
@Entity({ tableName: 'connection_token' })
export class ConnectionToken {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true })
  connectionId!: string

  @Property({ type: 'text' })
  sealedAccessToken!: string

  @Property({ type: 'text' })
  sealedRefreshToken!: string

  @Property({ type: 'timestamptz' })
  accessTokenExpiresAt!: Date

  @Property({ type: 'timestamptz' })
  refreshTokenExpiresAt!: Date

  @Property({ type: 'timestamptz' })
  refreshedAt!: Date

  /** SHA-256 of the refresh token that was handed in by configuration: another one replaces the tokens, the same one does not. */
  @Property({ type: 'text' })
  importHash!: string
}
