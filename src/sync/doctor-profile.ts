import { CreatioError } from '../creatio/creatio.ts'
import { type ProfileProblem, validateProfile } from '../creatio/metadata-profile.ts'
import type { Road } from './road.ts'

/** What the profile names cannot be read from this CRM: to go on would be to poll for nothing. */
export class ProfileUnfit extends Error {
  override readonly name = 'ProfileUnfit'
}

/** For a minute or two after a change of its schema a CRM answers even for known tables that they are not there. */
const SCHEMA_RETRIES_MAX = 6
const SCHEMA_RETRY_SECONDS = 10

/**
 * Holds the profile against what the CRM says of its tables, at the start. Problems are logged with their remedy; only
 * those that keep the order log or the orders from being read stop the start (ProfileUnfit). A CRM that cannot be asked
 * stops nothing: it is polled again and again.
 */
export async function checkProfile(road: Road): Promise<void> {
  const problems = await problemsOf(road)
  for (const { setting, sentence, remedy } of problems) road.log.error({ setting, remedy }, sentence)
  const stopping = problems.filter(({ stops }) => stops !== null)
  if (stopping.length === 0) return
  const lines = stopping.map(
    ({ sentence, stops, remedy }) => `${sentence} Without it ${stops} cannot be read. ${remedy}`,
  )
  throw new ProfileUnfit(lines.join('\n'))
}

async function problemsOf(road: Road): Promise<ProfileProblem[]> {
  for (let tries = 1; ; tries++) {
    try {
      return validateProfile(road.crm.profile, await road.crm.metadata())
    } catch (error) {
      if (!(error instanceof CreatioError)) throw error
      if (!isChangingSchema(error) || tries > SCHEMA_RETRIES_MAX || road.signal.aborted) {
        road.log.warn({ error: error.message }, 'the profile could not be held against the CRM; it is used as it is')
        return []
      }
      road.log.warn({ error: error.message }, 'the CRM is changing its tables; it is asked again')
      await road.sleep(SCHEMA_RETRY_SECONDS * 1000)
    }
  }
}

export function isChangingSchema(error: unknown): boolean {
  return (
    error instanceof CreatioError && error.kind === 'refused' && error.detail.includes('No HTTP resource was found')
  )
}
