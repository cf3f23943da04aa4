import { MIRRORED, type MirrorDraft, MirrorEntity, type MirroredEntity } from '../../domain/mirror.ts'
import { decimal, type Money, money } from '../../domain/money.ts'
import type { LedgerRecord } from '../ledger.ts'
import { isNumberLiteral, membersOf, readJsonByValue, writeJson } from './exact-json.ts'
import { type EntityName, readRecord } from './records.ts'

interface Source {
  /** What QuickBooks calls it. */
  name: string
  /** The field that names it, for lists. */
  label?: string
  /** Inactive records of it are hidden from a query. */
  hides?: true
  /** A company has one of it. */
  single?: true
  /** Change data capture does not tell of it. */
  uncaptured?: true
  /** The field that names the customer or the vendor. */
  party?: string
}

/** What is mirrored, in QuickBooks' words. */
export const SOURCES: Readonly<Record<MirroredEntity, Source>> = {
  CUSTOMER: { name: 'Customer', label: 'DisplayName', hides: true, party: 'ParentRef' },
  INVOICE: { name: 'Invoice', party: 'CustomerRef' },
  PAYMENT: { name: 'Payment', party: 'CustomerRef' },
  VENDOR: { name: 'Vendor', label: 'DisplayName', hides: true },
  BILL: { name: 'Bill', party: 'VendorRef' },
  ITEM: { name: 'Item', label: 'Name', hides: true },
  ACCOUNT: { name: 'Account', label: 'Name', hides: true },
  CREDIT_MEMO: { name: 'CreditMemo', party: 'CustomerRef' },
  REFUND_RECEIPT: { name: 'RefundReceipt', party: 'CustomerRef' },
  TAX_CODE: { name: 'TaxCode', label: 'Name', hides: true, uncaptured: true },
  TAX_RATE: { name: 'TaxRate', label: 'Name', hides: true, uncaptured: true },
  TERM: { name: 'Term', label: 'Name', hides: true },
  COMPANY_INFO: { name: 'CompanyInfo', label: 'CompanyName', single: true, uncaptured: true },
  PREFERENCES: { name: 'Preferences', single: true, uncaptured: true },
}

export const CAPTURED: readonly MirroredEntity[] = MIRRORED.filter((entity) => !SOURCES[entity].uncaptured)

/** The kind of that name, in any case; null for one that is not mirrored. */
export function kindNamed(name: string): MirroredEntity | null {
  return MIRRORED.find((entity) => SOURCES[entity].name.toLowerCase() === name.toLowerCase()) ?? null
}

/** Reads a record of an answer; null when it is none. Values that cannot be read are left out: the raw record has them. */
export function draftOf({ entity, json }: { entity: MirroredEntity; json: unknown }): MirrorDraft | null {
  const fields = membersOf(json)
  const quickBooksId = textOf(fields.Id)
  if (!quickBooksId) return null
  const { label, party } = SOURCES[entity]
  const syncToken = /^\d{1,9}$/.test(String(fields.SyncToken)) ? Number(fields.SyncToken) : null
  return {
    entity,
    quickBooksId,
    deleted: fields.status === 'Deleted',
    syncToken,
    changedAt: instantOf(membersOf(fields.MetaData).LastUpdatedTime),
    active: fields.Active !== false,
    number: textOf(fields.DocNumber) ?? textOf(fields.PaymentRefNum) ?? textOf(fields.Sku),
    name: label ? textOf(fields[label]) : null,
    partyId: party ? textOf(membersOf(fields[party]).value) : null,
    date: textOf(fields.TxnDate)?.slice(0, 10) ?? null,
    total: amountOf(fields.TotalAmt ?? fields.UnitPrice),
    balance: amountOf(fields.Balance ?? fields.UnappliedAmt ?? fields.CurrentBalance),
    raw: writeJson(json),
  }
}

/** The record in canonical words; null for a kind that postings neither become nor name. */
export function recordOf({ entity, raw }: Pick<MirrorDraft, 'entity' | 'raw'>): LedgerRecord | null {
  const name = READABLE.get(entity)
  return name ? readRecord({ entity: name, json: readJsonByValue(raw) }) : null
}

const READABLE = new Map<MirroredEntity, EntityName>([
  [MirrorEntity.INVOICE, 'Invoice'],
  [MirrorEntity.CREDIT_MEMO, 'CreditMemo'],
  [MirrorEntity.REFUND_RECEIPT, 'RefundReceipt'],
  [MirrorEntity.PAYMENT, 'Payment'],
  [MirrorEntity.CUSTOMER, 'Customer'],
  [MirrorEntity.ITEM, 'Item'],
  [MirrorEntity.ACCOUNT, 'Account'],
])

export function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

/** A time of an answer, in UTC; null for anything else. */
export function instantOf(value: unknown): string | null {
  const text = textOf(value)
  return text && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : null
}

/** An amount in whole cents; null for what has more digits, which is no amount of a document. */
export function amountOf(value: unknown): Money | null {
  return isNumberLiteral(value) && decimal(value.rawJSON).decimalPlaces() <= 2 ? money(value.rawJSON) : null
}
