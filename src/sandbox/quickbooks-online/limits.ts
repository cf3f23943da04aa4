import type { Company } from './company.ts'

export interface Admission {
  isBatch: boolean
  isReport: boolean
  /** Reads are metered by the month; writes are free. */
  reads: number
}

/** Intuit's limits on one company: moving windows over the sandbox's clock, what is in flight, and the month's reads. */
export class Limits {
  readonly #company: Company
  #requests: number[] = []
  #items: number[] = []
  #batches: number[] = []
  #reports: number[] = []
  #inFlight = 0

  constructor(company: Company) {
    this.#company = company
  }

  /** True when the request may go on; then `leave` must be called once it is answered. A refused one costs nothing. */
  enter({ isBatch, isReport, reads }: Admission): boolean {
    const { settings } = this.#company
    const now = this.#now()
    if (settings.throttledUntil !== '' && now < Date.parse(settings.throttledUntil)) return false
    if (settings.quickBooksLimits && !this.#hasRoom({ isBatch, isReport, reads })) return false
    this.#requests.push(now)
    if (isBatch) this.#batches.push(now)
    if (isReport) this.#reports.push(now)
    this.#countReads(reads)
    this.#inFlight += 1
    return true
  }

  leave(): void {
    this.#inFlight -= 1
  }

  /** Whether one more item of a batch fits: within the month's reads and, when items count as requests, the minute. */
  enterItem({ reads }: { reads: number }): boolean {
    const { settings } = this.#company
    if (settings.quickBooksLimits && !this.#hasRoomForItem(reads)) return false
    if (settings.batchItemsCount) this.#items.push(this.#now())
    this.#countReads(reads)
    return true
  }

  #hasRoomForItem(reads: number): boolean {
    const { settings } = this.#company
    if (reads > 0 && this.#readsOfMonth() + reads > settings.readsPerMonthMax) return false
    return !settings.batchItemsCount || this.#minuteCount() < settings.requestsPerMinuteMax
  }

  #minuteCount(): number {
    this.#requests = this.#within({ times: this.#requests, seconds: 60 })
    this.#items = this.#within({ times: this.#items, seconds: 60 })
    return this.#requests.length + this.#items.length
  }

  #hasRoom({ isBatch, isReport, reads }: Admission): boolean {
    const { settings } = this.#company
    this.#batches = this.#within({ times: this.#batches, seconds: 60 })
    this.#reports = this.#within({ times: this.#reports, seconds: 60 })
    if (this.#inFlight >= settings.concurrentRequestsMax) return false
    if (this.#minuteCount() >= settings.requestsPerMinuteMax) return false
    if (isBatch && this.#batches.length >= settings.batchesPerMinuteMax) return false
    if (isReport && this.#reports.length >= settings.reportsPerMinuteMax) return false
    if (reads > 0 && this.#readsOfMonth() + reads > settings.readsPerMonthMax) return false
    return this.#within({ times: this.#requests, seconds: 1 }).length < settings.requestsPerSecondMax
  }

  #within({ times, seconds }: { times: number[]; seconds: number }): number[] {
    const oldest = this.#now() - seconds * 1000
    return times.filter((time) => time > oldest)
  }

  #now(): number {
    return this.#company.sandbox.clock.now().getTime()
  }

  #meter() {
    const month = this.#company.sandbox.clock.now().toISOString().slice(0, 7)
    return this.#company.sandbox.store.value<number>(`qbo.reads.${month}`)
  }

  #readsOfMonth(): number {
    return this.#meter().get() ?? 0
  }

  #countReads(reads: number): void {
    if (reads > 0) this.#meter().set(this.#readsOfMonth() + reads)
  }
}
