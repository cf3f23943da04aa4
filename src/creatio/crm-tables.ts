import { CreatioError, type CreatioErrorKind } from './creatio-error.ts'
import { errorSentence } from './error-body.ts'
import { chunks, pathOf, type Query } from './odata.ts'
import { bodyOf, type Page, type PartAnswer, pageOf, partAnswers, sentenceOf, tableOf } from './odata-answer.ts'
import type { Profile } from './profile.ts'
import type { Site } from './site.ts'
import type { Row } from './values.ts'

export interface Patch {
  set: string
  id: string
  body: Record<string, string | boolean>
}

/** The CRM's tables over OData 4. Every method throws CreatioError when an answer is not what was asked for. */
export interface CrmTables {
  page(query: Query): Promise<Page>
  nextPage(path: string): Promise<Page>
  /** All rows of each question, in as few calls as batches allow. A question is complete or it throws: no row is missing in silence. */
  all(queries: Query[]): Promise<Row[][]>
  /** Sends the changes in batches; an entry is the CRM's own words about a change that it refused. Says nothing about what was kept. */
  patch(patches: Patch[]): Promise<(PatchRefusal | null)[]>
  /** Runs tasks side by side, as many as the CRM may be asked at once. */
  sideBySide<T>(tasks: (() => Promise<T>)[]): Promise<T[]>
}

export interface PatchRefusal {
  status: number | null
  detail: string
  /** What became of the whole batch, or of the session within it: it says nothing of this one change. */
  ofBatch?: CreatioErrorKind
}

const ACCEPT = { Accept: 'application/json' }
const CONTENT = { 'Content-Type': 'application/json; charset=utf-8; IEEE754Compatible=true' }
/** A server that always promises one more page must not hold us for ever. */
const PAGES_MAX = 10_000

export function openTables(crm: Crm): CrmTables {
  const sideBySide = <T>(tasks: (() => Promise<T>)[]) => inLanes(tasks, crm.limits.requestsAtOnceMax)
  return {
    page: (query) => pageAt(crm, pathOf(query)),
    nextPage: (path) => pageAt(crm, path),
    sideBySide,
    async all(queries) {
      const read = await sideBySide(
        chunks(queries, crm.limits.batchPartsMax).map((chunk) => async () => {
          const pages = await firstPages(crm, chunk)
          return Promise.all(chunk.map((query, index) => allRows({ crm, query, first: pages[index]! })))
        }),
      )
      return read.flat()
    },
    async patch(patches) {
      const answered = await sideBySide(
        chunks(patches, crm.limits.batchPartsMax).map((chunk) => () => patchBatch(crm, chunk)),
      )
      return answered.flat()
    },
  }
}

interface Crm {
  site: Site
  limits: Profile['limits']
}

async function pageAt({ site }: Crm, path: string): Promise<Page> {
  const { text, status } = await site({ method: 'GET', path, headers: { ...ACCEPT, ...CONTENT } })
  return pageOf({ body: bodyOf(text, status), status, path })
}

async function batch({ site }: Crm, parts: Part[]): Promise<Map<string, PartAnswer>> {
  const requests = parts.map((part, index) => ({ id: String(index), ...part }))
  const headers = { ...ACCEPT, ...CONTENT, Prefer: 'continue-on-error' }
  const { text, status } = await site({ method: 'POST', path: '$batch', headers, body: JSON.stringify({ requests }) })
  return partAnswers(bodyOf(text, status), status)
}

async function firstPages(crm: Crm, queries: Query[]): Promise<Page[]> {
  const paths = queries.map((query) => pathOf({ ...query, counted: true }))
  const answers = await batch(
    crm,
    paths.map((url) => ({ method: 'GET', url, headers: ACCEPT })),
  )
  const pages: Page[] = []
  for (const [index, path] of paths.entries()) {
    const part = answers.get(String(index))
    if (!part) {
      throw new CreatioError({ kind: 'not-understood', detail: `the batch has no answer for ${tableOf(path)}` })
    }
    // A session that died within the batch: asked alone, the question gets a new one.
    pages.push(part.status === 401 ? await pageAt(crm, path) : pageOf({ ...part, path }))
  }
  return pages
}

/** Reads on from the first page until the count is reached, by next links where the CRM gives them, else by skipping what was read. */
async function allRows({ crm, query, first }: { crm: Crm; query: Query; first: Page }): Promise<Row[]> {
  const rows = new Map(first.rows.map((row) => [String(row.Id), row]))
  let last = first
  let read = first.rows.length
  const total = () => last.total ?? first.total
  const unfinished = () => {
    const counted = total()
    return last.nextPath !== null || (counted === null ? last.rows.length >= query.top : read < counted)
  }
  for (let pages = 1; last.rows.length > 0 && unfinished(); pages++) {
    if (pages >= PAGES_MAX) throw new CreatioError({ kind: 'not-understood', detail: `${query.set} has no end` })
    last = await pageAt(crm, last.nextPath ?? pathOf({ ...query, counted: true, skip: read }))
    read += last.rows.length
    for (const row of last.rows) rows.set(String(row.Id), row)
  }
  // Also the case where rows moved between pages while they were read: better again than wrong.
  const counted = total()
  if (counted !== null && rows.size < counted) {
    const detail = `${query.set} counts ${counted} rows and gave ${rows.size} of them`
    throw new CreatioError({ kind: 'not-understood', detail })
  }
  return [...rows.values()]
}

async function patchBatch(crm: Crm, patches: Patch[]): Promise<(PatchRefusal | null)[]> {
  const headers = { ...ACCEPT, ...CONTENT }
  const parts = patches.map(({ set, id, body }) => ({ method: 'PATCH', url: `${set}(${id})`, headers, body }))
  const answers = await batch(crm, parts).catch(asRefusal)
  return patches.map((_, index) => (answers instanceof Map ? refusalOf(answers.get(String(index))) : answers))
}

interface Part {
  method: string
  url: string
  headers: Record<string, string>
  body?: Record<string, string | boolean>
}

/** A lost or refused batch leaves open what was written; only reading back tells, so this is not thrown. A dead sign-in is. */
function asRefusal(error: unknown): PatchRefusal {
  if (!(error instanceof CreatioError) || error.kind === 'password-refused' || error.kind === 'session') throw error
  return { status: error.status ?? null, detail: error.message, ofBatch: error.kind }
}

function refusalOf(answer: PartAnswer | undefined): PatchRefusal | null {
  if (!answer) return { status: null, detail: 'the CRM gave no answer for this record', ofBatch: 'not-understood' }
  const said = errorSentence(answer.body)
  // Some sites report an error under a 200.
  if (answer.status < 300 && said === null) return null
  const refusal = { status: answer.status, detail: said ?? sentenceOf(answer.body) }
  return answer.status === 401 || answer.status === 403 ? { ...refusal, ofBatch: 'session' } : refusal
}

async function inLanes<T>(tasks: (() => Promise<T>)[], lanesMax: number): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const lane = async () => {
    while (next < tasks.length) {
      const index = next++
      results[index] = await tasks[index]!()
    }
  }
  await Promise.all(Array.from({ length: Math.min(lanesMax, tasks.length) }, lane))
  return results
}
