import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'

export enum LinkKind {
  INVOICE = 'INVOICE',
  CREDIT_MEMO = 'CREDIT_MEMO',
  REFUND = 'REFUND',
  PAYMENT = 'PAYMENT',
  CUSTOMER = 'CUSTOMER',
  ITEM = 'ITEM',
  ACCOUNT = 'ACCOUNT',
  TAX_CODE = 'TAX_CODE',
  TERM = 'TERM',
  PAYMENT_METHOD = 'PAYMENT_METHOD',
}
registerEnumType(LinkKind, { name: 'LinkKind' })

/** The pair CRM id ↔ QuickBooks id. For what the CRM does not know, such as an account, the source is its name. */
@Entity({ tableName: 'link' })
@Unique({ properties: ['connectionId', 'kind', 'sourceId'] })
@Index({ name: 'link_by_quick_books_id', properties: ['connectionId', 'kind', 'quickBooksId'] })
export class Link {
  @PrimaryKey({ type: 'uuid' })
  id!: string

  @ManyToOne(() => Connection, { mapToPk: true, fieldName: 'connection_id' })
  connectionId!: string

  @Enum({ items: () => LinkKind, type: 'text' })
  kind!: LinkKind

  @Property({ type: 'text' })
  sourceId!: string

  @Property({ type: 'text' })
  quickBooksId!: string

  @Property({ type: 'text' })
  name: string = ''

  @Property({ type: 'timestamptz' })
  updatedAt!: Date
}
