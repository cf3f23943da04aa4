import { type Particle, parseShape } from './grammar.ts'

/** Shapes that occur in several requests. */
const words: Readonly<Record<string, string>> = {
  Ref: '(ListID:id? FullName:str?)',
  Address:
    '(Addr1:str41? Addr2:str41? Addr3:str41? Addr4:str41? Addr5:str41? City:str31? State:str21? PostalCode:str13? ' +
    'Country:str31? Note:str41?)',
  Only: 'IncludeRetElement:str50*',
  Owner: 'OwnerID:guid*',
  NameFilter:
    '<NameFilter(MatchCriterion:enum=StartsWith,Contains,EndsWith Name:str) | NameRangeFilter(FromName:str? ToName:str?)>?',
  ListFilter:
    'MaxReturned:int? ActiveStatus:enum=ActiveOnly,InactiveOnly,All? FromModifiedDate:time? ToModifiedDate:time? %NameFilter',
  ListQuery: '<ListID:id+ | FullName:str+ | %ListFilter> %Only',
  ListFilterRef: '(<ListID:id+ | FullName:str+ | ListIDWithChildren:id | FullNameWithChildren:str>)',
  TxnFilter:
    'MaxReturned:int? <ModifiedDateRangeFilter(FromModifiedDate:time? ToModifiedDate:time?) | ' +
    'TxnDateRangeFilter(<FromTxnDate:date? ToTxnDate:date? | DateMacro:%DateMacro>)>? ' +
    'EntityFilter%ListFilterRef? AccountFilter%ListFilterRef? ' +
    '<RefNumberFilter(MatchCriterion:enum=StartsWith,Contains,EndsWith RefNumber:str) | ' +
    'RefNumberRangeFilter(FromRefNumber:str? ToRefNumber:str?)>? CurrencyFilter%ListFilterRef?',
  TxnKeys: 'TxnID:id+ | RefNumber:str+ | RefNumberCaseSensitive:str+',
  CustomerHead:
    'IsActive:bool? ClassRef%Ref? ParentRef%Ref? CompanyName:str41? Salutation:str15? FirstName:str25? MiddleName:str5? ' +
    'LastName:str25? JobTitle:str41? BillAddress%Address? ShipAddress%Address? ' +
    'ShipToAddress(Name:str41 Addr1:str41? Addr2:str41? Addr3:str41? Addr4:str41? Addr5:str41? City:str31? State:str21? ' +
    'PostalCode:str13? Country:str31? Note:str41? DefaultShipTo:bool?)* Phone:str21? AltPhone:str21? Fax:str21? ' +
    'Email:str1023? Cc:str1023? Contact:str41? AltContact:str41? CustomerTypeRef%Ref? TermsRef%Ref? SalesRepRef%Ref?',
  CustomerTail:
    'SalesTaxCodeRef%Ref? ItemSalesTaxRef%Ref? ResaleNumber:str15? AccountNumber:str99? CreditLimit:amount? ' +
    'PreferredPaymentMethodRef%Ref? Notes:str4095?',
  SaleHead:
    'ClassRef%Ref? ARAccountRef%Ref? TemplateRef%Ref? TxnDate:date? RefNumber:str11? BillAddress%Address? ShipAddress%Address? IsPending:bool?',
  SaleBody:
    'PONumber:str25? TermsRef%Ref? DueDate:date? SalesRepRef%Ref? FOB:str13? ShipDate:date? ShipMethodRef%Ref? ' +
    'ItemSalesTaxRef%Ref? Memo:str4095? CustomerMsgRef%Ref? IsToBePrinted:bool? IsToBeEmailed:bool? ' +
    'CustomerSalesTaxCodeRef%Ref? Other:str29? ExchangeRate:number?',
  SetCredit: 'SetCredit(CreditTxnID:id TxnLineID:id? AppliedAmount:amount Override:bool?)*',
  SaleLine:
    'ItemRef%Ref? Desc:str4095? Quantity:number? UnitOfMeasure:str31? <Rate:number | RatePercent:number>? ClassRef%Ref? ' +
    'Amount:amount? InventorySiteRef%Ref? ServiceDate:date? SalesTaxCodeRef%Ref? OverrideItemAccountRef%Ref? Other1:str29? ' +
    'Other2:str29?',
  TxnType:
    'enum=ARRefundCreditCard,Bill,BillPaymentCheck,BillPaymentCreditCard,BuildAssembly,Charge,Check,CreditCardCharge,CreditCardCredit,' +
    'CreditMemo,Deposit,Estimate,InventoryAdjustment,Invoice,ItemReceipt,JournalEntry,PayrollLiabilityAdjustment,PayrollPriorPayment,' +
    'PayrollYearToDateAdjustment,PurchaseOrder,ReceivePayment,SalesOrder,SalesReceipt,SalesTaxPaymentCheck,TimeTracking,' +
    'TransferInventory,VehicleMileage,VendorCredit',
  VoidableType:
    'enum=ARRefundCreditCard,Bill,BillPaymentCheck,BillPaymentCreditCard,Charge,Check,CreditCardCharge,CreditCardCredit,CreditMemo,' +
    'Deposit,InventoryAdjustment,Invoice,ItemReceipt,JournalEntry,SalesReceipt,VendorCredit',
  DateMacro:
    'enum=All,Today,ThisWeek,ThisWeekToDate,ThisMonth,ThisMonthToDate,ThisCalendarQuarter,ThisCalendarQuarterToDate,ThisFiscalQuarter,' +
    'ThisFiscalQuarterToDate,ThisCalendarYear,ThisCalendarYearToDate,ThisFiscalYear,ThisFiscalYearToDate,Yesterday,LastWeek,' +
    'LastWeekToDate,LastMonth,LastMonthToDate,LastCalendarQuarter,LastCalendarQuarterToDate,LastFiscalQuarter,' +
    'LastFiscalQuarterToDate,LastCalendarYear,LastCalendarYearToDate,LastFiscalYear,LastFiscalYearToDate,NextWeek,NextFourWeeks,' +
    'NextMonth,NextCalendarQuarter,NextCalendarYear,NextFiscalQuarter,NextFiscalYear',
  ReportType:
    'enum=BalanceSheetByClass,BalanceSheetPrevYearComp,BalanceSheetStandard,BalanceSheetSummary,CustomerBalanceSummary,' +
    'ExpenseByVendorSummary,IncomeByCustomerSummary,InventoryStockStatusByItem,InventoryStockStatusByVendor,IncomeTaxSummary,' +
    'InventoryValuationSummary,InventoryValuationSummaryBySite,LotNumberInStockBySite,PhysicalInventoryWorksheet,ProfitAndLossByClass,' +
    'ProfitAndLossByJob,ProfitAndLossPrevYearComp,ProfitAndLossStandard,ProfitAndLossYTDComp,PurchaseByItemSummary,' +
    'PurchaseByVendorSummary,SalesByCustomerSummary,SalesByItemSummary,SalesByRepSummary,SalesTaxLiability,SalesTaxRevenueSummary,' +
    'SerialNumberInStockBySite,TrialBalance,VendorBalanceSummary',
  Columns:
    'enum=Account,BalanceSheet,Class,Customer,CustomerType,Day,Employee,FourWeek,HalfMonth,IncomeStatement,ItemDetail,ItemType,Month,' +
    'Payee,PaymentMethod,PayrollItemDetail,PayrollYtdDetail,Quarter,SalesRep,SalesTaxCode,ShipMethod,Terms,TotalOnly,TwoWeek,Vendor,' +
    'VendorType,Week,Year',
  ListType:
    'enum=Account,Class,Customer,CustomerMsg,CustomerType,DateDrivenTerms,Employee,ItemDiscount,ItemFixedAsset,ItemGroup,' +
    'ItemInventory,ItemInventoryAssembly,ItemNonInventory,ItemOtherCharge,ItemPayment,ItemSalesTax,ItemSalesTaxGroup,ItemService,' +
    'ItemSubtotal,PaymentMethod,SalesRep,SalesTaxCode,ShipMethod,StandardTerms,Vendor',
  Deleted: 'DeletedDateRangeFilter(FromDeletedDate:time? ToDeletedDate:time?)? %Only',
  ReportMacro:
    'enum=All,Today,ThisWeek,ThisWeekToDate,ThisMonth,ThisMonthToDate,ThisQuarter,ThisQuarterToDate,ThisYear,ThisYearToDate,Yesterday,' +
    'LastWeek,LastWeekToDate,LastMonth,LastMonthToDate,LastQuarter,LastQuarterToDate,LastYear,LastYearToDate,NextWeek,NextFourWeeks,' +
    'NextMonth,NextQuarter,NextYear',
}

/** Each request that this QuickBooks knows, its elements in the order in which they must come. */
const shapes: Readonly<Record<string, string>> = {
  HostQuery: '%Only',
  CompanyQuery: '%Only %Owner',
  PreferencesQuery: '%Only',
  AccountQuery:
    '<ListID:id+ | FullName:str+ | %ListFilter AccountType:enum=AccountsPayable,AccountsReceivable,Bank,CostOfGoodsSold,CreditCard,' +
    'Equity,Expense,FixedAsset,Income,LongTermLiability,NonPosting,OtherAsset,OtherCurrentAsset,OtherCurrentLiability,OtherExpense,' +
    'OtherIncome* CurrencyFilter%ListFilterRef?> %Only %Owner',
  CustomerQuery:
    '<ListID:id+ | FullName:str+ | %ListFilter TotalBalanceFilter(Operator:enum=LessThan,LessThanEqual,Equal,GreaterThan,GreaterThanEqual ' +
    'Amount:amount)? CurrencyFilter%ListFilterRef? ClassFilter%ListFilterRef?> %Only %Owner',
  EmployeeQuery: '%ListQuery %Owner',
  SalesRepQuery: '%ListQuery',
  TermsQuery: '%ListQuery',
  SalesTaxCodeQuery: '%ListQuery',
  PaymentMethodQuery: '%ListQuery',
  ItemQuery: '%ListQuery %Owner',
  ItemSalesTaxGroupQuery: '%ListQuery %Owner',
  ItemSalesTaxQuery: '<ListID:id+ | FullName:str+ | %ListFilter ClassFilter%ListFilterRef?> %Only %Owner',
  ItemServiceAdd:
    'ItemServiceAdd(Name:str31 BarCode(BarCodeValue:str50? AssignEvenIfUsed:bool? AllowOverride:bool?)? IsActive:bool? ClassRef%Ref? ' +
    'ParentRef%Ref? UnitOfMeasureSetRef%Ref? SalesTaxCodeRef%Ref? <SalesOrPurchase(Desc:str4095? ' +
    '<Price:number | PricePercent:number>? AccountRef%Ref?) | SalesAndPurchase(SalesDesc:str4095? SalesPrice:number? ' +
    'IncomeAccountRef%Ref? PurchaseDesc:str4095? PurchaseCost:number? PurchaseTaxCodeRef%Ref? ExpenseAccountRef%Ref? ' +
    'PrefVendorRef%Ref?)> ExternalGUID:guid?^8) %Only',
  CustomerAdd:
    'CustomerAdd(Name:str41 %CustomerHead OpenBalance:amount? OpenBalanceDate:date? %CustomerTail ExternalGUID:guid?^8) %Only',
  CustomerMod: 'CustomerMod(ListID:id EditSequence:str16 Name:str41? %CustomerHead %CustomerTail) %Only',
  InvoiceAdd:
    'InvoiceAdd(CustomerRef%Ref %SaleHead IsFinanceCharge:bool? %SaleBody ExternalGUID:guid?^8 LinkToTxnID:id* %SetCredit ' +
    'InvoiceLineAdd(%SaleLine)*) %Only',
  InvoiceMod:
    'InvoiceMod(TxnID:id EditSequence:str16 CustomerRef%Ref? %SaleHead %SaleBody %SetCredit ' +
    'InvoiceLineMod(TxnLineID:id %SaleLine)*) %Only',
  InvoiceQuery:
    '<%TxnKeys | %TxnFilter PaidStatus:enum=All,PaidOnly,NotPaidOnly?> IncludeLineItems:bool? IncludeLinkedTxns:bool? %Only %Owner',
  CreditMemoAdd:
    'CreditMemoAdd(CustomerRef%Ref %SaleHead %SaleBody ExternalGUID:guid?^8 CreditMemoLineAdd(%SaleLine)*) %Only',
  CreditMemoQuery: '<%TxnKeys | %TxnFilter> IncludeLineItems:bool? IncludeLinkedTxns:bool? %Only %Owner',
  ReceivePaymentAdd:
    'ReceivePaymentAdd(CustomerRef%Ref ARAccountRef%Ref? TxnDate:date? RefNumber:str20? TotalAmount:amount? ExchangeRate:number? ' +
    'PaymentMethodRef%Ref? Memo:str4095? DepositToAccountRef%Ref? ExternalGUID:guid?^8 <IsAutoApply:bool | ' +
    'AppliedToTxnAdd(TxnID:id PaymentAmount:amount? %SetCredit DiscountAmount:amount? DiscountAccountRef%Ref?)+>) %Only',
  CheckAdd:
    'CheckAdd(AccountRef%Ref PayeeEntityRef%Ref? RefNumber:str11? TxnDate:date? Memo:str4095? Address%Address? IsToBePrinted:bool? ' +
    'IsTaxIncluded:bool? SalesTaxCodeRef%Ref? ExchangeRate:number? ExternalGUID:guid?^8 ' +
    'ApplyCheckToTxnAdd(TxnID:id Amount:amount?)* ExpenseLineAdd(AccountRef%Ref? Amount:amount? TaxAmount:amount? Memo:str4095? ' +
    'CustomerRef%Ref? ClassRef%Ref?)*) %Only',
  ARRefundCreditCardAdd:
    'ARRefundCreditCardAdd(CustomerRef%Ref RefundFromAccountRef%Ref? ARAccountRef%Ref? TxnDate:date? RefNumber:str11? Address%Address? ' +
    'PaymentMethodRef%Ref? Memo:str4095? ExchangeRate:number? ExternalGUID:guid?^8 ' +
    'RefundAppliedToTxnAdd(TxnID:id RefundAmount:amount)+) %Only',
  ReceivePaymentQuery: '<%TxnKeys | %TxnFilter> IncludeLineItems:bool? %Only %Owner',
  TxnVoid: 'TxnVoidType:%VoidableType TxnID:id',
  TxnDel: 'TxnDelType:%TxnType TxnID:id',
  TxnDeletedQuery: 'TxnDelType:%TxnType+ %Deleted',
  ListDel: 'ListDelType:%ListType ListID:id',
  ListDeletedQuery: 'ListDelType:%ListType+ %Deleted',
  GeneralSummaryReportQuery:
    'GeneralSummaryReportType:%ReportType DisplayReport:bool? ' +
    '<ReportPeriod(FromReportDate:date? ToReportDate:date?) | ReportDateMacro:%ReportMacro>? ReportAccountFilter%ListFilterRef? ' +
    'ReportEntityFilter%ListFilterRef? ReportItemFilter%ListFilterRef? ReportClassFilter%ListFilterRef? ' +
    'ReportDetailLevelFilter:enum=All,AllExceptSummary,SummaryOnly? ReportPostingStatusFilter:enum=Either,NonPosting,Posting? ' +
    'SummarizeColumnsBy:%Columns? IncludeSubcolumns:bool? ReportCalendar:enum=CalendarYear,FiscalYear,TaxYear? ' +
    'ReturnRows:enum=ActiveOnly,NonZero,All? ReturnColumns:enum=ActiveOnly,NonZero,All? ReportBasis:enum=Accrual,Cash,None?',
}

/** Only these may be read page by page. */
const iterable = new Set([
  'CustomerQuery',
  'ItemQuery',
  'ItemSalesTaxQuery',
  'ItemSalesTaxGroupQuery',
  'InvoiceQuery',
  'CreditMemoQuery',
  'ReceivePaymentQuery',
])

export interface RequestShape {
  particles: Particle[]
  isIterable: boolean
}

const known = new Map<string, RequestShape>(
  Object.entries(shapes).map(([name, text]) => [
    name,
    { particles: parseShape({ text, words }), isIterable: iterable.has(name) },
  ]),
)

/** The shape of a request by its name without `Rq`; undefined for one that this QuickBooks does not know. */
export const shapeOf = (name: string): RequestShape | undefined => known.get(name)
