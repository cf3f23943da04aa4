import { sql } from 'kysely'
import type { Connection } from '../../src/domain/connection.ts'
import { Posting } from '../../src/domain/posting.ts'
import type { StoredExchange } from '../../src/ledgers/ledger.ts'
import type { Database } from '../../src/storage/database.ts'
import type { Road } from '../../src/sync/road.ts'
import type { RunningSandbox } from '../sandbox/spawn.ts'

export type Fields = Record<string, unknown> & { Id: string }

export interface PlayedInvoice extends Fields {
  DocNumber: string
  TotalAmt: unknown
  CustomerRef: { value: string }
}

/** The log row's statuses by the CRM's ids, as the facts of the tenant give them. */
const statusNames: Record<string, string> = {
  'c97db3bc-634d-4c90-8432-ec7141c87640': 'Pending',
  'fc2a1755-cdb8-43ec-a637-cdbcb6ef4bef': 'Processing',
  'e7428193-4cf1-4d1b-abae-00e93ab5e1c5': 'Processed',
  'bdfc60c7-55fd-4cbd-9a2c-dca2def46d80': 'Error',
  'ff92e20c-da27-4255-96bc-57e32f0944f4': 'Re-Process',
}

export type StatusName = 'Pending' | 'Processing' | 'Processed' | 'Error' | 'Re-Process'

const statusIds = Object.fromEntries(Object.entries(statusNames).map(([id, name]) => [name, id]))

const actions = {
  Insert: 'facb63c3-3599-4cb5-b86d-179b0636a3cb',
  Update: '9065a18f-7c4c-49fb-a9ec-4f6f9d342c43',
  Delete: '1569077b-41ca-4267-b07c-96277fa979fc',
}
const customerOrder = '14535998-d4c0-45ac-bbac-8c0185bfcc1a'
const logTable = 'creatio.BGQuickBooksIntegrationLogDetail'

/** What the CRM, QuickBooks and our own database say of the same orders, each asked of its owner. */
export class Books {
  readonly #database: Database
  readonly #sandbox: RunningSandbox
  #rowsMade = 0

  constructor({ database, sandbox }: { database: Database; sandbox: RunningSandbox }) {
    this.#database = database
    this.#sandbox = sandbox
  }

  /** A table's records; none where the table has not been needed yet. */
  async records<T extends Fields = Fields>(table: string): Promise<T[]> {
    const tables = await this.counts()
    return tables[table] === undefined ? [] : this.#sandbox.fetchControl<T[]>(`/records/${table}`)
  }

  /** All orders of the CRM, the first made first. */
  async orders(): Promise<Fields[]> {
    const orders = await this.records('creatio.Order')
    return orders.sort((a, b) => String(a.Number).localeCompare(String(b.Number)))
  }

  invoices(): Promise<PlayedInvoice[]> {
    return this.records<PlayedInvoice>('qbo.Invoice')
  }

  async counts(): Promise<Record<string, number>> {
    return this.#sandbox.fetchControl<Record<string, number>>('/tables')
  }

  /** Changes a record behind the system's back, as a person at the table would. */
  async change(table: string, id: string, fields: Record<string, unknown>): Promise<void> {
    await this.#sandbox.fetchControl(`/records/${table}/${id}`, { method: 'PATCH', body: fields })
  }

  async put(table: string, fields: Fields): Promise<void> {
    await this.#sandbox.fetchControl(`/records/${table}/${fields.Id}`, { method: 'PUT', body: fields })
  }

  async remove(table: string, id: string): Promise<void> {
    await this.#sandbox.fetchControl(`/records/${table}/${id}`, { method: 'DELETE' })
  }

  /** What the CRM's log says of an order, oldest row first. */
  async logRows(orderId: string): Promise<{ id: string; status: string; message: string }[]> {
    const rows = await this.records(logTable)
    return rows
      .filter((row) => row.BGRecordId === orderId)
      .sort((a, b) => String(a.CreatedOn).localeCompare(String(b.CreatedOn)))
      .map((row) => ({
        id: row.Id,
        status: statusNames[String(row.BGStatusId)] ?? String(row.BGStatusId),
        message: String(row.BGErrorMessage ?? ''),
      }))
  }

  /** Sets the status of a log row, as a person in the CRM does. */
  async setStatus(rowId: string, status: StatusName): Promise<void> {
    await this.change(logTable, rowId, {
      BGStatusId: statusIds[status],
      ModifiedOn: new Date(Date.now() + 1000 + this.#rowsMade++).toISOString(),
    })
  }

  /** Sells once more what an order sold, under a number of its own, with a log row that asks for it. */
  async orderAgain(order: Fields, { number }: { number: string }): Promise<void> {
    const copy = {
      ...order,
      Id: crypto.randomUUID(),
      Number: number,
      BGNumberInvoice: number.replace('ORD-', ''),
      BGQuickBooksId: '',
    }
    await this.put('creatio.Order', copy)
    for (const line of await this.records('creatio.OrderProduct')) {
      if (line.OrderId !== order.Id) continue
      await this.put('creatio.OrderProduct', { ...line, Id: crypto.randomUUID(), OrderId: copy.Id })
    }
    await this.addLogRow(copy, { action: 'Insert' })
  }

  /** Writes one more log row for an order; gives its id. */
  async addLogRow(order: Fields, { action = 'Update' }: { action?: keyof typeof actions } = {}): Promise<string> {
    const [pattern] = await this.records(logTable)
    const at = new Date(Date.now() + this.#rowsMade++).toISOString()
    const id = crypto.randomUUID()
    await this.put(logTable, {
      ...pattern,
      Id: id,
      CreatedOn: at,
      ModifiedOn: at,
      BGName: order.Number,
      BGTypeId: customerOrder,
      BGActionId: actions[action],
      BGStatusId: statusIds.Pending,
      BGRecordId: order.Id,
      BGErrorMessage: '',
    })
    return id
  }

  postings(): Promise<Posting[]> {
    return this.#database.entities(Posting, sql`select * from posting order by id`)
  }

  async invoicePostings(): Promise<Posting[]> {
    return (await this.postings()).filter(({ kind }) => kind === 'INVOICE')
  }

  async posting(orderNumber: unknown): Promise<Posting> {
    const found = (await this.invoicePostings()).filter((posting) => posting.orderNumber === orderNumber)
    if (!found[0] || found.length > 1) throw new Error(`order ${orderNumber} has ${found.length} postings`)
    return found[0]
  }

  /** How many postings stand in each state, with the reason where there is one: `FAILED ITEM_NOT_FOUND`. */
  async states(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { state, reasonCode } of await this.invoicePostings()) {
      const key = reasonCode ? `${state} ${reasonCode}` : state
      counts[key] = (counts[key] ?? 0) + 1
    }
    return counts
  }

  /** Gives orders to a customer that QuickBooks has, or has not. */
  async giveTo(orders: Fields[], which: 'known' | 'new'): Promise<Fields> {
    const known = new Set((await this.records('qbo.Customer')).map(({ DisplayName }) => DisplayName))
    const accounts = await this.records('creatio.Account')
    const account = accounts.find(({ BGQBName }) => known.has(BGQBName) === (which === 'known'))
    if (!account) throw new Error(`there is no ${which} customer`)
    for (const { Id } of orders) await this.change('creatio.Order', Id, { AccountId: account.Id })
    return account
  }

  /** Sends the last batch of creates to QuickBooks once more, as one that was late on its way would arrive. */
  async replayCreates(story: {
    sandbox: RunningSandbox
    road: { ledgerOf: Road['ledgerOf'] }
    connection: Connection
  }) {
    const rows = await this.#database.rows(sql<Omit<StoredExchange, 'idempotencyKey'> & { idempotency_key: string }>`
      select id, position, purpose, operation, request, idempotency_key from exchange where purpose = 'POST' order by position`)
    const ledger = story.road.ledgerOf(story.connection)
    const exchanges = rows.map(({ idempotency_key, ...row }) => ({ ...row, idempotencyKey: idempotency_key }))
    for (const envelope of ledger.pack(exchanges)) await ledger.send(envelope)
  }

  /** How many requests of one kind QuickBooks saw. */
  async requests(path: string, { system = 'quickbooks-online' }: { system?: string } = {}): Promise<number> {
    const query = new URLSearchParams({ system, path })
    return (await this.#sandbox.fetchControl<unknown[]>(`/log?${query}`)).length
  }
}
