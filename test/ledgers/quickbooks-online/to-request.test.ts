import { describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../../src/domain/link.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-online/to-request.ts'
import { aCustomer, anInvoice } from '../../contract/documents.ts'
import { invoice } from './answers.ts'

describe('an invoice in the dialect of QuickBooks Online', () => {
  test('says every part of the document, and its numbers keep their digits', () => {
    expect(toRequest(invoice)).toEqual({
      purpose: 'POST',
      operation: 'create Invoice',
      request:
        '{"CustomerRef":{"value":"501"},"DocNumber":"INV-15001","TxnDate":"2026-11-02","DueDate":"2026-12-02",' +
        '"ShipDate":"2026-11-05","PrivateNote":"Order ORD-INV-15001, PO 4711","Line":[' +
        '{"Amount":1234.50,"Description":"TABLE-OAK, made to \\"measure\\"","DetailType":"SalesItemLineDetail",' +
        '"SalesItemLineDetail":{"ItemRef":{"value":"41"},"Qty":3,"UnitPrice":411.5,"TaxCodeRef":{"value":"TAX"}}},' +
        '{"Amount":0.05,"Description":"CUT, made to \\"measure\\"","DetailType":"SalesItemLineDetail",' +
        '"SalesItemLineDetail":{"ItemRef":{"value":"42"},"Qty":0.15,"UnitPrice":0.3333,"TaxCodeRef":{"value":"NON"}}},' +
        '{"Amount":34.55,"DetailType":"DiscountLineDetail",' +
        '"DiscountLineDetail":{"PercentBased":false,"DiscountAccountRef":{"value":"77"}}},' +
        '{"Amount":25.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"SHIPPING_ITEM_ID"}}}],' +
        '"TxnTaxDetail":{"TotalTax":80.25},' +
        '"BillAddr":{"Line1":"12 Mill Lane","City":"Bend","CountrySubDivisionCode":"OR","PostalCode":"97701"},' +
        '"BillEmail":{"Address":"billing@alder.example"}}',
    })
  })

  test('without discount, shipping and optional parts says none of them, and its tax is an explicit zero', () => {
    const { dueDate: _due, shipDate: _ship, purchaseOrderNumber: _po, ...document } = invoice.document
    const bare = toRequest({
      ...invoice,
      document: { ...document, discount: '0.00', shipping: '0.00', tax: '0.00', customer: plainCustomer() },
    }).request
    expect(bare).not.toMatch(/Discount|SHIPPING|DueDate|ShipDate|BillAddr|BillEmail|PO /)
    expect(bare).toContain('"TxnTaxDetail":{"TotalTax":0.00}')
    expect(bare).toContain('"PrivateNote":"Order ORD-INV-15001"')
  })

  test('carries amounts that no float could', () => {
    const huge = anInvoice({
      number: '1',
      records: { customerId: '1', itemIds: ['1', '2'], charges: { DISCOUNT: { id: '3' } } },
      quantity: '40000000000001',
    })
    expect(toRequest(huge).request).toContain('"Amount":16460000000000411.50,')
  })

  test('with a discount and no account for it is a defect of the caller', () => {
    expect(() => toRequest({ ...invoice, charges: {} })).toThrow('A discount needs an account')
  })
})

describe('a customer in the dialect of QuickBooks Online', () => {
  test('has its names, mail, phone and address', () => {
    expect(toRequest(aCustomer("O'Hara & Sons"))).toEqual({
      purpose: 'POST',
      operation: 'create Customer',
      request:
        '{"DisplayName":"O\'Hara & Sons","CompanyName":"O\'Hara & Sons",' +
        '"PrimaryEmailAddr":{"Address":"billing@alder.example"},"PrimaryPhone":{"FreeFormNumber":"555-0101"},' +
        '"BillAddr":{"Line1":"12 Mill Lane","City":"Bend","CountrySubDivisionCode":"OR","PostalCode":"97701"}}',
    })
  })

  test('keeps every line of a long address within the five that QuickBooks has', () => {
    const { document } = aCustomer('Alder')
    const request = toRequest({
      kind: 'CUSTOMER',
      document: { ...document, billing: { lines: ['a', 'b', 'c', 'd', 'e', 'f'] } },
    }).request
    expect(request).toContain('"Line4":"d","Line5":"e, f"}')
  })
})

describe('a look-up in the dialect of QuickBooks Online', () => {
  test('asks for inactive customers too, and escapes apostrophes by a backslash', () => {
    expect(toRequest({ kind: 'LOOK_UP', entity: LinkKind.CUSTOMER, by: 'NAME', values: ["O'Hara", 'A\\B'] })).toEqual({
      purpose: 'LOOK_UP',
      operation: 'query Customer',
      request:
        "SELECT * FROM Customer WHERE DisplayName IN ('O\\'Hara','A\\\\B') AND Active IN (true,false) MAXRESULTS 1000",
    })
  })

  test.each([
    [LinkKind.INVOICE, 'NUMBER', "SELECT * FROM Invoice WHERE DocNumber IN ('x') MAXRESULTS 1000"],
    [LinkKind.ITEM, 'NAME', "SELECT * FROM Item WHERE Name IN ('x') MAXRESULTS 1000"],
    [LinkKind.ACCOUNT, 'NAME', "SELECT * FROM Account WHERE Name IN ('x') MAXRESULTS 1000"],
  ] as const)('of %s by %s has its own column', (entity, by, text) => {
    expect(toRequest({ kind: 'LOOK_UP', entity, by, values: ['x'] }).request).toBe(text)
  })

  test('that QuickBooks has no column for is a defect of the caller', () => {
    expect(() => toRequest({ kind: 'LOOK_UP', entity: LinkKind.INVOICE, by: 'NAME', values: ['x'] })).toThrow(
      RangeError,
    )
  })
})

function plainCustomer() {
  return { kind: 'CUSTOMER', sourceId: 'x', name: 'Alder Interiors' } as const
}
