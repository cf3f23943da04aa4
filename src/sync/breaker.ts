import type { Answer, Ledger } from '../ledgers/ledger.ts'
import { later } from './road.ts'

/** So many deliveries in a row without a word: one silence is chance, these are an outage. */
const silencesMax = 5

/** The waits before the first probe, the second…; the last one stays. Each is drawn out by up to a fifth, by chance. */
const probeSeconds = [30, 60, 120, 300] as const

/**
 * Whether QuickBooks answers at all. CLOSED lets everything go; OPEN nothing; HALF_OPEN one probe, whose answer decides.
 * Only silence and errors of the server count: whoever throttles, refuses or finds fault is there.
 */
export class Breaker {
  #silences = 0
  #open: { since: Date; until: Date; probes: number; probing: boolean } | null = null

  get state(): 'CLOSED' | 'OPEN' | 'HALF_OPEN' {
    if (!this.#open) return 'CLOSED'
    return this.#open.probing ? 'HALF_OPEN' : 'OPEN'
  }

  /** Since when it is open, and when QuickBooks is asked again; null while it is closed. */
  get outage(): { since: Date; until: Date } | null {
    return this.#open && { since: this.#open.since, until: this.#open.until }
  }

  /** Whether one delivery may go now. */
  lets(): boolean {
    if (!this.#open) return true
    const lets = this.#open.probing
    this.#open.probing = false
    return lets
  }

  /** Lets the next delivery go as the probe, if it is time. */
  probe(now: Date): boolean {
    if (!this.#open || now < this.#open.until) return false
    this.#open.probing = true
    return true
  }

  /** Counts what came of a delivery. `random` gives a number from 0 up to 1. */
  note({ answer, now, random }: { answer: Answer; now: Date; random: () => number }): void {
    if (!isSilent(answer)) {
      this.#silences = 0
      this.#open = null
      return
    }
    this.#silences += 1
    if (this.#silences < silencesMax) return
    // What was under way when it opened, and comes back silent now, is no probe.
    if (this.#open && now < this.#open.until) return
    const probes = this.#open ? this.#open.probes + 1 : 0
    const seconds = probeSeconds[Math.min(probes, probeSeconds.length - 1)] ?? 0
    const until = later(now, seconds * (1 + random() / 5))
    this.#open = { since: this.#open?.since ?? now, until, probes, probing: false }
  }
}

function isSilent(answer: Answer): boolean {
  if (answer.kind === 'answered') return answer.status >= 500 || answer.status === 408
  return answer.kind === 'lost' || answer.kind === 'not-sent'
}

const breakers = new WeakMap<object, Breaker>()

/** The breaker of a connection's ledger: it lives in the process that has the lane. */
export function breakerOf(ledger: Ledger): Breaker {
  const breaker = breakers.get(ledger) ?? new Breaker()
  breakers.set(ledger, breaker)
  return breaker
}
