import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { listen, type Server } from 'soap'
import type { Answered, Given, Methods } from './service.ts'
import { escapeXml, METHODS, type MethodName, NAMESPACE, PORT, SERVICE, wsdlAt } from './wsdl.ts'

const MEGABYTE = 1024 * 1024
const BODY_BYTES_MAX = 64 * MEGABYTE
/** All bodies that are read at once: what a crowd of strangers may make us hold. */
const BODIES_BYTES_MAX = 192 * MEGABYTE
/** How long the rest of a body that is too large is read and thrown away, so that its sender hears why. */
const DISCARD_MS = 10_000
const PATH = '/web-connector'
const CROWDED = 'Too many large requests are being read: call again in a minute.'

/** Answers one request; the address of the caller is `ip` where a proxy is trusted to tell it. */
export type Handler = (
  request: IncomingMessage & { ip?: string | undefined },
  response: ServerResponse,
) => Promise<void>

/** A request that cannot be taken, in words for the person at the Web Connector. */
class Unfit extends Error {}

/**
 * The SOAP service over HTTP: GET answers 200 (with `?wsdl` the description), POST is a call. What cannot be taken is
 * answered with a SOAP fault that says why, under status 500, as SOAP 1.1 wants it and the Web Connector shows it.
 */
export async function openEndpoint(args: {
  methods: Methods
  publicUrl: string | null
  log: Logger
}): Promise<Handler> {
  const wsdl = wsdlAt(`${args.publicUrl?.replace(/\/+$/, '') ?? 'http://localhost'}${PATH}`)
  const soap = await openSoap({ methods: args.methods, wsdl, log: args.log })
  const budget = { bytes: 0 }
  return async (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return show({ request, response, wsdl })
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'GET, HEAD, POST' }).end()
      return
    }
    const held = { bytes: 0 }
    try {
      const body = await read({ request, budget, held })
      const from = request.ip ?? request.socket.remoteAddress ?? 'unknown'
      const text = await answer({ soap, body, from })
      send({ response, status: 200, text })
    } catch (error) {
      if (!(error instanceof Unfit || error instanceof Fault)) throw error
      const text = error instanceof Fault ? error.envelope : faultEnvelope(error.message)
      // What is left of a body that nobody reads would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      send({ response, status: 500, text })
    } finally {
      budget.bytes -= held.bytes
    }
  }
}

function show(args: { request: IncomingMessage; response: ServerResponse; wsdl: string }): void {
  const { request, response, wsdl } = args
  const asked = /\?wsdl\b/i.test(request.url ?? '')
  const text = asked
    ? wsdl
    : 'Here the QuickBooks Web Connector calls Countersign. Help: the guide that came with the .qwc file, and `countersign doctor`.\n'
  response.writeHead(200, { 'content-type': `${asked ? 'text/xml' : 'text/plain'}; charset=utf-8` }).end(text)
}

function send({ response, status, text }: { response: ServerResponse; status: number; text: string }): void {
  response
    .writeHead(status, { 'content-type': 'text/xml; charset=utf-8', 'content-length': Buffer.byteLength(text) })
    .end(text)
}

/** The whole body. Throws Unfit; of a body that is too large no more is kept than fits. */
async function read(args: {
  request: IncomingMessage
  budget: { bytes: number }
  held: { bytes: number }
}): Promise<string> {
  const { request, budget, held } = args
  const { 'content-encoding': encoding, 'content-length': length } = request.headers
  if (encoding && encoding !== 'identity') throw new Unfit('Compressed requests are not taken.')
  const tooLarge = `The request is larger than ${BODY_BYTES_MAX / MEGABYTE} MB: ask QuickBooks for less at once.`
  if (Number(length ?? 0) > BODY_BYTES_MAX) {
    await discard(request)
    throw new Unfit(tooLarge)
  }
  const parts: Buffer[] = []
  const full = await new Promise<string | null>((done, failed) => {
    const take = (part: Buffer) => {
      held.bytes += part.length
      budget.bytes += part.length
      const trouble = held.bytes > BODY_BYTES_MAX ? tooLarge : budget.bytes > BODIES_BYTES_MAX ? CROWDED : null
      if (trouble === null) parts.push(part)
      else {
        request.off('data', take)
        done(trouble)
      }
    }
    const cut = () => failed(new Unfit('The request was cut off.'))
    request
      .on('data', take)
      .once('end', () => done(null))
      .once('error', cut)
      .once('close', cut)
  })
  if (full !== null) {
    parts.length = 0
    await discard(request)
    throw new Unfit(full)
  }
  const text = Buffer.concat(parts).toString('utf8')
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

/** Reads on without keeping anything, for a while. */
async function discard(request: IncomingMessage): Promise<void> {
  await new Promise<void>((done) => {
    const timer = setTimeout(done, DISCARD_MS)
    request.once('close', done).once('end', done).once('error', done)
    request.once('end', () => clearTimeout(timer)).once('close', () => clearTimeout(timer))
    request.resume()
  })
}

/** A fault that is an answer already. */
class Fault extends Error {
  readonly envelope: string
  constructor(envelope: string) {
    super('fault')
    this.envelope = envelope
  }
}

/** Answers a call; throws Unfit for what is none, and Fault when a method failed. */
async function answer({ soap, body, from }: { soap: Server; body: string; from: string }): Promise<string> {
  const method = methodIn(body)
  // The element in the body says what is called; a header that says otherwise must not choose another method.
  const headers = { soapaction: `"${NAMESPACE}${method}"`, 'content-type': 'text/xml; charset=utf-8', from }
  const reply = await soap.processRequest(body, { method: 'POST', url: PATH, headers })
  if (reply.statusCode === 200) return reply.body
  if (reply.body.includes('<faultcode>soap:Server</faultcode>')) throw new Fault(reply.body)
  throw new Unfit('The request cannot be understood: its XML is damaged or cut off.')
}

/** The method that a call names. Throws Unfit. Nothing of the document is expanded, so that no bomb can be in it. */
function methodIn(body: string): MethodName {
  const opening = body.slice(0, body.search(/<[A-Za-z_]/) + 1)
  if (/<!(DOCTYPE|ENTITY)/i.test(opening) || /^\s*(<\?[^>]*>\s*)?<!DOCTYPE/i.test(body.slice(0, 2_000))) {
    throw new Unfit('A document type, and entities of its own, are not taken.')
  }
  const [, name] = /<(?:[\w.-]+:)?Body\b[^>]*>\s*<(?:[\w.-]+:)?([\w.-]+)/.exec(body.slice(0, 4_000)) ?? []
  if (name === undefined) throw new Unfit('The request cannot be understood: it is no SOAP envelope, or it is cut off.')
  if (!isMethod(name)) throw new Unfit(`There is no method ${name.slice(0, 60)}: GET ${PATH}?wsdl lists them all.`)
  return name
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name)
}

function faultEnvelope(text: string): string {
  return `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><soap:Fault><faultcode>soap:Client</faultcode><faultstring>${escapeXml(text)}</faultstring></soap:Fault></soap:Body></soap:Envelope>`
}

/** `soap` reads and writes the envelopes; it never sees a connection of its own. */
function openSoap(args: { methods: Methods; wsdl: string; log: Logger }): Promise<Server> {
  const { methods, wsdl, log } = args
  const port = Object.fromEntries(
    Object.entries(METHODS).map(([name, { parameters }]) => [
      name,
      async (given: unknown, _done: unknown, _soapHeaders: unknown, request: { headers: Record<string, string> }) => {
        const from = request.headers.from ?? 'unknown'
        const call = methods[name as MethodName]
        const texts = textsOf(given, Object.keys(parameters))
        try {
          return { [`${name}Result`]: resultOf(await call(texts, { from })) }
        } catch (error) {
          log.error({ method: name, error: error instanceof Error ? error.stack : String(error) }, 'a call failed')
          throw { Fault: { faultcode: 'soap:Server', faultstring: FAILED, statusCode: 500 } }
        }
      },
    ]),
  )
  return new Promise((ready, failed) => {
    const server = listen(null, {
      path: PATH,
      services: { [SERVICE]: { [PORT]: port } },
      xml: wsdl,
      suppressStack: true,
      // Its own promise does not wait until the description is read.
      callback: (error: unknown) => (error ? failed(error) : ready(server)),
    })
  })
}

const FAILED = 'Something went wrong inside Countersign; its log says more. Nothing is lost: the next call goes on.'

function resultOf(answered: Answered): string | number | { string: string[] } {
  return Array.isArray(answered) ? { string: answered } : answered
}

/** The parameters by their names, each a text: an empty element, a missing one and a number are texts too. */
function textsOf(given: unknown, names: string[]): Given {
  const values = (given ?? {}) as Record<string, unknown>
  return Object.fromEntries(
    names.map((name) => {
      const value = values[name]
      const text = typeof value === 'object' && value !== null ? (value as { $value?: unknown }).$value : value
      return [name, typeof text === 'string' || typeof text === 'number' ? String(text) : '']
    }),
  )
}
