import type { Command } from 'commander'
import { type Logger, pino } from 'pino'
import type { ApiServices } from '../api/services.ts'
import { type Config, ConfigError } from '../config.ts'
import type { DryRun } from '../domain/dry-run.ts'
import { openDryRun } from '../ledgers/dry-run/ledger.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import { writeAudit } from '../storage/audit.ts'
import { defaultConnection } from '../storage/connections.ts'
import { dryRun } from '../sync/dry-run.ts'
import type { Road } from '../sync/road.ts'
import { openFitApp } from './diagnosis.ts'

/** The dry run of a road: its ledgers have no way to QuickBooks. */
export function dryRunServices(road: Road): Pick<ApiServices, 'dryRun'> {
  const opened = new WeakMap<Ledger, Ledger>()
  const ledgerOf: Road['ledgerOf'] = (connection) => {
    const real = road.ledgerOf(connection)
    const dry = opened.get(real) ?? openDryRun(real)
    opened.set(real, dry)
    return dry
  }
  return { dryRun: (request) => dryRun({ ...road, ledgerOf }, request) }
}

interface Means {
  setting: () => { config: Config; log: Logger }
  say: (line: string) => void
}

/** Adds the command that shows what would be sent for orders. */
export function addDryRunCommand(program: Command, { setting, say }: Means): void {
  program
    .command('dry-run')
    .argument('<orders...>', 'order numbers, such as ORD-15001')
    .description('show what would be sent to QuickBooks for orders, and send nothing')
    .option('--connection <id>', 'without it, the default connection')
    .option('--json', 'as JSON')
    .action(async (orderNumbers: string[], options: { connection?: string; json?: boolean }) => {
      const app = await openFitApp({ ...setting(), log: pino({ level: 'silent' }) })
      try {
        const connectionId = options.connection ?? (await defaultConnection(app.store.database))?.id
        if (!connectionId) throw new ConfigError('There is no QuickBooks connection yet.')
        const runs: DryRun[] = []
        for (let after: string | null = null, more = true; more; ) {
          const page = await dryRunServices(app.road).dryRun({
            connectionId,
            filter: { orderNumbers },
            first: 50,
            after,
          })
          runs.push(...page.nodes)
          after = page.endCursor
          more = page.hasNextPage
        }
        // It shows names: reading it is recorded, here as in the API.
        await writeAudit(app.store.database, {
          author: 'countersign dry-run',
          action: 'dryRun',
          subject: `orders ${orderNumbers.join(' ').slice(0, 1_000)}`,
          result: 'OK',
          now: app.road.now(),
        })
        if (options.json) say(JSON.stringify(runs, null, 2))
        else for (const run of runs) say(dryRunLines(run).join('\n'))
      } finally {
        await app.close()
      }
    })
}

const VERDICTS: Record<DryRun['verdict'], string> = {
  WOULD_BE_SENT: 'would be sent',
  WOULD_BE_REFUSED: 'would be refused',
  ALREADY_POSTED: 'is in QuickBooks already',
  NOT_ELIGIBLE: 'is not to be billed',
  NOT_FOUND: 'is not in the CRM',
}

function dryRunLines(run: DryRun): string[] {
  const { orderNumber, verdict, reason, document, quickBooksId } = run
  return [
    `${orderNumber} ${VERDICTS[verdict]}${quickBooksId ? ` (${quickBooksId})` : ''}.`,
    ...(reason ? [`  ${reason.sentence} ${reason.remedy}`] : []),
    ...(document
      ? [
          `  ${document.kind} ${document.number}, ${document.date}, ${document.customer}: ${document.total} ${document.currency}`,
        ]
      : []),
    ...run.mapping.map(
      ({ line, lineKind, targetKind, target, why }) =>
        `  ${line === null ? lineKind.toLowerCase() : `line ${line}`} → ${targetKind.toLowerCase()} "${target}": ${why}`,
    ),
    ...run.problems.map(({ problem, remedy }) => `  Problem: ${problem}. ${remedy}`),
    ...run.losses.map(({ detail }) => `  Kept otherwise: ${detail}`),
    ...run.unresolved.map(
      ({ shownAs, entity, name, missing }) =>
        `  ${shownAs} stands for the ${entity.toLowerCase()} "${name}", ${missing ? 'which QuickBooks lacks' : 'which QuickBooks would be asked for'}.`,
    ),
    ...run.requests.flatMap(({ operation, method, path, body }) => ['', `  ${operation}: ${method} ${path}`, body]),
  ]
}
