import type { Connection } from '../domain/connection.ts'
import type { MappedSale } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import { decimal, minus } from '../domain/money.ts'
import { type ShadowPrediction, ShadowState } from '../domain/shadow.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { type ComparedPrediction, duePredictions, type FoundDifference, saveCompared } from '../storage/shadow.ts'
import { ask, type Question } from './ask.ts'
import { compareSale } from './compare-sale.ts'
import { mappingRules } from './mapping-rules.ts'
import { namesBy } from './reference-names.ts'
import { mapWith } from './references.ts'
import { later, type Road } from './road.ts'
import { chooseForDocument, planSale } from './sale-plan.ts'
import { withStandIns } from './stand-ins.ts'
import { taxesFor } from './taxes.ts'
import { problemsOf } from './validate.ts'

const BATCH_MAX = 200
/** What differs, or is missing, may be put right soon; what is equal seldom changes. */
const AGAIN_SECONDS = { EQUAL: 86_400, DIFFERING: 3_600, MISSING: 3_600 } as const
const KINDS = [PostingKind.INVOICE, PostingKind.CREDIT_MEMO, PostingKind.REFUND] as const
const AMOUNTS = ['total', 'tax', 'discount', 'shipping', 'amount']
/** The ids that either kind of QuickBooks gives; people write other things into the CRM's column, too. */
const AN_ID = /^(\d{1,18}|[0-9A-F]{1,8}-\d{1,10})$/

interface Held {
  connection: Connection
  lane: Lane
}

/**
 * Holds predictions that are due against what QuickBooks has, some hundreds at a time: looked up by number, else by the id that the
 * other system wrote to the order. Only asks. False when none was due. Throws NotAnswered and NotAllowed.
 */
export async function compareShadow(road: Road, held: Held): Promise<boolean> {
  const now = road.now()
  const due = await duePredictions(road.database, { connectionId: held.connection.id, limit: BATCH_MAX, now })
  if (due.length === 0) return false
  const found = await recordsOf(road, { ...held, predictions: due })
  const mapped = await mapAll(road, { ...held, predictions: due })
  const compared = due.map((prediction): ComparedPrediction => {
    const records = found.get(prediction.id) ?? []
    const { state, differences, record } = comparedWith(prediction, {
      records,
      mapped,
      connection: held.connection,
      road,
    })
    return {
      ...{ prediction, state, differences },
      quickBooksId: record?.quickBooksId ?? null,
      theirTotal: record?.sale?.total ?? null,
      dueAt: later(now, AGAIN_SECONDS[state]),
    }
  })
  await nameCustomers(road, { ...held, compared, found })
  await saveCompared(road.database, { compared, now })
  return true
}

/** What QuickBooks has of each prediction, by its id here. */
async function recordsOf(
  road: Road,
  args: Held & { predictions: ShadowPrediction[] },
): Promise<Map<string, LedgerRecord[]>> {
  const { predictions } = args
  const byNumber = await ask(road, {
    ...args,
    questions: questionsFor(predictions, 'NUMBER', (one) => one.documentNumber),
  })
  const found = new Map<string, LedgerRecord[]>()
  for (const one of predictions) {
    const is = ({ entity, sale }: LedgerRecord) => `${entity}` === `${one.kind}` && sale?.number === one.documentNumber
    found.set(one.id, byNumber.filter(is))
  }
  const missing = predictions.filter(({ id, toldId }) => found.get(id)?.length === 0 && toldId && AN_ID.test(toldId))
  if (missing.length === 0) return found
  const byId = await ask(road, { ...args, questions: questionsFor(missing, 'ID', (one) => one.toldId) })
  for (const one of missing) {
    const is = (record: LedgerRecord) => `${record.entity}` === `${one.kind}` && record.quickBooksId === one.toldId
    found.set(one.id, byId.filter(is))
  }
  return found
}

function questionsFor(
  predictions: ShadowPrediction[],
  by: 'NUMBER' | 'ID',
  told: (prediction: ShadowPrediction) => string | null,
): Question[] {
  return KINDS.map((kind) => ({
    entity: LinkKind[kind],
    by,
    values: predictions.filter((one) => one.kind === kind).flatMap((one) => told(one) || []),
  }))
}

type MappedSales = Map<string, MappedSale>

/** The documents with the ids of what they name; what QuickBooks lacks has its name where the id would be. */
async function mapAll(road: Road, args: Held & { predictions: ShadowPrediction[] }): Promise<MappedSales> {
  const { connection, predictions } = args
  const rules = await mappingRules(road, connection)
  const { needs } = road.ledgerOf(connection)
  const documents = predictions.map(({ document }) => document)
  const taxes = await taxesFor(road, { connection, documents })
  const planned = predictions.map(({ id, document }) => {
    const choices = chooseForDocument(document, { rules, needs: needs(document), taxes })
    return { id, document, plan: planSale(document, { choices, needs }) }
  })
  const { names } = await namesBy(road, {
    connection,
    documents,
    plans: planned.map(({ plan }) => plan),
    look: (questions) => ask(road, { ...args, questions }),
  })
  return new Map(
    planned.map(({ id, document, plan }) => {
      const filled = withStandIns({ document, plan, names }, (_, name) => `"${name}", which QuickBooks lacks`)
      const mapped = mapWith(document, { names: filled, plan })
      if ('missing' in mapped) throw new Error(`${mapped.missing.name} has neither id nor stand-in`)
      return [id, mapped] as const
    }),
  )
}

function comparedWith(
  prediction: ShadowPrediction,
  args: { records: LedgerRecord[]; mapped: MappedSales; connection: Connection; road: Road },
): { state: ComparedPrediction['state']; differences: FoundDifference[]; record: LedgerRecord | null } {
  const { records, connection, road } = args
  const mapped = args.mapped.get(prediction.id)
  const [record = null] = records
  if (!record || !mapped) {
    const { total } = prediction
    const missing = { field: 'document', line: null, ours: total, theirs: null, cents: centsOf('0.00', total) }
    return { state: ShadowState.MISSING, differences: [missing], record: null }
  }
  const each = records.map((one) => ({ record: one, differences: differencesIn(compareSale(mapped, one)) }))
  const best = each.toSorted((one, other) => one.differences.length - other.differences.length)[0]!
  const { limits } = road.ledgerOf(connection)
  const refusals = problemsOf(prediction.document, { rules: { connection, limits } })
  const differences = [
    ...best.differences,
    ...(records.length > 1
      ? [{ field: 'records', line: null, ours: '1', theirs: String(records.length), cents: null }]
      : []),
    ...(refusals.length > 0
      ? [
          {
            field: 'refusal',
            line: null,
            ours: refusals.map(({ problem }) => problem).join('; '),
            theirs: 'posted',
            cents: null,
          },
        ]
      : []),
  ]
  const state = differences.length === 0 ? ShadowState.EQUAL : ShadowState.DIFFERING
  return { state, differences, record: best.record }
}

function differencesIn({ comparison, differences }: ReturnType<typeof compareSale>): FoundDifference[] {
  const fields = comparison
    .filter(({ equal }) => !equal)
    .map(({ field, line, ours, theirs }) => ({ field, line, ours, theirs, cents: centsBetween(field, ours, theirs) }))
  if (fields.length > 0 || differences.length === 0) return fields
  return [{ field: 'order of lines', line: null, ours: differences.join('; '), theirs: null, cents: null }]
}

function centsBetween(field: string, ours: string | null, theirs: string | null): string | null {
  return AMOUNTS.includes(field) && ours !== null && theirs !== null ? centsOf(theirs, ours) : null
}

function centsOf(theirs: string, ours: string): string {
  return decimal(minus(theirs, ours)).times(100).toString()
}

/** Customers that differ are told by their names: an id says nothing to people. */
async function nameCustomers(
  road: Road,
  args: Held & { compared: ComparedPrediction[]; found: Map<string, LedgerRecord[]> },
): Promise<void> {
  const entity = LinkKind.CUSTOMER
  const differing = args.compared.flatMap(({ prediction, differences }) =>
    differences
      .filter(({ field }) => field === 'customer')
      .map((difference) => ({ difference, document: prediction.document })),
  )
  if (differing.length === 0 || !road.ledgerOf(args.connection).answers({ entity, by: 'ID' })) return
  const values = differing.flatMap(({ difference }) => difference.theirs ?? [])
  const customers = await ask(road, { ...args, questions: [{ entity, by: 'ID', values }] })
  const nameOf = new Map(customers.map(({ quickBooksId, name }) => [quickBooksId, name]))
  for (const { difference, document } of differing) {
    difference.ours = document.customer.name
    difference.theirs = nameOf.get(difference.theirs ?? '') ?? difference.theirs
  }
}
