import { describe, expect, test } from '@jest/globals'
import type { LogAction, LogType } from '../../src/creatio/creatio.ts'
import type { OrderReading } from '../../src/creatio/to-document.ts'
import { LogStatus } from '../../src/domain/log-row.ts'
import type { Posting } from '../../src/domain/posting.ts'
import { PostingState } from '../../src/domain/transitions.ts'
import { type Decision, decide } from '../../src/sync/eligibility.ts'
import { aLogRow, aPosting, mappedInvoice, now } from './samples.ts'

const document: OrderReading = { kind: 'document', document: mappedInvoice.document }
const changed: OrderReading = {
  kind: 'document',
  document: { ...mappedInvoice.document, purchaseOrderNumber: 'other' },
}
const empty: OrderReading = { kind: 'not-eligible', reason: 'ORDER_EMPTY', detail: { orderNumber: 'ORD-61000' } }
const invalid: OrderReading = { kind: 'invalid', reason: 'DOCUMENT_INVALID', detail: { problems: 'it has none.' } }

function decided(args: {
  type?: LogType | null
  action?: LogAction | null
  reading?: OrderReading | null
  posting?: Posting | null
}): Decision {
  const { type = 'CUSTOMER_ORDER', action = 'INSERT', reading = document, posting = null } = args
  return decide({ row: aLogRow({ type, action }), reading, orderNumber: 'ORD-61000', posting, connectionId: 'c' })
}

/** `post PENDING`, `answer ECHO PROCESSED`, `join`, `later`… */
function inShort(decision: Decision): string {
  if (decision.kind === 'post') return `post ${decision.draft.state}`
  if (decision.kind === 'answer') return `answer ${decision.reason} ${decision.wantedStatus}`
  return decision.kind
}

const anyPosting = [null, ...Object.values(PostingState).map((state) => aPosting({ state }))]
const actions: (LogAction | null)[] = ['INSERT', 'UPDATE', 'DELETE', 'LOG']

describe('a row that is not a sales order', () => {
  test.each<[LogType | null, string]>([
    ['FACTORY_ORDER', 'answer TYPE_NOT_OURS null'],
    ['INVENTORY_ADJUSTMENT', 'answer TYPE_NOT_OURS null'],
    ['COMMISSION', 'answer COMMISSION_ROW null'],
    [null, 'answer TYPE_UNKNOWN null'],
  ])('of type %s is %s, whatever its action and posting', (type, expected) => {
    for (const action of actions) {
      for (const posting of anyPosting) expect(inShort(decided({ type, action, posting }))).toBe(expected)
    }
  })

  test('of an unknown action says so, with the value that nobody knows', () => {
    expect(decided({ action: null })).toMatchObject({ reason: 'ACTION_UNKNOWN', detail: { value: 'raw action' } })
    expect(decided({ type: null })).toMatchObject({ reason: 'TYPE_UNKNOWN', detail: { value: 'raw type' } })
  })

  test('is named in words', () => {
    expect(decided({ type: 'FACTORY_ORDER' })).toMatchObject({ detail: { type: 'FactoryOrder' } })
  })
})

/** What becomes of a row by the state of its order's posting, told or not yet told, with a document and without an order. */
const table: [PostingState | 'none', LogAction, string, string][] = [
  ['none', 'INSERT', 'post PENDING', 'answer ORDER_NOT_FOUND ERROR'],
  ['none', 'UPDATE', 'post PENDING', 'answer ORDER_NOT_FOUND ERROR'],
  ['none', 'LOG', 'post PENDING', 'answer ORDER_NOT_FOUND ERROR'],
  ['none', 'DELETE', 'answer NOTHING_TO_DELETE PROCESSED', 'answer NOTHING_TO_DELETE PROCESSED'],
  [PostingState.PENDING, 'INSERT', 'post PENDING', 'join'],
  [PostingState.PENDING, 'UPDATE', 'post PENDING', 'join'],
  [PostingState.PENDING, 'DELETE', 'later', 'later'],
  [PostingState.CLAIMED, 'UPDATE', 'later', 'later'],
  [PostingState.CLAIMED, 'DELETE', 'later', 'later'],
  [PostingState.SENT, 'UPDATE', 'later', 'later'],
  [PostingState.SENT, 'DELETE', 'later', 'later'],
  [PostingState.UNKNOWN, 'UPDATE', 'later', 'later'],
  [PostingState.UNKNOWN, 'DELETE', 'later', 'later'],
  [PostingState.POSTED, 'UPDATE', 'later', 'later'],
  [PostingState.POSTED, 'DELETE', 'later', 'later'],
  [PostingState.FAILED, 'UPDATE', 'post PENDING', 'answer ORDER_NOT_FOUND ERROR'],
  [PostingState.FAILED, 'DELETE', 'answer NOTHING_TO_DELETE PROCESSED', 'answer NOTHING_TO_DELETE PROCESSED'],
  [PostingState.MISMATCHED, 'UPDATE', 'post PENDING', 'answer ORDER_NOT_FOUND ERROR'],
  [PostingState.SKIPPED, 'UPDATE', 'post PENDING', 'answer ORDER_NOT_FOUND ERROR'],
  [PostingState.SKIPPED, 'DELETE', 'answer NOTHING_TO_DELETE PROCESSED', 'answer NOTHING_TO_DELETE PROCESSED'],
  [PostingState.CANCELLED, 'UPDATE', 'post PENDING', 'answer ORDER_NOT_FOUND ERROR'],
]

describe('a row of a sales order', () => {
  test.each(table)('whose posting is %s: %s is "%s", and "%s" when the order is gone', (state, action, there, gone) => {
    const posting = state === 'none' ? null : aPosting({ state })
    expect(inShort(decided({ action, posting }))).toBe(there)
    expect(inShort(decided({ action, posting, reading: null }))).toBe(gone)
  })

  test.each<[OrderReading, string]>([
    [document, 'post PENDING'],
    [empty, 'post SKIPPED'],
    [invalid, 'post FAILED'],
  ])('asks for a posting in the state that its order allows', (reading, expected) => {
    expect(inShort(decided({ reading }))).toBe(expected)
    expect(inShort(decided({ reading, posting: aPosting() }))).toBe(expected)
  })

  test('whose posting came to rest and has not been told waits until the CRM was told', () => {
    for (const state of [PostingState.FAILED, PostingState.SKIPPED, PostingState.MISMATCHED, PostingState.CANCELLED]) {
      for (const action of ['UPDATE', 'DELETE'] as const) {
        expect(inShort(decided({ action, posting: aPosting({ state, writeBackAt: now }) }))).toBe('later')
      }
    }
  })
})

describe('a row of an order whose invoice is in QuickBooks', () => {
  const done = aPosting({ state: PostingState.PROCESSED, quickBooksId: '145' })

  test.each<[string, LogAction, OrderReading | null, string]>([
    ['says the same', 'UPDATE', document, 'answer ECHO PROCESSED'],
    ['was changed', 'UPDATE', changed, 'answer CHANGED_AFTER_POSTING ERROR'],
    ['became empty', 'UPDATE', empty, 'answer CHANGED_AFTER_POSTING ERROR'],
    ['cannot be read any more', 'UPDATE', invalid, 'answer CHANGED_AFTER_POSTING ERROR'],
    ['is gone', 'UPDATE', null, 'answer ORDER_NOT_FOUND ERROR'],
    ['is gone', 'DELETE', null, 'answer DELETED_AFTER_POSTING ERROR'],
    ['is marked deleted', 'DELETE', document, 'answer DELETED_AFTER_POSTING ERROR'],
  ])('when it %s: %s', (_name, action, reading, expected) => {
    const decision = decided({ action, reading, posting: done })
    expect(inShort(decision)).toBe(expected)
    if (decision.kind === 'answer' && reading !== null) expect(decision.postingId).toBe(done.id)
  })

  test('and whose CRM could not be told only tells it again, changed or not', () => {
    const untold = aPosting({ state: PostingState.FAILED, quickBooksId: '145', reasonCode: 'WRITE_BACK' })
    expect(decided({ posting: untold })).toEqual({ kind: 'tell-again', postingId: untold.id, joins: true })
    expect(decided({ posting: untold, reading: changed })).toMatchObject({ kind: 'tell-again', postingId: untold.id })
  })
})

describe('the draft of a posting', () => {
  test('carries number, total, currency and fingerprint of the document', () => {
    const { posting } = { posting: aPosting() }
    expect(decided({})).toMatchObject({
      draft: {
        connectionId: 'c',
        sourceId: posting.sourceId,
        orderNumber: 'ORD-61000',
        documentNumber: '61000',
        total: posting.total,
        currency: 'USD',
        contentHash: posting.contentHash,
        reason: null,
      },
    })
  })

  test('of an order that is not eligible carries the reason, and no document', () => {
    expect(decided({ reading: empty })).toMatchObject({
      draft: { document: null, contentHash: null, reason: { code: 'ORDER_EMPTY' } },
    })
  })

  test('wants a status of the order log only where an answer is final', () => {
    const wanted = decided({ action: 'DELETE' })
    expect(wanted.kind === 'answer' && wanted.wantedStatus).toBe(LogStatus.PROCESSED)
  })
})
