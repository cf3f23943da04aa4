import { describe, expect, test } from '@jest/globals'
import type { MappedDocument } from '../../../src/domain/document.ts'
import { LinkKind } from '../../../src/domain/link.ts'
import { lossesOf } from '../../../src/ledgers/quickbooks-desktop/losses.ts'
import { problemsOf } from '../../../src/ledgers/quickbooks-desktop/problems.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-desktop/to-request.ts'
import { aCustomer } from '../../contract/documents.ts'
import { applied, creditMemo, customerChange, desktopInvoice, payment, refund, setting, voidOf } from './answers.ts'

const ref = (name: string, id: string) => `<${name}><ListID>${id}</ListID></${name}>`
const requestOf = (mapped: MappedDocument, key?: string) => toRequest(mapped, setting, key).request

describe('a credit memo in the dialect of QuickBooks Desktop', () => {
  test('is an invoice under its own name, with the same positive amounts, and no word of when it is due', () => {
    const invoice = requestOf({ ...desktopInvoice('C-15001') })
      .replace('<DueDate>2026-12-02</DueDate>', '')
      .replace('<ShipDate>2026-11-05</ShipDate>', '')
      .replace('<Memo>Order ORD-C-15001</Memo>', '<Memo>Order ORD-C-15001, for invoice INV-1</Memo>')
      .replaceAll('InvoiceAdd', 'CreditMemoAdd')
      .replaceAll('InvoiceLineAdd', 'CreditMemoLineAdd')
    expect(requestOf(creditMemo)).toBe(invoice)
    expect(toRequest(creditMemo, setting).operation).toBe('create CreditMemo')
  })

  test('is what a refund becomes, and it is said that the money is paid out in QuickBooks', () => {
    const { operation, request } = toRequest(refund, setting)
    expect(operation).toBe('create CreditMemo (refund)')
    expect(request).toContain('<Memo>Order ORD-R-15001, refund of invoice INV-1</Memo>')
    expect(lossesOf(refund, setting).map(({ what }) => what)).toContain(
      'a refund is a credit memo: the cheque or card refund that pays it out is written in QuickBooks',
    )
    expect(
      lossesOf(creditMemo, setting)
        .map(({ what }) => what)
        .join(),
    ).not.toContain('refund')
  })

  test('names its problems as an invoice does, line by line', () => {
    const { document, ...mapped } = creditMemo
    const lines = document.lines.map((line) => ({ ...line, quantity: '0.1234567' }))
    const wrong = { ...mapped, document: { ...document, lines, tax: '99.00' } }
    const closed = { ...setting, company: { ...setting.company, closingDate: '2026-11-02' } }
    expect(problemsOf(wrong, closed).map(({ field }) => field)).toEqual([
      'line 1, quantity',
      'line 2, quantity',
      'sales tax',
      'closed period',
    ])
  })
})

describe('what is chosen for a sales document', () => {
  test('terms, an address that it is sent to, and the account and the tax code of a line stand in their places', () => {
    const { document, ...mapped } = desktopInvoice()
    const request = requestOf({
      ...mapped,
      termsId: '30-1',
      bookings: [{ accountId: '90-1', taxCodeId: '95-1' }, {}],
      document: { ...document, shipTo: { lines: ['Dock 4'], city: 'Salem' } },
    })
    expect(request).toContain(
      `<PostalCode>97701</PostalCode></BillAddress><ShipAddress><Addr1>Dock 4</Addr1><City>Salem</City></ShipAddress>` +
        `<PONumber>4711</PONumber>${ref('TermsRef', '30-1')}<DueDate>`,
    )
    expect(request).toContain(
      `<Amount>1234.50</Amount>${ref('SalesTaxCodeRef', '95-1')}${ref('OverrideItemAccountRef', '90-1')}</InvoiceLineAdd>`,
    )
    expect(request.match(/OverrideItemAccountRef>/g)).toHaveLength(2)
  })
})

describe('a payment in the dialect of QuickBooks Desktop', () => {
  test('says what it pays', () => {
    expect(toRequest({ ...payment, methodId: '20-1' }, setting)).toEqual({
      purpose: 'POST',
      operation: 'create ReceivePayment',
      request:
        `<ReceivePaymentAddRq><ReceivePaymentAdd>${ref('CustomerRef', '80000001-1')}<TxnDate>2026-11-12</TxnDate>` +
        `<RefNumber>CHQ-771</RefNumber><TotalAmount>500.00</TotalAmount>${ref('PaymentMethodRef', '20-1')}` +
        '<Memo>Order ORD-CHQ-771, payment 00000000</Memo><AppliedToTxnAdd><TxnID>42BF65-1768878026</TxnID>' +
        '<PaymentAmount>400.00</PaymentAmount></AppliedToTxnAdd></ReceivePaymentAdd></ReceivePaymentAddRq>',
    })
  })

  test('that pays nothing yet is not applied by itself, and bears a GUID as every new record does', () => {
    const request = requestOf({ ...payment, applications: [] }, 'a:1:x')
    expect(request).toMatch(/<ExternalGUID>\{[0-9a-f-]{36}\}<\/ExternalGUID><IsAutoApply>false<\/IsAutoApply>/)
  })

  test('of nothing sets a credit against its invoice', () => {
    expect(requestOf(applied)).toContain(
      '<TotalAmount>0.00</TotalAmount><Memo>Order ORD-C-15001, payment 00000000</Memo><AppliedToTxnAdd><TxnID>42BF65-1768878026</TxnID>' +
        '<PaymentAmount>0.00</PaymentAmount><SetCredit><CreditTxnID>42BF70-1768878999</CreditTxnID>' +
        '<AppliedAmount>400.00</AppliedAmount></SetCredit></AppliedToTxnAdd>',
    )
    expect(lossesOf(applied, setting)).toEqual([
      { what: 'a credit that is applied is a link, and no payment of its own', detail: 'C-15001' },
    ])
  })

  test('that cannot go is named before it is sent', () => {
    expect(problemsOf(payment, setting)).toEqual([])
    expect(problemsOf(applied, setting)).toEqual([])
    expect(problemsOf(applied, { ...setting, version: 9 })).toMatchObject([
      { field: 'applications', problem: 'this QuickBooks is too old to apply a credit memo' },
    ])
    const closed = { ...setting, company: { ...setting.company, closingDate: '2026-11-12' } }
    expect(problemsOf(payment, closed)).toMatchObject([{ field: 'closed period', value: '2026-11-12' }])
  })

  test('a reference of more than twenty characters is for the limits to name', () => {
    const { document, ...mapped } = payment
    expect(problemsOf({ ...mapped, document: { ...document, number: 'x'.repeat(21) } }, setting)).toEqual([])
  })
})

describe('a void in the dialect of QuickBooks Desktop', () => {
  test.each([
    ['INVOICE', 'Invoice'],
    ['CREDIT_MEMO', 'CreditMemo'],
    ['REFUND', 'CreditMemo'],
  ] as const)('of a %s voids the %s', (kind, type) => {
    expect(toRequest(voidOf(kind), setting, 'a:1:x')).toEqual({
      purpose: 'POST',
      operation: `void ${type}`,
      request: `<TxnVoidRq><TxnVoidType>${type}</TxnVoidType><TxnID>42BF65-1768878026</TxnID></TxnVoidRq>`,
    })
    expect(problemsOf(voidOf(kind), setting)).toEqual([])
    expect(lossesOf(voidOf(kind), setting)).toEqual([])
  })

  test('of a payment is its deletion', () => {
    expect(problemsOf(voidOf('PAYMENT'), setting)).toEqual([])
    const { operation, request } = toRequest(voidOf('PAYMENT'), setting)
    const { targetId } = voidOf('PAYMENT')
    expect(operation).toBe('delete ReceivePayment')
    expect(request).toBe(`<TxnDelRq><TxnDelType>ReceivePayment</TxnDelType><TxnID>${targetId}</TxnID></TxnDelRq>`)
  })
})

describe('a change of a customer in the dialect of QuickBooks Desktop', () => {
  test('names the edit sequence that was read, and blanks what an address no longer has', () => {
    expect(toRequest(customerChange, setting, 'a:1:x')).toEqual({
      purpose: 'POST',
      operation: 'update Customer',
      request:
        '<CustomerModRq><CustomerMod><ListID>80000001-1</ListID><EditSequence>1768878026</EditSequence>' +
        '<Name>Alder Interiors</Name><IsActive>true</IsActive><CompanyName>Alder Interiors</CompanyName><BillAddress>' +
        '<Addr1>12 Mill Lane</Addr1><Addr2></Addr2><Addr3></Addr3><Addr4></Addr4><Addr5></Addr5><City>Bend</City>' +
        '<State>OR</State><PostalCode>97701</PostalCode><Country></Country></BillAddress><Phone>555-0101</Phone>' +
        '<Email>billing@alder.example</Email></CustomerMod></CustomerModRq>',
    })
  })

  test('leaves alone what the CRM does not say, and makes inactive who is no longer sold to', () => {
    const { email: _e, phone: _p, billing: _b, companyName: _c, ...bare } = aCustomer('Alder').document
    const request = requestOf({ ...customerChange, document: { ...bare, active: false } })
    expect(request).toContain('<Name>Alder</Name><IsActive>false</IsActive></CustomerMod>')
  })

  test('names what QuickBooks would not take as it does for a new one', () => {
    const { document, ...mapped } = customerChange
    const wrong = { ...mapped, document: { ...document, phone: '5'.repeat(22) } }
    expect(problemsOf(wrong, setting)).toMatchObject([{ field: 'the phone number', value: '5'.repeat(22) }])
  })
})

describe('a look-up of documents and small lists', () => {
  const asked = (entity: LinkKind, by: 'NUMBER' | 'ID' | 'NAME', values: string[]) =>
    toRequest({ kind: 'LOOK_UP', entity, by, values }, setting)
  const lines = '<IncludeLineItems>true</IncludeLineItems>'

  test('by number or id asks for the lines too', () => {
    expect(asked(LinkKind.CREDIT_MEMO, 'NUMBER', ['C-1']).request).toBe(
      `<CreditMemoQueryRq><RefNumber>C-1</RefNumber>${lines}</CreditMemoQueryRq>`,
    )
    expect(asked(LinkKind.PAYMENT, 'ID', ['4-1']).request).toBe(
      `<ReceivePaymentQueryRq><TxnID>4-1</TxnID>${lines}</ReceivePaymentQueryRq>`,
    )
  })

  test('of refunds asks for credit memos, and says so', () => {
    expect(asked(LinkKind.REFUND, 'ID', ['4-1'])).toMatchObject({
      operation: 'query CreditMemo (refund)',
      request: `<CreditMemoQueryRq><TxnID>4-1</TxnID>${lines}</CreditMemoQueryRq>`,
    })
  })

  test('of credits that were applied asks for the links of their invoices, beside payments that have ids of their own', () => {
    const links = '<IncludeLinkedTxns>true</IncludeLinkedTxns>'
    const invoice = `<InvoiceQueryRq><TxnID>5-1</TxnID>${links}</InvoiceQueryRq>`
    expect(asked(LinkKind.PAYMENT, 'ID', ['4-1>5-1', '6-1>5-1']).request).toBe(invoice)
    expect(asked(LinkKind.PAYMENT, 'ID', ['4-1>5-1', '7-1']).request).toBe(
      `<ReceivePaymentQueryRq><TxnID>7-1</TxnID>${lines}</ReceivePaymentQueryRq>${invoice}`,
    )
  })

  test('of a payment number that QuickBooks cannot hold asks for nobody', () => {
    expect(asked(LinkKind.PAYMENT, 'NUMBER', ['x'.repeat(21)]).request).toContain('<RefNumber>:</RefNumber>')
    expect(asked(LinkKind.PAYMENT, 'ID', ['']).request).toContain('<TxnID>1-1</TxnID>')
  })

  test.each([
    [LinkKind.TAX_CODE, 'SalesTaxCodeQueryRq'],
    [LinkKind.TERM, 'TermsQueryRq'],
    [LinkKind.PAYMENT_METHOD, 'PaymentMethodQueryRq'],
  ])('of %s asks by name', (entity, name) => {
    expect(asked(entity, 'NAME', ['Tax']).request).toContain(
      `<${name}><FullName>Tax</FullName><IncludeRetElement>ListID<`,
    )
  })
})
