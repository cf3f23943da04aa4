import { STATUS_CODES } from 'node:http'
import { type Answer, bodyText } from '../answer.ts'
import { Refusal } from '../refusal.ts'
import type { BatchAnswer, BatchPart } from './batch-part.ts'

/** Reads a multipart/mixed batch: requests as application/http, changesets as a multipart within, which are atomic groups. */
export function parseMultipart({ contentType, body }: { contentType: string; body: string }): BatchPart[] {
  const parts: BatchPart[] = []
  for (const [at, { headers, content }] of sections({ contentType, body }).entries()) {
    const inner = headers['content-type'] ?? ''
    if (!inner.startsWith('multipart/mixed')) {
      parts.push(requestOf({ content, id: headers['content-id'] ?? String(at + 1) }))
      continue
    }
    for (const [place, change] of sections({ contentType: inner, body: content }).entries()) {
      const id = change.headers['content-id'] ?? String(place + 1)
      parts.push({ ...requestOf({ content: change.content, id }), group: `changeset ${at}` })
    }
  }
  return parts
}

/** Writes the answers as multipart/mixed: those of one group within a changeset response. */
export function formatMultipart({ answers, boundary }: { answers: BatchAnswer[]; boundary: string }): Answer {
  let text = ''
  for (let at = 0; at < answers.length; ) {
    const first = answers[at] as BatchAnswer
    const group = first.group
    if (group === undefined || first.answer.status >= 400) {
      text += `--${boundary}\r\n${httpAnswer(first)}\r\n`
      at += 1
      continue
    }
    const inner = `changesetresponse_${group}`
    text += `--${boundary}\r\nContent-Type: multipart/mixed; boundary=${inner}\r\n\r\n`
    for (; answers[at]?.group === group; at += 1) text += `--${inner}\r\n${httpAnswer(answers[at] as BatchAnswer)}\r\n`
    text += `--${inner}--\r\n`
  }
  const headers = { 'Content-Type': `multipart/mixed; boundary=${boundary}`, 'OData-Version': '4.0' }
  return { status: 200, headers, body: `${text}--${boundary}--\r\n` }
}

function httpAnswer({ id, answer }: BatchAnswer): string {
  const headers = Object.entries(answer.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`)
  const status = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`
  const envelope = `Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${id}\r\n\r\n`
  return `${envelope}${status}\r\n${headers.join('')}\r\n${bodyText(answer)}`
}

interface Section {
  headers: Record<string, string>
  content: string
}

function sections({ contentType, body }: { contentType: string; body: string }): Section[] {
  const boundary = /boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (!boundary) throw new Refusal({ status: 400, message: 'The multipart batch has no boundary.' })
  // The line break before a boundary belongs to the boundary; clients write either kind of it.
  const pieces = `\n${body.replaceAll('\r\n', '\n')}`.split(`\n--${boundary}`)
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .map((piece) => sectionOf(piece.replace(/^[ \t]*\n/, '')))
}

function sectionOf(text: string): Section {
  const end = text.indexOf('\n\n')
  const head = end < 0 ? text : text.slice(0, end)
  const headers: Record<string, string> = {}
  for (const line of head.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, content: end < 0 ? '' : text.slice(end + 2) }
}

function requestOf({ content, id }: { content: string; id: string }): BatchPart {
  const lineEnd = content.indexOf('\n')
  const [, method = '', url = ''] = /^(\w+) (\S+)/.exec(content) ?? []
  if (!method) throw new Refusal({ status: 400, message: 'A part of the batch has no request line.' })
  const { headers, content: body } = sectionOf(lineEnd < 0 ? '' : content.slice(lineEnd + 1))
  return { id, method: method.toUpperCase(), url, headers, body: body.trim() }
}
