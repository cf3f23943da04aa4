const listHead = 'ListID TimeCreated TimeModified EditSequence'
const txnHead = 'TxnID TimeCreated TimeModified EditSequence TxnNumber'
const itemHead = `${listHead} Name FullName BarCodeValue IsActive ClassRef ParentRef Sublevel`
const saleHead =
  'CustomerRef ClassRef ARAccountRef TemplateRef TxnDate RefNumber BillAddress BillAddressBlock ShipAddress ShipAddressBlock IsPending'
const saleBody =
  'PONumber TermsRef DueDate SalesRepRef FOB ShipDate ShipMethodRef Subtotal ItemSalesTaxRef SalesTaxPercentage SalesTaxTotal'
const saleTail = 'CustomerMsgRef IsToBePrinted IsToBeEmailed CustomerSalesTaxCodeRef'
const stockItem =
  'ManufacturerPartNumber SalesTaxCodeRef SalesDesc SalesPrice IncomeAccountRef PurchaseDesc PurchaseCost COGSAccountRef AssetAccountRef'

/** The elements of each kind of Ret in the order in which QuickBooks answers them. */
const orders: Readonly<Record<string, string>> = {
  HostRet: 'ProductName MajorVersion MinorVersion Country SupportedQBXMLVersion IsAutomaticLogin QBFileMode',
  CompanyRet:
    'IsSampleCompany CompanyName LegalCompanyName Address AddressBlock LegalAddress Phone Email FirstMonthFiscalYear ' +
    'FirstMonthIncomeTaxYear CompanyType TaxForm SubscribedServices DataExtRet',
  PreferencesRet:
    'AccountingPreferences FinanceChargePreferences JobsAndEstimatesPreferences MultiCurrencyPreferences ' +
    'PurchasesAndVendorsPreferences ReportsPreferences SalesAndCustomersPreferences SalesTaxPreferences ' +
    'TimeTrackingPreferences CurrentAppAccessRights ItemsAndInventoryPreferences',
  AccountRet: `${listHead} Name FullName IsActive ParentRef Sublevel AccountType SpecialAccountType AccountNumber Desc CashFlowClassification`,
  CustomerRet:
    `${listHead} Name FullName IsActive ClassRef ParentRef Sublevel CompanyName Salutation FirstName MiddleName LastName JobTitle ` +
    'BillAddress BillAddressBlock ShipAddress ShipAddressBlock ShipToAddress Phone AltPhone Fax Email Cc Contact AltContact ' +
    'CustomerTypeRef TermsRef SalesRepRef Balance TotalBalance SalesTaxCodeRef ItemSalesTaxRef ResaleNumber AccountNumber ' +
    'CreditLimit PreferredPaymentMethodRef JobStatus Notes ExternalGUID DataExtRet',
  EmployeeRet: `${listHead} Name IsActive FirstName MiddleName LastName JobTitle Phone Email EmployeeType HiredDate ReleasedDate`,
  SalesRepRet: `${listHead} Initial IsActive SalesRepEntityRef`,
  StandardTermsRet: `${listHead} Name IsActive StdDueDays StdDiscountDays DiscountPct`,
  PaymentMethodRet: `${listHead} Name IsActive PaymentMethodType`,
  SalesTaxCodeRet: `${listHead} Name IsActive IsTaxable Desc`,
  ItemServiceRet: `${itemHead} SalesTaxCodeRef SalesOrPurchase SalesAndPurchase ExternalGUID`,
  ItemNonInventoryRet: `${itemHead} ManufacturerPartNumber SalesTaxCodeRef SalesOrPurchase SalesAndPurchase ExternalGUID`,
  ItemOtherChargeRet: `${itemHead} SalesTaxCodeRef SalesOrPurchase SalesAndPurchase SpecialItemType`,
  ItemInventoryRet: `${itemHead} ${stockItem} ReorderPoint QuantityOnHand AverageCost QuantityOnOrder QuantityOnSalesOrder`,
  ItemInventoryAssemblyRet: `${itemHead} ${stockItem} BuildPoint QuantityOnHand AverageCost ItemInventoryAssemblyLine`,
  ItemFixedAssetRet: `${listHead} Name IsActive ClassRef AcquiredAs PurchaseDesc PurchaseDate AssetAccountRef AssetDesc`,
  ItemSubtotalRet: `${listHead} Name IsActive ItemDesc SpecialItemType`,
  ItemDiscountRet: `${itemHead} ItemDesc SalesTaxCodeRef DiscountRate DiscountRatePercent AccountRef`,
  ItemPaymentRet: `${listHead} Name IsActive ClassRef ItemDesc DepositToAccountRef PaymentMethodRef`,
  ItemSalesTaxRet: `${listHead} Name IsActive ClassRef ItemDesc TaxRate TaxVendorRef`,
  ItemSalesTaxGroupRet: `${listHead} Name IsActive ItemDesc ExternalGUID ItemSalesTaxRef`,
  ItemGroupRet: `${listHead} Name IsActive ItemDesc IsPrintItemsInGroup SpecialItemType ItemGroupLine`,
  InvoiceRet:
    `${txnHead} ${saleHead} IsFinanceCharge ${saleBody} AppliedAmount BalanceRemaining Memo IsPaid ${saleTail} ` +
    'SuggestedDiscountAmount Other ExternalGUID LinkedTxn InvoiceLineRet DataExtRet',
  CreditMemoRet: `${txnHead} ${saleHead} ${saleBody} TotalAmount CreditRemaining Memo ${saleTail} Other ExternalGUID LinkedTxn CreditMemoLineRet`,
  ReceivePaymentRet:
    `${txnHead} CustomerRef ARAccountRef TxnDate RefNumber TotalAmount PaymentMethodRef Memo DepositToAccountRef UnusedPayment ` +
    'UnusedCredits ExternalGUID AppliedToTxnRet',
  CheckRet: `${txnHead} AccountRef PayeeEntityRef RefNumber TxnDate Amount Memo ExternalGUID LinkedTxn`,
  ARRefundCreditCardRet:
    `${txnHead} CustomerRef RefundFromAccountRef ARAccountRef TxnDate RefNumber TotalAmount PaymentMethodRef Memo ExternalGUID ` +
    'RefundAppliedToTxnRet',
  TxnDeletedRet: 'TxnDelType TxnID TimeCreated TimeDeleted RefNumber',
  ListDeletedRet: 'ListDelType ListID TimeCreated TimeDeleted FullName',
}

const namesByKind = new Map(Object.entries(orders).map(([kind, names]) => [kind, names.split(' ')]))

/** The names of a Ret's elements in their order. Throws on a kind that is not in the table. */
export function retOrder(kind: string): string[] {
  const names = namesByKind.get(kind)
  if (!names) throw new RangeError(`no Ret is called ${kind}`)
  return names
}
