/** The reasons that items bring which are made in QuickBooks. They are part of the one catalogue (see reason.ts). */
export const ITEM_REASONS = {
  ITEM_ACCOUNT_UNUSABLE: {
    sentence: 'Item "{item}" cannot be created in QuickBooks: {problem}.',
    cause: 'A new item is booked to the income account that an account mapping chooses for it, and to no other.',
    remedy:
      'Write an account mapping that chooses an active income account for it; then fixAndRetry with this code sets it going again, and its orders follow.',
  },
  ITEM_CREATION_OFF: {
    sentence: 'Item "{item}" is not created in QuickBooks, because the connection does not allow it any more.',
    cause: 'Somebody took the permission back before it was sent.',
    remedy: 'Create the item in QuickBooks, or allow it again (setItemCreation), then retry.',
  },
  ITEM_DIFFERS: {
    sentence: 'QuickBooks has item "{item}", and it differs: {differences}',
    cause: 'Somebody entered or changed it in QuickBooks.',
    remedy: 'Make the two equal, then retry.',
  },
  ITEM_FAILED: {
    sentence: 'Item "{item}" could not be created in QuickBooks, so order {orderNumber} waits.',
    cause: 'The posting of the new item failed.',
    remedy: 'Retry the posting of the item; its orders follow.',
  },
  ITEM_GONE: {
    sentence: 'The product of item "{item}" does not exist in the CRM any more, or has no code.',
    cause: 'It was deleted or changed before its item was created in QuickBooks.',
    remedy: 'Choose another product on its orders in the CRM and set their rows to Re-Process.',
  },
  ITEM_INVALID: {
    sentence: 'Item "{item}" cannot be created in QuickBooks as it is: {problems}',
    cause: 'A value in the CRM is missing, or QuickBooks would refuse it.',
    remedy: 'Correct the named fields of the product in the CRM, then retry.',
  },
  ITEM_NAME_TAKEN: {
    sentence: 'The name "{item}" is taken in QuickBooks by an inactive item, or by something that is not sold.',
    cause: 'QuickBooks gives a name once.',
    remedy: 'Make the item active in QuickBooks, or give the product another code in the CRM, then retry.',
  },
  ITEM_UNREADABLE: {
    sentence: 'The product of item "{item}" cannot be read, though the CRM gives others: {detail}',
    cause: 'The CRM fails at this one record.',
    remedy: 'Open and save the product in the CRM, or ask its administrator, then retry.',
  },
} as const satisfies Record<string, { sentence: string; cause: string; remedy: string }>
