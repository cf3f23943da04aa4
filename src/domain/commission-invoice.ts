import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import { Connection } from './connection.ts'
import type { Money } from './money.ts'

/**
 * What commission needs to know of an invoice that we posted. Invoices do not change: a row is made once, and afterwards says only
 * when the CRM was asked who earns on it.
 */
@Entity({ tableName: 'commission_invoice' })
@Index({
  name: 'commission_invoice_earners_due',
  expression:
    'create index "commission_invoice_earners_due" on "commission_invoice" ("earners_read_at" nulls first, "invoice_id")',
})
@Index({ name: 'commission_invoice_by_number', properties: ['documentNumber'] })
export class CommissionInvoice {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true })
  connectionId!: string

  /** The QuickBooks id. */
  @PrimaryKey({ type: 'text' })
  invoiceId!: string

  @Property({ type: 'uuid' })
  postingId!: string

  @Property({ type: 'text' })
  orderNumber!: string

  @Property({ type: 'text' })
  documentNumber!: string

  @Property({ type: 'text' })
  customerId!: string

  @Property({ type: 'text' })
  customerName!: string

  @Property({ type: 'date' })
  invoiceOn!: string

  /** What the customer owes: lines, shipping and tax. */
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  total!: Money

  /** What earns commission: the lines less their discounts, without shipping and tax. */
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  base!: Money

  @Property({ type: 'text' })
  currency!: string

  @Property({ type: 'timestamptz' })
  recordedAt!: Date

  /** When the CRM was last asked who earns on its order; `infinity` once it is asked no more. */
  @Property({ type: 'timestamptz', nullable: true })
  earnersReadAt: Date | null = null

  /** Why the earners that the CRM names are not believed. */
  @Property({ type: 'text', nullable: true })
  earnersTrouble: string | null = null
}

/** A line of such an invoice. */
@Entity({ tableName: 'commission_line' })
export class CommissionLine {
  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id', primary: true })
  connectionId!: string

  @PrimaryKey({ type: 'text' })
  invoiceId!: string

  @PrimaryKey({ type: 'integer' })
  position!: number

  @Property({ type: 'text' })
  itemId!: string

  @Property({ type: 'text' })
  itemName!: string

  /** Amount less discount. */
  @Property({ type: 'decimal', precision: 18, scale: 2 })
  net!: Money
}
