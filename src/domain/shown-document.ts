import 'reflect-metadata'
import { Field, Int, ObjectType } from 'type-graphql'
import { type CorrectableDocument, type Document, type DocumentLine, isSale } from './document.ts'
import { PostingKind } from './kinds.ts'

@ObjectType('DocumentLine')
class ShownLine {
  @Field(() => Int)
  position!: number

  @Field()
  item!: string

  @Field()
  description!: string

  @Field()
  quantity!: string

  @Field()
  unitPrice!: string

  @Field({ description: 'Price × quantity, before the discount.' })
  amount!: string

  @Field()
  discountAmount!: string

  @Field()
  taxable!: boolean
}

/** A document as the API shows it: the same picture of what was posted, what would be, and what a correction writes. */
@ObjectType('Document', {
  description:
    'A document as it was posted, or would be. Amounts are decimal strings with two places. What a kind does not say is empty: a void says its number only.',
})
export class ShownDocument {
  @Field(() => PostingKind)
  kind!: PostingKind

  @Field()
  number!: string

  @Field(() => String, { nullable: true })
  customer: string | null = null

  @Field(() => String, { nullable: true, description: 'YYYY-MM-DD, like each day here.' })
  date: string | null = null

  @Field(() => String, { nullable: true })
  dueDate: string | null = null

  @Field(() => String, { nullable: true })
  purchaseOrderNumber: string | null = null

  @Field(() => String, { nullable: true })
  currency: string | null = null

  @Field(() => String, { nullable: true })
  discount: string | null = null

  @Field(() => String, { nullable: true })
  shipping: string | null = null

  @Field(() => String, { nullable: true })
  tax: string | null = null

  @Field(() => String, { nullable: true, description: 'Of a payment that applies a credit: 0.00.' })
  total: string | null = null

  @Field(() => [ShownLine])
  lines: ShownLine[] = []
}

/** Pictures a document. Throws a TypeError for one that bills, pays and voids nothing. */
export function shownDocument(document: Document): ShownDocument {
  const shown = new ShownDocument()
  if (isSale(document)) {
    const { purchaseOrderNumber = null, discount, shipping, tax, total, lines } = document
    const { dueDate = null } = document.kind === 'INVOICE' ? document : {}
    return Object.assign(shown, {
      ...headOf(document),
      ...{ dueDate, purchaseOrderNumber, discount, shipping, tax, total },
      lines: lines.map(shownLine),
    })
  }
  if (document.kind === 'PAYMENT') return Object.assign(shown, { ...headOf(document), total: document.amount })
  if (document.kind === 'VOID')
    return Object.assign(shown, { kind: PostingKind[document.kind], number: document.number })
  throw new TypeError(`${document.kind} is no document that is shown`)
}

function headOf({ kind, number, customer, date, currency }: CorrectableDocument) {
  return { kind: PostingKind[kind], number, customer: customer.name, date, currency }
}

function shownLine({ item, ...line }: DocumentLine): ShownLine {
  return { ...line, item: item.name }
}
