import { reasonText } from '../domain/reason.ts'
import { type AlertLimits, readConditions, saveConditions } from '../storage/alerts.ts'
import { mirrorConditions } from '../storage/mirror-conditions.ts'
import { parkedConditions } from '../storage/parked.ts'
import { type SignInLimits, signInConditions } from '../storage/sign-in-conditions.ts'
import type { Road } from './road.ts'

const ALERT_LIMITS: AlertLimits = {
  crmDownSeconds: 120,
  failuresMin: 10,
  failuresWindowSeconds: 3_600,
  answerLostSeconds: 600,
  backlogSeconds: 60,
  offlineIntervals: 2,
}

const SIGN_IN_LIMITS: SignInLimits = {
  endingDays: [30, 7, 1],
  notRenewedSeconds: 600,
  throttlesMin: 10,
  throttledShare: 0.05,
  throttledWindowSeconds: 3_600,
}

/** Looks at every condition that a person should know of; raises what holds, clears what is over, and says both in the log. */
export async function watch(road: Pick<Road, 'database' | 'now' | 'log' | 'limits'>): Promise<void> {
  const now = road.now()
  const { readsPerMonthMax } = road.limits
  const conditions = [
    ...(await readConditions(road.database, { limits: ALERT_LIMITS, now })),
    ...(await signInConditions(road.database, { limits: SIGN_IN_LIMITS, now })),
    ...(await parkedConditions(road.database)),
    ...(await mirrorConditions(road.database, { readsPerMonthMax, now })),
  ]
  const { raised, cleared } = await saveConditions(road.database, { conditions, now })
  for (const { code, detail, connectionId } of raised) {
    road.log.warn({ alert: code, connectionId }, reasonText(code, detail))
  }
  for (const { code, connectionId } of cleared) road.log.info({ alert: code, connectionId }, 'the alert is over')
}
