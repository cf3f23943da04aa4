import { Field, ID, ObjectType, registerEnumType } from 'type-graphql'
import { LineMapping } from './account-mapping.ts'
import { LinkKind } from './link.ts'
import { Problem } from './problem.ts'
import { Reason } from './reason.ts'
import { ShownDocument } from './shown-document.ts'

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

  @Field(() => ShownDocument, { nullable: true, description: 'The document that the order is to QuickBooks.' })
  document: ShownDocument | null = null

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

@ObjectType()
export class DryRunPage {
  @Field(() => [DryRun])
  nodes!: DryRun[]

  @Field(() => String, { nullable: true, description: 'Pass it as `after` for the next page.' })
  endCursor!: string | null

  @Field()
  hasNextPage!: boolean
}
