import { describe, expect, test } from '@jest/globals'
import type { MappedCustomer, MappedPayment, MappedSale } from '../../../src/domain/document.ts'
import { LinkKind } from '../../../src/domain/link.ts'
import { lossesOf } from '../../../src/ledgers/quickbooks-online/losses.ts'
import { problemsOf } from '../../../src/ledgers/quickbooks-online/problems.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-online/to-request.ts'
import { aCreditMemo, aCustomer, aPayment, aRefund, aVoid } from '../../contract/documents.ts'
import { invoice } from './answers.ts'

const records = {
  customerId: '501',
  itemIds: ['41', '42'] as [string, string],
  charges: { DISCOUNT: { id: '77' }, REFUND: { id: '4' } },
}
const content = { number: 'C-1', records }
const bodyOf = (what: Parameters<typeof toRequest>[0]) => JSON.parse(toRequest(what).request)

describe('a credit memo in the dialect of QuickBooks Online', () => {
  test('is an invoice with the same positive amounts, without what only an invoice has', () => {
    const { operation, request } = toRequest(aCreditMemo(content))
    expect(operation).toBe('create CreditMemo')
    expect(request).toContain('"Amount":1234.50')
    const { Line, TxnTaxDetail } = bodyOf(invoice)
    const credit = bodyOf(aCreditMemo(content))
    expect(credit).toMatchObject({ DocNumber: 'C-1', CustomerRef: { value: '501' }, Line, TxnTaxDetail })
    for (const name of ['DueDate', 'ShipDate', 'SalesTermRef', 'DepositToAccountRef'])
      expect(credit).not.toHaveProperty(name)
  })

  test('bears the stamp of its order, and names the invoice that it corrects', () => {
    expect(bodyOf(aCreditMemo(content)).PrivateNote).toBe('Order ORD-C-1, PO 4711, for invoice INV-1')
    const { document, ...mapped } = aCreditMemo(content)
    expect(bodyOf({ ...mapped, document: { ...document, corrects: null } }).PrivateNote).toBe('Order ORD-C-1, PO 4711')
  })
})

describe('a refund in the dialect of QuickBooks Online', () => {
  test('is a refund receipt, paid from an account', () => {
    expect(toRequest(aRefund(content)).operation).toBe('create RefundReceipt')
    expect(bodyOf(aRefund(content))).toMatchObject({ DocNumber: 'C-1', DepositToAccountRef: { value: '4' } })
  })

  test('without an account is a defect of the caller', () => {
    expect(() =>
      toRequest(aRefund({ ...content, records: { ...records, charges: { DISCOUNT: { id: '77' } } } })),
    ).toThrow('A refund needs an account')
  })
})

describe('what is chosen for a sales document', () => {
  const sale = (more: Partial<MappedSale>) => ({ ...invoice, ...more }) as typeof invoice

  test('terms stand beside the due date', () => {
    expect(bodyOf(sale({ termsId: '3' }))).toMatchObject({ SalesTermRef: { value: '3' }, DueDate: '2026-12-02' })
  })

  test('an address that it is sent to stands beside the billing address', () => {
    const shipTo = { lines: ['Dock 4'], city: 'Salem', state: 'OR' }
    const body = bodyOf({ ...invoice, document: { ...invoice.document, shipTo } })
    expect(body.ShipAddr).toEqual({ Line1: 'Dock 4', City: 'Salem', CountrySubDivisionCode: 'OR' })
    expect(body.BillAddr).toMatchObject({ Line1: '12 Mill Lane' })
  })

  test.each([
    ['TAX', 'TAX', undefined],
    ['NON', 'NON', undefined],
    ['4', 'TAX', { value: '4' }],
    [undefined, 'NON', undefined],
  ])(
    'a tax code %s of a line that is not taxed makes it %s, and the code of the document %j',
    (taxCodeId, code, whole) => {
      const body = bodyOf(sale({ bookings: [{}, taxCodeId === undefined ? {} : { taxCodeId }] }))
      expect(body.Line[1].SalesItemLineDetail.TaxCodeRef).toEqual({ value: code })
      expect(body.TxnTaxDetail).toEqual({ TotalTax: 80.25, ...(whole ? { TxnTaxCodeRef: whole } : {}) })
    },
  )

  test('two tax codes for one document are named before it is sent', () => {
    const two = sale({ bookings: [{ taxCodeId: '4' }, { taxCodeId: '5' }] })
    expect(problemsOf(two)).toMatchObject([{ field: 'tax code', value: '4, 5' }])
    expect(problemsOf(sale({ bookings: [{ taxCodeId: '4' }, { taxCodeId: 'NON' }] }))).toEqual([])
  })

  test('an account of a line is lost: a line is booked to the account of its item', () => {
    expect(lossesOf(sale({ bookings: [{ accountId: '9' }, {}] }))).toContainEqual({
      what: 'a line is booked to the account of its item',
      detail: '1 lines have an account of their own',
    })
    expect(toRequest(sale({ bookings: [{ accountId: '9' }, {}] }))).toEqual(toRequest(invoice))
  })
})

describe('what keeps every document from being sent', () => {
  test('is a closed period, up to its last day, and a connection that may not be written to', () => {
    expect(problemsOf(aCreditMemo(content), { closingDate: '2026-11-02' })).toMatchObject([
      { field: 'closed period', value: '2026-11-02' },
    ])
    expect(problemsOf(aCreditMemo(content), { closingDate: '2026-11-01' })).toEqual([])
    expect(problemsOf(aCustomer('Alder'), { closingDate: '2026-12-31' })).toEqual([])
    expect(problemsOf(aCustomer('Alder'), { locked: 'made for production' })).toMatchObject([
      { field: 'environment', problem: 'made for production' },
    ])
  })
})

describe('a payment in the dialect of QuickBooks Online', () => {
  const payment = (amount: string, applications: MappedPayment['applications']) =>
    aPayment({ number: 'CHQ-771', records, amount, applications })

  test('says what it pays, with amounts that keep their digits', () => {
    expect(toRequest({ ...payment('1305.30', [{ invoiceId: '8812', amount: '1305.30' }]), methodId: '2' })).toEqual({
      purpose: 'POST',
      operation: 'create Payment',
      request:
        '{"CustomerRef":{"value":"501"},"TotalAmt":1305.30,"TxnDate":"2026-11-12","PaymentRefNum":"CHQ-771",' +
        '"PaymentMethodRef":{"value":"2"},"PrivateNote":"Order ORD-CHQ-771, payment 00000000",' +
        '"Line":[{"Amount":1305.30,"LinkedTxn":[{"TxnId":"8812","TxnType":"Invoice"}]}]}',
    })
  })

  test('that pays nothing yet says so, for else QuickBooks may apply it by itself', () => {
    expect(bodyOf(payment('5.00', [])).Line).toEqual([])
  })

  test('of nothing that applies a credit names the invoice and the credit, for the same amount', () => {
    const body = bodyOf(payment('0.00', [{ invoiceId: '8812', amount: '400.00', creditId: '8840' }]))
    expect(body).toMatchObject({
      TotalAmt: 0,
      Line: [
        { Amount: 400, LinkedTxn: [{ TxnId: '8812', TxnType: 'Invoice' }] },
        { Amount: 400, LinkedTxn: [{ TxnId: '8840', TxnType: 'CreditMemo' }] },
      ],
    })
  })

  test('names its problems, all at once', () => {
    const two = [
      { invoiceId: '1', amount: '1.00', creditId: '2' },
      { invoiceId: '1', amount: '-1.00' },
    ]
    expect(problemsOf(payment('5.00', two)).map(({ problem }) => problem)).toEqual([
      'a payment that applies a credit memo applies it to one invoice, and brings no money',
      'a payment names one invoice twice',
      'a payment applies nothing, or less, to an invoice',
    ])
  })
})

describe('a void in the dialect of QuickBooks Online', () => {
  const voidOf = (kind: 'INVOICE' | 'REFUND' | 'PAYMENT' | 'CREDIT_MEMO') =>
    aVoid({ kind, number: 'INV-15001', targetId: '8812', revision: '3' })

  test.each([
    ['INVOICE', 'void Invoice', '{"Id":"8812","SyncToken":"3"}'],
    ['REFUND', 'void RefundReceipt', '{"Id":"8812","SyncToken":"3","sparse":true}'],
    ['PAYMENT', 'void Payment', '{"Id":"8812","SyncToken":"3","sparse":true}'],
  ] as const)('of a %s names the revision that was read', (kind, operation, request) => {
    expect(toRequest(voidOf(kind))).toEqual({ purpose: 'POST', operation, request })
    expect(problemsOf(voidOf(kind))).toEqual([])
  })

  test('of a credit memo is its deletion, which names the revision that was read', () => {
    expect(problemsOf(voidOf('CREDIT_MEMO'))).toEqual([])
    const { operation, request } = toRequest(voidOf('CREDIT_MEMO'))
    const { targetId, revision } = voidOf('CREDIT_MEMO')
    expect({ operation, body: JSON.parse(request) }).toEqual({
      operation: 'delete CreditMemo',
      body: { Id: targetId, SyncToken: revision },
    })
  })
})

describe('a change of a customer in the dialect of QuickBooks Online', () => {
  const change = (document: Partial<MappedCustomer['document']>): MappedCustomer => {
    const mapped = aCustomer('Alder Interiors')
    return { ...mapped, document: { ...mapped.document, ...document }, update: { quickBooksId: '501', revision: '3' } }
  }

  test('is sparse, names the revision that was read, and blanks what an address no longer has', () => {
    expect(toRequest(change({})).operation).toBe('update Customer')
    expect(bodyOf(change({}))).toEqual({
      Id: '501',
      SyncToken: '3',
      sparse: true,
      DisplayName: 'Alder Interiors',
      CompanyName: 'Alder Interiors',
      PrimaryEmailAddr: { Address: 'billing@alder.example' },
      PrimaryPhone: { FreeFormNumber: '555-0101' },
      BillAddr: {
        ...{ Line1: '12 Mill Lane', Line2: '', Line3: '', Line4: '', Line5: '' },
        ...{ City: 'Bend', CountrySubDivisionCode: 'OR', PostalCode: '97701', Country: '' },
      },
      Active: true,
    })
  })

  test('leaves alone what the CRM does not say', () => {
    const { email: _e, phone: _p, billing: _b, companyName: _c, ...bare } = aCustomer('Alder').document
    const body = bodyOf({ kind: 'CUSTOMER', document: bare, update: { quickBooksId: '501', revision: '3' } })
    expect(Object.keys(body)).toEqual(['Id', 'SyncToken', 'sparse', 'DisplayName', 'Active'])
  })

  test('makes one inactive that is no longer sold to', () => {
    expect(bodyOf(change({ active: false })).Active).toBe(false)
  })

  test('names what QuickBooks would not take, with its field', () => {
    const problems = problemsOf(
      change({ name: 'A:B', phone: '1'.repeat(31), billing: { lines: ['x'.repeat(501)], postalCode: '9'.repeat(31) } }),
    )
    expect(problems.map(({ field }) => field)).toEqual([
      'name',
      'phone number',
      'billing address, street',
      'billing address, postal code',
    ])
    expect(problems[1]).toMatchObject({ remedy: 'Shorten it to 30 characters in the CRM.' })
  })
})

describe('a look-up of documents and small lists', () => {
  test.each([
    [LinkKind.CREDIT_MEMO, 'NUMBER', "SELECT * FROM CreditMemo WHERE DocNumber IN ('x') MAXRESULTS 1000"],
    [LinkKind.REFUND, 'ID', "SELECT * FROM RefundReceipt WHERE Id IN ('x') MAXRESULTS 1000"],
    [LinkKind.PAYMENT, 'NUMBER', "SELECT * FROM Payment WHERE PaymentRefNum IN ('x') MAXRESULTS 1000"],
    [
      LinkKind.CUSTOMER,
      'EMAIL',
      "SELECT * FROM Customer WHERE PrimaryEmailAddr IN ('x') AND Active IN (true,false) MAXRESULTS 1000",
    ],
    [LinkKind.TERM, 'NAME', "SELECT * FROM Term WHERE Name IN ('x') MAXRESULTS 1000"],
  ] as const)('%s by %s asks by its own column', (entity, by, text) => {
    expect(toRequest({ kind: 'LOOK_UP', entity, by, values: ['x'] }).request).toBe(text)
  })
})
