import { v7 as uuidv7 } from 'uuid'
import type { Connection } from '../domain/connection.ts'
import { ConnectionState, ExchangePurpose } from '../domain/kinds.ts'
import { LinkKind } from '../domain/link.ts'
import { reasonOf } from '../domain/reason.ts'
import type { Answer, CompanyCheck, Outcome } from '../ledgers/ledger.ts'
import { listConnections } from '../storage/connections.ts'
import { findWebConnectorUsers } from '../storage/web-connector.ts'
import { checkRecorded } from './company.ts'
import { clockFinding } from './doctor-crm.ts'
import { type Finding, type Patient, wordsOf } from './doctor-finding.ts'
import { addressFindings, webConnectorFinding } from './doctor-web-connector.ts'
import type { Road } from './road.ts'
import { readRecorded } from './send.ts'

/** Everything about the companies: sign-in, name, preferences, accounts and clock. Two or three reads for each. */
export async function examineQuickBooks(patient: Patient): Promise<Finding[]> {
  let road: Road
  let connections: Connection[]
  try {
    road = await patient.road()
    connections = await listConnections(road.database)
  } catch (error) {
    const finding = `It was not asked: ${wordsOf(error)}`
    return [
      { check: 'QuickBooks', mark: 'BAD', finding, remedy: 'Correct this first; the tokens are kept in the database.' },
    ]
  }
  if (connections.length === 0) {
    const remedy = 'Connect a QuickBooks company (QUICKBOOKS_REALM_ID).'
    return [{ check: 'QuickBooks', mark: 'BAD', finding: 'There is no connection yet.', remedy }]
  }
  const callers = connections.filter((connection) => road.ledgerOf(connection).mailbox)
  const users = await findWebConnectorUsers(road.database, { connectionIds: callers.map(({ id }) => id) })
  const findings = await Promise.all(
    connections.map((connection) => {
      if (!callers.includes(connection)) return examineConnection(road, connection)
      const user = users.find(({ connectionId }) => connectionId === connection.id) ?? null
      return [...stateFinding(connection), webConnectorFinding({ connection, user, now: patient.now() })]
    }),
  )
  return [...(callers.length > 0 ? addressFindings(patient.publicAddress()) : []), ...findings.flat()]
}

async function examineConnection(road: Road, connection: Connection): Promise<Finding[]> {
  const company = await checkRecorded(road, { connection })
  const token = 'QuickBooks token'
  if (company.stop) {
    const { sentence, remedy } = reasonOf(company.stop.reason, company.stop.detail)
    const check = SIGN_IN_REASONS.includes(company.stop.reason) ? token : 'QuickBooks'
    return [...stateFinding(connection), { check, mark: 'BAD', finding: sentence, remedy }]
  }
  return [
    ...stateFinding(connection),
    { check: token, mark: 'OK', finding: 'QuickBooks accepts our sign-in.', remedy: null },
    companyFinding(connection, company),
    numbersFinding(company),
    taxFinding(company),
    await discountAccountFinding(road, connection),
    clockFinding('QuickBooks clock', 'QuickBooks', company.clockSkewSeconds),
  ]
}

const SIGN_IN_REASONS: string[] = ['RECONNECT', 'CLIENT_CONFIGURATION', 'TOKEN_EXPIRED']

/** A connection that works says nothing of its state. */
function stateFinding({ name, state, stateReason }: Connection): Finding[] {
  const check = 'connection'
  switch (state) {
    case ConnectionState.ACTIVE:
      return []
    case ConnectionState.PAUSED:
      return [{ check, mark: 'WARN', finding: `"${name}" was paused by a person.`, remedy: 'Resume the connection.' }]
    case ConnectionState.STOPPED: {
      // What stopped it may have passed: the other findings say what is the case now.
      const finding = `"${name}" is stopped: ${stateReason?.sentence ?? 'nobody noted why.'}`
      return [{ check, mark: 'WARN', finding, remedy: stateReason?.remedy ?? null }]
    }
  }
}

function companyFinding({ realmId, environment, currency: ours }: Connection, company: CompanyCheck): Finding {
  const { companyName, currency } = company
  const finding = `"${companyName}", company ${realmId ?? 'without a realm'}, ${environment.toLowerCase()}, ${currency}.`
  const moved = ours !== currency ? ` Its connection still says ${ours}; the next round of work corrects it.` : ''
  return { check: 'company', mark: moved ? 'WARN' : 'OK', finding: finding + moved, remedy: null }
}

function numbersFinding({ customTransactionNumbers }: CompanyCheck): Finding {
  const check = 'custom numbers'
  if (customTransactionNumbers) return { check, mark: 'OK', finding: 'Documents keep our numbers.', remedy: null }
  const { sentence, remedy } = reasonOf('CUSTOM_NUMBERS_OFF')
  return { check, mark: 'BAD', finding: sentence, remedy }
}

function taxFinding({ salesTax }: CompanyCheck): Finding {
  const check = 'sales tax'
  switch (salesTax) {
    case 'AUTOMATED':
      return {
        check,
        mark: 'OK',
        finding: 'QuickBooks computes it by itself; the tax that an order states is kept.',
        remedy: null,
      }
    case 'BY_RATE':
      return { check, mark: 'OK', finding: 'It is on, by rates.', remedy: null }
    case 'OFF': {
      const remedy = 'Switch sales tax on in QuickBooks, unless no order is ever taxed.'
      return { check, mark: 'WARN', finding: 'It is off: orders with tax cannot be posted as they are.', remedy }
    }
    case null:
      return { check, mark: 'WARN', finding: 'It could not be asked.', remedy: null }
  }
}

async function discountAccountFinding(road: Road, connection: Connection): Promise<Finding> {
  const check = 'discount account'
  const name = connection.discountAccountName
  const outcome = await lookUpAccount(road, connection)
  if (outcome?.kind !== 'found') {
    const why = outcome && 'reason' in outcome ? reasonOf(outcome.reason, outcome.detail).sentence : 'no answer.'
    return { check, mark: 'WARN', finding: `"${name}" could not be looked up: ${why}`, remedy: null }
  }
  const there = outcome.records.some((record) => record.active && record.name?.toLowerCase() === name.toLowerCase())
  if (there) return { check, mark: 'OK', finding: `"${name}" is there and active.`, remedy: null }
  const finding = `QuickBooks has no active account "${name}": orders with a discount cannot be posted.`
  const remedy = `Create the account "${name}" in the QuickBooks chart of accounts, or make it active there.`
  return { check, mark: 'BAD', finding, remedy }
}

/** One look-up outside of any posting; it writes nothing, so no lane is needed. */
async function lookUpAccount(road: Road, connection: Connection): Promise<Outcome | undefined> {
  const ledger = road.ledgerOf(connection)
  const id = uuidv7()
  const values = [connection.discountAccountName]
  const request = ledger.encode({ kind: 'LOOK_UP', entity: LinkKind.ACCOUNT, by: 'NAME', values })
  const exchange = { ...request, id, position: 0, idempotencyKey: id, purpose: ExchangePurpose.LOOK_UP }
  const [envelope] = ledger.pack([exchange])
  if (!envelope) return undefined
  const outcomeOf = (answer: Answer) => ledger.decode([exchange], answer).get(id)?.outcome
  const meaning = (answer: Answer) => outcomeOf(answer)?.kind ?? 'unknown'
  return outcomeOf(await readRecorded(road, { connection, envelope, meaning }))
}
