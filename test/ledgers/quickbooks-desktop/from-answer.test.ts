import { describe, expect, test } from '@jest/globals'
import { fromAnswer } from '../../../src/ledgers/quickbooks-desktop/from-answer.ts'
import { ITEM_NAMES } from '../../../src/ledgers/quickbooks-desktop/names.ts'
import { readAnswer } from '../../../src/ledgers/quickbooks-desktop/read-xml.ts'
import {
  answered,
  createCustomer,
  createInvoice,
  customerRet,
  desktopInvoice,
  exchangeOf,
  invoiceRet,
  outcomeOf,
  queryCustomers,
  queryItems,
  responseTo,
  setOf,
} from './answers.ts'

const { document, itemIds, customerId } = desktopInvoice()

describe('an invoice that QuickBooks Desktop returns', () => {
  const read = (inner: string) => outcomeOf(createInvoice, answered(setOf([responseTo(createInvoice, { inner })])))

  test('equals the document that it was made from, its discount, shipping and rest of tax recognised', () => {
    expect(read(invoiceRet())).toEqual({
      kind: 'posted',
      record: {
        entity: 'INVOICE',
        quickBooksId: '42BF65-1768878026',
        name: null,
        active: true,
        revision: '1768878026',
        // The second at the end of its TxnID.
        createdAt: '2026-01-20T03:00:26.000Z',
        sale: {
          number: document.number,
          date: document.date,
          dueDate: document.dueDate,
          customerId,
          total: document.total,
          tax: document.tax,
          discount: document.discount,
          shipping: document.shipping,
          balance: document.total,
          voided: false,
          note: 'Order ORD-INV-15001',
          termsId: null,
          lines: document.lines.map(({ quantity, unitPrice, amount, taxable }, index) => ({
            itemId: itemIds[index],
            quantity,
            unitPrice,
            amount,
            taxable,
            taxCodeId: '1-1',
          })),
        },
      },
    })
  })

  test('is voided when its memo says so and every amount is zero, and only then', () => {
    const memo = 'VOID: Order ORD-INV-15001'
    const zero = invoiceRet({ memo }).replace(/<(Amount|Subtotal|SalesTaxTotal|Rate)>[^<]*/g, '<$1>0.00')
    expect(read(zero)).toMatchObject({ record: { sale: { voided: true, total: '0.00' } } })
    expect(read(invoiceRet({ memo }))).toMatchObject({ record: { sale: { voided: false } } })
  })

  test('a line within a group is a line, and a line of text alone is none', () => {
    const line =
      '<InvoiceLineRet><TxnLineID>9</TxnLineID><ItemRef><ListID>7-1</ListID></ItemRef><Amount>1.00</Amount></InvoiceLineRet>'
    const text = '<InvoiceLineRet><TxnLineID>8</TxnLineID><Desc>Thank you</Desc></InvoiceLineRet>'
    const group = `<InvoiceLineGroupRet><TxnLineID>5</TxnLineID>${line}</InvoiceLineGroupRet>`
    const outcome = read(invoiceRet().replace('</InvoiceRet>', `${text}${group}</InvoiceRet>`))
    expect(outcome).toHaveProperty('record.sale.lines.length', 3)
    expect(outcome).toHaveProperty('record.sale.lines.2.itemId', '7-1')
  })

  test('percentages may bear their sign, and amounts that are none make the record unknown', () => {
    expect(read(invoiceRet().replace('<Quantity>3<', '<Quantity>18.0%<'))).toHaveProperty(
      'record.sale.lines.0.quantity',
      '18',
    )
    expect(read(invoiceRet().replace('80.24', 'eighty'))).toMatchObject({ kind: 'unknown' })
    expect(read(invoiceRet().replace(/<TxnID>.*?<\/TxnID>/, ''))).toMatchObject({ kind: 'unknown' })
  })
})

describe('items, customers and accounts', () => {
  test.each([
    'Service',
    'NonInventory',
    'OtherCharge',
    'Inventory',
    'InventoryAssembly',
    'FixedAsset',
    'Subtotal',
    'Discount',
    'Payment',
    'SalesTax',
    'SalesTaxGroup',
    'Group',
  ])('an item of the kind %s is an item', (kind) => {
    const inner = `<Item${kind}Ret><ListID>8-1</ListID><Name>TABLE-OAK</Name><IsActive>true</IsActive></Item${kind}Ret>`
    const outcome = outcomeOf(queryItems, answered(setOf([responseTo(queryItems, { inner })])))
    expect(outcome).toEqual({
      kind: 'found',
      records: [{ entity: 'ITEM', quickBooksId: '8-1', name: 'TABLE-OAK', active: true, revision: null }],
    })
  })

  test('an inactive customer says so, and its name comes back as it was, accents and all', () => {
    const inner = customerRet('Caf&#233; O&apos;Hara &amp; Sons', false)
    const outcome = outcomeOf(queryCustomers, answered(setOf([responseTo(queryCustomers, { inner })])))
    expect(outcome).toMatchObject({ records: [{ name: "Caf\u00e9 O'Hara & Sons", active: false }] })
  })

  test('a record of a kind that nobody asked for proves nothing', () => {
    const answer = answered(setOf([responseTo(queryItems, { inner: '<VendorRet><ListID>1</ListID></VendorRet>' })]))
    expect(outcomeOf(queryItems, answer)).toMatchObject({ kind: 'unknown' })
  })
})

describe('a set of several', () => {
  test('each request has its own answer, in whatever order they come', () => {
    const second = { ...exchangeOf(desktopInvoice('INV-2'), 'x:1:c'), position: 1 }
    const body = setOf([
      responseTo(second, { code: '3140', message: 'no such customer' }),
      responseTo(createInvoice, { inner: invoiceRet() }),
    ])
    expect(outcomeOf(createInvoice, answered(body), [second])).toMatchObject({ kind: 'posted' })
    expect(outcomeOf(second, answered(body), [createInvoice])).toMatchObject({ kind: 'rejected' })
  })

  test('of the answer each write keeps what was said to it, every word', () => {
    const second = { ...exchangeOf(desktopInvoice('INV-2'), 'x:1:c'), position: 1 }
    const first = responseTo(createInvoice, { inner: invoiceRet() })
    const refused = responseTo(second, { code: '3140', message: 'no such "customer" \u00e9\u{1F600}' })
    const body = setOf([first, refused]).replaceAll('\n', '\r\n')
    const reading = { itemNames: ITEM_NAMES, taxableCode: 'Tax' }
    const understood = fromAnswer({ exchanges: [createInvoice, second], answer: answered(body), reading })
    expect([...understood.values()].map(({ response }) => response)).toEqual([first, refused])
  })

  test('an answer to another set fits nothing: nobody takes a stranger’s record for his own', () => {
    const stranger = exchangeOf(desktopInvoice('INV-9'), 'other:1:z')
    const body = setOf([responseTo(stranger, { inner: invoiceRet({ number: 'INV-9' }) })])
    expect(outcomeOf(createInvoice, answered(body))).toMatchObject({ kind: 'unknown' })
  })

  test('two answers to one request, or an answer of another name, are unknown', () => {
    const response = responseTo(createInvoice, { inner: invoiceRet() })
    expect(outcomeOf(createInvoice, answered(setOf([response, response])))).toMatchObject({ kind: 'unknown' })
    const renamed = setOf([response.replaceAll('InvoiceAddRs', 'CreditMemoAddRs')])
    expect(outcomeOf(createInvoice, answered(renamed))).toMatchObject({ kind: 'unknown' })
  })
})

describe('message-set recovery', () => {
  const recovered = (code: string, responses: string[] = []) =>
    answered(setOf(responses, ` messageSetStatusCode="${code}" newMessageSetID="abc"`))

  test('status 600: QuickBooks knows nothing of the set, which is one proof of absence', () => {
    expect(outcomeOf(createInvoice, recovered('600'))).toEqual({ kind: 'absent' })
    expect(outcomeOf(queryCustomers, recovered('600'))).toMatchObject({ kind: 'unknown' })
  })

  test.each(['9001', '9002', '9004', '9005', '0', '1234'])('status %s without an answer proves nothing', (code) => {
    expect(outcomeOf(createInvoice, recovered(code))).toMatchObject({ kind: 'unknown' })
  })

  test('a stored answer is understood as if it had come the first time', () => {
    const answer = recovered('0', [responseTo(createInvoice, { inner: invoiceRet() })])
    expect(outcomeOf(createInvoice, answer)).toMatchObject({
      kind: 'posted',
      record: { quickBooksId: '42BF65-1768878026' },
    })
  })
})

describe('an answer that is no answer', () => {
  const whole = setOf([responseTo(createInvoice, { inner: invoiceRet() })])

  test('cut off at any place it is unknown, never success', () => {
    for (let length = 0; length < whole.trimEnd().length; length += 7) {
      const kind = outcomeOf(createInvoice, answered(whole.slice(0, length))).kind
      expect({ length, kind }).toEqual({ length, kind: 'unknown' })
    }
  })

  test('an XML bomb is refused unread', () => {
    const bomb = `<!DOCTYPE z [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${whole.slice(whole.indexOf('<QBXML>'))}`
    expect(outcomeOf(createInvoice, answered(bomb))).toMatchObject({
      kind: 'unknown',
      detail: { detail: expect.stringContaining('document type') },
    })
    expect(outcomeOf(createInvoice, answered(whole.replace('Order', '&b;')))).toMatchObject({ kind: 'unknown' })
    const external = `<!DOCTYPE z SYSTEM "file:///etc/passwd">${whole.slice(whole.indexOf('<QBXML>'))}`
    expect(outcomeOf(createInvoice, answered(external))).toMatchObject({ kind: 'unknown' })
  })

  test.each([
    '',
    'null',
    '{}',
    '<html></html>',
    '<QBXML></QBXML>',
    '<QBXML><QBXMLMsgsRs/></QBXML>',
    '<QBXML><QBXMLMsgsRs></QBXML>',
  ])('%j is unknown', (body) => {
    expect(outcomeOf(createCustomer, answered(body))).toMatchObject({ kind: 'unknown' })
  })

  test('fifty megabytes pass, record by record, and over sixty-four are refused', () => {
    const record = customerRet(`Customer ${'x'.repeat(400)}`)
    const inner = record.repeat(Math.ceil((50 * 1024 * 1024) / record.length))
    const body = setOf([responseTo(queryCustomers, { inner })])
    let records = 0
    global.gc?.()
    const before = process.memoryUsage().heapUsed
    let highest = before
    const answer = readAnswer({
      body,
      read: () => {
        records += 1
        if (records % 5000 === 0) highest = Math.max(highest, process.memoryUsage().heapUsed)
        return null
      },
    })
    expect(answer).toMatchObject({ kind: 'read' })
    expect(records).toBe(Math.ceil((50 * 1024 * 1024) / record.length))
    expect((highest - before) / 1024 / 1024).toBeLessThan(200)
    const tooLong = readAnswer({ body: `${body}${' '.repeat(15 * 1024 * 1024)}`, read: () => null })
    expect(tooLong).toMatchObject({ kind: 'unreadable', detail: expect.stringContaining('longer than') })
  })
})
