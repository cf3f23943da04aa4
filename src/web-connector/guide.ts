import type { Connection } from '../domain/connection.ts'
import type { WebConnectorUser } from '../domain/web-connector.ts'

/** What the person at the office does, step by step. The password is not in it, so that it may be printed. */
export function guideFor(args: {
  fileName: string
  userName: string
  connection: Connection
  user: WebConnectorUser
  replaced: boolean
}): string {
  const { fileName, userName, connection, user, replaced } = args
  const company = user.companyFile === '' ? `"${connection.name}"` : user.companyFile
  const steps = [
    'Use the Windows machine on which QuickBooks Desktop runs. If the QuickBooks Web Connector is not there (File, Update Web Services in QuickBooks), install it from Intuit.',
    `Open QuickBooks with the company file ${company}, as its Admin, in single-user mode. This is needed once.`,
    `Copy ${fileName} to the machine and open it with a double click. The Web Connector asks whether to add it: OK.`,
    `QuickBooks shows a certificate: choose "Yes, always; allow access even if QuickBooks is not running", choose a user of QuickBooks, then Continue and Done.`,
    `In the Web Connector, type the password of ${userName} into the Password column of its line, press Enter, and let it be saved.`,
    `Tick the line and Auto-Run: it calls every ${user.runEveryMinutes} minutes. Press Update Selected for a first call now.`,
    'The status column says what was done. QuickBooks may then be used as always, in single- or multi-user mode, or be closed.',
    'Keep the machine on, and its Windows user signed in: the Web Connector runs for a signed-in user only. An office that is offline only waits.',
  ]
  const notes = [
    ...(replaced ? ['The earlier password no longer works: type the new one into the Web Connector (step 5).'] : []),
    ...(connection.readOnly ? ['This connection only reads: nothing is written to QuickBooks.'] : []),
    'Use this file for this one company file and on one machine only.',
  ]
  return [...steps.map((step, index) => `${index + 1}. ${step}`), '', ...notes].join('\n')
}
