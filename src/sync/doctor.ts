import { databaseVersion, hasSchema } from '../storage/inspection.ts'
import { JOB_SCHEMA } from '../storage/job-store.ts'
import { databaseTrouble } from '../storage/status.ts'
import { examineCrm } from './doctor-crm.ts'
import { type Finding, type Patient, wordsOf } from './doctor-finding.ts'
import { examineQuickBooks } from './doctor-quickbooks.ts'

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
