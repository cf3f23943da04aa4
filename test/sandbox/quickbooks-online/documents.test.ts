import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { codeOf, invoice, line, OpenCompany, type Read } from './open-company.ts'

let company: OpenCompany
beforeEach(async () => {
  company = await OpenCompany.open()
})
afterEach(() => company.close())

const linesOf = (record: Read) => record.Line as unknown as Record<string, unknown>[]
const ship = (amount: number) => line({ amount, item: 'SHIPPING_ITEM_ID' })
const discount = (amount: number, account = '3') => ({
  Amount: amount,
  DetailType: 'DiscountLineDetail',
  DiscountLineDetail: { PercentBased: false, DiscountAccountRef: { value: account } },
})

describe('what QuickBooks fills in', () => {
  test('an invoice gets a subtotal, tax codes, names, addresses and dates', async () => {
    const made = await company.create('Invoice', invoice({ TxnDate: '2026-01-10' }))
    expect(made).toMatchObject({
      SyncToken: '0',
      DueDate: '2026-02-09',
      CustomerRef: { value: '1', name: "Ida's Interiors" },
      CurrencyRef: { value: 'USD', name: 'United States Dollar' },
      BillAddr: { Id: expect.any(String), Line1: '12 Harbour Row' },
      TxnTaxDetail: { TotalTax: 0 },
      TotalAmt: 100,
      Balance: 100,
    })
    expect(linesOf(made)).toEqual([
      {
        Id: '1',
        LineNum: 1,
        Amount: 100,
        DetailType: 'SalesItemLineDetail',
        SalesItemLineDetail: { ItemRef: { value: '1', name: 'Lamp' }, TaxCodeRef: { value: 'NON' } },
      },
      { Amount: 100, DetailType: 'SubTotalLineDetail', SubTotalLineDetail: {} },
    ])
  })

  test('the due date follows the terms', async () => {
    const made = await company.create('Invoice', invoice({ TxnDate: '2026-01-10', SalesTermRef: { value: '2' } }))
    expect([made.DueDate, made.SalesTermRef]).toEqual(['2026-01-25', { value: '2', name: 'Net 15' }])
  })

  test('quantities and prices keep the digits they were given, money has two decimals', async () => {
    const body = `{"CustomerRef":{"value":"1"},"Line":[{"Amount":0.3,"DetailType":"SalesItemLineDetail",
      "SalesItemLineDetail":{"ItemRef":{"value":"1"},"UnitPrice":0.10000,"Qty":3}}]}`
    const { text } = await company.ask('invoice', { method: 'POST', body })
    expect(text).toContain('"UnitPrice":0.10000,"Qty":3')
    expect(text).toContain('"Amount":0.30')
    expect(text).toContain('"TotalAmt":0.30')
  })

  test.each([
    ['1.005', '1', '1.01'],
    ['0.335', '3', '1.01'],
    ['2.675', '1', '2.68'],
    ['19.99', '3', '59.97'],
  ])('%s × %s is %s: half up, and never a float', async (UnitPrice, Qty, amount) => {
    const body = JSON.stringify(invoice({ Line: [line({ amount: 0, UnitPrice, Qty })] }))
    const said = await company.ask('invoice', {
      method: 'POST',
      body: body.replace('"Amount":0', `"Amount":${amount}`),
    })
    expect(said.status).toBe(200)
  })

  test('shipping and discount stand after the subtotal and count in the total', async () => {
    const made = await company.create('Invoice', invoice({ Line: [ship(9.5), discount(10), line({ amount: 100 })] }))
    expect(linesOf(made).map((each) => [each.DetailType, each.Amount])).toEqual([
      ['SalesItemLineDetail', 100],
      ['SubTotalLineDetail', 100],
      ['SalesItemLineDetail', 9.5],
      ['DiscountLineDetail', 10],
    ])
    expect(made.TotalAmt).toBe(99.5)
  })

  test('a discount needs an account that exists', async () => {
    const said = await company.ask('invoice', { body: invoice({ Line: [line({ amount: 10 }), discount(1, '99')] }) })
    expect(codeOf(said)).toBe('2500')
  })

  test('a percentage discount is computed from the subtotal', async () => {
    const percent = {
      DetailType: 'DiscountLineDetail',
      DiscountLineDetail: { PercentBased: true, DiscountPercent: 12.5 },
    }
    const made = await company.create('Invoice', invoice({ Line: [line({ amount: 99.99 }), percent] }))
    expect(made.TotalAmt).toBe(87.49)
  })
})

describe('sales tax', () => {
  const taxed = line({ amount: 200, TaxCodeRef: { value: 'TAX' } })

  test('an explicit total is honoured', async () => {
    const made = await company.create('Invoice', invoice({ Line: [taxed], TxnTaxDetail: { TotalTax: 16.5 } }))
    expect([made.TotalAmt, made.TxnTaxDetail]).toEqual([216.5, { TotalTax: 16.5 }])
  })

  test('a chosen tax code taxes by its rates', async () => {
    const TxnTaxDetail = { TxnTaxCodeRef: { value: '2' } }
    const made = await company.create('Invoice', invoice({ Line: [taxed, line({ amount: 50 })], TxnTaxDetail }))
    expect(made).toMatchObject({ TotalAmt: 266.5, TxnTaxDetail: { TotalTax: 16.5 } })
  })

  test('automated sales tax takes the rate of the ship-to state, unless a total is sent', async () => {
    company.set({ automatedSalesTax: true })
    const made = await company.create('Invoice', invoice({ Line: [taxed] }))
    expect(made.TotalAmt).toBe(214.5)
    const texan = await company.create('Invoice', invoice({ Line: [taxed], CustomerRef: { value: '2' } }))
    expect(texan.TotalAmt).toBe(212.5)
    const sent = await company.create('Invoice', invoice({ Line: [taxed], TxnTaxDetail: { TotalTax: 1 } }))
    expect(sent.TotalAmt).toBe(201)
    const { json } = await company.ask('preferences')
    expect(json.Preferences).toMatchObject({ TaxPrefs: { PartnerTaxEnabled: true } })
  })
})

describe('void and delete', () => {
  test('void makes every amount 0 and says so in the private note; there is no status', async () => {
    const { Id } = await company.create('Invoice', invoice({ DocNumber: 'V-1' }))
    const { json } = await company.ask('invoice', {
      body: { Id: String(Id), SyncToken: '0' },
      query: { operation: 'void' },
    })
    expect(json.Invoice).toMatchObject({
      SyncToken: '1',
      PrivateNote: 'Voided',
      TotalAmt: 0,
      Balance: 0,
      DocNumber: 'V-1',
    })
    expect(json.Invoice).not.toHaveProperty('status')
    expect((await company.read('Customer', 1)).Balance).toBe(0)
  })

  test('delete answers Deleted, and the document is gone', async () => {
    const { Id } = await company.create('Invoice', invoice())
    const { json } = await company.ask('invoice', {
      body: { Id: String(Id), SyncToken: '0' },
      query: { operation: 'delete' },
    })
    expect(json.Invoice).toEqual({ domain: 'QBO', status: 'Deleted', Id })
    expect(codeOf(await company.ask(`invoice/${Id}`))).toBe('610')
  })
})

describe('the other documents', () => {
  test('a sales receipt lands in undeposited funds and has no balance', async () => {
    const made = await company.create('SalesReceipt', invoice())
    expect(made).toMatchObject({ Balance: 0, TotalAmt: 100, DepositToAccountRef: { name: 'Undeposited Funds' } })
  })

  test('a bill falls due by its terms and owes the vendor', async () => {
    const vendor = await company.create('Vendor', { DisplayName: 'Bulb Works' })
    const Line = [
      {
        Amount: 40,
        DetailType: 'AccountBasedExpenseLineDetail',
        AccountBasedExpenseLineDetail: { AccountRef: { value: '4' } },
      },
    ]
    const made = await company.create('Bill', {
      VendorRef: { value: String(vendor.Id) },
      Line,
      TxnDate: '2026-01-01',
      SalesTermRef: { value: '2' },
    })
    expect(made).toMatchObject({ TotalAmt: 40, Balance: 40, DueDate: '2026-01-16' })
  })

  test('a journal entry balances or is fault 6000', async () => {
    const booked = (PostingType: string, Amount: number, account: string) => ({
      Amount,
      DetailType: 'JournalEntryLineDetail',
      JournalEntryLineDetail: { PostingType, AccountRef: { value: account } },
    })
    const said = await company.ask('journalentry', {
      body: { Line: [booked('Debit', 5, '4'), booked('Credit', 4, '5')] },
    })
    expect(codeOf(said)).toBe('6000')
    const made = await company.create('JournalEntry', { Line: [booked('Debit', 5, '4'), booked('Credit', 5, '5')] })
    expect(made.TotalAmt).toBe(5)
  })

  test.each([
    ['Estimate', invoice()],
    ['CreditMemo', invoice()],
    ['RefundReceipt', invoice({ DepositToAccountRef: { value: '5' } })],
    ['Class', { Name: 'Retail' }],
    ['Department', { Name: 'Shop' }],
    ['Term', { Name: 'Net 45', DueDays: 45 }],
    ['PaymentMethod', { Name: 'Wire' }],
    ['Employee', { GivenName: 'Ed', FamilyName: 'Mason' }],
    ['TaxAgency', { DisplayName: 'County Board' }],
    ['Account', { Name: 'Freight', AccountType: 'Expense' }],
  ])('a %s can be made and read back', async (entity, body) => {
    const made = await company.create(entity, body)
    expect(await company.read(entity, made.Id)).toEqual(made)
  })
})

test('the profit and loss follows from the books, by month', async () => {
  await company.create(
    'Invoice',
    invoice({ TxnDate: '2026-01-10', Line: [line({ amount: 100 }), discount(10), ship(5)] }),
  )
  await company.create('CreditMemo', invoice({ TxnDate: '2026-02-10', amount: 30 }))
  const query = { start_date: '2026-01-01', end_date: '2026-02-28', summarize_column_by: 'Month' }
  const { json } = await company.ask('reports/ProfitAndLoss', { query })
  const rows = (json.Rows as unknown as { Row: { group: string; Summary: { ColData: { value: string }[] } }[] }).Row
  const amounts = (group: string) =>
    rows
      .find((row) => row.group === group)
      ?.Summary.ColData.map(({ value }) => value)
      .slice(1)
  expect(amounts('Income')).toEqual(['95.00', '-30.00', '65.00'])
  expect(amounts('NetIncome')).toEqual(['95.00', '-30.00', '65.00'])
})

test('the company tells who it is', async () => {
  const { json } = await company.ask('companyinfo/9341450000000007')
  expect(json.CompanyInfo).toMatchObject({ CompanyName: 'Larkfield Lamps (sandbox)', Country: 'US' })
})
