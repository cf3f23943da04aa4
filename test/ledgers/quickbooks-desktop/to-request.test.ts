import { describe, expect, test } from '@jest/globals'
import { LinkKind } from '../../../src/domain/link.ts'
import { problemsOf as problemsWith } from '../../../src/ledgers/quickbooks-desktop/problems.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-desktop/to-request.ts'
import { aCustomer } from '../../contract/documents.ts'
import { desktopInvoice, lookUp, setting } from './answers.ts'

const problemsOf = (...args: Parameters<typeof problemsWith>) => problemsWith(...args).map(({ problem }) => problem)
const ref = (name: string, id: string) => `<${name}><ListID>${id}</ListID></${name}>`
const code = (name: string) => `<SalesTaxCodeRef><FullName>${name}</FullName></SalesTaxCodeRef>`
const line = (id: string, inner: string) => `<InvoiceLineAdd>${ref('ItemRef', id)}${inner}</InvoiceLineAdd>`

describe('an invoice in the dialect of QuickBooks Desktop', () => {
  test('says every part of the document in the order of the table, with discount, shipping and rest of the tax as lines', () => {
    expect(toRequest(desktopInvoice(), setting)).toEqual({
      purpose: 'POST',
      operation: 'create Invoice',
      request:
        `<InvoiceAddRq><InvoiceAdd>${ref('CustomerRef', '80000001-1')}<TxnDate>2026-11-02</TxnDate>` +
        '<RefNumber>INV-15001</RefNumber><BillAddress><Addr1>12 Mill Lane</Addr1><City>Bend</City><State>OR</State>' +
        '<PostalCode>97701</PostalCode></BillAddress><PONumber>4711</PONumber><DueDate>2026-12-02</DueDate>' +
        `<ShipDate>2026-11-05</ShipDate>${ref('ItemSalesTaxRef', '80000079-1')}<Memo>Order ORD-INV-15001</Memo>` +
        '<CustomerSalesTaxCodeRef><FullName>Tax</FullName></CustomerSalesTaxCodeRef>' +
        line(
          '80000041-1',
          `<Desc>TABLE-OAK, made to &quot;measure&quot;</Desc><Quantity>3</Quantity><Rate>411.5</Rate><Amount>1234.50</Amount>${code('Tax')}`,
        ) +
        line(
          '80000042-1',
          `<Desc>CUT, made to &quot;measure&quot;</Desc><Quantity>0.15</Quantity><Rate>0.3333</Rate><Amount>0.05</Amount>${code('Non')}`,
        ) +
        line('80000077-1', `<Amount>-34.55</Amount>${code('Non')}`) +
        line('80000078-1', `<Amount>25.00</Amount>${code('Non')}`) +
        line('8000007A-1', `<Amount>0.01</Amount>${code('Non')}`) +
        '</InvoiceAdd></InvoiceAddRq>',
    })
  })

  test('has a discount of a line directly below it, with the tax code of its line', () => {
    const invoice = desktopInvoice()
    const [first, second] = invoice.document.lines
    const lines = [{ ...first!, discountAmount: '34.55' }, second!]
    const { request } = toRequest({ ...invoice, document: { ...invoice.document, lines } }, setting)
    expect(request).toContain(
      `<Amount>1234.50</Amount>${code('Tax')}</InvoiceLineAdd>${line('80000077-1', `<Amount>-34.55</Amount>${code('Tax')}`)}`,
    )
  })

  test('without tax names no tax item, and no line of it is taxable', () => {
    const invoice = desktopInvoice()
    const { request } = toRequest({ ...invoice, document: { ...invoice.document, tax: '0.00' } }, setting)
    expect(request).not.toMatch(/ItemSalesTaxRef|CustomerSalesTaxCodeRef|<FullName>Tax</)
  })

  test('names no tax code where sales tax is switched off', () => {
    const invoice = desktopInvoice()
    const off = { ...setting, company: { ...setting.company, salesTax: 'OFF' as const } }
    expect(toRequest({ ...invoice, document: { ...invoice.document, tax: '0.00' } }, off).request).not.toContain(
      'TaxCode',
    )
    expect(problemsOf(invoice, off)).toEqual(['it has sales tax, which is switched off in QuickBooks'])
  })

  test('bears a GUID made of what is meant: the same key the same, another key another', () => {
    const guidOf = (key: string) =>
      /<ExternalGUID>(.*)<\/ExternalGUID>/.exec(toRequest(desktopInvoice(), setting, key).request)?.[1]
    expect(guidOf('a:1:x')).toMatch(/^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/)
    expect(guidOf('a:1:x')).toBe(guidOf('a:1:x'))
    expect(guidOf('a:2:x')).not.toBe(guidOf('a:1:x'))
  })

  test('leaves out what is younger than the QuickBooks that it goes to', () => {
    const invoice = desktopInvoice()
    invoice.document.customer.billing = { lines: ['1', '2', '3', '4', '5'] }
    const { request } = toRequest(invoice, { ...setting, version: 5 }, 'key')
    expect(request).not.toMatch(/ExternalGUID|Addr5/)
    expect(request).toContain('<Addr4>4</Addr4>')
  })

  test('amounts that no float could carry keep their digits', () => {
    const invoice = desktopInvoice()
    invoice.document.lines[0]!.amount = '9007199254740.93'
    expect(toRequest(invoice, setting).request).toContain('<Amount>9007199254740.93</Amount>')
  })
})

describe('what QuickBooks Desktop would not take', () => {
  test('is named before sending, with its field, all at once', () => {
    const invoice = desktopInvoice('INV-150012345')
    invoice.document.lines[1]!.description = 'Стол \u{1F600}'
    invoice.document.lines[0]!.quantity = '0.1234567'
    expect(problemsOf(invoice, setting)).toEqual([
      'line 1, quantity "0.1234567" is not a quantity of at most five decimals',
      expect.stringMatching(/^line 2, description has characters that QuickBooks Desktop cannot store: С т о л/),
    ])
  })

  test('a Cyrillic name is refused, and a Polish one is spelled without its strokes', () => {
    expect(problemsOf(aCustomer('Иван'), setting)).toEqual([
      'the name has characters that QuickBooks Desktop cannot store: И в а н',
      'the company name has characters that QuickBooks Desktop cannot store: И в а н',
    ])
    expect(problemsOf(aCustomer('Łódź'), setting)).toEqual([])
    expect(toRequest(aCustomer('Łódź'), setting).request).toContain('<Name>L&#243;dz</Name>')
  })

  test('a date in the closed period is named', () => {
    const closed = { ...setting, company: { ...setting.company, closingDate: '2026-11-02' } }
    expect(problemsOf(desktopInvoice(), closed)).toEqual([
      expect.stringMatching(/closed period, which ends on 2026-11-02/),
    ])
  })

  test('an ordinary document has no problem', () => {
    expect(problemsOf(desktopInvoice(), setting)).toEqual([])
  })
})

describe('a customer in the dialect of QuickBooks Desktop', () => {
  test('has its names, address, phone and mail', () => {
    expect(toRequest(aCustomer("O'Hara & Sons"), setting)).toEqual({
      purpose: 'POST',
      operation: 'create Customer',
      request:
        "<CustomerAddRq><CustomerAdd><Name>O'Hara &amp; Sons</Name><CompanyName>O'Hara &amp; Sons</CompanyName>" +
        '<BillAddress><Addr1>12 Mill Lane</Addr1><City>Bend</City><State>OR</State><PostalCode>97701</PostalCode></BillAddress>' +
        '<Phone>555-0101</Phone><Email>billing@alder.example</Email></CustomerAdd></CustomerAddRq>',
    })
  })

  test('a long line of its address goes on in the next one, at a space', () => {
    const { document } = aCustomer('Alder')
    const street = 'The Old Corn Exchange, Third Floor, Suite 12'
    const request = toRequest(
      { kind: 'CUSTOMER', document: { ...document, billing: { lines: [street] } } },
      setting,
    ).request
    expect(request).toContain('<Addr1>The Old Corn Exchange, Third Floor, Suite</Addr1><Addr2>12</Addr2>')
  })
})

describe('a look-up in the dialect of QuickBooks Desktop', () => {
  test.each([
    [
      LinkKind.INVOICE,
      '<InvoiceQueryRq><RefNumber>x</RefNumber><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>',
    ],
    [LinkKind.CUSTOMER, expect.stringMatching(/^<CustomerQueryRq><FullName>x<\/FullName><IncludeRetElement>ListID</)],
    [LinkKind.ITEM, expect.stringMatching(/^<ItemQueryRq><FullName>x<\/FullName>/)],
    [LinkKind.ACCOUNT, expect.stringMatching(/^<AccountQueryRq><FullName>x<\/FullName>/)],
  ])('of %s asks by its own element', (entity, request) => {
    expect(toRequest(lookUp(entity, ['x']), setting).request).toEqual(request)
  })

  test('never asks for what QuickBooks cannot hold, and never for everything instead', () => {
    expect(toRequest(lookUp(LinkKind.CUSTOMER, ['Иван', 'Ann']), setting).request).toContain(
      '<FullName>Ann</FullName><Inc',
    )
    const { request } = toRequest(lookUp(LinkKind.INVOICE, ['123456789012', 'Ж', '']), setting)
    expect(request).toBe(
      '<InvoiceQueryRq><RefNumber>:</RefNumber><IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>',
    )
  })

  test('that QuickBooks has no element for is a defect of the caller', () => {
    expect(() => toRequest({ ...lookUp(LinkKind.INVOICE, ['x']), by: 'NAME' }, setting)).toThrow(RangeError)
  })
})
