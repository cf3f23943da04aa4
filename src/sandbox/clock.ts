/** The sandbox's time: real time plus an offset that the control port moves forward, so that an hour's expiry is tested in a millisecond. */
export class Clock {
  #offsetSeconds: number
  readonly #onAdvance: (offsetSeconds: number) => void

  /** `onAdvance` is told the new offset, so that the process can keep it across a restart. */
  constructor({ offsetSeconds = 0, onAdvance = () => {} }: ClockOptions = {}) {
    this.#offsetSeconds = offsetSeconds
    this.#onAdvance = onAdvance
  }

  now(): Date {
    return new Date(Date.now() + this.#offsetSeconds * 1000)
  }

  /** Moves the time forward (or, with a negative number, back). Throws on a number that is not finite. */
  advance({ seconds }: { seconds: number }): void {
    if (!Number.isFinite(seconds)) throw new RangeError('seconds must be a finite number')
    this.#offsetSeconds += seconds
    this.#onAdvance(this.#offsetSeconds)
  }

  get offsetSeconds(): number {
    return this.#offsetSeconds
  }
}

export interface ClockOptions {
  offsetSeconds?: number
  onAdvance?: (offsetSeconds: number) => void
}
