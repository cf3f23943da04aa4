import { ExchangePurpose } from '../../domain/kinds.ts'
import type { StoredExchange } from '../ledger.ts'

/** A set starts small, and may become so large while QuickBooks answers quickly. */
const setStart = 10
export const setMax = 100

/** Look-ups that travel together: each may bring a hundred records. */
const lookUpsStart = 10

/** A round trip below the one is short, above the other long. */
const shortMs = 2_000
const longMs = 5_000

/** How many writes may travel together, and which of them must travel in fewer. */
export interface SetSizes {
  /** Cuts writes into sets of the size of now. Suspects travel apart, in halves of the set that was refused. */
  portions(exchanges: StoredExchange[]): StoredExchange[][]
  /** How many look-ups may travel together. */
  lookUpsMax(): number
  /** A set was answered: larger ones may go when it was quick, smaller ones when it was slow. */
  answered(args: { exchanges: StoredExchange[]; durationMs: number }): void
  /** A set was refused unread. One of these is the cause, and nobody knows which. */
  refused(exchanges: StoredExchange[]): void
}

/** Sizes in memory: after a restart sets are small again, and whoever spoiled one spoils another before it is known. */
export function openSetSizes(): SetSizes {
  let size = setStart
  let lookUps = lookUpsStart
  /** By idempotency key, the size of the smallest refused set that it was in. */
  const suspects = new Map<string, number>()
  const refusedIn = ({ idempotencyKey }: StoredExchange) => suspects.get(idempotencyKey) ?? Number.POSITIVE_INFINITY
  return {
    portions(exchanges) {
      const sets: StoredExchange[][] = []
      for (const exchange of exchanges) {
        const sizeMax = Math.min(size, Math.max(1, Math.floor(refusedIn(exchange) / 2)))
        const last = sets.at(-1)
        const together = last !== undefined && refusedIn(last[0]!) === refusedIn(exchange) && last.length < sizeMax
        if (together) last.push(exchange)
        else sets.push([exchange])
      }
      return sets
    },
    lookUpsMax: () => lookUps,
    answered({ exchanges, durationMs }) {
      if (!exchanges.every(writes)) return
      for (const { idempotencyKey } of exchanges) suspects.delete(idempotencyKey)
      if (durationMs > longMs) size = Math.max(1, Math.floor(size / 2))
      else if (durationMs < shortMs && exchanges.length >= size) size = Math.min(setMax, size * 2)
    },
    refused(exchanges) {
      if (exchanges.length < 2) return
      // Look-ups come again under other keys: none can be suspected, so all of them travel in fewer.
      if (!exchanges.every(writes)) {
        lookUps = Math.max(1, Math.floor(lookUps / 2))
        return
      }
      for (const { idempotencyKey } of exchanges) suspects.set(idempotencyKey, exchanges.length)
    },
  }
}

function writes({ purpose }: StoredExchange): boolean {
  return purpose === ExchangePurpose.POST
}
