import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy'
import { registerEnumType } from 'type-graphql'
import { Connection } from './connection.ts'

export enum LinkKind {
  INVOICE = 'INVOICE',
  CUSTOMER = 'CUSTOMER',
  ITEM = 'ITEM',
  ACCOUNT = 'ACCOUNT',
}
registerEnumType(LinkKind, { name: 'LinkKind' })

/** The pair CRM id ↔ QuickBooks id. For an account, which the CRM does not know, the source is its name. */
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
