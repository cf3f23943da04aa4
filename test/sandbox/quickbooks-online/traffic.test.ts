import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { codeOf, invoice, OpenCompany, type Read, type Said } from './open-company.ts'

let company: OpenCompany
beforeEach(async () => {
  company = await OpenCompany.open()
})
afterEach(() => company.close())

const invoices = () => company.sandbox.store.table('qbo.Invoice').size
const itemsOf = (said: Said) => said.json.BatchItemResponse as unknown as Read[]
const creation = (bId: string, body = invoice()) => ({ bId, operation: 'create', Invoice: body })

describe('a batch', () => {
  test('answers each item under its bId; a refused one has a Fault with its element', async () => {
    const said = await company.batch([
      creation('b1', invoice({ DocNumber: 'B-1' })),
      creation('b2', invoice({ DocNumber: 'B-1' })),
      { bId: 'b3', operation: 'delete', Invoice: { Id: '999', SyncToken: '0' } },
      { bId: 'b4', operation: 'update', Customer: { Id: '1', SyncToken: '4', sparse: true, Notes: 'x' } },
      { bId: 'b5', operation: 'create', Vendor: { DisplayName: 'Plain Customer' } },
      { bId: 'b6', Query: "select * from Customer where Id = '2'" },
    ])
    expect(said.status).toBe(200)
    const items = itemsOf(said)
    expect(items.map((item) => item.bId)).toEqual(['b1', 'b2', 'b3', 'b4', 'b5', 'b6'])
    expect(items.map((item) => (item.Fault ? codeOf(item) : 'good'))).toEqual([
      'good',
      '6140',
      '610',
      '5010',
      '6240',
      'good',
    ])
    expect(said.text).toContain('"code":"6240","element":""')
    expect(items[5]?.QueryResponse).toMatchObject({ startPosition: 1, maxResults: 1 })
  })

  test('items cannot see one another’s results', async () => {
    const said = await company.batch([creation('b1'), { bId: 'b2', Query: 'select count(*) from Invoice' }])
    expect(itemsOf(said)[1]?.QueryResponse).toEqual({ totalCount: 0 })
  })

  test('holds 30 items and not one more', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, at) => creation(`b${at}`))
    expect(itemsOf(await company.batch(many(30)))).toHaveLength(30)
    expect((await company.batch(many(31))).status).toBe(400)
    expect(invoices()).toBe(30)
  })

  test('voids, and bypasses the duplicate check, by optionsData', async () => {
    const { Id } = await company.create('Invoice', invoice({ DocNumber: 'B-1' }))
    const said = await company.batch([
      { ...creation('b1', invoice({ DocNumber: 'B-1' })), optionsData: 'allowduplicatedocnum' },
      { bId: 'b2', operation: 'update', optionsData: 'void', Invoice: { Id: String(Id), SyncToken: '0' } },
    ])
    expect(itemsOf(said).map((item) => item.Invoice)).toMatchObject([{ TotalAmt: 100 }, { TotalAmt: 0 }])
  })

  test('takes its items’ latency one after another', async () => {
    company.set({ batchItemLatencyMs: 20 })
    const before = performance.now()
    await company.batch([creation('b1'), creation('b2'), creation('b3')])
    expect(performance.now() - before).toBeGreaterThan(55)
  })

  test('may come back in another order', async () => {
    company.set({ batchOrder: 'shuffled' })
    const many = Array.from({ length: 20 }, (_, at) => creation(`b${at}`))
    const ids = itemsOf(await company.batch(many)).map((item) => String(item.bId))
    expect(ids).not.toEqual(many.map(({ bId }) => bId))
    expect([...ids].sort()).toEqual(many.map(({ bId }) => bId).sort())
  })
})

describe('requestid', () => {
  const post = (requestid: string, body = invoice({ DocNumber: 'R-1' })) =>
    company.ask('invoice', { body, query: { requestid } })

  test('replays the first answer, by default', async () => {
    const first = await post('key')
    const second = await post('key')
    expect(second.json.Invoice).toEqual(first.json.Invoice)
    expect(invoices()).toBe(1)
  })

  test('replays the dead answer after the document was deleted', async () => {
    const first = await post('key')
    const { Id } = first.json.Invoice as unknown as Read
    await company.ask('invoice', { body: { Id: String(Id), SyncToken: '0' }, query: { operation: 'delete' } })
    expect((await post('key')).json.Invoice).toEqual(first.json.Invoice)
    expect(invoices()).toBe(0)
  })

  test('does nothing where it is ignored', async () => {
    company.set({ requestIdMode: 'ignore' })
    await post('key', invoice())
    await post('key', invoice())
    expect(invoices()).toBe(2)
  })

  test('is fault 600 where duplicates are refused', async () => {
    company.set({ requestIdMode: 'duplicate-600' })
    await post('key')
    expect(codeOf(await post('key'))).toBe('600')
  })

  test('a refused document may be sent again under the same one', async () => {
    expect(codeOf(await post('key', invoice({ CustomerRef: { value: '99' } })))).toBe('2500')
    expect((await post('key')).status).toBe(200)
  })

  test('holds in a batch by requestid and bId', async () => {
    const first = await company.batch([creation('b1'), creation('b2')], { requestid: 'batch-1' })
    const again = await company.batch([creation('b1'), creation('b2'), creation('b3')], { requestid: 'batch-1' })
    expect(itemsOf(again).slice(0, 2)).toEqual(itemsOf(first))
    expect(invoices()).toBe(3)
  })

  test('is too long beyond 50 characters, in a batch beyond 36', async () => {
    expect(codeOf(await post('k'.repeat(51)))).toBe('6000')
    expect((await post('k'.repeat(50))).status).toBe(200)
    const said = await company.batch([creation('b1'), creation('b2-is-too-long')], { requestid: 'k'.repeat(36) })
    expect(itemsOf(said).map((item) => (item.Fault ? codeOf(item) : 'good'))).toEqual(['good', '2050'])
    expect(codeOf(itemsOf(await company.batch([creation('b1')], { requestid: 'k'.repeat(37) }))[0] as Read)).toBe(
      '6000',
    )
  })
})

describe('limits', () => {
  const ask = () => company.ask('customer/1')

  test('ten requests a second and not one more; the next second is free', async () => {
    company.set({ requestsPerSecondMax: 10, concurrentRequestsMax: 100 })
    const statuses = (await Promise.all(Array.from({ length: 12 }, ask))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(10)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
    company.sandbox.clock.advance({ seconds: 1.01 })
    expect((await ask()).status).toBe(200)
  })

  test('500 requests a minute, in a moving window', async () => {
    company.set({ requestsPerMinuteMax: 3 })
    for (const expected of [200, 200, 200, 429]) expect((await ask()).status).toBe(expected)
    company.sandbox.clock.advance({ seconds: 59 })
    expect((await ask()).status).toBe(429)
    company.sandbox.clock.advance({ seconds: 2 })
    expect((await ask()).status).toBe(200)
  })

  test('ten at once', async () => {
    company.set({ quickBooksLatencyMs: 60, concurrentRequestsMax: 10 })
    const statuses = (await Promise.all(Array.from({ length: 12 }, ask))).map(({ status }) => status)
    expect(statuses.filter((status) => status === 429)).toHaveLength(2)
    expect((await ask()).status).toBe(200)
  })

  test('40 batches a minute, whose items count only if the switch says so', async () => {
    company.set({ batchesPerMinuteMax: 2, requestsPerMinuteMax: 5 })
    const many = Array.from({ length: 10 }, (_, at) => creation(`b${at}`))
    expect(itemsOf(await company.batch(many)).filter((item) => item.Fault)).toHaveLength(0)
    company.set({ batchItemsCount: true })
    expect(
      itemsOf(await company.batch(many))
        .filter((item) => item.Fault)
        .map((item) => codeOf(item)),
    ).toEqual(Array(7).fill('3001'))
    expect((await company.batch(many)).status).toBe(429)
  })

  test('the refusal is XML, or JSON, or even a 403, by switch', async () => {
    company.set({ requestsPerMinuteMax: 0 })
    const xml = await ask()
    expect(xml.headers.get('content-type')).toContain('application/xml')
    expect(xml.text).toContain('<Fault type="SERVICE"><Error code="3001">')
    company.set({ throttleBody: 'json', throttleStatus: 403 })
    const json = await ask()
    expect([json.status, json.json.fault]).toMatchObject([403, { error: [{ code: '3001' }], type: 'SERVICE' }])
  })

  test('a company can be throttled until a time', async () => {
    company.set({ throttledUntil: new Date(company.sandbox.clock.now().getTime() + 60_000).toISOString() })
    expect((await ask()).status).toBe(429)
    company.sandbox.clock.advance({ seconds: 61 })
    expect((await ask()).status).toBe(200)
  })

  test('reads are metered by the month, writes are free', async () => {
    company.set({ readsPerMonthMax: 1 })
    expect((await ask()).status).toBe(200)
    expect((await ask()).status).toBe(429)
    expect((await company.ask('invoice', { body: invoice() })).status).toBe(200)
    company.sandbox.clock.advance({ seconds: 32 * 86_400 })
    company.token = String((await company.refresh('sandbox-refresh-token')).json.access_token)
    expect((await ask()).status).toBe(200)
  })
})

describe('commit, then fail', () => {
  const order = (fault: Record<string, unknown> & { kind: string }) =>
    company.sandbox.faults.add({
      system: 'quickbooks-online',
      entity: 'Invoice',
      operation: 'create',
      times: 1,
      fault: { when: 'after', ...fault },
    })
  const post = () => company.ask('invoice', { body: invoice({ DocNumber: 'F-1' }), query: { requestid: 'key' } })

  test.each([
    ['a 500', { kind: 'status', status: 500 }, [500, undefined]],
    ['a 503', { kind: 'status', status: 503 }, [503, undefined]],
    ['a 429', { kind: 'status', status: 429 }, [429, '3001']],
    ['a 6000', { kind: 'fault', code: '6000' }, [400, '6000']],
    ['an HTML page with 200', { kind: 'body', body: '<html></html>' }, [200, undefined]],
  ])('the document is saved and the answer is %s', async (_, fault, [status, code]) => {
    order(fault)
    const said = await post()
    expect(said.status).toBe(status)
    if (code) expect(said.text).toContain(String(code))
    expect(invoices()).toBe(1)
    expect((await post()).json.Invoice).toMatchObject({ DocNumber: 'F-1' })
    expect(invoices()).toBe(1)
  })

  test('the document is saved and the socket is cut', async () => {
    order({ kind: 'cut' })
    await expect(post()).rejects.toThrow()
    expect(invoices()).toBe(1)
  })

  test('the document is saved and no answer ever comes', async () => {
    order({ kind: 'timeout', seconds: 0.05 })
    await expect(post()).rejects.toThrow()
    expect(invoices()).toBe(1)
  })

  test('a fault before leaves nothing in the books', async () => {
    order({ kind: 'status', status: 500, when: 'before' })
    expect((await post()).status).toBe(500)
    expect(invoices()).toBe(0)
  })

  test('a fault of one item: saved, and answered with 6000', async () => {
    order({ kind: 'fault', code: '6000' })
    const items = itemsOf(await company.batch([creation('b1', invoice({ DocNumber: 'F-1' })), creation('b2')]))
    expect(items.map((item) => (item.Fault ? codeOf(item) : 'good'))).toEqual(['6000', 'good'])
    expect(invoices()).toBe(2)
  })

  test('a batch that is cut at an item is half in the books', async () => {
    const rule = {
      system: 'quickbooks-online',
      entity: 'Invoice',
      onNth: 2,
      fault: { kind: 'cut', when: 'after' },
    } as const
    company.sandbox.faults.add(rule)
    await expect(company.batch([creation('b1'), creation('b2'), creation('b3')])).rejects.toThrow()
    expect(invoices()).toBe(2)
  })

  test('a batch whose whole answer is lost is in the books to the last item', async () => {
    company.sandbox.faults.add({
      system: 'quickbooks-online',
      operation: 'batch',
      times: 1,
      fault: { kind: 'cut', when: 'after' },
    })
    await expect(company.batch([creation('b1'), creation('b2')])).rejects.toThrow()
    expect(invoices()).toBe(2)
  })
})

describe('change data capture', () => {
  const since = () => new Date(company.sandbox.clock.now().getTime() - 5_000).toISOString()
  const capture = (entities: string, changedSince = since()) =>
    company.ask('cdc', { query: { entities, changedSince } })
  const setsOf = (said: Said) =>
    (said.json.CDCResponse as unknown as { QueryResponse: Read[] }[])[0]?.QueryResponse ?? []

  test('gives what changed, what was deleted, and {} for nothing', async () => {
    const kept = await company.create('Invoice', invoice())
    const gone = await company.create('Invoice', invoice())
    await company.ask('invoice', { body: { Id: String(gone.Id), SyncToken: '0' }, query: { operation: 'delete' } })
    const sets = setsOf(await capture('Invoice,Payment'))
    expect(sets).toContainEqual({})
    const found = sets.find((set) => set.Invoice)
    expect(found).toMatchObject({ startPosition: 1, maxResults: 2 })
    const rows = found?.Invoice as unknown as Read[]
    expect(rows.find(({ Id }) => Id === kept.Id)).toEqual(kept)
    expect(rows.find(({ Id }) => Id === gone.Id)).toEqual({ domain: 'QBO', status: 'Deleted', Id: gone.Id })
  })

  test('looks back 30 days, gives 1000 objects at most, and does not know tax codes', async () => {
    expect((await capture('Invoice', '2020-01-01T00:00:00Z')).status).toBe(400)
    expect((await capture('TaxCode')).status).toBe(400)
    const many = (from: number) => Array.from({ length: 30 }, (_, at) => creation(`b${from + at}`))
    for (let from = 0; from < 1020; from += 30) {
      company.sandbox.clock.advance({ seconds: 2 })
      await company.batch(many(from))
    }
    const changedSince = new Date(company.sandbox.clock.now().getTime() - 600_000).toISOString()
    expect(setsOf(await capture('Invoice', changedSince))[0]).toMatchObject({ maxResults: 1000 })
  })
})

describe('webhooks', () => {
  test.each(['event-notifications', 'cloud-events'])(
    'are signed and tell what happened, as %s',
    async (webhookFormat) => {
      const heard: { body: string; signature: string }[] = []
      const listener = createServer((request, response) => {
        let body = ''
        request.on('data', (part) => (body += part))
        request.on('end', () => {
          heard.push({ body, signature: String(request.headers['intuit-signature']) })
          response.end()
        })
      })
      await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
      const webhookUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/hook`
      company.set({ webhookUrl, webhookVerifierToken: 'verifier', webhookFormat })
      const made = await company.create('Invoice', invoice())
      while (heard.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
      const [{ body, signature } = { body: '', signature: '' }] = heard
      expect(signature).toBe(createHmac('sha256', 'verifier').update(body).digest('base64'))
      const expected =
        webhookFormat === 'cloud-events'
          ? [
              {
                specversion: '1.0',
                type: 'qbo.invoice.created.v1',
                intuitentityid: made.Id,
                intuitaccountid: '9341450000000007',
              },
            ]
          : {
              eventNotifications: [
                { dataChangeEvent: { entities: [{ name: 'Invoice', id: made.Id, operation: 'Create' }] } },
              ],
            }
      expect(JSON.parse(body)).toMatchObject(expected)
      listener.close()
      listener.closeAllConnections()
    },
  )
})

test('every request is in the log with what it asked for', async () => {
  await company.ask('invoice', { body: invoice() })
  const [entry] = company.sandbox.log.query({ system: 'quickbooks-online' })
  expect(entry).toMatchObject({ method: 'POST', status: 200, detail: { entity: 'Invoice', operation: 'create' } })
})
