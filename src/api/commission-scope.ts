import type { CommissionServices } from '../commission/services.ts'
import { findDispute } from '../storage/commission-cases.ts'
import type { Database } from '../storage/database.ts'
import type { ApiError } from './errors.ts'

/** What a caller may do in the commission of his own connections: the database shows him no others, and each request names one. */
export function commissionWithin(args: {
  services: CommissionServices
  database: Database
  connectionIds: string[]
  outOfScope: (name: string) => ApiError
}): CommissionServices {
  const { services, database, connectionIds, outOfScope } = args
  const within = <Request extends { connectionId: string }, T>(
    name: string,
    work: (request: Request) => Promise<T>,
  ) => {
    return (request: Request) =>
      connectionIds.includes(request.connectionId) ? work(request) : Promise.reject<T>(outOfScope(name))
  }
  return {
    setCommissionRate: within('setCommissionRate', services.setCommissionRate),
    setCommissionSplit: within('setCommissionSplit', services.setCommissionSplit),
    importCommissionEarners: within('importCommissionEarners', services.importCommissionEarners),
    recomputeCommission: within('recomputeCommission', services.recomputeCommission),
    adjustCommission: within('adjustCommission', services.adjustCommission),
    lockCommissionPeriod: within('lockCommissionPeriod', services.lockCommissionPeriod),
    openCommissionDispute: within('openCommissionDispute', services.openCommissionDispute),
    noteCommissionDispute: async (request) =>
      (await findDispute(database, request.id)) ? services.noteCommissionDispute(request) : null,
  }
}
