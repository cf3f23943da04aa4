import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type RunningSandbox, startSandbox } from '../spawn.ts'
import { Visitor } from '../visitor.ts'

interface Part {
  id: string
  status: number
  headers: Record<string, string>
  body?: { Id?: string; Name?: string; value?: unknown }
  atomicityGroup?: string
}

let sandbox: RunningSandbox
let visitor: Visitor
const json = { 'Content-Type': 'application/json' }

async function batch(requests: object[], headers: Record<string, string> = {}): Promise<Part[]> {
  const visit = await visitor.odata('$batch', {}, { method: 'POST', headers, body: { requests } })
  expect(visit.status).toBe(200)
  return visit.json.responses as Part[]
}
const create = (id: string, body: object, more: object = {}) => ({
  id,
  method: 'POST',
  url: 'Contact',
  headers: json,
  body,
  ...more,
})
const exists = async (id: string) => (await visitor.odata(`Contact(${id})`)).status === 200

beforeAll(async () => {
  sandbox = await startSandbox({ world: 'empty' })
  visitor = await Visitor.withToken(sandbox.creatio)
})
afterAll(() => sandbox.stop())

describe('$batch as JSON', () => {
  test('parts are answered in order, whichever way their address is written', async () => {
    const Id = randomUUID()
    const parts = await batch([
      create('a', { Id, Name: 'One' }),
      { id: 'b', method: 'GET', url: `${sandbox.creatio}/0/odata/Contact(${Id})?$select=Name` },
      { id: 'c', method: 'patch', url: `/0/odata/Contact(${Id})`, headers: json, body: { Name: 'Two' } },
      { id: 'd', method: 'GET', url: `Contact?$filter=${encodeURIComponent(`Id eq ${Id}`)}&$select=Name` },
    ])
    expect(parts.map(({ id, status }) => [id, status])).toEqual([
      ['a', 201],
      ['b', 200],
      ['c', 204],
      ['d', 200],
    ])
    expect(parts[1]?.body?.Name).toBe('One')
    expect(parts[3]?.body?.value).toEqual([{ Name: 'Two' }])
  })

  test('it stops after the first failing part, unless the client prefers to continue', async () => {
    const [first, last] = [randomUUID(), randomUUID()]
    const requests = (id: string) => [create('1', { Nonsense: 1 }), create('2', { Id: id, Name: 'Next' })]
    expect((await batch(requests(first))).map(({ status }) => status)).toEqual([400])
    expect(await exists(first)).toBe(false)
    const answered = await batch(requests(last), { Prefer: 'continue-on-error' })
    expect(answered.map(({ status }) => status)).toEqual([400, 201])
    expect(await exists(last)).toBe(true)
  })

  test('an atomicity group happens whole or not at all, and is answered with a guid of the server', async () => {
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()]
    const group = { atomicityGroup: 'g1' }
    const whole = await batch([create('1', { Id: one, Name: 'A' }, group), create('2', { Id: two, Name: 'B' }, group)])
    expect(whole.map(({ status }) => status)).toEqual([201, 201])
    expect(whole[0]?.atomicityGroup).toMatch(/^[0-9a-f]{8}-/)
    expect(whole[0]?.atomicityGroup).toBe(whole[1]?.atomicityGroup)
    const broken = await batch([
      create('1', { Id: three, Name: 'C' }, group),
      create('2', { Id: one, Name: 'again' }, group),
    ])
    expect(broken.map(({ id, status }) => [id, status])).toEqual([['2', 500]])
    expect(await exists(three)).toBe(false)
    expect((await visitor.odata(`Contact(${one})`)).json.Name).toBe('A')
  })

  test('the rows that handlers wrote are taken back with their group', async () => {
    const { count } = await sandbox.fetchControl<{ count: number }>('/count/creatio.BGQuickBooksIntegrationLogDetail')
    const order = { id: '1', method: 'POST', url: 'Order', headers: json, body: { Number: 'G-1' }, atomicityGroup: 'g' }
    await batch([order, create('2', { Nonsense: 1 }, { atomicityGroup: 'g' })])
    expect(await sandbox.fetchControl('/count/creatio.BGQuickBooksIntegrationLogDetail')).toEqual({ count })
  })

  test('a hundred parts are taken and a hundred and one refused whole', async () => {
    const many = (size: number) =>
      Array.from({ length: size }, (_, at) => ({ id: String(at), method: 'GET', url: 'Contact/$count' }))
    expect(await batch(many(100))).toHaveLength(100)
    const refused = await visitor.odata('$batch', {}, { method: 'POST', body: { requests: many(101) } })
    expect(refused.status).toBe(400)
  })

  test('a fault can hit one part, after it was carried out too', async () => {
    const [Id, lost] = [randomUUID(), randomUUID()]
    const rule = (fault: object) => ({ system: 'creatio', entity: 'Contact', operation: 'create', times: 1, fault })
    await sandbox.fetchControl('/faults', { method: 'POST', body: rule({ kind: 'odata-error', when: 'after' }) })
    expect((await batch([create('1', { Id, Name: 'Kept' })])).map(({ status }) => status)).toEqual([500])
    expect(await exists(Id)).toBe(true)
    await sandbox.fetchControl('/faults', { method: 'POST', body: rule({ kind: 'cut', when: 'after' }) })
    await expect(batch([create('1', { Id: lost, Name: 'Cut' })])).rejects.toThrow()
    expect(await exists(lost)).toBe(true)
  })
})

describe('$batch as multipart', () => {
  test('requests and changesets are answered in kind', async () => {
    const Id = randomUUID()
    const body = [
      '--batch_1',
      'Content-Type: multipart/mixed; boundary=change_1',
      '',
      '--change_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      'Content-ID: 1',
      '',
      'POST Contact HTTP/1.1',
      'Content-Type: application/json',
      '',
      JSON.stringify({ Id, Name: 'Multi' }),
      '--change_1--',
      '--batch_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `GET /0/odata/Contact(${Id})?$select=Name HTTP/1.1`,
      'Accept: application/json',
      '',
      '',
      '--batch_1--',
      '',
    ].join('\r\n')
    const headers = { 'Content-Type': 'multipart/mixed; boundary=batch_1' }
    const visit = await visitor.odata('$batch', {}, { method: 'POST', headers, body })
    expect(visit.headers.get('content-type')).toMatch(/^multipart\/mixed; boundary=batchresponse_/)
    expect(visit.text).toMatch(
      /changesetresponse_[\s\S]*HTTP\/1\.1 201 Created[\s\S]*HTTP\/1\.1 200 OK[\s\S]*"Name":"Multi"/,
    )
    expect(await exists(Id)).toBe(true)
  })

  test('a changeset with a failing part changes nothing', async () => {
    const Id = randomUUID()
    const change = (content: object) =>
      `--c\nContent-Type: application/http\n\nPOST Contact HTTP/1.1\n\n${JSON.stringify(content)}\n`
    const body = `--b\nContent-Type: multipart/mixed; boundary=c\n\n${change({ Id, Name: 'x' })}${change({ Nope: 1 })}--c--\n--b--\n`
    const headers = { 'Content-Type': 'multipart/mixed; boundary=b' }
    const { text } = await visitor.odata('$batch', {}, { method: 'POST', headers, body })
    expect(text).toContain('HTTP/1.1 400 Bad Request')
    expect(await exists(Id)).toBe(false)
  })
})
