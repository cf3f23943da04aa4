import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Connection } from '../domain/connection.ts'
import { recentDeliveries } from '../storage/deliveries.ts'
import { resolveDependents } from '../storage/dependents.ts'
import { keepLane, type Lane, laneHolder, leaveLane, takeLane } from '../storage/lanes.ts'
import { inheritPostings } from '../storage/lost-postings.ts'
import { later, type Road } from './road.ts'

const RATE_WINDOW_SECONDS = 60

/** Where a process lives: process numbers mean something only within one boot and one namespace of one machine. */
function home(): string {
  const read = (work: () => string) => {
    try {
      return work().trim()
    } catch {
      return ''
    }
  }
  const boot = read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
  const namespace = read(() => readlinkSync('/proc/self/ns/pid'))
  return [hostname(), boot, namespace].join('|')
}

/** When a process began, in ticks since the boot, as Linux counts them; null when there is no such process, or it is only a remnant. */
function beginOf(pid: number): string | null {
  try {
    const [state, ...rest] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return state === 'Z' || state === 'X' ? null : (rest[18] ?? null)
  } catch {
    return null
  }
}

/** The name under which this process owns lanes. `instance` tells two of them apart where the system cannot. */
export function ownerName({ instance }: { instance: string }): string {
  return [home(), process.pid, beginOf(process.pid) ?? '', instance].join('#')
}

/** True when the owner's process is proven to be gone: it lived here, and the process of its number is no more, or another. */
export function isProvenDead(owner: string, self: string): boolean {
  const [place, pid, began, instance] = owner.split('#')
  if (place !== home() || !pid || instance === undefined) return false
  if (Number(pid) === process.pid) return instance !== self.split('#')[3]
  if (began) return beginOf(Number(pid)) !== began
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/**
 * Runs `work` as the owner of the connection's lane, if the lane can be had; else does nothing and gives null. A lane is
 * taken when it is free, when its lease has run out, or at once when its owner's process is proven dead. What the old
 * owner left behind is sorted first: claimed and unsent goes back, sent and unanswered is UNKNOWN, and what it sent in
 * the last minute counts against the rate. The road that `work` is given is aborted when the lane is lost.
 */
export async function withLane<T>(
  road: Road,
  { connection }: { connection: Connection },
  work: (held: { road: Road; lane: Lane }) => Promise<T>,
): Promise<T | null> {
  const lane = await acquire(road, connection)
  if (!lane) return null
  const lost = new AbortController()
  const heart = keepAlive(road, { connection, lane, lost })
  try {
    await inherit(road, { connection, lane })
    return await work({ road: { ...road, signal: AbortSignal.any([road.signal, lost.signal]) }, lane })
  } finally {
    await heart.stop()
    leftAt.set(road.ledgerOf(connection), road.now())
    await leaveLane(road.database, { lane, now: road.now() })
  }
}

/** When this process last gave the lane of a ledger back: what was sent before is in its own pace already. */
const leftAt = new WeakMap<object, Date>()

async function inherit(road: Road, { connection, lane }: { connection: Connection; lane: Lane }): Promise<void> {
  const connectionId = connection.id
  const left = await inheritPostings(road.database, { connectionId, epoch: lane.epoch, now: road.now() })
  if (left.released + left.unknown > 0)
    road.log.warn({ connection: connection.name, ...left }, 'took over a lane in use')
  await resolveDependents(road.database, { connectionId, now: road.now() })
  const ledger = road.ledgerOf(connection)
  const window = later(road.now(), -RATE_WINDOW_SECONDS)
  const since = new Date(Math.max(window.getTime(), leftAt.get(ledger)?.getTime() ?? 0))
  ledger.pace.remember(await recentDeliveries(road.database, { connectionId, since }))
}

/**
 * Prolongs the lease while the work goes on; says so, and stops the work, when the lane is another's. Once it has stopped
 * no sign of life is under way any more.
 */
function keepAlive(
  road: Road,
  { connection, lane, lost }: { connection: Connection; lane: Lane; lost: AbortController },
): { stop: () => Promise<void> } {
  const leaseSeconds = road.limits.laneLeaseSeconds
  const beat = async () => {
    if (await keepLane(road.database, { lane, leaseSeconds, now: road.now() })) return
    if (!lost.signal.aborted) road.log.warn({ connection: connection.name }, 'the lane was lost: this round stops')
    lost.abort()
  }
  let beating = Promise.resolve()
  const timer = setInterval(
    () => {
      beating = beating.then(beat).catch((error: unknown) => {
        road.log.warn(
          { error: String(error) },
          'the lane could not be kept; nothing is sent once its lease has run out',
        )
      })
    },
    (leaseSeconds * 1000) / 6,
  )
  return {
    stop() {
      clearInterval(timer)
      return beating
    },
  }
}

async function acquire(road: Road, connection: Connection): Promise<Lane | null> {
  const holder = await laneHolder(road.database, connection.id)
  const free =
    holder.owner === null ||
    holder.leaseUntil === null ||
    holder.leaseUntil < road.now() ||
    isProvenDead(holder.owner, road.owner)
  if (!free) return null
  return takeLane(road.database, {
    connectionId: connection.id,
    owner: road.owner,
    seenEpoch: holder.epoch,
    leaseSeconds: road.limits.laneLeaseSeconds,
    now: road.now(),
  })
}
