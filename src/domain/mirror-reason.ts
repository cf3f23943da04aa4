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
  RECORDS_CHANGED_IN_QUICKBOOKS: {
    sentence: '{count} posted records no longer say in QuickBooks what was posted.',
    cause: 'They were voided, deleted or edited in QuickBooks.',
    remedy: 'Look at `discrepancies`, and make the two sides equal; each ends by itself when it was seen to be equal.',
  },
} as const
