import { describe, expect, test } from '@jest/globals'
import { ExchangePurpose } from '../../../src/domain/kinds.ts'
import { MirrorEntity } from '../../../src/domain/mirror.ts'
import type { Answer, Pull, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { openMirror } from '../../../src/ledgers/quickbooks-online/mirror.ts'

const reader = openMirror({ realmId: '42' })
const { CUSTOMER, INVOICE, ITEM, PAYMENT, PREFERENCES } = MirrorEntity
const since = new Date('2026-03-01T12:00:00.000Z')

const asked = (pull: Pull): StoredExchange => ({
  ...reader.encode(pull),
  id: 'one',
  idempotencyKey: 'one',
  position: 0,
})
const page = (entity: Exclude<MirrorEntity, MirrorEntity.ALL> = INVOICE): StoredExchange =>
  asked({ kind: 'PAGE', entity, position: 1, rowsMax: 1000, changedSince: null })
const changes = asked({ kind: 'CHANGES', entities: [INVOICE, CUSTOMER], changedSince: since })
const answered = (body: unknown, status = 200): Answer => ({
  kind: 'answered',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  contentType: 'application/json',
  intuitTid: null,
  durationMs: 1,
})

describe('a question for the mirror', () => {
  test.each<[string, Pull, string]>([
    [
      'a page of documents',
      { kind: 'PAGE', entity: INVOICE, position: 1001, rowsMax: 1000, changedSince: null },
      'SELECT * FROM Invoice ORDERBY Id STARTPOSITION 1001 MAXRESULTS 1000',
    ],
    [
      'a page of names, inactive ones too',
      { kind: 'PAGE', entity: CUSTOMER, position: 1, rowsMax: 1000, changedSince: since },
      "SELECT * FROM Customer WHERE Active IN (true,false) AND MetaData.LastUpdatedTime >= '2026-03-01T12:00:00.000Z' ORDERBY Id STARTPOSITION 1 MAXRESULTS 1000",
    ],
    [
      'what a company has one of',
      { kind: 'PAGE', entity: PREFERENCES, position: 1, rowsMax: 1000, changedSince: null },
      'SELECT * FROM Preferences STARTPOSITION 1 MAXRESULTS 1000',
    ],
    [
      'records by their ids, whatever these hold',
      { kind: 'IDS', entity: ITEM, ids: ['1', "2') OR ('1"] },
      String.raw`SELECT * FROM Item WHERE Active IN (true,false) AND Id IN ('1','2\') OR (\'1') MAXRESULTS 1000`,
    ],
    ['their number', { kind: 'COUNT', entity: PAYMENT }, 'SELECT COUNT(*) FROM Payment'],
  ])('%s', (_, pull, text) => {
    const exchange = asked(pull)
    expect(exchange).toMatchObject({ purpose: ExchangePurpose.PULL, request: text })
    const path = '/v3/company/42/query?minorversion=75'
    expect(reader.pack(exchange)).toMatchObject({ method: 'POST', path, body: text, contentType: 'application/text' })
  })

  test('changes of several kinds', () => {
    const { method, path, body } = reader.pack(changes)
    expect({ method, body }).toEqual({ method: 'GET', body: '' })
    expect(path).toBe(
      '/v3/company/42/cdc?minorversion=75&entities=Invoice%2CCustomer&changedSince=2026-03-01T12%3A00%3A00.000Z',
    )
  })

  test('tax codes and rates, company and preferences are not among what changes can be asked of', () => {
    expect(reader.captured).toHaveLength(10)
    expect(reader.captured).not.toContain(MirrorEntity.TAX_CODE)
  })
})

describe('an answer for the mirror', () => {
  test('gives each record with its money as decimal strings and the whole of it to the last digit', () => {
    const body = `{"QueryResponse":{"Invoice":[{"Id":"7","SyncToken":"3","DocNumber":"A-7","TxnDate":"2026-02-28","TotalAmt":1234.5,
      "Balance":0.1,"CustomerRef":{"value":"4"},"ExchangeRate":1.2345678901234567890,"Active":false,
      "MetaData":{"LastUpdatedTime":"2026-02-28T10:00:00-08:00"}}],"startPosition":1,"maxResults":1},"time":"2026-03-01T04:00:00.000-08:00"}`
    const pulled = reader.decode(page(), answered(body))
    expect(pulled).toMatchObject({ kind: 'pulled', cut: false, toldAt: '2026-03-01T12:00:00.000Z' })
    const [record] = pulled.kind === 'pulled' ? pulled.records : []
    expect(record).toMatchObject({
      entity: INVOICE,
      quickBooksId: '7',
      deleted: false,
      syncToken: 3,
      changedAt: '2026-02-28T18:00:00.000Z',
      active: false,
      number: 'A-7',
      date: '2026-02-28',
      partyId: '4',
      total: '1234.50',
      balance: '0.10',
    })
    expect(record?.raw).toContain('1.2345678901234567890')
  })

  test('of changes gives deletions too, in whatever order the kinds come, and `{}` is nothing', () => {
    const body = {
      CDCResponse: [
        {
          QueryResponse: [
            {},
            { Customer: [{ Id: '2', SyncToken: '1', DisplayName: 'Ida' }], startPosition: 1, maxResults: 1 },
            { Invoice: [{ domain: 'QBO', status: 'Deleted', Id: '9' }], startPosition: 1, maxResults: 1 },
          ],
        },
      ],
    }
    expect(reader.decode(changes, answered(body))).toMatchObject({
      records: [
        { entity: CUSTOMER, quickBooksId: '2', deleted: false, name: 'Ida' },
        { entity: INVOICE, quickBooksId: '9', deleted: true },
      ],
    })
    expect(reader.decode(changes, answered({ CDCResponse: [{ QueryResponse: [{}] }] }))).toMatchObject({ records: [] })
  })

  test('says when something may have been kept back', () => {
    const rows = (count: number) => Array.from({ length: count }, (_, index) => ({ Id: String(index + 1) }))
    const told = (count: number) =>
      reader.decode(changes, answered({ CDCResponse: [{ QueryResponse: [{ Invoice: rows(count) }] }] }))
    expect(told(999)).toMatchObject({ cut: false })
    expect(told(1000)).toMatchObject({ cut: true })
  })

  test('tells a number from an empty answer', () => {
    const count = asked({ kind: 'COUNT', entity: INVOICE })
    expect(reader.decode(count, answered({ QueryResponse: { totalCount: 41 } }))).toMatchObject({ count: 41 })
    expect(reader.decode(page(), answered({ QueryResponse: {} }))).toMatchObject({ records: [], count: null })
  })

  const throttled =
    '<?xml version="1.0"?><IntuitResponse><Fault type="SERVICE"><Error code="3001"/></Fault></IntuitResponse>'
  const fault = (code: string) => ({ Fault: { Error: [{ Message: 'm', Detail: 'd', code }], type: 'ValidationFault' } })
  test.each<[string, Answer, string]>([
    ['a throttled one, as XML', answered(throttled, 429), 'deferred'],
    ['an expired token', answered(fault('3200'), 401), 'deferred'],
    ['another company', answered(fault('100'), 401), 'stopped'],
    ['a question that it does not know', answered(fault('4001'), 400), 'rejected'],
    ['a Fault inside a 200', answered(fault('4000')), 'rejected'],
    ['half a JSON', answered('{"QueryResponse":{"Invoice":[{'), 'unknown'],
    ['a page of HTML', answered('<html>502</html>', 502), 'deferred'],
    ['another JSON', answered({ hello: 1 }), 'unknown'],
    ['rows of another kind', answered({ QueryResponse: { Customer: [{ Id: '1' }] } }), 'unknown'],
    ['a row without an id', answered({ QueryResponse: { Invoice: [{ SyncToken: '1' }] } }), 'unknown'],
    ['rows that are no list', answered({ QueryResponse: { Invoice: 7 } }), 'unknown'],
    ['silence', { kind: 'lost', detail: 'timeout', durationMs: 1 }, 'deferred'],
    ['nothing that left', { kind: 'not-sent', detail: 'no route', durationMs: 1 }, 'deferred'],
  ])('%s is no empty page', (_, answer, kind) => {
    expect(reader.decode(page(), answer).kind).toBe(kind)
  })

  test.each([
    ['no change capture', { QueryResponse: {} }],
    [
      'a kind that was not asked for and is not known',
      { CDCResponse: [{ QueryResponse: [{ Robot: [{ Id: '1' }] }] }] },
    ],
    ['a change without an id', { CDCResponse: [{ QueryResponse: [{ Invoice: [{}] }] }] }],
  ])('%s is not "no changes"', (_, body) => {
    expect(reader.decode(changes, answered(body)).kind).toBe('unknown')
  })
})
