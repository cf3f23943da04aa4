import { v4 as uuidv4 } from 'uuid'
import { type BulkOperation, BulkOperationKind } from '../domain/bulk-operation.ts'
import { reasonOf } from '../domain/reason.ts'
import {
  claimBulkOperation,
  failBulkBatch,
  finishBulkOperation,
  nextBatch,
  type Rest,
  refusalsOf,
  releaseBulkOperation,
  restOf,
  saveRest,
  unrestedBulkOperations,
} from '../storage/bulk-operations.ts'
import type { Database } from '../storage/database.ts'
import { finishMove } from '../storage/move-end.ts'
import { finishReset } from '../storage/reset-apply.ts'
import { planOf } from '../storage/reset-plans.ts'
import { retryBatch } from './bulk-retry.ts'
import { fixBatch } from './fix-and-retry.ts'
import { readBoth } from './move.ts'
import { moveRows } from './move-apply.ts'
import { reconcilePages } from './reconcile.ts'
import { applyRows } from './reset-apply.ts'
import { type BulkRoad, later } from './road.ts'

/** Records visited in one transaction. */
const BATCH_ROWS_MAX = 100
/** A runner that has not finished a batch for this long is taken for dead. */
const LEASE_SECONDS = 60
const TRIES_MAX = 5
const AGAIN_SECONDS = 30
const UNRESTED_MAX = 100

/** What runs an operation, batch by batch; what reads from QuickBooks is run by whoever has the lane: see `mirror`. */
const VISITS = {
  [BulkOperationKind.RETRY_FAILED]: visitPostings(retryBatch),
  [BulkOperationKind.FIX_AND_RETRY]: visitPostings(fixBatch),
  [BulkOperationKind.RESET]: visitPlan,
  [BulkOperationKind.RECONCILE]: visitReconciliation,
  [BulkOperationKind.MOVE]: visitMove,
} satisfies Record<Exclude<BulkOperationKind, BulkOperationKind.SYNC>, typeof visitPlan>

interface Run {
  operation: BulkOperation
  claimToken: string
  batchRowsMax: number
}

/**
 * Works on every bulk operation that nobody else works on, until nothing is left to visit. Each batch is one transaction
 * with its own cursor, guarded by the claim, so that a runner that dies, or wakes too late, does nothing twice. `batchRowsMax`
 * is for those who watch it work.
 */
export async function runBulkOperations(
  road: BulkRoad,
  { batchRowsMax = BATCH_ROWS_MAX }: { batchRowsMax?: number } = {},
): Promise<void> {
  while (!road.signal.aborted) {
    const claimToken = uuidv4()
    const claim = { claimToken, leaseSeconds: LEASE_SECONDS, now: road.now() }
    const operation = await claimBulkOperation(road.database, claim)
    if (!operation) break
    await run(road, { operation, claimToken, batchRowsMax })
  }
  await watchRest(road)
}

async function run(road: BulkRoad, args: Run): Promise<void> {
  const { claimToken } = args
  const { id, kind } = args.operation
  const visit = VISITS[kind as keyof typeof VISITS]
  try {
    while (!road.signal.aborted && (await visit(road, args)) === 'more') road.wake()
    await releaseBulkOperation(road.database, { id, claimToken })
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    road.log.error({ operation: id, error: text }, 'a batch of a bulk operation failed')
    const until = later(road.now(), AGAIN_SECONDS)
    await failBulkBatch(road.database, { id, claimToken, error: text, until, triesMax: TRIES_MAX })
  }
  road.wake()
}

/** One batch of postings. `over` when every record was visited, or the operation is no longer ours to run. */
function visitPostings(visitBatch: typeof retryBatch) {
  return (road: BulkRoad, args: Run): Promise<'more' | 'over'> => {
    const { id } = args.operation
    return road.database.transaction(async (transaction) => {
      const batch = await nextBatch(transaction, { id, claimToken: args.claimToken, rowsMax: args.batchRowsMax })
      if (!batch) return 'over'
      const { operation, postingIds } = batch
      const now = road.now()
      if (postingIds.length > 0) {
        const leaseUntil = later(now, LEASE_SECONDS)
        await visitBatch(transaction, { operation, postingIds, leaseUntil, now })
        return 'more'
      }
      await finishBulkOperation(transaction, { id, summary: await visitedLines(transaction, operation), now })
      return 'over'
    })
  }
}

/** The same for the rows of a reset plan, each of which is read from the CRM again before anything is done with it. */
async function visitPlan(road: BulkRoad, { operation, claimToken, batchRowsMax }: Run): Promise<'more' | 'over'> {
  const { id } = operation
  const plan = await planOf(road.database, id)
  if (!plan) throw new Error(`Operation ${id} has no reset plan`)
  const leaseUntil = later(road.now(), LEASE_SECONDS)
  if (await applyRows(road, { operation, plan, claimToken, rowsMax: batchRowsMax, leaseUntil })) return 'more'
  await road.database.transaction((transaction) => finishReset(transaction, { id, claimToken, now: road.now() }))
  return 'over'
}

/** The same for the plan of a move; at its end both companies are read, for the proof. */
async function visitMove(road: BulkRoad, { operation, claimToken, batchRowsMax }: Run): Promise<'more' | 'over'> {
  const { id } = operation
  const plan = await planOf(road.database, id)
  if (!plan?.move) throw new Error(`Operation ${id} has no plan of a move`)
  const { move } = plan
  const leaseUntil = later(road.now(), LEASE_SECONDS)
  if (await moveRows(road, { operation, plan, move, claimToken, rowsMax: batchRowsMax, leaseUntil })) return 'more'
  // What is asked for at the end is asked for in the transaction that ends it: no crash comes between.
  await road.database.transaction(async (transaction) => {
    if (!(await finishMove(transaction, { id, claimToken, plan, move, now: road.now() }))) return
    await readBoth({ ...road, database: transaction }, plan)
  })
  return 'over'
}

async function visitReconciliation(road: BulkRoad, { operation, claimToken }: Run): Promise<'more' | 'over'> {
  return (await reconcilePages(road, { operation, claimToken, leaseSeconds: LEASE_SECONDS })) ? 'more' : 'over'
}

async function visitedLines(database: Database, operation: BulkOperation): Promise<string[]> {
  if (operation.total === 0) return ['Nothing to do: no posting was selected.']
  const refusals = await refusalsOf(database, operation.id)
  const why = refusals.map(({ reason, count }) => `${count} × ${reason}`)
  return [`${operation.setGoing} set going, ${operation.refused} refused${why.length > 0 ? ': ' : '.'}${why.join(' ')}`]
}

/** Counts how many have come to rest of those that were set going, and says so once the last one has. */
async function watchRest(road: BulkRoad): Promise<void> {
  for (const operation of await unrestedBulkOperations(road.database, { limit: UNRESTED_MAX })) {
    const { id, finishedAt, setGoing } = operation
    const rest = await restOf(road.database, id)
    const over = finishedAt !== null && rest.underWay === 0
    const rested = over ? { lines: setGoing > 0 ? restLines(rest) : [], now: road.now() } : null
    if (!rested && rest.succeeded === operation.succeeded && rest.failed === operation.failed) continue
    await saveRest(road.database, { id, succeeded: rest.succeeded, failed: rest.failed, rested })
  }
}

function restLines({ succeeded, failed, reasons }: Rest): string[] {
  return [
    `All came to rest: ${succeeded} succeeded, ${failed} still fail.`,
    ...reasons.map(({ state, code, detail, count }) =>
      code ? `${count} × ${state}, ${code}: ${reasonOf(code, detail ?? {}).remedy}` : `${count} × ${state}.`,
    ),
  ]
}

/** The runner of this process. */
export interface BulkRunner {
  /** Works on what nobody works on. Calls that come while it runs are answered by one more run after it. */
  wake: () => Promise<void>
  /** Begins no further batch, and waits for the one that is under way. */
  stop: () => Promise<void>
}

export function startBulkRunner(road: BulkRoad): BulkRunner {
  const stopping = new AbortController()
  const signal = AbortSignal.any([road.signal, stopping.signal])
  let running: Promise<void> | null = null
  let again = false
  const loop = async () => {
    do {
      again = false
      await runBulkOperations({ ...road, signal })
    } while (again)
  }
  return {
    wake() {
      if (signal.aborted) return Promise.resolve()
      again = running !== null
      running ??= loop().finally(() => {
        running = null
      })
      return running
    },
    async stop() {
      stopping.abort()
      await running?.catch(() => undefined)
    },
  }
}
