import { MappingTargetKind } from '../domain/account-mapping.ts'
import { REVENUE_CATEGORIES } from '../domain/ledger-metric.ts'
import { accountFacts, type CompiledMappings, winnerOf } from '../domain/mapping-choice.ts'
import { LintCode, lintOf, type MappingLint } from '../domain/mapping-lint.ts'
import type { AccountUse, LedgerRecord } from '../ledgers/ledger.ts'
import type { MirroredAccount } from './lint-look-up.ts'
import { USES } from './lint-names.ts'

const EXAMPLES_MAX = 5

interface Books {
  accounts: Map<string, MirroredAccount>
  items: LedgerRecord[]
}

/** Accounts of the mirror that are used otherwise than they are meant: by items, and by metric categories. */
export function bookLints(books: Books, { rules, date }: { rules: CompiledMappings; date: string }): MappingLint[] {
  return [...itemLints(books), ...metricLints(books, { rules, date })]
}

/** A cost account that is an income account, and the reverse. */
function itemLints({ accounts, items }: Books): MappingLint[] {
  const wrong = (field: 'incomeAccountId' | 'costAccountId', fitting: readonly AccountUse[]) => {
    const byAccount = Map.groupBy(items, ({ item }) => item?.[field] ?? '')
    return [...byAccount].flatMap(([id, booked]) => {
      const account = accounts.get(id)
      const what = field === 'incomeAccountId' ? 'sales' : 'cost'
      if (!account || account.use === null || (account.active && fitting.includes(account.use))) return []
      const is = account.active ? `is ${USES[account.use]}` : 'is inactive'
      return [
        lintOf({
          code: account.active ? LintCode.ACCOUNT_TYPE_WRONG : LintCode.NAME_INACTIVE,
          subject: account.name,
          sentence: `${booked.length} items book their ${what} to "${account.name}", which ${is}.`,
          remedy: `Choose another ${what === 'sales' ? 'income' : 'cost'} account for these items in QuickBooks.`,
          examples: booked.slice(0, EXAMPLES_MAX).map(({ name }) => name ?? ''),
          count: booked.length,
        }),
      ]
    })
  }
  return [...wrong('incomeAccountId', ['INCOME']), ...wrong('costAccountId', ['COST_OF_GOODS', 'EXPENSE'])]
}

/** An income account that would count as an expense, and the reverse: one for each rule that says so. */
function metricLints({ accounts }: Books, { rules, date }: { rules: CompiledMappings; date: string }): MappingLint[] {
  const wrong = [...accounts.values()].flatMap((account) => {
    const { use } = account
    if (!account.active || use === null || use === 'OTHER') return []
    const asked = { facts: accountFacts(account.name), targetKind: MappingTargetKind.METRIC, date }
    const mapping = winnerOf(rules, asked)?.mapping
    return mapping && REVENUE_CATEGORIES.includes(mapping.target) !== (use === 'INCOME')
      ? [{ account, mapping, use }]
      : []
  })
  return [...Map.groupBy(wrong, ({ mapping, use }) => `${mapping.id} ${use === 'INCOME'}`).values()].flatMap(
    (group) => {
      const [first] = group
      if (!first) return []
      const { mapping, use } = first
      const names = group.slice(0, EXAMPLES_MAX).map(({ account }) => account.name)
      const more = group.length > names.length ? ` and ${group.length - names.length} more` : ''
      return [
        lintOf({
          code: LintCode.ACCOUNT_TYPE_WRONG,
          subject: mapping.name,
          sentence: `The rule "${mapping.name}" would count ${names.map((name) => `"${name}"`).join(', ')}${more} as ${mapping.target}; in QuickBooks it is ${USES[use]}, so that no figure counts it by this rule.`,
          remedy: 'Write a rule before it that gives the account its category, or correct its type in QuickBooks.',
          mappingId: mapping.id,
          examples: names,
          count: group.length,
        }),
      ]
    },
  )
}
