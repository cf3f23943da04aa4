/** The reasons that only a reset gives. They are part of the one catalogue (see reason.ts). */
export const RESET_REASONS = {
  ROW_SUPERSEDED: {
    sentence: 'A newer log row asks for order {orderNumber}.',
    cause: 'An order with several log rows is posted once; its newest row speaks for it.',
    remedy: 'Nothing to do: the newest row is in the plan.',
  },
  POSTING_UNDER_WAY: {
    sentence: 'Order {orderNumber} is on its way to QuickBooks already.',
    cause: 'A posting of it is under way, and tells the CRM by itself.',
    remedy: 'Nothing to do.',
  },
  NOT_IN_QUICKBOOKS: {
    sentence: 'QuickBooks has no invoice {documentNumber}, so it is posted.',
    cause: 'The invoice was looked for by its number and not found.',
    remedy: 'Apply the plan.',
  },
  FOUND_EQUAL: {
    sentence: 'QuickBooks has invoice {documentNumber}, equal to the penny, so it is linked and nothing is posted.',
    cause: 'The invoice was looked for by its number, and every amount, line and name is the same.',
    remedy: 'Apply the plan.',
  },
  FOUND_UNNUMBERED: {
    sentence:
      'QuickBooks has it as invoice {otherNumber}: all but the number is equal to the penny ({score} of 100), so it is linked and nothing is posted.',
    cause:
      'No invoice bears its number. This one is like it in customer, total, date, lines and time of creation, and no other is.',
    remedy: 'Apply the plan.',
  },
  LIKELY_FOUND: {
    sentence: 'QuickBooks may have order {orderNumber} as invoice {otherNumber} ({score} of 100): {differences}',
    cause: 'No invoice bears its number, and this one is like it, but not so like that a program may decide.',
    remedy:
      'Look at both: adopt the invoice (adoptCandidate, with a note); if it is another sale, post the order by itself (syncOrder).',
  },
  LIKELY_SEVERAL: {
    sentence: 'QuickBooks has {count} invoices that order {orderNumber} may have become: {otherNumbers}.',
    cause: 'They are nearly equally like it, or another order is nearly equally like them.',
    remedy:
      'Look at them: adopt the right one (adoptCandidate, with a note); if it is none of them, post the order by itself (syncOrder).',
  },
  ADOPTED_GONE: {
    sentence:
      'Invoice {otherNumber} ({quickBooksId}), which order {orderNumber} was to adopt, is no longer in QuickBooks, or void.',
    cause: 'It was deleted or voided since the plan was made. Nothing was posted in its place.',
    remedy: 'Plan a reset of the order anew, and apply it.',
  },
  CRM_NOT_TOLD: {
    sentence: 'Invoice {documentNumber} is posted and proven, and the CRM does not say so.',
    cause: 'The CRM could not be told, or somebody changed what it was told.',
    remedy: 'Apply the plan: the CRM is told again.',
  },
} as const
