import { reasonText } from '../domain/reason.ts'
import { type AlertLimits, readConditions, saveConditions } from '../storage/alerts.ts'
import type { Road } from './road.ts'

const ALERT_LIMITS: AlertLimits = {
  crmDownSeconds: 120,
  failuresMin: 10,
  failuresWindowSeconds: 3_600,
  answerLostSeconds: 600,
  backlogSeconds: 60,
  offlineIntervals: 2,
}

/** Looks at every condition that a person should know of; raises what holds, clears what is over, and says both in the log. */
export async function watch(road: Pick<Road, 'database' | 'now' | 'log'>): Promise<void> {
  const now = road.now()
  const conditions = await readConditions(road.database, { limits: ALERT_LIMITS, now })
  const { raised, cleared } = await saveConditions(road.database, { conditions, now })
  for (const { code, detail, connectionId } of raised) {
    road.log.warn({ alert: code, connectionId }, reasonText(code, detail))
  }
  for (const { code, connectionId } of cleared) road.log.info({ alert: code, connectionId }, 'the alert is over')
}
