import { registerEnumType } from 'type-graphql'

export enum PostingState {
  PENDING = 'PENDING',
  CLAIMED = 'CLAIMED',
  SENT = 'SENT',
  UNKNOWN = 'UNKNOWN',
  POSTED = 'POSTED',
  PROCESSED = 'PROCESSED',
  MISMATCHED = 'MISMATCHED',
  FAILED = 'FAILED',
  SKIPPED = 'SKIPPED',
  CANCELLED = 'CANCELLED',
}

registerEnumType(PostingState, {
  name: 'PostingState',
  description: 'Where a posting stands on its road from the CRM to QuickBooks.',
  valuesConfig: {
    PENDING: { description: 'Waits for its turn, or for what `waitingFor` names.' },
    CLAIMED: { description: "The lane's owner works on it; nothing has been sent." },
    SENT: { description: 'Sent to QuickBooks; the answer is awaited.' },
    UNKNOWN: { description: 'Sent, and the answer was lost: it is looked up before anything is sent again.' },
    POSTED: { description: 'QuickBooks has it and it equals the document; the CRM is not told yet.' },
    PROCESSED: { description: 'QuickBooks has countersigned it and the CRM knows: done.' },
    MISMATCHED: { description: 'QuickBooks has a record for it that differs: a person decides.' },
    FAILED: { description: 'A person must act: the reason says what to do.' },
    SKIPPED: { description: 'Not eligible, with the reason.' },
    CANCELLED: { description: 'Called off by a person.' },
  },
})

/**
 * The states that a posting may go to from each state. Every change in storage is guarded by this table,
 * and ARCHITECTURE.md draws it. PROCESSED is final: a later change of the order begins a new generation.
 */
export const TRANSITIONS = {
  PENDING: ['CLAIMED', 'FAILED', 'SKIPPED', 'CANCELLED'],
  CLAIMED: ['PENDING', 'SENT', 'POSTED', 'MISMATCHED', 'FAILED', 'SKIPPED'],
  SENT: ['PENDING', 'POSTED', 'MISMATCHED', 'UNKNOWN', 'FAILED'],
  // To itself: a look that found nothing is counted, and the posting waits for the next one.
  UNKNOWN: ['UNKNOWN', 'PENDING', 'SENT', 'POSTED', 'MISMATCHED', 'FAILED'],
  POSTED: ['PROCESSED', 'FAILED'],
  PROCESSED: [],
  MISMATCHED: ['PENDING', 'POSTED', 'FAILED', 'SKIPPED', 'CANCELLED'],
  FAILED: ['PENDING', 'POSTED', 'SKIPPED', 'CANCELLED'],
  SKIPPED: ['PENDING', 'FAILED', 'CANCELLED'],
  CANCELLED: ['PENDING', 'FAILED', 'SKIPPED'],
} as const satisfies Record<PostingState, readonly `${PostingState}`[]>

/** The states from which `to` may be reached. */
export function statesBefore(to: PostingState): PostingState[] {
  return Object.values(PostingState).filter((from) => (TRANSITIONS[from] as readonly string[]).includes(to))
}

/** States in which a posting is on its way, and owns the log rows that point to it. */
export const LIVE_STATES = [
  PostingState.PENDING,
  PostingState.CLAIMED,
  PostingState.SENT,
  PostingState.UNKNOWN,
  PostingState.POSTED,
] as const
