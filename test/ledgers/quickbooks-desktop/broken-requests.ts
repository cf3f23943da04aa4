import type { RequestName } from '../../../src/ledgers/quickbooks-desktop/schema/requests.ts'
import type { Values } from '../../../src/ledgers/quickbooks-desktop/values.ts'

interface Broken {
  what: string
  name: RequestName
  values: Values
  problem: RegExp
}

const customer = (values: Values): Pick<Broken, 'name' | 'values'> => ({
  name: 'CustomerAdd',
  values: { CustomerAdd: { Name: 'Alder', ...values } },
})

const invoice = (values: Values): Pick<Broken, 'name' | 'values'> => ({
  name: 'InvoiceAdd',
  values: { InvoiceAdd: { CustomerRef: { ListID: '80000001-1' }, ...values } },
})

const line = (values: Values) => invoice({ InvoiceLineAdd: [{ Amount: '1.00' }, values] })

/** Requests with one thing wrong that Intuit's schema sees too, and what our own check says of it. */
export const BROKEN: Broken[] = [
  { what: 'a name that is too long', ...customer({ Name: 'x'.repeat(42) }), problem: /^CustomerAdd, Name has 42 char/ },
  { what: 'a customer without a name', ...customer({ Name: undefined }), problem: /^CustomerAdd, Name is missing/ },
  {
    what: 'a number that is too long',
    ...invoice({ RefNumber: '123456789012' }),
    problem: /^InvoiceAdd, RefNumber has 12/,
  },
  {
    what: 'an amount of one decimal',
    ...line({ Amount: '150.0' }),
    problem: /InvoiceLineAdd 2, Amount "150.0" is not an/,
  },
  { what: 'an amount with a comma', ...line({ Amount: '1,50' }), problem: /InvoiceLineAdd 2, Amount/ },
  { what: 'a price of six decimals', ...line({ Rate: '0.123456' }), problem: /InvoiceLineAdd 2, Rate/ },
  { what: 'a quantity in words', ...line({ Quantity: 'two' }), problem: /InvoiceLineAdd 2, Quantity/ },
  { what: 'a percentage with its sign', ...line({ RatePercent: '18.0%' }), problem: /InvoiceLineAdd 2, RatePercent/ },
  { what: 'a day that no calendar has', ...invoice({ TxnDate: '2026-02-30' }), problem: /^InvoiceAdd, TxnDate/ },
  { what: 'a date as Americans write it', ...invoice({ TxnDate: '11/21/2026' }), problem: /^InvoiceAdd, TxnDate/ },
  {
    what: 'an ellipsis that makes it too long',
    ...customer({ Name: `${'x'.repeat(40)}\u2026` }),
    problem: /has 43 char/,
  },
  { what: 'a GUID without braces', ...customer({ ExternalGUID: 'b1' }), problem: /ExternalGUID "b1" is not a GUID/ },
  { what: 'yes for true', ...customer({ IsActive: 'yes' }), problem: /IsActive "yes" is not true or false/ },
  {
    what: 'a postal code that is too long',
    ...customer({ BillAddress: { PostalCode: '1'.repeat(14) } }),
    problem: /BillAddress, PostalCode/,
  },
  {
    what: 'an unknown status',
    name: 'InvoiceQuery',
    values: { PaidStatus: 'Perhaps' },
    problem: /PaidStatus "Perhaps" is not one of/,
  },
  {
    what: 'a void of what cannot be voided',
    name: 'TxnVoid',
    values: { TxnVoidType: 'Estimate', TxnID: '1' },
    problem: /TxnVoidType/,
  },
  {
    what: 'a payment that is applied to nothing',
    name: 'ReceivePaymentAdd',
    values: { ReceivePaymentAdd: { CustomerRef: { ListID: '1' } } },
    problem: /IsAutoApply or AppliedToTxnAdd is missing/,
  },
  {
    what: 'a credit memo without lines',
    name: 'CreditMemoAdd',
    values: { CreditMemoAdd: { CustomerRef: { ListID: '1' } } },
    problem: /CreditMemoLineAdd is missing/,
  },
  {
    what: 'a report of no kind',
    name: 'GeneralSummaryReportQuery',
    values: {},
    problem: /GeneralSummaryReportType is missing/,
  },
]
