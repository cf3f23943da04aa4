import type { Creatio } from '../creatio/creatio.ts'
import type { Database } from '../storage/database.ts'
import { databaseVersion, hasSchema } from '../storage/inspection.ts'
import { JOB_SCHEMA } from '../storage/job-store.ts'
import { databaseTrouble } from '../storage/status.ts'
import { examineCrm } from './doctor-crm.ts'
import { examineQuickBooks } from './doctor-quickbooks.ts'
import type { PublicAddress } from './doctor-web-connector.ts'
import type { Road } from './road.ts'

/** One line of the doctor's. */
export interface Finding {
  /** What was looked at, in a word or two. */
  check: string
  /** BAD: it cannot work. WARN: it works, and somebody should know. */
  mark: 'OK' | 'WARN' | 'BAD'
  finding: string
  /** What to do; null when there is nothing to do. */
  remedy: string | null
}

/** The parts of an installation, each opened when it is first asked for; each throws when it cannot be opened. */
export interface Patient {
  configuration: () => Promise<{ finding: string; played: boolean }>
  database: () => Promise<Database>
  /** Opens the job store and closes it again; gives its name. */
  jobStore: () => Promise<'postgresql' | 'mongodb'>
  /** The CRM, also when there is no database. */
  crm: () => Promise<Creatio>
  road: () => Promise<Road>
  publicAddress: () => PublicAddress
  now: () => Date
}

/**
 * Looks at every part, one finding or more for each. What cannot be looked at because another part is broken says so.
 * Nothing is tried by writing to the CRM or to QuickBooks, and a refused password is not tried twice.
 */
export async function diagnose(patient: Patient): Promise<Finding[]> {
  const configuration = await configurationOf(patient)
  if (configuration.some(({ mark }) => mark === 'BAD')) return configuration
  const store = await storeOf(patient)
  const crm = await examineCrm(patient)
  const quickBooks = await examineQuickBooks(patient)
  return [...configuration, ...store, ...crm, ...quickBooks]
}

async function configurationOf(patient: Patient): Promise<Finding[]> {
  const check = 'configuration'
  try {
    const { finding, played } = await patient.configuration()
    if (!played) return [{ check, mark: 'OK', finding, remedy: null }]
    const remedy = 'Set CREATIO_URL and QUICKBOOKS_REALM_ID with their sign-ins (README.md) to leave the sandbox.'
    return [{ check, mark: 'WARN', finding, remedy }]
  } catch (error) {
    const remedy = 'Correct the setting: README.md and .env.example list them all.'
    return wordsOf(error)
      .split('\n')
      .map((finding) => ({ check, mark: 'BAD', finding, remedy }))
  }
}

async function storeOf(patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    const database = await patient.database()
    const trouble = await databaseTrouble(database)
    const version = trouble ? '' : await databaseVersion(database)
    findings.push(
      trouble
        ? { check: 'database', mark: 'BAD', finding: trouble, remedy: 'Run `countersign migrate`.' }
        : {
            check: 'database',
            mark: 'OK',
            finding: `PostgreSQL ${version} answers and has every migration.`,
            remedy: null,
          },
    )
  } catch (error) {
    const remedy = 'Check DATABASE_URL, and whether PostgreSQL runs; then run `countersign migrate`.'
    return [{ check: 'database', mark: 'BAD', finding: `It cannot be used: ${wordsOf(error)}`, remedy }]
  }
  return [...findings, await jobStoreOf(patient)]
}

async function jobStoreOf(patient: Patient): Promise<Finding> {
  const check = 'job store'
  try {
    const kind = await patient.jobStore()
    if (kind === 'mongodb') return { check, mark: 'OK', finding: 'MongoDB answers.', remedy: null }
    const made = await hasSchema(await patient.database(), JOB_SCHEMA)
    const finding = `PostgreSQL keeps the ticks (schema ${JOB_SCHEMA}${made ? '' : ', made with the first start'}).`
    return { check, mark: 'OK', finding, remedy: null }
  } catch (error) {
    return { check, mark: 'BAD', finding: wordsOf(error), remedy: 'Check MONGODB_URL, or remove it to use PostgreSQL.' }
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const MARKS: Record<Finding['mark'], string> = { OK: '✓', WARN: '!', BAD: '✗' }

/** The findings for a terminal: a line each, and the remedy below it. */
export function findingLines(findings: Finding[]): string[] {
  const width = Math.max(...findings.map(({ check }) => check.length))
  return findings.flatMap(({ check, mark, finding, remedy }) => [
    `${MARKS[mark]} ${check.padEnd(width)}  ${finding}`,
    ...(remedy === null ? [] : [`${' '.repeat(width + 4)}→ ${remedy}`]),
  ])
}
