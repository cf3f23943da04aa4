import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openSandbox, type Sandbox } from '../../../src/sandbox/context.ts'
import { createControl } from '../../../src/sandbox/control.ts'
import { WebConnector } from '../../../src/sandbox/web-connector/connector.ts'
import type { Processed, QuickBooks, QuickBooksError } from '../../../src/sandbox/web-connector/desktop.ts'
import { webConnectorDoor } from '../../../src/sandbox/web-connector/door.ts'
import type { SessionSummary } from './doors.ts'
import { PlayedService } from './played-service.ts'

/** A QuickBooks of a few lines: it opens what it is told to, and answers each request with its number. */
class PlayedQuickBooks implements QuickBooks {
  readonly opened: string[] = []
  readonly processed: string[] = []
  stamped: { ownerId: string; fileId: string } | null = null
  sessionsEnded = 0
  openErrors: (QuickBooksError | null)[] = []
  answer: { response: string } | QuickBooksError | null = null
  tookMs = 0

  hcpResponse = () => '<QBXML><HostRet/></QBXML>'
  companyFileName = () => 'C:\\Books\\Riverside & Sons.qbw'
  country = () => 'US'
  qbXmlVersion = () => ({ major: 13, minor: 0 })

  open({ companyFile }: { companyFile: string }): QuickBooksError | null {
    this.opened.push(companyFile)
    return this.openErrors.shift() ?? null
  }

  process(qbXml: string): Processed {
    this.processed.push(qbXml)
    return { ...(this.answer ?? { response: `<QBXML>answer ${this.processed.length}</QBXML>` }), tookMs: this.tookMs }
  }

  endSession(): void {
    this.sessionsEnded += 1
  }

  stampFileId(stamp: { ownerId: string; fileId: string }): void {
    this.stamped = stamp
  }
}

/** An office with a Web Connector and a QuickBooks, the service it calls, and the control port of the sandbox. */
export class Office {
  readonly service = new PlayedService()
  readonly quickBooks = new PlayedQuickBooks()
  readonly sandbox: Sandbox
  readonly connector: WebConnector
  readonly #control: Server

  private constructor({ directory }: { directory?: string | undefined }) {
    this.sandbox = openSandbox({ seed: 1, directory })
    this.connector = new WebConnector({ sandbox: this.sandbox, quickBooks: this.quickBooks })
    this.#control = createServer(createControl(this.sandbox, { 'web-connector': webConnectorDoor(this.connector) }))
    this.sandbox.settings.change({ webConnectorNoOpSeconds: 0.02, webConnectorCallTimeoutSeconds: 5 })
  }

  static async open(options: { directory?: string | undefined } = {}): Promise<Office> {
    const office = new Office(options)
    await office.service.listen()
    await new Promise<void>((resolve) => office.#control.listen(0, '127.0.0.1', resolve))
    return office
  }

  /** One with the application `till` added, and nothing heard of its being added. */
  static async ready(): Promise<Office> {
    const office = await Office.open()
    await office.add()
    office.service.heard.length = 0
    office.quickBooks.opened.length = 0
    return office
  }

  async close(): Promise<void> {
    this.connector.stop()
    this.sandbox.store.close()
    this.#control.closeAllConnections()
    this.#control.close()
    await this.service.close()
  }

  async ask(path: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}) {
    const { port } = this.#control.address() as AddressInfo
    const init: RequestInit = { method, signal: AbortSignal.timeout(20_000) }
    if (body !== undefined) init.body = JSON.stringify(body)
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init)
    return { status: response.status, json: (await response.json()) as never }
  }

  add({ qwc = qwcOf({ url: this.service.url }), password = 'open sesame' } = {}) {
    return this.ask('/web-connector/applications', { method: 'POST', body: { qwc, password } })
  }

  async run(userName = 'till'): Promise<SessionSummary> {
    const { json } = await this.ask(`/web-connector/applications/${userName}/run?wait=true`, { method: 'POST' })
    return json
  }

  /** Orders a fault of the Web Connector's own. */
  async order(operation: string, fault: object): Promise<void> {
    await this.ask('/faults', { method: 'POST', body: { system: 'web-connector', operation, times: 1, fault } })
  }
}

/** A .qwc file that is taken, with elements changed (null: left out). */
export function qwcOf({ url, ...changes }: { url: string; [name: string]: string | null }): string {
  const elements: Record<string, string | null> = {
    AppName: 'Orders of the shop',
    AppID: '',
    AppURL: url,
    AppDescription: 'Takes orders &amp; puts them into QuickBooks',
    AppSupport: url,
    UserName: 'till',
    OwnerID: '{1f1f1f1f-0000-4000-8000-00000000000a}',
    FileID: '{1F1F1F1F-0000-4000-8000-00000000000B}',
    QBType: 'QBFS',
    Style: 'Document',
    ...changes,
  }
  const inside = Object.entries(elements)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `\t<${name}>${value}</${name}>`)
    .join('\n')
  return `<?xml version="1.0"?>\n<QBWCXML>\n${inside}\n</QBWCXML>\n`
}
