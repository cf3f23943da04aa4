import { MappingTargetKind } from '../domain/account-mapping.ts'
import {
  COMPUTED_METRICS,
  EXPENSE_CATEGORIES,
  type MetricAccount,
  REVENUE_CATEGORIES,
  UNMAPPED,
} from '../domain/ledger-metric.ts'
import { accountFacts, type CompiledMappings, holdsOn, inOrder } from '../domain/mapping-choice.ts'
import { type Money, minus, sum } from '../domain/money.ts'
import { lastDayOf } from '../domain/months.ts'
import { type AccountFigure, isRevenue, SECTION_NAMES } from '../domain/profit-and-loss.ts'

interface Counted {
  category: string
  amount: Money
  accounts: MetricAccount[]
}

/**
 * The figures of one month: of each category, of the totals, and of what no rule counts. An account is held against the rules by
 * its own name and by that of its section, in their order; the first rule counts that holds on the last day of the month and
 * whose category is of the account's side, for revenue that is counted as an expense would be taken off twice. Pure.
 */
export function countMonth({
  month,
  accounts,
  rules,
}: {
  month: string
  accounts: AccountFigure[]
  rules: CompiledMappings
}): Counted[] {
  const day = lastDayOf(month)
  const counted = accounts.map((account) => {
    const rule = ruleOf(account, { rules, day })
    return {
      category: rule?.target ?? UNMAPPED,
      account: { ...account, ruleId: rule?.id ?? null, rule: rule?.name ?? null, ruleVersion: rule?.version ?? null },
    }
  })
  const of = (category: string): Counted => {
    const within = counted.flatMap((one) => (one.category === category ? [one.account] : []))
    return { category, amount: sum(within.map(({ amount }) => amount)), accounts: within }
  }
  const [revenue, expenses] = [REVENUE_CATEGORIES.map(of), EXPENSE_CATEGORIES.map(of)]
  const [totalRevenue, totalExpenses] = [totalOf(revenue), totalOf(expenses)]
  const [first, second, third] = COMPUTED_METRICS
  const unmapped = of(UNMAPPED)
  return [
    ...revenue,
    ...expenses,
    { category: first, amount: totalRevenue, accounts: [] },
    { category: second, amount: totalExpenses, accounts: [] },
    { category: third, amount: minus(totalRevenue, totalExpenses), accounts: [] },
    { ...unmapped, amount: profitOf(unmapped.accounts) },
  ]
}

function ruleOf({ path, section }: AccountFigure, { rules, day }: { rules: CompiledMappings; day: string }) {
  const names = [path, SECTION_NAMES[section]]
  const matching = names.flatMap((name) => rules.matching(accountFacts(name), MappingTargetKind.METRIC))
  const fitting = matching.filter(
    (rule) => holdsOn(rule, day) && REVENUE_CATEGORIES.includes(rule.target) === isRevenue(section),
  )
  return fitting.toSorted(inOrder)[0]
}

function totalOf(counted: Counted[]): Money {
  return sum(counted.map(({ amount }) => amount))
}

/** What accounts do to profit. */
function profitOf(accounts: AccountFigure[]): Money {
  const of = (revenue: boolean) =>
    sum(accounts.flatMap(({ section, amount }) => (isRevenue(section) === revenue ? [amount] : [])))
  return minus(of(true), of(false))
}
