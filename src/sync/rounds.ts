import type { Connection } from '../domain/connection.ts'
import { PostingKind } from '../domain/kinds.ts'
import type { Lane } from '../storage/lanes.ts'
import { allSettled } from './deliver.ts'
import { dispatch } from './dispatch.ts'
import type { Road } from './road.ts'

interface Held {
  connection: Connection
  lane: Lane
}

/**
 * Posts until nothing is left to post. While the answers of one round are awaited the next one is made ready, so that
 * QuickBooks is never waited for with empty hands; more than two rounds are never under way.
 */
export async function dispatchAll(road: Road, held: Held): Promise<void> {
  let before: Promise<number> | null = null
  const begun: Promise<number>[] = []
  try {
    while (!road.signal.aborted) {
      const round = begin(road, held)
      begun.push(round.moved)
      const ended = await Promise.race([round.delivering, round.moved])
      const movedBefore = await before
      begun.splice(0, begun.length - 1)
      if (movedBefore) road.wake()
      // What was under way while this round looked may have let something go.
      if (movedBefore === 0 || (ended === 0 && !movedBefore)) return
      before = ended === 0 ? null : round.moved
    }
  } finally {
    await allSettled(begun)
    // Only what moved may have let something go: whoever wakes for nothing is woken for ever.
    if ((await Promise.all(begun)).some((moved) => moved > 0)) road.wake()
  }
}

/**
 * One round. `delivering` is null as soon as the next one may be made ready: not before the answers when a customer is
 * among what goes, for orders of the next round may need it.
 */
function begin(road: Road, held: Held): { delivering: Promise<null>; moved: Promise<number> } {
  const overlaps = road.ledgerOf(held.connection).limits.concurrentMax > 1
  let ready: (nothing: null) => void = () => undefined
  const delivering = new Promise<null>((resolve) => (ready = resolve))
  const moved = dispatch(road, {
    ...held,
    delivering: (postings) => {
      if (overlaps && postings.every(({ posting }) => posting.kind === PostingKind.INVOICE)) ready(null)
    },
  })
  // Whoever awaits it is told; until then its failure is nobody's surprise.
  moved.catch(() => undefined)
  return { delivering, moved }
}
