import { afterEach, expect, test } from '@jest/globals'
import { LogStatus } from '../../src/domain/log-row.ts'
import {
  type BatchPart,
  batchReply,
  partsOf,
  type Reply,
  type ScriptedSite,
  type Seen,
  scriptedSite,
} from './scripted-site.ts'

let site: ScriptedSite
const start = async (script: (request: Seen) => Reply | undefined) => {
  site = await scriptedSite(script)
  return site
}
afterEach(() => site.close())

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
const isBatch = ({ path }: Seen) => path.endsWith('$batch')
const PROCESSED = 'e7428193-4cf1-4d1b-abae-00e93ab5e1c5'
const ERROR = 'bdfc60c7-55fd-4cbd-9a2c-dca2def46d80'

type Records = Map<string, Record<string, string>>

/** A site that keeps records and plays batches of PATCH and of reading by id; `onPatch` may keep, lose or refuse a change. */
function keeping(
  records: Records,
  onPatch: (args: { part: BatchPart; id: string }) => { status: number; body?: unknown } | undefined = () => undefined,
) {
  return (request: Seen): Reply | undefined => {
    if (!isBatch(request)) return undefined
    expect(partsOf(request).length).toBeLessThanOrEqual(100)
    return batchReply(request, (part) => {
      if (part.method === 'GET') {
        const asked = [...part.url.matchAll(/Id%20eq%20([0-9a-f-]{36})/g)].map(([, id]) => id!)
        const value = asked.flatMap((Id) => (records.has(Id) ? [{ Id, ...records.get(Id) }] : []))
        return { status: 200, body: { value, '@odata.count': value.length } }
      }
      const id = /\(([0-9a-f-]{36})\)$/.exec(part.url)![1]!
      const said = onPatch({ part, id })
      if (said) return said
      if (records.has(id)) records.set(id, { ...records.get(id), ...part.body })
      return { status: 204 }
    })
  }
}

test('ids of orders and customers are written in batches of at most 100 and confirmed one by one', async () => {
  const records: Records = new Map(Array.from({ length: 250 }, (_, index) => [idOf(index), { BGQuickBooksId: '' }]))
  const { open, seen } = await start(keeping(records))
  const writes = Array.from({ length: 250 }, (_, index) => ({
    kind: index % 2 ? ('ACCOUNT' as const) : ('ORDER' as const),
    sourceId: idOf(index),
    quickBooksId: `Q-${index}`,
  }))
  const results = await open().writeQuickBooksIds(writes)
  expect(results.size).toBe(250)
  expect([...results.values()].every(({ kind }) => kind === 'confirmed')).toBe(true)
  expect(records.get(idOf(249))).toEqual({ BGQuickBooksId: 'Q-249' })
  const patches = seen
    .filter(isBatch)
    .flatMap((request) => partsOf(request))
    .filter(({ method }) => method === 'PATCH')
  expect(new Set(patches.map(({ url }) => url.split('(')[0]))).toEqual(new Set(['Order', 'Account']))
  expect(seen.find(isBatch)?.headers.prefer).toBe('continue-on-error')
})

test('one failing part does not touch the others, and says in words what the CRM said', async () => {
  const records: Records = new Map([1, 2, 3].map((index) => [idOf(index), { BGQuickBooksId: '' }]))
  const broken = { status: 500, body: { Message: 'An error has occurred.', ExceptionMessage: 'The handler threw' } }
  const { open } = await start(keeping(records, ({ id }) => (id === idOf(2) ? broken : undefined)))
  const results = await open().writeQuickBooksIds(
    [1, 2, 3].map((index) => ({ kind: 'ORDER', sourceId: idOf(index), quickBooksId: '9' })),
  )
  expect(results.get(idOf(1))).toEqual({ kind: 'confirmed' })
  expect(results.get(idOf(2))).toEqual({ kind: 'refused', detail: 'An error has occurred. — The handler threw' })
  expect(results.get(idOf(3))).toEqual({ kind: 'confirmed' })
})

test('a change that was answered with 204 and lost is caught by reading back', async () => {
  const records: Records = new Map([1, 2].map((index) => [idOf(index), { BGQuickBooksId: '' }]))
  const { open } = await start(keeping(records, ({ id }) => (id === idOf(2) ? { status: 204 } : undefined)))
  const results = await open().writeQuickBooksIds(
    [1, 2].map((index) => ({ kind: 'ORDER', sourceId: idOf(index), quickBooksId: '9' })),
  )
  expect(results.get(idOf(1))).toEqual({ kind: 'confirmed' })
  expect(results.get(idOf(2))).toEqual({
    kind: 'refused',
    detail: 'the CRM answered that it was written, but read back, the QuickBooks id is empty',
  })
})

test('a missing record that answers 204 is gone', async () => {
  const { open } = await start(keeping(new Map()))
  const results = await open().writeLogRows([{ id: idOf(1), status: LogStatus.ERROR, message: 'x' }])
  expect(results.get(idOf(1))).toEqual({ kind: 'gone' })
})

test('an error under a 200 is an error', async () => {
  const records: Records = new Map([[idOf(1), { BGQuickBooksId: '' }]])
  const { open } = await start(keeping(records, () => ({ status: 200, body: { error: { message: 'No rights' } } })))
  const results = await open().writeQuickBooksIds([{ kind: 'ORDER', sourceId: idOf(1), quickBooksId: '9' }])
  expect(results.get(idOf(1))).toEqual({ kind: 'refused', detail: 'No rights' })
})

test('a change that was kept counts as kept, though a handler threw afterwards', async () => {
  const records: Records = new Map([[idOf(1), { BGQuickBooksId: '' }]])
  const { open } = await start(
    keeping(records, ({ part, id }) => {
      records.set(id, { ...part.body })
      return { status: 500, body: { Message: 'Oops' } }
    }),
  )
  const results = await open().writeQuickBooksIds([{ kind: 'ORDER', sourceId: idOf(1), quickBooksId: '9' }])
  expect(results.get(idOf(1))).toEqual({ kind: 'confirmed' })
})

test('a batch whose answer is lost is judged by what the CRM holds', async () => {
  const records: Records = new Map([[idOf(1), { BGQuickBooksId: '' }]])
  const play = keeping(records)
  const { open } = await start((request) => {
    const reply = play(request)
    return isBatch(request) && partsOf(request)[0]?.method === 'PATCH' ? { hangUp: true } : reply
  })
  const results = await open().writeQuickBooksIds([{ kind: 'ORDER', sourceId: idOf(1), quickBooksId: '9' }])
  expect(results.get(idOf(1))).toEqual({ kind: 'confirmed' })
})

test('what a batch that stopped at an error left unanswered is sent again alone, and refused only on its own account', async () => {
  const records: Records = new Map([1, 2].map((index) => [idOf(index), { BGQuickBooksId: '' }]))
  const play = keeping(records)
  const { open } = await start((request) =>
    isBatch(request) && partsOf(request)[0]?.method === 'PATCH'
      ? batchReply(request, ({ id, url }) =>
          id === '0' ? { status: 400, body: { error: { message: `Bad ${url.includes(idOf(1)) ? 1 : 2}` } } } : null,
        )
      : play(request),
  )
  const results = await open().writeQuickBooksIds(
    [1, 2].map((index) => ({ kind: 'ORDER', sourceId: idOf(index), quickBooksId: '9' })),
  )
  expect(results.get(idOf(1))).toEqual({ kind: 'refused', detail: 'Bad 1' })
  expect(results.get(idOf(2))).toEqual({ kind: 'refused', detail: 'Bad 2' })
})

test('a record that breaks every batch it is in is found by halves: the others are kept, and it alone is refused', async () => {
  const all = Array.from({ length: 60 }, (_, index) => idOf(index + 1))
  const records: Records = new Map(all.map((id) => [id, { BGQuickBooksId: '' }]))
  const play = keeping(records)
  let batches = 0
  const { open } = await start((request) => {
    const writes = isBatch(request) && partsOf(request)[0]?.method === 'PATCH'
    if (writes) batches += 1
    return writes && partsOf(request).some(({ url }) => url.includes(idOf(17))) ? { hangUp: true } : play(request)
  })
  const writes = all.map((sourceId) => ({ kind: 'ORDER' as const, sourceId, quickBooksId: '9' }))
  const results = await open().writeQuickBooksIds(writes)
  const kinds = Map.groupBy(results, ([, { kind }]) => kind)
  expect(kinds.get('confirmed')).toHaveLength(59)
  expect(kinds.get('refused')).toHaveLength(1)
  expect(results.get(idOf(17))?.kind).toBe('refused')
  expect(batches).toBeLessThan(16)
})

test('when no batch gets through, few are sent, and what was not sent alone is lost, not refused', async () => {
  const all = Array.from({ length: 60 }, (_, index) => idOf(index + 1))
  const records: Records = new Map(all.map((id) => [id, { BGQuickBooksId: '' }]))
  const play = keeping(records)
  let batches = 0
  const { open } = await start((request) => {
    if (!(isBatch(request) && partsOf(request)[0]?.method === 'PATCH')) return play(request)
    batches += 1
    return { hangUp: true }
  })
  const writes = all.map((sourceId) => ({ kind: 'ORDER' as const, sourceId, quickBooksId: '9' }))
  const results = await open().writeQuickBooksIds(writes)
  expect([...results.values()].filter(({ kind }) => kind === 'lost').length).toBeGreaterThan(45)
  expect(batches).toBeLessThan(40)
})

test('a log row gets its status and message; a Processed row has no message, and a long one is cut', async () => {
  const records: Records = new Map([1, 2, 3].map((index) => [idOf(index), { BGStatusId: 'x', BGErrorMessage: 'old' }]))
  const { open } = await start(keeping(records))
  const results = await open().writeLogRows([
    { id: idOf(1).toUpperCase(), status: LogStatus.PROCESSED, message: 'Success!' },
    { id: idOf(2), status: LogStatus.ERROR, message: `${'é'.repeat(498)}🙂🙂🙂` },
    { id: idOf(3), status: LogStatus.ERROR, message: 'superseded' },
    { id: idOf(3), status: LogStatus.PENDING, message: ' It waits. ' },
  ])
  expect([...results.values()]).toEqual([{ kind: 'confirmed' }, { kind: 'confirmed' }, { kind: 'confirmed' }])
  expect(records.get(idOf(1))).toEqual({ BGStatusId: PROCESSED, BGErrorMessage: '' })
  expect(records.get(idOf(2))).toEqual({ BGStatusId: ERROR, BGErrorMessage: `${'é'.repeat(498)}…` })
  expect(records.get(idOf(3))?.BGErrorMessage).toBe('It waits.')
})

test('a row that another writer set back meanwhile is not confirmed; a shorter column is', async () => {
  const records: Records = new Map([1, 2].map((index) => [idOf(index), { BGStatusId: '', BGErrorMessage: '' }]))
  const { open } = await start(
    keeping(records, ({ id, part }) => {
      const kept =
        id === idOf(1)
          ? { BGStatusId: PROCESSED, BGErrorMessage: '' }
          : { ...part.body!, BGErrorMessage: part.body!.BGErrorMessage!.slice(0, 10) }
      records.set(id, kept)
      return { status: 204 }
    }),
  )
  const results = await open().writeLogRows(
    [1, 2].map((index) => ({ id: idOf(index), status: LogStatus.ERROR, message: 'The books are closed.' })),
  )
  expect(results.get(idOf(1))).toMatchObject({ kind: 'refused', detail: expect.stringContaining(PROCESSED) })
  expect(results.get(idOf(2))).toEqual({ kind: 'confirmed' })
})

test('nothing to write asks nothing', async () => {
  const { open, seen } = await start(() => undefined)
  expect(await open().writeLogRows([])).toEqual(new Map())
  expect(seen).toHaveLength(0)
})
