import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Connection } from './connection.ts'
import type { LedgerRecord } from './ledger-record.ts'
import { LinkKind } from './link.ts'

/** A name that lint asked a QuickBooks for that can only be asked when it calls, and what it said at last. */
@Entity({ tableName: 'name_look_up' })
@Index({
  name: 'name_look_up_due',
  expression:
    'create index "name_look_up_due" on "name_look_up" ("connection_id") where "answered_at" is null or "asked_at" > "answered_at"',
})
export class NameLookUp {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true })
  connectionId!: string

  @Enum({ items: () => LinkKind, type: 'text', primary: true })
  entity!: LinkKind

  /** In lower case: names are told apart without regard to case. */
  @PrimaryKey({ type: 'text' })
  key!: string

  @Property({ type: 'text' })
  name!: string

  @Property({ type: 'timestamptz' })
  askedAt!: Date

  @Property({ type: 'timestamptz', nullable: true })
  answeredAt: Date | null = null

  /** What QuickBooks has under the name; null when it has nothing. */
  @Property({ type: 'json', nullable: true })
  record: LedgerRecord | null = null
}
