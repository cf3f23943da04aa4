import type {
  AdjustmentKind,
  CommissionAdjustment,
  CommissionDispute,
  DisputeState,
} from '../domain/commission-case.ts'
import { isZero } from '../domain/money.ts'
import { addDisputeNote, findDispute, openDispute, saveAdjustment } from '../storage/commission-cases.ts'
import { openFrom } from '../storage/commission-periods.ts'
import { InvalidRequest } from '../storage/pages.ts'
import { lockCommission } from '../storage/payment-applications.ts'
import type { Books } from './books.ts'
import { assertDay } from './months.ts'
import { amountFrom, nameFrom } from './values.ts'

const NOTE_LENGTH_MAX = 2_000

export interface AdjustmentInput {
  connectionId: string
  rep: string
  kind: AdjustmentKind
  amount: string
  effectiveOn: string
  orderNumber: string | null
  note: string
  approver: string
}

/** Adds an amount by hand. Throws InvalidRequest: also when its day is locked, or the rep approves it himself. */
export async function adjust(
  { database, now }: Books,
  { author, ...input }: AdjustmentInput & { author: string },
): Promise<CommissionAdjustment> {
  const { connectionId, effectiveOn } = input
  assertDay(effectiveOn, 'effectiveOn')
  const draft = {
    ...input,
    rep: nameFrom(input.rep, 'rep'),
    amount: amountFrom(input.amount, 'the amount'),
    note: noteFrom(input.note),
    approver: nameFrom(input.approver, 'approver'),
  }
  if (isZero(draft.amount)) throw new InvalidRequest('An adjustment of 0.00 changes nothing.')
  if (draft.approver.toLowerCase() === draft.rep.toLowerCase())
    throw new InvalidRequest(`${draft.rep} cannot approve his own adjustment.`)
  return database.transaction(async (transaction) => {
    await lockCommission(transaction, { connectionId })
    const from = await openFrom(transaction, { connectionId })
    if (from !== null && effectiveOn < from) {
      throw new InvalidRequest(
        `${effectiveOn} is locked: date the adjustment ${from} or later, and say in its note what it is about.`,
      )
    }
    return saveAdjustment(transaction, { ...draft, author, now: now() })
  })
}

/** Opens a dispute about what an order earned a rep. Throws InvalidRequest. */
export function dispute(
  { database, now }: Books,
  args: { connectionId: string; rep: string; orderNumber: string; text: string; author: string },
): Promise<CommissionDispute> {
  const rep = nameFrom(args.rep, 'rep')
  const orderNumber = nameFrom(args.orderNumber, 'orderNumber')
  return openDispute(database, { ...args, rep, orderNumber, text: noteFrom(args.text), now: now() })
}

/** Adds a note to a dispute, and brings it to a state. Null when there is no such dispute. Throws InvalidRequest. */
export async function noteDispute(
  { database, now }: Books,
  args: { id: string; text: string; state: DisputeState; author: string },
): Promise<CommissionDispute | null> {
  const found = await findDispute(database, args.id)
  if (!found) return null
  const { id: disputeId, connectionId } = found
  const text = noteFrom(args.text)
  await addDisputeNote(database, { disputeId, connectionId, text, state: args.state, author: args.author, now: now() })
  return found
}

function noteFrom(text: string): string {
  const note = text.trim()
  if (note !== '' && note.length <= NOTE_LENGTH_MAX) return note
  throw new InvalidRequest(`A note is needed, with up to ${NOTE_LENGTH_MAX} letters.`)
}
