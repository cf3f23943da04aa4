import type { ApiServices } from '../api/services.ts'
import { changeBulkOperation } from '../storage/bulk-operations.ts'
import { adoptCandidate } from '../sync/adopt-candidate.ts'
import { retryFailedPostings } from '../sync/bulk-retry.ts'
import { applyMove, planMove } from '../sync/move.ts'
import { reconcile } from '../sync/reconcile.ts'
import { applyReset, planReset } from '../sync/reset.ts'
import { resolveDiscrepancy } from '../sync/resolve.ts'
import type { Road } from '../sync/road.ts'
import { signOff } from '../sync/sign-off.ts'
import { verifyOrders } from '../sync/verify.ts'

type OperationServices = Pick<
  ApiServices,
  | 'retryFailedPostings'
  | 'planReset'
  | 'applyReset'
  | 'adoptCandidate'
  | 'planMove'
  | 'applyMove'
  | 'changeBulkOperation'
  | 'reconcile'
  | 'resolveDiscrepancy'
  | 'signOffReconciliation'
  | 'verify'
>

/** What the API begins, pauses and resumes; `goOn` wakes whoever works on bulk operations. */
export function operationServices(road: Road, goOn: () => void): OperationServices {
  const { database, now } = road
  const wake = () => road.wake()
  return {
    async retryFailedPostings(request) {
      const operation = await retryFailedPostings(database, { ...request, now: now() })
      goOn()
      return operation
    },
    async planReset(request) {
      const plan = await planReset(database, { ...request, now: now() })
      wake()
      return plan
    },
    async applyReset(request) {
      const operation = await applyReset(database, { ...request, now: now() })
      goOn()
      return operation
    },
    async planMove(request) {
      const plan = await planMove(road, request)
      wake()
      return plan
    },
    async applyMove(request) {
      const operation = await applyMove(road, request)
      goOn()
      return operation
    },
    adoptCandidate: (request) => adoptCandidate(road, request),
    async reconcile(request) {
      const operation = await reconcile(road, request)
      wake()
      return operation
    },
    resolveDiscrepancy: (request) => resolveDiscrepancy(road, request),
    signOffReconciliation: (request) => signOff(database, { ...request, now: now() }),
    verify: (request) => verifyOrders(road, request),
    async changeBulkOperation(request) {
      const changed = await changeBulkOperation(database, { ...request, now: now() })
      goOn()
      wake()
      return changed
    },
  }
}
