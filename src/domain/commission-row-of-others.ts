import { Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy'
import type { Money } from './money.ts'

/** A row of the CRM's own table of commission that others put there, and that no payment of QuickBooks stood behind when it was read. */
@Entity({ tableName: 'commission_row_of_others' })
@Index({ name: 'commission_row_of_others_by_day', properties: ['day'] })
export class CommissionRowOfOthers {
  /** The CRM's id of the row. */
  @PrimaryKey({ type: 'uuid' })
  id!: string

  /** The CRM's id of the order. */
  @Property({ type: 'uuid', nullable: true })
  sourceId: string | null = null

  @Property({ type: 'text', nullable: true })
  orderNumber: string | null = null

  @Property({ type: 'text', nullable: true })
  rep: string | null = null

  @Property({ type: 'text', nullable: true })
  invoiceNumber: string | null = null

  @Property({ type: 'text', nullable: true })
  paymentId: string | null = null

  /** The day of the payment, as the row says; without one, that on which the row was made. */
  @Property({ type: 'date' })
  day!: string

  /** Null where nobody can read it. */
  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  amount: Money | null = null

  @Property({ type: 'decimal', precision: 18, scale: 2, nullable: true })
  commission: Money | null = null

  @Property({ type: 'timestamptz' })
  seenAt!: Date
}
