import {
  Arg,
  Authorized,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
  UseMiddleware,
} from 'type-graphql'
import { connectionMeant } from '../commission/books.ts'
import { assertHeeds, commissionReport, type Report, type ReportRequest, reportLines } from '../commission/report.ts'
import { balanceOf } from '../commission/statement.ts'
import { CommissionBalance, CommissionPeriod, EntryKind } from '../domain/commission-entry.ts'
import { Role } from '../domain/kinds.ts'
import type { Money } from '../domain/money.ts'
import { fingerprintNow, lockedPeriods } from '../storage/commission-periods.ts'
import type { ReportKey, ReportRow, ReportSelection, StatementLine } from '../storage/commission-report.ts'
import { type ExcludedCash, type TieOut, tieOut } from '../storage/commission-tie-out.ts'
import { idFrom } from '../storage/pages.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'

enum CommissionReportKey {
  REP = 'REP',
  ORDER = 'ORDER',
  PERIOD = 'PERIOD',
}
registerEnumType(CommissionReportKey, { name: 'CommissionReportKey', description: 'What a report adds up by.' })

const MONEY = { description: 'A decimal string with two places.' }

@InputType({ description: 'Which days: a month, or from one day to another. Days are in the business’s time zone.' })
export class CommissionReportInput implements ReportRequest {
  @Field(() => ID, { nullable: true, description: 'Left out: the default connection.' })
  connectionId?: string | null

  @Field(() => String, { nullable: true, description: '`yyyy-mm`.' })
  month?: string | null

  @Field(() => String, { nullable: true, description: '`yyyy-mm-dd`, with `to`.' })
  from?: string | null

  @Field(() => String, { nullable: true })
  to?: string | null

  @Field(() => String, { nullable: true, description: 'One rep alone.' })
  rep?: string | null

  @Field(() => Boolean, { nullable: true, description: 'The house account alone: what nobody earns on.' })
  house?: boolean | null

  @Field(() => CommissionReportKey, { nullable: true, description: 'By rep, unless something else is asked for.' })
  by?: ReportKey | null

  @Field(() => Date, { nullable: true, description: 'As it was known then.' })
  asOf?: Date | null

  @Field(() => String, { nullable: true, description: 'As if no payment had come after that day.' })
  effectiveUntil?: string | null
}

@ObjectType()
class CommissionReportRow implements ReportRow {
  @Field(() => String, {
    nullable: true,
    description: 'The rep, order or month; empty: the house account, or no order.',
  })
  key!: string | null

  @Field(() => Int)
  entries!: number

  @Field(() => String, { description: 'What the commission is taken of.' })
  base!: Money

  @Field(() => String, { description: 'Of the payments and refunds of these days.' })
  earned!: Money

  @Field(() => String, { description: 'What changed in locked months.' })
  late!: Money

  @Field(() => String, { description: 'What people added.' })
  adjusted!: Money

  @Field(() => String, { description: 'All of it.' })
  amount!: Money
}

@ObjectType({ description: 'Which cent comes from which payment, of which invoice and order, by which rule.' })
class CommissionLine implements StatementLine {
  @Field(() => Int, { description: 'Its place: pass it as `after` for those that follow.' })
  place!: number

  @Field(() => EntryKind)
  kind!: EntryKind

  @Field(() => String, { nullable: true })
  rep!: string | null

  @Field(() => String)
  payableOn!: string

  @Field(() => String, { description: 'The day of the payment.' })
  effectiveOn!: string

  @Field(() => String, {
    nullable: true,
    description: 'Of what came late: the day in a locked month that it belongs to.',
  })
  originOn!: string | null

  @Field(() => String, { nullable: true })
  recordKind!: string | null

  @Field(() => ID, { nullable: true, description: 'The payment or refund in QuickBooks.' })
  recordId!: string | null

  @Field(() => ID, { nullable: true })
  invoiceId!: string | null

  @Field(() => String, { nullable: true })
  documentNumber!: string | null

  @Field(() => String, { nullable: true })
  orderNumber!: string | null

  @Field(() => String, { nullable: true })
  customerName!: string | null

  @Field(() => ID, { nullable: true })
  ruleId!: string | null

  @Field(() => String, { nullable: true, description: 'The rule in words.' })
  rule!: string | null

  @Field(() => ID, { nullable: true })
  splitId!: string | null

  @Field(() => String)
  base!: Money

  @Field(() => String)
  amount!: Money
}

@ObjectType()
class ExcludedCommissionCash implements ExcludedCash {
  @Field()
  reason!: string

  @Field(() => String)
  amount!: Money
}

@ObjectType({
  description: 'commissionable + excluded + unapplied − received = difference, by the day of the payment.',
})
class CommissionTieOut implements TieOut {
  @Field()
  currency!: string

  @Field(() => String, { description: 'Payments less refunds, by the totals that QuickBooks gives.' })
  received!: Money

  @Field(() => String)
  commissionable!: Money

  @Field(() => String)
  excluded!: Money

  @Field(() => String)
  unapplied!: Money

  @Field(() => String)
  difference!: Money

  @Field(() => [ExcludedCommissionCash])
  reasons!: ExcludedCommissionCash[]
}

@ObjectType()
class CommissionReport implements Report {
  readonly selection!: ReportSelection

  @Field(() => [CommissionReportRow])
  rows!: CommissionReportRow[]

  @Field(() => String, MONEY)
  base!: Money

  @Field(() => String, MONEY)
  amount!: Money

  @Field()
  get from(): string {
    return this.selection.from
  }

  @Field()
  get to(): string {
    return this.selection.to
  }

  @Field(() => ID)
  get connectionId(): string {
    return this.selection.connectionId
  }

  @Field(() => String, { nullable: true, description: 'The first day that is not locked; empty when nothing is.' })
  get openFrom(): string | null {
    return this.selection.openFrom
  }
}

/** What people earn is personal: each reading leaves an entry in the audit trail. */
@Resolver(() => CommissionReport)
export class CommissionReportQueries {
  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => CommissionReport, { description: 'What payments earned. Reading it is recorded in the audit trail.' })
  async commissionReport(
    @Arg('input', () => CommissionReportInput) { by, ...request }: CommissionReportInput,
    @Ctx() { services }: ApiContext,
  ): Promise<CommissionReport> {
    const report = await commissionReport(services.database, { request, by: by ?? 'REP' })
    return Object.assign(new CommissionReport(), report)
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => CommissionBalance, {
    nullable: true,
    description:
      'What a rep brings into a month, earns, is paid, and carries on. Its lines: `commissionReport { entries }`.',
  })
  async commissionBalance(
    @Arg('input', () => CommissionReportInput) input: CommissionReportInput,
    @Ctx() { services: { database } }: ApiContext,
  ): Promise<CommissionBalance | null> {
    assertHeeds(input, { what: 'the balance of a month', heeded: ['month', 'rep', 'house'] })
    const connectionId = await connectionMeant(database, input.connectionId)
    return balanceOf(database, { connectionId, month: input.month ?? '', rep: input.rep ?? null })
  }

  @Authorized(Role.VIEWER)
  @Query(() => [CommissionPeriod], { description: 'The months that are locked, oldest first.' })
  commissionPeriods(
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() { services }: ApiContext,
  ): Promise<CommissionPeriod[]> {
    return lockedPeriods(services.database, { connectionId: idFrom({ id: connectionId, what: 'connection' }) })
  }

  @FieldResolver(() => [CommissionLine], { description: 'Up to 1,000 lines, by rep and day.' })
  entries(
    @Root() { selection }: CommissionReport,
    @Arg('first', () => Int, { defaultValue: 50 }) first: number,
    @Arg('after', () => Int, { defaultValue: 0 }) after: number,
    @Ctx() { services }: ApiContext,
  ): Promise<CommissionLine[]> {
    return reportLines(services.database, { selection, first, after })
  }

  @FieldResolver(() => [CommissionTieOut], { description: 'One for each currency, as of now.' })
  tieOut(@Root() { selection }: CommissionReport, @Ctx() { services }: ApiContext): Promise<CommissionTieOut[]> {
    return tieOut(services.database, selection)
  }
}

@Resolver(() => CommissionPeriod)
export class CommissionPeriodFields {
  @FieldResolver(() => Boolean, { description: 'The rows of the snapshot still give its fingerprint.' })
  async isIntact(@Root() { id, fingerprint }: CommissionPeriod, @Ctx() { services }: ApiContext): Promise<boolean> {
    return (await fingerprintNow(services.database, { periodId: id })) === fingerprint
  }
}
