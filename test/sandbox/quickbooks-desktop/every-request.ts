import { allAt, line, type OpenFile, setOf, textAt } from './company-file.ts'

const named = (name: string, fullName: string) => `<${name}><FullName>${fullName}</FullName></${name}>`
const customer = named('CustomerRef', "Ida's Interiors")
const address =
  '<Addr1>Ida</Addr1><Addr2>12 Harbour Row</Addr2><City>Millbay</City><State>CA</State><PostalCode>90210</PostalCode>'
const guid = '{57F3B9B6-86F1-4FCC-B1FF-966DE1813D20}'

const queries = [
  '<HostQueryRq/>',
  `<CompanyQueryRq><OwnerID>${guid}</OwnerID></CompanyQueryRq>`,
  '<PreferencesQueryRq/>',
  ...[
    'Account',
    'Customer',
    'Employee',
    'SalesRep',
    'Terms',
    'SalesTaxCode',
    'PaymentMethod',
    'Item',
    'ItemSalesTax',
    'ItemSalesTaxGroup',
  ].flatMap((list) => [
    `<${list}QueryRq/>`,
    `<${list}QueryRq><FullName>nobody at all</FullName></${list}QueryRq>`,
    `<${list}QueryRq><ActiveStatus>All</ActiveStatus><NameFilter><MatchCriterion>Contains</MatchCriterion><Name>a</Name></NameFilter></${list}QueryRq>`,
  ]),
  '<CustomerQueryRq iterator="Start"><MaxReturned>1</MaxReturned></CustomerQueryRq>',
  ...['Invoice', 'CreditMemo', 'ReceivePayment'].flatMap((txn) => [
    `<${txn}QueryRq><IncludeLineItems>true</IncludeLineItems></${txn}QueryRq>`,
    `<${txn}QueryRq><TxnID>1-2</TxnID></${txn}QueryRq>`,
    `<${txn}QueryRq iterator="Start"><MaxReturned>1</MaxReturned></${txn}QueryRq>`,
  ]),
  '<InvoiceQueryRq><IncludeLineItems>true</IncludeLineItems><IncludeLinkedTxns>true</IncludeLinkedTxns></InvoiceQueryRq>',
  '<CreditMemoQueryRq><IncludeLinkedTxns>true</IncludeLinkedTxns></CreditMemoQueryRq>',
  '<TxnDeletedQueryRq><TxnDelType>Invoice</TxnDelType><TxnDelType>CreditMemo</TxnDelType></TxnDeletedQueryRq>',
  '<ListDeletedQueryRq><ListDelType>Customer</ListDelType></ListDeletedQueryRq>',
  '<GeneralSummaryReportQueryRq><GeneralSummaryReportType>ProfitAndLossStandard</GeneralSummaryReportType>' +
    '<ReportDateMacro>All</ReportDateMacro><ReportBasis>Accrual</ReportBasis></GeneralSummaryReportQueryRq>',
  '<GeneralSummaryReportQueryRq><GeneralSummaryReportType>ProfitAndLossStandard</GeneralSummaryReportType>' +
    '<ReportPeriod><FromReportDate>2026-01-01</FromReportDate><ToReportDate>2026-03-31</ToReportDate></ReportPeriod>' +
    '<SummarizeColumnsBy>Month</SummarizeColumnsBy></GeneralSummaryReportQueryRq>',
]

/** Asks for everything once, so that each kind of answer is given, good and bad; the requests that were sent are told. */
export function askForEverything(file: OpenFile): string[] {
  const sent: string[] = []
  const ask = (request: string) => {
    sent.push(setOf(request))
    return file.askOne(request)
  }
  file.quickBooks.stampFileId({ ownerId: guid, fileId: '{A4D1C8F0-0000-4000-8000-000000000001}' })
  ask(
    `<CustomerAddRq requestID="c"><CustomerAdd><Name>R&#233;my &amp; Co</Name><CompanyName>R&#233;my</CompanyName>` +
      `<FirstName>R&#233;my</FirstName><LastName>Larue</LastName><BillAddress>${address}</BillAddress><Phone>1</Phone><Email>a@b.example</Email>` +
      `${named('TermsRef', 'Net 15')}<CreditLimit>500.00</CreditLimit><Notes>a</Notes><ExternalGUID>${guid}</ExternalGUID></CustomerAdd></CustomerAddRq>`,
  )
  ask('<CustomerAddRq><CustomerAdd><Name>northwind rooms</Name></CustomerAdd></CustomerAddRq>')
  ask(
    `<ItemServiceAddRq><ItemServiceAdd><Name>SURVEY</Name><SalesOrPurchase><Desc>Survey</Desc><Price>12.5</Price>${named('AccountRef', 'Sales')}` +
      '</SalesOrPurchase></ItemServiceAdd></ItemServiceAddRq>',
  )
  const lines = [
    line({ quantity: '2' }),
    line({ item: 'Discount', amount: '5.00', code: 'Tax' }),
    line({ item: 'Subtotal' }),
  ]
  const invoices = ['61000', '61001', '61002'].map((number) =>
    ask(
      `<InvoiceAddRq requestID="${number}"><InvoiceAdd>${customer}<TxnDate>2026-01-21</TxnDate><RefNumber>${number}</RefNumber>` +
        `<BillAddress>${address}</BillAddress><PONumber>PO-1</PONumber>${named('TermsRef', 'Net 15')}${named('SalesRepRef', 'AS')}` +
        `${named('ShipMethodRef', 'UPS')}${named('ItemSalesTaxRef', 'Sales tax')}<Memo>Order</Memo><Other>x</Other>` +
        `${lines.join('')}</InvoiceAdd></InvoiceAddRq>`,
    ),
  )
  const [first = '', second = '', third = ''] = invoices.map((invoice) => textAt(invoice, 'InvoiceRet/TxnID') ?? '')
  const modify = (sequence: string) =>
    `<InvoiceModRq><InvoiceMod><TxnID>${first}</TxnID><EditSequence>${sequence}</EditSequence><Memo>b</Memo></InvoiceMod></InvoiceModRq>`
  ask(modify('1'))
  ask(modify(invoices.map((invoice) => textAt(invoice, 'InvoiceRet/EditSequence') ?? '')[0] ?? ''))
  const credit = line({ quantity: '1' }).replaceAll('InvoiceLineAdd', 'CreditMemoLineAdd')
  const credits = [0, 1, 2, 3].map(() =>
    ask(`<CreditMemoAddRq><CreditMemoAdd>${customer}${credit}</CreditMemoAdd></CreditMemoAddRq>`),
  )
  const [voided = '', kept = '', applied = '', refunded = ''] = credits.map(
    (memo) => textAt(memo, 'CreditMemoRet/TxnID') ?? '',
  )
  ask(
    `<ReceivePaymentAddRq><ReceivePaymentAdd>${customer}<RefNumber>CHK-1</RefNumber><TotalAmount>60.00</TotalAmount>` +
      `${named('PaymentMethodRef', 'Check')}<AppliedToTxnAdd><TxnID>${first}</TxnID><PaymentAmount>40.00</PaymentAmount>` +
      `<DiscountAmount>1.00</DiscountAmount>${named('DiscountAccountRef', 'Discount')}</AppliedToTxnAdd></ReceivePaymentAdd></ReceivePaymentAddRq>`,
  )
  const setCredit =
    `<ReceivePaymentAddRq><ReceivePaymentAdd>${customer}<TotalAmount>0.00</TotalAmount><AppliedToTxnAdd><TxnID>${first}</TxnID>` +
    `<PaymentAmount>0.00</PaymentAmount><SetCredit><CreditTxnID>${applied}</CreditTxnID><AppliedAmount>5.00</AppliedAmount></SetCredit>` +
    '</AppliedToTxnAdd></ReceivePaymentAdd></ReceivePaymentAddRq>'
  ask(setCredit)
  file.set({ quickBooksDesktopCreditOnlyAnswer: 'thin' })
  ask(setCredit)
  const [cheque = ''] = ['1.00', '9999.00'].map((amount) => {
    ask(
      `<ARRefundCreditCardAddRq><ARRefundCreditCardAdd>${customer}<Memo>a</Memo><RefundAppliedToTxnAdd><TxnID>${refunded}</TxnID>` +
        `<RefundAmount>${amount}</RefundAmount></RefundAppliedToTxnAdd></ARRefundCreditCardAdd></ARRefundCreditCardAddRq>`,
    )
    const written = ask(
      `<CheckAddRq><CheckAdd>${named('AccountRef', 'Undeposited Funds')}${named('PayeeEntityRef', "Ida's Interiors")}<RefNumber>7</RefNumber>` +
        `<ApplyCheckToTxnAdd><TxnID>${refunded}</TxnID><Amount>${amount}</Amount></ApplyCheckToTxnAdd></CheckAdd></CheckAddRq>`,
    )
    return textAt(written, 'CheckRet/TxnID') ?? ''
  })
  const listed = ask(`<CustomerQueryRq><FullName>Northwind Rooms</FullName></CustomerQueryRq>`)
  const [northwind] = allAt(listed, 'CustomerRet')
  const [id, sequence] = ['ListID', 'EditSequence'].map((name) => northwind && textAt(northwind, name))
  ask(
    `<CustomerModRq><CustomerMod><ListID>${id}</ListID><EditSequence>${sequence}</EditSequence><Name>Northwind</Name></CustomerMod></CustomerModRq>`,
  )
  for (const query of queries) ask(query)
  ask(`<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>${second}</TxnID></TxnVoidRq>`)
  ask(`<TxnVoidRq><TxnVoidType>CreditMemo</TxnVoidType><TxnID>${voided}</TxnID></TxnVoidRq>`)
  ask(`<TxnVoidRq><TxnVoidType>Invoice</TxnVoidType><TxnID>${first}</TxnID></TxnVoidRq>`)
  ask(`<TxnDelRq><TxnDelType>Invoice</TxnDelType><TxnID>${third}</TxnID></TxnDelRq>`)
  ask(`<TxnDelRq><TxnDelType>CreditMemo</TxnDelType><TxnID>${kept}</TxnID></TxnDelRq>`)
  ask(`<TxnDelRq><TxnDelType>Check</TxnDelType><TxnID>${cheque}</TxnID></TxnDelRq>`)
  ask(`<ListDelRq><ListDelType>Customer</ListDelType><ListID>${id}</ListID></ListDelRq>`)
  for (const query of queries) ask(query)
  file.responses.push(file.quickBooks.hcpResponse())
  return sent
}
