import { messageSetIdIn } from './pack.ts'

/** The statuses of a set that QuickBooks remembers, and has no fitting answer of. */
const brokenStatuses = ['9001', '9002']

/** Within so many characters an answer has said the status of its set. */
const headLength = 1024

/** Whoever ends every call before its time is not remembered for ever; what QuickBooks keeps then harms nobody. */
const settledMax = 1_000

/**
 * What QuickBooks may forget of the sets that it stored for us. It keeps the answer of each in the company file until it is
 * told to let go of it, one set at a time; and what is not settled yet it must keep.
 */
export class Forgetting {
  /** Sets that were answered, and are not settled yet. */
  readonly #answered = new Set<string>()
  readonly #settled: string[] = []
  readonly #broken: string[] = []

  /** An answer has come for what travelled there. */
  answered({ path, response }: { path: string; response: string }): void {
    const messageSetId = messageSetIdIn(path)
    if (messageSetId === null || response === '') return
    const status = /<QBXMLMsgsRs[^>]*\smessageSetStatusCode="(\d+)"/.exec(response.slice(0, headLength))?.[1]
    if (brokenStatuses.includes(status ?? '')) this.#broken.push(messageSetId)
    else this.#answered.add(messageSetId)
  }

  /** All that travelled there is settled: nobody will ask for the answer again. */
  settled(path: string): void {
    const messageSetId = messageSetIdIn(path)
    if (messageSetId === null || !this.#answered.delete(messageSetId)) return
    this.#settled.push(messageSetId)
    if (this.#settled.length > settledMax) this.#settled.shift()
  }

  /** True while QuickBooks remembers a set without its answer: until that is forgotten nothing may go under its id. */
  get isUrgent(): boolean {
    return this.#broken.length > 0
  }

  get isDue(): boolean {
    return this.#settled.length > 0
  }

  /** The id of the next set to be forgotten at once; null when there is none. */
  nextUrgent(): string | null {
    return this.#broken.shift() ?? null
  }

  /** The id of the next set to be forgotten when there is nothing else to do; null when there is none. */
  nextDue(): string | null {
    return this.#settled.shift() ?? null
  }
}
