import type { Road } from './road.ts'
import { tell, work } from './work.ts'

/** Runs a task so that calls that come while it runs are answered by one more run after it. */
export function coalesced(task: () => Promise<void>): { run: () => Promise<void>; idle: () => Promise<void> } {
  let running: Promise<void> | null = null
  let again = false
  const loop = async () => {
    try {
      do {
        again = false
        await task()
      } while (again)
    } finally {
      // In the same breath as the last look at `again`, so that no call falls between the two.
      running = null
    }
  }
  return {
    run() {
      again = running !== null
      running ??= loop()
      return running
    },
    idle: () => running ?? Promise.resolve(),
  }
}

/** Posts and tells the CRM side by side, so that neither waits for the other. */
export interface Worker {
  /** Moves all that can move now. What comes meanwhile is moved too. */
  wake: () => Promise<void>
  /** Waits for what is under way; the road's signal has said that nothing new is begun. */
  idle: () => Promise<void>
}

export function startWorker(road: Road): Worker {
  const posting = coalesced(() => work(road))
  const telling = coalesced(() => tell(road))
  return {
    async wake() {
      if (road.signal.aborted) return
      await Promise.all([posting.run(), telling.run()])
      await telling.run()
    },
    async idle() {
      await Promise.allSettled([posting.idle(), telling.idle()])
    },
  }
}
