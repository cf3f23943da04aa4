import type { QuickBooksOnlineSeed } from '../world/seed.ts'
import type { Company, QuickBooksRecord } from './company.ts'
import { type Fields, writeJson } from './json-text.ts'

/** The records that a company has one of, and its sales tax, by entity. */
export function companyRecords({
  company,
  seed,
}: {
  company: Company
  seed: QuickBooksOnlineSeed
}): [string, QuickBooksRecord][] {
  const record = ({ id, fields }: { id: string; fields: Fields }): QuickBooksRecord => {
    const at = company.second()
    const metaData = { CreateTime: at, LastUpdatedTime: at }
    return { ...fields, domain: 'QBO', sparse: false, Id: id, SyncToken: '0', MetaData: metaData }
  }
  return [
    ['CompanyInfo', record({ id: '1', fields: companyInfo({ company, seed }) })],
    ['Preferences', record({ id: '1', fields: preferences(company) })],
    [
      'TaxAgency',
      record({
        id: '1',
        fields: { DisplayName: 'State Department of Revenue', TaxTrackedOnSales: true, TaxTrackedOnPurchases: false },
      }),
    ],
    ['TaxRate', record({ id: '1', fields: taxRate({ name: 'State', percent: '7.25' }) })],
    ['TaxRate', record({ id: '2', fields: taxRate({ name: 'County', percent: '1' }) })],
    ['TaxCode', record({ id: '2', fields: groupedTaxCode() })],
  ]
}

/** Brings the Preferences record in line with the switches, which may have been moved since it was last read. */
export function refreshPreferences(company: Company): void {
  const known = company.get('Preferences', '1')
  const fresh = preferences(company)
  const isSame = known && Object.entries(fresh).every(([name, value]) => writeJson(known[name]) === writeJson(value))
  if (known && !isSame) company.table('Preferences').put(company.touched({ ...known, ...fresh }))
}

function companyInfo({ company, seed }: { company: Company; seed: QuickBooksOnlineSeed }): Fields {
  const address = {
    Id: company.nextNumber('address'),
    Line1: '100 Sandbox Way',
    City: 'Anytown',
    Country: 'USA',
    CountrySubDivisionCode: 'CA',
    PostalCode: '94043',
  }
  return {
    CompanyName: seed.companyName,
    LegalName: seed.companyName,
    CompanyAddr: address,
    CustomerCommunicationAddr: address,
    LegalAddr: address,
    PrimaryPhone: {},
    CompanyStartDate: company.today(),
    FiscalYearStartMonth: 'January',
    Country: 'US',
    Email: { Address: 'books@example.com' },
    WebAddr: {},
    SupportedLanguages: 'en',
    NameValue: [
      { Name: 'NeoEnabled', Value: 'true' },
      { Name: 'OfferingSku', Value: 'QuickBooks Online Plus' },
    ],
  }
}

function preferences({ settings }: Company): Fields {
  return {
    AccountingInfoPrefs: {
      UseAccountNumbers: false,
      TrackDepartments: false,
      ClassTrackingPerTxn: false,
      ClassTrackingPerTxnLine: false,
      CustomerTerminology: 'Customers',
      BookCloseDate: settings.bookCloseDate === '' ? undefined : settings.bookCloseDate,
    },
    ProductAndServicesPrefs: {
      ForSales: true,
      ForPurchase: true,
      QuantityWithPriceAndRate: true,
      QuantityOnHand: false,
    },
    SalesFormsPrefs: {
      CustomTxnNumbers: settings.customTxnNumbers,
      AllowDeposit: false,
      AllowDiscount: settings.allowDiscount,
      AllowEstimates: true,
      AllowServiceDate: false,
      AllowShipping: settings.allowShipping,
      AutoApplyCredit: false,
      AutoApplyPayments: settings.autoApplyPayments,
      DefaultTerms: { value: '3' },
      DefaultCustomerMessage: 'Thank you for your business.',
    },
    EmailMessagesPrefs: {},
    VendorAndPurchasesPrefs: { TrackingByCustomer: false, BillableExpenseTracking: false },
    TimeTrackingPrefs: { UseServices: false, BillCustomers: false, WorkWeekStartDate: 'Monday' },
    TaxPrefs: { UsingSalesTax: true, PartnerTaxEnabled: settings.automatedSalesTax, TaxGroupCodeRef: { value: '2' } },
    CurrencyPrefs: { MultiCurrencyEnabled: settings.multiCurrency, HomeCurrency: { value: 'USD' } },
    ReportPrefs: { ReportBasis: 'Accrual', CalcAgingReportFromTxnDate: false },
    OtherPrefs: {},
  }
}

const taxRate = ({ name, percent }: { name: string; percent: string }): Fields => ({
  Name: name,
  Description: `${name} sales tax`,
  Active: true,
  RateValue: percent,
  AgencyRef: { value: '1' },
  SpecialTaxType: 'NONE',
  DisplayType: 'ReadOnly',
})

const groupedTaxCode = (): Fields => ({
  Name: 'State and county',
  Description: 'State and county',
  Active: true,
  Hidden: false,
  Taxable: true,
  TaxGroup: true,
  SalesTaxRateList: {
    TaxRateDetail: [
      { TaxRateRef: { value: '1', name: 'State' }, TaxTypeApplicable: 'TaxOnAmount', TaxOrder: 0 },
      { TaxRateRef: { value: '2', name: 'County' }, TaxTypeApplicable: 'TaxOnAmount', TaxOrder: 0 },
    ],
  },
  PurchaseTaxRateList: { TaxRateDetail: [] },
})
