import { randomBytes } from 'node:crypto'
import type { Author } from '../domain/access.ts'
import type { Connection } from '../domain/connection.ts'
import { type Environment, LedgerKind } from '../domain/kinds.ts'
import { reasonOf } from '../domain/reason.ts'
import type { SignInAttempt } from '../domain/sign-in.ts'
import type { CompanyCheck } from '../ledgers/ledger.ts'
import { writeAudit } from '../storage/audit.ts'
import { connectionOfRealm, ensureOnlineConnection, findConnection, saveCompany } from '../storage/connections.ts'
import type { Database } from '../storage/database.ts'
import type { Seal } from '../storage/seal.ts'
import { beginSignIn, isKeyOpen, takeSignIn } from '../storage/sign-in-attempts.ts'
import { type OpenTokens, type Renewal, replaceTokens } from '../storage/tokens.ts'
import { later } from './road.ts'

const STATE_SECONDS = 600

/** What came of asking Intuit for the tokens of a company. */
type Failure = Exclude<Renewal, { tokens: OpenTokens }>

/** Intuit, where companies are connected, as its ledger speaks to it; handed in, because the road knows no dialect. */
export interface Intuit {
  environment: Environment
  authorizeUrl(state: string): string
  take(redirect: {
    url: string
    state: string
  }): Promise<{ kind: 'granted'; realmId: string; tokens: OpenTokens } | Failure>
  adopt(refreshToken: string): Promise<{ kind: 'renewed'; tokens: OpenTokens } | Failure>
  check(args: { realmId: string; tokens: OpenTokens }): Promise<CompanyCheck>
  revoke(tokens: OpenTokens): Promise<{ revoked: true } | { revoked: false; detail: string }>
  /** The access to a connection's own tokens: see `Access.renew`. */
  renew(connection: Connection, args: { cause: 'SCHEDULE' | 'PERSON'; secondsLeft: number }): Promise<Renewal>
}

export interface Reception {
  database: Database
  seal: Seal
  intuit: Intuit
  now: () => Date
  /** Called when there may be new work. */
  wake: () => void
}

/** The environment is not the one that our client at Intuit is for. */
export class WrongEnvironment extends Error {
  constructor({ asked, ours }: { asked: Environment; ours: Environment }) {
    super(
      `This Countersign is set up for ${ours} (QUICKBOOKS_ENVIRONMENT), and a ${asked} company cannot be connected to it: the two are never mixed.`,
    )
    this.name = 'WrongEnvironment'
  }
}

/** Where an admin goes to connect a company, and until when that way is open. Throws WrongEnvironment. */
export async function startConnecting(
  { database, intuit, now }: Reception,
  args: { environment: Environment; connectionId: string | null; author: Author },
): Promise<{ url: string; expiresAt: Date }> {
  if (args.environment !== intuit.environment) {
    throw new WrongEnvironment({ asked: args.environment, ours: intuit.environment })
  }
  const state = randomBytes(32).toString('base64url')
  const expiresAt = later(now(), STATE_SECONDS)
  await beginSignIn(database, { ...args, state, now: now(), expiresAt })
  return { url: intuit.authorizeUrl(state), expiresAt }
}

/** What came of connecting, in words for the admin. */
export type Connecting =
  | { kind: 'connected'; connectionId: string; company: string; realmId: string }
  | { kind: 'refused'; sentence: string; remedy: string }

const refusal = (sentence: string, remedy = 'Start again with connectQuickBooksOnline.'): Connecting => ({
  kind: 'refused',
  sentence,
  remedy,
})

const NOT_OURS = {
  unknown: 'Countersign did not ask for this answer, or has forgotten that it did.',
  used: 'This answer of QuickBooks was used already; it serves once.',
  expired: `The answer of QuickBooks came too late: the way there is open for ${STATE_SECONDS / 60} minutes.`,
}

/**
 * Takes the admin in who comes back from Intuit: the state must be one that was given out, the realm one that may be
 * connected, and the tokens must belong to it. What may not be kept is given back to Intuit. Never throws for what the
 * browser or Intuit sent.
 */
export async function finishConnecting(reception: Reception, { url }: { url: string }): Promise<Connecting> {
  const { database, now } = reception
  const query = new URL(url, 'http://localhost').searchParams
  const state = query.get('state') ?? ''
  const attempt = await takeSignIn(database, { state, now: now() })
  if (typeof attempt === 'string') return refusal(NOT_OURS[attempt])
  const result = await receive(reception, { attempt, url, state, wasDeclined: query.has('error') })
  await writeAudit(database, {
    author: attempt.author,
    keyId: attempt.authorKeyId,
    connectionIds: result.kind === 'connected' ? [result.connectionId] : null,
    action: 'quickBooksCallback',
    subject:
      result.kind === 'connected' ? `connection ${result.connectionId}, realm ${result.realmId}` : result.sentence,
    result: result.kind === 'connected' ? 'OK' : 'ERROR',
    now: now(),
  })
  if (result.kind === 'connected') reception.wake()
  return result
}

async function receive(
  reception: Reception,
  args: { attempt: SignInAttempt; url: string; state: string; wasDeclined: boolean },
): Promise<Connecting> {
  const { database, intuit, now } = reception
  const { attempt, url, state } = args
  if (attempt.authorKeyId && !(await isKeyOpen(database, { keyId: attempt.authorKeyId, now: now() }))) {
    return refusal('The API key that asked for this connection was closed meanwhile.')
  }
  if (args.wasDeclined) {
    return refusal('QuickBooks was not allowed to let Countersign in: the request was declined there.')
  }
  const grant = await intuit.take({ url, state })
  if (grant.kind !== 'granted') return refusal(...wordsOf(grant))
  const { realmId, tokens } = grant
  const conflict = await conflictOf(reception, { attempt, realmId })
  if (conflict) return turnAway(intuit, { tokens, problem: conflict })
  const company = await intuit.check(grant)
  const misfit = misfitOf(company, { realmId })
  if (misfit) return turnAway(intuit, { tokens, problem: misfit })
  return admit(reception, { realmId, tokens, company, environment: attempt.environment, cause: 'CONNECT' })
}

/** Gives back to Intuit what may not be kept. */
async function turnAway(
  intuit: Intuit,
  { tokens, problem }: { tokens: OpenTokens; problem: Problem },
): Promise<Connecting> {
  const given = await intuit.revoke(tokens)
  const left = given.revoked
    ? 'What QuickBooks had given was given back.'
    : `QuickBooks could not be told to take back what it had given (${given.detail}): remove the app there.`
  return refusal(problem.sentence, `${problem.remedy} Nothing was kept. ${left}`)
}

interface Problem {
  sentence: string
  remedy: string
}

/** Why this company may not be connected in this way. */
async function conflictOf(
  { database, intuit }: Reception,
  { attempt, realmId }: { attempt: Pick<SignInAttempt, 'environment' | 'connectionId'>; realmId: string },
): Promise<Problem | null> {
  const found = await connectionOfRealm(database, realmId)
  if (attempt.environment !== intuit.environment || (found && found.environment !== attempt.environment)) {
    const is = found?.environment ?? intuit.environment
    return {
      sentence: `Company ${realmId} is ${is.toLowerCase()} here, and cannot be connected as ${attempt.environment.toLowerCase()}.`,
      remedy: 'A company never leaves its environment: connect it as what it is.',
    }
  }
  const wanted = attempt.connectionId ? await findConnection(database, { id: attempt.connectionId }) : null
  if (wanted && wanted.realmId !== realmId) {
    return {
      sentence: `"${wanted.name}" is company ${wanted.realmId}, and company ${realmId} was chosen in QuickBooks.`,
      remedy: `Start again, and choose company ${wanted.realmId} there.`,
    }
  }
  return null
}

/** Whether the tokens belong to the company: which it is was only said by a browser, or by whoever typed it. */
function misfitOf(company: CompanyCheck, { realmId }: { realmId: string }): Problem | null {
  if (!company.stop) return null
  const { sentence, remedy } = reasonOf(company.stop.reason, company.stop.detail)
  return { sentence: `Company ${realmId} does not answer with these tokens. ${sentence}`, remedy }
}

/** Keeps the tokens of a company that may be connected; all or nothing. */
async function admit(
  { database, seal, now }: Reception,
  args: {
    realmId: string
    tokens: OpenTokens
    company: CompanyCheck
    environment: Environment
    cause: 'CONNECT' | 'IMPORT'
  },
): Promise<Connecting & { kind: 'connected' }> {
  const { realmId, tokens, environment, cause } = args
  const { companyName: company, currency } = args.company
  return database.transaction(async (transaction) => {
    const { id } = await ensureOnlineConnection(transaction, {
      kind: LedgerKind.QUICKBOOKS_ONLINE,
      name: company,
      environment,
      realmId,
      now: now(),
    })
    await replaceTokens(transaction, { connectionId: id, seal, tokens, cause, now: now() })
    await saveCompany(transaction, { id, name: company, currency, now: now() })
    return { kind: 'connected', connectionId: id, company, realmId }
  })
}

/** Hands in a refresh token from elsewhere. It is used up by that; what grows from it is kept, if it belongs to the company. */
export async function importToken(
  reception: Reception,
  { realmId, environment, refreshToken }: { realmId: string; environment: Environment; refreshToken: string },
): Promise<Connecting> {
  const { intuit } = reception
  const conflict = await conflictOf(reception, { attempt: { environment, connectionId: null }, realmId })
  if (conflict) return refusal(conflict.sentence, `${conflict.remedy} Nothing was sent.`)
  const adopted = await intuit.adopt(refreshToken)
  if (adopted.kind !== 'renewed') return refusal(...wordsOf(adopted))
  const { tokens } = adopted
  const company = await intuit.check({ realmId, tokens })
  const misfit = misfitOf(company, { realmId })
  if (misfit) return refusal(misfit.sentence, misfit.remedy)
  return admit(reception, { realmId, tokens, company, environment, cause: 'IMPORT' })
}

function wordsOf(failure: Failure): [string, string] {
  if (failure.kind === 'unreachable') {
    return [`QuickBooks could not be asked: ${failure.detail}.`, 'Nothing was changed. Start again when it answers.']
  }
  const { sentence, remedy } = reasonOf(failure.reason, { detail: failure.detail })
  return [sentence, `Nothing was changed. ${failure.reason === 'RECONNECT' ? 'Start again.' : remedy}`]
}
