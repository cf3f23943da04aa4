import { type Books, refTo, textsOf } from './books.ts'
import type { Answered, Call } from './call.ts'
import { type Fields, ret } from './write-xml.ts'

/** What the company file says about itself. */
export interface CompanyFacts {
  companyName: string
  companyFile: string
}

export const companyFacts = ({ sandbox }: Books): CompanyFacts =>
  sandbox.store.value<CompanyFacts>('quickbooksDesktop.company').get() ?? { companyName: '', companyFile: '' }

/** The qbXML versions that this QuickBooks processes, as HostQuery lists them. */
export function supportedVersions({ settings }: Books): string[] {
  const [min, max] = [Number(settings.quickBooksDesktopVersionMin), Number(settings.quickBooksDesktopVersionMax)]
  const wholes = Array.from({ length: 16 }, (_, at) => at + 1)
  const versions = wholes.flatMap((major) => (major === 1 ? [1, 1.1] : major === 2 ? [2, 2.1] : [major]))
  return versions
    .filter((version) => version >= min && version <= max)
    .map((version) => version.toPrecision(version < 10 ? 2 : 3))
}

export function queryHost({ books, only }: Call): Answered {
  const { settings } = books
  const fields: Fields = {
    ProductName: settings.quickBooksDesktopProduct,
    MajorVersion: '34',
    MinorVersion: '0',
    Country: settings.quickBooksDesktopCountry,
    SupportedQBXMLVersion: supportedVersions(books),
    IsAutomaticLogin: 'false',
    QBFileMode: settings.quickBooksDesktopState === 'single-user' ? 'SingleUser' : 'MultiUser',
  }
  return { body: ret({ kind: 'HostRet', fields, only }) }
}

/** The company; with OwnerID also what the Web Connector has stamped into the file for that owner. */
export function queryCompany({ books, fields, only }: Call): Answered {
  const { companyName } = companyFacts(books)
  const owners = textsOf(fields.OwnerID).map((owner) => owner.toLowerCase())
  const stamped = [...books.table('dataExts').all()].filter(({ OwnerID }) =>
    owners.includes(String(OwnerID).toLowerCase()),
  )
  const Address = { Addr1: '7 Quayside', City: 'Millbay', State: 'MA', PostalCode: '02110', Country: 'US' }
  const company: Fields = {
    IsSampleCompany: 'false',
    CompanyName: companyName,
    LegalCompanyName: companyName,
    Address,
    LegalAddress: Address,
    FirstMonthFiscalYear: 'January',
    FirstMonthIncomeTaxYear: 'January',
    CompanyType: 'GeneralProductBasedBusiness',
    TaxForm: 'OtherOrNone',
    DataExtRet: stamped.map(({ OwnerID, DataExtName, DataExtType, DataExtValue }) => ({
      OwnerID,
      DataExtName,
      DataExtType,
      DataExtValue,
    })),
  }
  return { body: ret({ kind: 'CompanyRet', fields: company, only }) }
}

export function queryPreferences({ books, only }: Call): Answered {
  const { settings } = books
  const code = (FullName: string) => refTo(books.find({ list: 'SalesTaxCode', ref: { FullName } }))
  const yes = (on: boolean) => String(on)
  const fields: Fields = {
    AccountingPreferences: {
      IsUsingAccountNumbers: 'false',
      IsRequiringAccounts: 'true',
      IsUsingClassTracking: yes(settings.quickBooksDesktopClassTracking),
      IsUsingAuditTrail: 'true',
      IsAssigningJournalEntryNumbers: 'true',
      ClosingDate: settings.quickBooksDesktopClosingDate,
    },
    JobsAndEstimatesPreferences: {
      IsUsingEstimates: 'true',
      IsUsingProgressInvoicing: 'false',
      IsPrintingItemsWithZeroAmounts: 'false',
    },
    MultiCurrencyPreferences: { IsMultiCurrencyOn: yes(settings.quickBooksDesktopMultiCurrency) },
    ReportsPreferences: { AgingReportBasis: 'AgeFromDueDate', SummaryReportBasis: 'Accrual' },
    SalesAndCustomersPreferences: { IsTrackingReimbursedExpensesAsIncome: 'false', IsAutoApplyingPayments: 'true' },
    SalesTaxPreferences: settings.quickBooksDesktopSalesTax
      ? {
          DefaultItemSalesTaxRef: refTo(books.find({ list: 'Item', ref: { FullName: 'Sales tax' } })),
          PaySalesTax: 'Monthly',
          DefaultTaxableSalesTaxCodeRef: code('Tax'),
          DefaultNonTaxableSalesTaxCodeRef: code('Non'),
        }
      : undefined,
    CurrentAppAccessRights: { IsAutomaticLoginAllowed: 'true', IsPersonalDataAccessAllowed: 'true' },
  }
  return { body: ret({ kind: 'PreferencesRet', fields, only }) }
}
