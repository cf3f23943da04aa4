import { connect } from 'node:net'
import { hashSync } from 'bcryptjs'
import { sql } from 'kysely'
import { pino } from 'pino'
import { Environment } from '../../src/domain/kinds.ts'
import type { WebConnectorSession, WebConnectorUser } from '../../src/domain/web-connector.ts'
import { openMetrics } from '../../src/http/metrics.ts'
import { type HttpServer, startHttpServer } from '../../src/http/server.ts'
import type { Caller, Conversation, Mailbox } from '../../src/ledgers/mailbox.ts'
import { ourselves } from '../../src/storage/api-keys.ts'
import { findConnection } from '../../src/storage/connections.ts'
import type { Database } from '../../src/storage/database.ts'
import {
  connectDesktop,
  findWebConnectorUsers,
  type NewDesktopConnection,
  saveWebConnectorPassword,
} from '../../src/storage/web-connector.ts'
import { findSession } from '../../src/storage/web-connector-sessions.ts'
import { openWebConnector, type WebConnector } from '../../src/web-connector/web-connector.ts'
import { freshDatabase } from '../database.ts'
import { NOTHING_STANDS } from '../http/nothing-stands.ts'

export const FILE = 'C:\\Books\\East.qbw'
export const HCP =
  '<?xml version="1.0" ?><?qbxml version="13.0"?><QBXML><QBXMLMsgsRs><HostQueryRs statusCode="0"><HostRet>' +
  '<SupportedQBXMLVersion>1.0</SupportedQBXMLVersion><SupportedQBXMLVersion>2.1</SupportedQBXMLVersion>' +
  '<SupportedQBXMLVersion>13.0</SupportedQBXMLVersion><SupportedQBXMLVersion>CA3.0</SupportedQBXMLVersion>' +
  '</HostRet></HostQueryRs></QBXMLMsgsRs></QBXML>'

const PASSWORD = 'the password of this office'
/** A hash of the least cost: production's would be most of what these tests take (file.test.ts sees that it is dear). */
const PASSWORD_HASH = hashSync(PASSWORD, 4)

/** What a road of the tests asks, and what became of it. */
interface Letterbox extends Mailbox {
  /** Requests to be handed out, one after the other. */
  requests: string[]
  /** True while the road has not said that nothing is left to ask. */
  thinking: boolean
  callers: Caller[]
  answers: { response: string; hresult: string; message: string }[]
  ended: string[]
}

/** A letterbox without a road behind it: it hands out what the test laid in. */
function letterbox(): Letterbox {
  let current: Conversation | null = null
  const box: Letterbox = {
    requests: [],
    thinking: false,
    callers: [],
    answers: [],
    ended: [],
    current: () => current,
    open(caller) {
      box.callers.push(caller)
      const ending = new AbortController()
      const state = () => (box.requests.length > 0 ? 'more' : box.thinking ? 'later' : 'done')
      const talk: Conversation = {
        ended: ending.signal,
        next: async () => {
          const body = box.requests.shift()
          if (body !== undefined) return { body }
          return box.thinking ? 'later' : 'done'
        },
        async answer({ response, hresult, message }) {
          box.answers.push({ response, hresult, message })
          return state()
        },
        finish: () => undefined,
        end(reason) {
          box.ended.push(reason)
          ending.abort()
          current = null
        },
      }
      current = talk
      return talk
    },
  }
  return box
}

export interface Office {
  database: Database
  connectionId: string
  userName: string
  password: string
  url: string
  box: Letterbox
  /** The time of the house. */
  time: { now: Date }
  backlog: { left: number }
  road: { run: () => Promise<void> }
  log: string[]
  /** Calls a method as the real client does; gives what it answered, or throws its fault. */
  call(method: string, parameters?: Record<string, string>): Promise<string[]>
  /** Signs in; gives the ticket and the second part of the answer. */
  signIn(password?: string): Promise<[string, string]>
  ask(ticket: string, told?: { hcp?: string; file?: string }): Promise<string>
  answer(ticket: string, response: string, trouble?: { hresult: string; message: string }): Promise<number>
  user(): Promise<WebConnectorUser>
  session(ticket: string): Promise<WebConnectorSession | null>
  audit(): Promise<string[]>
  /** Starts the service anew over the same database, as after a crash: nothing is told to anybody. */
  restart(): Promise<void>
  close(): Promise<void>
}

/** A Countersign with one Desktop connection and its Web Connector's file, on a real port. */
export async function openOffice(input: Partial<NewDesktopConnection> = {}, mailbox?: Mailbox): Promise<Office> {
  const { database, close } = await freshDatabase()
  const time = { now: new Date('2026-03-01T12:00:00Z') }
  const author = ourselves('test')
  const connection = await connectDesktop(database, {
    name: 'East',
    environment: Environment.SANDBOX,
    companyFile: '',
    readOnly: false,
    runEveryMinutes: 5,
    ...input,
    author,
    now: time.now,
  })
  const { user: made } = await saveWebConnectorPassword(database, {
    connectionId: connection.id,
    passwordHash: PASSWORD_HASH,
    companyFile: null,
    author,
    now: time.now,
  })
  const box = letterbox()
  const backlog = { left: 0 }
  const road: Office['road'] = { run: async () => undefined }
  const log: string[] = []
  let server: HttpServer
  let service: WebConnector
  /** Services that ended without a word to anybody; their timers end with the office. */
  const crashed: WebConnector[] = []
  const start = async () => {
    service = await openWebConnector({
      database,
      now: () => time.now,
      log: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
      publicUrl: 'https://books.example.com',
      mailboxOf: () => mailbox ?? box,
      run: () => road.run(),
      bringIn: async () => undefined,
      backlog: async () => backlog.left,
    })
    server = await startHttpServer({
      api: null,
      webConnector: service.handle,
      metrics: openMetrics({ standing: async () => NOTHING_STANDS, now: () => time.now }),
      readiness: async () => ({ trouble: null, crm: { state: 'UP', checkedAt: null, detail: null } }),
      host: '127.0.0.1',
      port: 0,
      log: pino({ level: 'silent' }),
    })
    office.url = server.url
  }
  const office: Office = {
    database,
    connectionId: connection.id,
    userName: made.userName,
    password: PASSWORD,
    url: '',
    box,
    time,
    backlog,
    road,
    log,
    call: (method, parameters = {}) => call({ url: office.url, method, parameters }),
    async signIn(password = PASSWORD) {
      const [ticket = '', second = ''] = await office.call('authenticate', {
        strUserName: made.userName,
        strPassword: password,
      })
      return [ticket, second]
    },
    async ask(ticket, { hcp = '', file = '' } = {}) {
      const [body = ''] = await office.call('sendRequestXML', {
        ticket,
        strHCPResponse: hcp,
        strCompanyFileName: file,
        qbXMLCountry: 'US',
        qbXMLMajorVers: '13',
        qbXMLMinorVers: '0',
      })
      return body
    },
    async answer(ticket, response, { hresult, message } = { hresult: '', message: '' }) {
      const [progress] = await office.call('receiveResponseXML', { ticket, response, hresult, message })
      return Number(progress)
    },
    async user() {
      const [user] = await findWebConnectorUsers(database, { connectionIds: [connection.id] })
      if (!user) throw new Error('no user')
      return user
    },
    session: (ticket) => findSession(database, { ticket }),
    audit: async () => {
      const rows = await database.rows(sql<{ text: string }>`
        select concat_ws(' ', action, subject, result) as text from audit_entry where author <> 'test' order by id`)
      return rows.map(({ text }) => text)
    },
    async restart() {
      await server.close()
      crashed.push(service)
      await start()
    },
    async close() {
      await server.close()
      await Promise.all([service, ...crashed].map((one) => one.close()))
      await close()
    },
  }
  await start()
  return office
}

export async function connectionOf({ database, connectionId }: Office) {
  return findConnection(database, { id: connectionId })
}

/** The body of a call as the real client writes it: SOAP 1.1, an empty text as an empty element. */
export function envelopeOf(method: string, parameters: Record<string, string>): string {
  const elements = Object.entries(parameters).map(([name, text]) =>
    text === ''
      ? `<${name} />`
      : `<${name}>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</${name}>`,
  )
  const inner = elements.length === 0 ? ' />' : `>${elements.join('')}</${method}>`
  return (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">' +
    `<soap:Body><${method} xmlns="http://developer.intuit.com/"${inner}</soap:Body></soap:Envelope>`
  )
}

/** Posts text to the door; gives the status and the text that came back. */
export async function post(args: { url: string; body: string; action?: string; headers?: Record<string, string> }) {
  const response = await fetch(`${args.url}/web-connector`, {
    method: 'POST',
    headers: {
      'content-type': 'text/xml; charset=utf-8',
      soapaction: `"http://developer.intuit.com/${args.action ?? ''}"`,
      ...args.headers,
    },
    body: args.body,
    signal: AbortSignal.timeout(60_000),
  })
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() }
}

class SoapFault extends Error {}

async function call(args: { url: string; method: string; parameters: Record<string, string> }): Promise<string[]> {
  const { url, method, parameters } = args
  const { status, text } = await post({ url, body: envelopeOf(method, parameters), action: method })
  const fault = /<faultstring>([\s\S]*?)<\/faultstring>/.exec(text)?.[1]
  if (fault !== undefined) throw new SoapFault(unescaped(fault))
  if (status !== 200) throw new Error(`status ${status}: ${text}`)
  const result = new RegExp(`<${method}Result>([\\s\\S]*)</${method}Result>`).exec(text)?.[1]
  if (result === undefined) throw new Error(`no result in ${text}`)
  const parts = [...result.matchAll(/<string>([\s\S]*?)<\/string>/g)].map(([, part = '']) => unescaped(part))
  return parts.length > 0 ? parts : [unescaped(result)]
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&')
}

/** Writes bytes to the port and gives the first text that comes back. */
export function raw(args: { url: string; text: string }): Promise<string> {
  const { hostname, port } = new URL(args.url)
  return new Promise((done, failed) => {
    const socket = connect(Number(port), hostname, () => socket.write(args.text))
    socket.once('data', (bytes) => {
      done(bytes.toString())
      socket.destroy()
    })
    socket.once('error', failed)
  })
}
