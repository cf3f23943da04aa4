import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'
import type { Money } from './money.ts'

/** How an invoice stands between us, QuickBooks and its customer. */
export enum InvoiceStatus {
  DRAFT = 'DRAFT',
  SENT = 'SENT',
  PARTIAL = 'PARTIAL',
  PAID = 'PAID',
  OVERDUE = 'OVERDUE',
  CANCELLED = 'CANCELLED',
}
registerEnumType(InvoiceStatus, {
  name: 'InvoiceStatus',
  valuesConfig: {
    DRAFT: { description: 'QuickBooks does not have it yet.' },
    SENT: { description: 'In QuickBooks, nothing of it is paid, and it is not yet due.' },
    PARTIAL: { description: 'Paid in part, and not yet due.' },
    PAID: { description: 'Nothing is left to pay.' },
    OVERDUE: { description: 'Something is left to pay, and the due date is over.' },
    CANCELLED: { description: 'Voided or deleted in QuickBooks.' },
  },
})

/**
 * How an invoice that we posted stands, read from the ledger of payment applications and never from a balance; and how far the CRM
 * knows it. One that QuickBooks does not have has a row only where the CRM is told of drafts. Made again whenever something of it changes; what the CRM is told is what stands here then.
 */
@ObjectType({ description: 'How an invoice stands, read from payments and never from a balance.' })
@Entity({ tableName: 'invoice_standing' })
@Unique({ properties: ['connectionId', 'invoiceId'] })
@Index({ name: 'invoice_standing_by_order', properties: ['orderNumber'] })
@Index({
  name: 'invoice_standing_untold',
  expression: 'create index "invoice_standing_untold" on "invoice_standing" ("tell_at") where "tell_at" is not null',
})
@Index({
  name: 'invoice_standing_open',
  expression:
    'create index "invoice_standing_open" on "invoice_standing" ("connection_id", "due_on") where "status" in (\'SENT\', \'PARTIAL\')',
})
@Index({
  name: 'invoice_standing_unpaid',
  expression:
    'create index "invoice_standing_unpaid" on "invoice_standing" ("connection_id") include ("due", "invoice_on") where "status" in (\'SENT\', \'PARTIAL\', \'OVERDUE\')',
})
export class InvoiceStanding {
  @Field(() => ID, { description: 'That of the posting.' })
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @Field(() => ID)
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Field(() => ID, { nullable: true, description: 'The QuickBooks id; empty of a draft.' })
  @Property({ type: 'text', nullable: true })
  invoiceId!: string | null

  /** The CRM's record. */
  @Property({ type: 'uuid' })
  sourceId!: string

  @Field()
  @Property({ type: 'text' })
  orderNumber!: string

  @Field(() => InvoiceStatus)
  @Enum({ items: () => InvoiceStatus, type: 'text' })
  status!: InvoiceStatus

  @Field(() => String)
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  total!: Money

  @Field(() => String, { description: 'Cash that came in, less what went back.' })
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  paid!: Money

  @Field(() => String, { description: 'What credits, discounts and write-offs settled.' })
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  credited!: Money

  @Field(() => String)
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  due!: Money

  @Field(() => String, { nullable: true, description: 'The day of the invoice, YYYY-MM-DD.' })
  @Property({ type: 'date', nullable: true })
  invoiceOn: string | null = null

  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD.' })
  @Property({ type: 'date', nullable: true })
  dueOn: string | null = null

  @Field(() => String, { nullable: true, description: 'The day of the last payment, YYYY-MM-DD.' })
  @Property({ type: 'date', nullable: true })
  paidOn: string | null = null

  @Field(() => String, { nullable: true, description: 'How the last payment was made, in QuickBooks’ words.' })
  @Property({ type: 'text', nullable: true })
  method: string | null = null

  /** Grows with each change, so that an older telling does not settle a newer one. */
  @Property({ type: 'integer' })
  revision: number = 1

  /** When the CRM is to be told; null when it is seen to know. */
  @Property({ type: 'timestamptz', nullable: true })
  tellAt: Date | null = null

  @Property({ type: 'integer' })
  attempts: number = 0

  @Field(() => Date, { nullable: true, description: 'When the CRM was last seen to say so; null before.' })
  @Property({ type: 'timestamptz', nullable: true })
  toldAt: Date | null = null

  @Field(() => String, { nullable: true, description: 'Why the CRM could not be told.' })
  @Property({ type: 'text', nullable: true })
  trouble: string | null = null
}
