import * as lists from './lists.ts'
import { branch, must, type Part } from './parts.ts'
import { GENERAL_SUMMARY_REPORT_QUERY } from './reports.ts'
import * as transactions from './transactions.ts'

/** One request of qbXML. */
export interface RequestShape {
  /** The least qbXML version that knows it. */
  since: number
  parts: readonly Part[]
  /** Whether its answers can be had page by page. */
  iterates: boolean
}

/** A request that writes has its record in an element of its own name. */
function write(name: string, parts: readonly Part[]): RequestShape {
  return { since: 1, parts: [must(branch(name, parts)), lists.INCLUDE_RET_ELEMENT], iterates: false }
}

function ask(parts: readonly Part[], { since = 1, iterates = false } = {}): RequestShape {
  return { since, parts, iterates }
}

/** Every request that we can write and check, with its elements in order. */
export const REQUESTS = {
  CustomerAdd: write('CustomerAdd', lists.CUSTOMER_ADD),
  CustomerMod: write('CustomerMod', lists.CUSTOMER_MOD),
  CustomerQuery: ask(lists.CUSTOMER_QUERY, { iterates: true }),
  InvoiceAdd: write('InvoiceAdd', transactions.INVOICE_ADD),
  InvoiceMod: { ...write('InvoiceMod', transactions.INVOICE_MOD), since: 2.1 },
  InvoiceQuery: ask(transactions.INVOICE_QUERY, { iterates: true }),
  CreditMemoAdd: write('CreditMemoAdd', transactions.CREDIT_MEMO_ADD),
  CreditMemoQuery: ask(transactions.CREDIT_MEMO_QUERY, { iterates: true }),
  ReceivePaymentAdd: write('ReceivePaymentAdd', transactions.RECEIVE_PAYMENT_ADD),
  ReceivePaymentQuery: ask(transactions.RECEIVE_PAYMENT_QUERY, { iterates: true }),
  TxnVoid: ask(transactions.TXN_VOID, { since: 1.1 }),
  TxnDel: ask(transactions.TXN_DEL, { since: 1.1 }),
  TxnDeletedQuery: ask(transactions.TXN_DELETED_QUERY, { since: 2 }),
  ListDeletedQuery: ask(lists.LIST_DELETED_QUERY, { since: 2 }),
  ItemQuery: ask(lists.OWNED_LIST_QUERY, { iterates: true }),
  ItemServiceAdd: write('ItemServiceAdd', lists.ITEM_SERVICE_ADD),
  ItemSalesTaxGroupQuery: ask(lists.OWNED_LIST_QUERY, { iterates: true }),
  ItemSalesTaxQuery: ask(lists.OWNED_LIST_QUERY, { iterates: true }),
  AccountQuery: ask(lists.ACCOUNT_QUERY),
  SalesTaxCodeQuery: ask(lists.LIST_QUERY),
  TermsQuery: ask(lists.LIST_QUERY),
  PaymentMethodQuery: ask(lists.LIST_QUERY),
  EmployeeQuery: ask(lists.OWNED_LIST_QUERY),
  SalesRepQuery: ask(lists.LIST_QUERY),
  HostQuery: ask(lists.HOST_QUERY),
  CompanyQuery: ask(lists.COMPANY_QUERY),
  PreferencesQuery: ask(lists.HOST_QUERY),
  GeneralSummaryReportQuery: ask(GENERAL_SUMMARY_REPORT_QUERY, { since: 2 }),
} as const satisfies Record<string, RequestShape>

export type RequestName = keyof typeof REQUESTS
