import type { Command } from 'commander'
import { type Logger, pino } from 'pino'
import type { Config } from '../config.ts'
import { verifiedLines, verifyOrders } from '../sync/verify.ts'
import { openFitApp } from './diagnosis.ts'

/** Adds the command that checks named orders on the spot; it fails when one of them differs. */
export function addVerifyCommand(
  program: Command,
  { setting, say }: { setting: () => { config: Config; log: Logger }; say: (line: string) => void },
): void {
  program
    .command('verify')
    .argument('<numbers...>', 'order numbers, such as ORD-15001')
    .description('check orders on the spot: CRM, posting and QuickBooks; QuickBooks Desktop as of its mirror')
    .action(async (numbers: string[]) => {
      // The answer is all that stands on the standard output.
      const app = await openFitApp({ ...setting(), log: pino({ level: 'silent' }) })
      try {
        const verified = await verifyOrders(app.road, { numbers })
        say(verifiedLines(verified).join('\n'))
        const differing = verified.filter(({ isEqual }) => !isEqual).length
        if (differing > 0) program.error(`${differing} of ${verified.length} differ.`, { exitCode: 1 })
      } finally {
        await app.close()
      }
    })
}
