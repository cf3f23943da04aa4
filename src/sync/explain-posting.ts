import { isShadow } from '../domain/connection.ts'
import type { ExplanationCheck } from '../domain/explanation.ts'
import { ConnectionState, ExchangePurpose, PostingKind, Verification, WaitingFor } from '../domain/kinds.ts'
import type { Posting } from '../domain/posting.ts'
import { reasonOf } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { at, no, ok, unknown, waits } from './explain-check.ts'
import type { PostingFacts } from './explain-facts.ts'
import { assertNever } from './road.ts'

/** The checks from the posting on, which are the same for an order and a customer. */
export function postingChecks(facts: PostingFacts): ExplanationCheck[] {
  return [connectionCheck(facts), ...(facts.posting ? [stateCheck(facts.posting, facts), answerCheck(facts)] : [])]
}

function connectionCheck({ connection }: PostingFacts): ExplanationCheck {
  const question = 'May the connection post?'
  if (connection === null) {
    return no(question, { answer: 'There is no QuickBooks connection yet.', remedy: 'Connect a QuickBooks company.' })
  }
  const named = `"${connection.name}" (${connection.environment.toLowerCase()})`
  const reason = connection.stateReason
  switch (connection.state) {
    case ConnectionState.ACTIVE:
      if (isShadow(connection))
        return no(question, { answer: `${named} is in shadow mode.`, remedy: 'Let it write: setConnectionMode.' })
      return connection.readOnly
        ? no(question, { answer: `${named} is read only.`, remedy: 'Allow it to write, or route the order elsewhere.' })
        : ok(question, { answer: `${named} is active.` })
    case ConnectionState.PAUSED:
      return no(question, { answer: `${named} was paused by a person.`, remedy: 'Resume the connection.' })
    case ConnectionState.STOPPED:
      return no(question, {
        answer: `${named} is stopped. ${reason?.sentence ?? ''}`.trim(),
        remedy: reason?.remedy ?? null,
      })
    default:
      return assertNever(connection.state)
  }
}

function stateCheck(posting: Posting, facts: PostingFacts): ExplanationCheck {
  const question = 'Where does its posting stand?'
  const reason = posting.reason
  const said = {
    answer: `${posting.state}: ${reason?.sentence ?? 'no reason is noted.'}`,
    remedy: reason?.remedy ?? null,
    problems: posting.problems,
  }
  switch (posting.state) {
    case PostingState.PENDING:
      return waits(question, { answer: `PENDING: ${waitingText(posting, facts)}` })
    case PostingState.CLAIMED:
      return waits(question, { answer: 'CLAIMED: it is being worked on; nothing of it was sent yet.' })
    case PostingState.SENT:
      return waits(question, { answer: `SENT at ${at(posting.sentAt)}: the answer is awaited.` })
    case PostingState.UNKNOWN:
      return waits(question, {
        answer: `UNKNOWN: ${reason?.sentence ?? 'the answer was lost.'} Looks that found nothing so far: ${posting.absences}; the next is due ${posting.notBefore ? `at ${at(posting.notBefore)}` : 'now'}.`,
      })
    case PostingState.POSTED:
      return waits(question, { answer: `POSTED at ${at(posting.postedAt)}: the CRM is told next.` })
    case PostingState.PROCESSED:
      return ok(question, { answer: `PROCESSED at ${at(posting.processedAt)}, ${verifiedText(posting)}.` })
    case PostingState.MISMATCHED:
      return no(question, { answer: `MISMATCHED: ${bothSides(posting)}`, remedy: reason?.remedy ?? null })
    case PostingState.FAILED:
    case PostingState.SKIPPED:
    case PostingState.CANCELLED:
      return no(question, said)
    default:
      return assertNever(posting.state)
  }
}

export function waitingText(posting: Posting, { blocker, now }: PostingFacts): string {
  const until = posting.notBefore && posting.notBefore > now ? `, not before ${at(posting.notBefore)}` : ''
  const because = posting.reason ? ` ${posting.reason.sentence}` : ''
  if (blocker) {
    const what = blocker.kind === PostingKind.ITEM ? 'the new item' : 'its new customer'
    return `it waits for ${what} "${blocker.documentNumber ?? ''}", whose posting is ${blocker.state}.`
  }
  switch (posting.waitingFor) {
    case null:
      return `it waits for its turn${until}.${because}`
    case WaitingFor.CUSTOMER:
      return `it waits for its new customer${until}.${because}`
    case WaitingFor.ITEM:
      return `it waits for a new item${until}.${because}`
    case WaitingFor.DOCUMENT:
      return `it waits for the document that it names${until}.${because}`
    case WaitingFor.QUICKBOOKS:
      return `it waits for QuickBooks${until}.${because}`
    case WaitingFor.TOKEN:
      return `it waits for a fresh access token${until}.${because}`
    case WaitingFor.CRM:
      return `it waits for the CRM${until}.${because}`
    case WaitingFor.WEB_CONNECTOR:
      return `it waits for the Web Connector at the office to call${until}.${because}`
    default:
      return assertNever(posting.waitingFor)
  }
}

export function verifiedText(posting: Posting): string {
  const record = posting.adopted ? 'QuickBooks had it already; the record' : 'the record that QuickBooks returned'
  return posting.verification === Verification.EQUAL
    ? `${record} equals it to the penny (seen ${at(posting.verifiedAt)})`
    : `${posting.acceptedBy ?? 'a person'} accepted its difference (${at(posting.verifiedAt)}): ${posting.acceptanceNote ?? 'no note'}`
}

/** Both sides of a mismatch: each difference names the CRM's value first, then QuickBooks'. */
export function bothSides(posting: Posting): string {
  const { reasonCode, reasonDetail } = posting
  if (reasonCode !== 'INVOICE_DIFFERS') return posting.reason?.sentence ?? 'QuickBooks has something else.'
  const theirs = reasonDetail?.quickBooksId ? ` (QuickBooks id ${reasonDetail.quickBooksId})` : ''
  const ours =
    posting.total === null ? 'the CRM' : `the CRM (total ${posting.total} ${posting.currency ?? ''})`.replace(' )', ')')
  return `${ours} and QuickBooks${theirs} differ; the CRM's side first: ${reasonDetail?.differences ?? 'unknown'}.`
}

const OUTCOMES: Record<string, string> = {
  posted: 'accepted',
  taken: 'refused, because QuickBooks has that number or name already',
  rejected: 'refused',
  deferred: 'put off',
  stopped: 'refused for the whole connection',
  unknown: 'left open',
}

function answerCheck({ posting, exchanges }: PostingFacts): ExplanationCheck {
  const question = 'What did QuickBooks answer?'
  const [last] = exchanges
  if (!last) {
    const never = posting?.quickBooksId ? 'It was found in QuickBooks by a look-up.' : 'Nothing was sent yet.'
    return posting?.quickBooksId ? ok(question, { answer: never }) : unknown(question, { answer: never })
  }
  const tries = exchanges.filter(({ exchange }) => exchange.purpose === ExchangePurpose.POST).length
  const { exchange, delivery } = last
  const outcome = exchange.outcome
    ? (OUTCOMES[exchange.outcome] ?? exchange.outcome)
    : delivery?.lostReason
      ? 'lost'
      : 'not answered yet'
  const how = delivery?.status ? `HTTP ${delivery.status}` : (delivery?.lostReason ?? 'no status')
  const tid = delivery?.intuitTid ? `, intuit_tid ${delivery.intuitTid}` : ''
  const sent = delivery?.sentAt ? `sent ${at(delivery.sentAt)}` : 'never sent'
  const answer = `${tries} ${tries === 1 ? 'try' : 'tries'}; the last exchange (${exchange.operation}, ${sent}) was ${outcome}: ${how}${tid}.`
  return exchange.outcome === 'posted' || exchange.outcome === 'found'
    ? ok(question, { answer })
    : unknown(question, { answer })
}

/** What a posting's reason says; nothing when it has none. */
export function reasonSentence(posting: Posting): string {
  return posting.reasonCode ? reasonOf(posting.reasonCode, posting.reasonDetail ?? {}).sentence : ''
}
