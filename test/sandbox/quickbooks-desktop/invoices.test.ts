import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, allAt, customer, line, OpenFile, statusOf, textAt } from './company-file.ts'

let file: OpenFile
beforeEach(() => {
  file = new OpenFile()
})

const sums = ['Subtotal', 'SalesTaxPercentage', 'SalesTaxTotal', 'AppliedAmount', 'BalanceRemaining', 'IsPaid']
const sumsOf = (answer: Answer) => sums.map((name) => textAt(answer, `InvoiceRet/${name}`))
const linesOf = (answer: Answer, name: string) =>
  allAt(answer, 'InvoiceRet/InvoiceLineRet').map((element) => textAt(element, name))
const idOf = (answer: Answer) => textAt(answer, 'InvoiceRet/TxnID') ?? ''
const sequenceOf = (answer: Answer) => textAt(answer, 'InvoiceRet/EditSequence') ?? ''
const query = (elements: string) =>
  file.askOne(`<InvoiceQueryRq>${elements}<IncludeLineItems>true</IncludeLineItems></InvoiceQueryRq>`)

function modify(invoice: Answer, elements: string): Answer {
  const head = `<TxnID>${idOf(invoice)}</TxnID><EditSequence>${sequenceOf(invoice)}</EditSequence>`
  return file.askOne(`<InvoiceModRq><InvoiceMod>${head}${elements}</InvoiceMod></InvoiceModRq>`)
}

describe('the sums of an invoice are QuickBooks’ own', () => {
  test('one tax of all that is taxable, half up, which a discount line with a taxable code lowers', () => {
    const lines = [
      line({ quantity: '3', rate: '33.33333' }),
      line({ item: 'Discount', amount: '10.00', code: 'Tax' }),
      line({ item: 'FITTING' }),
      line({ item: 'Shipping', amount: '7.25', code: 'Non' }),
    ].join('')
    const added = file.addInvoice('<RefNumber>61000</RefNumber><Memo>Order ORD-1</Memo>', lines)
    expect(statusOf(added)).toBe(0)
    // 99.99999 becomes 100.00; less 10.00; 45.50 and 7.25 are not taxed; 8.25 % of 90.00 is 7.425, half up 7.43.
    expect(sumsOf(added)).toEqual(['142.75', '8.25', '7.43', '0.00', '150.18', 'false'])
    expect(linesOf(added, 'Amount')).toEqual(['100.00', '-10.00', '45.50', '7.25'])
  })

  test('an amount has the last word over quantity and rate, and a sum of nothing is paid', () => {
    const added = file.addInvoice('', line({ quantity: '3', rate: '10.00', amount: '31.00', code: 'Non' }))
    expect([linesOf(added, 'Amount'), linesOf(added, 'Rate')]).toEqual([['31.00'], ['10.33333']])
    expect(sumsOf(file.addInvoice('', line({ amount: '0.00' }))).at(-1)).toBe('true')
  })

  test('a discount of a percentage lowers the line above, and cannot be the first', () => {
    const percent = line({ item: 'Discount' }).replace('</ItemRef>', '</ItemRef><RatePercent>12.5</RatePercent>')
    expect(linesOf(file.addInvoice('', line({ quantity: '2' }) + percent), 'Amount')).toEqual(['200.00', '-25.00'])
    expect(statusOf(file.addInvoice('', percent))).toBe(3290)
  })

  test('a group of sales tax items has the sum of their rates', () => {
    const taxed = file.addInvoice('<ItemSalesTaxRef><FullName>State and city</FullName></ItemSalesTaxRef>')
    expect(sumsOf(taxed).slice(0, 3)).toEqual(['100.00', '9.75', '9.75'])
    const wrong = file.addInvoice('<ItemSalesTaxRef><FullName>LAMP</FullName></ItemSalesTaxRef>')
    expect(statusOf(wrong)).toBe(3140)
  })

  test('a total below nothing is refused', () => {
    expect(statusOf(file.addInvoice('', line({ item: 'Discount', amount: '1.00' })))).toBe(3210)
  })

  test('what is not said comes from the customer, the terms, the item and the numbering', () => {
    const [first, second] = ['<TxnDate>2026-02-20</TxnDate><TermsRef><FullName>net 15</FullName></TermsRef>', ''].map(
      (head) => file.addInvoice(head),
    )
    if (!first || !second) throw new Error('two invoices')
    const of = (answer: Answer, name: string) => textAt(answer, `InvoiceRet/${name}`)
    expect([of(first, 'DueDate'), of(first, 'BillAddress/City'), linesOf(first, 'Desc')]).toEqual([
      '2026-03-07',
      'Millbay',
      ['A lamp'],
    ])
    expect(Number(of(second, 'RefNumber')) - Number(of(first, 'RefNumber'))).toBe(1)
    expect(of(first, 'TxnID')).toMatch(/^[\dA-F]+-\d{10}$/)
    const bornSeconds = Number(idOf(first).split('-')[1])
    expect(Math.abs(bornSeconds - file.sandbox.clock.now().getTime() / 1000)).toBeLessThan(5)
  })
})

describe('an invoice is found', () => {
  test('by a number that several share, whatever its case, and with its lines only when they are asked for', () => {
    for (const number of ['a-1', 'A-1', 'B-1']) file.addInvoice(`<RefNumber>${number}</RefNumber>`)
    expect(allAt(query('<RefNumber>A-1</RefNumber>'), 'InvoiceRet')).toHaveLength(2)
    expect(allAt(query('<RefNumberCaseSensitive>A-1</RefNumberCaseSensitive>'), 'InvoiceRet')).toHaveLength(1)
    const plain = file.askOne('<InvoiceQueryRq><RefNumber>B-1</RefNumber></InvoiceQueryRq>')
    expect(allAt(plain, 'InvoiceRet/InvoiceLineRet')).toEqual([])
    expect(statusOf(query('<RefNumber>C-1</RefNumber>'))).toBe(1)
    const some = query('<RefNumber>B-1</RefNumber><RefNumber>C-1</RefNumber>')
    expect([statusOf(some), some.attributes.retCount, some.attributes.statusSeverity]).toEqual([500, '1', 'Warn'])
  })

  test('by filters of customer, day, number and payment, and only with the elements that are asked for', () => {
    file.addInvoice('<TxnDate>2026-01-10</TxnDate><RefNumber>100</RefNumber>')
    file.addInvoice('<TxnDate>2026-02-10</TxnDate><RefNumber>200</RefNumber>')
    const numbers = (filter: string) => allAt(query(filter), 'InvoiceRet/RefNumber').map(({ text }) => text)
    const days = '<FromTxnDate>2026-02-01</FromTxnDate><ToTxnDate>2026-02-28</ToTxnDate>'
    expect(numbers(`<TxnDateRangeFilter>${days}</TxnDateRangeFilter>`)).toEqual(['200'])
    expect(
      numbers(
        '<RefNumberRangeFilter><FromRefNumber>99</FromRefNumber><ToRefNumber>150</ToRefNumber></RefNumberRangeFilter>',
      ),
    ).toEqual(['100'])
    expect(numbers('<EntityFilter><FullName>Northwind Rooms</FullName></EntityFilter>')).toEqual([])
    expect(numbers("<EntityFilter><FullName>ida's interiors</FullName></EntityFilter>")).toEqual(['100', '200'])
    expect(numbers('<PaidStatus>PaidOnly</PaidStatus>')).toEqual([])
    const only = file.askOne(
      '<InvoiceQueryRq><RefNumber>100</RefNumber><IncludeRetElement>TxnID</IncludeRetElement></InvoiceQueryRq>',
    )
    expect(allAt(only, 'InvoiceRet')[0]?.children.map(({ name }) => name)).toEqual(['TxnID'])
  })

  test('by the time of its last change on the wall clock of QuickBooks, without an offset, and not beyond', () => {
    file.addInvoice('')
    const stamp = textAt(file.addInvoice(''), 'InvoiceRet/TimeModified') ?? ''
    const span = (from: string, to: string) =>
      allAt(
        query(
          `<ModifiedDateRangeFilter><FromModifiedDate>${from}</FromModifiedDate><ToModifiedDate>${to}</ToModifiedDate></ModifiedDateRangeFilter>`,
        ),
        'InvoiceRet',
      ).length
    const wall = stamp.slice(0, 19)
    expect([span(wall, wall) > 0, span('2020-01-01', '2020-01-02')]).toEqual([true, 0])
    const wrong = query(
      '<ModifiedDateRangeFilter><FromModifiedDate>2026-01-02</FromModifiedDate><ToModifiedDate>2026-01-01</ToModifiedDate></ModifiedDateRangeFilter>',
    )
    expect(statusOf(wrong)).toBe(3030)
  })

  test('in summer it tells the time an hour wrong: the wall clock is right, the offset is that of winter', () => {
    const toJuly = (Date.parse('2027-07-01T16:00:00Z') - file.sandbox.clock.now().getTime()) / 1000
    file.sandbox.clock.advance({ seconds: toJuly })
    expect(textAt(file.addInvoice(''), 'InvoiceRet/TimeCreated')).toMatch(/^2027-07-01T12:00:\d\d-05:00$/)
  })
})

describe('an invoice is changed', () => {
  test('only with the EditSequence it has now; a stale one is refused with the invoice as it is', () => {
    const added = file.addInvoice('<RefNumber>1</RefNumber>')
    const changed = modify(added, '<Memo>changed</Memo>')
    expect([statusOf(changed), textAt(changed, 'InvoiceRet/Memo'), sumsOf(changed)]).toEqual([
      0,
      'changed',
      sumsOf(added),
    ])
    expect(sequenceOf(changed)).not.toBe(sequenceOf(added))
    const stale = modify(added, '<Memo>stale</Memo>')
    expect([statusOf(stale), textAt(stale, 'InvoiceRet/Memo'), sequenceOf(stale)]).toEqual([
      3200,
      'changed',
      sequenceOf(changed),
    ])
  })

  test('once a line is sent, those that are not sent are gone, and -1 is a new one', () => {
    const added = file.addInvoice('', line({ code: 'Non' }) + line({ item: 'FITTING' }))
    const [kept = ''] = linesOf(added, 'TxnLineID')
    const fresh =
      '<InvoiceLineMod><TxnLineID>-1</TxnLineID><ItemRef><FullName>Shipping</FullName></ItemRef><Amount>9.00</Amount></InvoiceLineMod>'
    const changed = modify(
      added,
      `<InvoiceLineMod><TxnLineID>${kept}</TxnLineID><Quantity>2</Quantity></InvoiceLineMod>${fresh}`,
    )
    expect([linesOf(changed, 'Amount'), linesOf(changed, 'TxnLineID')[0]]).toEqual([['200.00', '9.00'], kept])
    expect(sumsOf(changed)[0]).toBe('209.00')
    expect(statusOf(modify(changed, '<InvoiceLineMod><TxnLineID>1-1</TxnLineID></InvoiceLineMod>'))).toBe(3120)
  })
})

describe('an invoice is refused', () => {
  test.each([
    ['a customer who is not there', `<CustomerRef><FullName>Nobody</FullName></CustomerRef>`, line(), 3140],
    ['an item that is not there', customer, line({ item: 'NOTHING' }), 3140],
    ['a code that is not there', customer, line({ code: 'XYZ' }), 3140],
    ['a line without an item', customer, '<InvoiceLineAdd><Amount>1.00</Amount></InvoiceLineAdd>', 3150],
    ['a sales tax item on a line', customer, line({ item: 'Sales tax' }), 3210],
    ['a group on a line', customer, line({ item: 'LAMP AND FITTING' }), 3210],
    ['a number that is too long', `${customer}<RefNumber>123456789012</RefNumber>`, line(), 3070],
    ['a day that does not exist', `${customer}<TxnDate>2026-02-30</TxnDate>`, line(), 3020],
    ['an id that is none', '<CustomerRef><ListID>somebody</ListID></CustomerRef>', line(), 3000],
  ])('with a status for %s', (_, head, lines, status) => {
    const refused = file.askOne(`<InvoiceAddRq><InvoiceAdd>${head}${lines}</InvoiceAdd></InvoiceAddRq>`)
    expect([statusOf(refused), refused.attributes.statusSeverity, refused.children]).toEqual([status, 'Error', []])
    expect(statusOf(query(''))).toBe(1)
  })

  test('on or before the closing date, also when it is changed or voided', () => {
    const added = file.addInvoice('<TxnDate>2026-01-31</TxnDate>')
    file.set({ quickBooksDesktopClosingDate: '2026-01-31' })
    expect(statusOf(file.addInvoice('<TxnDate>2026-01-31</TxnDate>'))).toBe(3171)
    expect(statusOf(file.addInvoice('<TxnDate>2026-02-01</TxnDate>'))).toBe(0)
    expect(statusOf(modify(added, '<Memo>late</Memo>'))).toBe(3171)
    const voided = file.askOne(`<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>${idOf(added)}</TxnID></TxnVoidRq>`)
    expect(statusOf(voided)).toBe(3171)
  })

  test('when its ExternalGUID has been used, so that it is a second key', () => {
    const guid = '<ExternalGUID>{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}</ExternalGUID>'
    expect(
      [file.addInvoice(guid), file.addInvoice(guid.toLowerCase().replaceAll('externalguid', 'ExternalGUID'))].map(
        statusOf,
      ),
    ).toEqual([0, 3100])
    expect(allAt(query(''), 'InvoiceRet')).toHaveLength(1)
  })

  test('a field whose feature is off is ignored with a warning, and the invoice is saved', () => {
    const warned = file.addInvoice('<ExchangeRate>1.1</ExchangeRate>')
    expect([statusOf(warned), warned.attributes.statusSeverity, allAt(warned, 'InvoiceRet')]).toEqual([
      530,
      'Warn',
      [expect.anything()],
    ])
    expect(statusOf(file.addInvoice('<LinkToTxnID>1-1</LinkToTxnID>'))).toBe(570)
  })
})
