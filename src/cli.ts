import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command, CommanderError } from 'commander'
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'
import { openStore } from './app.ts'
import { addCommissionRowsCommand } from './cli/commission-rows.ts'
import { addTokenCommands } from './cli/connections.ts'
import { addDiagnosisCommands, openFitApp } from './cli/diagnosis.ts'
import { addDiffLedgersCommand } from './cli/diff-ledgers.ts'
import { addDifferenceCommand } from './cli/difference.ts'
import { addDryRunCommand } from './cli/dry-run.ts'
import { addKeyCommands } from './cli/keys.ts'
import { addMappingCommands } from './cli/mappings.ts'
import { addShadowCommands } from './cli/shadow.ts'
import { ticksOf } from './cli/ticks.ts'
import { addVerifyCommand } from './cli/verify.ts'
import { addWebConnectorCommand } from './cli/web-connector.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { ProfileError } from './creatio/profile-file.ts'
import type { SyncRun } from './domain/sync-run.ts'
import { startHttpServer } from './http/server.ts'
import { JobStoreUnreachable } from './jobs/job-store.ts'
import { openTicks } from './jobs/jobs.ts'
import { WrongMasterKey } from './storage/seal.ts'
import { databaseTrouble } from './storage/status.ts'
import { startBulkRunner } from './sync/bulk-runner.ts'
import { ProfileUnfit } from './sync/doctor-profile.ts'
import { startProgress } from './sync/progress.ts'

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
  version: string
}

interface Setting {
  config: Config
  log: Logger
}

/** Runs one command line; gives the exit code. */
export async function runCommand(args: {
  arguments: string[]
  environment: Record<string, string | undefined>
}): Promise<number> {
  const setting = (): Setting => {
    const config = readConfig(args.environment)
    return { config, log: openLog(config) }
  }
  try {
    await commands(setting).exitOverride().parseAsync(args.arguments)
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    const wrong =
      error instanceof ConfigError ||
      error instanceof ProfileError ||
      error instanceof ProfileUnfit ||
      error instanceof WrongMasterKey
    const foreseen = wrong || error instanceof JobStoreUnreachable
    process.stderr.write(`countersign: ${foreseen ? error.message : errorText(error)}\n`)
    return wrong ? 2 : 1
  }
}

function commands(setting: () => Setting): Command {
  const program = new Command('countersign')
    .description(
      'Posts what a Creatio CRM sold into QuickBooks, once, and says so only when QuickBooks has countersigned it.',
    )
    .version(version)
    .showHelpAfterError()
  program
    .command('serve')
    .description('serve the API, poll the order log and post, in one process')
    .option('--api-only', 'serve the API alone; `countersign work` does the rest')
    .action((options: { apiOnly?: boolean }) => serve({ ...setting(), api: true, works: options.apiOnly !== true }))
  program
    .command('work')
    .description('poll the order log and post, without the API; any number of these may run')
    .action(() => serve({ ...setting(), api: false, works: true }))
  program
    .command('poll')
    .description('read the order log once, post what it asks for, and end')
    .action(() => pollOnce(setting()))
  addDifferenceCommand(program, { setting, say })
  addCommissionRowsCommand(program, { setting, say })
  addDiffLedgersCommand(program, { setting, say })
  addDryRunCommand(program, { setting, say })
  addShadowCommands(program, { setting, say })
  addVerifyCommand(program, { setting, say })
  program
    .command('migrate')
    .description('bring the tables of the database up to date')
    .option('--check', 'also fail unless the tables are exactly what the code expects')
    .option('--create <why>', 'for contributors: write a migration for what the code expects and the tables lack')
    .action((options: { check?: boolean; create?: string }) => migrate({ ...setting(), ...options }))
  addDiagnosisCommands(program, { readConfig: () => setting().config, say, now: () => new Date() })
  addTokenCommands(program, { readConfig: () => setting().config, say, now: () => new Date() })
  addKeyCommands(program, { readConfig: () => setting().config, say, now: () => new Date() })
  addMappingCommands(program, { setting, say, now: () => new Date() })
  addWebConnectorCommand(program, { readConfig: () => setting().config, say, now: () => new Date() })
  return program
}

async function serve({ config, log, api, works }: Setting & { api: boolean; works: boolean }): Promise<void> {
  if (!(api && works) && !(config.creatio && config.quickBooks)) {
    throw new ConfigError(
      'Nothing is configured, and the sandbox plays for `countersign serve` alone: set CREATIO_URL, and QUICKBOOKS_REALM_ID or QUICKBOOKS_COMPANY_FILE.',
    )
  }
  const ended = untilToldToEnd()
  const app = await openFitApp({ config, log })
  const bulk = startBulkRunner(app.road)
  const ticks = await openTicks({
    store: app.jobStore,
    ticks: ticksOf(app, { config, log, bulk }),
    log,
  }).catch(async (error: unknown) => {
    await app.close()
    throw error
  })
  // A worker offers none of it, and does not carry the code for it.
  const { openOffer } = api ? await import('./cli/offer.ts') : { openOffer: null }
  const offer = await openOffer?.(app, { config, version, startedAt: new Date(), log, ticks, bulk, say })
  const server = await startHttpServer({
    api: null,
    ...offer?.routes,
    metrics: app.metrics,
    readiness: async () => ({ trouble: await databaseTrouble(app.store.database), crm: app.crm }),
    host: config.host,
    port: config.port,
    log,
  })
  await offer?.announce(server.url)
  const progress = works ? await startProgress(app.road, { say }) : null
  if (works) {
    await ticks.start()
    sayRead(await app.poll())
  }
  await ended
  say('Ending: what is under way is brought to an end.')
  await ticks.stop()
  await offer?.close()
  await server.close()
  await bulk.stop()
  await progress?.stop()
  await app.close()
}

async function pollOnce({ config, log }: Setting): Promise<void> {
  const app = await openFitApp({ config, log })
  const progress = await startProgress(app.road, { say })
  const run = await app.poll()
  sayRead(run)
  await app.worker.wake()
  await progress.stop()
  await app.close()
}

async function migrate({ config, check, create }: Setting & { check?: boolean; create?: string }): Promise<void> {
  const store = await openStore(config)
  try {
    if (create) {
      const file = await store.createMigration(create)
      say(file ? `Written: migrations/${file}` : 'Nothing is lacking.')
    }
    if (check && !(await store.isCurrent())) {
      throw new Error('The tables differ from what the code expects: create a migration (see CONTRIBUTING.md).')
    }
    if (!create) say('The tables are up to date.')
  } finally {
    await store.close()
  }
}

function sayRead(run: SyncRun): void {
  say(
    run.error
      ? `The order log could not be read: ${run.error}`
      : `Read ${run.read} log rows: ${run.accepted} to post, ${run.skipped} need no posting.`,
  )
}

function untilToldToEnd(): Promise<void> {
  return new Promise((done) => {
    process.once('SIGTERM', () => done())
    process.once('SIGINT', () => done())
  })
}

function openLog(config: Config): Logger {
  if (config.logFormat === 'json') return pino({ level: config.logLevel })
  return pino({ level: config.logLevel }, pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }))
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
