import { sql } from 'kysely'
import type { Database } from './database.ts'

/** The right to speak to one connection: see law 11. */
export interface Lane {
  connectionId: string
  owner: string
  epoch: number
}

export interface LaneHolder {
  owner: string | null
  epoch: number
  leaseUntil: Date | null
}

export async function laneHolder(database: Database, connectionId: string): Promise<LaneHolder> {
  const [row] = await database.rows(sql<{
    lane_owner: string | null
    lane_epoch: number
    lane_lease_until: string | null
  }>`
    select lane_owner, lane_epoch, lane_lease_until from connection where id = ${connectionId}`)
  if (!row) throw new Error(`There is no connection ${connectionId}`)
  return {
    owner: row.lane_owner,
    epoch: row.lane_epoch,
    leaseUntil: row.lane_lease_until === null ? null : new Date(row.lane_lease_until),
  }
}

/**
 * Takes the lane from a holder that was seen to be gone: its lease ran out, it gave the lane back, or its process is
 * proven dead. The epoch grows, so whatever the old holder still believes, it can send nothing. Null when somebody was faster.
 */
export async function takeLane(
  database: Database,
  args: { connectionId: string; owner: string; seenEpoch: number; leaseSeconds: number; now: Date },
): Promise<Lane | null> {
  const [row] = await database.rows(sql<{ lane_epoch: number }>`
    update connection set lane_owner = ${args.owner}, lane_epoch = lane_epoch + 1,
        lane_lease_until = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
    where id = ${args.connectionId} and lane_epoch = ${args.seenEpoch}
    returning lane_epoch`)
  return row ? { connectionId: args.connectionId, owner: args.owner, epoch: row.lane_epoch } : null
}

/** Prolongs the lease of a lane that is still ours; false when it no longer is. */
export async function keepLane(
  database: Database,
  args: { lane: Lane; leaseSeconds: number; now: Date },
): Promise<boolean> {
  const kept = await database.run(sql`
    update connection set lane_lease_until = ${args.now}::timestamptz + make_interval(secs => ${args.leaseSeconds})
    where id = ${args.lane.connectionId} and lane_epoch = ${args.lane.epoch} and lane_owner = ${args.lane.owner}`)
  return kept === 1
}

/** Gives the lane back at once, so that the next owner need not wait the lease out. */
export async function leaveLane(database: Database, args: { lane: Lane; now: Date }): Promise<void> {
  await database.run(sql`
    update connection set lane_owner = null, lane_lease_until = null
    where id = ${args.lane.connectionId} and lane_epoch = ${args.lane.epoch}`)
}
