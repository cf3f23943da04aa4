import type { Command } from 'commander'
import type { Logger } from 'pino'
import type { ApiServices } from '../api/services.ts'
import { openStore } from '../app.ts'
import { type Config, ConfigError } from '../config.ts'
import type { AccountMapping } from '../domain/account-mapping.ts'
import { conditionsText } from '../domain/mapping-choice.ts'
import type { MappingLint } from '../domain/mapping-lint.ts'
import { mappingsOn } from '../storage/account-mappings.ts'
import { defaultConnection } from '../storage/connections.ts'
import { createAccountMapping, deleteAccountMapping, updateAccountMapping } from '../sync/change-account-mapping.ts'
import { fixAndRetry } from '../sync/fix-and-retry.ts'
import { lintAccountMappings } from '../sync/lint-account-mappings.ts'
import { mappingOfPosting } from '../sync/mapping-of-posting.ts'
import { previewAccountMapping } from '../sync/preview-account-mapping.ts'
import type { Road } from '../sync/road.ts'
import { openFitApp } from './diagnosis.ts'

type MappingServices = Pick<
  ApiServices,
  | 'createAccountMapping'
  | 'updateAccountMapping'
  | 'deleteAccountMapping'
  | 'previewAccountMapping'
  | 'lintAccountMappings'
  | 'mappingOf'
  | 'fixAndRetry'
>

/** What the API calls about account mappings; `goOn` is called when there is a bulk operation to run, `changed` after each change of a rule. */
export function mappingServices(
  road: Road,
  { goOn, changed }: { goOn: () => void; changed: () => Promise<void> },
): MappingServices {
  const { database, now } = road
  // The change is made, whatever comes of what follows it: the next tick does that too.
  const followed = async <T>(change: Promise<T>): Promise<T> => {
    const made = await change
    await changed().catch((error: unknown) =>
      road.log.error({ error: String(error) }, 'metrics are counted anew later'),
    )
    return made
  }
  return {
    createAccountMapping: (request) => followed(createAccountMapping(database, { ...request, now: now() })),
    updateAccountMapping: (request) => followed(updateAccountMapping(database, { ...request, now: now() })),
    deleteAccountMapping: (request) => followed(deleteAccountMapping(database, { ...request, now: now() })),
    previewAccountMapping: (request) => previewAccountMapping(road, request.database, request),
    lintAccountMappings: (request) => lintAccountMappings(road, request.database, request),
    mappingOf: (request) => mappingOfPosting(road, request),
    async fixAndRetry(request) {
      const operation = await fixAndRetry(database, { ...request, now: now() })
      goOn()
      return operation
    },
  }
}

interface Means {
  setting: () => { config: Config; log: Logger }
  say: (line: string) => void
  now: () => Date
}

/** Adds the commands that list the rules, and say what is wrong with them. */
export function addMappingCommands(program: Command, { setting, say, now }: Means): void {
  const mappings = program.command('mappings').description('list and check the account mappings')
  mappings
    .command('list', { isDefault: true })
    .description('show the rules in the order in which they are tried')
    .option('--connection <id>', 'those of one connection, and those for all')
    .action(async (options: { connection?: string }) => {
      const store = await openStore(setting().config)
      try {
        const date = now().toISOString().slice(0, 10)
        const rules = await mappingsOn(store.database, { connectionId: options.connection ?? null, date })
        for (const rule of rules) say(lineOf(rule))
      } finally {
        await store.close()
      }
    })
  mappings
    .command('lint')
    .description('say everything that is wrong with the account mappings of a connection, and fail if something is')
    .option('--connection <id>', 'without it, the default connection')
    .option('--json', 'as JSON')
    .action(async (options: { connection?: string; json?: boolean }) => {
      const app = await openFitApp(setting())
      try {
        const connectionId = options.connection ?? (await defaultConnection(app.store.database))?.id
        if (!connectionId) throw new ConfigError('There is no QuickBooks connection yet.')
        const lints = await lintAccountMappings(app.road, app.store.database, { connectionId })
        if (options.json) say(JSON.stringify(lints, null, 2))
        else for (const line of lintLines(lints)) say(line)
        const errors = lints.filter(({ severity }) => severity === 'ERROR').length
        if (errors > 0) throw new ConfigError(`${errors} errors.`)
      } finally {
        await app.close()
      }
    })
}

function lineOf(rule: AccountMapping): string {
  const whose = rule.connectionId === null ? 'all' : rule.connectionId
  const days = [rule.begins ? ` from ${rule.begins}` : '', rule.effectiveTo ? ` up to ${rule.effectiveTo}` : ''].join(
    '',
  )
  return `${String(rule.position).padStart(5)}  ${rule.name} (version ${rule.version}${days}, ${whose}): ${conditionsText(rule)} → ${rule.targetKind.toLowerCase()} "${rule.target}"  ${rule.id}`
}

function lintLines(lints: MappingLint[]): string[] {
  if (lints.length === 0) return ['Nothing is wrong.']
  return lints.flatMap(({ severity, code, sentence, remedy }) => [
    `${severity.padEnd(7)}  ${code}: ${sentence}`,
    `         → ${remedy}`,
  ])
}
