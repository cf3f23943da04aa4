import type { Command } from 'commander'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { compareCommissionRows } from '../sync/read-commission-rows.ts'
import { openFitApp } from './diagnosis.ts'

/** Adds the command that compares the CRM's own table of commission with the payments now, not at night. */
export function addCommissionRowsCommand(
  program: Command,
  { setting, say }: { setting: () => { config: Config; log: Logger }; say: (line: string) => void },
): void {
  program
    .command('commission-rows')
    .description(
      'find the rows of the CRM’s own table of commission that no payment of QuickBooks stands behind, and end',
    )
    .action(async () => {
      const app = await openFitApp(setting())
      await compareCommissionRows(app.road, { say }).finally(app.close)
    })
}
