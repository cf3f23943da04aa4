// The commands that look and change nothing: `explain` says why a record is, or is not, in QuickBooks; `doctor` looks at every
// part of the installation. Beside `cli.ts`, which has the commands that work; like it, this may import every room.
// Neither logs, so that `--json` is the only thing on the standard output.
import { type Command, CommanderError } from 'commander'
import { type Logger, pino } from 'pino'
import { type App, openApp, openStore, type Store } from '../app.ts'
import { type Config, ConfigError } from '../config.ts'
import { type Creatio, openCreatio } from '../creatio/creatio.ts'
import { readProfileFile } from '../creatio/profile-file.ts'
import { type Explanation, RecordKind } from '../domain/explanation.ts'
import { openJobStore } from '../jobs/open-job-store.ts'
import { writeAudit } from '../storage/audit.ts'
import { diagnose } from '../sync/doctor.ts'
import { findingLines } from '../sync/doctor-finding.ts'
import { openPatient } from '../sync/doctor-patient.ts'
import { checkProfile } from '../sync/doctor-profile.ts'
import { explain, explanationLines } from '../sync/explain.ts'

/** What a command is given. */
interface Surroundings {
  /** Throws ConfigError. */
  readConfig: () => Config
  /** Writes a line for the person who asked. */
  say: (line: string) => void
  now: () => Date
}

/** Adds both commands. */
export function addDiagnosisCommands(program: Command, args: Surroundings): void {
  program
    .command('explain')
    .argument('<number>', 'an order number or an invoice number; with --customer the name of a customer')
    .option('--customer', 'explain a customer')
    .option('--json', 'for machines')
    .description('say why an order is, or is not, in QuickBooks')
    .action((number: string, options: { customer?: boolean; json?: boolean }) =>
      explainOne({ ...args, ...options, number: number.trim() }),
    )
  program
    .command('doctor')
    .option('--json', 'for machines')
    .description('look at every part, and say what to do about what is wrong; fails when something is')
    .action((options: { json?: boolean }) => examine({ ...args, ...options }))
}

/** Opens all, and refuses to go on with a profile that this CRM does not fit. Throws ProfileUnfit. */
export async function openFitApp(setting: { config: Config; log: Logger }): Promise<App> {
  const app = await openReadably(setting)
  try {
    await checkProfile(app.road)
    return app
  } catch (error) {
    await app.close()
    throw error
  }
}

/** A profile that cannot be read stops here, before a database is started for nothing. Throws ProfileError. */
async function openReadably(setting: { config: Config; log: Logger }): Promise<App> {
  await readProfileFile(setting.config.creatio?.profilePath ?? null)
  return openApp(setting)
}

const quiet = () => pino({ level: 'silent' })

async function explainOne(args: Surroundings & { number: string; customer?: boolean; json?: boolean }): Promise<void> {
  const { readConfig, say, number, customer, json } = args
  const app = await openReadably({ config: readConfig(), log: quiet() })
  try {
    const kind = customer ? RecordKind.CUSTOMER : RecordKind.ORDER
    const explanation = await explain(app.road, { kind, number })
    // It shows names: reading it is recorded, here as in the API.
    await writeAudit(app.store.database, {
      author: 'countersign explain',
      action: 'explain',
      subject: `kind ${kind}, number ${number}`,
      result: 'OK',
      now: app.road.now(),
    })
    say(json ? JSON.stringify(plainly(explanation), null, 2) : explanationLines(explanation).join('\n'))
  } finally {
    await app.close()
  }
}

/** Of the posting only what the API shows of it too. */
function plainly({ posting, ...explanation }: Explanation): object {
  if (posting === null) return { ...explanation, posting: null }
  const { id, state, orderNumber, documentNumber, quickBooksId, reason } = posting
  return { ...explanation, posting: { id, state, orderNumber, documentNumber, quickBooksId, reason } }
}

async function examine({ readConfig, say, now, json }: Surroundings & { json?: boolean }): Promise<void> {
  const patient = openPatient({
    configuration: async () => describe(readConfig()),
    openStore: () => openStore(readConfig()),
    openApp: (store: Store) => openApp({ config: readConfig(), log: quiet(), store }),
    openCrm: () => openCrmAlone(readConfig(), { now }),
    openJobStore: async ({ jobStore }: App) => {
      const { close } = await openJobStore(jobStore, { report: () => {} })
      return { kind: jobStore.kind, close }
    },
    publicAddress: readConfig,
    now,
  })
  const findings = await diagnose(patient).finally(patient.close)
  say(json ? JSON.stringify(findings, null, 2) : findingLines(findings).join('\n'))
  if (findings.some(({ mark }) => mark === 'BAD'))
    throw new CommanderError(1, 'countersign.doctor', 'something is wrong')
}

/** What is configured, in words; throws what is wrong with the profile too. */
async function describe({ creatio, quickBooks, databaseUrl }: Config): Promise<{ finding: string; played: boolean }> {
  const database = databaseUrl ? 'a PostgreSQL of yours' : 'the embedded PostgreSQL'
  if (!creatio || !quickBooks) {
    return {
      finding: `Complete, and nothing of it is real: the sandbox plays the CRM and QuickBooks; ${database}.`,
      played: true,
    }
  }
  await readProfileFile(creatio.profilePath)
  const profile = creatio.profilePath === null ? 'the standard profile' : `the profile ${creatio.profilePath}`
  const crm = `the CRM at ${new URL(creatio.siteUrl).host} with ${profile}`
  const which =
    quickBooks.kind === 'online' ? `company ${quickBooks.realmId}` : `Desktop file ${quickBooks.companyFile}`
  const company = `QuickBooks ${which} (${quickBooks.environment})`
  return { finding: `Complete: ${crm}; ${company}; ${database}.`, played: false }
}

/** The CRM is looked at even when there is no database to open the rest upon. */
async function openCrmAlone({ creatio, timeZone }: Config, { now }: { now: () => Date }): Promise<Creatio> {
  if (!creatio) throw new ConfigError('The sandbox that plays it could not be started, because the rest could not.')
  const { siteUrl, signIn, profilePath } = creatio
  return openCreatio({ siteUrl, signIn, profile: await readProfileFile(profilePath), timeZone, now })
}
