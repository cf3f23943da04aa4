import { randomUUID } from 'node:crypto'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { RunningSandbox } from '../sandbox/spawn.ts'

interface QuickBooksJs {
  wsdl: string
  webService: { service: object }
  setQBXMLHandler(handler: {
    fetchRequests(callback: (error: null, requests: string[]) => void): void
    handleResponse(response: string): void
  }): void
}

/**
 * The same sets through the server of `quickbooks-js`, which keeps everything in memory and understands no answer. Gives,
 * in milliseconds, what each round trip took at its HTTP server: the answer of one set, and the call for the next.
 */
export async function measureBaseline(args: { sandbox: RunningSandbox; bodies: string[] }): Promise<number[]> {
  const { sandbox, bodies } = args
  const calls: { method: string; ms: number }[] = []
  // Its SOAP server takes all listeners of an HTTP server away, so that it is given one of its own.
  const inner = createServer((_request, response) => response.end('here'))
  serve({ server: inner, bodies, companyFile: sandbox.companyFile })
  const server = createServer((request, response) => {
    const method = /(\w+)"?$/.exec(String(request.headers.soapaction))?.[1] ?? ''
    const from = performance.now()
    response.once('finish', () => calls.push({ method, ms: performance.now() - from }))
    withPlainNumbers(response)
    inner.emit('request', request, response)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    await sandbox.webConnector.add({ qwc: applicationFile(url), password: 'password' })
    await sandbox.webConnector.change('username', { everySeconds: 0, url: `${url}/wsdl` })
    const { outcome, status, roundTrips } = await sandbox.webConnector.run('username')
    if (roundTrips !== bodies.length) throw new Error(`quickbooks-js ended after ${roundTrips}: ${outcome}, ${status}`)
  } finally {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  }
  return calls.flatMap(({ method, ms }, at) => {
    const next = calls[at + 1]
    return method === 'receiveResponseXML' && next?.method === 'sendRequestXML' ? [ms + next.ms] : []
  })
}

function serve(args: { server: Server; bodies: string[]; companyFile: string }): void {
  const { server, bodies, companyFile } = args
  // It reads this when it is loaded; without the path of a file its answer to a sign-in has only one part.
  process.env.QB_COMPANY_FILE = companyFile
  const load = createRequire(import.meta.url)
  const Served = load('quickbooks-js') as new () => QuickBooksJs
  const soap = createRequire(load.resolve('quickbooks-js'))('soap') as {
    listen(server: Server, path: string, services: object, wsdl: string): void
  }
  const served = new Served()
  served.setQBXMLHandler({
    fetchRequests: (callback) => callback(null, bodies),
    handleResponse: () => undefined,
  })
  soap.listen(server, '/wsdl', served.webService.service, served.wsdl)
}

/** It puts its number into one element more than the description of the service has, which the Web Connector would not read. */
function withPlainNumbers(response: ServerResponse): void {
  const plain = (part: unknown) => (typeof part === 'string' ? part.replace(/<int>(\d+)<\/int>/, '$1') : part)
  for (const name of ['write', 'end'] as const) {
    const said = response[name].bind(response) as (...given: unknown[]) => never
    response[name] = ((part?: unknown, ...more: unknown[]) => said(plain(part), ...more)) as never
  }
}

function applicationFile(url: string): string {
  const guid = () => `{${randomUUID()}}`
  return [
    '<?xml version="1.0"?><QBWCXML><AppName>Baseline</AppName><AppID></AppID>',
    `<AppURL>${url}/</AppURL><AppDescription>For comparison</AppDescription><AppSupport>${url}/</AppSupport>`,
    `<UserName>username</UserName><OwnerID>${guid()}</OwnerID><FileID>${guid()}</FileID><QBType>QBFS</QBType></QBWCXML>`,
  ].join('')
}
