import { describe, expect, test } from '@jest/globals'
import type { CustomerDocument, DocumentLine, InvoiceDocument } from '../../src/domain/document.ts'
import { PostingKind } from '../../src/domain/kinds.ts'
import { validate } from '../../src/sync/validate.ts'
import { aCustomer } from '../contract/documents.ts'
import { aConnection, aMapped, aPosting, limits, mappedInvoice } from './samples.ts'

/** Without the sample's discount, which stands at the document alone and which its lines do not bear out. */
const document = { ...mappedInvoice.document, discount: '0.00', total: '1339.80' }
const [line] = document.lines as [DocumentLine]

function check(given: Partial<InvoiceDocument>, currency = 'USD') {
  const changed = { ...document, ...given }
  const one = { posting: aPosting({ document: changed }), mapped: { ...mappedInvoice, document: changed } }
  const step = validate([one], { connection: aConnection({ currency }), limits })
  const [aside] = step.aside
  return { ready: step.ready.length, aside, problems: String(aside?.reason?.detail.problems ?? '') }
}

function checkCustomer(given: Partial<CustomerDocument>) {
  const mapped = { ...aCustomer('Alder'), document: { ...aCustomer('Alder').document, ...given } }
  const posting = aPosting({ kind: PostingKind.CUSTOMER, document: mapped.document, orderNumber: null })
  const step = validate([{ posting, mapped }], { connection: aConnection({ currency: 'EUR' }), limits })
  return String(step.aside[0]?.reason?.detail.problems ?? 'none')
}

const withLine = (given: Partial<DocumentLine>) => ({ lines: [{ ...line, ...given }, ...document.lines.slice(1)] })

describe('an invoice', () => {
  test('that is in order goes on', () => {
    expect(check({})).toMatchObject({ ready: 1, aside: undefined })
  })

  test.each<[Partial<InvoiceDocument>, RegExp]>([
    [{ number: '' }, /it has no invoice number/],
    [{ number: '1'.repeat(22) }, /the invoice number has 22 characters, 21 are allowed/],
    [{ purchaseOrderNumber: 'P'.repeat(1001) }, /purchase order number has 1001 characters/],
    [{ dueDate: '2026-11-01' }, /the due date 2026-11-01 is before the invoice date 2026-11-02/],
    [{ lines: [] }, /it has no lines/],
    [withLine({ description: 'x'.repeat(4001) }), /description of line 1 has 4001 characters/],
    [withLine({ quantity: '-1' }), /line 1 has the negative quantity -1/],
    [withLine({ unitPrice: '-1' }), /line 1 has the negative price -1/],
    [withLine({ amount: '1234.49' }), /line 1: 3 × 411.5 is not 1234.49/],
    [withLine({ discountAmount: '1.00' }), /line 1: 0 % of 1234.50 is not 1.00/],
    [{ discount: '0.01' }, /the discounts add up to 0.00, not 0.01/],
    [{ total: '0.01' }, /not 0.01/],
  ])('whose %j is wrong says so', (given, problem) => {
    const { ready, aside, problems } = check(given)
    expect(problems).toMatch(problem)
    expect(ready).toBe(0)
    expect(aside).toMatchObject({ to: 'FAILED', reason: { code: 'DOCUMENT_INVALID' } })
  })

  test('names every problem at once', () => {
    const { problems } = check({ number: '', dueDate: '2000-01-01', lines: [], total: '-1.00' })
    expect(problems.split('; ').length).toBeGreaterThanOrEqual(4)
  })

  test('whose total is below zero is refused', () => {
    expect(check({ lines: [], shipping: '-5.00', tax: '0.00', total: '-5.00' }).problems).toMatch(
      /its total -5.00 is negative/,
    )
  })

  test('in another currency than the company keeps its books in is refused, naming both', () => {
    expect(check({}, 'EUR').aside).toMatchObject({
      to: 'FAILED',
      reason: { code: 'CURRENCY_UNSUPPORTED', detail: { currency: 'USD', companyCurrency: 'EUR' } },
    })
  })

  test('does not hold up the others', () => {
    const bad = { ...aMapped(), mapped: { ...mappedInvoice, document: { ...document, number: '' } } }
    const good = { ...aMapped(), mapped: { ...mappedInvoice, document } }
    const step = validate([bad, good], { connection: aConnection(), limits })
    expect([step.ready, step.aside.map(({ id }) => id)]).toEqual([[good], [bad.posting.id]])
  })
})

describe('a customer', () => {
  test('of any currency is in order', () => {
    expect(checkCustomer({})).toBe('none')
  })

  test.each<[Partial<CustomerDocument>, RegExp]>([
    [{ name: '  ' }, /no name/],
    [{ name: 'a:b' }, /a colon, a tab or a line break/],
    [{ name: 'a\tb' }, /a colon, a tab or a line break/],
    [{ name: 'a\nb' }, /a colon, a tab or a line break/],
    [{ name: 'a'.repeat(501) }, /501 characters, 500 are allowed/],
    [{ email: 'nobody' }, /"nobody" is no e-mail address/],
    [{ email: 'a@b c.example' }, /is no e-mail address/],
  ])('with %j says what QuickBooks would refuse', (given, problem) => {
    expect(checkCustomer(given)).toMatch(problem)
  })
})
