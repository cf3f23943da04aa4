import type { Connection } from '../domain/connection.ts'
import { LinkKind } from '../domain/link.ts'
import { type CompiledMappings, conditionsText } from '../domain/mapping-choice.ts'
import { LintCode, LintSeverity, lintOf, type MappingLint } from '../domain/mapping-lint.ts'
import { shadowsOf } from '../domain/mapping-shadows.ts'
import { PostingState } from '../domain/transitions.ts'
import { findConnection } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import { findLinks } from '../storage/links.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { countPostings } from '../storage/posting-pages.ts'
import { bookLints } from './lint-books.ts'
import { lintHistory } from './lint-history.ts'
import { type FoundNames, findWanted, mirroredBooks, wantedKey } from './lint-look-up.ts'
import { effectLints, itemLints, nameLints, usedNames } from './lint-names.ts'
import { lookAhead, type Upcoming } from './lint-upcoming.ts'
import { mappingRules } from './mapping-rules.ts'
import { later, type Road } from './road.ts'

const DAYS_DEFAULT = 90
const DAY_SECONDS = 86_400
const EXAMPLES_MAX = 5
/** Customers of orders to come that are looked up: a bound for what one question may cost. */
const CUSTOMERS_MAX = 500

const ORDER = [LintSeverity.ERROR, LintSeverity.WARNING, LintSeverity.INFO]

/**
 * Everything that is wrong with the account mappings of a connection, or will be, the worst first: before postings fail
 * because of it. Changes nothing. Throws InvalidRequest.
 */
export async function lintAccountMappings(
  road: Road,
  database: Database,
  { connectionId, days = DAYS_DEFAULT }: { connectionId: string; days?: number },
): Promise<MappingLint[]> {
  const connection = await findConnection(database, { id: connectionId })
  if (!connection) throw new InvalidRequest(`There is no connection ${connectionId}.`)
  const now = road.now()
  const date = now.toISOString().slice(0, 10)
  const rules = await mappingRules(road, connection)
  const mappings = rules.rules
    .map(({ mapping }) => mapping)
    .filter(({ effectiveTo }) => effectiveTo === null || effectiveTo > date)
  const ledger = road.ledgerOf(connection)
  const upcoming = await lookAhead(road, connection)
  const used = usedNames({ mappings, ledger, documents: upcoming.documents })
  const customers = await unlinkedCustomers(database, { connection, upcoming })
  const wantedCustomers = [...customers.keys()].map((name) => ({ entity: LinkKind.CUSTOMER, name }))
  const wanted = [...used, ...wantedCustomers]
  const looked = await findWanted(road, database, { connection, wanted })
  const shadows = shadowsOf(mappings)
  const books = await mirroredBooks(road, database, connection)
  const lints = [
    ...brokenLints(rules),
    ...customerLints({ upcoming, customers, looked }),
    ...nameLints(used, looked),
    ...(books ? bookLints(books, { rules, date }) : []),
    ...shadows.map(shadowLint),
    ...effectLints(mappings, { ledger, connection }),
    ...itemLints(mappings, connection),
    ...(await lintHistory(database, {
      ...{ connectionId, rules, needs: ledger.needs, since: later(now, -days * DAY_SECONDS), days },
      shadowed: new Set(shadows.map(({ mapping }) => mapping.id)),
    })),
    ...uncheckedLints({ looked, upcoming }),
    ...(ledger.mailbox
      ? answeredLints([...(looked.answeredAt ? [looked.answeredAt] : []), ...(books?.readAt ?? [])])
      : []),
  ]
  return (await withStuck(database, { connectionId, lints })).toSorted(
    (one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity),
  )
}

function brokenLints({ broken }: CompiledMappings): MappingLint[] {
  return broken.map(({ mapping, problem }) =>
    lintOf({
      code: LintCode.PATTERN_INVALID,
      subject: mapping.name,
      sentence: `The rule "${mapping.name}" never matches. ${problem}`,
      remedy: 'Correct its pattern.',
      mappingId: mapping.id,
    }),
  )
}

function shadowLint({ mapping, by }: ReturnType<typeof shadowsOf>[number]): MappingLint {
  const whose = by.connectionId !== mapping.connectionId ? ', which is of this connection and comes first' : ''
  return lintOf({
    code: LintCode.SHADOWED,
    subject: mapping.name,
    sentence: `The rule "${mapping.name}" (${conditionsText(mapping)}) can never win: "${by.name}" (${conditionsText(by)}) comes before it and matches all that it matches${whose}.`,
    remedy: `Put it before "${by.name}", or delete it.`,
    mappingId: mapping.id,
    examples: [by.name],
  })
}

/** The customers of orders to come that QuickBooks is not known to have, with their orders. */
async function unlinkedCustomers(
  database: Database,
  { connection, upcoming }: { connection: Connection; upcoming: Upcoming },
): Promise<Map<string, string[]>> {
  const sourceIds = [...new Set(upcoming.documents.map(({ customer }) => customer.sourceId))]
  const linked = await findLinks(database, { connectionId: connection.id, kind: LinkKind.CUSTOMER, sourceIds })
  const unlinked = upcoming.documents.filter(({ customer }) => !linked.has(customer.sourceId))
  const orders = Map.groupBy(unlinked, ({ customer }) => customer.name)
  const named = [...orders].slice(0, CUSTOMERS_MAX)
  return new Map(named.map(([name, documents]) => [name, documents.map(({ orderNumber }) => orderNumber)]))
}

/** A customer that is new is made by itself; one that is inactive, or that there is not at all, is not. */
function customerLints(args: {
  upcoming: Upcoming
  customers: Map<string, string[]>
  looked: FoundNames
}): MappingLint[] {
  const { upcoming, customers, looked } = args
  const { withoutCustomer } = upcoming
  const missing = lintOf({
    code: LintCode.CUSTOMER_MISSING,
    subject: withoutCustomer[0] ?? '',
    sentence: `${withoutCustomer.length === 1 ? 'One order that waits has' : `${withoutCustomer.length} orders that wait have`} no customer that QuickBooks could bill: ${withoutCustomer.slice(0, EXAMPLES_MAX).join(', ')}.`,
    remedy: 'Choose the account of these orders in the CRM; what failed because of it goes again with fixAndRetry.',
    examples: withoutCustomer.slice(0, EXAMPLES_MAX),
    count: withoutCustomer.length,
    reasonCode: 'CUSTOMER_NOT_FOUND',
  })
  const inactive = [...customers].flatMap(([name, orders]) => {
    if (looked.found.get(wantedKey({ entity: LinkKind.CUSTOMER, name }))?.state !== 'INACTIVE') return []
    return [
      lintOf({
        code: LintCode.CUSTOMER_INACTIVE,
        subject: name,
        sentence: `The customer "${name}" of order ${orders.slice(0, EXAMPLES_MAX).join(', ')} is inactive in QuickBooks.`,
        remedy: 'Make the customer active in QuickBooks, or give the account another QuickBooks name in the CRM.',
        examples: orders.slice(0, EXAMPLES_MAX),
        count: orders.length,
        reasonCode: 'NAME_TAKEN',
      }),
    ]
  })
  return [...(withoutCustomer.length > 0 ? [missing] : []), ...inactive]
}

function uncheckedLints({ looked, upcoming }: { looked: FoundNames; upcoming: Upcoming }): MappingLint[] {
  const unasked = looked.unasked.map(({ entity, why }) =>
    lintOf({
      code: LintCode.NOT_CHECKED,
      subject: entity,
      sentence: `Whether QuickBooks has the ${entity.toLowerCase().replace('_', ' ')} names that are needed was not checked: ${why}.`,
      remedy: 'Ask again later.',
    }),
  )
  if (upcoming.trouble === null) return unasked
  const sentence = `The orders that wait in the order log were not checked: ${upcoming.trouble}.`
  return [
    ...unasked,
    lintOf({ code: LintCode.NOT_CHECKED, subject: 'ORDER_LOG', sentence, remedy: 'Ask again later.' }),
  ]
}

/** Where QuickBooks can only be asked when it calls: since when what is believed of it may be older. */
function answeredLints(times: Date[]): MappingLint[] {
  const [answeredAt] = times.toSorted((one, other) => one.getTime() - other.getTime())
  if (answeredAt === undefined) return []
  return [
    lintOf({
      code: LintCode.ANSWERED_EARLIER,
      subject: 'QuickBooks',
      sentence: `What QuickBooks has is as it said at ${answeredAt.toISOString()}: it is asked again when the Web Connector calls.`,
      remedy: 'Ask again after the next call.',
    }),
  ]
}

/** Says with each how many postings stand for its reason; a reason that nothing else names, and postings stand for, is named too. */
async function withStuck(
  database: Database,
  { connectionId, lints }: { connectionId: string; lints: MappingLint[] },
): Promise<MappingLint[]> {
  const states = [PostingState.FAILED, PostingState.MISMATCHED, PostingState.PENDING]
  const counts = await countPostings(database, { selection: { connectionId, states }, by: 'REASON' })
  const stuckFor = new Map(counts.map(({ key, count }) => [key, count]))
  for (const lint of lints) if (lint.reasonCode) lint.stuck = stuckFor.get(lint.reasonCode) ?? 0
  const named = new Set(lints.map(({ reasonCode }) => reasonCode))
  const more = (Object.keys(STUCK) as (keyof typeof STUCK)[]).flatMap((reasonCode) => {
    const stuck = stuckFor.get(reasonCode) ?? 0
    if (stuck === 0 || named.has(reasonCode)) return []
    const { code, what } = STUCK[reasonCode]
    return [
      lintOf({
        ...{ code, reasonCode, stuck, count: stuck, subject: reasonCode },
        sentence: `${stuck === 1 ? 'One posting' : `${stuck} postings`} failed because ${what}.`,
        remedy: 'If it is mended, fixAndRetry sets just these postings going again.',
      }),
    ]
  })
  return [...lints, ...more]
}

const STUCK = {
  CUSTOMER_NOT_FOUND: {
    code: LintCode.CUSTOMER_MISSING,
    what: 'their orders have no customer that QuickBooks could bill',
  },
  ACCOUNT_NOT_FOUND: { code: LintCode.NAME_MISSING, what: 'QuickBooks lacked an account' },
  ITEM_NOT_FOUND: { code: LintCode.NAME_MISSING, what: 'QuickBooks lacked an item' },
  MAPPING_TARGET_MISSING: { code: LintCode.NAME_MISSING, what: 'QuickBooks lacked what a rule chose' },
  TAX_NOT_FOUND: { code: LintCode.NAME_MISSING, what: 'QuickBooks lacked the tax that an order or its customer names' },
  ITEM_ACCOUNT_UNUSABLE: { code: LintCode.ITEM_ACCOUNT_UNCHOSEN, what: 'no usable account was chosen for new items' },
} as const
