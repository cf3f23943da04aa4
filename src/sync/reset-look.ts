import type { Connection } from '../domain/connection.ts'
import { type Document, isSale } from '../domain/document.ts'
import { PostingKind } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import { Posting } from '../domain/posting.ts'
import { ResetAction, type ResetPlan } from '../domain/reset-plan.ts'
import type { LedgerRecord } from '../ledgers/ledger.ts'
import type { Lane } from '../storage/lanes.ts'
import { nameMovers } from '../storage/moves.ts'
import {
  type AskedRow,
  askedRows,
  decideRows,
  finishPlan,
  planUnderWay,
  type RowDecision,
  type UndecidedRow,
  undecidedRows,
} from '../storage/reset-plans.ts'
import { ask } from './ask.ts'
import { compare } from './compare.ts'
import { mappingRules } from './mapping-rules.ts'
import { gatherMove } from './move-gather.ts'
import { movedDecisions } from './move-look.ts'
import { oneAhead } from './one-ahead.ts'
import { mapSent } from './references.ts'
import { gather } from './reset-gather.ts'
import { decideLikelyRows, likelyForRows, mirrorFor } from './reset-likely.ts'
import type { Road } from './road.ts'
import { chooseForDocument } from './sale-plan.ts'
import { taxesFor } from './taxes.ts'

/** Rows that QuickBooks is asked about in one step: a batch of QuickBooks Online holds thirty questions of a hundred numbers, and 40 go in a minute. */
const LOOK_ROWS_MAX = 3_000
/** Documents that are held against what QuickBooks has, in memory at once. */
const COMPARED_ROWS_MAX = 500

interface Held {
  connection: Connection
  lane: Lane
}

/**
 * One step of the oldest plan that is not complete, by whoever has the lane: some pages of the CRM, then look-ups in
 * QuickBooks. False when there is none. On Desktop a plan so waits for the Web Connector to call. Nothing is written
 * outside. Throws NotAnswered, NotAllowed, CreatioError.
 */
export async function resetStep(road: Road, held: Held): Promise<boolean> {
  const plan = await planUnderWay(road.database, held.connection.id)
  if (!plan) return false
  // A move is told by the mirror which invoices are the new company's; a reset looks there for what no number found.
  const isMirrorNeeded = plan.move ? plan.gatheredAt === null : plan.gatheredAt !== null
  const mirror = isMirrorNeeded ? await mirrorFor(road, { connection: held.connection, plan }) : 'ready'
  // While the mirror is read, the lane is the mirror's.
  if (mirror !== 'ready') return mirror !== 'waits'
  if (plan.gatheredAt !== null) await look(road, { ...held, plan })
  else if (plan.move) await gatherMove(road, { plan, move: plan.move })
  else await gather(road, plan)
  return true
}

async function look(road: Road, { plan, ...held }: Held & { plan: ResetPlan }): Promise<void> {
  const rows = await undecidedRows(road.database, { planId: plan.id, limit: LOOK_ROWS_MAX })
  if (rows.length === 0) {
    if (plan.move) await nameMovers(road.database, plan.id)
    else await decideLikelyRows(road, plan.id)
    await finishPlan(road.database, { planId: plan.id, now: road.now() })
    return
  }
  const questions = [...Map.groupBy(rows, ({ kind }) => kind)].map(([kind, ofKind]) => ({
    entity: LinkKind[kind],
    by: 'NUMBER' as const,
    values: ofKind.flatMap(({ documentNumber }) => documentNumber ?? []),
  }))
  const records = await ask(road, { ...held, questions })
  const byNumber = Map.groupBy(records, ({ entity, sale }) => nameOf({ kind: entity, number: sale?.number }))
  const matchesOf = ({ kind, documentNumber }: UndecidedRow) =>
    byNumber.get(nameOf({ kind, number: documentNumber })) ?? []
  const twice = rows.flatMap((row): RowDecision[] => {
    const count = matchesOf(row).length
    const code = 'FOUND_TWICE' as const
    return count > 1 ? [decision(row, { action: ResetAction.REFUSE, code, detail: { count } })] : []
  })
  await decideRows(road.database, twice)
  const open = rows.filter((row) => matchesOf(row).length <= 1)
  const matches: Matches = new Map(open.map((row) => [row.id, matchesOf(row)[0] ?? null]))
  for await (const decisions of oneAhead(decided(road, { ...held, plan, matches }))) {
    await decideRows(road.database, decisions)
  }
}

/** By the row: what QuickBooks has under its number. */
type Matches = Map<string, LedgerRecord | null>

/** The decisions about rows, part by part: one part is read, another compared, and a third saved at the same time. */
async function* decided(road: Road, args: Held & { plan: ResetPlan; matches: Matches }): AsyncGenerator<RowDecision[]> {
  for await (const rows of oneAhead(readRows(road, [...args.matches.keys()]))) {
    yield await compared(road, { ...args, rows })
  }
}

async function* readRows(road: Road, ids: string[]): AsyncGenerator<AskedRow[]> {
  for (let from = 0; from < ids.length; from += COMPARED_ROWS_MAX) {
    yield await askedRows(road.database, ids.slice(from, from + COMPARED_ROWS_MAX))
  }
}

/** Rows of which QuickBooks has one record of that number, or none: then what may be it all the same is kept with the row. */
async function compared(
  road: Road,
  {
    plan: { id: planId, move },
    rows,
    matches,
    ...held
  }: Held & { plan: ResetPlan; rows: AskedRow[]; matches: Matches },
): Promise<RowDecision[]> {
  const found = rows.filter(({ id }) => matches.get(id))
  const mapped = await mapSent(road, { ...held, postings: await standIns(road, { ...held, rows: found }) })
  const missing = move ? [] : rows.filter(({ id }) => !matches.get(id))
  const likely = await likelyForRows(road, { ...held, planId, rows: missing })
  const decisions = rows.map((row) => {
    const record = matches.get(row.id)
    if (record) return verdictOf(row, { record, mapped: mapped.get(row.id) })
    const created = decision(row, { action: ResetAction.CREATE, code: 'NOT_IN_QUICKBOOKS', detail: named(row) })
    return { ...created, likely: likely.get(row.id) ?? null }
  })
  const { connection } = held
  return move ? movedDecisions(road.database, { connection, move, rows, found: decisions }) : decisions
}

/** One record bears the number: it is ours and equal, or a person decides. */
function verdictOf(
  row: AskedRow,
  { record, mapped }: { record: LedgerRecord; mapped: Parameters<typeof compare>[0] | undefined },
): RowDecision {
  const differences = mapped
    ? compare(mapped, record)
    : ['its customer, an item or an account of ours is not known in QuickBooks']
  const { quickBooksId } = record
  return differences.length === 0
    ? { ...decision(row, { action: ResetAction.ADOPT, code: 'FOUND_EQUAL', detail: named(row) }), quickBooksId }
    : {
        ...decision(row, {
          action: ResetAction.REFUSE,
          code: row.document?.kind === 'INVOICE' ? 'INVOICE_DIFFERS' : 'RECORD_DIFFERS',
          detail: { ...named(row), orderNumber: row.orderNumber ?? '', differences: differences.join('; ') },
        }),
        quickBooksId,
      }
}

const WORDS: Partial<Record<Document['kind'], string>> = { CREDIT_MEMO: 'credit memo', REFUND: 'refund' }

/** What the document of a row is called. */
function named({ document }: AskedRow): { what: string } {
  return { what: WORDS[document?.kind ?? 'INVOICE'] ?? 'invoice' }
}

function decision(
  { id, documentNumber }: Pick<AskedRow, 'id' | 'documentNumber'>,
  {
    action,
    code,
    detail = {},
  }: { action: ResetAction; code: NonNullable<RowDecision['reasonCode']>; detail?: Record<string, string | number> },
): RowDecision {
  return { id, action, reasonCode: code, reasonDetail: { documentNumber, ...detail }, quickBooksId: null }
}

function kindOf({ document }: AskedRow) {
  return isSale(document) ? document.kind : 'INVOICE'
}

/** Numbers of one kind are its own: a credit memo may bear the number of an invoice. */
function nameOf({ kind, number }: { kind: string; number: string | null | undefined }): string {
  return `${kind} ${number ?? ''}`
}

/** The postings that the rows would become, with what account mappings would choose for them now. */
async function standIns(
  road: Road,
  { connection, rows }: { connection: Connection; rows: AskedRow[] },
): Promise<Posting[]> {
  const rules = await mappingRules(road, connection)
  const { needs } = road.ledgerOf(connection)
  const documents = rows.flatMap(({ document }) => (isSale(document) ? [document] : []))
  const taxes = await taxesFor(road, { connection, documents })
  return rows.map((row) => {
    const { id, connectionId, documentNumber, document } = row
    const mapping = isSale(document) ? chooseForDocument(document, { rules, needs: needs(document), taxes }) : null
    const known = { id, connectionId, documentNumber, document, mapping, sourceId: row.sourceId ?? '' }
    return Object.assign(new Posting(), { ...known, kind: PostingKind[kindOf(row)] })
  })
}
