import { Entity, Enum, Index, PrimaryKey, Property, Trigger } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Role } from './kinds.ts'

/** Who acts: the name that the audit trail shows and, for a key, which one it is and which connections it may touch. */
export interface Author {
  name: string
  /** Null for a part of Countersign that acts by itself, or for its command line. */
  keyId: string | null
  /** Null means every connection. */
  connectionIds: string[] | null
}

/** A key that opens the API. Only its hash is kept. */
@ObjectType({ description: 'A key that opens the API. Its text was shown once, when it was made.' })
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

  @Field(() => [ID], { nullable: true, description: 'The connections that it sees and changes; empty for all.' })
  @Property({ type: 'array', columnType: 'uuid[]', nullable: true })
  connectionIds: string[] | null = null

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'It opens nothing from then on; empty for a key that lasts.' })
  @Property({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null = null

  @Field(() => Date, { nullable: true, description: 'To the minute.' })
  @Property({ type: 'timestamptz', nullable: true })
  lastUsedAt: Date | null = null

  @Field(() => Date, { nullable: true })
  @Property({ type: 'timestamptz', nullable: true })
  revokedAt: Date | null = null
}

export enum AuditResult {
  OK = 'OK',
  ERROR = 'ERROR',
  DENIED = 'DENIED',
}
registerEnumType(AuditResult, {
  name: 'AuditResult',
  valuesConfig: {
    OK: { description: 'It was done.' },
    ERROR: { description: 'It was tried and failed.' },
    DENIED: { description: 'The key has not the role for it.' },
  },
})

/** Who did, or read, what, when, and with which result. Rows are only ever added: the database refuses anything else. */
@ObjectType({ description: 'Who did, or read, what, when, and with which result.' })
@Entity({ tableName: 'audit_entry' })
@Index({ name: 'audit_entry_by_time', properties: ['at'] })
@Index({ name: 'audit_entry_by_author', properties: ['author', 'id'] })
@Index({ name: 'audit_entry_by_action', properties: ['action', 'id'] })
@Trigger({
  name: 'only_grows',
  timing: 'before',
  events: ['update', 'delete'],
  body: "raise exception 'Audit entries are never changed.'",
})
export class AuditEntry {
  @Field(() => ID)
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => Date)
  @Property({ type: 'timestamptz' })
  at!: Date

  /** The name of the key, or of the part of Countersign that acted. */
  @Field({ description: 'The name of the key, or of the part of Countersign that acted.' })
  @Property({ type: 'text' })
  author!: string

  @Field(() => ID, { nullable: true, description: 'The key; names may be given twice.' })
  @Property({ type: 'uuid', nullable: true })
  keyId: string | null = null

  /** The connections of the author at that time; null means all. A scoped admin sees the entries of such scopes only. */
  @Property({ type: 'array', columnType: 'uuid[]', nullable: true })
  connectionIds: string[] | null = null

  @Field()
  @Property({ type: 'text' })
  action!: string

  @Field(() => String, { nullable: true, description: 'What it was about: the arguments, ids among them.' })
  @Property({ type: 'text', nullable: true })
  subject: string | null = null

  @Field(() => AuditResult)
  @Enum({ items: () => AuditResult, type: 'text' })
  result!: AuditResult
}
