import { bool, branch, choice, date, must, oneOf, type Part } from './parts.ts'

const REPORT_TYPES =
  'BalanceSheetByClass BalanceSheetPrevYearComp BalanceSheetStandard BalanceSheetSummary CustomerBalanceSummary ' +
  'ExpenseByVendorSummary IncomeByCustomerSummary IncomeTaxSummary ProfitAndLossByClass ProfitAndLossByJob ' +
  'ProfitAndLossPrevYearComp ProfitAndLossStandard ProfitAndLossYTDComp SalesByCustomerSummary SalesByItemSummary ' +
  'SalesByRepSummary SalesTaxLiability SalesTaxRevenueSummary TrialBalance VendorBalanceSummary'

const DATE_MACROS =
  'All Today ThisWeek ThisWeekToDate ThisMonth ThisMonthToDate ThisQuarter ThisQuarterToDate ThisYear ThisYearToDate ' +
  'Yesterday LastWeek LastWeekToDate LastMonth LastMonthToDate LastQuarter LastQuarterToDate LastYear LastYearToDate'

const COLUMNS =
  'Account BalanceSheet Class Customer CustomerType Day Employee FourWeek HalfMonth IncomeStatement ItemDetail ItemType ' +
  'Month Payee PaymentMethod PayrollItemDetail PayrollYtdDetail Quarter SalesRep SalesTaxCode ShipMethod Terms TotalOnly ' +
  'TwoWeek Vendor VendorType Week Year'

/** The summary reports, of which profit and loss is one. The basis stands last. */
export const GENERAL_SUMMARY_REPORT_QUERY: readonly Part[] = [
  must(oneOf('GeneralSummaryReportType', REPORT_TYPES)),
  bool('DisplayReport'),
  choice(
    [must(branch('ReportPeriod', [date('FromReportDate'), date('ToReportDate')]))],
    [must(oneOf('ReportDateMacro', DATE_MACROS))],
  ),
  oneOf('ReportDetailLevelFilter', 'All AllExceptSummary SummaryOnly'),
  oneOf('ReportPostingStatusFilter', 'Either NonPosting Posting'),
  oneOf('SummarizeColumnsBy', COLUMNS),
  bool('IncludeSubcolumns'),
  oneOf('ReportCalendar', 'CalendarYear FiscalYear TaxYear'),
  oneOf('ReturnRows', 'ActiveOnly NonZero All'),
  oneOf('ReturnColumns', 'ActiveOnly NonZero All'),
  oneOf('ReportBasis', 'Accrual Cash None'),
]
