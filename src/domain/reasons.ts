import { ALERT_REASONS } from './alert-reason.ts'
import { CHECK_REASONS } from './check-reasons.ts'
import { DESKTOP_REASONS } from './desktop-reasons.ts'
import { DOCUMENT_REASONS } from './document-reasons.ts'
import { ITEM_REASONS } from './item-reasons.ts'
import { MAPPING_REASONS } from './mapping-reasons.ts'
import { METRIC_REASONS } from './metric-reasons.ts'
import { MIRROR_REASONS } from './mirror-reason.ts'
import { RESET_REASONS } from './reset-reasons.ts'

/**
 * The one catalogue of reasons: what the API, the CRM's error column, the log and the pages say.
 * `{name}` in a sentence is filled from the posting's own details.
 */
export const REASONS = {
  // Not eligible.
  TYPE_NOT_OURS: {
    sentence: 'A {type} row is not a sales order.',
    cause: 'Only CustomerOrder rows become QuickBooks invoices.',
    remedy: 'Nothing to do: the row is left as it is.',
  },
  COMMISSION_ROW: {
    sentence: 'A commission row asks for payments, not for an invoice.',
    cause: 'Commission rows request a pull of payments from QuickBooks.',
    remedy: 'Nothing to do: payments are pulled on their own schedule.',
  },
  TYPE_UNKNOWN: {
    sentence: 'The log row has a type that the profile does not know ({value}), so it is left as it is.',
    cause: 'The CRM has a lookup value that the profile does not name.',
    remedy: 'If such rows are sales orders, add the value to the profile: the row is then taken up by itself.',
  },
  ACTION_UNKNOWN: {
    sentence: 'The log row has an action that the profile does not know ({value}).',
    cause: 'The CRM has a lookup value that the profile does not name.',
    remedy: 'Add the value to the profile, or correct the row, then set it to Re-Process.',
  },
  STATUS_UNKNOWN: {
    sentence: 'The log row has a status that the profile does not know ({value}), so it is left as it is.',
    cause: 'Somebody set it to a status of their own, or the CRM has a value that the profile does not name.',
    remedy: 'Add the value to the profile, or set the row to Re-Process.',
  },
  ORDER_NOT_LOGGED: {
    sentence: 'Order {orderNumber} has no row in the order log, so nobody asked to post it.',
    cause: 'The CRM did not log it: the order was imported, or the handler that logs it failed.',
    remedy: 'Put it on the road with "Sync now" (syncOrder), or save it again in the CRM.',
  },
  NOTHING_TO_DELETE: {
    sentence: 'The order was deleted and QuickBooks never had it.',
    cause: 'A Delete row needs nothing when no invoice was posted.',
    remedy: 'Nothing to do.',
  },
  DELETED_AFTER_POSTING: {
    sentence: 'The order was deleted in the CRM, but invoice {documentNumber} is in QuickBooks.',
    cause: 'Posted invoices are never removed by themselves.',
    remedy: 'Apply the correction that is proposed if the sale did not happen; else dismiss it.',
  },
  ORDER_NOT_FOUND: {
    sentence: 'The order of this log row does not exist in the CRM.',
    cause: 'The row points to a record that was deleted, or never saved.',
    remedy: 'Delete the log row, or restore the order and set the row to Re-Process.',
  },
  ORDER_CANCELLED: {
    sentence: 'Order {orderNumber} is cancelled in the CRM.',
    cause: 'Cancelled orders are not invoiced.',
    remedy: 'If it should be invoiced, change its status and set the row to Re-Process.',
  },
  ORDER_EMPTY: {
    sentence: 'Order {orderNumber} has no product lines.',
    cause: 'An invoice needs at least one line.',
    remedy: 'Add its products in the CRM and set the row to Re-Process.',
  },
  ORDER_ALL_ZERO: {
    sentence: 'All lines of order {orderNumber} have quantity 0.',
    cause: 'An invoice without quantities would bill nothing.',
    remedy: 'Correct the quantities in the CRM and set the row to Re-Process.',
  },
  ECHO: {
    sentence: 'Nothing changed: invoice {documentNumber} in QuickBooks still says the same.',
    cause: 'The CRM logs its own changes, our writing of the QuickBooks id among them.',
    remedy: 'Nothing to do.',
  },
  CHANGED_AFTER_POSTING: {
    sentence: 'Order {orderNumber} was changed after invoice {documentNumber} was posted.',
    cause: 'A posted invoice is not rewritten.',
    remedy:
      'Apply or dismiss its correction, if one is proposed; else undo the change in the CRM, or correct it in QuickBooks, then set the row to Re-Process.',
  },
  // The document cannot be made.
  ORDER_UNREADABLE: {
    sentence: 'Order {orderNumber} cannot be read, though the CRM gives others: {detail}',
    cause: 'The CRM fails at this one record.',
    remedy: 'Open and save the order in the CRM, or ask its administrator, then set the row to Re-Process.',
  },
  TRANSACTION_TYPE_UNSUPPORTED: {
    sentence: 'Order {orderNumber} is a {transactionType}, which is not posted.',
    cause: 'Sales become invoices, and credit memos become credit memos or refunds.',
    remedy: 'Enter it in QuickBooks by hand.',
  },
  DOCUMENT_INVALID: {
    sentence: 'Order {orderNumber} cannot be invoiced as it is: {problems}',
    cause: 'A value in the CRM is missing, or QuickBooks would refuse it.',
    remedy: 'Correct the named fields in the CRM and set the row to Re-Process.',
  },
  CUSTOMER_INVALID: {
    sentence: 'Customer "{customerName}" cannot be created in QuickBooks as it is: {problems}',
    cause: 'A value in the CRM is missing, or QuickBooks would refuse it.',
    remedy: 'Correct the named fields of the account in the CRM, then retry.',
  },
  CUSTOMER_GONE: {
    sentence: 'The account of customer "{customerName}" does not exist in the CRM any more.',
    cause: 'It was deleted, or merged into another, before its customer was created in QuickBooks.',
    remedy: 'Choose another account for its orders in the CRM and set their rows to Re-Process.',
  },
  CUSTOMER_UNREADABLE: {
    sentence: 'The account of customer "{customerName}" cannot be read, though the CRM gives others: {detail}',
    cause: 'The CRM fails at this one record.',
    remedy: 'Open and save the account in the CRM, or ask its administrator, then retry.',
  },
  CURRENCY_UNSUPPORTED: {
    sentence: 'Order {orderNumber} is in {currency}; the QuickBooks company keeps its books in {companyCurrency}.',
    cause: 'Foreign currencies are not configured for this connection.',
    remedy: 'Change the currency of the order, or post it by hand.',
  },
  CUSTOMER_NOT_FOUND: {
    sentence: 'Order {orderNumber} has no customer that QuickBooks could bill.',
    cause: 'The account of the order is empty or does not exist in the CRM.',
    remedy: 'Choose the account of the order in the CRM and set the row to Re-Process.',
  },
  CUSTOMER_FAILED: {
    sentence: 'Customer "{customerName}" could not be created in QuickBooks, so order {orderNumber} waits.',
    cause: "The posting of the order's new customer failed.",
    remedy: 'Retry the posting of the customer; its orders follow.',
  },
  CUSTOMER_VANISHED: {
    sentence: 'Customer "{customerName}" was created in QuickBooks, but QuickBooks no longer lists it.',
    cause: 'It was deleted, merged or renamed there.',
    remedy: 'Restore or rename the customer in QuickBooks, then retry; it is never created twice by itself.',
  },
  ITEM_NOT_FOUND: {
    sentence: 'QuickBooks has no active item named {items}.',
    cause: 'Product codes of the CRM must be item names in QuickBooks.',
    remedy: 'Create the item in QuickBooks, or correct the product code in the CRM, then retry.',
  },
  ACCOUNT_NOT_FOUND: {
    sentence: 'QuickBooks has no active account named "{account}", which order {orderNumber} needs for its discount.',
    cause: 'A discount is booked to an account of its own.',
    remedy: 'Create the account "{account}" in the QuickBooks chart of accounts, then retry.',
  },
  // QuickBooks said no, or something else.
  QUICKBOOKS_REJECTED: {
    sentence: 'QuickBooks refused it: {message} (code {code}).',
    cause: '{detail}',
    remedy: 'Correct what QuickBooks names, then retry.',
  },
  PERIOD_CLOSED: {
    sentence: 'The books are closed for {date}.',
    cause: 'The accounting period of the invoice date is closed in QuickBooks.',
    remedy: 'Ask the accountant to open the period, or change the invoice date in the CRM, then retry.',
  },
  INVOICE_DIFFERS: {
    sentence: 'QuickBooks already has invoice {documentNumber}, and it differs: {differences}',
    cause: 'Somebody entered or changed it in QuickBooks, or the order changed after it was sent.',
    remedy: 'Make the two equal, then retry; or accept the difference with a note.',
  },
  CUSTOMER_DIFFERS: {
    sentence: 'QuickBooks already has customer "{customerName}", and it differs: {differences}',
    cause: 'Somebody entered or changed it in QuickBooks.',
    remedy: 'Make the two equal, then retry.',
  },
  FOUND_TWICE: {
    sentence: 'QuickBooks has {count} records for {documentNumber}.',
    cause: 'The same number was used more than once.',
    remedy: 'Void or renumber the wrong one in QuickBooks, then retry.',
  },
  NAME_TAKEN: {
    sentence: 'The name "{customerName}" is taken in QuickBooks by a vendor, an employee or an inactive customer.',
    cause: 'QuickBooks keeps customers, vendors and employees in one list of names.',
    remedy:
      'Rename or reactivate the other record in QuickBooks, or give the account another QuickBooks name in the CRM, then retry.',
  },
  NUMBER_TAKEN: {
    sentence: 'Number {documentNumber} is taken in QuickBooks by {transactionType} {quickBooksId}.',
    cause: 'QuickBooks gives a number once, and another transaction has it.',
    remedy: 'Renumber the other transaction in QuickBooks, or change the invoice number in the CRM, then retry.',
  },
  ANSWER_LOST: {
    sentence: 'The answer of QuickBooks was lost; whether it has the record is being looked up.',
    cause: '{detail}',
    remedy: 'Nothing to do: it is looked up, and sent again only when QuickBooks proves not to have it.',
  },
  ANSWER_NOT_UNDERSTOOD: {
    sentence: 'QuickBooks gave an answer that nobody here knows: {detail}',
    cause: 'The answer is neither a record nor a known error.',
    remedy: 'Read the exchange of this posting; report it if it comes again.',
  },
  THROTTLED: {
    sentence: 'QuickBooks asked us to slow down; it is sent again by itself.',
    cause: 'The limit of requests was met.',
    remedy: 'Nothing to do.',
  },
  QUICKBOOKS_UNREACHABLE: {
    sentence: 'QuickBooks could not be asked: {detail}',
    cause: 'The network or the service is down.',
    remedy: 'Nothing to do: it is tried again by itself.',
  },
  TOKEN_EXPIRED: {
    sentence: 'The access token expired; it is renewed by itself.',
    cause: 'Access tokens live one hour.',
    remedy: 'Nothing to do.',
  },
  RECONNECT: {
    sentence: 'QuickBooks no longer accepts our sign-in: {detail}',
    cause: 'The refresh token was revoked, used elsewhere, or expired.',
    remedy: 'Connect the company again; its postings wait and lose nothing.',
  },
  CLIENT_CONFIGURATION: {
    sentence: 'QuickBooks cannot be asked with our settings: {detail}',
    cause: 'QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET or QUICKBOOKS_ENVIRONMENT is wrong.',
    remedy: 'Correct the settings and start again; reconnecting does not help.',
  },
  WRONG_COMPANY: {
    sentence: 'The connection reaches another QuickBooks company than its own: {detail}',
    cause: 'The realm of the token, or the environment, differs from the one the connection was made for.',
    remedy: 'Correct the realm and the environment of the connection; nothing was written.',
  },
  CUSTOM_NUMBERS_OFF: {
    sentence: 'QuickBooks gives documents its own numbers, so no invoice could be told by ours.',
    cause: 'Custom transaction numbers are switched off in the company.',
    remedy:
      'Switch them on in QuickBooks (Settings, Account and settings, Sales, Custom transaction numbers); posting goes on by itself, and nothing was written.',
  },
  SUBSCRIPTION_LAPSED: {
    sentence: 'QuickBooks accepts no changes: the subscription of the company has lapsed.',
    cause: '{detail}',
    remedy: 'Renew the QuickBooks subscription, then resume the connection; its postings wait and lose nothing.',
  },
  RETRIES_EXHAUSTED: {
    sentence: 'It was tried {attempts} times: {detail}',
    cause: 'Something that usually passes did not pass.',
    remedy: 'Look at the exchanges of the posting, then retry.',
  },
  WRITE_BACK: {
    sentence: 'QuickBooks has {record}, but the CRM could not be told: {detail}',
    cause: 'The CRM refused the write, or did not keep it.',
    remedy: 'Correct the cause in the CRM, then retry; only the write-back is repeated.',
  },
  INTERNAL_ERROR: {
    sentence: 'It was set aside because of an error of Countersign itself: {detail}',
    cause: 'Its values met a mistake in the program; nothing of it was sent, and the others went on.',
    remedy: 'Report the error, which is in the log with the id of the posting; retry when it is corrected.',
  },
  DISCONNECTED: {
    sentence: 'The company was disconnected by {author}. {note}',
    cause: 'An admin ended our right to speak to it.',
    remedy: 'Connect the company again when posting is to go on; its postings wait and lose nothing.',
  },
  ...ALERT_REASONS,
  ...MIRROR_REASONS,
  ...MAPPING_REASONS,
  ...ITEM_REASONS,
  ...DESKTOP_REASONS,
  ...RESET_REASONS,
  ...DOCUMENT_REASONS,
  ...CHECK_REASONS,
  ...METRIC_REASONS,
} as const satisfies Record<string, { sentence: string; cause: string; remedy: string }>
