import type { ExplanationCheck } from '../domain/explanation.ts'
import { crmCheck, lookAlikes, no, ok, type saidBy, unknown, waits } from './explain-check.ts'
import type { CustomerFacts } from './explain-facts.ts'
import { postingChecks } from './explain-posting.ts'
import { problemsOf } from './validate.ts'

/** Every check about a customer, in the order of its road. */
export function customerChecks(facts: CustomerFacts): ExplanationCheck[] {
  const { account } = facts
  return [
    crmCheck(facts.crmTrouble),
    existsCheck(facts),
    ...(account
      ? [nameCheck(facts), linkCheck(facts), ...postingChecks(facts), waitingCheck(facts), crmKnowsCheck(facts)]
      : []),
  ]
}

/** The name that QuickBooks lists it under. */
export function customerName({ account, number }: CustomerFacts): string {
  return account?.otherName ?? account?.name ?? number
}

function existsCheck({ account, search, number, crmTrouble }: CustomerFacts): ExplanationCheck {
  const question = 'Does the account exist?'
  if (crmTrouble) return unknown(question, { answer: 'The CRM could not be asked.' })
  if (!account) {
    return no(question, {
      answer: `The CRM has no account named "${number}".${lookAlikes(search.near.map(({ name }) => name))}`,
      remedy: 'Look its name up in the CRM.',
    })
  }
  const others =
    search.found.length > 1 ? ` ${search.found.length} accounts bear this name; this is about the first.` : ''
  return ok(question, { answer: `Yes: account "${account.name ?? ''}".${others}` })
}

function nameCheck(facts: CustomerFacts): ExplanationCheck {
  const question = 'Can it be a customer of QuickBooks?'
  const { account, connection, limits } = facts
  const name = customerName(facts)
  if (!connection || !limits) return unknown(question, { answer: 'There is no QuickBooks connection to ask.' })
  const document = { kind: 'CUSTOMER' as const, sourceId: account?.id ?? '', name }
  const problems = problemsOf(document, { rules: { connection, limits } })
  if (problems.length === 0) return ok(question, { answer: `Yes: it is listed as "${name}".` })
  return no(question, {
    answer: `No: ${problems.map((each) => each.problem).join('; ')}.`,
    remedy: problems.map((each) => each.remedy).join(' '),
    problems,
  })
}

function linkCheck({ customerId, posting }: CustomerFacts): ExplanationCheck {
  const question = 'Does QuickBooks know it?'
  if (customerId) return ok(question, { answer: `Yes: it is QuickBooks customer ${customerId}.` })
  if (posting)
    return posting.quickBooksId
      ? ok(question, { answer: `Yes: ${posting.quickBooksId}.` })
      : no(question, { answer: 'Not yet.' })
  return unknown(question, {
    answer: 'Nobody has asked yet: with its first order it is found by its name, or created. No order, no customer.',
  })
}

function waitingCheck({ waiting }: CustomerFacts): ExplanationCheck {
  const question = 'Do orders wait for it?'
  if (waiting.count === 0) return ok(question, { answer: 'None.' })
  const named = waiting.orderNumbers.join(', ')
  return waits(question, {
    answer: `${waiting.count}: ${named}${waiting.count > waiting.orderNumbers.length ? '…' : ''}.`,
  })
}

function crmKnowsCheck({ account, customerId, posting }: CustomerFacts): ExplanationCheck {
  const question = 'Does the CRM know?'
  const ours = posting?.quickBooksId ?? customerId
  const theirs = account?.quickBooksId ?? null
  if (ours === null) {
    return theirs === null
      ? unknown(question, { answer: 'There is nothing to know yet.' })
      : unknown(question, { answer: `The CRM says ${theirs}; Countersign has never seen that record.` })
  }
  if (theirs === ours) return ok(question, { answer: `Yes: its account has the id ${ours}.` })
  // A customer that was found by its name is only linked; only one that was created is told to the CRM.
  if (!posting)
    return unknown(question, { answer: 'It was found in QuickBooks by its name, which the CRM is not told.' })
  return posting.writtenBackAt
    ? no(question, {
        answer: `Its account has ${theirs ?? 'no id'} instead of ${ours}.`,
        remedy: `Set its QuickBooks id to ${ours}.`,
      })
    : waits(question, { answer: 'It is told next.' })
}

/** The first thing that keeps it out, for the verdict. */
export function customerRefusal(facts: CustomerFacts): ReturnType<typeof saidBy> | null {
  const found = customerChecks(facts).find(({ result }) => result === 'NO')
  return found ? { answer: found.answer, remedy: found.remedy } : null
}
