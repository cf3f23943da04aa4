/** Conditions of the mirror that raise an alert, in the form of the one catalogue of reasons (`reason.ts`), of which they are a part. */
export const MIRROR_REASONS = {
  READS_RUNNING_OUT: {
    sentence: 'QuickBooks was asked {reads} questions this month, {percent} % of the {budget} that it answers.',
    cause: 'Reads are metered by the month; writes are not.',
    remedy: 'Read in full less often; or take a larger tier of Intuit and set QUICKBOOKS_READS_PER_MONTH.',
  },
  READS_USED_UP: {
    sentence: 'The {budget} questions that QuickBooks answers in a month are used up.',
    cause: 'Reads are metered by the month; the mirror asks nothing more until the next one.',
    remedy:
      'Take a larger tier of Intuit and set QUICKBOOKS_READS_PER_MONTH; postings go on as long as they are answered.',
  },
  WEBHOOKS_LATE: {
    sentence: '{count} changes that QuickBooks told us of are not in the mirror yet, the oldest since {since}.',
    cause: 'No worker runs, QuickBooks cannot be asked, or what is to be posted has kept it busy.',
    remedy:
      'Check that a worker runs and that the connection is active; nothing is lost, and the daily capture finds it too.',
  },
  RECORDS_CHANGED_IN_QUICKBOOKS: {
    sentence: '{count} posted records no longer say in QuickBooks what was posted: {kinds}.',
    cause: 'They were voided, deleted or edited in QuickBooks, or the CRM no longer shows their id.',
    remedy: 'Look at `discrepancies`, and make the two sides equal; each ends by itself when it was seen to be equal.',
  },
  DISCREPANCIES: {
    sentence: '{count} differences between the CRM and QuickBooks wait for a decision: {kinds}.',
    cause: 'A reconciliation compared the orders of the CRM, the postings and QuickBooks.',
    remedy:
      'Look at `discrepancies`; adopt, post again, accept or ignore each with `resolveDiscrepancy`, or many at once with `planReset`.',
  },
} as const
