import type { Fault } from '../faults.ts'
import * as faults from './fault.ts'
import { QuickBooksFault } from './fault.ts'

const byCode: Record<string, () => QuickBooksFault> = {
  '120': faults.adminLostAccess,
  '500': () => faults.unsupportedOperation('planned'),
  '600': () => faults.duplicateRequestId('planned'),
  '610': faults.objectNotFound,
  '620': () => faults.cannotBeLinked('planned'),
  '2010': () => faults.unknownProperty('planned'),
  '2020': () => faults.requiredMissing(['planned']),
  '2500': () => faults.invalidReference({ list: 'Accounts', id: '0' }),
  '3001': () => throttledItem(),
  '5010': faults.staleObject,
  '6000': faults.savedOrNot,
  '6190': faults.subscriptionLapsed,
  '6200': () => faults.periodClosed({ withPassword: false }),
  '6210': () => faults.periodClosed({ withPassword: true }),
  '6240': faults.duplicateName,
  '6540': faults.deposited,
}

/**
 * The service's own fault that a rule orders with `{kind: 'fault', code}`; undefined for the general kinds.
 * A code that is not in the table becomes a validation fault with that code.
 */
export function plannedFault(fault: Fault): QuickBooksFault | undefined {
  if (fault.kind !== 'fault') return undefined
  const code = fault.code ?? '6000'
  const made =
    byCode[code]?.() ??
    new QuickBooksFault({ errors: [{ Message: 'Fault', Detail: 'Fault : planned', code, element: '' }] })
  const status = fault.status ?? made.status
  return new QuickBooksFault({ errors: made.errors, status, type: made.type })
}

/** What an item of a batch gets when items count towards the limit and it is reached. */
export function throttledItem(): QuickBooksFault {
  return new QuickBooksFault({
    errors: [
      {
        Message: 'message=ThrottleExceeded; errorCode=003001; statusCode=429',
        Detail: 'The request limit was reached.  Try again later',
        code: '3001',
        element: '',
      },
    ],
    status: 429,
    type: 'SERVICE',
  })
}
