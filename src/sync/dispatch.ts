import { v4 as uuidv4 } from 'uuid'
import { CreatioError } from '../creatio/creatio-error.ts'
import type { Connection } from '../domain/connection.ts'
import { isSale } from '../domain/document.ts'
import { WaitingFor } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { CLOSED_PERIOD, problemsIn, SALES_TAX_OFF } from '../domain/problem.ts'
import type { ReasonDetail } from '../domain/reason.ts'
import { resolveDependents } from '../storage/dependents.ts'
import type { Lane } from '../storage/lanes.ts'
import { claimPostings, releaseClaim } from '../storage/postings.ts'
import { adoptNamed } from './adopt-named.ts'
import { NotAnswered } from './ask.ts'
import { awaitTargets } from './await-targets.ts'
import { isOutage } from './crm-outage.ts'
import { deliver, NotAllowed } from './deliver.ts'
import { readDocuments } from './read-documents.ts'
import { mapReferences } from './references.ts'
import { lookBefore, lookUpTaken } from './rescue.ts'
import { later, type Road } from './road.ts'
import { setAside } from './set-aside.ts'
import type { MappedPosting, Step } from './step.ts'
import { mapTargets } from './targets.ts'
import { type Rules, validate, withOtherProblems } from './validate.ts'

const AGAIN_SECONDS = 30

interface Round {
  connection: Connection
  lane: Lane
  claimToken: string
  claimed: Posting[]
  delivering: (postings: MappedPosting[]) => void
}

/**
 * The road, from a claim to settled answers: one round for the postings of one connection that may go now. Gives how
 * many went; 0 as well when some had to be given back unsent, for the next round would fare no better.
 */
export async function dispatch(
  road: Road,
  args: {
    connection: Connection
    lane: Lane
    /** Told what goes, when all that is left of the round is to send it. */
    delivering?: (postings: MappedPosting[]) => void
  },
): Promise<number> {
  const { connection, lane, delivering = () => undefined } = args
  const claimToken = uuidv4()
  const { claimMax: limit } = road.limits
  const claimed = await claimPostings(road.database, { lane, limit, claimToken, now: road.now() })
  if (claimed.length === 0) {
    // What began to wait at the very moment when the other one was settled was told by nobody.
    const { freed } = await resolveDependents(road.database, { connectionId: connection.id, now: road.now() })
    return freed
  }
  let waitingFor: WaitingFor | null = null
  let givenBack = 0
  let goesOn = true
  try {
    await travel(road, { connection, lane, claimToken, claimed, delivering })
  } catch (error) {
    waitingFor = interruption(error)
    goesOn = false
    // An outage of the CRM is logged once, where it is noticed, and not with each round.
    if (!isOutage(error))
      road.log.warn({ connection: connection.name, waitingFor, error: String(error) }, 'a round was interrupted')
  } finally {
    const until = waitingFor ? later(road.now(), AGAIN_SECONDS) : null
    givenBack = await releaseClaim(road.database, { claimToken, waitingFor, until, now: road.now() })
  }
  // What could not be done for these cannot be done for the next ones either, yet.
  return goesOn && givenBack === 0 ? claimed.length : 0
}

/** Each step passes on what may go further, and sets aside the rest with a change of state that says why. */
async function travel(road: Road, round: Round): Promise<void> {
  const { connection, claimToken } = round
  const ready = async <T>(step: Step<T>, mapped: MappedPosting[] = []): Promise<T[]> => {
    await setAside(road, { connection, claimToken, aside: step.aside, mapped })
    return step.ready
  }
  const read = await ready(await readDocuments(road, round))
  const free = await ready(await awaitTargets(road, { connection, postings: read }))
  const [sales, others] = [free.filter(isOfSale), free.filter((posting) => !isOfSale(posting))]
  const { limits, problems } = road.ledgerOf(connection)
  const rules = { connection, limits, problems }
  const named = async (step: Step<MappedPosting>) => ready(withOtherProblems(step, { postings: free, rules }))
  const mapped = [
    ...(await named(await mapReferences(road, { ...round, postings: sales }))),
    ...(await named(await mapTargets(road, { ...round, postings: others }))),
  ]
  const posted = await ready(await adoptNamed(road, { ...round, postings: mapped }), mapped)
  const valid = await ready(await checked(road, { connection, mapped: posted, rules }))
  const fresh = await ready(await lookBefore(road, { ...round, postings: valid }), valid)
  round.delivering(valid)
  const taken = await deliver(road, { ...round, postings: fresh })
  await lookUpTaken(road, { ...round, taken })
}

/** A period that was closed may be open again, sales tax switched on: who kept that in mind asks once more before anything is refused for it. */
async function checked(
  road: Road,
  { connection, mapped, rules }: { connection: Connection; mapped: MappedPosting[]; rules: Rules },
): Promise<Step<MappedPosting>> {
  const first = validate(mapped, rules)
  const ledger = road.ledgerOf(connection)
  // Where QuickBooks calls, it has said so at the beginning of this very conversation.
  if (ledger.mailbox || !first.aside.some(({ reason }) => isKeptInMind(reason?.detail ?? null))) return first
  await ledger.check()
  return validate(mapped, rules)
}

function isKeptInMind(detail: ReasonDetail | null): boolean {
  return problemsIn(detail).some(({ field }) => field === CLOSED_PERIOD || field === SALES_TAX_OFF)
}

function isOfSale({ document }: Posting): boolean {
  return isSale(document)
}

/** What a round that was interrupted waits for; an error of our own is no reason to wait, and is thrown on. */
function interruption(error: unknown): WaitingFor | null {
  if (error instanceof NotAllowed) return null
  if (error instanceof CreatioError) return WaitingFor.CRM
  if (error instanceof NotAnswered) return WaitingFor.QUICKBOOKS
  throw error
}
