import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

/** A file that is made while it is sent. */
interface Download {
  contentType: string
  fileName: string
  chunks: AsyncIterable<string | Buffer> | Iterable<string | Buffer>
}

/** What opens a download, and throws what is meant for whoever asked. */
export type OpenDownload = (args: {
  headers: Record<string, string | string[] | undefined>
  query: Record<string, unknown>
  /** What the path names, if it names a file. */
  file?: string
}) => Promise<Download>

const STATUS: Record<string, number> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, BAD_USER_INPUT: 400 }

/** Sends a report piece by piece, as fast as it is taken. One that breaks off is cut, so that nobody takes it for whole. */
export function reports({ open, log }: { open: OpenDownload; log: Logger }): RequestHandler {
  return async (request, response) => {
    try {
      const { contentType, fileName, chunks } = await open({
        headers: request.headers,
        query: request.query,
        file: String(request.params.file ?? ''),
      })
      response.set({ 'content-type': contentType, 'content-disposition': `attachment; filename="${fileName}"` })
      await pipeline(Readable.from(chunks), response)
    } catch (error) {
      if (response.headersSent) {
        log.warn({ error: String(error) }, 'a download broke off')
        response.destroy()
        return
      }
      const { code, message } = told(error)
      if (code === 'INTERNAL') log.error({ error: String(error) }, 'a download failed')
      response.status(STATUS[code] ?? 500).json({ errors: [{ message, extensions: { code } }] })
    }
  }
}

/** Errors that are meant for the caller say so by their code or their name; of others nothing leaves. */
function told(error: unknown): { code: string; message: string } {
  const {
    message = '',
    name,
    extensions,
  } = error as { message?: string; name?: string; extensions?: { code?: unknown } }
  if (name === 'InvalidRequest') return { code: 'BAD_USER_INPUT', message }
  if (typeof extensions?.code === 'string' && extensions.code in STATUS) return { code: extensions.code, message }
  return { code: 'INTERNAL', message: 'Something went wrong inside Countersign; its log says more.' }
}
