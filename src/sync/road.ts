// The road of an order, and what travels on it. `work` is the round that moves everything that can move; `intake` brings
// log rows onto the road, `dispatch` takes them to QuickBooks step by step, `settle` understands the answers, and
// `write-back` tells the CRM. Nothing here knows a dialect; the moment and chance are handed in.
import type { Logger } from 'pino'
import type { Creatio } from '../creatio/creatio.ts'
import type { Connection } from '../domain/connection.ts'
import type { Ledger } from '../ledgers/ledger.ts'
import type { Database } from '../storage/database.ts'

/** Everything that the road needs from outside. */
export interface Road {
  database: Database
  crm: Creatio
  ledgerOf: (connection: Connection) => Ledger
  now: () => Date
  /** A number from 0 up to 1, as Math.random gives. */
  random: () => number
  sleep: (ms: number) => Promise<void>
  log: Logger
  /** Told of what happens, for whoever counts. */
  watch: RoadWatch
  /** Names this process as the owner of lanes: see `lane`. */
  owner: string
  limits: RoadLimits
  /** Called when there may be new work, so that nobody waits for the next tick. */
  wake: () => void
  /** Aborted when no new work is to be begun. */
  signal: AbortSignal
}

/** What it takes to read records of the CRM, and to say what is wrong with them. */
export type ReadingRoad = Pick<Road, 'database' | 'crm' | 'log'>

/** What a bulk operation needs: it sets going, and the road does the rest. */
export type BulkRoad = ReadingRoad & Pick<Road, 'ledgerOf' | 'now' | 'wake' | 'signal'>

export interface RoadWatch {
  /** One delivery was answered, or lost: `result` is its HTTP status, `lost` or `not-sent`. */
  delivery(args: { ledger: string; result: string; exchanges: number; durationMs: number }): void
  /** One poll ended. */
  poll(args: { ok: boolean; durationMs: number }): void
}

export interface RoadLimits {
  /** Log rows whose orders are read and saved together. */
  intakePageRowsMax: number
  /** Log rows read in one poll; the next poll goes on from there. */
  intakeRowsMax: number
  /** A Processing row that nobody here owns is taken over after this long without a change. */
  orphanSeconds: number
  /** Postings claimed in one round: four batches of QuickBooks Online, and the single requests that fit beside them. */
  claimMax: number
  /** How long a lane is leased; it must outlast the longest wait for an answer. */
  laneLeaseSeconds: number
  /** How long after its guard a delivery may still leave: whoever slept longer sends nothing. */
  sendWithinSeconds: number
  /** Waits between tries of what may pass; after the last one a person must act. */
  retrySeconds: readonly number[]
  /** Postings told to the CRM in one round: Creatio takes at most 100 in a batch. */
  writeBackMax: number
  /** For how long a write-back is kept from others while one is at it. */
  writeBackLeaseSeconds: number
  /** Wait before the CRM is told again. */
  writeBackRetrySeconds: number
  /** Refused write-backs before a person must act. */
  writeBackAttemptsMax: number
  /** Reads that QuickBooks may be asked for in a month; the mirror asks for none beyond them. */
  readsPerMonthMax: number
}

export const ROAD_LIMITS: RoadLimits = {
  intakePageRowsMax: 500,
  intakeRowsMax: 20_000,
  orphanSeconds: 900,
  claimMax: 166,
  laneLeaseSeconds: 60,
  sendWithinSeconds: 5,
  retrySeconds: [0, 30, 120],
  writeBackMax: 100,
  writeBackLeaseSeconds: 120,
  writeBackRetrySeconds: 30,
  writeBackAttemptsMax: 3,
  readsPerMonthMax: 500_000,
}

export function later(moment: Date, seconds: number): Date {
  return new Date(moment.getTime() + seconds * 1000)
}

/** Closes a `switch` over a closed list: a case that was forgotten does not compile. */
export function assertNever(value: never): never {
  throw new Error(`Not a known case: ${JSON.stringify(value)}`)
}
