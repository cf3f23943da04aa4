import type { JobParameters } from 'agenda'
import type { JobStore } from './job-store.ts'
import type { Tick } from './tick.ts'

/** How a tick is doing, as the job store knows it. */
export interface TickStatus {
  name: string
  does: string
  everySeconds: number
  store: JobStore['kind']
  running: boolean
  nextRunAt: Date | null
  lastRunAt: Date | null
  lastFinishedAt: Date | null
  /** Of its last finished run; null while it runs, and before its first. */
  lastDurationSeconds: number | null
  consecutiveFailures: number
  lastFailedAt: Date | null
  lastFailure: string | null
}

export function tickStatuses(args: {
  ticks: Tick[]
  jobs: JobParameters[]
  kind: JobStore['kind']
  lockSeconds: number
  now: Date
}): TickStatus[] {
  const { ticks, jobs, kind, lockSeconds, now } = args
  return ticks.map(({ name, does, everySeconds }) => {
    const job = jobs.find((one) => one.name === name)
    return {
      name,
      does,
      everySeconds,
      store: kind,
      running: job !== undefined && isRunning({ job, lockSeconds, now }),
      nextRunAt: job?.nextRunAt ?? null,
      lastRunAt: job?.lastRunAt ?? null,
      lastFinishedAt: job?.lastFinishedAt ?? null,
      lastDurationSeconds: job ? durationSecondsOf(job) : null,
      consecutiveFailures: job?.failCount ?? 0,
      lastFailedAt: job?.failedAt ?? null,
      lastFailure: job?.failReason ?? null,
    }
  })
}

/** A tick runs when it began after it last ended, and whoever began it still holds its lock. */
export function isRunning(args: { job: JobParameters; lockSeconds: number; now: Date }): boolean {
  const { job, lockSeconds, now } = args
  const held = job.lockedAt ? job.lockedAt.getTime() > now.getTime() - lockSeconds * 1000 : false
  return held && job.lastRunAt instanceof Date && !(job.lastFinishedAt && job.lastFinishedAt >= job.lastRunAt)
}

function durationSecondsOf({ lastRunAt, lastFinishedAt }: JobParameters): number | null {
  if (!lastRunAt || !lastFinishedAt || lastFinishedAt < lastRunAt) return null
  return (lastFinishedAt.getTime() - lastRunAt.getTime()) / 1000
}
