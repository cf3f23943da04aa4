import type { MappedInvoice } from '../../../src/domain/document.ts'
import { LinkKind } from '../../../src/domain/link.ts'
import type { Answer, LookUp, Outcome, StoredExchange } from '../../../src/ledgers/ledger.ts'
import { fromAnswer } from '../../../src/ledgers/quickbooks-desktop/from-answer.ts'
import { ITEM_NAMES, UNKNOWN_COMPANY } from '../../../src/ledgers/quickbooks-desktop/names.ts'
import { requestIdOf } from '../../../src/ledgers/quickbooks-desktop/pack.ts'
import type { Setting } from '../../../src/ledgers/quickbooks-desktop/setting.ts'
import { toRequest } from '../../../src/ledgers/quickbooks-desktop/to-request.ts'
import { aCreditMemo, aCustomer, anInvoice, aPayment, aRefund, aVoid, stored } from '../../contract/documents.ts'

export const setting: Setting = { names: ITEM_NAMES, company: UNKNOWN_COMPANY, version: 13 }

const records = {
  customerId: '80000001-1',
  itemIds: ['80000041-1', '80000042-1'] as [string, string],
  charges: {
    DISCOUNT: { id: '80000077-1' },
    SHIPPING: { id: '80000078-1' },
    SALES_TAX: { id: '80000079-1', ratePercent: '6.5' },
    TAX_ROUNDING: { id: '8000007A-1' },
  },
}

/** The invoice of the contract suite, in a company whose sales tax item has a rate of 6.5 %. */
export function desktopInvoice(number = 'INV-15001'): MappedInvoice {
  return anInvoice({ number, records: { ...records, charges: { ...records.charges } } })
}

export const creditMemo = aCreditMemo({ number: 'C-15001', records })
export const refund = aRefund({ number: 'R-15001', records })
export const payment = aPayment({
  number: 'CHQ-771',
  records,
  amount: '500.00',
  applications: [{ invoiceId: '42BF65-1768878026', amount: '400.00' }],
})
export const applied = aPayment({
  number: 'C-15001',
  records,
  amount: '0.00',
  applications: [{ invoiceId: '42BF65-1768878026', amount: '400.00', creditId: '42BF70-1768878999' }],
})
export const voidOf = (kind: 'INVOICE' | 'CREDIT_MEMO' | 'REFUND' | 'PAYMENT') =>
  aVoid({ kind, number: 'INV-15001', targetId: '42BF65-1768878026', revision: '1768878026' })
export const customerChange = {
  ...aCustomer('Alder Interiors'),
  update: { quickBooksId: '80000001-1', revision: '1768878026' },
}

export const createInvoice = exchangeOf(desktopInvoice(), 'one:1:a')
export const createCustomer = exchangeOf(aCustomer('Alder Interiors'), 'two:1:b')
export const queryCustomers = exchangeOf(lookUp(LinkKind.CUSTOMER, ['Alder Interiors', "O'Hara & Sons"]), 'three')
export const queryItems = exchangeOf(lookUp(LinkKind.ITEM, ['TABLE-OAK']), 'four')

export function exchangeOf(what: Parameters<typeof toRequest>[0], key: string): StoredExchange {
  return stored([{ request: toRequest(what, setting, key), key }])[0]!
}

export function lookUp(entity: LinkKind, values: string[]): LookUp {
  return { kind: 'LOOK_UP', entity, by: entity === LinkKind.INVOICE ? 'NUMBER' : 'NAME', values }
}

/** A whole answer of QuickBooks, with what it said to each request. */
export function setOf(responses: string[], attributes = ''): string {
  return `<?xml version="1.0" ?>\n<QBXML>\n<QBXMLMsgsRs${attributes}>\n${responses.join('\n')}\n</QBXMLMsgsRs>\n</QBXML>`
}

/** What QuickBooks says to one exchange. */
export function responseTo(
  exchange: StoredExchange,
  { code = '0', message = 'Status OK', inner = '' }: { code?: string; message?: string; inner?: string } = {},
): string {
  const name = /^<(\w+)Rq/.exec(exchange.request)?.[1]
  const severity = code === '0' ? 'Info' : 'Error'
  return (
    `<${name}Rs requestID="${requestIdOf(exchange)}" statusCode="${code}" statusSeverity="${severity}" ` +
    `statusMessage="${message.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">${inner}</${name}Rs>`
  )
}

export function answered(body: string, status = 200): Answer {
  return { kind: 'answered', status, body, contentType: '', intuitTid: null, durationMs: 12 }
}

/** What one exchange makes of an answer. */
export function outcomeOf(exchange: StoredExchange, answer: Answer, beside: StoredExchange[] = []): Outcome {
  const reading = { itemNames: ITEM_NAMES, taxableCode: 'Tax' }
  return fromAnswer({ exchanges: [exchange, ...beside], answer, reading }).get(exchange.id)!.outcome
}

const line = (id: string, name: string, rest: string) =>
  `<InvoiceLineRet><TxnLineID>1</TxnLineID><ItemRef><ListID>${id}</ListID><FullName>${name}</FullName></ItemRef>${rest}</InvoiceLineRet>`

const coded = (code: string) => `<SalesTaxCodeRef><ListID>1-1</ListID><FullName>${code}</FullName></SalesTaxCodeRef>`

/** The record of `desktopInvoice`, as QuickBooks returns it. */
export function invoiceRet({
  number = 'INV-15001',
  memo = 'Order ORD-INV-15001',
}: {
  number?: string
  memo?: string
} = {}): string {
  return (
    '<InvoiceRet><TxnID>42BF65-1768878026</TxnID><TimeCreated>2026-11-02T06:30:00-08:00</TimeCreated>' +
    '<EditSequence>1768878026</EditSequence><TxnNumber>12</TxnNumber>' +
    '<CustomerRef><ListID>80000001-1</ListID><FullName>Alder Interiors</FullName></CustomerRef>' +
    `<TxnDate>2026-11-02</TxnDate><RefNumber>${number}</RefNumber><PONumber>4711</PONumber><DueDate>2026-12-02</DueDate>` +
    '<Subtotal>1225.01</Subtotal><ItemSalesTaxRef><ListID>80000079-1</ListID><FullName>Sales tax</FullName></ItemSalesTaxRef>' +
    '<SalesTaxPercentage>6.50</SalesTaxPercentage><SalesTaxTotal>80.24</SalesTaxTotal><AppliedAmount>0.00</AppliedAmount>' +
    `<BalanceRemaining>1305.25</BalanceRemaining><Memo>${memo}</Memo><IsPaid>false</IsPaid>` +
    line(
      '80000041-1',
      'TABLE-OAK',
      `<Quantity>3</Quantity><Rate>411.50</Rate><Amount>1234.50</Amount>${coded('Tax')}`,
    ) +
    line('80000042-1', 'CUT', `<Quantity>0.15</Quantity><Rate>0.3333</Rate><Amount>0.05</Amount>${coded('Non')}`) +
    line('80000077-1', 'Discount', `<Rate>-34.55</Rate><Amount>-34.55</Amount>${coded('Non')}`) +
    line('80000078-1', 'Shipping', `<Amount>25.00</Amount>${coded('Non')}`) +
    line('8000007A-1', 'Sales tax rounding', `<Amount>0.01</Amount>${coded('Non')}`) +
    '</InvoiceRet>'
  )
}

export function customerRet(name = 'Alder Interiors', active = true): string {
  return (
    `<CustomerRet><ListID>80000001-1</ListID><EditSequence>1</EditSequence><Name>${name}</Name>` +
    `<FullName>${name}</FullName><IsActive>${active}</IsActive></CustomerRet>`
  )
}

/** The record of `creditMemo`, of which a part has been applied, as QuickBooks returns it. */
export function creditMemoRet(): string {
  return (
    '<CreditMemoRet><TxnID>42BF70-1768878999</TxnID><EditSequence>1768878999</EditSequence>' +
    '<CustomerRef><ListID>80000001-1</ListID><FullName>Alder Interiors</FullName></CustomerRef>' +
    '<TxnDate>2026-11-02</TxnDate><RefNumber>C-15001</RefNumber><DueDate>2026-11-02</DueDate><Subtotal>1225.01</Subtotal>' +
    '<SalesTaxPercentage>6.50</SalesTaxPercentage><SalesTaxTotal>80.24</SalesTaxTotal><TotalAmount>1305.25</TotalAmount>' +
    '<CreditRemaining>905.25</CreditRemaining><Memo>Order ORD-C-15001, for invoice INV-1</Memo>' +
    [
      line(
        '80000041-1',
        'TABLE-OAK',
        `<Quantity>3</Quantity><Rate>411.50</Rate><Amount>1234.50</Amount>${coded('Tax')}`,
      ),
      line('80000042-1', 'CUT', `<Quantity>0.15</Quantity><Rate>0.3333</Rate><Amount>0.05</Amount>${coded('Non')}`),
      line('80000077-1', 'Discount', `<Rate>-34.55</Rate><Amount>-34.55</Amount>${coded('Non')}`),
      line('80000078-1', 'Shipping', `<Amount>25.00</Amount>${coded('Non')}`),
      line('8000007A-1', 'Sales tax rounding', `<Amount>0.01</Amount>${coded('Non')}`),
    ]
      .join('')
      .replaceAll('InvoiceLineRet', 'CreditMemoLineRet') +
    '</CreditMemoRet>'
  )
}

/** The record of `payment`, as QuickBooks returns it; without an id when it only set credits. */
export function paymentRet({ id = '42BF80-1768879000' } = {}): string {
  return (
    `<ReceivePaymentRet>${id && `<TxnID>${id}</TxnID><EditSequence>1768879000</EditSequence>`}` +
    '<CustomerRef><ListID>80000001-1</ListID><FullName>Alder Interiors</FullName></CustomerRef>' +
    '<TxnDate>2026-11-12</TxnDate><RefNumber>CHQ-771</RefNumber><TotalAmount>500.00</TotalAmount>' +
    '<Memo>Order ORD-CHQ-771</Memo><UnusedPayment>100.00</UnusedPayment><UnusedCredits>0.00</UnusedCredits>' +
    '<AppliedToTxnRet><TxnID>42BF65-1768878026</TxnID><TxnType>Invoice</TxnType><TxnDate>2026-11-02</TxnDate>' +
    '<RefNumber>INV-15001</RefNumber><BalanceRemaining>905.25</BalanceRemaining><Amount>400.00</Amount></AppliedToTxnRet>' +
    '</ReceivePaymentRet>'
  )
}

/** An invoice with its links: two parts of one credit memo, and a payment. */
export function linkedInvoiceRet(): string {
  const link = (id: string, type: string, amount: string) =>
    `<LinkedTxn><TxnID>${id}</TxnID><TxnType>${type}</TxnType><TxnDate>2026-11-12</TxnDate><LinkType>AMTTYPE</LinkType><Amount>${amount}</Amount></LinkedTxn>`
  const links =
    link('42BF70-1768878999', 'CreditMemo', '-300.00') +
    link('42BF80-1768879000', 'ReceivePayment', '-10.00') +
    link('42BF70-1768878999', 'CreditMemo', '-100.00')
  const head = invoiceRet().split('<InvoiceLineRet>')[0]
  return `${head}${links}</InvoiceRet>`
}

export const voidRs =
  '<TxnVoidType>Invoice</TxnVoidType><TxnID>42BF65-1768878026</TxnID><RefNumber>INV-15001</RefNumber>'
