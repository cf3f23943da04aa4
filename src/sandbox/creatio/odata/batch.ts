import { type Answer, answerOf, bodyText, odataHeaders } from '../answer.ts'
import type { Records } from '../records.ts'
import { Broken, Refusal } from '../refusal.ts'
import type { BatchAnswer, BatchPart } from './batch-part.ts'
import { formatMultipart, parseMultipart } from './multipart.ts'

const partsMax = 100

/**
 * Answers a $batch, JSON or multipart: the parts in order, stopping after the first 4xx or 5xx unless the client prefers
 * `continue-on-error`. Throws a Refusal (400) above 100 parts and for a body that cannot be read.
 */
export async function serveBatch({ contentType, prefer, body, records, servePart }: BatchRequest): Promise<Answer> {
  const multipart = contentType.toLowerCase().startsWith('multipart/mixed')
  const parts = multipart
    ? parseMultipart({ contentType, body: body.toString('utf8') })
    : parseJson(body.toString('utf8'))
  if (parts.length > partsMax) {
    throw new Refusal({
      status: 400,
      message: `The current change set or batch contains too many operations. A maximum of ${partsMax} is allowed.`,
    })
  }
  const goOn = /\bcontinue-on-error\b(?!\s*=\s*false)/i.test(prefer)
  const answers: BatchAnswer[] = []
  for (const group of groupsOf(parts)) {
    answers.push(...(await serveGroup({ group, records, servePart })))
    if (!goOn && (answers.at(-1)?.answer.status ?? 0) >= 400) break
  }
  if (multipart) return formatMultipart({ answers, boundary: `batchresponse_${records.sandbox.random.uuid()}` })
  return { status: 200, headers: odataHeaders, body: { responses: answers.map(jsonAnswer) } }
}

export interface BatchRequest {
  contentType: string
  prefer: string
  body: Buffer
  records: Records
  /** Prepares a part (faults may wait or break here) and returns what carries it out at once. */
  servePart: (part: BatchPart) => Promise<() => Answer>
}

/** A part alone, or neighbours of one atomicity group together. */
function groupsOf(parts: BatchPart[]): BatchPart[][] {
  const groups: BatchPart[][] = []
  for (const part of parts) {
    const last = groups.at(-1)
    if (last && part.group !== undefined && last[0]?.group === part.group) last.push(part)
    else groups.push([part])
  }
  return groups
}

async function serveGroup({
  group,
  records,
  servePart,
}: {
  group: BatchPart[]
  records: Records
  servePart: BatchRequest['servePart']
}): Promise<BatchAnswer[]> {
  const prepared: { id: string; run: () => Answer }[] = []
  for (const part of group) prepared.push({ id: part.id, run: await servePart(part) })
  if (group[0]?.group === undefined) return prepared.map(({ id, run }) => ({ id, answer: guarded(run) }))
  const name = records.sandbox.random.uuid()
  const done: BatchAnswer[] = []
  try {
    records.atomically(() => {
      for (const { id, run } of prepared) {
        const answer = guarded(run)
        done.push({ id, answer, group: name })
        if (answer.status >= 400) throw new GroupFailed()
      }
    })
    return done
  } catch (error) {
    if (!(error instanceof GroupFailed)) throw error
    // Of a group that failed only the failing part is answered: nothing else of it has happened.
    return done.slice(-1)
  }
}

class GroupFailed extends Error {}

function guarded(run: () => Answer): Answer {
  try {
    return run()
  } catch (error) {
    if (error instanceof Broken) throw error
    return answerOf(error)
  }
}

function parseJson(text: string): BatchPart[] {
  let requests: unknown
  try {
    requests = (JSON.parse(text) as { requests?: unknown }).requests
  } catch {
    throw new Refusal({ status: 400, message: 'The batch request body could not be read as JSON.' })
  }
  if (!Array.isArray(requests)) throw new Refusal({ status: 400, message: "The property 'requests' is missing." })
  return requests.map((request: Record<string, unknown>) => ({
    id: String(request.id),
    method: String(request.method).toUpperCase(),
    url: String(request.url),
    headers: (request.headers ?? {}) as Record<string, string>,
    body: typeof request.body === 'string' ? request.body : JSON.stringify(request.body ?? null),
    group: request.atomicityGroup === undefined ? undefined : String(request.atomicityGroup),
  }))
}

function jsonAnswer({ id, answer, group }: BatchAnswer): Record<string, unknown> {
  const text = bodyText(answer)
  const headers = Object.fromEntries(
    Object.entries(answer.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
  const shown: Record<string, unknown> = { id }
  if (group) shown.atomicityGroup = group
  Object.assign(shown, { status: answer.status, headers })
  if (text) shown.body = answer.body
  return shown
}
