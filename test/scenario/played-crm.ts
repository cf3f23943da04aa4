import { NO_ORDERS, type RunningSandbox } from '../sandbox/spawn.ts'

export type Fields = Record<string, unknown> & { Id: string }

/** The orders that a story begins with, all of them plain and waiting. */
export function pendingOrders(pending: number): Record<string, number> {
  return { ...NO_ORDERS, pending }
}

/** The names of the statuses of a log row, by the CRM's ids. */
const statuses: Record<string, string> = {
  'c97db3bc-634d-4c90-8432-ec7141c87640': 'Pending',
  'fc2a1755-cdb8-43ec-a637-cdbcb6ef4bef': 'Processing',
  'e7428193-4cf1-4d1b-abae-00e93ab5e1c5': 'Processed',
  'bdfc60c7-55fd-4cbd-9a2c-dca2def46d80': 'Error',
}

/** What the played CRM and the played QuickBooks hold, and the strange things that people put there. */
export class PlayedCrm {
  readonly #sandbox: RunningSandbox

  constructor(sandbox: RunningSandbox) {
    this.#sandbox = sandbox
  }

  async records(table: string): Promise<Fields[]> {
    const tables = await this.#sandbox.fetchControl<Record<string, number>>('/tables')
    return tables[table] === undefined ? [] : this.#sandbox.fetchControl<Fields[]>(`/records/${table}`)
  }

  async orders(): Promise<Fields[]> {
    const orders = await this.records('creatio.Order')
    return orders.sort((a, b) => String(a.Number).localeCompare(String(b.Number)))
  }

  async lines(order: Fields): Promise<Fields[]> {
    return (await this.records('creatio.OrderProduct')).filter(({ OrderId }) => OrderId === order.Id)
  }

  invoices(): Promise<Fields[]> {
    return this.records('qbo.Invoice')
  }

  async invoiceOf(order: Fields): Promise<Fields | undefined> {
    return (await this.invoices()).find(({ DocNumber }) => DocNumber === order.BGNumberInvoice)
  }

  /** Status and message of the first log row of an order; the CRM writes more when we write to the order. */
  async logRow(order: Fields): Promise<{ status: string; message: string }> {
    const rows = await this.records('creatio.BGQuickBooksIntegrationLogDetail')
    const [first] = rows
      .filter(({ BGRecordId }) => BGRecordId === order.Id)
      .sort((a, b) => String(a.CreatedOn).localeCompare(String(b.CreatedOn)))
    if (!first) throw new Error(`order ${order.Number} has no log row`)
    return { status: statuses[String(first.BGStatusId)] ?? '', message: String(first.BGErrorMessage ?? '') }
  }

  /** Changes a record behind every handler, as a person at the table would. */
  async change(table: string, { Id }: Fields, fields: Record<string, unknown>): Promise<void> {
    await this.#sandbox.fetchControl(`/records/${table}/${Id}`, { method: 'PATCH', body: fields })
  }

  async put(table: string, fields: Fields): Promise<void> {
    await this.#sandbox.fetchControl(`/records/${table}/${fields.Id}`, { method: 'PUT', body: fields })
  }

  /** Leaves an order with one line that bills so much, without shipping and tax. */
  async makeOneLine(order: Fields, values: { price: string; quantity: string }): Promise<void> {
    const [first, ...more] = await this.lines(order)
    if (!first) throw new Error(`order ${order.Number} has no line`)
    for (const line of more) {
      await this.#sandbox.fetchControl(`/records/creatio.OrderProduct/${line.Id}`, { method: 'DELETE' })
    }
    const line = { BGItemPrice: values.price, BGItemQuantity: values.quantity, Quantity: values.quantity }
    await this.change('creatio.OrderProduct', first, { ...line, BGItemDiscount: '0' })
    await this.change('creatio.Order', order, { BGShippingCharge: '0', BGTaxCheckbox: false, BGTaxAmount: '0' })
  }

  /** How many requests a played system saw whose path holds a text. */
  async requests(query: { system: string; path: string }): Promise<number> {
    const seen = await this.#sandbox.fetchControl<unknown[]>(`/log?${new URLSearchParams(query)}`)
    return seen.length
  }

  async fault(rule: { system: string; fault: Record<string, unknown> }): Promise<void> {
    await this.#sandbox.fetchControl('/faults', { method: 'POST', body: rule })
  }

  async mend(): Promise<void> {
    await this.#sandbox.fetchControl('/faults', { method: 'DELETE' })
  }
}
