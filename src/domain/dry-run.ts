import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql'
import { LineMapping } from './account-mapping.ts'
import type { SalesDocument } from './document.ts'
import { PostingKind } from './kinds.ts'
import { LinkKind } from './link.ts'
import { Problem } from './problem.ts'
import { Reason } from './reason.ts'

export enum DryRunVerdict {
  WOULD_BE_SENT = 'WOULD_BE_SENT',
  WOULD_BE_REFUSED = 'WOULD_BE_REFUSED',
  ALREADY_POSTED = 'ALREADY_POSTED',
  NOT_ELIGIBLE = 'NOT_ELIGIBLE',
  NOT_FOUND = 'NOT_FOUND',
}
registerEnumType(DryRunVerdict, {
  name: 'DryRunVerdict',
  valuesConfig: {
    WOULD_BE_SENT: { description: 'Nothing speaks against it.' },
    WOULD_BE_REFUSED: { description: 'Nothing would be sent; the reason or the problems say why.' },
    ALREADY_POSTED: { description: 'QuickBooks has it: it would not be sent again.' },
    NOT_ELIGIBLE: { description: 'There is nothing to bill; the reason says why.' },
    NOT_FOUND: { description: 'The CRM has no such order.' },
  },
})

@ObjectType()
class DryRunLine {
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

@ObjectType({
  description: 'The document that an order is to QuickBooks. Amounts are decimal strings with two places.',
})
class DryRunDocument {
  @Field(() => PostingKind)
  kind!: PostingKind

  @Field()
  number!: string

  @Field()
  customer!: string

  @Field({ description: 'YYYY-MM-DD, like each day here.' })
  date!: string

  @Field(() => String, { nullable: true })
  dueDate!: string | null

  @Field(() => String, { nullable: true })
  purchaseOrderNumber!: string | null

  @Field()
  currency!: string

  @Field()
  discount!: string

  @Field()
  shipping!: string

  @Field()
  tax!: string

  @Field()
  total!: string

  @Field(() => [DryRunLine])
  lines!: DryRunLine[]
}

@ObjectType({ description: 'A name for which no QuickBooks id is known without asking QuickBooks.' })
export class UnresolvedName {
  @Field({ description: 'What stands in the request where the id would be.' })
  shownAs!: string

  @Field(() => LinkKind)
  entity!: LinkKind

  @Field()
  name!: string

  @Field({
    description: 'True when the mirror, read in full, has no such record; false when QuickBooks would be asked.',
  })
  missing!: boolean
}

@ObjectType({ description: 'A request as it would leave, were it sent alone.' })
export class DryRunRequest {
  @Field({ description: 'Such as `create Invoice`.' })
  operation!: string

  @Field()
  method!: string

  @Field({ description: 'Empty for QuickBooks Desktop, which calls us.' })
  path!: string

  @Field()
  contentType!: string

  @Field({ description: 'The exact text: JSON for QuickBooks Online, qbXML for QuickBooks Desktop.' })
  body!: string
}

@ObjectType({ description: 'What QuickBooks keeps otherwise than the document says it.' })
class DryRunLoss {
  @Field()
  what!: string

  @Field()
  detail!: string
}

/** What would be sent for one order, and why so. */
@ObjectType({ description: 'What would be sent for one order. Nothing is sent by asking.' })
export class DryRun {
  @Field(() => String, { nullable: true })
  orderNumber: string | null = null

  @Field(() => ID, { nullable: true, description: 'The order in the CRM.' })
  sourceId: string | null = null

  @Field(() => DryRunVerdict)
  verdict!: DryRunVerdict

  @Field(() => Reason, { nullable: true })
  reason: Reason | null = null

  @Field(() => ID, { nullable: true, description: 'What it is in QuickBooks already.' })
  quickBooksId: string | null = null

  @Field(() => DryRunDocument, { nullable: true })
  document: DryRunDocument | null = null

  @Field(() => [LineMapping], {
    description: 'With what each line and charge would be booked, by which rule, and why.',
  })
  mapping: LineMapping[] = []

  @Field(() => [Problem], { description: 'Everything that keeps it from being sent.' })
  problems: Problem[] = []

  @Field(() => [DryRunLoss])
  losses: DryRunLoss[] = []

  @Field(() => [UnresolvedName])
  unresolved: UnresolvedName[] = []

  @Field(() => [DryRunRequest], {
    description: 'In the order in which they would go: a customer whom QuickBooks lacks goes first.',
  })
  requests: DryRunRequest[] = []
}

/** A document as the API shows it. */
export function shownDocument(document: SalesDocument): DryRunDocument {
  const { number, customer, date, purchaseOrderNumber = null, currency, discount, shipping, tax, total } = document
  const { dueDate = null } = document.kind === 'INVOICE' ? document : {}
  return {
    ...{ kind: PostingKind[document.kind], number, customer: customer.name, date, dueDate, purchaseOrderNumber },
    ...{ currency, discount, shipping, tax, total },
    lines: document.lines.map(({ item, ...line }) => ({ ...line, item: item.name })),
  }
}

@ObjectType()
export class DryRunPage {
  @Field(() => [DryRun])
  nodes!: DryRun[]

  @Field(() => String, { nullable: true, description: 'Pass it as `after` for the next page.' })
  endCursor!: string | null

  @Field()
  hasNextPage!: boolean
}
