import type { ApiServices } from '../api/services.ts'
import { changeBulkOperation } from '../storage/bulk-operations.ts'
import { retryFailedPostings } from '../sync/bulk-retry.ts'
import { applyReset, planReset } from '../sync/reset.ts'
import type { Road } from '../sync/road.ts'

type OperationServices = Pick<ApiServices, 'retryFailedPostings' | 'planReset' | 'applyReset' | 'changeBulkOperation'>

/** What the API begins, pauses and resumes; `goOn` wakes whoever works on bulk operations. */
export function operationServices({ database, now, wake }: Road, goOn: () => void): OperationServices {
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
    async changeBulkOperation(request) {
      const changed = await changeBulkOperation(database, { ...request, now: now() })
      goOn()
      wake()
      return changed
    },
  }
}
