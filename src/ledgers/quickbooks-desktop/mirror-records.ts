import { type MirrorDraft, MirrorEntity, type MirroredEntity } from '../../domain/mirror.ts'
import { decimal, type Money, money, sum, ZERO } from '../../domain/money.ts'
import type { LedgerRecord } from '../ledger.ts'
import { type Element, textAt } from './read-xml.ts'
import { readRecord } from './records.ts'
import type { Reading } from './txn-records.ts'

/** What is mirrored of a company file, in QuickBooks' words. */
export const SOURCES = {
  [MirrorEntity.INVOICE]: { query: 'InvoiceQuery', ret: 'InvoiceRet', deleted: 'Invoice' },
  [MirrorEntity.PAYMENT]: { query: 'ReceivePaymentQuery', ret: 'ReceivePaymentRet', deleted: 'ReceivePayment' },
  [MirrorEntity.CREDIT_MEMO]: { query: 'CreditMemoQuery', ret: 'CreditMemoRet', deleted: 'CreditMemo' },
} as const

export type DesktopEntity = keyof typeof SOURCES

export const KINDS = Object.keys(SOURCES) as DesktopEntity[]

export function isMirrored(entity: MirroredEntity): entity is DesktopEntity {
  return entity in SOURCES
}

/** Reads a record of an answer, also the news that one was deleted; null when it is of no kind that is mirrored. */
export function draftOf(element: Element): MirrorDraft | null {
  const quickBooksId = textAt(element, 'TxnID')
  if (!quickBooksId) return null
  if (element.name === 'TxnDeletedRet') {
    const entity = KINDS.find((one) => SOURCES[one].deleted === textAt(element, 'TxnDelType'))
    return entity === undefined ? null : { ...NOTHING, entity, quickBooksId, deleted: true, active: false, raw: '{}' }
  }
  const entity = KINDS.find((one) => SOURCES[one].ret === element.name)
  if (entity === undefined) return null
  return {
    entity,
    quickBooksId,
    deleted: false,
    syncToken: tokenOf(textAt(element, 'EditSequence')),
    changedAt: instantOf(textAt(element, 'TimeModified')),
    active: true,
    number: textAt(element, 'RefNumber') ?? null,
    name: null,
    partyId: textAt(element, 'CustomerRef', 'ListID') ?? null,
    date: textAt(element, 'TxnDate') ?? null,
    total: amountOf(textAt(element, 'TotalAmount')) ?? invoiceTotalOf(element),
    balance: amountOf(
      textAt(element, 'UnusedPayment') ?? textAt(element, 'CreditRemaining') ?? textAt(element, 'BalanceRemaining'),
    ),
    raw: JSON.stringify(jsonOf(element)),
  }
}

/** An invoice names no total: it is what was sold and the tax on it. */
function invoiceTotalOf(element: Element): Money | null {
  const subtotal = amountOf(textAt(element, 'Subtotal'))
  return subtotal === null ? null : sum([subtotal, amountOf(textAt(element, 'SalesTaxTotal')) ?? ZERO])
}

/** A mirrored record in canonical words; null for a kind that postings never become. */
export function recordOf({ entity, raw }: Pick<MirrorDraft, 'entity' | 'raw'>, reading: Reading): LedgerRecord | null {
  if (entity !== MirrorEntity.INVOICE) return null
  return readRecord(elementOf(SOURCES[entity].ret, JSON.parse(raw) as Json), reading)
}

const NOTHING = {
  ...{ syncToken: null, changedAt: null, number: null, name: null, partyId: null, date: null },
  ...{ total: null, balance: null },
}

/** The edit sequence grows with each change; one that is no number of ours is left to the time of the change. */
function tokenOf(text: string | undefined): number | null {
  const token = /^\d{1,10}$/.test(text ?? '') ? Number(text) : null
  return token !== null && token < 2 ** 31 ? token : null
}

/** A time with its offset; null for anything else. */
export function instantOf(text: string | undefined): string | null {
  return text === undefined || Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString()
}

/** An amount in whole cents; null for anything else. */
export function amountOf(text: unknown): Money | null {
  if (typeof text !== 'string' || !/^[+-]?\d{1,15}(\.\d+)?$/.test(text)) return null
  return decimal(text).decimalPlaces() <= 2 ? money(text) : null
}

type Json = string | { [name: string]: Json | Json[] }

/** The elements of a record by their names; those of a name that comes more than once, as a list. */
function jsonOf(element: Element): Json {
  if (element.of.length === 0) return element.text
  const fields: { [name: string]: Json | Json[] } = {}
  for (const [name, all] of Map.groupBy(element.of, (inner) => inner.name)) {
    const [first, ...others] = all
    if (first) fields[name] = others.length === 0 ? jsonOf(first) : all.map(jsonOf)
  }
  return fields
}

/** The way back from `jsonOf`. Elements of one name keep their order; which name came first is of no meaning in a record. */
function elementOf(name: string, json: Json): Element {
  if (typeof json === 'string') return { name, attributes: {}, text: json, of: [] }
  const of = Object.entries(json).flatMap(([inner, value]) => [value].flat().map((one) => elementOf(inner, one)))
  return { name, attributes: {}, text: '', of }
}
