import type { MappedSale, SalesDocument } from '../domain/document.ts'
import { otherStamp } from '../domain/document.ts'
import { decimal, type Money, minus, plain } from '../domain/money.ts'
import type { LedgerRecord, LedgerSale } from '../ledgers/ledger.ts'
import { compare } from './compare.ts'

/**
 * What each likeness counts, in points of 100. Customer and total make a sale recognisable, and neither is enough: a customer
 * buys the same every month. Day and lines tell sales apart, and the moment in which QuickBooks made the record, which nobody
 * edits, tells apart what is equal in everything else.
 */
const POINTS = { customer: 30, total: 25, date: 15, lines: 15, creation: 15 } as const

/**
 * From here on an invoice is adopted without a person, if nothing but its number differs and nothing else comes near. It takes
 * full points for all that a bookkeeper sees, and a creation within hours of the time at which the order was worked on: what
 * was created at another time, or at a time that nobody knows, stays below.
 */
export const ADOPTED_FROM = 95
/** From here on a person is shown it. The same sale of another month stays below. */
export const SHOWN_FROM = 70
/** Two that are less than this apart are nearly equal: nobody but a person tells them apart. */
export const APART_FROM = 3

/** Parts of the points of a date, by whole days between the two; beyond the last, nothing. */
const DATE_STEPS = [
  { days: 0, part: 1 },
  { days: 3, part: 0.6 },
  { days: 10, part: 0.3 },
] as const
/** Parts of the points of a total, by the part of it that may be missing or too much. */
const TOTAL_STEPS = [
  { within: '0', part: 1 },
  { within: '0.01', part: 0.6 },
  { within: '0.10', part: 0.4 },
  { within: '0.25', part: 0.2 },
] as const
/** Parts of the points of a creation, by its distance from the nearest time at which the CRM's log was written. */
const CREATION_STEPS = [
  { seconds: 900, part: 1 },
  { seconds: 7_200, part: 0.8 },
  { seconds: 86_400, part: 0.5 },
] as const
/** Of what is not known: it speaks neither for nor against, and is too little to decide. */
const UNKNOWN_PART = 0.5

const DAY_MS = 86_400_000

/** A sale that is looked for, in QuickBooks' ids as far as they are known. */
export interface Sought {
  document: SalesDocument
  customerId: string | null
  /** One for each line. */
  itemIds: (string | null)[]
  /** When the CRM's log says that somebody worked on the order; ISO 8601. */
  workedOnAt: string[]
}

/** How like a record is to a sale, and why. */
export interface Likeness {
  score: number
  /** What it would be if all that is not known spoke for it. */
  scoreMax: number
  evidence: string[]
}

/**
 * How like an invoice without our number is to what an order says, from 0 to 100. What is void, or bears the stamp of another
 * order, is like nothing. Pure.
 */
export function likeness(sought: Sought, record: LedgerRecord): Likeness {
  const { sale } = record
  const { document } = sought
  if (!sale || sale.voided) return { score: 0, scoreMax: 0, evidence: ['it is void'] }
  const other = otherStamp(sale.note, document.orderNumber)
  if (other !== null) return { score: 0, scoreMax: 0, evidence: [`it is stamped with order ${other}`] }
  const judged = {
    customer: { part: sought.customerId === sale.customerId ? 1 : 0, words: 'customer' },
    total: totalLikeness(document.total, sale.total),
    date: dateLikeness(document.date, sale.date),
    lines: lineLikeness(sought, sale),
    creation: creationLikeness(sought.workedOnAt, record.createdAt),
  }
  const parts = Object.entries(POINTS).map(([name, points]) => {
    const { part, words, isUnknown = false } = judged[name as keyof typeof judged] as Part
    const evidence = `${words}: ${Math.round(points * part)} of ${points}`
    return { points: points * part, pointsMax: isUnknown ? points : points * part, evidence }
  })
  return {
    score: whole(parts.map(({ points }) => points)),
    scoreMax: whole(parts.map(({ pointsMax }) => pointsMax)),
    evidence: parts.map(({ evidence }) => evidence),
  }
}

/**
 * The most that an invoice could score of which no more is known than its customer, total and day: what cannot reach a
 * threshold by these need not be read. Pure.
 */
export function likenessAtMost(
  { document, customerId }: Pick<Sought, 'document' | 'customerId'>,
  theirs: { customerId: string | null; total: Money; date: string },
): number {
  return whole([
    customerId === theirs.customerId ? POINTS.customer : 0,
    POINTS.total * totalLikeness(document.total, theirs.total).part,
    POINTS.date * dateLikeness(document.date, theirs.date).part,
    POINTS.lines,
    POINTS.creation,
  ])
}

/** Whole points: what is a fraction short of a threshold does not reach it. */
function whole(points: number[]): number {
  return Math.floor(points.reduce((total, some) => total + some, 0) + 1e-9)
}

/** Where the record differs from the mapped document, the number aside. Pure. */
export function differencesButNumber(mapped: MappedSale, record: LedgerRecord): string[] {
  const number = record.sale?.number ?? ''
  const renumbered = { ...mapped, document: { ...mapped.document, number } } as MappedSale
  return compare(renumbered, record)
}

interface Part {
  part: number
  words: string
  isUnknown?: true
}

function totalLikeness(ours: Money, theirs: Money): Part {
  const apart = decimal(minus(ours, theirs)).abs()
  const step = TOTAL_STEPS.find(({ within }) => apart.lte(decimal(ours).abs().times(within)))
  return { part: step?.part ?? 0, words: apart.isZero() ? 'total' : `total ${ours} against ${theirs}` }
}

function dateLikeness(ours: string, theirs: string): Part {
  const days = Math.abs(Math.round((Date.parse(ours) - Date.parse(theirs)) / DAY_MS))
  const step = DATE_STEPS.find((one) => days <= one.days)
  return { part: step?.part ?? 0, words: days === 0 ? 'date' : `date ${days} days apart` }
}

/** The part of the lines that both have, whatever their order. Of an item that is not known, quantity and amount must do. */
function lineLikeness({ document, itemIds }: Sought, { lines }: LedgerSale): Part {
  const left = lines.map((line) => ({
    item: line.itemId,
    rest: `${line.amount}|${line.quantity === null ? '' : plain(line.quantity)}`,
  }))
  let same = 0
  for (const [index, line] of document.lines.entries()) {
    const item = itemIds[index] ?? null
    const rest = `${line.amount}|${plain(line.quantity)}`
    const at = left.findIndex((their) => their.rest === rest && (item === null || their.item === item))
    if (at < 0) continue
    left.splice(at, 1)
    same += 1
  }
  const all = document.lines.length + lines.length
  const words = `${same} of ${document.lines.length} lines, which has ${lines.length}`
  return { part: all === 0 ? 0 : (2 * same) / all, words }
}

function creationLikeness(workedOnAt: string[], createdAt: string | undefined): Part {
  const times = workedOnAt.map((at) => Date.parse(at)).filter((at) => at > 0)
  if (createdAt === undefined || times.length === 0)
    return { part: UNKNOWN_PART, isUnknown: true, words: 'time of creation against the log is not known' }
  const seconds = Math.min(...times.map((at) => Math.abs(Date.parse(createdAt) - at) / 1000))
  const step = CREATION_STEPS.find((one) => seconds <= one.seconds)
  return { part: step?.part ?? 0, words: `created ${inWords(seconds)} from when the log was written` }
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}
