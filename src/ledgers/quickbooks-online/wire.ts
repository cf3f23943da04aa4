import type { Answer, Envelope } from '../ledger.ts'
import { membersOf, readJson } from './exact-json.ts'
import { throttleSeconds } from './faults.ts'
import { isBatch, type OnlinePace } from './pace.ts'
import { faultsOf, faultsOfXml } from './read-faults.ts'
import type { Access } from './tokens.ts'

/** An answer may be this long; a longer one is lost, and looked up. */
const bodyBytesMax = 64 * 1024 * 1024

export interface WireOptions {
  apiUrl: string
  access: Access
  pace: OnlinePace
  now: () => Date
  random: () => number
  workerName: string | undefined
  answerTimeoutSeconds: number
}

/** The one door to QuickBooks Online. What it gives never throws and never holds a token. */
export function openWire(options: WireOptions): (envelope: Envelope, right?: { before: Date }) => Promise<Answer> {
  const { access, pace, now } = options
  return async (envelope, right) => {
    const startedAt = now().getTime()
    const durationMs = () => now().getTime() - startedAt
    const permit = await access.permit()
    switch (permit.kind) {
      case 'refused':
        return { kind: 'refused-sign-in', reason: permit.reason, detail: permit.detail, durationMs: durationMs() }
      case 'unreachable':
        return { kind: 'not-sent', detail: `the sign-in service: ${permit.detail}`, durationMs: durationMs() }
      case 'permitted': {
        await pace.leave()
        // Nothing is awaited between this look at the clock and the call: a process that was frozen before it sends nothing.
        if (right && now() >= right.before) {
          return { kind: 'not-sent', detail: 'the right to send had run out', durationMs: durationMs() }
        }
        const answer = await exchangeBytes({ ...options, envelope, accessToken: permit.accessToken, durationMs })
        heed({ ...options, envelope, answer, accessToken: permit.accessToken })
        return answer
      }
    }
  }
}

/** A throttled answer silences the whole company at once, with jitter; a throttled item tells that items count; a refused token is not used again. */
function heed({
  access,
  pace,
  now,
  random,
  envelope,
  answer,
  accessToken,
}: WireOptions & { envelope: Envelope; answer: Answer; accessToken: string }) {
  if (answer.kind !== 'answered') return
  if (answer.status < 400) {
    // Within a JSON string the quotes would be escaped, so these words are a member of the answer.
    if (isBatch(envelope.path) && /"code":\s*"3001"/.test(answer.body)) pace.itemsCount()
    return
  }
  const json = readJson(answer.body)
  const codes = (json === undefined ? faultsOfXml(answer.body) : faultsOf(json)).map(({ code }) => code)
  if (answer.status === 429 || codes.includes('3001')) {
    pace.pauseUntil(new Date(now().getTime() + Math.ceil(throttleSeconds * 1000 * (1 + random() / 10))))
  }
  if (answer.status === 401 && codes.includes('3200')) access.refuse(accessToken)
}

async function exchangeBytes({
  apiUrl,
  workerName,
  answerTimeoutSeconds,
  envelope,
  accessToken,
  durationMs,
}: WireOptions & { envelope: Envelope; accessToken: string; durationMs: () => number }): Promise<Answer> {
  try {
    const response = await fetch(apiUrl.replace(/\/+$/, '') + envelope.path, {
      method: envelope.method,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${accessToken}`,
        'content-type': envelope.contentType,
        ...(workerName ? { 'x-countersign-worker': workerName } : {}),
      },
      body: envelope.method === 'GET' ? null : envelope.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerTimeoutSeconds * 1000),
    })
    return {
      kind: 'answered',
      status: response.status,
      body: withoutTokens({ status: response.status, body: await textOf(response), accessToken }),
      contentType: response.headers.get('content-type') ?? '',
      intuitTid: response.headers.get('intuit_tid') ?? response.headers.get('intuit-tid'),
      date: response.headers.get('date'),
      durationMs: durationMs(),
    }
  } catch (error) {
    return { kind: neverLeft(error) ? 'not-sent' : 'lost', detail: nameOf(error), durationMs: durationMs() }
  }
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > bodyBytesMax) throw new RangeError(`the answer is longer than ${bodyBytesMax} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Answers are stored, and the gateway quotes the token that it refuses. */
function withoutTokens({ status, body, accessToken }: { status: number; body: string; accessToken: string }): string {
  const without = body.replaceAll(accessToken, '[token]')
  return status === 401 || status === 403 ? without.replace(/(Token \w+: )[\w.-]+/gi, '$1[token]') : without
}

/** Errors that come before a connection stands, so that not a byte of the request can have left. */
const BEFORE_CONNECTED = /^(UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/

function neverLeft(error: unknown): boolean {
  const { errors, code, syscall } = membersOf(causeOf(error))
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverLeft)
  return syscall === 'connect' || syscall === 'getaddrinfo' || (typeof code === 'string' && BEFORE_CONNECTED.test(code))
}

function nameOf(error: unknown): string {
  const cause = causeOf(error)
  const { code, message } = membersOf(cause)
  return [code, message].filter((part) => typeof part === 'string' && part !== '').join(': ') || String(cause)
}

/** fetch says only `fetch failed`; what happened is its cause. */
function causeOf(error: unknown): unknown {
  return membersOf(error).cause ?? error
}
