/** The reasons that credit memos, refunds, payments, voids, customers' changes and corrections bring. They are part of the one catalogue (see reason.ts). */
export const DOCUMENT_REASONS = {
  DOCUMENT_NOT_POSTED: {
    sentence: '{documentNumber} is about {target}, which is not in QuickBooks by our records.',
    cause: 'A credit memo, a payment or a void names another document, and that one was not posted.',
    remedy: 'Post that document first, or correct the reference in the CRM, then retry.',
  },
  DOCUMENT_FAILED: {
    sentence: '{target} could not be posted, so {documentNumber} waits.',
    cause: 'The posting that it waits for failed.',
    remedy: 'Retry the posting that it waits for; this one follows.',
  },
  DOCUMENT_VANISHED: {
    sentence: '{target} was in QuickBooks, but QuickBooks no longer has it.',
    cause: 'It was deleted there.',
    remedy: 'Look in the audit log of QuickBooks; post it again by hand if it is still due, then retry.',
  },
  INVOICE_PAID: {
    sentence: 'Invoice {documentNumber} cannot be voided: {applied} of {total} is applied to it.',
    cause: 'QuickBooks does not void what payments or credits were applied to.',
    remedy: 'Correct it with a credit memo instead, or remove the payment in QuickBooks first, then retry.',
  },
  CREDIT_APPLIED: {
    sentence: '{target} cannot be taken back: {applied} of {total} is applied.',
    cause: 'QuickBooks does not take back what is applied, and what was applied there by hand only a person can undo.',
    remedy: 'Open the invoice in QuickBooks, take the credit off it, then retry.',
  },
  NOTHING_TO_APPLY: {
    sentence: 'Nothing of credit memo {documentNumber} could be applied: {target} is paid, or the credit is used up.',
    cause: 'A credit is applied to what is still owed, and nothing is.',
    remedy: 'Nothing to do: what is left of the credit stays with the customer in QuickBooks.',
  },
  VOID_REFUSED: {
    sentence: 'QuickBooks refused to void {documentNumber}: {detail}',
    cause: 'Something in QuickBooks holds on to it.',
    remedy: 'Remove in QuickBooks what is applied to it, or correct it with a credit memo instead.',
  },
  STALE_REVISION: {
    sentence: 'The record was changed in QuickBooks meanwhile: {detail}',
    cause: 'Somebody edited it between our reading and our writing.',
    remedy: 'Nothing to do: it is read and tried again by itself.',
  },
  DONE_UNPROVEN: {
    sentence: 'QuickBooks says that it is done, and is asked to show it.',
    cause: 'The answer held no record, and what QuickBooks has is read before anything is believed.',
    remedy: 'Nothing to do.',
  },
  NOTHING_TO_DEACTIVATE: {
    sentence: 'Customer "{customerName}" is no longer active, and QuickBooks never had it.',
    cause: 'A customer that is not sold to is not created.',
    remedy: 'Nothing to do.',
  },
  TRANSACTION_TYPE_CHANGED: {
    sentence: 'Order {orderNumber} is now a {transactionType}.',
    cause: 'Its transaction type, or its payment status, was changed in the CRM before it was posted.',
    remedy: 'Nothing to do: it is posted as what it is now.',
  },
  PAYMENT_GONE: {
    sentence: 'Payment {documentNumber} does not exist in the CRM any more, or is no longer a fact.',
    cause: 'It was deleted in the CRM, or its date was taken away.',
    remedy: 'Nothing to do.',
  },
  PAYMENT_UNREADABLE: {
    sentence: 'Payment {documentNumber} cannot be read, though the CRM gives others: {detail}',
    cause: 'The CRM fails at this one record.',
    remedy: 'Open and save the payment in the CRM, or ask its administrator, then retry.',
  },
  PAYMENT_INVALID: {
    sentence: 'Payment {documentNumber} cannot be posted as it is: {problems}',
    cause: 'A value in the CRM is missing, or QuickBooks would refuse it.',
    remedy: 'Correct the payment in the CRM, then retry.',
  },
  VOID_CALLED_OFF: {
    sentence: 'Invoice {documentNumber} is not to be voided any more.',
    cause: 'A person decided otherwise about its discrepancy, after the void could not be made.',
    remedy: 'Nothing to do.',
  },
  CORRECTION_SUPERSEDED: {
    sentence: 'Another way was chosen to correct invoice {documentNumber}.',
    cause: 'Its correction was applied again with another method.',
    remedy: 'Nothing to do.',
  },
  CORRECTION_DISMISSED: {
    sentence:
      'Order {orderNumber} was changed after invoice {documentNumber} was posted, and the invoice stays: {note}',
    cause: 'A person looked at the change and dismissed the correction.',
    remedy: 'Nothing to do; change the order again to have another correction proposed.',
  },
} as const satisfies Record<string, { sentence: string; cause: string; remedy: string }>
