// The sandbox plays Creatio, QuickBooks Online and QuickBooks Desktop, in a process of its own, as a stranger to our adapters.
// Everything the played systems share lives here: a clock that can be moved, chance from a seed, a store that survives a
// kill, faults to order, a log of every request, and switches for what nobody has confirmed about the real systems.
import { Clock } from './clock.ts'
import { Faults } from './faults.ts'
import { Random } from './random.ts'
import { RequestLog } from './request-log.ts'
import { Settings } from './settings.ts'
import { Store } from './store.ts'

export interface Sandbox {
  clock: Clock
  random: Random
  store: Store
  faults: Faults
  log: RequestLog
  settings: Settings
  /** How long each system waits before it answers, in milliseconds (the setting `latencyMs`, default 0). */
  readonly latencyMs: number
}

/** Opens the store (in memory without a directory) and makes the rest around it. The clock's offset survives a restart. */
export function openSandbox({ seed, directory }: { seed: number; directory?: string | undefined }): Sandbox {
  const store = Store.open({ directory })
  const offset = store.value<number>('sandbox.clockOffsetSeconds')
  const clock = new Clock({ offsetSeconds: offset.get() ?? 0, onAdvance: (seconds) => offset.set(seconds) })
  const settings = new Settings()
  // Each start draws from a stream of its own, and none from the world's: else a restarted sandbox would hand out the ids
  // that it handed out before.
  const starts = store.value<number>('sandbox.starts')
  const start = (starts.get() ?? 0) + 1
  starts.set(start)
  const shared = settings.declare<{ latencyMs: number }>({ latencyMs: 0 })
  return {
    clock,
    random: new Random(streamSeed({ seed, stream: 2 * start })),
    store,
    // Faults draw from a stream of their own, so that adding a rule does not change the ids that the systems hand out.
    faults: new Faults(new Random(streamSeed({ seed, stream: 2 * start + 1 }))),
    log: new RequestLog({ clock }),
    settings,
    get latencyMs() {
      return shared.latencyMs
    },
  }
}

/** Spreads the seeds of the streams over the generator's whole cycle, which they share. */
function streamSeed({ seed, stream }: { seed: number; stream: number }): number {
  return Math.imul(seed ^ Math.imul(stream, 0x85ebca6b), 0x9e3779b1) >>> 0
}
