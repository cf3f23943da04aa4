import type { Connection } from '../domain/connection.ts'
import type { Road } from './road.ts'
import { apply } from './settle.ts'
import type { Aside, MappedPosting } from './step.ts'

/** Takes postings off the road, each with its reason. An error of our own is logged with the posting that met it. */
export async function setAside(
  road: Road,
  args: { connection: Connection; claimToken: string; aside: Aside[]; mapped?: MappedPosting[] },
): Promise<void> {
  const { connection, claimToken, aside, mapped = [] } = args
  for (const { id: posting, error } of aside) {
    if (error === undefined) continue
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error)
    road.log.error({ posting, error: told }, 'a posting was set aside for an error of our own')
  }
  await apply(road, { connection, claimToken, changes: aside, mapped })
}
