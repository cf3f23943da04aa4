import { BILL_AND_SHIP, EXTERNAL_GUID, INCLUDE_RET_ELEMENT } from './lists.ts'
import {
  amount,
  bool,
  branch,
  choice,
  date,
  dateTime,
  float,
  guid,
  id,
  int,
  many,
  must,
  oneOf,
  type Part,
  percent,
  price,
  quantity,
  ref,
  since,
  some,
  text,
} from './parts.ts'

/** The elements of transactions, and of the questions for them, in the order that QuickBooks wants. */

const WHO: readonly Part[] = [ref('ClassRef', 159), ref('ARAccountRef', 159), ref('TemplateRef', 31)]

const NUMBER_AND_ADDRESS: readonly Part[] = [
  date('TxnDate'),
  text('RefNumber', 11),
  ...BILL_AND_SHIP,
  bool('IsPending'),
]

const TERMS: readonly Part[] = [
  text('PONumber', 25),
  ref('TermsRef', 31),
  date('DueDate'),
  ref('SalesRepRef', 5),
  text('FOB', 13),
  date('ShipDate'),
  ref('ShipMethodRef', 15),
  ref('ItemSalesTaxRef', 31),
  text('Memo', 4095),
  ref('CustomerMsgRef', 101),
  bool('IsToBePrinted'),
  since(6, bool('IsToBeEmailed')),
  ref('CustomerSalesTaxCodeRef', 3),
  since(6, text('Other', 29)),
  since(8, float('ExchangeRate')),
]

const SET_CREDIT = since(
  10,
  many(
    branch('SetCredit', [must(id('CreditTxnID')), id('TxnLineID'), must(amount('AppliedAmount')), bool('Override')]),
  ),
)

const LINE: readonly Part[] = [
  ref('ItemRef'),
  text('Desc', 4095),
  quantity('Quantity'),
  since(7, text('UnitOfMeasure', 31)),
  choice([must(price('Rate'))], [must(percent('RatePercent'))]),
  ref('ClassRef', 159),
  amount('Amount'),
  since(10, ref('InventorySiteRef', 31)),
  date('ServiceDate'),
  ref('SalesTaxCodeRef', 3),
  since(2.1, ref('OverrideItemAccountRef', 159)),
  since(6, text('Other1', 29)),
  since(6, text('Other2', 29)),
]

export const INVOICE_ADD: readonly Part[] = [
  must(ref('CustomerRef', 209)),
  ...WHO,
  ...NUMBER_AND_ADDRESS,
  bool('IsFinanceCharge'),
  ...TERMS,
  EXTERNAL_GUID,
  since(6, many(id('LinkToTxnID'))),
  SET_CREDIT,
  many(branch('InvoiceLineAdd', LINE)),
]

export const INVOICE_MOD: readonly Part[] = [
  must(id('TxnID')),
  must(text('EditSequence', 16)),
  ref('CustomerRef', 209),
  ...WHO,
  ...NUMBER_AND_ADDRESS,
  ...TERMS,
  SET_CREDIT,
  many(branch('InvoiceLineMod', [must(id('TxnLineID')), ...LINE])),
]

export const CREDIT_MEMO_ADD: readonly Part[] = [
  must(ref('CustomerRef', 209)),
  ...WHO,
  ...NUMBER_AND_ADDRESS,
  ...TERMS,
  EXTERNAL_GUID,
  some(branch('CreditMemoLineAdd', LINE)),
]

export const RECEIVE_PAYMENT_ADD: readonly Part[] = [
  must(ref('CustomerRef', 209)),
  ref('ARAccountRef', 159),
  date('TxnDate'),
  text('RefNumber', 20),
  amount('TotalAmount'),
  since(8, float('ExchangeRate')),
  ref('PaymentMethodRef', 31),
  text('Memo', 4095),
  ref('DepositToAccountRef', 159),
  EXTERNAL_GUID,
  must(
    choice(
      [must(bool('IsAutoApply'))],
      [
        some(
          branch('AppliedToTxnAdd', [
            must(id('TxnID')),
            amount('PaymentAmount'),
            SET_CREDIT,
            amount('DiscountAmount'),
            ref('DiscountAccountRef', 159),
          ]),
        ),
      ],
    ),
  ),
]

const DATE_MACROS =
  'All Today ThisWeek ThisWeekToDate ThisMonth ThisMonthToDate ThisCalendarQuarter ThisCalendarQuarterToDate ' +
  'ThisFiscalQuarter ThisFiscalQuarterToDate ThisCalendarYear ThisCalendarYearToDate ThisFiscalYear ' +
  'ThisFiscalYearToDate Yesterday LastWeek LastWeekToDate LastMonth LastMonthToDate LastCalendarQuarter ' +
  'LastCalendarQuarterToDate LastFiscalQuarter LastFiscalQuarterToDate LastCalendarYear LastCalendarYearToDate ' +
  'LastFiscalYear LastFiscalYearToDate'

const TXN_FILTER: readonly Part[] = [
  int('MaxReturned'),
  choice(
    [must(branch('ModifiedDateRangeFilter', [dateTime('FromModifiedDate'), dateTime('ToModifiedDate')]))],
    [
      must(
        branch('TxnDateRangeFilter', [
          must(choice([date('FromTxnDate'), date('ToTxnDate')], [must(oneOf('DateMacro', DATE_MACROS))])),
        ]),
      ),
    ],
  ),
  branch('EntityFilter', [
    must(
      choice(
        [some(id('ListID'))],
        [some(text('FullName'))],
        [must(id('ListIDWithChildren'))],
        [must(text('FullNameWithChildren'))],
      ),
    ),
  ]),
  choice(
    [
      must(
        branch('RefNumberFilter', [
          must(oneOf('MatchCriterion', 'StartsWith Contains EndsWith')),
          must(text('RefNumber')),
        ]),
      ),
    ],
    [must(branch('RefNumberRangeFilter', [text('FromRefNumber'), text('ToRefNumber')]))],
  ),
]

function txnQuery({ filters, linked }: { filters: readonly Part[]; linked: boolean }): readonly Part[] {
  return [
    choice([some(id('TxnID'))], [some(text('RefNumber'))], [...TXN_FILTER, ...filters]),
    bool('IncludeLineItems'),
    ...(linked ? [bool('IncludeLinkedTxns')] : []),
    INCLUDE_RET_ELEMENT,
    since(2, many(guid('OwnerID'))),
  ]
}

export const INVOICE_QUERY = txnQuery({ filters: [oneOf('PaidStatus', 'All PaidOnly NotPaidOnly')], linked: true })
export const CREDIT_MEMO_QUERY = txnQuery({ filters: [], linked: true })
export const RECEIVE_PAYMENT_QUERY = txnQuery({ filters: [], linked: false })

export const TXN_VOID: readonly Part[] = [
  must(
    oneOf(
      'TxnVoidType',
      'ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard Charge Check CreditCardCharge CreditCardCredit ' +
        'CreditMemo Deposit InventoryAdjustment Invoice ItemReceipt JournalEntry SalesReceipt VendorCredit',
    ),
  ),
  must(id('TxnID')),
]

const DELETABLE = oneOf(
  'TxnDelType',
  'ARRefundCreditCard Bill BillPaymentCheck BillPaymentCreditCard BuildAssembly Charge Check CreditCardCharge ' +
    'CreditCardCredit CreditMemo Deposit Estimate InventoryAdjustment Invoice ItemReceipt JournalEntry PurchaseOrder ' +
    'ReceivePayment SalesOrder SalesReceipt SalesTaxPaymentCheck TimeTracking VehicleMileage VendorCredit',
)

export const TXN_DEL: readonly Part[] = [must(DELETABLE), must(id('TxnID'))]

export const TXN_DELETED_QUERY: readonly Part[] = [
  some(DELETABLE),
  branch('DeletedDateRangeFilter', [dateTime('FromDeletedDate'), dateTime('ToDeletedDate')]),
  INCLUDE_RET_ELEMENT,
]
