import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Pull } from '../../../src/ledgers/ledger.ts'
import { checkRequest } from '../../../src/ledgers/quickbooks-desktop/check-request.ts'
import { messageSet } from '../../../src/ledgers/quickbooks-desktop/message-set.ts'
import { openMirror } from '../../../src/ledgers/quickbooks-desktop/mirror.ts'
import { ITEM_NAMES } from '../../../src/ledgers/quickbooks-desktop/names.ts'
import { problemsOf } from '../../../src/ledgers/quickbooks-desktop/problems.ts'
import { answers } from '../../../src/ledgers/quickbooks-desktop/questions.ts'
import { REQUESTS, type RequestName } from '../../../src/ledgers/quickbooks-desktop/schema/requests.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-desktop/to-request.ts'
import { writeRequest } from '../../../src/ledgers/quickbooks-desktop/write-xml.ts'
import { openQbxmlSchema, type QbxmlSchema } from '../../qbxml-schema.ts'
import {
  applied,
  createInvoice,
  creditMemo,
  creditMemoRet,
  customerChange,
  customerRet,
  desktopInvoice,
  exchangeOf,
  invoiceRet,
  linkedInvoiceRet,
  payment,
  paymentRet,
  queryCustomers,
  refund,
  responseTo,
  setOf,
  setting,
  voidOf,
  voidRs,
} from './answers.ts'
import { BROKEN } from './broken-requests.ts'
import { hostileText, valuesOf } from './generated.ts'

const queryInvoices = exchangeOf({ kind: 'LOOK_UP', entity: LinkKind.INVOICE, by: 'ID', values: ['1-1'] }, 'i')

const NAMES = Object.keys(REQUESTS) as RequestName[]

describe('what we write, held against the schema of qbXML 13.0', () => {
  let schema: QbxmlSchema
  beforeAll(() => {
    schema = openQbxmlSchema()
  })
  afterAll(() => schema.close())

  const documentOf = (requests: string[]) => messageSet({ requests, version: 13 })

  test.each(NAMES)('a thousand generated documents of %s are valid, and our own check agrees', (name) => {
    fc.assert(
      fc.property(valuesOf(REQUESTS[name].parts), (values) => {
        expect(checkRequest({ name, values, version: 13 })).toEqual([])
        const document = documentOf([writeRequest({ name, values, version: 13 })])
        // Nothing but ASCII travels, so no gateway can misread it.
        expect(document).toMatch(/^[\t\n\x20-\x7E]*$/)
        expect(schema.errorsOf(document)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  test.each(BROKEN)('$what: the schema refuses it, and our own check says why', ({ name, values, problem }) => {
    expect(checkRequest({ name, values, version: 13 })).toEqual([expect.stringMatching(problem)])
    const document = documentOf([writeRequest({ name, values, version: 13 })])
    expect(schema.errorsOf(document)).not.toEqual([])
  })

  test('each question of the mirror is valid, whatever is asked', () => {
    const mirror = openMirror({ version: () => 13, reading: () => ({ itemNames: ITEM_NAMES, taxableCode: 'Tax' }) })
    const changedSince = new Date('2026-03-01T00:00:00Z')
    const asked: Pull[] = [
      { kind: 'CHANGES', entities: [...mirror.captured], changedSince },
      ...mirror.kinds.flatMap((entity): Pull[] => [
        { kind: 'COUNT', entity },
        { kind: 'IDS', entity, ids: ['42BF65-1768878026', '4-1'] },
        { kind: 'PAGE', entity, position: 1, rowsMax: 100, changedSince: null },
        { kind: 'PAGE', entity, position: 1, rowsMax: 100, changedSince },
      ]),
    ]
    for (const pull of asked) {
      const exchange = { ...mirror.encode(pull), id: 'id', position: 0, idempotencyKey: 'key' }
      expect(schema.errorsOf(mirror.pack(exchange).body)).toEqual([])
    }
  })

  test('an order with hostile text is either named with its field, or becomes a valid document', () => {
    let valid = 0
    const property = fc.property(
      hostileText,
      hostileText,
      hostileText,
      hostileText,
      (description, street, order, phone) => {
        const invoice = desktopInvoice()
        invoice.document.lines[1]!.description = description
        invoice.document.customer.billing = { lines: [street], city: street.slice(0, 31) }
        invoice.document.orderNumber = order
        const customer = { kind: 'CUSTOMER', document: { ...invoice.document.customer, phone } } as const
        const credit = { ...creditMemo, document: { ...creditMemo.document, lines: invoice.document.lines } }
        const paid = { ...payment, document: { ...payment.document, number: order.slice(0, 20), orderNumber: order } }
        const changed = { ...customerChange, document: customer.document }
        for (const mapped of [invoice, customer, credit, paid, changed]) {
          if (problemsOf(mapped, setting).length > 0) continue
          valid += 1
          expect(schema.errorsOf(documentOf([toRequest(mapped, setting, 'key').request]))).toEqual([])
        }
      },
    )
    fc.assert(property, { numRuns: 1000 })
    expect(valid).toBeGreaterThan(500)
  })

  test('each of the documents, with all that a mapping may choose, and each question is a valid document', () => {
    const shipTo = { lines: ['Dock 4'], city: 'Salem' }
    const chosen = { termsId: '30-1', bookings: [{ accountId: '90-1', taxCodeId: '95-1' }, {}] }
    const sales = [desktopInvoice(), creditMemo, refund].map((sale) => ({ ...sale, ...chosen }))
    const documents = [
      ...sales.map((sale) => ({ ...sale, document: { ...sale.document, shipTo } }) as typeof sale),
      ...[creditMemo, refund, { ...payment, methodId: '20-1' }, { ...payment, applications: [] }, applied],
      ...[voidOf('INVOICE'), voidOf('CREDIT_MEMO'), voidOf('REFUND'), customerChange],
    ]
    for (const mapped of documents) {
      expect(problemsOf(mapped, setting)).toEqual([])
      expect(schema.errorsOf(documentOf([toRequest(mapped, setting, 'key').request]))).toEqual([])
    }
    for (const entity of Object.values(LinkKind)) {
      for (const by of ['NAME', 'NUMBER', 'ID', 'EMAIL'] as const) {
        if (!answers({ entity, by })) continue
        const values = by === 'ID' && entity === 'PAYMENT' ? ['1-1', '2-1>3-1'] : ['x', 'y']
        const { request } = toRequest({ kind: 'LOOK_UP', entity, by, values }, setting)
        expect(schema.errorsOf(documentOf([request]))).toEqual([])
      }
    }
  })

  test('the answers that our tests play are such as QuickBooks gives', () => {
    const played = [
      setOf([responseTo(createInvoice, { inner: invoiceRet() }), responseTo(queryCustomers, { inner: customerRet() })]),
      setOf([responseTo(exchangeOf(creditMemo, 'c'), { inner: creditMemoRet() })]),
      setOf([responseTo(exchangeOf(payment, 'p'), { inner: paymentRet() })]),
      setOf([
        responseTo(exchangeOf(applied, 'a')),
        responseTo(exchangeOf(applied, 'b'), { inner: paymentRet({ id: '' }) }),
      ]),
      setOf([responseTo(exchangeOf(voidOf('INVOICE'), 'v'), { inner: voidRs })]),
      setOf([responseTo(queryInvoices, { inner: linkedInvoiceRet() })]),
      setOf([], ' messageSetStatusCode="600" newMessageSetID="abc"'),
    ]
    for (const answer of played) expect(schema.errorsOf(answer)).toEqual([])
  })

  test('sets, recoveries and clearings are valid documents', () => {
    const request = writeRequest({ name: 'HostQuery', values: {}, version: 13 })
    for (const document of [
      messageSet({ requests: [request, request], version: 13, newMessageSetID: 'a' }),
      messageSet({ requests: [], version: 13, newMessageSetID: 'a', oldMessageSetID: 'a' }),
      messageSet({ requests: [], version: 13, oldMessageSetID: 'a' }),
    ]) {
      expect(schema.errorsOf(document)).toEqual([])
    }
  })
})
