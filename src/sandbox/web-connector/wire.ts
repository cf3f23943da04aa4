import {
  Agent,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
  request as requestPlain,
} from 'node:http'
import { request as requestSecure, Agent as SecureAgent } from 'node:https'
import { CallFailed, type Reply } from './soap.ts'

/** How long the client of .NET waits for `100 Continue` before it sends the body all the same. */
const CONTINUE_WAIT_MS = 350
const ANSWER_BYTES_MAX = 128 << 20
const USER_AGENT = 'Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)'

export interface PostArguments {
  url: string
  soapAction: string
  body: string
  timeoutMs: number
  /** Lets go of the line so long after the last byte was sent, without reading an answer. */
  cutAfterMs?: number | undefined
}

/** The lines of one session: kept open between its calls, gone with it. */
export class Wire {
  readonly #plain = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #secure: SecureAgent

  constructor({ trustsAnyCertificate }: { trustsAnyCertificate: boolean }) {
    this.#secure = new SecureAgent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: !trustsAnyCertificate })
  }

  /** Asks for a page. Throws CallFailed when nothing answers in time. */
  get({ url, timeoutMs }: { url: string; timeoutMs: number }): Promise<Reply> {
    const request = this.#open({ url, method: 'GET', headers: {} })
    request.end()
    return replyOf({ request, timeoutMs }) as Promise<Reply>
  }

  /** Posts an envelope; null when the line was cut as ordered. Throws CallFailed when nothing answers in time. */
  async post(post: PostArguments): Promise<Reply | null> {
    const first = this.#send(post)
    try {
      return await first.reply
    } catch (error) {
      // A line that the server let go of between two calls is no failure: nothing of the body had left.
      if (!first.isStale()) throw error
      return this.#send(post).reply
    }
  }

  close(): void {
    this.#plain.destroy()
    this.#secure.destroy()
  }

  #send({ url, soapAction, body, timeoutMs, cutAfterMs }: PostArguments) {
    const bytes = Buffer.from(body)
    const request = this.#open({
      url,
      method: 'POST',
      headers: {
        'Content-Type': 'text/xml; charset=utf-8',
        SOAPAction: soapAction,
        'Content-Length': String(bytes.length),
        Expect: '100-continue',
      },
    })
    let isSent = false
    const sendBody = () => {
      if (isSent || request.destroyed) return
      isSent = true
      request.end(bytes, () => {
        if (cutAfterMs !== undefined) setTimeout(() => request.destroy(new Cutting()), cutAfterMs)
      })
    }
    const patience = setTimeout(sendBody, CONTINUE_WAIT_MS)
    request.once('continue', sendBody)
    request.once('close', () => clearTimeout(patience))
    request.once('response', () => clearTimeout(patience))
    const isStale = () => request.reusedSocket && !isSent
    return { reply: replyOf({ request, timeoutMs, mayBeCut: cutAfterMs !== undefined }), isStale }
  }

  #open({ url, method, headers }: { url: string; method: string; headers: Record<string, string> }): ClientRequest {
    const address = new URL(url)
    const options: RequestOptions = { method, headers: { 'User-Agent': USER_AGENT, ...headers } }
    if (address.protocol === 'https:') return requestSecure(address, { ...options, agent: this.#secure })
    return requestPlain(address, { ...options, agent: this.#plain })
  }
}

/** Not a failure of the other side: the line is let go of on purpose. */
class Cutting extends Error {}

function replyOf({
  request,
  timeoutMs,
  mayBeCut = false,
}: {
  request: ClientRequest
  timeoutMs: number
  mayBeCut?: boolean
}): Promise<Reply | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new CallFailed('The operation has timed out'))
      request.destroy()
    }, timeoutMs)
    request.once('close', () => clearTimeout(timer))
    const fail = (error: Error) => {
      if (error instanceof Cutting) resolve(null)
      else reject(error instanceof CallFailed ? error : new CallFailed(wordsFor(error)))
    }
    request.on('error', fail)
    request.once('response', (response) => {
      if (mayBeCut) return
      read(response).then((text) => {
        const { statusCode = 0, statusMessage = '', headers } = response
        resolve({ status: statusCode, statusText: statusMessage, contentType: headers['content-type'] ?? '', text })
        // An answer that came before the body was asked for leaves a line that nobody can use again.
        if (!request.writableEnded) request.destroy()
      }, fail)
    })
  })
}

async function read(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of response) {
    size += (part as Buffer).length
    if (size > ANSWER_BYTES_MAX) throw new CallFailed('The message length limit was exceeded')
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

function wordsFor(error: Error & { code?: string }): string {
  if (error.code === 'ECONNREFUSED' || error.code === 'ENOTFOUND') return 'Unable to connect to the remote server'
  if (error.code === 'ECONNRESET')
    return 'The underlying connection was closed: The connection was closed unexpectedly.'
  if (error.code?.startsWith('ERR_TLS') || /certificate/i.test(error.message)) {
    return `Could not establish trust relationship for the SSL/TLS secure channel: ${error.message}`
  }
  return error.message
}
