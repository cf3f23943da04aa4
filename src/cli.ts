import { Command } from 'commander'
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import { openApp, openStore } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { poll } from './sync/poll.ts'
import { startProgress } from './sync/progress.ts'

/** Runs one command line; gives the exit code. */
export async function runCommand(args: {
  arguments: string[]
  environment: Record<string, string | undefined>
}): Promise<number> {
  try {
    const config = readConfig(args.environment)
    const log = openLog(config)
    const program = new Command('countersign').description(
      'Posts what a Creatio CRM sold into QuickBooks, once, and says so only when QuickBooks has countersigned it.',
    )
    program
      .command('poll')
      .description('read the order log once, post what it asks for, and end')
      .action(() => pollOnce({ config, log }))
    program
      .command('migrate')
      .description('bring the tables of the database up to date')
      .option('--check', 'also fail unless the tables are exactly what the code expects')
      .action((options: { check?: boolean }) => migrate({ config, check: options.check === true }))
    await program.parseAsync(args.arguments)
    return 0
  } catch (error) {
    process.stderr.write(`countersign: ${error instanceof ConfigError ? error.message : errorText(error)}\n`)
    return error instanceof ConfigError ? 2 : 1
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function pollOnce({ config, log }: { config: Config; log: Logger }): Promise<void> {
  const app = await openApp({ config, log })
  const progress = await startProgress(app.road, { say })
  const run = await poll(app.road)
  say(`Read ${run.read} log rows: ${run.accepted} to post, ${run.skipped} need no posting.`)
  await app.worker.wake()
  await progress.stop()
  await app.close()
}

async function migrate({ config, check }: { config: Config; check: boolean }): Promise<void> {
  const store = await openStore(config)
  const current = !check || (await store.isCurrent())
  await store.close()
  if (!current)
    throw new Error('The tables differ from what the code expects: create a migration (see CONTRIBUTING.md).')
  say('The tables are up to date.')
}

function openLog(config: Config): Logger {
  if (config.logFormat === 'json') return pino({ level: config.logLevel })
  return pino({ level: config.logLevel }, pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
