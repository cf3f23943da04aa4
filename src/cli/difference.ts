import type { Command } from 'commander'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { compareOrders } from '../sync/difference.ts'
import { openFitApp } from './diagnosis.ts'

/** Adds the command that compares the orders with the order log now, not at night. */
export function addDifferenceCommand(
  program: Command,
  { setting, say }: { setting: () => { config: Config; log: Logger }; say: (line: string) => void },
): void {
  program
    .command('difference')
    .description('find the orders that could be invoiced and that no row of the order log asks for, and end')
    .action(async () => {
      const app = await openFitApp(setting())
      await compareOrders(app.road, { say }).finally(app.close)
    })
}
