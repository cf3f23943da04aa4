import { type Command, InvalidArgumentError } from 'commander'
import { type App, openStore } from '../app.ts'
import { type Config, ConfigError } from '../config.ts'
import type { ApiKey } from '../domain/access.ts'
import { Role } from '../domain/kinds.ts'
import { createApiKey, listApiKeys, ourselves, revokeApiKey } from '../storage/api-keys.ts'
import { InvalidRequest } from '../storage/pages.ts'

const DAY_MS = 86_400_000
const DAYS_MAX = 3_650

interface Means {
  readConfig: () => Config
  say: (line: string) => void
  now: () => Date
}

/** Adds the commands that list, make and close the keys of the API, also when no key opens it any more. */
export function addKeyCommands(program: Command, means: Means): void {
  const { say, now } = means
  const author = ourselves('countersign keys')
  const keys = program.command('keys').description('list, create and revoke the keys of the API')
  keys
    .command('list', { isDefault: true })
    .description('show every key there ever was, without its text')
    .action(() =>
      withStore(means, async (database) => {
        for (const key of await listApiKeys(database)) {
          say(`${key.id}  ${key.role.padEnd(8)}  ${key.name}  (${standingOf(key, now())})`)
        }
      }),
    )
  keys
    .command('create')
    .argument('<name>', 'whose key it is')
    .argument('<role>', 'viewer, operator or admin', role)
    .option('--connection <id...>', 'the connections that it may see and change; without it, all of them')
    .option('--expires-in-days <days>', 'it opens nothing after so many days', days)
    .description('make a key; its text is shown once')
    .action((name: string, chosen: Role, options: { connection?: string[]; expiresInDays?: number }) =>
      withStore(means, async (database) => {
        const { connection: connectionIds = null, expiresInDays } = options
        const expiresAt = expiresInDays ? new Date(now().getTime() + expiresInDays * DAY_MS) : null
        const input = { name, role: chosen, connectionIds, expiresAt, author, now: now() }
        say((await createApiKey(database, input)).key)
      }),
    )
  keys
    .command('revoke')
    .argument('<id>', 'the id that `keys list` shows')
    .option('--force', 'also the last key of an admin, after which only this command can make another')
    .description('close a key for good')
    .action((id: string, { force = false }: { force?: boolean }) =>
      withStore(means, async (database) => {
        const outcome = await revokeApiKey(database, { id, evenLast: force, author, now: now() })
        if (outcome === 'not-open') throw new ConfigError(`There is no open key ${id}: see \`countersign keys list\`.`)
        if (outcome === 'last-admin') {
          throw new ConfigError('This is the last key of an admin: make another first, or add --force.')
        }
        say('Revoked.')
      }),
    )
}

function role(text: string): Role {
  const found = Object.values(Role).find((one) => one === text.toUpperCase())
  if (!found) throw new InvalidArgumentError(`Choose one of ${Object.values(Role).join(', ').toLowerCase()}.`)
  return found
}

function days(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0 && number <= DAYS_MAX) return number
  throw new InvalidArgumentError(`Choose a whole number of days, from 1 to ${DAYS_MAX}.`)
}

/** Whether a key opens anything, what, and when it last did. */
function standingOf({ revokedAt, expiresAt, lastUsedAt, connectionIds }: ApiKey, now: Date): string {
  if (revokedAt) return `revoked ${revokedAt.toISOString()}`
  const scope = connectionIds ? [`connections ${connectionIds.join(' ')}`] : []
  const end = expiresAt ? [`${expiresAt <= now ? 'expired' : 'expires'} ${expiresAt.toISOString()}`] : []
  return [...scope, ...end, `last used ${lastUsedAt?.toISOString() ?? 'never'}`].join(', ')
}

async function withStore(
  { readConfig }: Means,
  use: (database: App['store']['database']) => Promise<void>,
): Promise<void> {
  const store = await openStore(readConfig())
  try {
    await use(store.database)
  } catch (error) {
    throw error instanceof InvalidRequest ? new ConfigError(error.message) : error
  } finally {
    await store.close()
  }
}
