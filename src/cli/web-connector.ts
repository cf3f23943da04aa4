import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { type App, openStore } from '../app.ts'
import { type Config, ConfigError } from '../config.ts'
import { LedgerKind } from '../domain/kinds.ts'
import { ourselves } from '../storage/api-keys.ts'
import { listConnections } from '../storage/connections.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { createWebConnectorFile } from '../web-connector/file.ts'

interface Means {
  readConfig: () => Config
  say: (line: string) => void
  now: () => Date
}

interface Options {
  connection?: string
  companyFile?: string
  output: string
}

/** Adds the command that makes the file for the Web Connector of a QuickBooks Desktop company. */
export function addWebConnectorCommand(program: Command, means: Means): void {
  program
    .command('web-connector-file')
    .option('--connection <id>', 'the connection, when there are several of QuickBooks Desktop')
    .option('--company-file <path>', 'the new place of the company file, when it was moved')
    .option('--output <directory>', 'where the .qwc file is written', '.')
    .description('make the .qwc file of a QuickBooks Desktop connection, with a new password that is shown once')
    .action((options: Options) => make(means, options))
}

async function make({ readConfig, say, now }: Means, { connection, companyFile, output }: Options): Promise<void> {
  const config = readConfig()
  const store = await openStore(config)
  try {
    const file = await createWebConnectorFile(store.database, {
      connectionId: await chosen(store.database, connection ?? null),
      companyFile: companyFile ?? null,
      publicUrl: config.publicUrl,
      author: ourselves('countersign web-connector-file'),
      now: now(),
    })
    const path = join(output, file.fileName)
    await writeFile(path, file.content)
    say(`Written: ${path}`)
    say(`User name: ${file.username}`)
    say(`Password, shown this once: ${file.password}`)
    if (file.replaced) say('The earlier password opens nothing any more.')
    say('')
    say(file.guide)
  } catch (error) {
    throw error instanceof InvalidRequest ? new ConfigError(error.message) : error
  } finally {
    await store.close()
  }
}

/** The connection that is meant. Throws ConfigError when nobody can tell. */
async function chosen(database: App['store']['database'], id: string | null): Promise<string> {
  const desktop = (await listConnections(database)).filter(({ kind }) => kind === LedgerKind.QUICKBOOKS_DESKTOP)
  if (id !== null && desktop.some((one) => one.id === id)) return id
  const [only, another] = desktop
  if (id === null && only && !another) return only.id
  const list = desktop.map((one) => `${one.id}  ${one.name}`).join('\n')
  if (desktop.length === 0) {
    throw new ConfigError('There is no QuickBooks Desktop connection yet: make it with connectQuickBooksDesktop.')
  }
  throw new ConfigError(`Name one of the QuickBooks Desktop connections with --connection:\n${list}`)
}
