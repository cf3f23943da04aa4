import type { Logger } from 'pino'
import type { JobStore } from './job-store.ts'

/** So many different sentences about one and the same trouble are worth a line each. */
const SENTENCES_MAX = 10

/** Says once what is wrong with the job store, however often it is met, and once that it is over. */
export class StoreHealth {
  readonly #kind: JobStore['kind']
  readonly #log: Logger
  readonly #said = new Set<string>()

  constructor({ kind, log }: { kind: JobStore['kind']; log: Logger }) {
    this.#kind = kind
    this.#log = log
  }

  trouble = (error: unknown): void => {
    const sentence = error instanceof Error ? error.message || error.name : String(error)
    const level = this.#said.has(sentence) || this.#said.size >= SENTENCES_MAX ? 'debug' : 'error'
    this.#said.add(sentence)
    this.#log[level]({ store: this.#kind, error: sentence }, 'the job store has a problem; ticks wait until it is over')
  }

  well(): void {
    if (this.#said.size === 0) return
    this.#said.clear()
    this.#log.info({ store: this.#kind }, 'the job store is well again')
  }
}
