import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sql } from 'kysely'
import { CorrectionCause } from '../../src/domain/correction.ts'
import type { InvoiceDocument } from '../../src/domain/document.ts'
import { Role } from '../../src/domain/kinds.ts'
import { findConnection } from '../../src/storage/connections.ts'
import { findPostingsById } from '../../src/storage/postings.ts'
import {
  applyCorrection,
  correctionPlan,
  dismissCorrection,
  proposeCorrections,
  setCorrectionPolicy,
} from '../../src/sync/corrections.ts'
import { connectionRow, idAt, insertRows, postingRow, processed } from '../storage/rows.ts'
import { limits, mappedInvoice } from '../sync/samples.ts'
import { askText, type Reply } from './client.ts'
import { NOW, type ServedApi, serveApi } from './served-api.ts'

const before = mappedInvoice.document as InvoiceDocument
const after: InvoiceDocument = { ...before, shipping: '9.00', total: '1.00' }
const [mine, other] = [connectionRow(), connectionRow({ id: idAt('2026-01-02T00:00:00Z') })]

let api: ServedApi
let id = ''
const road = () => ({
  database: api.database,
  now: () => NOW,
  wake: () => undefined,
  ledgerOf: () => ({ limits, unapplies: true }),
})

beforeAll(async () => {
  api = await serveApi({
    applyCorrection: (request) => applyCorrection(road(), request),
    dismissCorrection: (request) => dismissCorrection(road(), request),
    correctionPlan: (request) => correctionPlan(road(), request),
    setCorrectionPolicy: (request) => setCorrectionPolicy(road(), request),
  })
  await insertRows(api.database, 'connection', [mine, other])
})
afterAll(() => api?.close())

beforeEach(async () => {
  await api.database.run(sql`delete from correction`)
  await api.database.run(sql`delete from posting`)
  const row = postingRow({
    connection_id: mine.id,
    source_id: before.sourceId,
    order_number: before.orderNumber,
    document_number: before.number,
    document: before,
    ...processed(NOW.toISOString()),
  })
  await insertRows(api.database, 'posting', [row])
  const [posting] = await findPostingsById(api.database, [row.id])
  const connection = await findConnection(api.database, { id: mine.id })
  if (!posting || !connection) throw new Error('there is nothing to correct')
  const drafts = [{ posting, before, cause: CorrectionCause.EDITED, after }]
  await proposeCorrections(road(), { connection, drafts, now: NOW })
  const [made] = await api.database.rows(sql<{ id: string }>`select id from correction`)
  id = made?.id ?? ''
})

function asked<T>(query: string, variables: object = {}, key = api.keys[Role.OPERATOR]): Promise<Reply<T>> {
  return askText<T>({ url: api.url, body: { query, variables }, headers: { authorization: `Bearer ${key}` } })
}

const LIST = `query ($filter: CorrectionFilter) { corrections(filter: $filter) { totalCount nodes {
  id state cause method differences documentNumber before { number total lines { item amount } } after { total }
  preview { method writes { kind number total } problems } postings { kind state } } } }`
const APPLY = `mutation ($id: ID!, $method: CorrectionMethod) {
  applyCorrection(id: $id, method: $method) { state method author postings { kind state documentNumber } } }`

describe('corrections', () => {
  test('show both sides and all that would be written, before anything is', async () => {
    const reply = await asked(LIST, { filter: { states: ['PROPOSED'] } })
    expect(reply).toMatchObject({
      data: {
        corrections: {
          totalCount: 1,
          nodes: [
            {
              id,
              documentNumber: before.number,
              differences: expect.arrayContaining([`total ${before.total} became 1.00`]),
              before: {
                total: before.total,
                lines: before.lines.map(({ item, amount }) => ({ item: item.name, amount })),
              },
              after: { total: '1.00' },
              preview: {
                method: 'CREDIT_MEMO',
                writes: [
                  { kind: 'CREDIT_MEMO', number: `${before.number}-C`, total: before.total },
                  { kind: 'PAYMENT', number: `${before.number}-C`, total: '0.00' },
                  { kind: 'INVOICE', number: `${before.number}-2`, total: '1.00' },
                ],
                problems: [],
              },
              postings: [],
            },
          ],
        },
      },
    })
  })

  test('show what another method would write', async () => {
    const query = `query ($id: ID!) { correction(id: $id) { preview(method: VOID) { writes { kind number } } } }`
    expect(await asked(query, { id })).toMatchObject({
      data: { correction: { preview: { writes: [{ kind: 'VOID', number: before.number }, { kind: 'INVOICE' }] } } },
    })
  })

  test('are applied by an operator, under his name, and leave an audit entry', async () => {
    expect(await asked(APPLY, { id, method: 'VOID' })).toMatchObject({
      data: {
        applyCorrection: { state: 'APPLIED', method: 'VOID', postings: [{ kind: 'VOID' }, { kind: 'INVOICE' }] },
      },
    })
    expect(await api.audit()).toContainEqual(expect.objectContaining({ action: 'applyCorrection', result: 'OK' }))
    expect(await asked(APPLY, { id })).toMatchObject({
      errors: [{ message: expect.stringMatching(/applied already/) }],
    })
  })

  test('are dismissed with a note', async () => {
    const query = `mutation ($id: ID!, $note: String!) { dismissCorrection(id: $id, note: $note) { state note } }`
    expect(await asked(query, { id, note: '' })).toMatchObject({
      errors: [{ message: expect.stringMatching(/"note"/) }],
    })
    expect(await asked(query, { id, note: 'agreed' })).toMatchObject({
      data: { dismissCorrection: { state: 'DISMISSED', note: 'agreed' } },
    })
  })

  test('are nothing for a viewer to apply, and another company’s are not there', async () => {
    expect(await asked(APPLY, { id }, api.keys[Role.VIEWER])).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    })
    const foreign = await api.issue({
      name: 'theirs',
      role: Role.OPERATOR,
      connectionIds: [other.id],
      expiresAt: null,
    })
    expect(await asked(LIST, {}, foreign)).toMatchObject({ data: { corrections: { totalCount: 0 } } })
    expect(await asked(APPLY, { id }, foreign)).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
  })

  test('follow the policy that an admin sets', async () => {
    const query = `mutation ($id: ID!) { setCorrectionPolicy(connectionId: $id, method: VOID, approval: AUTOMATIC) {
      correctionMethod correctionApproval } }`
    expect(await asked(query, { id: mine.id })).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] })
    expect(await asked(query, { id: mine.id }, api.keys[Role.ADMIN])).toMatchObject({
      data: { setCorrectionPolicy: { correctionMethod: 'VOID', correctionApproval: 'AUTOMATIC' } },
    })
  })
})
