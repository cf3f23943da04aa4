import { CreatioError } from '../creatio/creatio.ts'
import type { LineMapping } from '../domain/account-mapping.ts'
import type { Connection } from '../domain/connection.ts'
import { contentHash, type MappedDocument, type SalesDocument } from '../domain/document.ts'
import { DryRun, DryRunPage, type DryRunRequest, DryRunVerdict, type UnresolvedName } from '../domain/dry-run.ts'
import { LinkKind } from '../domain/link.ts'
import type { Posting } from '../domain/posting.ts'
import { type Problem, problem, problemsIn } from '../domain/problem.ts'
import { reasonOf } from '../domain/reason.ts'
import { shownDocument } from '../domain/shown-document.ts'
import { findConnection } from '../storage/connections.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { findOrderPostings } from '../storage/postings.ts'
import { answersOfMirror, mirroredKinds } from './answers-of-mirror.ts'
import { idempotencyKey } from './deliver.ts'
import { type OrderRequest, ordersToRun } from './dry-run-orders.ts'
import { renumbered } from './eligibility.ts'
import { mappingRules } from './mapping-rules.ts'
import { CrmUnavailable } from './order.ts'
import { readingOf, readOrders } from './read-orders.ts'
import { type Names, nameKey, namesBy } from './reference-names.ts'
import { mapWith, missingReason } from './references.ts'
import type { Road } from './road.ts'
import { chooseForDocument, planSale, type SalePlan } from './sale-plan.ts'
import { withStandIns } from './stand-ins.ts'
import { taxesFor } from './taxes.ts'
import { problemsOf, type Rules } from './validate.ts'

interface Planned {
  run: DryRun
  document: SalesDocument
  posting: Posting | undefined
  choices: LineMapping[]
  plan: SalePlan
}

/**
 * What would be sent for orders, as they are in the CRM now: document, mapping, problems, and the exact requests. Neither
 * QuickBooks nor the CRM is written to, and QuickBooks is not even asked: names are resolved by links, then from the mirror.
 * `road` speaks to QuickBooks through dry ledgers. Throws InvalidRequest and CrmUnavailable.
 */
export async function dryRun(road: Road, request: OrderRequest): Promise<DryRunPage> {
  const connection = await findConnection(road.database, { id: request.connectionId })
  if (!connection) throw new InvalidRequest(`There is no connection ${request.connectionId}.`)
  try {
    const { orders, endCursor, hasNextPage } = await ordersToRun(road, request)
    const nodes = await runAll(road, { connection, orders })
    return Object.assign(new DryRunPage(), { nodes, endCursor, hasNextPage })
  } catch (error) {
    if (error instanceof CreatioError) throw new CrmUnavailable(`The CRM could not be asked: ${error.message}`)
    throw error
  }
}

async function runAll(
  road: Road,
  { connection, orders }: { connection: Connection; orders: { id: string | null; number: string | null }[] },
): Promise<DryRun[]> {
  const ids = orders.flatMap(({ id }) => id ?? [])
  const read = await readOrders(road, ids)
  const postings = new Map((await findOrderPostings(road.database, ids)).map((posting) => [posting.sourceId, posting]))
  const rules = await mappingRules(road, connection)
  const { needs } = road.ledgerOf(connection)
  const sales: { run: DryRun; document: SalesDocument; posting: Posting | undefined }[] = []
  const runs = orders.map(({ id, number }): DryRun => {
    const posting = postings.get(id ?? '')
    const orderNumber = read.found.get(id ?? '')?.number ?? number
    const run = Object.assign(new DryRun(), { orderNumber, sourceId: id, quickBooksId: posting?.quickBooksId ?? null })
    const said = id === null ? null : readingOf(road, { orders: read, id, orderNumber })
    if (said === null) {
      return Object.assign(run, {
        verdict: DryRunVerdict.NOT_FOUND,
        reason: reasonOf('ORDER_NOT_FOUND', { orderNumber }),
      })
    }
    const reading = posting ? renumbered(said, posting) : said
    if (reading.kind !== 'document') {
      const verdict = reading.kind === 'invalid' ? DryRunVerdict.WOULD_BE_REFUSED : DryRunVerdict.NOT_ELIGIBLE
      const reason = reasonOf(reading.reason, { orderNumber, ...reading.detail })
      return Object.assign(run, { verdict, reason, problems: problemsIn(reading.detail) })
    }
    sales.push({ run, document: reading.document, posting })
    return run
  })
  const documents = sales.map(({ document }) => document)
  const taxes = await taxesFor(road, { connection, documents })
  const planned = sales.map((sale): Planned => {
    const { document } = sale
    const choices = chooseForDocument(document, { rules, needs: needs(document), taxes })
    return { ...sale, choices, plan: planSale(document, { choices, needs }) }
  })
  const wanted = { documents, plans: planned.map(({ plan }) => plan) }
  const look = (questions: Parameters<typeof answersOfMirror>[1]['questions']) =>
    answersOfMirror(road, { connection, questions })
  const { names } = await namesBy(road, { connection, look, ...wanted })
  const mirrored = await mirroredKinds(road, connection)
  for (const sale of planned) finish(road, { connection, sale, names, mirrored })
  return runs
}

/** Fills in what would become of a document. */
function finish(
  road: Road,
  args: { connection: Connection; sale: Planned; names: Names; mirrored: Set<LinkKind> },
): void {
  const { connection, sale, names, mirrored } = args
  const { run, document, posting, choices, plan } = sale
  const ledger = road.ledgerOf(connection)
  const rules: Rules = { connection, limits: ledger.limits, problems: ledger.problems }
  const open = withPlaceholders(sale, { names, mirrored })
  const mapped = mapWith(document, { names: open.names, plan })
  if ('missing' in mapped)
    throw new Error(`${mapped.missing.entity} ${mapped.missing.name} has neither id nor placeholder`)
  const isNew = open.unresolved.some(({ entity }) => entity === LinkKind.CUSTOMER)
  const customer: MappedDocument = { kind: 'CUSTOMER', document: document.customer }
  const problems = [
    ...referenceProblems(sale, { connection, names, unresolved: open.unresolved }),
    ...problemsOf(document, { rules, mapped }),
    ...(isNew ? problemsOf(document.customer, { rules, mapped: customer }) : []),
  ]
  const key = `${run.sourceId}:1:${contentHash(document)}`
  const isSame = posting?.contentHash === contentHash(document)
  const ownKey = posting && isSame ? idempotencyKey({ posting, mapped }) : key
  const sent = run.quickBooksId === null && problems.length === 0
  Object.assign(run, {
    verdict: verdictOf(run, problems),
    document: shownDocument(document),
    mapping: choices,
    problems,
    losses: ledger.losses(mapped),
    unresolved: open.unresolved,
    requests: sent
      ? [
          ...(isNew ? requestOf(ledger, { mapped: customer, key: `${key}:customer` }) : []),
          ...requestOf(ledger, { mapped, key: ownKey }),
        ]
      : [],
  })
}

function verdictOf({ quickBooksId }: DryRun, problems: Problem[]): DryRunVerdict {
  if (quickBooksId !== null) return DryRunVerdict.ALREADY_POSTED
  return problems.length > 0 ? DryRunVerdict.WOULD_BE_REFUSED : DryRunVerdict.WOULD_BE_SENT
}

/** Names that have no id get a placeholder each, so that the request can be shown all the same. */
function withPlaceholders(
  { document, plan }: Planned,
  { names, mirrored }: { names: Names; mirrored: Set<LinkKind> },
): { names: Names; unresolved: UnresolvedName[] } {
  const unresolved: UnresolvedName[] = []
  const placeholder = (entity: LinkKind, name: string): string => {
    const known = unresolved.find((one) => one.entity === entity && one.name === name)
    if (known) return known.shownAs
    const shownAs = `?${unresolved.length + 1}`
    unresolved.push({ shownAs, entity, name, missing: mirrored.has(entity) })
    return shownAs
  }
  const filled = withStandIns({ document, plan, names }, placeholder)
  // What a document needs only if it is there: where nobody can know that without asking, it is taken to be there.
  const named = new Map(filled.named)
  for (const need of plan.needs) {
    if (!('name' in need) || !need.optional || mirrored.has(need.entity) || named.has(nameKey(need))) continue
    named.set(nameKey(need), placeholder(need.entity, need.name))
  }
  return { names: { ...filled, named }, unresolved }
}

/** Of what is missing for certain only a customer is made by us, and an item where the connection allows it; a name that an inactive customer bears is nobody's to take. */
function referenceProblems(
  { document, plan }: Planned,
  args: { connection: Connection; names: Names; unresolved: UnresolvedName[] },
): Problem[] {
  const { connection, names, unresolved } = args
  const inactive = names.inactiveCustomers.has(document.customer.sourceId)
  return unresolved.flatMap(({ entity, name, missing }) => {
    if (entity === LinkKind.CUSTOMER ? !inactive : !missing) return []
    const named = plan.named.find((one) => one.entity === entity && one.name === name)
    if (entity === LinkKind.ITEM && named === undefined && connection.createItems) return []
    const chosen = named?.chosen ?? null
    const { code, detail } =
      entity === LinkKind.CUSTOMER
        ? { code: 'NAME_TAKEN' as const, detail: { customerName: name } }
        : missingReason({ entity, name, chosen })
    const { sentence, remedy } = reasonOf(code, { orderNumber: document.orderNumber, ...detail })
    return [problem({ field: 'reference', value: name, problem: sentence.replace(/\.$/, ''), remedy })]
  })
}

function requestOf(
  { encode, pack }: Pick<ReturnType<Road['ledgerOf']>, 'encode' | 'pack'>,
  { mapped, key }: { mapped: MappedDocument; key: string },
): DryRunRequest[] {
  const encoded = encode(mapped, key)
  const envelopes = pack([{ ...encoded, id: key, position: 0, idempotencyKey: key }])
  return envelopes.map(({ method, path, contentType, body }) => ({
    operation: encoded.operation,
    method,
    path,
    contentType,
    body,
  }))
}
