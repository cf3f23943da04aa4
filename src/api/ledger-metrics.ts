import {
  Arg,
  Authorized,
  Ctx,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  UseMiddleware,
} from 'type-graphql'
import { Role } from '../domain/kinds.ts'
import {
  LedgerMetric,
  MetricAccount,
  type MetricAnswer,
  MetricAnswerState,
  MetricQuestion,
} from '../domain/ledger-metric.ts'
import type { Money } from '../domain/money.ts'
import type { BooksBasis } from '../domain/profit-and-loss.ts'
import { isReasonCode, Reason, reasonOf } from '../domain/reason.ts'
import {
  ledgerMetrics,
  type MetricMonth,
  type MetricStanding,
  metricMonths,
  metricStanding,
} from '../metrics/report.ts'
import { findAnswer } from '../storage/metric-answers.ts'
import { idFrom } from '../storage/pages.ts'
import { audited } from './access.ts'
import type { ApiContext } from './context.ts'
import { ApiError } from './errors.ts'

const MONTHS = { from: '`yyyy-mm`, the first month.', to: '`yyyy-mm`, the last month.' }

@ObjectType({ description: 'A month of the books: whether what was counted ties out to QuickBooks.' })
class LedgerMetricMonth implements MetricMonth {
  @Field({ description: '`yyyy-mm`.' })
  month!: string

  @Field(() => String, { description: 'ACCRUAL or CASH.' })
  basis!: BooksBasis

  @Field(() => Int, { description: 'Of what QuickBooks told of the month: counts from 1.' })
  version!: number

  @Field(() => Date, { description: 'Since when QuickBooks tells it so.' })
  knownFrom!: Date

  @Field(() => String, { description: 'total_revenue less total_expenses.' })
  netProfit!: Money

  @Field(() => String, { description: "QuickBooks' own." })
  netIncome!: Money

  @Field(() => String, { description: 'netIncome − netProfit: what the unmapped accounts make.' })
  difference!: Money

  @Field(() => [MetricAccount], { description: 'The accounts that no rule of their side counts, with their dollars.' })
  unmapped!: MetricAccount[]
}

@ObjectType({ description: 'What QuickBooks answered to a question for figures, as it came.' })
class LedgerMetricAnswer {
  constructor(readonly answer: MetricAnswer) {}

  @Field(() => ID)
  get id(): string {
    return this.answer.id
  }

  @Field(() => MetricQuestion)
  get question(): MetricQuestion {
    return this.answer.question
  }

  @Field({ description: '`yyyy-mm`.' })
  get from(): string {
    return this.answer.fromMonth
  }

  @Field()
  get to(): string {
    return this.answer.toMonth
  }

  @Field(() => MetricAnswerState)
  get state(): MetricAnswerState {
    return this.answer.state
  }

  @Field(() => Reason, { nullable: true, description: 'Why it cannot be believed.' })
  get reason(): Reason | null {
    const { reason, reasonDetail } = this.answer
    return reason !== null && isReasonCode(reason) ? reasonOf(reason, reasonDetail ?? {}) : null
  }

  @Field(() => Date)
  get askedAt(): Date {
    return this.answer.askedAt
  }
}

@ObjectType({ description: 'How the figures of a company stand.' })
class LedgerMetricStatus {
  constructor(readonly standing: MetricStanding) {}

  @Field(() => String, { nullable: true, description: 'ACCRUAL or CASH; empty when nothing was ever asked.' })
  get basis(): string | null {
    return this.standing.basis
  }

  @Field(() => String, { nullable: true, description: 'The first month that is still to be asked for, `yyyy-mm`.' })
  get askingFrom(): string | null {
    return this.standing.askingFrom
  }

  @Field(() => String, { nullable: true, description: 'The last month that is still to be asked for.' })
  get askingTo(): string | null {
    return this.standing.askingTo
  }

  @Field(() => Date, { nullable: true, description: 'When figures were last taken in.' })
  get answeredAt(): Date | null {
    return this.standing.answeredAt
  }

  @Field(() => Reason, { nullable: true, description: 'Why the last question brought nothing, or not everything.' })
  get reason(): Reason | null {
    return this.standing.reason
  }

  @Field(() => [LedgerMetricAnswer], { description: 'The last 20, newest first.' })
  get answers(): LedgerMetricAnswer[] {
    return this.standing.answers.map((answer) => new LedgerMetricAnswer(answer))
  }
}

/** What a business earns is for few: each reading leaves an entry in the audit trail. */
@Resolver()
export class LedgerMetricResolvers {
  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => [LedgerMetric], {
    description:
      'Profit and loss by category, and employees, month by month. Reading it is recorded in the audit trail.',
  })
  ledgerMetrics(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('from', () => String, { description: MONTHS.from }) from: string,
    @Arg('to', () => String, { description: MONTHS.to }) to: string,
    @Arg('asOf', () => Date, { nullable: true, description: 'As it was known then; left out: now.' }) asOf: Date | null,
    @Arg('versions', () => Boolean, { defaultValue: false, description: 'Every version of each figure.' })
    versions: boolean,
    @Ctx() { services }: ApiContext,
  ): Promise<LedgerMetric[]> {
    return ledgerMetrics(services.database, { connectionId, from, to, asOf, versions })
  }

  @Authorized(Role.VIEWER)
  @UseMiddleware(audited)
  @Query(() => [LedgerMetricMonth], {
    description:
      "Whether each month ties out to QuickBooks' net income, and the accounts that no rule counts. Reading it is recorded in the audit trail.",
  })
  ledgerMetricMonths(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('from', () => String, { description: MONTHS.from }) from: string,
    @Arg('to', () => String, { description: MONTHS.to }) to: string,
    @Arg('asOf', () => Date, { nullable: true, description: 'As it was known then; left out: now.' }) asOf: Date | null,
    @Ctx() { services }: ApiContext,
  ): Promise<MetricMonth[]> {
    return metricMonths(services.database, { connectionId, from, to, asOf })
  }

  @Authorized(Role.VIEWER)
  @Query(() => LedgerMetricStatus, {
    description: 'What is still to be asked for, and why the last question brought nothing.',
  })
  async ledgerMetricStatus(
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() { services }: ApiContext,
  ): Promise<LedgerMetricStatus> {
    return new LedgerMetricStatus(await metricStanding(services.database, { connectionId }))
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Query(() => String, {
    description: 'The body of one answer, as QuickBooks gave it. Reading it is recorded in the audit trail.',
  })
  async ledgerMetricAnswer(@Arg('id', () => ID) given: string, @Ctx() { services }: ApiContext): Promise<string> {
    const id = idFrom({ id: given, what: 'answer' })
    const answer = await findAnswer(services.database, { id })
    if (!answer) throw new ApiError('NOT_FOUND', `There is no answer ${id}.`)
    return answer.body
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => LedgerMetricStatus, {
    description:
      'Asks QuickBooks for the figures of so many months, the current one among them, as soon as it can be asked.',
  })
  async pullLedgerMetrics(
    @Arg('connectionId', () => ID) connectionId: string,
    @Arg('months', () => Int, { defaultValue: 3 }) months: number,
    @Ctx() { services }: ApiContext,
  ): Promise<LedgerMetricStatus> {
    const id = idFrom({ id: connectionId, what: 'connection' })
    await services.pullLedgerMetrics({ connectionId: id, months })
    return new LedgerMetricStatus(await metricStanding(services.database, { connectionId }))
  }

  @Authorized(Role.OPERATOR)
  @UseMiddleware(audited)
  @Mutation(() => Int, {
    description:
      'Counts all figures of a company anew, by the account mappings of now, from what QuickBooks has told; gives how many changed. It happens by itself when a rule changes.',
  })
  recountLedgerMetrics(
    @Arg('connectionId', () => ID) connectionId: string,
    @Ctx() { services }: ApiContext,
  ): Promise<number> {
    return services.recountLedgerMetrics({ connectionId: idFrom({ id: connectionId, what: 'connection' }) })
  }
}
