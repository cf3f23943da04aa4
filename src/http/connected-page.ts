import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'

/** What came of connecting a company, in words for the admin's browser. */
export interface Received {
  connected: boolean
  title: string
  sentences: string[]
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem;color:#222;background:#fff}' +
  '@media(prefers-color-scheme:dark){body{color:#ddd;background:#1b1b1b}}'
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/**
 * Where Intuit sends an admin back to: hands the address to whoever takes him in, and shows a page of our own with what
 * came of it. The page holds nothing from elsewhere, runs nothing, and shows nothing of the address.
 */
export function connectedPage(receive: (args: { url: string }) => Promise<Received>): RequestHandler {
  return async (request, response) => {
    const { connected, title, sentences } = await receive({ url: request.url })
    response.set(
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'`,
    )
    response
      .status(connected ? 200 : 400)
      .type('html')
      .send(pageOf({ title, sentences }))
  }
}

function pageOf({ title, sentences }: Omit<Received, 'connected'>): string {
  const paragraphs = sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('')
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${escaped(title)}</title><style>${STYLE}</style></head><body><h1>${escaped(title)}</h1>${paragraphs}</body></html>`
  )
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
