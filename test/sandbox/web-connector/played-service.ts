import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** What a method answers: a string or number, the strings of an array, or anything at all over HTTP. */
export type Answer = string | number | string[] | { status: number; contentType: string; body: string } | 'never'

export interface Heard {
  /** The SOAP method, or `GET` for a page. */
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

const usual: Record<string, Answer> = {
  serverVersion: '1.0',
  clientVersion: '',
  authenticate: ['ticket-1', ''],
  sendRequestXML: '<QBXML>ask</QBXML>',
  receiveResponseXML: 100,
  connectionError: 'done',
  getLastError: 'That went wrong.',
  closeConnection: 'Finished: 1 document',
}

/** A SOAP service of a few lines, written by hand from what is known of the protocol, that says what a test tells it. */
export class PlayedService {
  readonly heard: Heard[] = []
  /** Asks for the body with `100 Continue`; false plays a proxy that does not. */
  saysContinue = true
  /** Lets go, once, of a line that has carried so many calls, just as the next one begins. */
  letsGoAt: number | null = null
  pageStatus = 200
  sessionsAtOnce = 0
  sessionsAtOnceMax = 0
  readonly #answers = new Map<string, Answer[]>()
  readonly #server: Server

  constructor() {
    const requestsOf = new WeakMap<Socket, number>()
    this.#server = createServer((request, response) => void this.#answer(request, response))
    this.#server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      if (this.letsGoAt !== null && requestsOf.get(request.socket) === this.letsGoAt) {
        this.letsGoAt = null
        request.socket.destroy()
        return
      }
      requestsOf.set(request.socket, (requestsOf.get(request.socket) ?? 0) + 1)
      if (this.saysContinue) response.writeContinue()
      void this.#answer(request, response)
    })
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/web-connector`
  }

  /** The next answers of a method, one for each call; the last one stays. */
  say(method: string, ...answers: Answer[]): void {
    this.#answers.set(method, answers)
  }

  /** The methods that were called, in order. */
  get calls(): string[] {
    return this.heard.map(({ method }) => method)
  }

  bodies(method: string): string[] {
    return this.heard.filter((heard) => heard.method === method).map(({ body }) => body)
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request).catch(() => null)
    if (body === null) return
    const action = /^"http:\/\/developer\.intuit\.com\/(\w+)"$/.exec(String(request.headers.soapaction))
    const method = action?.[1] ?? request.method ?? ''
    this.heard.push({ method, path: request.url ?? '', headers: request.headers, body })
    if (method === 'GET') {
      response.writeHead(this.pageStatus).end('a page')
      return
    }
    if (method === 'authenticate') this.sessionsAtOnce += 1
    if (method === 'closeConnection') this.sessionsAtOnce -= 1
    this.sessionsAtOnceMax = Math.max(this.sessionsAtOnceMax, this.sessionsAtOnce)
    const answer = this.#next(method)
    if (answer === 'never') return
    if (typeof answer === 'object' && !Array.isArray(answer)) {
      response.writeHead(answer.status, { 'Content-Type': answer.contentType }).end(answer.body)
      return
    }
    response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8' }).end(soap({ method, answer }))
  }

  #next(method: string): Answer {
    const answers = this.#answers.get(method) ?? []
    return (answers.length > 1 ? answers.shift() : answers[0]) ?? usual[method] ?? ''
  }
}

/** An answer with a prefix for Intuit's namespace, as servers other than .NET write it. */
function soap({ method, answer }: { method: string; answer: string | number | string[] }): string {
  const text = (value: string | number) => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const inside = Array.isArray(answer)
    ? answer.map((value) => `<tns:string>${text(value)}</tns:string>`).join('')
    : text(answer)
  return (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
    `xmlns:tns="http://developer.intuit.com/"><soap:Body><tns:${method}Response>` +
    `<tns:${method}Result>${inside}</tns:${method}Result></tns:${method}Response></soap:Body></soap:Envelope>`
  )
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}
