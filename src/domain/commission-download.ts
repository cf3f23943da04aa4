import { Entity, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { Connection } from './connection.ts'

/** How far the CRM's own table of commission knows what an invoice earned. Marked whenever its entries are derived again. */
@Entity({ tableName: 'commission_download' })
@Unique({ properties: ['connectionId', 'invoiceId'] })
@Index({
  name: 'commission_download_untold',
  expression:
    'create index "commission_download_untold" on "commission_download" ("tell_at") where "tell_at" is not null',
})
export class CommissionDownload {
  @PrimaryKey({ type: 'uuid', defaultRaw: 'gen_random_uuid()' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Property({ type: 'text' })
  invoiceId!: string

  /** The ids of the rows that the CRM may have: those that are wanted no more are removed. */
  @Property({ type: 'json' })
  written: string[] = []

  /** When the CRM is to be told; null when it is seen to know. */
  @Property({ type: 'timestamptz', nullable: true })
  tellAt: Date | null = null

  /** Grows with each marking, so that an older telling does not settle a newer one. */
  @Property({ type: 'integer' })
  revision: number = 1

  @Property({ type: 'integer' })
  attempts: number = 0

  /** Why the CRM could not be told. */
  @Property({ type: 'text', nullable: true })
  trouble: string | null = null
}
