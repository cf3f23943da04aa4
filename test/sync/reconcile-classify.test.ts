import { describe, expect, test } from '@jest/globals'
import { PostingState } from '../../src/domain/transitions.ts'
import { compare } from '../../src/sync/compare.ts'
import { invoiceFindings } from '../../src/sync/invoice-findings.ts'
import { type OurOrder, orderFindings, postingFindings, type TheirSide } from '../../src/sync/reconcile-classify.ts'
import { anEqualRecord, aPosting, mappedInvoice } from './samples.ts'

const equal = anEqualRecord()
const { sale: invoice } = equal
const cents = (value: string, by: number) => ((Math.round(Number(value) * 100) + by) / 100).toFixed(2)
const [first, second] = invoice.lines
if (!first || !second) throw new Error('the sample has two lines')
const total = (by: number) => cents(invoice.total, by)

describe('an invoice that differs', () => {
  test.each([
    ['number', { number: '99' }, 'NUMBER number 61000 99 -'],
    ['stamp', { note: 'Order ORD-99999' }, 'NUMBER order'],
    ['customer', { customerId: '12' }, 'CUSTOMER customer 11 12 -'],
    ['date', { date: '2026-04-01' }, 'DATE date'],
    ['due date', { dueDate: '2031-01-01' }, 'EDITED due date'],
    ['tax, one cent', { tax: cents(invoice.tax, 1), total: total(1) }, 'TAX tax 1'],
    ['tax, five dollars less', { tax: cents(invoice.tax, -500), total: total(-500) }, 'TAX tax -500'],
    ['discount, one cent', { discount: cents(invoice.discount, 1), total: total(-1) }, 'DISCOUNT_ROUNDING discount 1'],
    [
      'discount, two cents',
      { discount: cents(invoice.discount, -2), total: total(2) },
      'DISCOUNT_ROUNDING discount -2',
    ],
    ['discount, three cents', { discount: cents(invoice.discount, 3), total: total(-3) }, 'AMOUNT discount 3'],
    ['shipping', { shipping: cents(invoice.shipping, 250), total: total(250) }, 'AMOUNT shipping 250'],
    ['total alone', { total: total(7) }, 'AMOUNT total 7'],
    [
      'amount of a line',
      { lines: [{ ...first, amount: cents(first.amount, 100) }, second], total: total(100) },
      'AMOUNT amount 1 100',
    ],
    ['a line more', { lines: [first, second, { ...second, amount: '5.00' }], total: total(500) }, 'AMOUNT line 3 500'],
    ['quantity', { lines: [{ ...first, quantity: '99' }, second] }, 'EDITED quantity 1'],
    ['item', { lines: [{ ...first, itemId: '99' }, second] }, 'EDITED item 1'],
    ['order of lines', { lines: [second, first] }, 'EDITED order of lines'],
    ['void', { voided: true, total: '0.00' }, 'VOIDED total'],
  ])('in its %s is called that, to the cent, and nothing else', (_, change, words) => {
    const record = { ...equal, sale: { ...invoice, ...change } }
    const findings = invoiceFindings(mappedInvoice, record)
    expect(findings).toHaveLength(1)
    const [{ kind, lines: [line] = [] } = { kind: null }] = findings
    const said = `${kind} ${line?.field} ${line?.line ?? ''} ${line?.ours} ${line?.theirs} ${line?.cents ?? '-'}`
    for (const word of words.split(' ')) expect(said.split(' ')).toContain(word)
    expect(compare(mappedInvoice, record)).not.toEqual([])
  })

  test('in several ways has a finding for each kind, and an equal one has none', () => {
    expect(invoiceFindings(mappedInvoice, equal)).toEqual([])
    const change = { tax: cents(invoice.tax, 3), shipping: cents(invoice.shipping, -3), customerId: '12' }
    const found = invoiceFindings(mappedInvoice, { ...equal, sale: { ...invoice, ...change } })
    expect(found.map(({ kind }) => kind).sort()).toEqual(['AMOUNT', 'CUSTOMER', 'TAX'])
  })
})

const theirs = (given: Partial<TheirSide> = {}): TheirSide => ({ linked: null, alike: [], ...given })
const there = { quickBooksId: equal.quickBooksId, deleted: false, record: equal }

describe('a posting', () => {
  test.each([
    ['that QuickBooks has, equal', PostingState.PROCESSED, '145', { linked: there }, []],
    ['that is on its way', PostingState.UNKNOWN, null, {}, []],
    ['that was rightly left alone', PostingState.SKIPPED, null, {}, []],
    ['whose invoice never was there', PostingState.PROCESSED, '145', {}, ['MISSING_IN_QUICKBOOKS REPOST']],
    [
      'whose invoice was deleted',
      PostingState.PROCESSED,
      '145',
      { linked: { ...there, deleted: true } },
      ['DELETED REPOST'],
    ],
    [
      'whose invoice was made anew',
      PostingState.PROCESSED,
      '145',
      { linked: { ...there, deleted: true }, alike: [there] },
      ['DELETED ADOPT'],
    ],
    ['that failed', PostingState.FAILED, null, {}, ['MISSING_IN_QUICKBOOKS REPOST']],
    ['that failed, and is there all the same', PostingState.FAILED, null, { alike: [there] }, ['MISSING_LINK ADOPT']],
  ])('%s is judged so', (_, state, quickBooksId, side, expected) => {
    const posting = aPosting({ state, quickBooksId })
    const found = postingFindings({ posting, mapped: mappedInvoice, theirs: theirs(side) })
    expect(found.map(({ kind, proposal }) => `${kind} ${proposal}`)).toEqual(expected)
  })
})

describe('an order', () => {
  const processed = {
    state: PostingState.PROCESSED,
    quickBooksId: equal.quickBooksId,
    document: mappedInvoice.document,
  }
  const order = (given: Partial<OurOrder> = {}): OurOrder => ({
    quickBooksId: null,
    mapped: mappedInvoice,
    isInvalid: false,
    total: '10.00',
    claimsProcessed: false,
    isUnderWay: false,
    isElsewhere: false,
    hasChanged: false,
    ...given,
  })
  test.each([
    ['that waits in the log', order({ isUnderWay: true }), null, {}, []],
    ['that is not to be invoiced', order({ mapped: null }), null, {}, []],
    ['that nobody asked for', order(), null, {}, ['MISSING_IN_QUICKBOOKS REPOST']],
    ['that claims to be processed', order({ claimsProcessed: true }), null, {}, ['FALSE_PROCESSED REPOST']],
    ['that is there without a link', order(), null, { alike: [there] }, ['MISSING_LINK ADOPT']],
    ['of the time before us, equal', order({ quickBooksId: '7' }), null, { linked: there }, []],
    [
      'that shows an id that QuickBooks has not',
      order({ quickBooksId: '7' }),
      null,
      {},
      ['MISSING_IN_QUICKBOOKS REPOST'],
    ],
    [
      'that shows an id of another company',
      order({ quickBooksId: '7', isElsewhere: true }),
      null,
      {},
      ['ENVIRONMENT REPOST'],
    ],
    ['that lost its id', order(), processed, { linked: there }, ['MISSING_LINK ADOPT']],
    ['that shows its id', order({ quickBooksId: equal.quickBooksId }), processed, { linked: there }, []],
    [
      'whose failed posting it calls processed',
      order({ claimsProcessed: true }),
      { state: PostingState.FAILED, quickBooksId: null, document: mappedInvoice.document },
      {},
      ['FALSE_PROCESSED REPOST'],
    ],
    [
      'whose posting failed, and is judged by its day itself',
      order(),
      { state: PostingState.FAILED, quickBooksId: null, document: mappedInvoice.document },
      {},
      [],
    ],
    [
      'of which no document can be made',
      order({ mapped: null, isInvalid: true, total: null }),
      { state: PostingState.FAILED, quickBooksId: null, document: null },
      {},
      ['MISSING_IN_QUICKBOOKS REPOST'],
    ],
    [
      'of which no document can be made, and that claims to be processed',
      order({ mapped: null, isInvalid: true, total: null, claimsProcessed: true }),
      null,
      {},
      ['FALSE_PROCESSED REPOST'],
    ],
  ])('%s is judged so', (_, given, posting, side, expected) => {
    const found = orderFindings({ order: given, posting, theirs: theirs(side) })
    expect(found.map(({ kind, proposal }) => `${kind} ${proposal}`)).toEqual(expected)
  })
})
