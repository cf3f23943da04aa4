// A played QuickBooks company in this process, on a port of its own, and a plain client of it.
// Its books are small: five accounts, three items, three customers, three terms, no document.
// The limits are on as Intuit's, except that a test may send more than ten requests a second.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openSandbox, type Sandbox } from '../../../src/sandbox/context.ts'
import { createQuickBooksOnline } from '../../../src/sandbox/quickbooks-online/server.ts'
import type { QuickBooksOnlineSeed } from '../../../src/sandbox/world/seed.ts'

export const realmId = '9341450000000007'
export const clientCredentials = `Basic ${Buffer.from('sandbox-qbo-client:sandbox-qbo-secret').toString('base64')}`

const address = { line1: '12 Harbour Row', city: 'Millbay', state: 'CA', postalCode: '90210', country: 'US' }

export const companySeed: QuickBooksOnlineSeed = {
  companyName: 'Larkfield Lamps (sandbox)',
  realmId,
  currency: 'USD',
  accounts: [
    { name: 'Sales', accountType: 'Income', accountSubType: 'SalesOfProductIncome' },
    { name: 'Shipping income', accountType: 'Income', accountSubType: 'SalesOfProductIncome' },
    { name: 'Discount', accountType: 'Income', accountSubType: 'DiscountsRefundsGiven' },
    { name: 'Rent', accountType: 'Expense', accountSubType: 'RentOrLeaseOfBuildings' },
    { name: 'Checking', accountType: 'Bank', accountSubType: 'Checking' },
  ],
  items: ['Lamp', 'Chair'].map((name, position) => ({
    name,
    sku: `SKU-${position + 1}`,
    type: 'NonInventory',
    unitPrice: '100.00',
    description: `A ${name.toLowerCase()}`,
    incomeAccountName: 'Sales',
  })),
  customers: [
    { displayName: "Ida's Interiors", email: 'ida@customers.example', phone: '(555) 0101', billing: address },
    { displayName: 'Northwind Rooms', billing: { ...address, state: 'TX' } },
    { displayName: 'Plain Customer' },
  ],
  taxCodes: [
    { id: 'TAX', name: 'Tax' },
    { id: 'NON', name: 'Non' },
  ],
  terms: [
    { name: 'Due on receipt', dueDays: 0 },
    { name: 'Net 15', dueDays: 15 },
    { name: 'Net 30', dueDays: 30 },
  ],
  invoices: [],
}

type Json = string | number | boolean | null | undefined | Json[] | { [name: string]: Json }
/** A record of an answer, read without ceremony. */
export type Read = Record<string, never> & Record<string, unknown>

export interface Said {
  status: number
  headers: Headers
  text: string
  json: Read
}

export interface Asking {
  method?: string
  body?: Json
  query?: Record<string, string>
  token?: string
  headers?: Record<string, string>
  realm?: string
}

export class OpenCompany {
  readonly sandbox: Sandbox
  readonly base: string
  readonly #server: Server
  token = ''

  private constructor({ sandbox, base, server }: { sandbox: Sandbox; base: string; server: Server }) {
    this.sandbox = sandbox
    this.base = base
    this.#server = server
  }

  static async open({ seed = companySeed, sandbox = openSandbox({ seed: 7 }) } = {}): Promise<OpenCompany> {
    let base = ''
    const server = createServer(createQuickBooksOnline(sandbox, seed, () => base))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    sandbox.settings.change({ requestsPerSecondMax: 100_000, requestsPerMinuteMax: 100_000 })
    const company = new OpenCompany({ sandbox, base, server })
    company.token = String((await company.refresh('sandbox-refresh-token')).json.access_token)
    return company
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  set(settings: Record<string, string | number | boolean>): void {
    this.sandbox.settings.change(settings)
  }

  refresh(refreshToken: string, headers: Record<string, string> = {}): Promise<Said> {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
    return this.form({ path: '/oauth2/v1/tokens/bearer', form, headers })
  }

  form({
    path,
    form,
    headers = {},
  }: {
    path: string
    form: URLSearchParams
    headers?: Record<string, string>
  }): Promise<Said> {
    return this.#fetch(`${this.base}${path}`, {
      method: 'POST',
      headers: { Authorization: clientCredentials, 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body: form.toString(),
    })
  }

  /** Asks the API; the path begins after the realm. An object is sent as JSON, a text as it is. */
  ask(
    path: string,
    { method, body, query = {}, token = this.token, headers = {}, realm = realmId }: Asking = {},
  ): Promise<Said> {
    const url = `${this.base}/v3/company/${realm}/${path}?${new URLSearchParams(query)}`
    return this.#fetch(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        Authorization: `Bearer ${token}`,
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    })
  }

  query(text: string): Promise<Said> {
    return this.ask('query', { query: { query: text } })
  }

  /** Creates a record and gives it; throws the answer's text when it is refused. */
  async create(entity: string, body: Json, query: Record<string, string> = {}): Promise<Read> {
    const said = await this.ask(entity.toLowerCase(), { body, query })
    if (said.status !== 200) throw new Error(said.text)
    return said.json[entity] as unknown as Read
  }

  async read(entity: string, id: unknown): Promise<Read> {
    return (await this.ask(`${entity.toLowerCase()}/${id}`)).json[entity] as unknown as Read
  }

  batch(items: Json[], query: Record<string, string> = {}): Promise<Said> {
    return this.ask('batch', { body: { BatchItemRequest: items }, query })
  }

  async #fetch(url: string, init: RequestInit): Promise<Said> {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(20_000), ...init })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} }
  }
}

/** A sales line of one item. */
export function line({ amount, item = '1', ...detail }: { amount: number; item?: string } & Record<string, Json>) {
  return {
    Amount: amount,
    DetailType: 'SalesItemLineDetail',
    SalesItemLineDetail: { ItemRef: { value: item }, ...detail },
  }
}

/** An invoice of one line for the first customer. */
export const invoice = ({ amount = 100, ...rest }: { amount?: number } & Record<string, Json> = {}) => ({
  CustomerRef: { value: '1' },
  Line: [line({ amount })],
  ...rest,
})

/** The code of the first error of a service fault, wherever the fault stands. */
export const codeOf = (said: Said | Read): string => errorOf(said).code

export function errorOf(said: Said | Read): { code: string; Message: string; Detail: string; element?: string } {
  const holder = ('text' in said ? said.json : said) as unknown as { Fault?: { Error: ReturnType<typeof errorOf>[] } }
  return holder.Fault?.Error[0] ?? { code: 'no fault', Message: '', Detail: JSON.stringify(holder) }
}
