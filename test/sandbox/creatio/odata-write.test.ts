import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../spawn.ts'
import { Visitor } from '../visitor.ts'

interface LogRow {
  BGRecordId: string
  BGTypeId: string
  BGActionId: string
  BGStatusId: string
}

let sandbox: RunningSandbox
let visitor: Visitor
const set = (settings: Record<string, string | number | boolean>) =>
  sandbox.fetchControl('/settings', { method: 'PATCH', body: settings })
const fault = (rule: object) =>
  sandbox.fetchControl('/faults', { method: 'POST', body: { system: 'creatio', times: 1, ...rule } })
const post = (entity: string, body: object) => visitor.odata(entity, {}, { method: 'POST', body })
const patch = (path: string, body: object) => visitor.odata(path, {}, { method: 'PATCH', body })
const logRowsOf = (id: string) =>
  sandbox.fetchControl<LogRow[]>(`/records/creatio.BGQuickBooksIntegrationLogDetail?BGRecordId=${id}`)

beforeAll(async () => {
  sandbox = await startSandbox({ world: 'empty' })
  visitor = await Visitor.withForms(sandbox.creatio)
})
afterAll(() => sandbox.stop())
afterEach(() => sandbox.fetchControl('/faults', { method: 'DELETE' }))

describe('writing', () => {
  test('a POST answers 201 with the whole entity under the id that the client gave', async () => {
    const Id = randomUUID()
    const { status, json, headers } = await post('Contact', { Id, Name: 'Zoë' })
    expect(status).toBe(201)
    expect(json).toMatchObject({ Id, Name: 'Zoë', Email: '', CreatedOn: expect.stringMatching(/\.\d{6,7}Z$/) })
    expect(headers.get('location')).toBe(`${sandbox.creatio}/0/odata/Contact(${Id})`)
    expect((await post('Contact', { Id, Name: 'Zoë' })).status).toBe(500)
  })

  test('PATCH and DELETE answer 204 with nothing, and what was deleted is a 404', async () => {
    const { json } = await post('Contact', { Name: 'Ada' })
    const changed = await patch(`Contact(${json.Id})`, { Name: 'Ada L.' })
    expect([changed.status, changed.text]).toEqual([204, ''])
    expect((await visitor.odata(`Contact(${json.Id})`)).json.Name).toBe('Ada L.')
    expect((await visitor.odata(`Contact(${json.Id})`, {}, { method: 'DELETE' })).status).toBe(204)
    expect((await visitor.odata(`Contact(${json.Id})`)).status).toBe(404)
  })

  test('a PATCH of an id that is not there answers 204 and does nothing, or 404 by setting', async () => {
    const Id = randomUUID()
    expect((await patch(`Contact(${Id})`, { Name: 'Ghost' })).status).toBe(204)
    expect((await visitor.odata(`Contact(${Id})`)).status).toBe(404)
    await set({ patchMissingStatus: 404 })
    expect((await patch(`Contact(${Id})`, { Name: 'Ghost' })).status).toBe(404)
    await set({ patchMissingStatus: 204 })
  })

  test('an unknown property, a wrong type and a lookup to nothing are errors in shape (1), and write nothing', async () => {
    const { count } = await sandbox.fetchControl<{ count: number }>('/count/creatio.Contact')
    for (const body of [{ Nmae: 'x' }, { Name: 5 }, { AccountId: 'no guid' }, { AccountId: randomUUID() }]) {
      const { status, json } = await post('Contact', body)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(json.error).toMatchObject({ message: expect.any(String), innererror: { message: expect.any(String) } })
    }
    expect(await sandbox.fetchControl('/count/creatio.Contact')).toEqual({ count })
  })

  test('money is stored as it was written, number or text', async () => {
    const { json } = await post('Order', { Number: 'M-1', Amount: '1234567890.12', BGShippingCharge: 0.1 })
    const { text } = await visitor.odata(`Order(${json.Id})`, { $select: 'Amount,BGShippingCharge' })
    expect(text).toContain('"Amount":1234567890.12,"BGShippingCharge":0.10')
  })
})

describe('handlers', () => {
  test('a PATCH of an order moves ModifiedOn and writes a Pending Update row: the echo', async () => {
    const { json } = await post('Order', { Number: 'E-1' })
    const before = await logRowsOf(String(json.Id))
    await patch(`Order(${json.Id})`, { BGQuickBooksId: '145' })
    const [inserted, updated] = await logRowsOf(String(json.Id))
    expect(before).toEqual([inserted])
    expect(inserted).toMatchObject({ BGActionId: 'facb63c3-3599-4cb5-b86d-179b0636a3cb' })
    expect(updated).toMatchObject({
      BGTypeId: '14535998-d4c0-45ac-bbac-8c0185bfcc1a',
      BGActionId: '9065a18f-7c4c-49fb-a9ec-4f6f9d342c43',
      BGStatusId: 'c97db3bc-634d-4c90-8432-ec7141c87640',
    })
    const { json: after } = await visitor.odata(`Order(${json.Id})`)
    expect(after.ModifiedOn).not.toBe(json.ModifiedOn)
    expect(after).toMatchObject({ BGHasQuickBooksLog: true, CreatedOn: json.CreatedOn })
  })

  test('no row is written when the site has the handlers off', async () => {
    await set({ echoOnOrderWrite: false, logOnOrderInsert: false })
    const { json } = await post('Order', { Number: 'E-2' })
    await patch(`Order(${json.Id})`, { Notes: 'quiet' })
    await set({ echoOnOrderWrite: true, logOnOrderInsert: true })
    expect(json.BGHasQuickBooksLog).toBe(false)
    expect(await logRowsOf(String(json.Id))).toEqual([])
  })

  test('a direct write runs no handler and moves no ModifiedOn', async () => {
    const { json } = await post('Order', { Number: 'E-3' })
    await sandbox.fetchControl(`/records/creatio.Order/${json.Id}`, { method: 'PATCH', body: { Notes: 'by SQL' } })
    const { json: after } = await visitor.odata(`Order(${json.Id})`)
    expect(after).toMatchObject({ Notes: 'by SQL', ModifiedOn: json.ModifiedOn })
    expect(await logRowsOf(String(json.Id))).toHaveLength(1)
  })

  test('a handler that throws answers 500 although the row was written', async () => {
    const Id = randomUUID()
    await set({ handlerThrowsAfterWrite: 'Contact' })
    expect((await post('Contact', { Id, Name: 'Half' })).status).toBe(500)
    await set({ handlerThrowsAfterWrite: '' })
    expect((await visitor.odata(`Contact(${Id})`)).json.Name).toBe('Half')
  })
})

describe('faults', () => {
  test.each([
    ['odata-error', 500, { error: { message: 'no luck' } }],
    ['exception', 500, { Message: expect.any(String), ExceptionMessage: 'no luck', ExceptionType: expect.any(String) }],
    ['no-http-resource', 404, { Message: expect.stringContaining('No HTTP resource was found') }],
    ['html', 500, { value: [] }],
  ])('error body %s comes with its own status or under a 200', async (kind, status, body) => {
    await fault({ entity: 'Order', fault: { kind, body: 'no luck' } })
    const own = await visitor.odata('Order', { $top: '1' })
    expect(own.status).toBe(status)
    expect(own.json).toMatchObject(body)
    if (kind === 'html') expect(own.headers.get('content-type')).toContain('text/html')
    await fault({ entity: 'Order', fault: { kind, status: 200 } })
    expect((await visitor.odata('Order', { $top: '1' })).status).toBe(200)
    expect((await visitor.odata('Order', { $top: '1' })).json.value).toEqual(expect.any(Array))
  })

  test.each([{ kind: 'cut' }, { kind: 'status', status: 503 }, { kind: 'timeout', seconds: 0.2 }])(
    'commit, then fail: the row is there although the answer was %j',
    async (kind) => {
      const Id = randomUUID()
      await fault({ entity: 'Contact', operation: 'create', fault: { ...kind, when: 'after' } })
      const outcome = await post('Contact', { Id, Name: 'Kept' }).then(
        ({ status }) => status,
        () => 'no answer',
      )
      expect(outcome).toBe(kind.kind === 'status' ? 503 : 'no answer')
      expect((await visitor.odata(`Contact(${Id})`)).json.Name).toBe('Kept')
      const [entry] = (await sandbox.fetchControl<object[]>('/log?system=creatio&method=POST')).slice(-1)
      expect(entry).toMatchObject({ status: kind.kind === 'status' ? 503 : null, detail: { fault: kind.kind } })
    },
  )

  test('fail before: the row is not there', async () => {
    const Id = randomUUID()
    await fault({ entity: 'Contact', operation: 'create', fault: { kind: 'cut' } })
    await expect(post('Contact', { Id, Name: 'Lost' })).rejects.toThrow()
    expect((await visitor.odata(`Contact(${Id})`)).status).toBe(404)
  })

  test('a rule of a kind that nobody knows is an error, not a success', async () => {
    await fault({ fault: { kind: 'statsu' } })
    const { status, text } = await visitor.odata('Order', { $top: '1' })
    expect([status, text]).toEqual([500, expect.stringContaining('statsu')])
  })

  test('all sessions can be ended at once', async () => {
    await fault({ fault: { kind: 'session-death' } })
    expect((await visitor.odata('Order', { $top: '1' })).status).toBe(401)
    visitor = await Visitor.withForms(sandbox.creatio)
    expect((await visitor.odata('Order', { $top: '1' })).status).toBe(200)
  })
})
