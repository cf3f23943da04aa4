import { CreatioError } from './creatio-error.ts'
import { isObject } from './values.ts'

export interface Call {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string
}

/** An answer as it came, whatever its status; a redirect is an answer too and is never followed. */
export interface Answer {
  status: number
  contentType: string
  location: string | null
  /** The site's clock, as its header says it. */
  date: string | null
  setCookies: string[]
  text: string
}

export type Wire = (call: Call) => Promise<Answer>

/**
 * The one door to the network: each call has a timeout (for the body too), and a limit to the size of the answer.
 * Throws CreatioError `timeout`, `unreachable`, or `not-understood` when the answer is too large.
 */
export function openWire(args: { timeoutSeconds: number; bodyBytesMax: number; workerName: string | undefined }): Wire {
  const { timeoutSeconds, bodyBytesMax, workerName } = args
  const ours = workerName === undefined ? {} : { 'x-countersign-worker': workerName }
  return async ({ method, url, headers, body }) => {
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...ours },
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1_000),
        ...(body === undefined ? {} : { body }),
      })
      return {
        status: response.status,
        contentType: response.headers.get('content-type') ?? '',
        location: response.headers.get('location'),
        date: response.headers.get('date'),
        setCookies: response.headers.getSetCookie(),
        text: await boundedText(response, bodyBytesMax),
      }
    } catch (error) {
      throw asCreatioError(error, { url, timeoutSeconds })
    }
  }
}

async function boundedText(response: Response, bytesMax: number): Promise<string> {
  if (!response.body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // Leaving the loop by a throw cancels the stream, and with it the download.
  for await (const piece of response.body as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength
    if (bytes > bytesMax) {
      const detail = `the answer is larger than the limit of ${bytesMax} bytes`
      throw new CreatioError({ kind: 'not-understood', detail, status: response.status })
    }
    text += decoder.decode(piece, { stream: true })
  }
  return text + decoder.decode()
}

function asCreatioError(
  error: unknown,
  { url, timeoutSeconds }: { url: string; timeoutSeconds: number },
): CreatioError {
  if (error instanceof CreatioError) return error
  const { host, pathname } = new URL(url)
  const name = isObject(error) ? error.name : ''
  if (name === 'TimeoutError' || name === 'AbortError') {
    return new CreatioError({ kind: 'timeout', detail: `${host}${pathname} gave no answer within ${timeoutSeconds} s` })
  }
  return new CreatioError({ kind: 'unreachable', detail: `${host}: ${rootCause(error)}` })
}

/** Node wraps the reason of a failed connection: "fetch failed" helps nobody. */
function rootCause(error: unknown): string {
  let root = error
  for (let depth = 0; depth < 5 && isObject(root); depth++) {
    // A name with several addresses fails once for each of them.
    const deeper = Array.isArray(root.errors) ? root.errors[0] : root.cause
    if (deeper === undefined) break
    root = deeper
  }
  return isObject(root) ? String(root.message || root.code || root.name) : String(root)
}
