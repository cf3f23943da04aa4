import { describe, expect, test } from '@jest/globals'
import { LIVE_STATES, PostingState, statesBefore, TRANSITIONS } from '../../src/domain/transitions.ts'

const states = Object.values(PostingState)
const nextOf = (state: PostingState) => TRANSITIONS[state] as readonly PostingState[]

describe('the table of transitions', () => {
  test('read backwards says the same', () => {
    for (const from of states) {
      for (const to of states) expect(statesBefore(to).includes(from)).toBe(nextOf(from).includes(to))
    }
  })

  test('reaches every state from PENDING', () => {
    const reached = new Set<PostingState>([PostingState.PENDING])
    for (const state of reached) for (const next of nextOf(state)) reached.add(next)
    expect([...reached].sort()).toEqual([...states].sort())
  })

  test('has one end: PROCESSED, which is final and comes only after POSTED', () => {
    expect(states.filter((state) => nextOf(state).length === 0)).toEqual([PostingState.PROCESSED])
    expect(statesBefore(PostingState.PROCESSED)).toEqual([PostingState.POSTED])
  })

  test('leads from every other state to PROCESSED, so that nothing is stuck for good', () => {
    const leads = new Set<PostingState>([PostingState.PROCESSED])
    for (const state of leads) for (const before of statesBefore(state)) leads.add(before)
    expect(leads.size).toBe(states.length)
  })

  test('never forgets that something was sent: a SENT posting cannot be skipped, cancelled or claimed again', () => {
    for (const state of [PostingState.SENT, PostingState.UNKNOWN]) {
      for (const wrong of [PostingState.SKIPPED, PostingState.CANCELLED, PostingState.CLAIMED]) {
        expect(nextOf(state)).not.toContain(wrong)
      }
    }
  })

  test('lets an order that came to rest without a QuickBooks record come in again, whatever it has become', () => {
    const rests = [PostingState.FAILED, PostingState.MISMATCHED, PostingState.SKIPPED, PostingState.CANCELLED]
    const drafts = [PostingState.PENDING, PostingState.FAILED, PostingState.SKIPPED]
    for (const from of rests) {
      for (const to of drafts.filter((draft) => draft !== from)) expect(nextOf(from)).toContain(to)
    }
  })

  test('calls those alive that the log rows belong to', () => {
    expect(LIVE_STATES).toEqual(['PENDING', 'CLAIMED', 'SENT', 'UNKNOWN', 'POSTED'])
  })
})
