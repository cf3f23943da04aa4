import { ExchangePurpose } from '../../domain/kinds.ts'
import type { LinkKind } from '../../domain/link.ts'
import type { LedgerRequest, LookUp } from '../ledger.ts'
import { ENTITIES } from './records.ts'

/** QuickBooks returns at most this many rows of a query; an answer with so many may be cut off. */
export const queryRowsMax = 1000

interface Question {
  columns: Partial<Record<LookUp['by'], string>>
  /** QuickBooks hides inactive records unless it is told. */
  andInactive?: true
  /** Records that postings become: whether they are there settles what was sent. */
  settles?: true
}

const DOCUMENT: Question = { columns: { NUMBER: 'DocNumber', ID: 'Id' }, settles: true }
const LISTED: Question = { columns: { NAME: 'Name' } }

/** What is asked, and by which column. A payment's number is its reference, which several may share. */
const QUESTIONS: Readonly<Record<LinkKind, Question>> = {
  INVOICE: DOCUMENT,
  CREDIT_MEMO: DOCUMENT,
  REFUND: DOCUMENT,
  PAYMENT: { columns: { NUMBER: 'PaymentRefNum', ID: 'Id' }, settles: true },
  CUSTOMER: { columns: { NAME: 'DisplayName', ID: 'Id', EMAIL: 'PrimaryEmailAddr' }, andInactive: true, settles: true },
  ITEM: { ...LISTED, settles: true },
  ACCOUNT: LISTED,
  TAX_CODE: LISTED,
  TERM: LISTED,
  PAYMENT_METHOD: LISTED,
}

/** Whether records of a kind can be asked for so. */
export function answers({ entity, by }: Pick<LookUp, 'entity' | 'by'>): boolean {
  return QUESTIONS[entity].columns[by] !== undefined
}

/** Puts a look-up into a query. Throws when QuickBooks has no column for it, which `answers` says before. */
export function query({ entity, by, values }: LookUp): LedgerRequest {
  const { columns, andInactive, settles } = QUESTIONS[entity]
  const column = columns[by]
  if (column === undefined) throw new RangeError(`QuickBooks Online does not look up ${entity} by ${by}`)
  const name = ENTITIES[entity]
  const list = values.map((value) => `'${escapeText(value)}'`).join(',')
  const inactive = andInactive ? ' AND Active IN (true,false)' : ''
  return {
    purpose: settles ? ExchangePurpose.LOOK_UP : ExchangePurpose.PULL,
    operation: `query ${name}`,
    request: `SELECT * FROM ${name} WHERE ${column} IN (${list})${inactive} MAXRESULTS ${queryRowsMax}`,
  }
}

/** An apostrophe is escaped by a backslash; a doubled one does not parse. */
function escapeText(value: string): string {
  return value.replace(/[\\']/g, '\\$&')
}
