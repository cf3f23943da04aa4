import { type Command, InvalidArgumentError } from 'commander'
import { type Logger, pino } from 'pino'
import type { App } from '../app.ts'
import { type Config, ConfigError } from '../config.ts'
import { type Connection, isShadow } from '../domain/connection.ts'
import { ConnectionMode } from '../domain/kinds.ts'
import type { ShadowReport } from '../domain/shadow.ts'
import { writeAudit } from '../storage/audit.ts'
import { defaultConnection, findConnection } from '../storage/connections.ts'
import { shadowReport } from '../storage/shadow-report.ts'
import { setConnectionMode } from '../sync/connection-mode.ts'
import { predict } from '../sync/shadow-intake.ts'
import { openFitApp } from './diagnosis.ts'

interface Means {
  setting: () => { config: Config; log: Logger }
  say: (line: string) => void
}

interface Options {
  connection?: string
  from?: string
  to?: string
  json?: boolean
}

/** Adds the commands of shadow mode. */
export function addShadowCommands(program: Command, { setting, say }: Means): void {
  const shadow = program
    .command('shadow')
    .description('read and predict beside another system that posts, and compare what it posted')
  const open = async (options: Options, work: (app: App, connection: Connection) => Promise<void>) => {
    const app = await openFitApp({ ...setting(), log: pino({ level: 'silent' }) })
    try {
      const { database } = app.store
      const found = await (options.connection
        ? findConnection(database, { id: options.connection })
        : defaultConnection(database))
      if (!found) throw new ConfigError('There is no such QuickBooks connection.')
      await work(app, found)
    } finally {
      await app.close()
    }
  }
  const add = (name: string, description: string) =>
    shadow.command(name).description(description).option('--connection <id>', 'without it, the default connection')
  const turn = (mode: ConnectionMode, said: string) => (options: Options) =>
    open(options, async (app, { id: connectionId, name }) => {
      await setConnectionMode(app.road, { connectionId, mode })
      const audit = { author: 'countersign shadow', action: 'setConnectionMode', result: 'OK' as const }
      const subject = `connectionId ${connectionId}, mode ${mode}`
      await writeAudit(app.store.database, { ...audit, subject, now: app.road.now() })
      say(`"${name}" ${said}`)
    })
  add('on', 'only predict and compare: write nothing, neither to QuickBooks nor to the CRM').action(
    turn(ConnectionMode.SHADOW, 'only predicts and compares from now on; nothing is written.'),
  )
  add('off', 'post, and tell the CRM').action(turn(ConnectionMode.WRITING, 'posts from now on, and tells the CRM.'))
  add('run', 'predict for every order now, compare, and report').action((options: Options) =>
    open(options, async (app, connection) => {
      if (!isShadow(connection)) throw new ConfigError(`"${connection.name}" is not in shadow mode: shadow on.`)
      const { read } = await predictAll(app, connection)
      say(`${read} orders were read.`)
      await app.worker.wake()
      say(reportLines(await shadowReport(app.store.database, { connectionId: connection.id })).join('\n'))
    }),
  )
  add('report', 'say what was found')
    .option('--from <day>', 'the first day of the documents, YYYY-MM-DD', day)
    .option('--to <day>', 'the last one', day)
    .option('--json', 'as JSON')
    .action((options: Options) =>
      open(options, async (app, { id: connectionId }) => {
        const { from = null, to = null, json } = options
        const report = await shadowReport(app.store.database, { connectionId, from, to })
        say(json ? JSON.stringify(report, null, 2) : reportLines(report).join('\n'))
      }),
    )
}

/** A sweep that stops at its limit goes on where it stopped. */
async function predictAll(app: App, connection: Connection): Promise<{ read: number }> {
  let read = 0
  for (;;) {
    const count = await predict(app.road, { connection, now: true })
    read += count.read
    if (count.read < app.road.limits.intakeRowsMax) return { read }
  }
}

function day(given: string): string {
  if (/^\d{4}-\d\d-\d\d$/.test(given)) return given
  throw new InvalidArgumentError('It is a day, such as 2026-01-31.')
}

function reportLines(report: ShadowReport): string[] {
  const line = (count: number | string, words: string) => `  ${String(count).padStart(8)}   ${words}`
  return [
    `${report.predicted} documents would have been posted.`,
    line(report.equal, 'are in QuickBooks to the penny'),
    line(report.differing, `are there otherwise: they differ by ${report.differenceTotal} in all`),
    line(report.missingThere, `are not there: ${report.missingTotal}`),
    line(report.unknownHere ?? 'unknown', 'are there and no order asks for them'),
    ...(report.waiting > 0 ? [line(report.waiting, 'are not compared yet')] : []),
    `Ours come to ${report.ourTotal}, theirs to ${report.theirTotal}.`,
    ...report.byField.map(({ field, documents }) => line(documents, `differ in: ${field}`)),
    ...report.unknown.map(
      ({ entity, number, date, total }) =>
        `  Unknown here: ${entity} ${number ?? 'without a number'}, ${date}: ${total}`,
    ),
  ]
}
