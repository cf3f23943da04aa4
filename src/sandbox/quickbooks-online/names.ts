import type { EntitySpec } from './entity-spec.ts'

const head = 'domain sparse Id SyncToken MetaData'
const person =
  'Title GivenName MiddleName FamilyName Suffix FullyQualifiedName CompanyName DisplayName PrintOnCheckName Active ' +
  'PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr'
const people = ['Customer', 'Vendor', 'Employee']
const contacts =
  'SyncToken Title PrimaryPhone AlternatePhone Mobile Fax PrimaryEmailAddr WebAddr BillAddr ShipAddr AcctNum'

const accountTypes =
  'Bank,Other Current Asset,Fixed Asset,Other Asset,Accounts Receivable,Equity,Expense,Other Expense,' +
  'Cost of Goods Sold,Accounts Payable,Credit Card,Long Term Liability,Other Current Liability,Income,Other Income'

/** The lists: whom a company sells to and buys from, what, and through which accounts. */
export const nameEntities: Record<string, EntitySpec> = {
  Customer: {
    family: 'person',
    fields:
      'Taxable BillAddr ShipAddr OtherAddr Notes Job BillWithParent ParentRef Level SalesTermRef PaymentMethodRef ' +
      'Balance OpenBalanceDate BalanceWithJobs CurrencyRef PreferredDeliveryMethod ResaleNum DefaultTaxCodeRef ' +
      `TaxExemptionReasonId ARAccountRef CustomerTypeRef IsProject ClientEntityId CustomField ${head} ${person}`,
    notQueryable: `${contacts} Notes CustomField`,
    sequence: 'people',
    uniqueName: { field: 'DisplayName', among: people },
  },
  Vendor: {
    family: 'person',
    fields:
      'BillAddr OtherContactInfo TaxIdentifier TermRef BillRate Balance AcctNum Vendor1099 APAccountRef CurrencyRef ' +
      `CostRate Notes ${head} ${person}`,
    notQueryable: `${contacts} TaxIdentifier TermRef Balance Vendor1099 CurrencyRef APAccountRef Notes`,
    sequence: 'people',
    uniqueName: { field: 'DisplayName', among: people },
  },
  Employee: {
    family: 'person',
    fields:
      'SSN PrimaryAddr BillableTime BillRate BirthDate Gender HiredDate ReleasedDate EmployeeNumber Organization ' +
      `${head} ${person}`,
    notQueryable: `${contacts} SSN PrimaryAddr BirthDate Gender`,
    sequence: 'people',
    uniqueName: { field: 'DisplayName', among: people },
  },
  Item: {
    family: 'item',
    fields:
      'Name Sku Description Active SubItem ParentRef Level FullyQualifiedName Taxable SalesTaxIncluded UnitPrice Type ' +
      'IncomeAccountRef PurchaseDesc PurchaseCost ExpenseAccountRef AssetAccountRef PrefVendorRef ClassRef TrackQtyOnHand ' +
      `QtyOnHand ReorderPoint InvStartDate SalesTaxCodeRef PurchaseTaxCodeRef ItemCategoryType ItemGroupDetail Source ${head}`,
    required: 'Name',
    enumerations: { Type: 'Inventory,Service,NonInventory,Group,Category,Bundle' },
    notQueryable: 'IncomeAccountRef ExpenseAccountRef AssetAccountRef PurchaseDesc PrefVendorRef ItemGroupDetail',
    sequence: 'Item',
    uniqueName: { field: 'Name', among: ['Item'] },
  },
  Account: {
    family: 'account',
    fields:
      'Name SubAccount ParentRef Description FullyQualifiedName Active Classification AccountType AccountSubType AcctNum ' +
      `CurrentBalance CurrentBalanceWithSubAccounts CurrencyRef TaxCodeRef ${head}`,
    required: 'Name',
    enumerations: { AccountType: accountTypes },
    notQueryable: 'AcctNum TaxCodeRef',
    sequence: 'Account',
    uniqueName: { field: 'Name', among: ['Account'] },
  },
  Class: list({ fields: 'Name SubClass ParentRef FullyQualifiedName Active', sequence: 'Class' }),
  Department: list({
    fields: 'Name SubDepartment ParentRef FullyQualifiedName Address Active',
    sequence: 'Department',
  }),
  Term: list({
    fields: 'Name Active Type DiscountPercent DueDays DiscountDays DayOfMonthDue DueNextMonthDays DiscountDayOfMonth',
    sequence: 'Term',
  }),
  PaymentMethod: list({ fields: 'Name Active Type', sequence: 'PaymentMethod' }),
  TaxAgency: {
    family: 'list',
    fields: `TaxTrackedOnPurchases TaxTrackedOnSales TaxRegistrationNumber LastFileDate ReportingPeriod DisplayName ${head}`,
    required: 'DisplayName',
    sequence: 'TaxAgency',
    uniqueName: { field: 'DisplayName', among: ['TaxAgency'] },
    can: { update: false, cdc: false },
  },
  TaxCode: {
    family: 'list',
    fields: `Name Description Active Hidden Taxable TaxGroup TaxCodeConfigType SalesTaxRateList PurchaseTaxRateList ${head}`,
    sequence: 'TaxCode',
    can: { create: false, update: false, cdc: false },
  },
  TaxRate: {
    family: 'list',
    fields:
      'Name Description Active RateValue AgencyRef TaxReturnLineRef SpecialTaxType DisplayType EffectiveTaxRate ' +
      `OriginalTaxRate ${head}`,
    sequence: 'TaxRate',
    can: { create: false, update: false, cdc: false },
  },
  CompanyInfo: {
    family: 'company',
    fields:
      'CompanyName LegalName CompanyAddr CustomerCommunicationAddr LegalAddr CustomerCommunicationEmailAddr PrimaryPhone ' +
      `CompanyStartDate FiscalYearStartMonth Country Email WebAddr SupportedLanguages NameValue ${head}`,
    sequence: 'CompanyInfo',
    can: { create: false, cdc: false },
  },
  Preferences: {
    family: 'company',
    fields:
      'AccountingInfoPrefs ProductAndServicesPrefs SalesFormsPrefs EmailMessagesPrefs VendorAndPurchasesPrefs TimeTrackingPrefs ' +
      `TaxPrefs CurrencyPrefs ReportPrefs OtherPrefs ${head}`,
    sequence: 'Preferences',
    can: { create: false, cdc: false },
  },
}

function list({ fields, sequence }: { fields: string; sequence: string }): EntitySpec {
  return {
    family: 'list',
    fields: `${fields} ${head}`,
    required: 'Name',
    sequence,
    uniqueName: { field: 'Name', among: [sequence] },
  }
}
