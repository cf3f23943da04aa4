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
  MOVE_STAYS: {
    sentence:
      'The old company has it as {documentNumber} ({quickBooksId}), and the new one has nothing of it: it stays.',
    cause: 'It was posted before the move. Its payments and corrections go where it is.',
    remedy: 'Apply the plan.',
  },
  MOVE_STAYS_BY_CRM: {
    sentence:
      'The CRM names {quickBooksId} for order {orderNumber}: the old company has it, and it is never posted to the new one.',
    cause: 'It was posted by the system before Countersign, and the CRM says where.',
    remedy: 'Apply the plan; reconcile the old company if you doubt it.',
  },
  MOVE_GOES: {
    sentence: 'Neither company has {documentNumber}: it is posted to the new one.',
    cause: 'The old company does not have it, or was a sandbox, and the new one was asked by its number.',
    remedy: 'Apply the plan.',
  },
  MOVE_UNSETTLED: {
    sentence: '{documentNumber} is {state} in the old company: whether it is there must be settled first.',
    cause: 'It is on its way, its answer was lost, or QuickBooks has something that differs.',
    remedy: 'Let it come to rest in the old company, or decide about it there; then plan the move again.',
  },
  MOVE_IN_BOTH: {
    sentence: 'Both companies have {documentNumber}: {quickBooksId} in the old one, {otherId} in the new one.',
    cause: 'Somebody entered it in the new company, or the history was copied there.',
    remedy: 'Delete the wrong one; or, if the history was copied, plan the move with historyCopied: true.',
  },
  MOVE_FOUND_IN_OLD: {
    sentence: 'The old company has {documentNumber} ({quickBooksId}), and no posting of order {orderNumber} became it.',
    cause: 'Somebody entered it there, or another system did.',
    remedy:
      'If it is this order, adopt it by a reset of the old company before you move; if not, or if it is void, give it another number. Then plan the move again.',
  },
  MOVE_BEFORE_CUTOVER: {
    sentence: '{documentNumber} is dated {date}, before the cutover, and is not posted.',
    cause: 'Days before the cutover belong to the books of before.',
    remedy: 'Post it where those are kept before the move, or plan the move with earlierToo: true.',
  },
  MOVE_ID_UNKNOWN: {
    sentence: 'The CRM names {quickBooksId} for order {orderNumber}, and no company that is known has it.',
    cause: 'The old company is a sandbox, and its mirror has no such invoice: it may be of a third company.',
    remedy:
      'Find out what it is of; if it is worthless, empty the QuickBooks id of the order, and plan the move again.',
  },
  STAYS_BEHIND: {
    sentence: 'Order {orderNumber} was posted to the company before ({quickBooksId}) and stays there.',
    cause: 'Countersign was moved to another company; what the old one has is not posted again.',
    remedy:
      'Nothing to do. If the old company does not have it, empty the QuickBooks id of the order and plan the move again.',
  },
  CRM_NOT_TOLD: {
    sentence: 'Invoice {documentNumber} is posted and proven, and the CRM does not say so.',
    cause: 'The CRM could not be told, or somebody changed what it was told.',
    remedy: 'Apply the plan: the CRM is told again.',
  },
} as const
