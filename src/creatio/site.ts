import { CreatioError } from './creatio-error.ts'
import { errorSentenceOfText } from './error-body.ts'
import type { SignIn } from './sign-in.ts'
import type { Answer, Wire } from './wire.ts'

export interface SiteRequest {
  method: 'GET' | 'POST'
  /** Below its door, with its query: `Order?$select=…`. */
  path: string
  /** OData, unless another of the site's doors is named. */
  door?: 'odata' | 'DataService/json/SyncReply'
  headers: Record<string, string>
  body?: string
}

/** The site behind its sign-in: knows where its OData stands, and survives the death of a session. */
export type Site = (request: SiteRequest) => Promise<Answer>

/**
 * Sends requests with a session. When the answer shows that the session died, there is one sign-in, shared by all callers, and one
 * retry; a second death is an error, because an unknown table answers 401 as well. Only answers below 400 are returned; throws CreatioError.
 */
export function openSite({ siteUrl, signIn, wire }: { siteUrl: string; signIn: SignIn; wire: Wire }): Site {
  let runtime: Promise<string> | null = null
  const prefix = () => {
    runtime ??= runtimePrefix(siteUrl, wire).catch((error: unknown) => {
      runtime = null
      throw error
    })
    return runtime
  }

  async function once(request: SiteRequest): Promise<{ answer: Answer; death: string | null }> {
    const { path, door = 'odata', ...rest } = request
    const root = `${siteUrl}${await prefix()}/${door}/`
    const session = await signIn.session()
    const answer = await wire({ ...rest, url: root + path, headers: { ...request.headers, ...session.headers() } })
    const death = deathOf(answer, request.method)
    if (death === null) session.learn(answer)
    else signIn.leave(session)
    return { answer, death }
  }

  return async (request) => {
    const first = await once(request)
    const { answer, death } = first.death === null ? first : await once(request)
    if (death !== null) {
      const detail = `${nameOf(request)}: right after a fresh sign-in it answered with ${death}; the table may not exist, or the user may not use it`
      throw new CreatioError({ kind: 'session', detail, status: answer.status })
    }
    if (answer.status < 300) return answer
    throw refusalOf(answer, request)
  }
}

/** How a dead session shows; null when it lives. A GET gets 401, a POST 403 (a bad BPMCSRF too), and pages lead to the login. */
function deathOf({ status, location, contentType, text }: Answer, method: 'GET' | 'POST'): string | null {
  if (status === 401) return 'a demand to sign in'
  if (status === 403 && method === 'POST') return `a refusal (${errorSentenceOfText(text)})`
  if (status >= 300 && status < 400 && /login/i.test(location ?? '')) return 'the login page'
  if (status < 300 && /text\/html/i.test(contentType)) return `a page instead of data (${errorSentenceOfText(text)})`
  return null
}

function refusalOf({ status, location, text }: Answer, request: SiteRequest): CreatioError {
  if (status < 400) {
    const detail = `${nameOf(request)} is redirected to ${location ?? 'nowhere'}; the address of the site may be wrong`
    return new CreatioError({ kind: 'not-understood', detail, status })
  }
  // A gateway speaks, not the CRM: nothing was refused, it is just not there.
  const kind = status === 429 || (status >= 502 && status <= 504) ? 'unreachable' : 'refused'
  return new CreatioError({ kind, detail: `${nameOf(request)}: ${errorSentenceOfText(text)}`, status })
}

/** The path without its query, which may hold a person's data. */
function nameOf({ method, path }: SiteRequest): string {
  return `${method} ${path.split('?')[0]}`
}

/** Sites on .NET Framework serve below `/0`, sites on .NET at the root. The health check tells, without a session. */
async function runtimePrefix(siteUrl: string, wire: Wire): Promise<string> {
  return (await findRuntime({ siteUrl, wire })).prefix
}

/** The path style of the site, and the answer of its health check, which needs no session. Throws CreatioError. */
export async function findRuntime({
  siteUrl,
  wire,
}: {
  siteUrl: string
  wire: Wire
}): Promise<{ prefix: string; answer: Answer }> {
  const answers: number[] = []
  for (const prefix of ['/0', '']) {
    const answer = await wire({
      method: 'GET',
      url: `${siteUrl}${prefix}/api/HealthCheck/Ping`,
      headers: {},
    })
    const { status, contentType } = answer
    if (status >= 500) {
      throw new CreatioError({ kind: 'unreachable', detail: 'its health check reports that it is down', status })
    }
    // A site may answer any unknown path with its own start page.
    if (status === 200 && !/text\/html/i.test(contentType)) return { prefix, answer }
    answers.push(status)
  }
  const detail = `neither /0/api/HealthCheck/Ping nor /api/HealthCheck/Ping is there (${answers.join(', ')}); the address may be wrong`
  throw new CreatioError({ kind: 'not-understood', detail })
}
