import { beforeEach, describe, expect, test } from '@jest/globals'
import { type Answer, allAt, customer, desktopSeed, OpenFile, setOf, statusOf, textAt } from './company-file.ts'

let file: OpenFile
beforeEach(() => {
  file = new OpenFile()
})

const add = (elements: string) => file.askOne(`<CustomerAddRq><CustomerAdd>${elements}</CustomerAdd></CustomerAddRq>`)
const named = (name: string) => add(`<Name>${name}</Name>`)
const namesIn = (answer: Answer, kind: string) => allAt(answer, `${kind}/FullName`).map(({ text }) => text)
const customers = (elements: string, attributes = '') =>
  file.askOne(`<CustomerQueryRq${attributes}>${elements}</CustomerQueryRq>`)

describe('the names of QuickBooks Desktop', () => {
  test('customers, vendors and employees share one pool of names, whatever their case', () => {
    expect(['NORTHWIND rooms', 'ada sandbox', 'State Tax Office'].map((name) => statusOf(named(name)))).toEqual([
      3100, 3100, 3100,
    ])
    expect(statusOf(named('Somebody new'))).toBe(0)
  })

  test('a name has at most 41 characters and no colon', () => {
    expect([named('x'.repeat(41)), named('x'.repeat(42)), named('a:b')].map(statusOf)).toEqual([0, 3070, 3180])
  })

  test('a job stands below its customer, with the name of both', () => {
    const job = add(`<Name>Kitchen</Name><ParentRef><FullName>Northwind Rooms</FullName></ParentRef>`)
    expect([textAt(job, 'CustomerRet/FullName'), textAt(job, 'CustomerRet/Sublevel')]).toEqual([
      'Northwind Rooms:Kitchen',
      '1',
    ])
    expect(statusOf(named('Kitchen'))).toBe(0)
  })

  test('é and ß are kept, Cyrillic becomes question marks, and what lies beyond is not taken at all', () => {
    expect(textAt(named('R&#233;my Stra&#223;e'), 'CustomerRet/Name')).toBe('Rémy Straße')
    expect(textAt(named('&#1054;&#1082;&#1085;&#1072; Ltd'), 'CustomerRet/Name')).toBe('???? Ltd')
    const refused = (name: string) =>
      file.hresultOf(setOf(`<CustomerAddRq><CustomerAdd><Name>${name}</Name></CustomerAdd></CustomerAddRq>`))
    expect([refused('&#128512;'), refused('&#1;'), refused('Rémy')]).toEqual(['0x80040400', '0x80040400', '0x80040400'])
    file.set({ quickBooksDesktopNonLatin1: 'refuse' })
    expect(refused('&#1054;')).toBe('0x80040400')
    expect(file.responses.at(-1)).toContain('<Name>???? Ltd</Name>')
    expect(file.responses.at(-2)).toContain('<Name>R&#233;my Stra&#223;e</Name>')
  })

  test('a customer that is renamed keeps its ListID, and its invoices show the new name', () => {
    const invoice = file.addInvoice('')
    const found = customers(`<FullName>Ida's Interiors</FullName>`)
    const [id, sequence] = ['ListID', 'EditSequence'].map((name) => textAt(found, `CustomerRet/${name}`))
    const modify = () =>
      file.askOne(
        `<CustomerModRq><CustomerMod><ListID>${id}</ListID><EditSequence>${sequence}</EditSequence><Name>Ida &amp; Daughters</Name></CustomerMod></CustomerModRq>`,
      )
    const changed = modify()
    expect([textAt(changed, 'CustomerRet/ListID'), textAt(changed, 'CustomerRet/Phone')]).toEqual([id, '(555) 0101'])
    const stale = modify()
    expect([statusOf(stale), textAt(stale, 'CustomerRet/Name')]).toEqual([3200, 'Ida & Daughters'])
    const again = file.askOne(`<InvoiceQueryRq><TxnID>${textAt(invoice, 'InvoiceRet/TxnID')}</TxnID></InvoiceQueryRq>`)
    expect(textAt(again, 'InvoiceRet/CustomerRef/FullName')).toBe('Ida & Daughters')
  })

  test('a customer that documents name cannot be deleted; another can, and is known to the query of deletions', () => {
    file.addInvoice('')
    const remove = (name: string) => {
      const id = textAt(customers(`<FullName>${name}</FullName>`), 'CustomerRet/ListID')
      return file.askOne(`<ListDelRq><ListDelType>Customer</ListDelType><ListID>${id}</ListID></ListDelRq>`)
    }
    expect([remove("Ida's Interiors"), remove('Northwind Rooms')].map(statusOf)).toEqual([3210, 0])
    const deleted = file.askOne('<ListDeletedQueryRq><ListDelType>Customer</ListDelType></ListDeletedQueryRq>')
    expect(namesIn(deleted, 'ListDeletedRet')).toEqual(['Northwind Rooms'])
  })
})

describe('a query of a list', () => {
  test('answers only what is active unless it is asked otherwise, and anything by its full name', () => {
    const items = (elements: string) => file.askOne(`<ItemQueryRq>${elements}</ItemQueryRq>`)
    expect(namesIn(items(''), 'ItemNonInventoryRet')).toEqual(['LAMP'])
    expect(namesIn(items('<ActiveStatus>All</ActiveStatus>'), 'ItemNonInventoryRet')).toEqual(['LAMP', 'GONE'])
    expect(namesIn(items('<FullName>gone</FullName>'), 'ItemNonInventoryRet')).toEqual(['GONE'])
  })

  test('tells by 500 which of the names asked for are missing, and gives the others', () => {
    const found = customers(`<FullName>Northwind Rooms</FullName><FullName>Nobody</FullName>`)
    expect([statusOf(found), found.attributes.retCount, namesIn(found, 'CustomerRet')]).toEqual([
      500,
      '1',
      ['Northwind Rooms'],
    ])
    expect(found.attributes.statusMessage).toContain('"Nobody"')
  })

  test('takes filters of name, balance and time of change', () => {
    file.addInvoice('')
    const owing = '<TotalBalanceFilter><Operator>GreaterThan</Operator><Amount>0.00</Amount></TotalBalanceFilter>'
    expect(namesIn(customers(owing), 'CustomerRet')).toEqual(["Ida's Interiors"])
    const filter = '<NameFilter><MatchCriterion>StartsWith</MatchCriterion><Name>north</Name></NameFilter>'
    expect(namesIn(customers(filter), 'CustomerRet')).toEqual(['Northwind Rooms'])
    expect(statusOf(customers('<FromModifiedDate>2999-01-01</FromModifiedDate>'))).toBe(1)
  })

  test('all twelve kinds of items come in one answer', () => {
    const found = new Set(file.askOne('<ItemQueryRq/>').children.map(({ name }) => name.replace(/^Item(.*)Ret$/, '$1')))
    expect([...found].sort()).toEqual(
      [
        'Discount',
        'FixedAsset',
        'Group',
        'Inventory',
        'InventoryAssembly',
        'NonInventory',
        'OtherCharge',
        'Payment',
        'SalesTax',
      ]
        .concat(['SalesTaxGroup', 'Service', 'Subtotal'])
        .sort(),
    )
  })

  test('an item that was added can be sold at its own price; a name that is taken, or no account, is refused', () => {
    const item = (name: string, account: string) =>
      file.askOne(
        `<ItemServiceAddRq><ItemServiceAdd><Name>${name}</Name><SalesOrPurchase><Desc>Survey</Desc><Price>12.345</Price>` +
          `<AccountRef><FullName>${account}</FullName></AccountRef></SalesOrPurchase></ItemServiceAdd></ItemServiceAddRq>`,
      )
    expect([item('SURVEY', 'Sales'), item('lamp', 'Sales'), item('OTHER', 'No account')].map(statusOf)).toEqual([
      0, 3100, 3140,
    ])
    const line = '<InvoiceLineAdd><ItemRef><FullName>SURVEY</FullName></ItemRef><Quantity>2</Quantity></InvoiceLineAdd>'
    expect(textAt(file.addInvoice('', line), 'InvoiceRet/Subtotal')).toBe('24.69')
  })
})

describe('an iterator', () => {
  const pageOf = (attributes: string, max = 2) =>
    customers(`<MaxReturned>${max}</MaxReturned>`, ` iterator=${attributes}`)

  beforeEach(() => {
    for (const name of ['Three', 'Four', 'Five']) named(name)
  })

  test('gives everything once, page by page, and says how much is left', () => {
    const pages = [pageOf('"Start"')]
    const id = pages[0]?.attributes.iteratorID
    for (let page = 0; page < 2; page += 1) pages.push(pageOf(`"Continue" iteratorID="${id}"`))
    expect(pages.map(({ attributes }) => attributes.iteratorRemainingCount)).toEqual(['3', '1', '0'])
    expect(pages.flatMap((page) => namesIn(page, 'CustomerRet')).sort()).toEqual(
      [...desktopSeed.customers.map(({ displayName }) => displayName), 'Three', 'Four', 'Five'].sort(),
    )
    expect(statusOf(pageOf(`"Continue" iteratorID="${id}"`))).toBe(3391)
  })

  test('ends with its session, and goes on with the same filters only', () => {
    const { iteratorID: id } = pageOf('"Start"').attributes
    const other = customers(
      '<MaxReturned>2</MaxReturned><ActiveStatus>All</ActiveStatus>',
      ` iterator="Continue" iteratorID="${id}"`,
    )
    expect(statusOf(other)).toBe(3391)
    file.quickBooks.endSession()
    expect(statusOf(pageOf(`"Continue" iteratorID="${id}"`))).toBe(3391)
  })

  test('is not there for accounts, employees, codes, terms, deletions and reports', () => {
    const lists = [
      'AccountQuery',
      'EmployeeQuery',
      'SalesTaxCodeQuery',
      'TermsQuery',
      'SalesRepQuery',
      'TxnDeletedQuery',
    ]
    const hresults = lists.map((name) =>
      file.hresultOf(setOf(`<${name}Rq iterator="Start"><MaxReturned>2</MaxReturned></${name}Rq>`)),
    )
    expect(new Set(hresults)).toEqual(new Set(['0x80040400']))
  })
})

describe('the company file says about itself', () => {
  test('its product, version, company and preferences at the beginning of a session', () => {
    const hcp = file.quickBooks.hcpResponse()
    expect(hcp).toContain('<SupportedQBXMLVersion>13.0</SupportedQBXMLVersion>')
    expect(hcp).toContain('<CompanyName>Larkfield Lamps (sandbox)</CompanyName>')
    expect([file.quickBooks.companyFileName(), file.quickBooks.country(), file.quickBooks.qbXmlVersion()]).toEqual([
      desktopSeed.companyFile,
      'US',
      { major: 13, minor: 0 },
    ])
    file.set({
      quickBooksDesktopClosingDate: '2026-01-31',
      quickBooksDesktopMultiCurrency: true,
      quickBooksDesktopSalesTax: false,
    })
    const preferences = file.askOne('<PreferencesQueryRq/>')
    expect(textAt(preferences, 'PreferencesRet/AccountingPreferences/ClosingDate')).toBe('2026-01-31')
    expect(textAt(preferences, 'PreferencesRet/MultiCurrencyPreferences/IsMultiCurrencyOn')).toBe('true')
    expect(allAt(preferences, 'PreferencesRet/SalesTaxPreferences')).toEqual([])
  })

  test('the FileID that was stamped into it, to its owner alone', () => {
    const [owner, other] = ['{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}', '{00000000-86F1-4FCC-B1FF-966DE1813D20}']
    file.quickBooks.stampFileId({ ownerId: String(owner), fileId: '{A4D1C8F0-0000-4000-8000-000000000001}' })
    const asked = (id: string | undefined) => file.askOne(`<CompanyQueryRq><OwnerID>${id}</OwnerID></CompanyQueryRq>`)
    expect(textAt(asked(owner), 'CompanyRet/DataExtRet/DataExtValue')).toBe('{A4D1C8F0-0000-4000-8000-000000000001}')
    expect(
      [asked(other), file.askOne('<CompanyQueryRq/>')].map((answer) => allAt(answer, 'CompanyRet/DataExtRet')),
    ).toEqual([[], []])
  })

  test('its profit and loss, with sub-accounts below their parent and a column for each month', () => {
    file.addInvoice('<TxnDate>2026-01-15</TxnDate>')
    file.addInvoice(
      '<TxnDate>2026-02-15</TxnDate>',
      '<InvoiceLineAdd><ItemRef><FullName>FITTING</FullName></ItemRef></InvoiceLineAdd>',
    )
    file.addInvoice('<TxnDate>2026-03-01</TxnDate>')
    const memo =
      '<CreditMemoLineAdd><ItemRef><FullName>LAMP</FullName></ItemRef><Amount>30.00</Amount></CreditMemoLineAdd>'
    file.askOne(
      `<CreditMemoAddRq><CreditMemoAdd>${customer}<TxnDate>2026-02-20</TxnDate>${memo}</CreditMemoAdd></CreditMemoAddRq>`,
    )
    const report = file.askOne(
      '<GeneralSummaryReportQueryRq><GeneralSummaryReportType>ProfitAndLossStandard</GeneralSummaryReportType><ReportPeriod>' +
        '<FromReportDate>2026-01-01</FromReportDate><ToReportDate>2026-02-28</ToReportDate></ReportPeriod>' +
        '<SummarizeColumnsBy>Month</SummarizeColumnsBy></GeneralSummaryReportQueryRq>',
    )
    const rows = allAt(report, 'ReportRet/ReportData')[0]?.children.map(({ name, attributes, children }) => [
      name,
      ...(children.length === 0
        ? [attributes.value]
        : children.filter((cell) => cell.name === 'ColData').map((cell) => cell.attributes.value)),
    ])
    expect(allAt(report, 'ReportRet/ColDesc/ColTitle').map(({ attributes }) => attributes.value)).toEqual([
      undefined,
      'Jan 26',
      'Feb 26',
      'TOTAL',
    ])
    expect(rows).toEqual([
      ['TextRow', 'Ordinary Income/Expense'],
      ['TextRow', 'Income'],
      ['TextRow', 'Sales'],
      ['DataRow', 'Lamps', '100.00', '-30.00', '70.00'],
      ['DataRow', 'Sales - Other', '0.00', '45.50', '45.50'],
      ['SubtotalRow', 'Total Sales', '100.00', '15.50', '115.50'],
      ['SubtotalRow', 'Total Income', '100.00', '15.50', '115.50'],
      ['SubtotalRow', 'Gross Profit', '100.00', '15.50', '115.50'],
      ['SubtotalRow', 'Net Ordinary Income', '100.00', '15.50', '115.50'],
      ['TotalRow', 'Net Income', '100.00', '15.50', '115.50'],
    ])
    expect(allAt(report, 'ReportRet/ReportData/TotalRow/RowData')).toEqual([])
  })
})
