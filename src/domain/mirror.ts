import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { Money } from './money.ts'

export enum MirrorEntity {
  ALL = 'ALL',
  CUSTOMER = 'CUSTOMER',
  INVOICE = 'INVOICE',
  PAYMENT = 'PAYMENT',
  VENDOR = 'VENDOR',
  BILL = 'BILL',
  ITEM = 'ITEM',
  ACCOUNT = 'ACCOUNT',
  CREDIT_MEMO = 'CREDIT_MEMO',
  REFUND_RECEIPT = 'REFUND_RECEIPT',
  TAX_CODE = 'TAX_CODE',
  TAX_RATE = 'TAX_RATE',
  TERM = 'TERM',
  COMPANY_INFO = 'COMPANY_INFO',
  PREFERENCES = 'PREFERENCES',
}
registerEnumType(MirrorEntity, {
  name: 'MirrorEntity',
  description: 'A kind of QuickBooks record that is mirrored.',
  valuesConfig: { ALL: { description: 'Every kind.' } },
})

/** A kind of record, of which there is a mirror. */
export type MirroredEntity = Exclude<MirrorEntity, MirrorEntity.ALL>

/** Every kind, in the order in which they are read: what others name comes first. */
export const MIRRORED: readonly MirroredEntity[] = [
  MirrorEntity.COMPANY_INFO,
  MirrorEntity.PREFERENCES,
  MirrorEntity.ACCOUNT,
  MirrorEntity.TERM,
  MirrorEntity.TAX_CODE,
  MirrorEntity.TAX_RATE,
  MirrorEntity.CUSTOMER,
  MirrorEntity.VENDOR,
  MirrorEntity.ITEM,
  MirrorEntity.INVOICE,
  MirrorEntity.PAYMENT,
  MirrorEntity.CREDIT_MEMO,
  MirrorEntity.REFUND_RECEIPT,
  MirrorEntity.BILL,
]

/** The kinds that settle invoices, or take back what did. */
export const SETTLING: readonly MirroredEntity[] = [
  MirrorEntity.PAYMENT,
  MirrorEntity.CREDIT_MEMO,
  MirrorEntity.REFUND_RECEIPT,
]

/** A record as QuickBooks returned it, ready to be mirrored. */
export interface MirrorDraft {
  entity: MirroredEntity
  quickBooksId: string
  /** True for the news that it was deleted: all else is then empty. */
  deleted: boolean
  /** Grows with each change of the record; null where the answer has none. */
  syncToken: number | null
  /** QuickBooks' own time of the last change, ISO 8601; a balance may move without a new sync token. */
  changedAt: string | null
  active: boolean
  /** The number of a document, the reference of a payment, the stock number of an item. */
  number: string | null
  name: string | null
  /** The customer, or the vendor. */
  partyId: string | null
  /** YYYY-MM-DD. */
  date: string | null
  /** The total of a document, the price of an item. */
  total: Money | null
  /** What is open, or not applied. */
  balance: Money | null
  /** The record as JSON, its numbers to the last digit. */
  raw: string
}

/** A mirrored tax code or tax rate. */
export interface MirroredTaxRecord {
  entity: MirroredEntity
  quickBooksId: string
  name: string
  /** The record as JSON. */
  raw: string
}

/** A mirrored record that may settle invoices. */
export interface SettlingRecord {
  entity: MirroredEntity
  quickBooksId: string
  /** The record as JSON. */
  raw: string
  /** When we learnt that it is no longer in QuickBooks; null while it is. */
  deletedAt: Date | null
  changedAt: Date | null
  /** The company's own currency, for a record that names none. */
  currency: string
}

/** Our copy of one QuickBooks record. Rows change only through the guarded statements of storage: older never overwrites newer. */
@Entity({ tableName: 'mirror_record' })
@Unique({ properties: ['connectionId', 'entity', 'quickBooksId'] })
@Index({ name: 'mirror_record_by_entity', properties: ['entity', 'id'] })
@Index({ name: 'mirror_record_by_connection', properties: ['connectionId', 'entity', 'id'] })
@Index({
  name: 'mirror_record_gone',
  expression:
    'create index "mirror_record_gone" on "mirror_record" ("entity", "id") where not "active" or "deleted_at" is not null',
})
@Index({
  name: 'mirror_record_by_name',
  expression:
    'create index "mirror_record_by_name" on "mirror_record" ("entity", (lower("name")) text_pattern_ops, "id") where "name" is not null',
})
@Index({
  name: 'mirror_record_by_number',
  expression:
    'create index "mirror_record_by_number" on "mirror_record" ("entity", "number", "id") where "number" is not null',
})
@Index({
  name: 'mirror_record_by_party',
  expression:
    'create index "mirror_record_by_party" on "mirror_record" ("entity", "party_id", "id") where "party_id" is not null',
})
@Index({
  name: 'mirror_record_by_date',
  expression:
    'create index "mirror_record_by_date" on "mirror_record" ("entity", "date", "id") where "date" is not null',
})
@Index({
  name: 'mirror_invoice_by_total',
  expression: `create index "mirror_invoice_by_total" on "mirror_record" ("connection_id", "total", "date") where "entity" = 'INVOICE' and "deleted_at" is null`,
})
@Index({
  name: 'mirror_invoice_by_customer',
  expression: `create index "mirror_invoice_by_customer" on "mirror_record" ("connection_id", "party_id", "date") where "entity" = 'INVOICE' and "deleted_at" is null`,
})
@Index({
  name: 'mirror_record_uncollected',
  expression:
    'create index "mirror_record_uncollected" on "mirror_record" ("connection_id") where not "collected" and "entity" in (\'PAYMENT\', \'CREDIT_MEMO\', \'REFUND_RECEIPT\', \'INVOICE\')',
})
@Index({
  name: 'mirror_record_unseen',
  expression:
    'create index "mirror_record_unseen" on "mirror_record" ("connection_id", "entity", "seen_at") where "deleted_at" is null',
})
export class MirrorRecord {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Enum({ items: () => MirrorEntity, type: 'text' })
  entity!: MirroredEntity

  @Property({ type: 'text' })
  quickBooksId!: string

  @Property({ type: 'integer', nullable: true })
  syncToken: number | null = null

  @Property({ type: 'boolean' })
  active: boolean = true

  /** When we learnt that it is no longer in QuickBooks. */
  @Property({ type: 'timestamptz', nullable: true })
  deletedAt: Date | null = null

  /** The record that took its place, where QuickBooks told us of a merge. */
  @Property({ type: 'text', nullable: true })
  mergedIntoId: string | null = null

  @Property({ type: 'text', nullable: true })
  number: string | null = null

  @Property({ type: 'text', nullable: true })
  name: string | null = null

  @Property({ type: 'text', nullable: true })
  partyId: string | null = null

  @Property({ type: 'text', nullable: true })
  date: string | null = null

  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  total: Money | null = null

  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  balance: Money | null = null

  /** The record as QuickBooks returned it. */
  @Property({ type: 'json' })
  raw!: Record<string, unknown>

  /** False until the ledger of payment applications, or the standing of an invoice, has this version of it: no news is lost in between. */
  @Property({ type: 'boolean' })
  collected: boolean = false

  /** QuickBooks' own time of its last change. */
  @Property({ type: 'timestamptz', nullable: true })
  changedAt: Date | null = null

  /** When the question was asked whose answer last showed it: what was asked before a deletion proves nothing after it. */
  @Property({ type: 'timestamptz' })
  seenAt!: Date

  @Property({ type: 'timestamptz' })
  updatedAt!: Date
}
