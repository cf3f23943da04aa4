import type { EntitySpec } from './entity-spec.ts'

const head = 'domain sparse Id SyncToken MetaData'
const saleBody =
  'CustomField DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnSource TxnStatus LinkedTxn Line ' +
  'TxnTaxDetail CustomerRef CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr ClassRef SalesTermRef DueDate ' +
  'ExpirationDate AcceptedBy AcceptedDate GlobalTaxCalculation ShipMethodRef ShipDate TrackingNum TaxExemptionRef ' +
  'ProjectRef RecurDataRef TotalAmt HomeTotalAmt ApplyTaxAfterDiscount PrintStatus EmailStatus BillEmail BillEmailCc ' +
  'BillEmailBcc Balance HomeBalance RemainingCredit Deposit DeliveryInfo InvoiceLink PaymentMethodRef PaymentRefNum ' +
  'PaymentType CheckPayment CreditCardPayment DepositToAccountRef'
const saleNotQueryable =
  'SyncToken CustomField PrivateNote LinkedTxn Line TxnTaxDetail CustomerMemo BillAddr ShipAddr FreeFormAddress ShipFromAddr ' +
  'PrintStatus EmailStatus BillEmail BillEmailCc BillEmailBcc DeliveryInfo ApplyTaxAfterDiscount Deposit RemainingCredit ' +
  'HomeTotalAmt HomeBalance CreditCardPayment TrackingNum ClassRef DepartmentRef'
const saleEnumerations = {
  PrintStatus: 'NotSet,NeedToPrint,PrintComplete',
  EmailStatus: 'NotSet,NeedToSend,EmailSent',
  GlobalTaxCalculation: 'TaxExcluded,TaxInclusive,NotApplicable',
}
const expenseBody =
  'DocNumber TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote Memo LinkedTxn Line TxnTaxDetail ' +
  'GlobalTaxCalculation TotalAmt'
const expenseNotQueryable = 'SyncToken PrivateNote Memo LinkedTxn Line TxnTaxDetail DepartmentRef AccountRef'

function sale({ fields = '', required = 'CustomerRef Line', canVoid = false }): EntitySpec {
  return {
    family: 'sale',
    fields: `${fields} ${head} ${saleBody}`,
    required,
    enumerations: { ...saleEnumerations, TxnStatus: 'Pending,Accepted,Closed,Rejected,Converted' },
    notQueryable: saleNotQueryable,
    sequence: 'transaction',
    hasDocNumber: true,
    can: { delete: true, void: canVoid },
  }
}

function expense({ fields, required }: { fields: string; required: string }): EntitySpec {
  return {
    family: 'expense',
    fields: `${fields} ${head} ${expenseBody}`,
    required: `Line ${required}`,
    enumerations: { PaymentType: 'Cash,Check,CreditCard' },
    notQueryable: expenseNotQueryable,
    sequence: 'transaction',
    // Vendors choose the numbers of their bills, so that two bills may carry the same one.
    hasDocNumber: false,
    can: { delete: true },
  }
}

/** The documents: what was sold, paid, credited, bought, booked and deposited. */
export const transactionEntities: Record<string, EntitySpec> = {
  Invoice: sale({
    fields: 'AllowIPNPayment AllowOnlinePayment AllowOnlineCreditCardPayment AllowOnlineACHPayment',
    canVoid: true,
  }),
  SalesReceipt: sale({ required: 'Line', canVoid: true }),
  CreditMemo: sale({}),
  RefundReceipt: sale({ required: 'Line DepositToAccountRef', canVoid: true }),
  Estimate: sale({}),
  Payment: {
    family: 'payment',
    fields:
      'CustomerRef DepositToAccountRef PaymentMethodRef PaymentRefNum TotalAmt UnappliedAmt ProcessPayment CreditCardPayment ' +
      `ARAccountRef ${head} TxnDate CurrencyRef ExchangeRate PrivateNote TxnSource TransactionLocationType LinkedTxn Line`,
    required: 'CustomerRef TotalAmt',
    // The unapplied rest of a payment cannot be asked for; it has to be read with the payment.
    notQueryable: 'SyncToken UnappliedAmt PrivateNote LinkedTxn Line CreditCardPayment ProcessPayment',
    sequence: 'transaction',
    can: { delete: true, void: true },
  },
  Bill: expense({
    fields: 'DueDate Balance HomeBalance VendorRef APAccountRef SalesTermRef VendorAddr',
    required: 'VendorRef',
  }),
  VendorCredit: expense({ fields: 'Balance VendorRef APAccountRef', required: 'VendorRef' }),
  Purchase: expense({
    fields: 'AccountRef PaymentMethodRef PaymentType EntityRef Credit PrintStatus RemitToAddr PurchaseEx',
    required: 'AccountRef PaymentType',
  }),
  JournalEntry: {
    family: 'journal',
    fields: `Adjustment ${head} DocNumber TxnDate CurrencyRef ExchangeRate PrivateNote Line TxnTaxDetail TotalAmt`,
    required: 'Line',
    notQueryable: 'SyncToken PrivateNote Line TxnTaxDetail',
    sequence: 'transaction',
    can: { delete: true },
  },
  Deposit: {
    family: 'deposit',
    fields: `DepositToAccountRef TotalAmt CashBack ${head} TxnDate DepartmentRef CurrencyRef ExchangeRate PrivateNote TxnSource Line`,
    required: 'DepositToAccountRef Line',
    notQueryable: 'SyncToken PrivateNote Line CashBack DepartmentRef',
    sequence: 'transaction',
    can: { delete: true },
  },
}
