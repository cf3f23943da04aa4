import { LineKind, type LineMapping, MappingBasis } from '../domain/account-mapping.ts'
import type { Connection } from '../domain/connection.ts'
import {
  type Charge,
  type ChargeRole,
  type CustomerDocument,
  isSale,
  type LineBooking,
  type MappedSale,
  type SalesDocument,
} from '../domain/document.ts'
import { PostingKind, WaitingFor } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import type { ReasonCode, ReasonDetail } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import type { Need } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import type { Change } from '../storage/postings.ts'
import { keepChoices } from './keep-choices.ts'
import { mappingRules } from './mapping-rules.ts'
import { lackingItems, lackingLines } from './missing-items.ts'
import { postNeeded } from './post-needed.ts'
import { findNames, type Names, nameKey } from './reference-names.ts'
import type { Road } from './road.ts'
import { chooseForDocument, type NamedReference, planSale, type SalePlan, termsOf } from './sale-plan.ts'
import { alone, type MappedPosting, type Step } from './step.ts'
import { taxesFor } from './taxes.ts'
import { referenceProblem } from './validate.ts'

interface Planned {
  posting: Posting
  document: SalesDocument
  plan: SalePlan
}

/**
 * Turns the names of sales documents into QuickBooks ids: by link, then by name in QuickBooks. First account mappings choose
 * with what each line is booked. A customer that QuickBooks does not have gets a posting of its own, and the document waits
 * for it; so does an item, where the connection allows it. An account or a tax code that is missing is a matter for a person.
 */
export async function mapReferences(
  road: Road,
  args: { connection: Connection; lane: Lane; claimToken: string; postings: Posting[] },
): Promise<Step<MappedPosting>> {
  const step: Step<MappedPosting> = { ready: [], aside: [] }
  const sales = args.postings.flatMap((posting) => {
    const { document } = posting
    return isSale(document) ? [{ posting, document }] : []
  })
  if (sales.length === 0) return step
  const chosen = await chooseAll(road, { ...args, sales })
  const planned = sales.flatMap(({ posting, document }): Planned[] => {
    const plan = alone(posting, () => planOf(road, { ...args, document, choices: chosen.get(posting.id) ?? [] }))
    if ('to' in plan) step.aside.push(plan)
    else return [{ posting, document, plan }]
    return []
  })
  const names = await findNames(road, { ...args, ...listsOf(planned) })
  const blockers = {
    customers: await postNeeded(road, {
      ...args,
      kind: PostingKind.CUSTOMER,
      missing: lackingCustomers({ planned, names }),
    }),
    items: await postNeeded(road, {
      ...args,
      kind: PostingKind.ITEM,
      missing: args.connection.createItems ? lackingItems({ sales: planned, names }) : new Map(),
    }),
  }
  for (const sale of planned) {
    const result = alone(sale.posting, () => mapSale(sale, { names, blockers }))
    if ('mapped' in result) step.ready.push(result)
    else step.aside.push(result)
  }
  return step
}

/** The mapping of postings that were sent before, as it was chosen then; one whose names are gone from QuickBooks since has none. */
export async function mapSent(
  road: Road,
  args: { connection: Connection; lane: Lane; postings: Posting[] },
): Promise<Map<string, MappedSale>> {
  const planned = args.postings.flatMap((posting): Planned[] => {
    if (!isSale(posting.document)) return []
    const { document, mapping } = posting
    return [{ posting, document, plan: planOf(road, { ...args, document, choices: mapping ?? [] }) }]
  })
  const names = await findNames(road, { ...args, ...listsOf(planned) })
  return new Map(
    planned.flatMap(({ posting, document, plan }) => {
      const mapped = mapWith(document, { names, plan })
      return 'missing' in mapped ? [] : [[posting.id, mapped] as const]
    }),
  )
}

function listsOf(planned: Planned[]): { documents: SalesDocument[]; plans: SalePlan[] } {
  return { documents: planned.map(({ document }) => document), plans: planned.map(({ plan }) => plan) }
}

function planOf(
  road: Road,
  { connection, document, choices }: { connection: Connection; document: SalesDocument; choices: LineMapping[] },
): SalePlan {
  return planSale(document, { choices, needs: road.ledgerOf(connection).needs })
}

/** Asks the rules about each document, and keeps with its posting what they chose. */
async function chooseAll(
  road: Road,
  args: { connection: Connection; claimToken: string; sales: { posting: Posting; document: SalesDocument }[] },
): Promise<Map<string, LineMapping[]>> {
  const rules = await mappingRules(road, args.connection)
  const { needs } = road.ledgerOf(args.connection)
  const taxes = await taxesFor(road, { ...args, documents: args.sales.map(({ document }) => document) })
  const chosen = args.sales.map(({ posting, document }) => ({
    posting,
    choices: chooseForDocument(document, { rules, needs: needs(document), taxes }),
  }))
  await keepChoices(road, { mappings: chosen, claimToken: args.claimToken })
  return new Map(chosen.map(({ posting, choices }) => [posting.id, choices]))
}

/** The customers of documents that QuickBooks lacks, by their CRM ids. */
function lackingCustomers({ planned, names }: { planned: Planned[]; names: Names }): Map<string, CustomerDocument> {
  const known = ({ sourceId }: CustomerDocument) =>
    names.customers.has(sourceId) || names.inactiveCustomers.has(sourceId)
  const customers = planned.map(({ document }) => document.customer).filter((customer) => !known(customer))
  return new Map(customers.map((customer) => [customer.sourceId, customer]))
}

function mapSale(
  { posting, document, plan }: Planned,
  { names, blockers }: { names: Names; blockers: { customers: Map<string, string>; items: Map<string, string> } },
): MappedPosting | Change {
  const { customer, orderNumber } = document
  const failed = (code: ReasonCode, detail: ReasonDetail): Change => ({
    id: posting.id,
    to: PostingState.FAILED,
    reason: { code, detail: { orderNumber, ...detail } },
  })
  const blockedById = blockers.customers.get(customer.sourceId)
  if (blockedById) {
    return { id: posting.id, to: PostingState.PENDING, blockedById, waitingFor: WaitingFor.CUSTOMER }
  }
  if (!names.customers.has(customer.sourceId)) {
    const code = names.inactiveCustomers.has(customer.sourceId) ? 'NAME_TAKEN' : 'CUSTOMER_VANISHED'
    return failed(code, { customerName: customer.name })
  }
  const lacking = lackingLines(document, { names, plan })
  const [made] = lacking.flatMap(({ item }) => blockers.items.get(item.sourceId) ?? [])
  if (made !== undefined)
    return { id: posting.id, to: PostingState.PENDING, blockedById: made, waitingFor: WaitingFor.ITEM }
  const items = [...new Set(lacking.map(({ item }) => `"${item.name}"`))].join(', ')
  const reasons: { code: ReasonCode; detail: ReasonDetail }[] = [
    ...(items === '' ? [] : [{ code: 'ITEM_NOT_FOUND' as const, detail: { items } }]),
    ...missingNames({ names, plan }).map(missingReason),
  ]
  const [first] = reasons
  if (first === undefined) {
    const mapped = mapWith(document, { names, plan })
    if (!('missing' in mapped)) return { posting, mapped }
    const { code, detail } = missingReason(mapped.missing)
    return failed(code, detail)
  }
  const all = reasons.map(({ code, detail }) => referenceProblem({ code, detail: { orderNumber, ...detail } }))
  return failed(first.code, { ...first.detail, problemList: all })
}

/** What a document names besides its products, and QuickBooks does not have: each name once. */
function missingNames({ names, plan }: { names: Names; plan: SalePlan }): NamedReference[] {
  const optional = new Set(plan.needs.flatMap((need) => ('name' in need && need.optional ? [nameKey(need)] : [])))
  const missing = plan.named.filter(
    (one) => !names.named.has(nameKey(one)) && !(optional.has(nameKey(one)) && !one.chosen),
  )
  return [...Map.groupBy(missing, nameKey).values()].flatMap(([first]) => first ?? [])
}

const WORDS: Partial<Record<LinkKind, string>> = {
  [LinkKind.ACCOUNT]: 'account',
  [LinkKind.ITEM]: 'item',
  [LinkKind.TAX_CODE]: 'tax code',
}

const TAX_WORDS: Partial<Record<LinkKind, string>> = {
  [LinkKind.ITEM]: 'sales tax item',
  [LinkKind.TAX_CODE]: 'tax code',
}

/** Why a document cannot be mapped that names what QuickBooks does not have. */
export function missingReason({ entity, name, chosen }: NamedReference): { code: ReasonCode; detail: ReasonDetail } {
  if (chosen?.basis === MappingBasis.ORDER || chosen?.basis === MappingBasis.CUSTOMER) {
    const who = chosen.basis === MappingBasis.ORDER ? 'the order itself' : "the customer's own record in QuickBooks"
    return { code: 'TAX_NOT_FOUND', detail: { what: TAX_WORDS[entity] ?? entity, target: name, who } }
  }
  if (chosen) {
    const { rule, version, line, lineKind } = chosen
    const place = lineKind === LineKind.ITEM ? `line ${line}` : `the ${lineKind.toLowerCase()}`
    const detail = { what: WORDS[entity] ?? entity, target: name, rule, version, line: place }
    return { code: 'MAPPING_TARGET_MISSING', detail }
  }
  switch (entity) {
    case LinkKind.ACCOUNT:
      return { code: 'ACCOUNT_NOT_FOUND', detail: { account: name } }
    case LinkKind.TERM:
      return { code: 'TERMS_NOT_FOUND', detail: { terms: name } }
    default:
      return { code: 'ITEM_NOT_FOUND', detail: { items: `"${name}"` } }
  }
}

/** A tax has a rate, where QuickBooks told of it. */
function chargeWith(id: string, { need, plan }: { need: Need; plan: SalePlan }): Charge {
  const { taxRatePercent: ratePercent } = plan
  if (need.role !== 'SALES_TAX' || !('name' in need)) return { id }
  return { id, name: need.name, ...(ratePercent === undefined ? {} : { ratePercent }) }
}

/** The document with ids for its names; or the first name that QuickBooks does not have. */
export function mapWith(
  document: SalesDocument,
  { names, plan }: { names: Names; plan: SalePlan },
): MappedSale | { missing: NamedReference } {
  const lacks = (entity: LinkKind, name: string) => ({ missing: { entity, name, chosen: null } })
  const { customer, lines } = document
  const customerId = names.customers.get(customer.sourceId)
  if (customerId === undefined) return lacks(LinkKind.CUSTOMER, customer.name)
  const [unknown] = lackingLines(document, { names, plan })
  if (unknown) return lacks(LinkKind.ITEM, unknown.item.name)
  const [missing] = missingNames({ names, plan })
  if (missing) return { missing }
  const idOf = (one: { entity: LinkKind; name: string } | undefined) => one && names.named.get(nameKey(one))
  const itemIds = lines.flatMap(
    ({ item }, index) => idOf(plan.lines[index]?.item) ?? names.items.get(item.sourceId) ?? [],
  )
  const charges: Partial<Record<ChargeRole, Charge>> = {}
  for (const need of plan.needs) {
    const id = 'name' in need ? idOf(need) : undefined
    if ('charge' in need) charges[need.role] = need.charge
    else if (id !== undefined) charges[need.role] = chargeWith(id, { need, plan })
  }
  const bookings = plan.lines.map(({ account, taxCode }): LineBooking => {
    const [accountId, taxCodeId] = [idOf(account), idOf(taxCode)]
    return { ...(accountId === undefined ? {} : { accountId }), ...(taxCodeId === undefined ? {} : { taxCodeId }) }
  })
  const terms = termsOf(document)
  const termsId = terms === null ? undefined : idOf({ entity: LinkKind.TERM, name: terms })
  return {
    ...({ kind: document.kind, document } as Pick<MappedSale, 'kind' | 'document'>),
    ...{ customerId, itemIds, charges },
    ...(bookings.some((booking) => Object.keys(booking).length > 0) ? { bookings } : {}),
    ...(termsId === undefined ? {} : { termsId }),
  } as MappedSale
}
