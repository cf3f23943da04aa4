import type { IncomingMessage, ServerResponse } from 'node:http'

const bodyBytesMax = 64 << 20

/** The whole body as bytes. Rejects above 64 MiB, or when the client goes away before it ends. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of request) {
    const bytes = part as Buffer
    size += bytes.length
    if (size > bodyBytesMax) throw new RangeError(`body larger than ${bodyBytesMax} bytes`)
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

/** Answers a value as JSON. Further headers may have been set on the response before. */
export function sendJson({
  response,
  status = 200,
  body,
}: {
  response: ServerResponse
  status?: number
  body: unknown
}): void {
  response.statusCode = status
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.end(JSON.stringify(body))
}
