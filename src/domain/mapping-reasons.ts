/** The reasons that account mappings give. They are part of the one catalogue (see reason.ts). */
export const MAPPING_REASONS = {
  MAPPING_TARGET_MISSING: {
    sentence:
      'QuickBooks has no active {what} named "{target}", which the rule "{rule}" (version {version}) chose for {line} of order {orderNumber}.',
    cause:
      'An account mapping names something that was renamed, deleted or made inactive in QuickBooks, or never existed.',
    remedy:
      'Create or reactivate it in QuickBooks, or change the rule; then fixAndRetry with this code sets the postings going again.',
  },
  TAX_NOT_FOUND: {
    sentence:
      'QuickBooks has no active {what} named "{target}", which {who} names as the sales tax of order {orderNumber}.',
    cause: 'The sales tax of an order is one that QuickBooks has.',
    remedy:
      'Create or reactivate it in QuickBooks, or name another tax; then fixAndRetry with this code sets the postings going again.',
  },
  TERMS_NOT_FOUND: {
    sentence: 'QuickBooks has no active terms of payment named "{terms}", which order {orderNumber} names.',
    cause: 'The terms of the CRM must be terms in QuickBooks.',
    remedy: 'Create the terms in QuickBooks, or correct them in the CRM, then retry.',
  },
} as const
