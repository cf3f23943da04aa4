/** The reasons of the checks before sending and after. They are part of the one catalogue (see reason.ts). */
export const CHECK_REASONS = {
  RECORD_INVALID: {
    sentence: '{what} {documentNumber} of order {orderNumber} cannot be sent as it is: {problems}',
    cause: 'A value in the CRM is missing, or QuickBooks would refuse it.',
    remedy: 'Correct the named fields in the CRM, then retry.',
  },
  RECORD_DIFFERS: {
    sentence: 'QuickBooks has {what} {documentNumber} of order {orderNumber}, and it differs: {differences}',
    cause: 'Somebody entered or changed it in QuickBooks, or the CRM changed after it was sent.',
    remedy: 'Make the two equal, then retry; or accept the difference with a note (acceptMismatch).',
  },
} as const
