import { LogStatus } from '../domain/log-row.ts'
import type { Posting } from '../domain/posting.ts'
import { reasonOf } from '../domain/reason.ts'
import { PostingState } from '../domain/transitions.ts'
import { at, lookAlikes } from './explain-check.ts'
import { customerName, customerRefusal } from './explain-customer.ts'
import type { CustomerFacts, OrderFacts, PostingFacts } from './explain-facts.ts'
import { rowsRefusal } from './explain-order.ts'
import { bothSides, reasonSentence, verifiedText, waitingText } from './explain-posting.ts'
import { assertNever } from './road.ts'

/** The whole of an order in one sentence or two: in QuickBooks or not, and why. */
export function orderVerdict(facts: OrderFacts): string {
  const { posting, order, number } = facts
  if (posting) return `Order ${posting.orderNumber ?? number} ${postingVerdict(posting, facts)}`
  if (facts.crmTrouble) return `Nothing is known of ${number}: the CRM could not be asked, and it has no posting.`
  if (!order) {
    const refusal = rowsRefusal(facts)
    const near = lookAlikes(facts.search.near.map(({ name }) => name))
    return `The CRM has no order ${number}.${refusal ? ` A log row bears this name: ${refusal.answer}` : near}`
  }
  return `Order ${order.number ?? number} ${unpostedVerdict(facts)}`
}

/** What the CRM alone says of an order that has no posting. */
function unpostedVerdict(facts: OrderFacts): string {
  const { order, rows, reading } = facts
  const refusal = rowsRefusal(facts)
  if (order?.quickBooksId) {
    return `is in QuickBooks as ${order.quickBooksId} if the CRM is right: Countersign did not post it, and has not seen it there.`
  }
  if (refusal) return `is not in QuickBooks, and not meant to be: ${refusal.answer}`
  if (reading?.kind === 'not-eligible')
    return `is not in QuickBooks, and not meant to be: ${reasonOf(reading.reason, reading.detail).sentence}`
  const statuses = new Set(rows.map(({ status }) => status))
  if (rows.length === 0) return 'is not in QuickBooks: it has no log row, so nothing asked for it.'
  if (statuses.has(LogStatus.PENDING) || statuses.has(LogStatus.RE_PROCESS))
    return 'is not in QuickBooks yet: its log row is taken up with the next poll.'
  if (statuses.has(LogStatus.PROCESSING))
    return 'is not known to be in QuickBooks: its log row says Processing, and nobody here works on it; it is taken over when it has not changed for a while.'
  if (statuses.has(LogStatus.ERROR)) {
    const message = rows.find(({ status, message: words }) => status === 'ERROR' && words !== '')?.message
    return `is not known to be in QuickBooks: its log row says Error${message ? ` ("${message}")` : ''}. Set it to Re-Process to have it posted.`
  }
  if (statuses.has(null)) return 'is not in QuickBooks: its log row has a status that the profile does not know.'
  return 'is not proven to be in QuickBooks: its log row says Processed, but the CRM holds no QuickBooks id and Countersign has never posted it.'
}

/** What a posting says of its record; reads on from its name. */
function postingVerdict(posting: Posting, facts: PostingFacts): string {
  const reason = reasonSentence(posting)
  const remedy = posting.reason?.remedy ?? ''
  switch (posting.state) {
    case PostingState.PROCESSED:
      return `is in QuickBooks as ${posting.quickBooksId}, since ${at(posting.processedAt)}: ${verifiedText(posting)}, and the CRM was told.`
    case PostingState.POSTED:
      return `is in QuickBooks as ${posting.quickBooksId}; the CRM is being told.`
    case PostingState.PENDING:
      return `is on its way: ${waitingText(posting, facts)}`
    case PostingState.CLAIMED:
    case PostingState.SENT:
      return 'is on its way: it is being posted right now.'
    case PostingState.UNKNOWN:
      return `may be in QuickBooks: ${reason || 'the answer was lost; it is being looked up.'}`
    case PostingState.MISMATCHED:
      return `is not proven: ${bothSides(posting)} ${remedy}`.trim()
    case PostingState.FAILED:
      return posting.quickBooksId
        ? `is in QuickBooks as ${posting.quickBooksId}, but not finished: ${reason} ${remedy}`.trim()
        : `is not in QuickBooks: ${reason} ${remedy}`.trim()
    case PostingState.SKIPPED:
      return `is not in QuickBooks, and not meant to be: ${reason}`
    case PostingState.CANCELLED:
      return `is not in QuickBooks: its posting was called off. ${reason}`.trim()
    default:
      return assertNever(posting.state)
  }
}

/** The whole of a customer in one sentence or two. */
export function customerVerdict(facts: CustomerFacts): string {
  const { account, posting, number, customerId } = facts
  const name = `Customer "${customerName(facts)}"`
  if (facts.crmTrouble) return `Nothing is known of "${number}": the CRM could not be asked.`
  if (!account)
    return `The CRM has no account named "${number}".${lookAlikes(facts.search.near.map((one) => one.name))}`
  if (posting) return `${name} ${postingVerdict(posting, facts)}`
  if (customerId) return `${name} is in QuickBooks as ${customerId}: it was found there by its name.`
  const refusal = customerRefusal(facts)
  if (refusal) return `${name} is not in QuickBooks: ${refusal.answer}`
  return `${name} is not known to be in QuickBooks: no order of it has been posted yet, and QuickBooks was not asked.`
}
