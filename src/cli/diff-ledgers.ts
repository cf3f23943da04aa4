import { type Command, InvalidArgumentError } from 'commander'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { openQuickBooksDesktop } from '../ledgers/quickbooks-desktop/ledger.ts'
import { openQuickBooksOnline } from '../ledgers/quickbooks-online/ledger.ts'
import { type ComparedLedger, diffLedgers, type LedgerDifference, type LedgerReport } from '../sync/diff-ledgers.ts'
import { openFitApp } from './diagnosis.ts'

/** Adds the command that says what each kind of QuickBooks would lose of the CRM's orders. */
export function addDiffLedgersCommand(
  program: Command,
  { setting, say }: { setting: () => { config: Config; log: Logger }; say: (line: string) => void },
): void {
  program
    .command('diff-ledgers')
    .description('compare what QuickBooks Online and QuickBooks Desktop would keep of the orders, and end')
    .option('--sales-tax-percent <rate>', 'the rate by which QuickBooks Desktop would compute sales tax', percent)
    .option('--json', 'as JSON')
    .action(async (options: { salesTaxPercent?: string; json?: boolean }) => {
      const app = await openFitApp(setting())
      const salesTaxPercent = options.salesTaxPercent ?? null
      const report = (orders: number) => say(`${orders} orders compared so far.`)
      const comparing = diffLedgers(app.road, {
        ledgers: unaskedLedgers(app.road.now),
        salesTaxPercent,
        ...(options.json ? {} : { report }),
      })
      const difference = await comparing.finally(app.close)
      if (options.json) return say(JSON.stringify(difference, null, 2))
      say(`${difference.orders} orders can be invoiced.`)
      for (const ledger of difference.ledgers) say(linesOf(ledger).join('\n'))
      if (salesTaxPercent === null) {
        say('Sales tax was not compared: name the rate of the company file, such as --sales-tax-percent 8.25.')
      }
    })
}

function percent(given: string): string {
  if (/^\d{1,2}(\.\d{1,5})?$/.test(given)) return given
  throw new InvalidArgumentError('It is a rate in percent, such as 8.25.')
}

function linesOf({ name, fit, refused, losses }: LedgerReport): string[] {
  return [
    '',
    `${name}: ${fit} can be posted.`,
    ...(refused.length === 0 ? ['  It refuses none.'] : refused.flatMap((one) => differenceLines('refused', one))),
    ...(losses.length === 0
      ? ['  It keeps the others as they are.']
      : losses.flatMap((one) => differenceLines('kept otherwise', one))),
  ]
}

function differenceLines(how: string, { what, orders, examples }: LedgerDifference): string[] {
  return [
    `  ${orders} ${how}: ${what}`,
    ...examples.map(({ orderNumber, detail }) => `      ${orderNumber}: ${detail}`),
  ]
}

/** Both kinds, with nobody at the other end: what they take is in their rules, and not in a company. */
function unaskedLedgers(now: () => Date): ComparedLedger[] {
  const nobody = () => Promise.reject(new Error('Nobody is asked when ledgers are compared'))
  const client = { clientId: '', clientSecret: '', redirectUri: '', tokenUrl: '', authorizeUrl: '', revokeUrl: '' }
  const online = openQuickBooksOnline({
    realmId: '',
    apiUrl: '',
    oauth: client,
    vault: { read: nobody, renew: nobody },
    now,
    random: () => 0.5,
    sleep: nobody,
  })
  const desktop = openQuickBooksDesktop({ expected: nobody, now })
  return [
    { ...online, name: 'QuickBooks Online' },
    { ...desktop, name: 'QuickBooks Desktop' },
  ]
}
