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
  CRM_NOT_TOLD: {
    sentence: 'Invoice {documentNumber} is posted and proven, and the CRM does not say so.',
    cause: 'The CRM could not be told, or somebody changed what it was told.',
    remedy: 'Apply the plan: the CRM is told again.',
  },
} as const
