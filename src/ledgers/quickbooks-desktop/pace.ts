import type { Pace } from '../ledger.ts'

export interface DesktopPace extends Pace {
  /** Somebody has called again: what was waited for may be over. */
  resume(): void
}

/** QuickBooks Desktop is strictly sequential: one set at a time, and none while it is to be left alone. */
export function openPace({ now, sleep }: { now: () => Date; sleep: (ms: number) => Promise<void> }): DesktopPace {
  let last: Promise<void> = Promise.resolve()
  let pausedUntilMs = 0
  const waitMs = () => pausedUntilMs - now().getTime()
  return {
    async turn() {
      const before = last
      let done = () => {}
      last = new Promise((resolve) => {
        done = resolve
      })
      await before
      // In short steps, so that a call from the office ends the wait.
      for (let ms = waitMs(); ms > 0; ms = waitMs()) await sleep(Math.min(ms, stepMs))
      return done
    },
    remember() {},
    pauseUntil(time) {
      pausedUntilMs = Math.max(pausedUntilMs, time.getTime())
    },
    resume() {
      pausedUntilMs = 0
    },
  }
}

const stepMs = 250
