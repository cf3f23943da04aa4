import { text } from 'node:stream/consumers'
import { type Command, InvalidArgumentError } from 'commander'
import { pino } from 'pino'
import type { ApiServices } from '../api/services.ts'
import { openApp, openStore } from '../app.ts'
import { type Config, ConfigError } from '../config.ts'
import { Environment } from '../domain/kinds.ts'
import type { Received } from '../http/connected-page.ts'
import { ourselves } from '../storage/api-keys.ts'
import { writeAudit } from '../storage/audit.ts'
import { forgetTokens, rotateKey } from '../storage/key-rotation.ts'
import { finishConnecting, importToken, startConnecting } from '../sync/connect.ts'
import {
  disconnect,
  pauseConnection,
  refreshToken,
  resumeConnection,
  type Tending,
  testConnection,
} from '../sync/tend-connection.ts'
import { sealOf } from './online.ts'

/** What the API may do to connections. */
export function connectionServices(tending: Tending) {
  return {
    connectQuickBooksOnline: (request) => startConnecting(tending, request),
    testConnection: (request) => testConnection(tending, request),
    refreshToken: (request) => refreshToken(tending, request),
    pauseConnection: (request) => pauseConnection(tending, request),
    resumeConnection: (request) => resumeConnection(tending, request),
    disconnect: (request) => disconnect(tending, request),
  } satisfies Partial<ApiServices>
}

/** Takes in an admin who comes back from Intuit, and says on our page what came of it. */
export function reception(tending: Tending): (args: { url: string }) => Promise<Received> {
  return async ({ url }) => {
    const result = await finishConnecting(tending, { url })
    if (result.kind === 'refused') {
      const title = 'The company was not connected'
      return { connected: false, title, sentences: [result.sentence, result.remedy] }
    }
    const { company, realmId } = result
    const sentences = [`Countersign may now speak to "${company}" (company ${realmId}).`, 'You can close this page.']
    return { connected: true, title: 'The company is connected', sentences }
  }
}

interface Surroundings {
  readConfig: () => Config
  say: (line: string) => void
  now: () => Date
}

/** Adds the commands that concern the tokens of companies: handing one in, and changing what they are sealed with. */
export function addTokenCommands(program: Command, surroundings: Surroundings): void {
  program
    .command('import-token')
    .description('hand in a refresh token of a company from elsewhere: it is read from the standard input')
    .requiredOption('--realm <id>', 'the company')
    .requiredOption('--environment <environment>', 'sandbox or production', environment)
    .option('--from-env <name>', 'read it from this variable of the environment instead')
    .action((options: { realm: string; environment: Environment; fromEnv?: string }) => handIn(surroundings, options))
  program
    .command('rotate-key')
    .description('seal every token again under ENCRYPTION_KEY, while ENCRYPTION_KEY_PREVIOUS opens them; others go on')
    .option('--lost', 'the key before is lost: forget every token, so that each company is connected again')
    .action((options: { lost?: boolean }) => rotate(surroundings, { lost: options.lost ?? false }))
}

function environment(given: string): Environment {
  const found = Object.values(Environment).find((one) => one === given.toUpperCase())
  if (!found) throw new InvalidArgumentError('Choose sandbox or production.')
  return found
}

async function handIn(
  { readConfig, say }: Surroundings,
  options: { realm: string; environment: Environment; fromEnv?: string },
): Promise<void> {
  const given = options.fromEnv === undefined ? await text(process.stdin) : (process.env[options.fromEnv] ?? '')
  const token = given.trim()
  if (token === '' || /\s/.test(token)) {
    throw new ConfigError('There is no token: write it to the standard input, or name its variable with --from-env.')
  }
  const app = await openApp({ config: readConfig(), log: pino({ level: 'silent' }) })
  try {
    const { realm: realmId, environment } = options
    const result = await importToken(app.tending, { realmId, environment, refreshToken: token })
    const ok = result.kind === 'connected'
    await writeAudit(app.store.database, {
      author: ourselves('countersign import-token').name,
      action: 'importToken',
      subject: `realm ${realmId}, ${environment.toLowerCase()}`,
      result: ok ? 'OK' : 'ERROR',
      now: app.road.now(),
    })
    if (!ok) throw new ConfigError(`${result.sentence} ${result.remedy}`)
    say(`Countersign may now speak to "${result.company}" (company ${result.realmId}).`)
  } finally {
    await app.close()
  }
}

async function rotate({ readConfig, say, now }: Surroundings, { lost }: { lost: boolean }): Promise<void> {
  const config = readConfig()
  const store = await openStore(config)
  try {
    const seal = await sealOf(config)
    if (lost) {
      const forgotten = await forgetTokens(store.database, { now: now() })
      await seal.check(store.database, { now: now() })
      say(`${forgotten} companies must be connected again.`)
    } else {
      const sealedAgain = await rotateKey(store.database, { seal, now: now() })
      say(`The tokens of ${sealedAgain} companies were sealed again. ENCRYPTION_KEY_PREVIOUS is needed no more.`)
    }
    await writeAudit(store.database, {
      author: ourselves('countersign rotate-key').name,
      action: 'rotateKey',
      subject: lost ? 'the key before was lost' : null,
      result: 'OK',
      now: now(),
    })
  } finally {
    await store.close()
  }
}
