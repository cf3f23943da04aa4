import { startWireProxy, type WireProxy } from '../contract/wire-proxy.ts'
import { type RunningSandbox, startSandbox } from '../sandbox/spawn.ts'
import { PlayedCrm, pendingOrders } from './played-crm.ts'
import { type Served, serve } from './serve.ts'

interface Status {
  crm: { state: string; detail: string | null }
  connections: { state: string; stateReason: { code: string; sentence: string; remedy: string } | null }[]
  postingCounts: { key: string; count: number }[]
}

const ORDERS = 8

/** A served Countersign between a played CRM and a played QuickBooks, to whose doors a story denies it access. */
export class Access {
  readonly sandbox: RunningSandbox
  readonly crm: PlayedCrm
  #served: Served | null = null
  #wire: WireProxy | null = null

  constructor(sandbox: RunningSandbox) {
    this.sandbox = sandbox
    this.crm = new PlayedCrm(sandbox)
  }

  get served(): Served {
    if (!this.#served) throw new Error('nothing is served')
    return this.#served
  }

  async serve(settings: Record<string, string> = {}): Promise<void> {
    this.#served = await serve({ sandbox: this.sandbox, settings })
  }

  /** Ends it and serves anew on the same data. */
  async serveAgain(): Promise<void> {
    const before = this.served
    await before.end()
    this.#served = await serve({ sandbox: this.sandbox, again: before })
  }

  /** Serves with a wire to the CRM that is cut. */
  async serveOverWire(): Promise<WireProxy> {
    const url = new URL(this.sandbox.creatio)
    this.#wire = await startWireProxy({ host: url.hostname, port: Number(url.port) })
    url.port = String(this.#wire.port)
    await this.#wire.cut()
    await this.serve({ CREATIO_URL: url.href.replace(/\/$/, '') })
    return this.#wire
  }

  async status(): Promise<Status> {
    const { status } = await this.served.ask<{ status: Status }>(`{
      status {
        crm { state detail }
        connections { state stateReason { code sentence remedy } }
        postingCounts { key count }
      }
    }`)
    return status
  }

  async allProcessed(): Promise<boolean> {
    const asked = '{ postingCounts(filter: { kinds: [INVOICE] }) { key count } }'
    const { postingCounts } = await this.served.ask<Pick<Status, 'postingCounts'>>(asked)
    return (postingCounts.find(({ key }) => key === 'PROCESSED')?.count ?? 0) >= ORDERS
  }

  /** The numbers of QuickBooks' invoices and of the CRM's orders, sorted: equal when each order was posted once. */
  async numbers(): Promise<{ invoices: string[]; orders: string[] }> {
    const invoices = (await this.crm.invoices()).map(({ DocNumber }) => String(DocNumber))
    const orders = (await this.crm.orders()).map(({ BGNumberInvoice }) => String(BGNumberInvoice))
    return { invoices: invoices.sort(), orders: orders.sort() }
  }

  async end(): Promise<void> {
    await this.#served?.end()
    await this.#wire?.close()
    await this.sandbox.stop()
  }
}

export async function openAccess(): Promise<Access> {
  return new Access(await startSandbox({ world: 'incident', counts: pendingOrders(ORDERS) }))
}
