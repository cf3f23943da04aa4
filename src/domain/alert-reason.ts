/** Conditions that raise an alert, in the form of the one catalogue of reasons (`reason.ts`), of which they are a part. */
export const ALERT_REASONS = {
  CRM_DOWN: {
    sentence: 'The order log could not be read since {since}: {detail}',
    cause: 'The CRM is down, cannot be reached, or refuses our sign-in.',
    remedy: 'Check the CRM and its sign-in; polling goes on by itself and loses nothing.',
  },
  CONNECTION_STOPPED: {
    sentence: 'Connection "{connection}" is stopped: {detail}',
    cause: 'Going on would be wrong.',
    remedy: '{remedy}',
  },
  POSTINGS_FAILING: {
    sentence: '{count} postings failed within an hour for the same reason, {reason}: {example}',
    cause: 'What many records share is usually one setting or one missing record.',
    remedy: '{remedy}',
  },
  MISMATCHES: {
    sentence: '{count} records in QuickBooks differ from what the CRM sold.',
    cause: 'Somebody entered or changed them in QuickBooks, or the orders changed after they were sent.',
    remedy:
      'Look at the MISMATCHED postings: make the two sides equal, then retry; or accept the difference with a note.',
  },
  ANSWERS_LOST: {
    sentence: 'QuickBooks left {count} postings without an answer for more than {minutes} minutes.',
    cause: 'QuickBooks cannot be asked whether it has them.',
    remedy: 'Check whether QuickBooks can be reached; each is looked up and settled by itself as soon as it answers.',
  },
  BACKLOG_LATE: {
    sentence: '{count} postings have waited for more than {seconds} seconds, the oldest since {since}.',
    cause: 'More comes in than goes out, QuickBooks or the CRM cannot be reached, or no worker runs.',
    remedy: 'Check that a worker runs and that QuickBooks and the CRM answer; the backlog is worked off by itself.',
  },
  QUICKBOOKS_SILENT: {
    sentence:
      'QuickBooks has not answered for "{connection}" since {since}: what is to be posted waits, and it is asked again at {until}.',
    cause: 'The network or the service of QuickBooks is down.',
    remedy:
      'Nothing to do: with the first answer everything goes on by itself. Check the network, and the status page of Intuit.',
  },
  SIGN_IN_ENDING: {
    sentence: 'The sign-in of connection "{connection}" to QuickBooks ends in less than {days} days, at {until}.',
    cause: '{why}',
    remedy: 'Connect the company again before then; nothing is lost by doing it early.',
  },
  SIGN_IN_NOT_RENEWED: {
    sentence: 'The sign-in of connection "{connection}" could not be renewed since {since}: {detail}',
    cause: 'The sign-in service of QuickBooks does not answer, or no worker runs.',
    remedy: 'Check the network, and the status page of Intuit; it is tried again by itself and nothing is lost.',
  },
  THROTTLED_OFTEN: {
    sentence: 'QuickBooks asked connection "{connection}" {count} times within an hour to slow down, of {calls} calls.',
    cause: 'More is asked of the company than Intuit allows, perhaps by another app that uses the same company.',
    remedy: 'Nothing is lost; look at what else asks this company if it goes on.',
  },
} as const
