// The HTTP answers: the service's JSON with its many headers, its fault envelope, the gateway's lower-case one, and the
// XML that comes back however politely JSON was asked for. Shapes as recorded.
import type { ServerResponse } from 'node:http'
import type { Company } from './company.ts'
import type { QuickBooksFault } from './fault.ts'
import { type Fields, writeJson } from './json-text.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  text: string
}

const transportSecurity = { 'Strict-Transport-Security': 'max-age=15552000' }

/** The service's answer to what went well; `time` is added last. */
export function serviceAnswer({ company, body }: { company: Company; body: Fields }): Answer {
  return {
    status: 200,
    headers: {
      'Content-Type': 'application/json;charset=utf-8',
      ...transportSecurity,
      'QBO-Version': '2011.157',
      'Service-Time': 'total=57, db=21',
      Expires: '0',
      'Cache-Control': 'max-age=0, no-cache, no-store, must-revalidate, private',
    },
    text: writeJson({ ...body, time: company.millisecond() }),
  }
}

export const faultBody = (fault: QuickBooksFault): Fields => ({
  Fault: { Error: fault.errors.map((error) => ({ ...error })), type: fault.type },
})

export function faultAnswer({ company, fault }: { company: Company; fault: QuickBooksFault }): Answer {
  return {
    status: fault.status,
    headers: { 'Content-Type': 'application/json', ...transportSecurity },
    text: writeJson({ ...faultBody(fault), time: company.millisecond() }),
  }
}

interface GatewayFault {
  status: number
  message: string
  detail: string
  code: string
  type: 'AUTHENTICATION' | 'SERVICE'
}

/** The gateway's envelope, in lower case, with every empty field it knows and the time in milliseconds. */
function gatewayAnswer({ company, fault }: { company: Company; fault: GatewayFault }): Answer {
  const headers: Record<string, string> = { 'Content-Type': 'application/json' }
  if (fault.status === 401) headers['WWW-Authenticate'] = 'Bearer realm="Intuit", error="invalid_token"'
  const error = { message: fault.message, detail: fault.detail, code: fault.code, element: null }
  const body: Fields = {
    warnings: null,
    intuitObject: null,
    fault: { error: [error], type: fault.type },
    report: null,
    queryResponse: null,
    batchItemResponse: [],
    attachableResponse: [],
    syncErrorResponse: null,
    requestId: null,
    time: company.sandbox.clock.now().getTime(),
    status: null,
    cdcresponse: [],
  }
  return { status: fault.status, headers, text: writeJson(body) }
}

export const notAuthenticated = ({ company, detail }: { company: Company; detail: string }): Answer =>
  gatewayAnswer({
    company,
    fault: {
      status: 401,
      message: 'message=AuthenticationFailed; errorCode=003200; statusCode=401',
      detail,
      code: '3200',
      type: 'AUTHENTICATION',
    },
  })

export const notAuthorized = ({ company }: { company: Company }): Answer =>
  gatewayAnswer({
    company,
    fault: {
      status: 403,
      message: 'message=ApplicationAuthorizationFailed; errorCode=003100; statusCode=403',
      detail: '',
      code: '3100',
      type: 'SERVICE',
    },
  })

/** A token of another company: XML, whatever was asked for. */
export const wrongRealm = ({ company }: { company: Company }): Answer =>
  xmlAnswer({
    company,
    status: 401,
    type: 'AUTHENTICATION',
    code: '100',
    message: 'message=General Authentication Failure; errorCode=000100; statusCode=401',
    detail: 'The realm id of the request does not match the one of the access token.',
  })

/** Throttled, as XML or in the gateway's JSON, and with the status that was set. */
export function throttled({ company }: { company: Company }): Answer {
  const status = company.settings.throttleStatus
  const message = `message=ThrottleExceeded; errorCode=003001; statusCode=${status}`
  const detail = 'The request limit was reached.  Try again later'
  return company.settings.throttleBody === 'xml'
    ? xmlAnswer({ company, status, type: 'SERVICE', code: '3001', message, detail })
    : gatewayAnswer({ company, fault: { status, message, detail, code: '3001', type: 'SERVICE' } })
}

function xmlAnswer({ company, status, type, code, message, detail }: XmlFault): Answer {
  const text =
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
    `<IntuitResponse time="${company.millisecond()}" xmlns="http://schema.intuit.com/finance/v3">` +
    `<Fault type="${type}"><Error code="${code}"><Message>${message}</Message><Detail>${detail}</Detail></Error></Fault>` +
    '</IntuitResponse>'
  return { status, headers: { 'Content-Type': 'application/xml;charset=UTF-8' }, text }
}

interface XmlFault {
  company: Company
  status: number
  type: string
  code: string
  message: string
  detail: string
}

/** An id for every answer, by which Intuit's support would find the request. */
export function tidOf(company: Company): string {
  const seconds = Math.floor(company.sandbox.clock.now().getTime() / 1000)
  return `1-${seconds.toString(16)}-${company.sandbox.random.uuid().replaceAll('-', '').slice(0, 24)}`
}

/** Sends an answer, unless the client has gone away. */
export function send({ response, answer, tid }: { response: ServerResponse; answer: Answer; tid: string }): void {
  if (response.destroyed || response.writableEnded) return
  // What went well is sent in chunks, a refusal with its length: so it was recorded.
  const length = answer.status === 200 ? {} : { 'Content-Length': String(Buffer.byteLength(answer.text)) }
  response.writeHead(answer.status, { Server: 'nginx', intuit_tid: tid, ...answer.headers, ...length })
  response.end(answer.text)
}
