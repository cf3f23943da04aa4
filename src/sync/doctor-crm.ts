import { type Creatio, CreatioError } from '../creatio/creatio.ts'
import { validateProfile } from '../creatio/metadata-profile.ts'
import { LogStatus } from '../domain/log-row.ts'
import { reasonOf } from '../domain/reason.ts'
import { notUnderstoodRows } from '../storage/inspection.ts'
import { type Finding, type Patient, wordsOf } from './doctor-finding.ts'
import { isChangingSchema } from './doctor-profile.ts'
import { settingsFindings } from './doctor-settings.ts'

/** A clock that is further off than this confuses leases, tokens and the order of events. */
const CLOCK_SKEW_SECONDS_MAX = 5

/** Everything about the CRM: its address, sign-in, tables, rows and clock, and what its own integration is set to. */
export async function examineCrm(patient: Patient): Promise<Finding[]> {
  let crm: Creatio
  try {
    crm = await patient.crm()
  } catch (error) {
    return [{ check: 'CRM', mark: 'BAD', finding: wordsOf(error), remedy: 'Correct the settings of CREATIO_URL.' }]
  }
  const address = await addressOf(crm, patient)
  // Whoever is not there cannot be signed in to, and asking again would only wait for another timeout.
  if (address.some(({ mark }) => mark === 'BAD')) return address
  const signIn = await signInOf(crm)
  if (signIn.some(({ mark }) => mark === 'BAD')) return [...address, ...signIn]
  return [
    ...address,
    ...signIn,
    ...(await tablesOf(crm)),
    await readingOf(crm),
    ...(await strangersOf(crm, patient)),
    ...(await settingsOf(crm, patient)),
  ]
}

async function addressOf(crm: Creatio, patient: Patient): Promise<Finding[]> {
  try {
    const { pathStyle, clockSkewSeconds } = await crm.pingSite({ now: patient.now })
    const finding = `It answers; its paths are those of ${pathStyle}.`
    return [{ check: 'CRM', mark: 'OK', finding, remedy: null }, clockFinding('CRM clock', 'the CRM', clockSkewSeconds)]
  } catch (error) {
    const remedy = 'Check CREATIO_URL, the network, and whether the site is up.'
    return [{ check: 'CRM', mark: 'BAD', finding: sentence(error), remedy }]
  }
}

/** How far a clock may be off, in words. */
export function clockFinding(check: string, whose: string, skewSeconds: number | null): Finding {
  if (skewSeconds === null) {
    return { check, mark: 'WARN', finding: `Nobody can tell: ${whose} does not say what time it is.`, remedy: null }
  }
  const off = Math.abs(skewSeconds)
  if (off <= CLOCK_SKEW_SECONDS_MAX) {
    return { check, mark: 'OK', finding: `Ours agrees with that of ${whose} (${off} s apart).`, remedy: null }
  }
  const finding = `Ours is ${off} s ${skewSeconds > 0 ? 'behind' : 'ahead of'} that of ${whose}.`
  return { check, mark: 'WARN', finding, remedy: 'Set the clock of this machine by NTP.' }
}

const SIGN_INS: Record<Creatio['signInKind'], string> = {
  forms: 'with a name and a password',
  oauth: 'with OAuth client credentials',
}

/** The description of the tables is the first thing that needs a session. */
async function signInOf(crm: Creatio): Promise<Finding[]> {
  const check = 'CRM sign-in'
  const how = SIGN_INS[crm.signInKind]
  try {
    await crm.metadata()
  } catch (error) {
    if (error instanceof CreatioError && error.kind === 'password-refused') {
      const named =
        crm.signInKind === 'forms'
          ? 'CREATIO_USER_NAME and CREATIO_PASSWORD'
          : 'CREATIO_CLIENT_ID and CREATIO_CLIENT_SECRET'
      const remedy = `Correct ${named}. It is not tried again by itself, because five refusals lock the user.`
      return [{ check, mark: 'BAD', finding: `The CRM refused us (${how}): ${error.detail}`, remedy }]
    }
    const signedIn = error instanceof CreatioError && (error.kind === 'refused' || error.kind === 'not-understood')
    if (!signedIn) {
      return [
        { check, mark: 'BAD', finding: sentence(error), remedy: 'Check the user of the CRM and its rights to OData.' },
      ]
    }
  }
  return [{ check, mark: 'OK', finding: `Signed in ${how}.`, remedy: null }]
}

async function tablesOf(crm: Creatio): Promise<Finding[]> {
  const check = 'rights and columns'
  try {
    const problems = validateProfile(crm.profile, await crm.metadata())
    if (problems.length === 0) {
      const finding =
        'Every table, column and lookup of the profile is there. Whether we may write is not tried by writing.'
      return [{ check, mark: 'OK', finding, remedy: null }]
    }
    return problems.map(({ sentence: finding, remedy, stops }) => ({
      check,
      mark: stops === null ? 'WARN' : 'BAD',
      finding: stops === null ? finding : `${finding} Without it ${stops} cannot be read.`,
      remedy,
    }))
  } catch (error) {
    const changing = isChangingSchema(error)
    return [
      {
        check,
        mark: 'WARN',
        finding: `The CRM does not describe its tables: ${sentence(error)}`,
        remedy: changing
          ? 'Its schema has just been changed: ask again in two minutes.'
          : 'Allow its user to read $metadata.',
      },
    ]
  }
}

/** Reads one row of the order log and its order, with every column that the road reads. */
async function readingOf(crm: Creatio): Promise<Finding> {
  const check = 'order log'
  try {
    const { rows } = await crm.logRows({ statuses: Object.values(LogStatus), after: null, limit: 1 })
    const orders = await crm.orders(rows.flatMap(({ recordId }) => recordId ?? []))
    const finding =
      rows.length === 0
        ? 'It can be read, and is empty.'
        : `It can be read${orders.size > 0 ? ', and so can its orders' : ''}.`
    return { check, mark: 'OK', finding, remedy: null }
  } catch (error) {
    const remedy = "Give the CRM's user the right to read the order log and its orders, or correct the profile."
    return { check, mark: 'BAD', finding: `It cannot be read: ${sentence(error)}`, remedy }
  }
}

const STRANGER = { status: 'STATUS_UNKNOWN', type: 'TYPE_UNKNOWN', action: 'ACTION_UNKNOWN' } as const

/** Rows that nobody here understands: those in the CRM now, and those that were read before. */
async function strangersOf(crm: Creatio, patient: Patient): Promise<Finding[]> {
  const check = 'lookup values'
  const findings: Finding[] = []
  try {
    for (const { column, rows, values } of await crm.unknownLookups()) {
      const finding = `${rows} log rows have a ${column} that the profile does not know: ${values.join(', ')}.`
      const { remedy } = reasonOf(STRANGER[column])
      findings.push({ check, mark: 'WARN', finding, remedy })
    }
  } catch (error) {
    findings.push({ check, mark: 'WARN', finding: `They could not be counted: ${sentence(error)}`, remedy: null })
  }
  const read = await patient
    .database()
    .then(notUnderstoodRows)
    .catch(() => null)
  if (read && read.rows > 0) {
    const finding = `${read.rows} log rows were read and not understood: ${read.values.join(', ')}.`
    const { remedy } = reasonOf('ACTION_UNKNOWN')
    findings.push({ check, mark: 'WARN', finding, remedy })
  }
  return findings.length > 0
    ? findings
    : [
        {
          check,
          mark: 'OK',
          finding: 'The profile knows every status, type and action in the order log.',
          remedy: null,
        },
      ]
}

async function settingsOf(crm: Creatio, patient: Patient): Promise<Finding[]> {
  try {
    const settings = await crm.quickBooksSettings()
    return settingsFindings(settings, await patient.road().catch(() => null))
  } catch (error) {
    const finding = `The settings of the CRM's own integration could not be read: ${sentence(error)}`
    return [{ check: 'CRM settings', mark: 'WARN', finding, remedy: null }]
  }
}

function sentence(error: unknown): string {
  const words = wordsOf(error)
  return /[.!?…]$/.test(words) ? words : `${words}.`
}
