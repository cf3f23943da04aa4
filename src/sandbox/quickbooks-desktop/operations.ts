import type { Answered, Call } from './call.ts'
import { queryCompany, queryHost, queryPreferences } from './company-info.ts'
import { addCustomer, addServiceItem, modifyCustomer } from './names.ts'
import { addPayment } from './payments.ts'
import { profitAndLoss } from './profit-and-loss.ts'
import { queryList } from './query-lists.ts'
import { queryTransactions } from './query-transactions.ts'
import { addCardRefund, addCheck } from './refunds.ts'
import { deleteListed, deleteTransaction, queryDeleted, voidTransaction } from './removals.ts'
import { addCreditMemo, addInvoice, modifyInvoice } from './sales.ts'

/** What each request does, by its name without `Rq`. */
export const operations: Readonly<Record<string, (call: Call) => Answered>> = {
  HostQuery: queryHost,
  CompanyQuery: queryCompany,
  PreferencesQuery: queryPreferences,
  AccountQuery: (call) => queryList({ call, list: 'Account' }),
  CustomerQuery: (call) => queryList({ call, list: 'Customer' }),
  EmployeeQuery: (call) => queryList({ call, list: 'Employee' }),
  SalesRepQuery: (call) => queryList({ call, list: 'SalesRep' }),
  TermsQuery: (call) => queryList({ call, list: 'Terms' }),
  PaymentMethodQuery: (call) => queryList({ call, list: 'PaymentMethod' }),
  SalesTaxCodeQuery: (call) => queryList({ call, list: 'SalesTaxCode' }),
  ItemQuery: (call) => queryList({ call, list: 'Item' }),
  ItemSalesTaxQuery: (call) => queryList({ call, list: 'Item', kinds: ['ItemSalesTaxRet'] }),
  ItemSalesTaxGroupQuery: (call) => queryList({ call, list: 'Item', kinds: ['ItemSalesTaxGroupRet'] }),
  InvoiceQuery: (call) => queryTransactions({ call, txn: 'Invoice' }),
  CreditMemoQuery: (call) => queryTransactions({ call, txn: 'CreditMemo' }),
  ReceivePaymentQuery: (call) => queryTransactions({ call, txn: 'ReceivePayment' }),
  TxnDeletedQuery: (call) => queryDeleted({ call, table: 'deletedTransactions' }),
  ListDeletedQuery: (call) => queryDeleted({ call, table: 'deletedLists' }),
  GeneralSummaryReportQuery: profitAndLoss,
  CustomerAdd: addCustomer,
  CustomerMod: modifyCustomer,
  ItemServiceAdd: addServiceItem,
  InvoiceAdd: addInvoice,
  InvoiceMod: modifyInvoice,
  CreditMemoAdd: addCreditMemo,
  ReceivePaymentAdd: addPayment,
  CheckAdd: addCheck,
  ARRefundCreditCardAdd: addCardRefund,
  TxnVoid: voidTransaction,
  TxnDel: deleteTransaction,
  ListDel: deleteListed,
}
