// Create, update, delete and void, the same steps for every kind: form, references, merging, completion, the rules that
// hold for all (numbers, names, closed periods, SyncTokens), and only then the books. Everything is checked before
// anything is written, and nothing here waits, so a write is whole or not at all.
import type { Company, QuickBooksRecord } from './company.ts'
import { completeDeposit, completeExpense, completeJournal, markDeposited } from './complete-books.ts'
import { completeAccount, completeItem, completeList, completePerson } from './complete-names.ts'
import { completeSale } from './complete-sale.ts'
import { type Completed, type Draft, inAnswerOrder } from './draft.ts'
import type { Entity } from './entity.ts'
import type { Family } from './entity-spec.ts'
import {
  businessRule,
  deposited,
  duplicateDocNumber,
  duplicateName,
  objectNotFound,
  periodClosed,
  requiredMissing,
  staleObject,
  subscriptionLapsed,
  unsupportedOperation,
} from './fault.ts'
import { type Fields, isFields, type Json } from './json-text.ts'
import { completePayment, releaseDocument, releasePayment } from './payment-applications.ts'
import { secondStamp } from './time.ts'
import { requireFields, resolveReferences, validateForm, validateId } from './validate.ts'

const completions: Record<Family, (draft: Draft) => Completed> = {
  sale: completeSale,
  payment: completePayment,
  expense: completeExpense,
  journal: completeJournal,
  deposit: completeDeposit,
  person: completePerson,
  item: completeItem,
  account: completeAccount,
  list: completeList,
  company: ({ fields }) => ({ fields }),
}

export interface Write {
  company: Company
  entity: Entity
  body: Fields
  /** `include=allowduplicatedocnum`. */
  allowDuplicateDocNumber?: boolean
  /** The Id and the time a seeded record has; others draw theirs. */
  seeded?: { id?: string; at: Date }
}

/** What a client may send back but never set. */
const settledByQuickBooks = [
  'domain',
  'sparse',
  'status',
  'Id',
  'SyncToken',
  'MetaData',
  'Balance',
  'BalanceWithJobs',
  'UnappliedAmt',
  'RemainingCredit',
  'FullyQualifiedName',
  'CurrentBalance',
  'CurrentBalanceWithSubAccounts',
  'Classification',
]

/** Creates a record and answers it. Throws a QuickBooksFault. */
export function createRecord(write: Write): QuickBooksRecord {
  const { company, entity, body } = write
  if (!entity.can.create) throw unsupportedOperation(`create ${entity.name}`)
  checkSubscription(company)
  validateForm({ entity, body })
  requireFields({ entity, fields: body })
  const sent = withoutBlank(withoutSettled(resolveReferences({ company, entity, body })))
  const draft = { company, entity, id: '', fields: sent, sent, previous: undefined }
  numberDocument({ draft, write })
  checkPeriod({ company, day: sent.TxnDate ?? company.today(), entity })
  const fields = draft.fields
  // The Id is drawn last, so that a refused document leaves no gap; payments need it for their links afterwards.
  const dry = completions[entity.family]({ ...draft, fields })
  checkName({ company, entity, fields: dry.fields, id: undefined })
  const id = write.seeded?.id ?? company.nextNumber(entity.sequence)
  company.skipNumber({ sequence: entity.sequence, number: id })
  const { fields: completed, afterwards } =
    entity.family === 'payment' || entity.family === 'deposit'
      ? completions[entity.family]({ ...draft, id, fields })
      : dry
  const now = write.seeded ? secondStamp(write.seeded.at) : company.second()
  const record = finished({
    entity,
    fields: { ...completed, Id: id, SyncToken: '0', MetaData: { CreateTime: now, LastUpdatedTime: now } },
  })
  company.put({ entityName: entity.name, record })
  afterwards?.()
  company.onChange({ entity: entity.name, id, operation: 'Create' })
  return company.get(entity.name, id) ?? record
}

/** Updates a record: sparse keeps what was not sent, a full update erases it. */
export function updateRecord(write: Write): QuickBooksRecord {
  const { company, entity, body } = write
  if (!entity.can.update) throw unsupportedOperation(`update ${entity.name}`)
  checkSubscription(company)
  validateForm({ entity, body })
  const previous = current(write)
  if (isDeposited(previous)) throw deposited()
  const sent = withoutSettled(resolveReferences({ company, entity, body }))
  const isSparse = body.sparse === true || body.sparse === 'true'
  const fields = isSparse ? withoutBlank({ ...previous, ...sent }) : { ...kept(previous), ...withoutBlank(sent) }
  requireFields({ entity, fields })
  const draft = { company, entity, id: previous.Id, fields, sent, previous }
  numberDocument({ draft, write })
  checkPeriod({ company, day: previous.TxnDate, entity })
  checkPeriod({ company, day: fields.TxnDate, entity })
  const { fields: completed, afterwards } = completions[entity.family](draft)
  checkName({ company, entity, fields: completed, id: previous.Id })
  const record = finished({
    entity,
    fields: company.touched({
      ...completed,
      Id: previous.Id,
      SyncToken: previous.SyncToken,
      MetaData: previous.MetaData,
    }),
  })
  company.put({ entityName: entity.name, record })
  afterwards?.()
  company.onChange({ entity: entity.name, id: record.Id, operation: 'Update' })
  return company.get(entity.name, record.Id) ?? record
}

/** Deletes a document; what it was linked to is released. Names cannot be deleted, only made inactive. */
export function deleteRecord(write: Write): Fields {
  const { company, entity } = write
  if (!entity.can.delete) throw unsupportedOperation(`delete ${entity.name}`)
  checkSubscription(company)
  const record = current(write)
  if (isDeposited(record)) throw deposited()
  checkPeriod({ company, day: record.TxnDate, entity })
  if (entity.family === 'payment') releasePayment({ company, payment: record })
  if (entity.family === 'deposit')
    markDeposited({ company, links: linksOfLines(record), depositId: record.Id, isDeposited: false })
  if (entity.family === 'sale') releaseDocument({ company, type: entity.name, id: record.Id })
  company.remove({ entityName: entity.name, record: company.get(entity.name, record.Id) ?? record })
  company.onChange({ entity: entity.name, id: record.Id, operation: 'Delete' })
  return { domain: 'QBO', status: 'Deleted', Id: record.Id }
}

/** Voids a document: every amount becomes 0 and the private note says so; there is no status field. */
export function voidRecord(write: Write): QuickBooksRecord {
  const { company, entity } = write
  if (!entity.can.void) throw unsupportedOperation(`void ${entity.name}`)
  checkSubscription(company)
  const record = current(write)
  if (isDeposited(record)) throw deposited()
  checkPeriod({ company, day: record.TxnDate, entity })
  if (entity.family === 'sale' && linksOf(record).some((link) => isFields(link) && link.TxnType === 'Payment')) {
    throw businessRule('This transaction has payments applied to it. Remove them before you void it.')
  }
  if (entity.family === 'payment') releasePayment({ company, payment: record })
  const voided = finished({ entity, fields: company.touched(zeroed(record)) })
  company.put({ entityName: entity.name, record: voided })
  company.onChange({ entity: entity.name, id: record.Id, operation: 'Void' })
  return voided
}

/** Reads by Id. Throws 2030 for what cannot be an Id and 610 for what is not there. */
export function readRecord({
  company,
  entity,
  id,
}: {
  company: Company
  entity: Entity
  id: string
}): QuickBooksRecord {
  validateId({ name: 'Id', value: id })
  const record = company.get(entity.name, id)
  if (!record) throw objectNotFound()
  return record
}

/** The record a change names, when its SyncToken is the current one. Throws 2020, 2030, 610 or 5010. */
function current({ company, entity, body }: Write): QuickBooksRecord {
  const missing = ['Id', 'SyncToken'].filter((name) => body[name] === undefined || body[name] === '')
  if (missing.length > 0) throw requiredMissing(missing)
  const record = readRecord({ company, entity, id: String(body.Id) })
  if (String(body.SyncToken) !== record.SyncToken) throw staleObject()
  return record
}

function numberDocument({ draft, write }: { draft: Draft; write: Write }): void {
  const { company, entity, fields, previous } = draft
  if (!entity.hasDocNumber) return
  if (!company.settings.customTxnNumbers) {
    const drawn = previous?.DocNumber ?? nextDocNumber({ company, entity })
    draft.fields = { ...fields, DocNumber: drawn }
    return
  }
  const docNumber = fields.DocNumber
  if (typeof docNumber !== 'string' || write.allowDuplicateDocNumber || docNumber === previous?.DocNumber) return
  const other = company.numbered({ entityName: entity.name, docNumber }).find((record) => record.Id !== previous?.Id)
  if (other) throw duplicateDocNumber({ docNumber, type: entity.name, id: other.Id })
}

function nextDocNumber({ company, entity }: { company: Company; entity: Entity }): string {
  for (;;) {
    const docNumber = String(1000 + Number(company.nextNumber('DocNumber')))
    if (company.numbered({ entityName: entity.name, docNumber }).length === 0) return docNumber
  }
}

function checkName({
  company,
  entity,
  fields,
  id,
}: {
  company: Company
  entity: Entity
  fields: Fields
  id: string | undefined
}): void {
  if (!entity.uniqueName) return
  const { field, among } = entity.uniqueName
  const name = String(fields[field] ?? '')
  for (const entityName of among) {
    const others = company.named({ entityName, field, name })
    if (others.some((other) => entityName !== entity.name || other.Id !== id)) throw duplicateName()
  }
}

function checkPeriod({ company, day, entity }: { company: Company; day: Json | undefined; entity: Entity }): void {
  const closed = company.settings.bookCloseDate
  if (closed === '' || !entity.fields.has('TxnDate') || String(day).slice(0, 10) > closed) return
  throw periodClosed({ withPassword: company.settings.bookCloseHasPassword })
}

function checkSubscription(company: Company): void {
  if (!company.settings.subscriptionActive) throw subscriptionLapsed()
}

const withoutSettled = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !settledByQuickBooks.includes(name)))

const withoutBlank = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== ''))

const kept = ({ Id, MetaData, LinkedTxn, Active }: QuickBooksRecord): Fields => ({ Id, MetaData, LinkedTxn, Active })

function finished({ entity, fields }: { entity: Entity; fields: Fields }): QuickBooksRecord {
  return inAnswerOrder({ entity, fields: { ...fields, domain: 'QBO', sparse: false } }) as QuickBooksRecord
}

const linksOf = (record: Fields): Json[] => (Array.isArray(record.LinkedTxn) ? record.LinkedTxn : [])

const linksOfLines = (record: Fields): Json[] =>
  (Array.isArray(record.Line) ? record.Line : []).flatMap((line) => (isFields(line) ? linksOf(line) : []))

const isDeposited = (record: Fields): boolean =>
  linksOf(record).some((link) => isFields(link) && link.TxnType === 'Deposit')

function zeroed(record: QuickBooksRecord): QuickBooksRecord {
  const note = record.PrivateNote
  const lines = Array.isArray(record.Line) ? record.Line.filter(isFields) : []
  const zero: Fields = { PrivateNote: typeof note === 'string' && note !== '' ? `Voided - ${note}` : 'Voided' }
  for (const name of ['TotalAmt', 'Balance', 'UnappliedAmt', 'Deposit'])
    if (record[name] !== undefined) zero[name] = '0'
  if (record.TxnTaxDetail !== undefined) zero.TxnTaxDetail = { TotalTax: '0' }
  // A payment's lines are nothing but its parts, and those are gone.
  zero.Line = record.UnappliedAmt !== undefined ? [] : lines.map(zeroedLine)
  return { ...record, ...zero }
}

function zeroedLine(line: Fields): Fields {
  const detail = line.SalesItemLineDetail
  const zero: Fields = { ...line }
  if (line.Amount !== undefined) zero.Amount = '0'
  if (isFields(detail) && detail.Qty !== undefined) zero.SalesItemLineDetail = { ...detail, Qty: '0' }
  return zero
}
