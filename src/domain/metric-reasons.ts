/** Why a report is not counted, in the form of the one catalogue of reasons (`reason.ts`), of which they are a part. */
export const METRIC_REASONS = {
  REPORT_DOES_NOT_ADD_UP: {
    sentence: 'The profit and loss that QuickBooks gave does not add up: {what} is {told}, and its rows make {sum}.',
    cause: 'Rows are missing from the answer, or its totals are of other rows.',
    remedy: 'Look at the same report in QuickBooks, then ask again (pullLedgerMetrics); the metrics of before stay.',
  },
  REPORT_INCOMPLETE: {
    sentence: 'The profit and loss that QuickBooks gave is not whole: {what} is missing.',
    cause: 'The answer was cut off, or QuickBooks lays the report out in a way that is not known here.',
    remedy: 'Ask again (pullLedgerMetrics); if it stays, report it with the answer, which is kept.',
  },
  REPORT_SECTION_UNKNOWN: {
    sentence: 'The profit and loss that QuickBooks gave has accounts in a section that is not known here: {section}.',
    cause: 'QuickBooks speaks another language, or has a kind of account that is neither revenue nor expense.',
    remedy: 'Switch QuickBooks to English (United States), then ask again (pullLedgerMetrics).',
  },
  REPORT_ACCOUNT_TWICE: {
    sentence: 'In the profit and loss that QuickBooks gave, the account {account} stands in two sections: {sections}.',
    cause: 'One account cannot be both; nobody can tell what it counts for.',
    remedy:
      'Correct the type of the account in QuickBooks, or rename one of the two, then ask again (pullLedgerMetrics).',
  },
  REPORT_AMOUNT_UNREADABLE: {
    sentence: 'The profit and loss that QuickBooks gave has {told} where an amount belongs: {what}.',
    cause: 'It is no number, or has more than two decimals.',
    remedy: 'Look at the same report in QuickBooks, then ask again (pullLedgerMetrics); the metrics of before stay.',
  },
  REPORT_OTHER_BASIS: {
    sentence: 'QuickBooks was asked for a profit and loss on the basis {asked}, and gave one on the basis {told}.',
    cause: 'The two count the same sale in different months.',
    remedy: 'Set METRICS_BASIS to the basis that QuickBooks can report on, then ask again (pullLedgerMetrics).',
  },
} as const
