import { CreatioError } from './creatio-error.ts'
import { errorSentence, errorSentenceOfText } from './error-body.ts'
import { parseExactJson } from './exact-json.ts'
import { isObject, type Row, readText } from './values.ts'

/** Reads the answers of OData: pages of rows, and batches of answers. An error is recognised under any status. */

export interface Page {
  rows: Row[]
  total: number | null
  nextPath: string | null
}

export interface PartAnswer {
  status: number
  body: unknown
}

export function bodyOf(text: string, status: number): unknown {
  try {
    return parseExactJson(text)
  } catch {
    throw new CreatioError({ kind: 'not-understood', detail: `not JSON: ${errorSentenceOfText(text)}`, status })
  }
}

/** Reads a page of rows; an error body is recognised under any status. */
export function pageOf({ body, status, path }: { body: unknown; status: number; path: string }): Page {
  const read = isObject(body) ? body : {}
  const rows = read.value
  if (status >= 300 || 'error' in read || !Array.isArray(rows) || !rows.every(isObject)) {
    const said = errorSentence(body)
    const kind = said !== null || status >= 300 ? 'refused' : 'not-understood'
    throw new CreatioError({ kind, detail: `${tableOf(path)}: ${said ?? sentenceOf(body)}`, status })
  }
  const total = readText(read['@odata.count'])
  const nextLink = readText(read['@odata.nextLink'])
  return {
    rows,
    total: total !== null && /^\d+$/.test(total) ? Number(total) : null,
    nextPath: nextLink === null ? null : pathBelow(nextLink),
  }
}

export function partAnswers(body: unknown, status: number): Map<string, PartAnswer> {
  const responses = isObject(body) ? body.responses : undefined
  if (!Array.isArray(responses)) {
    const said = errorSentence(body)
    const detail = `the batch: ${said ?? sentenceOf(body)}`
    throw new CreatioError({ kind: said === null ? 'not-understood' : 'refused', detail, status })
  }
  const answers = responses.filter(isObject).map((part): [string, PartAnswer] => {
    const partBody = typeof part.body === 'string' ? lenient(part.body) : part.body
    return [String(part.id), { status: Number(part.status), body: partBody }]
  })
  return new Map(answers)
}

/** The body of a part may be a text that holds JSON, or a page. */
function lenient(text: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    return text
  }
}

/** A next link may be absolute or relative. Only what stands below `odata/` is used: a session never leaves for another host. */
function pathBelow(nextLink: string): string {
  return nextLink.replace(/^(?:https?:\/\/[^/]+)?.*?\/odata\//, '').replace(/^\/+/, '')
}

export function tableOf(path: string): string {
  return path.split('?')[0] ?? path
}

export function sentenceOf(body: unknown): string {
  return errorSentenceOfText(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''))
}
