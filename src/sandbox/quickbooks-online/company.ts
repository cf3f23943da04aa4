import type { Sandbox } from '../context.ts'
import type { Table } from '../store.ts'
import type { Fields } from './json-text.ts'
import { money } from './json-text.ts'
import type { QuickBooksOnlineSettings } from './settings.ts'
import { dayOf, millisecondStamp, secondStamp } from './time.ts'

/** A record as it is kept: like an answer, with decimals as text. */
export type QuickBooksRecord = Fields & { Id: string; SyncToken: string }

/** One thing that happened to a record, for webhooks. */
export interface Change {
  entity: string
  id: string
  operation: 'Create' | 'Update' | 'Delete' | 'Void'
}

type DeletedRecord = { Id: string; entity: string; recordId: string; deletedAt: string }

/** One QuickBooks company on the sandbox's store: its records, its numbering, its clock and its switches. */
export class Company {
  readonly sandbox: Sandbox
  readonly settings: QuickBooksOnlineSettings
  readonly realmId: string
  /** Told of every change; the webhook sender listens. */
  onChange: (change: Change) => void = () => {}

  constructor({
    sandbox,
    settings,
    realmId,
  }: { sandbox: Sandbox; settings: QuickBooksOnlineSettings; realmId: string }) {
    this.sandbox = sandbox
    this.settings = settings
    this.realmId = realmId
  }

  table(entityName: string): Table<QuickBooksRecord> {
    return this.sandbox.store.table<QuickBooksRecord>(`qbo.${entityName}`)
  }

  get(entityName: string, id: string): QuickBooksRecord | undefined {
    return this.table(entityName).get(id)
  }

  /** The records whose unique name is this one, in any case. */
  named({ entityName, field, name }: { entityName: string; field: string; name: string }): QuickBooksRecord[] {
    return this.table(entityName)
      .index(`by ${field}`, (record) => (typeof record[field] === 'string' ? record[field].toLowerCase() : undefined))
      .get(name.toLowerCase())
  }

  numbered({ entityName, docNumber }: { entityName: string; docNumber: string }): QuickBooksRecord[] {
    return this.table(entityName)
      .index('by DocNumber', (record) => (typeof record.DocNumber === 'string' ? record.DocNumber : undefined))
      .get(docNumber)
  }

  ofCustomer({ entityName, customerId }: { entityName: string; customerId: string }): QuickBooksRecord[] {
    return this.table(entityName)
      .index('by CustomerRef', (record) => refValue(record.CustomerRef))
      .get(customerId)
  }

  /** The next number of a sequence, as text. */
  nextNumber(sequence: string): string {
    const counter = this.sandbox.store.value<number>(`qbo.next.${sequence}`)
    const number = counter.get() ?? 1
    counter.set(number + 1)
    return String(number)
  }

  /** Lifts a sequence over a number that a seed has taken. */
  skipNumber({ sequence, number }: { sequence: string; number: string }): void {
    const counter = this.sandbox.store.value<number>(`qbo.next.${sequence}`)
    const taken = Number(number)
    if (Number.isSafeInteger(taken) && taken >= (counter.get() ?? 1)) counter.set(taken + 1)
  }

  put({ entityName, record }: { entityName: string; record: QuickBooksRecord }): void {
    const previous = this.get(entityName, record.Id)
    this.table(entityName).put(record)
    this.#moveBalance({ entityName, previous, next: record })
  }

  remove({ entityName, record }: { entityName: string; record: QuickBooksRecord }): void {
    this.table(entityName).delete(record.Id)
    const deleted = this.sandbox.store.table<DeletedRecord>('qbo.Deleted')
    const deletedAt = this.second()
    deleted.put({ Id: `${entityName}:${record.Id}`, entity: entityName, recordId: record.Id, deletedAt })
    this.#moveBalance({ entityName, previous: record, next: undefined })
  }

  deleted(): IterableIterator<DeletedRecord> {
    return this.sandbox.store.table<DeletedRecord>('qbo.Deleted').all()
  }

  /** The record with a new SyncToken and LastUpdatedTime: what every change does to it. */
  touched(record: QuickBooksRecord): QuickBooksRecord {
    const created = (record.MetaData as Fields | undefined)?.CreateTime ?? this.second()
    return {
      ...record,
      SyncToken: String(Number(record.SyncToken) + 1),
      MetaData: { CreateTime: created, LastUpdatedTime: this.second() },
    }
  }

  second(): string {
    return secondStamp(this.sandbox.clock.now())
  }

  millisecond(): string {
    return millisecondStamp(this.sandbox.clock.now())
  }

  today(): string {
    return dayOf(this.sandbox.clock.now())
  }

  /** A customer's balance follows his documents; it bumps LastUpdatedTime but not the SyncToken, as recorded. */
  #moveBalance({ entityName, previous, next }: Move): void {
    for (const [record, sign] of [
      [previous, -1],
      [next, 1],
    ] as const) {
      const open = record && openAmount({ entityName, record }).times(sign)
      const customer = open && !open.isZero() ? this.get('Customer', refValue(record.CustomerRef) ?? '') : undefined
      if (!open || !customer) continue
      const created = (customer.MetaData as Fields | undefined)?.CreateTime
      this.table('Customer').put({
        ...customer,
        Balance: money(customer.Balance).plus(open).toFixed(),
        BalanceWithJobs: money(customer.BalanceWithJobs).plus(open).toFixed(),
        MetaData: { CreateTime: created, LastUpdatedTime: this.second() },
      })
    }
  }
}

interface Move {
  entityName: string
  previous: QuickBooksRecord | undefined
  next: QuickBooksRecord | undefined
}

/** What a document leaves the customer owing: credit memos and unapplied payments lower it. */
function openAmount({ entityName, record }: { entityName: string; record: QuickBooksRecord }) {
  if (entityName === 'Invoice') return money(record.Balance)
  if (entityName === 'CreditMemo') return money(record.RemainingCredit).negated()
  if (entityName === 'Payment') return money(record.UnappliedAmt).negated()
  return money(0)
}

/** The Id inside a reference such as `{"value":"1","name":"…"}`. */
export function refValue(reference: unknown): string | undefined {
  const value = (reference as { value?: unknown } | undefined)?.value
  return value === undefined || value === null ? undefined : String(value)
}
